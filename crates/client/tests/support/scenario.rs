//! A client, a clock that jumps, sockets whose far end the test plays, and a disk.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};
use switchboard_client::{
    Account, AttemptId, Change, Client, Config, Input, Now, OperationId, Output, Restored,
    SocketId, StoreError, StoreOperation,
};
use switchboard_protocol::ConversationId;

use super::account;
use super::disk::Disk;

/// When the scenarios begin.
pub const START: Now = Now {
    mono: 1_000,
    wall: 1_700_000_000_000,
};

/// What the disk does with a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    Works,
    Fails,
    /// Nothing is written or answered until [`Scenario::write_held`].
    Holds,
}

/// A frame the client gave to a socket.
#[derive(Debug, Clone)]
pub struct Sent {
    pub socket: SocketId,
    pub text: String,
    pub frame: Value,
}

pub struct Scenario {
    pub client: Client,
    pub now: Now,
    /// Sockets asked for, in order, with their URLs.
    pub connects: Vec<(SocketId, String)>,
    /// Sockets neither let go by the client nor closed by the peer.
    pub live: BTreeSet<SocketId>,
    pub let_go: BTreeSet<SocketId>,
    pub tickets: VecDeque<(AttemptId, String)>,
    /// Frames not looked at yet.
    pub sent: VecDeque<Sent>,
    pub changes: Vec<Change>,
    /// All but marks.
    pub stored: Vec<StoreOperation>,
    pub disk: Disk,
    pub storage: Storage,
    pub held: VecDeque<(OperationId, StoreOperation)>,
}

impl Scenario {
    /// ana has signed in; a socket is being opened.
    pub fn new() -> Self {
        Self::of(account(), Restored::default())
    }

    pub fn of(account: Account, restored: Restored) -> Self {
        Self::configured(Config::default(), 7, account, restored)
    }

    pub fn configured(config: Config, seed: u64, account: Account, restored: Restored) -> Self {
        Self::at(START, config, seed, account, restored, Disk::default())
    }

    pub fn at(
        now: Now,
        config: Config,
        seed: u64,
        account: Account,
        restored: Restored,
        disk: Disk,
    ) -> Self {
        let mut scenario = Self {
            client: Client::new(config, seed),
            now,
            connects: Vec::new(),
            live: BTreeSet::new(),
            let_go: BTreeSet::new(),
            tickets: VecDeque::new(),
            sent: VecDeque::new(),
            changes: Vec::new(),
            stored: Vec::new(),
            disk,
            storage: Storage::Works,
            held: VecDeque::new(),
        };
        scenario.input(Input::SignIn(Box::new(account), restored));
        scenario
    }

    /// ana has been welcomed; the lobby and the conversation with bo are empty, and she knows it.
    pub fn up() -> Self {
        let mut scenario = Self::new();
        scenario.open();
        scenario.welcome(&json!({"lobby": 0, "c:ana,bo": 0}));
        while let Some(sync) = scenario.take("sync") {
            scenario.page(&sync.frame, &[], 0, 0);
        }
        scenario.changes.clear();
        scenario
    }

    /// The page is loaded anew from what the disk holds; sockets die with the old one.
    pub fn reload(&mut self) {
        self.reload_as(account());
    }

    pub fn reload_as(&mut self, account: Account) {
        let restored = self.disk.restore();
        let disk = std::mem::take(&mut self.disk);
        let seed = self.now.mono;
        *self = Self::at(self.now, Config::default(), seed, account, restored, disk);
    }

    pub fn input(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            self.client.handle(self.now, input);
            if let Err(broken) = self.client.invariants() {
                panic!("an invariant is broken: {broken}");
            }
            while let Some(output) = self.client.poll_output() {
                inputs.extend(self.carry_out(output));
            }
        }
    }

    fn carry_out(&mut self, output: Output) -> Option<Input> {
        match output {
            Output::FetchTicket(attempt, url) => self.tickets.push_back((attempt, url)),
            Output::Connect(socket, url) => {
                assert!(
                    self.connects.iter().all(|(known, _)| *known != socket),
                    "{socket:?} is used twice"
                );
                self.connects.push((socket, url));
                self.live.insert(socket);
                assert!(self.live.len() <= 3, "more than three sockets at once");
            }
            Output::Transmit(socket, text) => {
                assert!(
                    !self.let_go.contains(&socket),
                    "sent on a socket that was let go: {text}"
                );
                let frame = serde_json::from_str(&text).unwrap_or(Value::Null);
                self.sent.push_back(Sent {
                    socket,
                    text,
                    frame,
                });
            }
            Output::Disconnect(socket) => {
                self.live.remove(&socket);
                self.let_go.insert(socket);
            }
            Output::Persist(operation, what) => {
                if !matches!(what, StoreOperation::Mark(_)) {
                    self.stored.push(what.clone());
                }
                return self.persist(operation, what);
            }
            Output::Changed(change) => self.changes.push(change),
        }
        None
    }

    fn persist(&mut self, operation: OperationId, what: StoreOperation) -> Option<Input> {
        let result = match self.storage {
            Storage::Works => {
                self.disk.write(what);
                Ok(())
            }
            Storage::Fails => Err(StoreError("QuotaExceededError".to_owned())),
            Storage::Holds => {
                self.held.push_back((operation, what));
                return None;
            }
        };
        Some(Input::Persisted(operation, result))
    }

    /// The oldest held write is carried out and answered.
    pub fn write_held(&mut self) {
        let (operation, what) = self.held.pop_front().expect("a held write");
        self.disk.write(what);
        self.input(Input::Persisted(operation, Ok(())));
    }
}

/// bo's message in a place of a log.
pub fn message(conversation: &ConversationId, seq: u64) -> Value {
    json!({"event": "message", "conv": conversation, "seq": seq, "id": format!("b{seq}"),
           "from": "bo", "at": 1_700_000_000_000_u64 + seq, "kind": "text",
           "content": format!("text {seq}")})
}

/// The texts of [`message`]s.
pub fn numbered(seqs: impl IntoIterator<Item = u64>) -> Vec<String> {
    seqs.into_iter().map(|seq| format!("text {seq}")).collect()
}
