//! What the test plays on a [`Scenario`]: the sockets' far end, the person, the time; and what
//! the client shows of it.

use serde_json::{Value, json};
use switchboard_client::{
    Change, CloseInfo, Input, Item, ItemState, Kind, Lifecycle, OpenError, Phase, SocketId, Stop,
    TicketAnswer,
};
use switchboard_protocol::{ConversationId, UserId};

use super::id;
use super::scenario::{Scenario, Sent, message};
use super::server::Server;

impl Scenario {
    // Sockets.

    /// The socket asked for last.
    pub fn newest(&self) -> SocketId {
        self.connects.last().expect("a socket").0
    }

    pub fn open(&mut self) {
        self.input(Input::Opened(self.newest()));
    }

    /// The constructor of the newest socket threw.
    pub fn open_failed(&mut self, error: OpenError) {
        let socket = self.newest();
        self.live.remove(&socket);
        self.input(Input::OpenFailed(socket, error));
    }

    pub fn close(&mut self, code: u16) {
        self.close_socket(self.newest(), code);
    }

    pub fn close_socket(&mut self, socket: SocketId, code: u16) {
        self.live.remove(&socket);
        self.input(Input::Closed(
            socket,
            CloseInfo {
                code,
                reason: String::new(),
                clean: code != 1006,
            },
        ));
    }

    /// Answers the `hello` of the newest socket.
    pub fn welcome(&mut self, heads: &Value) {
        self.welcome_epoch(heads, "e1");
    }

    pub fn welcome_epoch(&mut self, heads: &Value, epoch: &str) {
        let hello = self.expect("hello");
        self.server(&json!({
            "event": "welcome", "rid": hello["rid"], "connection": "BFaT_fALIAMCKug=", "now": 1,
            "epoch": epoch, "heads": heads, "limits": {"max_bytes": 32768}, "min_version": 1,
        }));
    }

    /// The retry's time comes, the socket opens and is welcomed.
    pub fn come_back(&mut self, heads: &Value) {
        let before = self.connects.len();
        self.fire();
        assert_eq!(self.connects.len(), before + 1, "{:?}", self.phase());
        self.open();
        self.welcome(heads);
    }

    pub fn grant(&mut self, ticket: &str) {
        self.ticket(TicketAnswer::Granted(ticket.to_owned()));
    }

    pub fn ticket(&mut self, answer: TicketAnswer) {
        let (attempt, _) = self.tickets.pop_front().expect("a ticket asked for");
        self.input(Input::Ticket(attempt, answer));
    }

    pub fn lifecycle(&mut self, event: Lifecycle) {
        self.input(Input::Lifecycle(event));
    }

    // Frames.

    /// From the newest socket.
    pub fn server(&mut self, frame: &Value) {
        self.text(&frame.to_string());
    }

    pub fn text(&mut self, text: &str) {
        self.text_on(self.newest(), text);
    }

    pub fn server_on(&mut self, socket: SocketId, frame: &Value) {
        self.text_on(socket, &frame.to_string());
    }

    pub fn text_on(&mut self, socket: SocketId, text: &str) {
        self.input(Input::Text(socket, text.to_owned()));
    }

    /// Takes the first frame with this action out of what was sent.
    pub fn take(&mut self, action: &str) -> Option<Sent> {
        let at = self.sent.iter().position(|s| s.frame["action"] == action)?;
        self.sent.remove(at)
    }

    pub fn expect(&mut self, action: &str) -> Value {
        let sent: Vec<String> = self.sent.iter().map(|s| s.text.clone()).collect();
        self.take(action)
            .unwrap_or_else(|| panic!("{action} expected, sent is {sent:?}"))
            .frame
    }

    /// The next message must be this one.
    pub fn expect_message(&mut self, name: &str) -> Sent {
        let sent = self
            .take("sendmessage")
            .unwrap_or_else(|| panic!("{name} expected, nothing is sent: {:?}", self.phase()));
        assert_eq!(sent.frame["id"], name);
        sent
    }

    pub fn none(&self, action: &str) {
        let found: Vec<&str> = self
            .sent
            .iter()
            .filter(|s| s.frame["action"] == action)
            .map(|s| s.text.as_str())
            .collect();
        assert!(found.is_empty(), "{found:?}");
    }

    pub fn push(&mut self, conversation: &ConversationId, seq: u64) {
        let message = message(conversation, seq);
        self.server(&message);
    }

    pub fn ack(&mut self, conversation: &ConversationId, name: &str, seq: u64) {
        self.ack_again(conversation, name, seq, false);
    }

    pub fn ack_again(&mut self, conversation: &ConversationId, name: &str, seq: u64, dup: bool) {
        self.server(
            &json!({"event": "ack", "id": name, "conv": conversation, "seq": seq,
                    "at": 1_700_000_000_000_u64 + seq, "duplicate": dup}),
        );
    }

    pub fn pong(&mut self, heads: &Value) {
        let ping = self.expect("ping");
        self.server(&json!({"event": "pong", "n": ping["n"], "now": 1, "heads": heads}));
    }

