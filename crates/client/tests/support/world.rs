//! A client, its disk, a network that loses, doubles and reorders, and the reference server:
//! one step at a time, checked after each, and healed at the end.
//!
//! The property (`tests/model`) draws the steps, the fuzzer (`fuzz/`) makes them of bytes.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use switchboard_client::{Change, Earlier, Input, Kind, Lifecycle, Restored, SocketId};
use switchboard_protocol::ConversationId;

use super::check;
use super::scenario::{Scenario, Storage};
use super::server::Server;
use super::step::{Options, Step};
use super::{account, bo, id, lobby};

pub struct World {
    pub s: Scenario,
    pub server: Server,
    /// The server's frames under way.
    pub down: Vec<(SocketId, Value)>,
    pub registered: BTreeSet<SocketId>,
    /// Sockets that say OPEN and lead nowhere.
    pub cut: BTreeSet<SocketId>,
    options: Options,
    /// ana's messages by conversation, in the order written.
    pub written: [Vec<String>; 2],
    /// What she did to messages.
    pub changes: [Vec<String>; 2],
    /// Those that the page said would survive it.
    pub durable: BTreeSet<String>,
    /// Those that only this page knows.
    pub volatile: BTreeSet<String>,
}

pub fn conversations() -> [ConversationId; 2] {
    [lobby(), bo()]
}

pub fn at<T>(list: &[T], which: u8) -> Option<usize> {
    usize::from(which).checked_rem(list.len())
}

impl World {
    pub fn new(options: Options) -> Self {
        Self {
            s: Scenario::configured(
                options.config(),
                options.seed,
                account(),
                Restored::default(),
            ),
            server: Server {
                page: usize::from(options.page.max(1)),
                ..Server::default()
            },
            down: Vec::new(),
            registered: BTreeSet::new(),
            cut: BTreeSet::new(),
            options,
            written: Default::default(),
            changes: Default::default(),
            durable: BTreeSet::new(),
            volatile: BTreeSet::new(),
        }
    }

    /// Carries out a step, then says what is broken, if anything is.
    pub fn step(&mut self, step: Step) -> Result<(), String> {
        self.carry_out(step);
        self.note_accepted();
        check::safety(self).map_err(|broken| format!("after {step:?}: {broken}"))
    }

    fn carry_out(&mut self, step: Step) {
        match step {
            Step::Send(which) => {
                let which = usize::from(which % 2);
                let name = format!("a{which}-{}", self.written[which].len());
                self.written[which].push(name.clone());
                self.s.send(&conversations()[which], &name);
            }
            Step::Other(which) => self.other(usize::from(which % 2)),
            Step::Change(which, what) => self.change(usize::from(which % 2), what),
            Step::OtherChange(which, what) => self.other_change(usize::from(which % 2), what),
            Step::Read(which, target, tell) => {
                let conversation = conversations()[usize::from(which % 2)].clone();
                let items = self.s.items(&conversation);
                if let Some(at) = at(&items, target) {
                    let through = items[at].id.clone();
                    self.s.input(Input::Read {
                        conversation,
                        through,
                        tell,
                    });
                }
            }
            Step::Hole(which) => self.server.hole(&conversations()[usize::from(which % 2)]),
            Step::Serve(which, echo) => self.serve(which, true, echo),
            Step::ServeMute(which) => self.serve(which, false, false),
            Step::Busy(which) => self.busy(which),
            Step::LoseUp(which) => drop(self.take_up(which)),
            Step::Deliver(which) => {
                if let Some(at) = at(&self.down, which) {
                    let (socket, frame) = self.down.remove(at);
                    self.arrive(socket, &frame);
                }
            }
            Step::Double(which) => {
                if let Some(at) = at(&self.down, which) {
                    let (socket, frame) = self.down[at].clone();
                    self.arrive(socket, &frame);
                }
            }
            Step::LoseDown(which) => {
                if let Some(at) = at(&self.down, which) {
                    self.down.remove(at);
                }
            }
            Step::Open => self.open(),
            Step::Up => self.up(),
            Step::Flush => self.flush(),
            Step::Close(which, code) => {
                const CODES: [u16; 8] = [1006, 1001, 1000, 1005, 1011, 1012, 1013, 4429];
                if let Some(socket) = self.live(which) {
                    self.registered.remove(&socket);
                    self.s.close_socket(socket, CODES[usize::from(code % 8)]);
                }
            }
            Step::Closing(which) => {
                if let Some(socket) = self.live(which) {
                    self.s.input(Input::Closing(socket));
                }
            }
            Step::Cut(which) => self.cut.extend(self.live(which)),
            Step::Timer(late) => {
                if let Some(due) = self.s.client.poll_timeout() {
                    let wait = due.saturating_sub(self.s.now.mono) + u64::from(late);
                    self.s.pass(wait);
                    self.s.input(Input::Timer);
                }
            }
            Step::Pass(ms) => self.s.pass(ms.into()),
            Step::Sleep(minutes) => {
                self.s.now.wall += u64::from(minutes) * 60_000;
                self.s.input(Input::Timer);
            }
            Step::Goaway(ms) => {
                for socket in self.registered.clone() {
                    let frame = json!({"event": "goaway", "reconnect_in_ms": ms});
                    self.down.push((socket, frame));
                }
            }
            Step::Buffered(kib) => {
                let bytes = u32::from(kib) * 1024;
                self.s.input(Input::Buffered(self.newest(), bytes));
            }
            Step::Disk(how) => {
                self.s.storage =
                    [Storage::Works, Storage::Fails, Storage::Holds][usize::from(how % 3)];
            }
            Step::Written => {
                if !self.s.held.is_empty() {
                    self.s.write_held();
                }
            }
            Step::Reload => self.reload(),
            Step::Earlier(which) => {
                let conversation = conversations()[usize::from(which % 2)].clone();
                self.s.input(Input::LoadEarlier(conversation));
            }
            Step::Hint(which) => {
                const HINTS: [Lifecycle; 8] = [
                    Lifecycle::Online,
                    Lifecycle::Offline,
                    Lifecycle::Visible,
                    Lifecycle::Hidden,
                    Lifecycle::Freeze,
                    Lifecycle::Resume,
                    Lifecycle::PageHide,
                    Lifecycle::PageShow,
                ];
                self.s.lifecycle(HINTS[usize::from(which % 8)]);
            }
            Step::Junk(which) => {
                const JUNK: [&str; 4] = ["", "{", "{\"event\":\"message\"}", "{\"event\":\"new\"}"];
                self.s.text_on(self.newest(), JUNK[usize::from(which % 4)]);
            }
        }
    }

