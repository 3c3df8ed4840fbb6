//! What is under way between a [`World`]'s client and its server, and what becomes of it.

use serde_json::{Value, json};
use switchboard_client::{Input, Phase, SocketId};

use super::scenario::Sent;
use super::user;
use super::world::{World, at, conversations};

impl World {
    pub fn arrive(&mut self, socket: SocketId, frame: &Value) {
        if !self.cut.contains(&socket) {
            self.s.server_on(socket, frame);
        }
    }

    pub fn newest(&self) -> SocketId {
        self.s
            .connects
            .last()
            .map_or(SocketId(0), |(socket, _)| *socket)
    }

    pub fn live(&self, which: u8) -> Option<SocketId> {
        let live: Vec<SocketId> = self.s.live.iter().copied().collect();
        at(&live, which).map(|at| live[at])
    }

    pub fn open(&mut self) {
        let newest = self.newest();
        if self.s.live.contains(&newest) && !self.cut.contains(&newest) {
            self.s.input(Input::Opened(newest));
        }
    }

    pub fn up(&mut self) {
        if let Phase::Waiting { retry_at } = self.s.phase() {
            self.s.pass(retry_at.saturating_sub(self.s.now.mono));
            self.s.input(Input::Timer);
        }
        self.open();
        let newest = self.newest();
        let hello = |sent: &Sent| sent.socket == newest && sent.frame["action"] == "hello";
        if let Some(at) = self.s.sent.iter().position(hello)
            && let Some(sent) = self.s.sent.remove(at)
        {
            self.s.sent.push_front(sent);
            self.serve(0, true, false);
            if let Some((socket, welcome)) = self.down.pop() {
                self.arrive(socket, &welcome);
            }
        }
    }

    pub fn flush(&mut self) {
        // The answers to these frames may call for more: those are left for another step.
        for _ in 0..self.s.sent.len() {
            self.serve(0, true, false);
        }
        for (socket, frame) in std::mem::take(&mut self.down) {
            self.arrive(socket, &frame);
        }
    }

    pub fn take_up(&mut self, which: u8) -> Option<(SocketId, Value)> {
        let at = usize::from(which).checked_rem(self.s.sent.len())?;
        let sent = self.s.sent.remove(at)?;
        Some((sent.socket, sent.frame))
    }

    pub fn serve(&mut self, which: u8, answers: bool, echo: bool) {
        let Some((socket, frame)) = self.take_up(which) else {
            return;
        };
        if self.cut.contains(&socket) {
            return;
        }
        if frame["action"] == "hello" {
            self.registered.insert(socket);
        }
        let answer = self.server.answer(&user("ana"), &frame);
        self.registered
            .retain(|socket| self.s.live.contains(socket));
        if let Some(push) = answer.push {
            for other in &self.registered {
                if *other != socket || echo {
                    self.down.push((*other, push.clone()));
                }
            }
        }
        if answers && let Some(reply) = answer.reply {
            self.down.push((socket, reply));
        }
    }

    pub fn busy(&mut self, which: u8) {
        let sends: Vec<usize> = (0..self.s.sent.len())
            .filter(|at| self.s.sent[*at].frame["action"] == "sendmessage")
            .collect();
        let Some(sent) = at(&sends, which).and_then(|at| self.s.sent.remove(sends[at])) else {
            return;
        };
        let nack = json!({"event": "nack", "id": sent.frame["id"], "code": "unavailable",
                          "retry": true, "retry_after_ms": 1_000});
        self.down.push((sent.socket, nack));
    }

    pub fn other(&mut self, which: usize) {
        let conversation = &conversations()[which];
        let name = format!("b{which}-{}", self.server.head(conversation));
        let (seq, _) = self
            .server
            .commit(conversation, "bo", &name, &format!("text of {name}"));
        self.push(which, seq);
    }

    /// bo does something to any message, or has read it.
    pub fn other_change(&mut self, which: usize, what: u8) {
        let conversation = &conversations()[which];
        let log = self.server.logs.get(conversation).into_iter().flatten();
        let texts: Vec<String> = log
            .filter(|entry| entry.kind == "text")
            .map(|entry| entry.id.clone())
            .collect();
        let Some(at) = at(&texts, what / 8) else {
            return;
        };
        let name = format!("b{which}-{}", self.server.head(conversation));
        let new = format!("bo's {name}");
        let (kind, content) = match what % 8 {
            0 | 1 => ("edit", new.as_str()),
            2 => ("delete", ""),
            3 => ("reaction", "-👍"),
            4 | 5 => ("reaction", "👍"),
            _ => ("read", ""),
        };
        let what = (kind, Some(texts[at].as_str()));
        let (seq, _) = self
            .server
            .commit_as(conversation, "bo", &name, content, what);
        self.push(which, seq);
    }

    fn push(&mut self, which: usize, seq: usize) {
        let conversation = &conversations()[which];
        self.registered
            .retain(|socket| self.s.live.contains(socket));
        for socket in &self.registered {
            self.down.extend(
                self.server
                    .message(conversation, seq)
                    .map(|push| (*socket, push)),
            );
        }
    }
}