    /// bo's messages `seqs` of the conversation a `sync` asked for.
    pub fn page(&mut self, sync: &Value, seqs: &[u64], covered: u64, head: u64) {
        let conversation = ConversationId::try_from(sync["conv"].as_str().unwrap()).unwrap();
        let first = seqs.first().map_or(covered, |first| first - 1);
        let messages: Vec<Value> = seqs
            .iter()
            .map(|seq| message(&conversation, *seq))
            .collect();
        self.server(&json!({
            "event": "page", "rid": sync["rid"], "conv": conversation,
            "after": sync["after"].as_u64().unwrap_or(first), "messages": messages,
            "covered": covered, "head": head, "epoch": "e1",
        }));
    }

    /// The server answers everything sent on its socket, in order, until nothing more comes;
    /// pushes go back to the sender too, before or after the ack as `echo_first` tells.
    pub fn serve(&mut self, server: &mut Server, echo_first: bool) {
        self.serve_as(&super::user("ana"), server, echo_first);
    }

    pub fn serve_as(&mut self, user: &UserId, server: &mut Server, echo_first: bool) {
        while let Some(sent) = self.sent.pop_front() {
            let answer = server.answer(user, &sent.frame);
            let mut frames: Vec<Value> =
                [answer.reply, answer.push].into_iter().flatten().collect();
            if echo_first {
                frames.reverse();
            }
            for frame in frames {
                self.server_on(sent.socket, &frame);
            }
        }
    }

    // The person.

    pub fn send(&mut self, conversation: &ConversationId, name: &str) {
        self.send_text(conversation, name, &format!("text of {name}"));
    }

    pub fn send_text(&mut self, conversation: &ConversationId, name: &str, text: &str) {
        self.input(Input::Send {
            conversation: conversation.clone(),
            id: id(name),
            kind: Kind::Text,
            content: text.to_owned(),
            re: None,
        });
    }

    // Time.

    /// Jumps to the next deadline and fires it; returns how far that was.
    pub fn fire(&mut self) -> u64 {
        let at = self.client.poll_timeout().expect("a deadline");
        let wait = at.saturating_sub(self.now.mono);
        self.pass(wait);
        self.input(Input::Timer);
        wait
    }

    /// Time passes, and nobody is told.
    pub fn pass(&mut self, ms: u64) {
        self.now.mono += ms;
        self.now.wall += ms;
    }

    /// Every deadline of the next `ms` fires on time.
    pub fn run(&mut self, ms: u64) {
        self.run_with(ms, |_| {});
    }

    /// The same, with a look after each.
    pub fn run_with(&mut self, ms: u64, mut look: impl FnMut(&mut Self)) {
        let end = self.now.mono + ms;
        let mut fired = 0;
        while let Some(at) = self.client.poll_timeout().filter(|at| *at <= end) {
            self.pass(at.saturating_sub(self.now.mono));
            self.input(Input::Timer);
            look(self);
            fired += 1;
            assert!(fired < 1_000_000, "the timer runs in circles");
        }
        self.pass(end - self.now.mono);
    }

    /// Runs while the server answers every ping.
    pub fn run_answered(&mut self, ms: u64) {
        self.answer_pings();
        self.run_with(ms, Self::answer_pings);
    }

    pub fn answer_pings(&mut self) {
        while let Some(ping) = self.take("ping") {
            let pong = json!({"event":"pong","n":ping.frame["n"],"now":1,"heads":{}});
            self.server_on(ping.socket, &pong);
        }
    }

    // What is shown.

    pub fn phase(&self) -> Phase {
        self.client.status().phase
    }

    pub fn stop(&self) -> Option<Stop> {
        match self.phase() {
            Phase::Stopped(stop) => Some(stop),
            Phase::SignedOut
            | Phase::Ticket
            | Phase::Connecting
            | Phase::Greeting
            | Phase::Up
            | Phase::Closing
            | Phase::Waiting { .. } => None,
        }
    }

    /// Milliseconds until the next attempt; the client must be waiting for it.
    pub fn waits(&self) -> u64 {
        match self.phase() {
            Phase::Waiting { retry_at } => retry_at.saturating_sub(self.now.mono),
            phase => panic!("not waiting but {phase:?}"),
        }
    }

    pub fn items(&self, conversation: &ConversationId) -> Vec<Item> {
        self.client.items(conversation, 100_000)
    }

    pub fn texts(&self, conversation: &ConversationId) -> Vec<String> {
        let items = self.items(conversation).into_iter();
        items.map(|item| item.text).collect()
    }

    pub fn states(&self, conversation: &ConversationId) -> Vec<ItemState> {
        let items = self.items(conversation).into_iter();
        items.map(|item| item.state).collect()
    }

    pub fn accepted(&self, name: &str) -> Option<bool> {
        let name = id(name);
        self.changes.iter().find_map(|change| match change {
            Change::Accepted { id, durable } if *id == name => Some(*durable),
            _ => None,
        })
    }

    pub fn received(&self) -> usize {
        let received = |change: &&Change| matches!(change, Change::Received(..));
        self.changes.iter().filter(received).count()
    }
}