    fn change(&mut self, which: usize, what: u8) {
        let conversation = conversations()[which].clone();
        let items = self.s.items(&conversation);
        let Some(at) = at(&items, what / 8) else {
            return;
        };
        let name = format!("c{which}-{}", self.changes[which].len());
        self.changes[which].push(name.clone());
        let (kind, content) = match what % 8 {
            0..=2 => (Kind::Edit, format!("ana's {name}")),
            3 => (Kind::Delete, String::new()),
            4 => (Kind::Reaction, "-👍".to_owned()),
            5 | 6 => (Kind::Reaction, "👍".to_owned()),
            _ => (Kind::Reaction, "🎉".to_owned()),
        };
        self.s.input(Input::Send {
            conversation,
            id: id(&name),
            kind,
            content,
            re: Some(items[at].id.clone()),
        });
    }

    fn reload(&mut self) {
        let (storage, page) = (self.s.storage, self.options);
        let restored = self.s.disk.restore();
        let disk = std::mem::take(&mut self.s.disk);
        let now = self.s.now;
        // Frames under way to the server still arrive there; what was under way to the page does not.
        let up = std::mem::take(&mut self.s.sent);
        let seed = page.seed.wrapping_add(now.mono);
        self.s = Scenario::at(now, page.config(), seed, account(), restored, disk);
        self.s.storage = storage;
        self.s.sent.extend(up);
        self.down.clear();
        self.registered.clear();
        self.cut.clear();
        self.volatile.clear();
    }

    fn note_accepted(&mut self) {
        for change in self.s.changes.drain(..) {
            if let Change::Accepted { id, durable } = change {
                if durable {
                    self.durable.insert(id.to_string());
                } else {
                    self.volatile.insert(id.to_string());
                }
            }
        }
    }

    /// Everything works from now on; the client must agree with the server within a minute, and
    /// again after a reload.
    pub fn heal(&mut self) -> Result<(), String> {
        self.s.storage = Storage::Works;
        self.s.lifecycle(Lifecycle::PageShow);
        self.s.input(Input::Buffered(self.newest(), 0));
        self.settle()?;
        check::converged(self)?;
        self.reload();
        self.settle()?;
        check::converged(self)?;
        if self.s.disk.outbox.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "left in the stored outbox: {:?}",
                self.s.disk.outbox
            ))
        }
    }

    fn settle(&mut self) -> Result<(), String> {
        let end = self.s.now.mono + 60_000;
        for _ in 0..100_000 {
            if !(self.s.sent.is_empty() && self.down.is_empty() && self.s.held.is_empty()) {
                self.step(Step::Written)?;
                self.step(Step::Serve(0, false))?;
                self.step(Step::Deliver(0))?;
                continue;
            }
            self.step(Step::Open)?;
            for conversation in conversations() {
                if self.s.client.earlier(&conversation) == Earlier::Available {
                    self.s.input(Input::LoadEarlier(conversation));
                }
            }
            if !self.s.sent.is_empty() {
                continue;
            }
            if check::converged(self).is_ok() {
                return Ok(());
            }
            match self.s.client.poll_timeout() {
                Some(due) if due <= end => self.step(Step::Timer(0))?,
                Some(_) | None => return Ok(()),
            }
        }
        Err(format!(
            "no end within a minute: {:?}",
            self.s.client.status()
        ))
    }
}
