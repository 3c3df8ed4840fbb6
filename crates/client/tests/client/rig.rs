//! A client, a clock that jumps, and a server the test plays by hand.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};
use switchboard_client::trace::Trace;
use switchboard_client::{
    Account, AttemptId, Change, Client, CloseInfo, Config, Input, Item, Kind, Mark, Now, Output,
    Pending, Restored, SocketId, StoreError, StoreOperation, Summary, TicketAnswer,
};
use switchboard_protocol::{ConversationId, MessageId, Profile, UserId};

pub(crate) struct Rig {
    pub(crate) client: Client,
    pub(crate) now: Now,
    pub(crate) trace: Trace,
    /// The socket in use, as far as the driver would know.
    pub(crate) socket: Option<SocketId>,
    /// The one that is to replace it.
    pub(crate) candidate: Option<SocketId>,
    /// What the server calls its log.
    pub(crate) epoch: String,
    /// Tickets asked for and not answered.
    pub(crate) tickets: VecDeque<AttemptId>,
    pub(crate) urls: Vec<String>,
    pub(crate) sent: VecDeque<String>,
    pub(crate) changes: Vec<Change>,
    /// All but marks.
    pub(crate) stored: Vec<StoreOperation>,
    pub(crate) marks: Vec<Mark>,
    /// Whether writes succeed.
    pub(crate) storage_works: bool,
    /// Whether writes are answered at once.
    pub(crate) storage_answers: bool,
    pub(crate) unanswered: VecDeque<switchboard_client::OperationId>,
    pub(crate) disconnected: BTreeSet<SocketId>,
}

/// The id, sender, kind, content and target of a log entry.
pub(crate) type Entry<'a> = (&'a str, &'a str, &'a str, &'a str, Option<&'a str>);

fn entry(conv: &str, seq: u64, (id, from, kind, content, re): Entry<'_>) -> Value {
    let mut entry = json!({"event": "message", "conv": conv, "seq": seq, "id": id, "from": from,
        "at": 1_700_000_000_000_u64 + seq, "kind": kind, "content": content});
    if let Some(re) = re {
        entry["re"] = json!(re);
    }
    entry
}

pub(crate) fn user(id: &str) -> UserId {
    UserId::try_from(id).unwrap()
}

pub(crate) fn conversation(people: &[&str]) -> ConversationId {
    let people: Vec<UserId> = people.iter().map(|id| user(id)).collect();
    ConversationId::of(&people).unwrap()
}

pub(crate) fn id(name: &str) -> MessageId {
    MessageId::try_from(name).unwrap()
}

pub(crate) fn account(profile: &str) -> Account {
    Account {
        endpoint: "ws://127.0.0.1:8787/dev".to_owned(),
        user: user("ana"),
        profile: Profile::named(profile).unwrap(),
        query: Vec::new(),
        tickets: None,
        device: "device".to_owned(),
        tab: "tab".to_owned(),
    }
}

impl Rig {
    pub(crate) fn new(profile: &str) -> Self {
        Self::restored(profile, Vec::new())
    }

    pub(crate) fn restored(profile: &str, pending: Vec<Pending>) -> Self {
        Self::signed_in(account(profile), pending.into())
    }

    pub(crate) fn signed_in(account: Account, restored: Restored) -> Self {
        Self::configured(Config::default(), account, restored)
    }

    pub(crate) fn configured(config: Config, account: Account, restored: Restored) -> Self {
        let mut rig = Self {
            client: Client::new(config, 7),
            trace: Trace::new(7),
            now: Now {
                mono: 1_000,
                wall: 1_700_000_000_000,
            },
            socket: None,
            candidate: None,
            epoch: "e1".to_owned(),
            tickets: VecDeque::new(),
            urls: Vec::new(),
            sent: VecDeque::new(),
            changes: Vec::new(),
            stored: Vec::new(),
            marks: Vec::new(),
            storage_works: true,
            storage_answers: true,
            unanswered: VecDeque::new(),
            disconnected: BTreeSet::new(),
        };
        rig.input(Input::SignIn(Box::new(account), restored));
        rig
    }

    /// A client that has been welcomed; the lobby is empty.
    pub(crate) fn up() -> Self {
        let mut rig = Self::new("switchboard");
        rig.open();
        rig.welcome(&json!({"lobby": 0}));
        rig.answer_syncs();
        rig.changes.clear();
        rig
    }

    pub(crate) fn input(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            self.trace.record(self.now, &input);
            self.client.handle(self.now, input);
            self.client.invariants().unwrap();
            while let Some(output) = self.client.poll_output() {
                match output {
                    Output::FetchTicket(attempt, _) => self.tickets.push_back(attempt),
                    Output::Connect(socket, url) => {
                        if self.socket.is_some() {
                            self.candidate = Some(socket);
                        } else {
                            self.socket = Some(socket);
                        }
                        self.urls.push(url);
                    }
                    Output::Transmit(socket, text) => {
                        let greets = Some(socket) == self.candidate && text.contains("\"hello\"");
                        assert!(
                            greets || Some(socket) == self.socket,
                            "sent on a socket that is not in use: {text}"
                        );
                        self.sent.push_back(text);
                    }
                    Output::Disconnect(socket) => {
                        self.disconnected.insert(socket);
                        if self.socket == Some(socket) {
                            self.socket = self.candidate.take();
                        }
                        self.candidate = self.candidate.filter(|s| *s != socket);
                    }
                    Output::Persist(operation, what) => {
                        match what {
                            StoreOperation::Mark(mark) => self.marks.push(mark),
                            what => self.stored.push(what),
                        }
                        if self.storage_answers {
                            inputs.push_back(Input::Persisted(operation, self.write_result()));
                        } else {
                            self.unanswered.push_back(operation);
                        }
                    }
                    Output::Changed(change) => self.changes.push(change),
                }
            }
        }
    }

    fn write_result(&self) -> Result<(), StoreError> {
        if self.storage_works {
            Ok(())
        } else {
            Err(StoreError("full".to_owned()))
        }
    }

    pub(crate) fn answer_write(&mut self) {
        let operation = self.unanswered.pop_front().expect("a write under way");
        let result = self.write_result();
        self.input(Input::Persisted(operation, result));
    }

    pub(crate) fn current(&self) -> SocketId {
        self.socket.expect("a socket")
    }

    pub(crate) fn open(&mut self) {
        self.input(Input::Opened(self.current()));
    }

    pub(crate) fn close(&mut self, code: u16) {
        let socket = self.current();
        self.socket = None;
        let clean = code != 1006;
        self.input(Input::Closed(
            socket,
            CloseInfo {
                code,
                reason: String::new(),
                clean,
            },
        ));
    }

    /// Opens the candidate and welcomes it: it is the socket in use from now on. Returns the one
    /// it replaces.
    pub(crate) fn change(&mut self, heads: &Value) -> SocketId {
        let candidate = self.candidate.take().expect("a candidate");
        let old = self.current();
        self.candidate = Some(candidate);
        self.input(Input::Opened(candidate));
        self.candidate = None;
        self.socket = Some(candidate);
        self.welcome(heads);
        old
    }

    /// Answers the oldest question for a ticket.
    pub(crate) fn ticket(&mut self, answer: TicketAnswer) {
        let attempt = self.tickets.pop_front().expect("a ticket asked for");
        self.input(Input::Ticket(attempt, answer));
    }

    /// Answers the `hello` that must be next.
    pub(crate) fn welcome(&mut self, heads: &Value) {
        let epoch = self.epoch.clone();
        let hello = self.expect("hello");
        self.server(&json!({
            "event": "welcome", "rid": hello["rid"], "connection": "BFaT_fALIAMCKug=",
            "now": 1, "epoch": epoch, "heads": heads, "limits": {"max_bytes": 32768},
            "min_version": 1,
        }));
    }

    pub(crate) fn server(&mut self, frame: &Value) {
        self.text(&frame.to_string());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.input(Input::Text(self.current(), text.to_owned()));
    }

    /// The next frame sent, which must have this action.
    pub(crate) fn expect(&mut self, action: &str) -> Value {
        let text = self
            .sent
            .pop_front()
            .unwrap_or_else(|| panic!("expected {action}, nothing sent"));
        let frame: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(frame["action"], action, "{text}");
        frame
    }

    pub(crate) fn nothing_sent(&self) {
        assert!(self.sent.is_empty(), "{:?}", self.sent);
    }

    /// Answers every `sync` with an empty log.
    pub(crate) fn answer_syncs(&mut self) {
        while self
            .sent
            .front()
            .is_some_and(|text| text.contains("\"sync\""))
        {
            let sync = self.expect("sync");
            self.page(&sync, &[], 0, 0);
        }
    }

    /// A log of `1..=last` by bo, answering `sync` as the server does.
    pub(crate) fn page(&mut self, sync: &Value, seqs: &[u64], covered: u64, head: u64) {
        let after = sync["after"]
            .as_u64()
            .unwrap_or_else(|| seqs.first().map_or(covered, |first| first - 1));
        let messages: Vec<Value> = seqs
            .iter()
            .map(|seq| self.message(sync["conv"].as_str().unwrap(), *seq))
            .collect();
        self.server(&json!({
            "event": "page", "rid": sync["rid"], "conv": sync["conv"], "after": after,
            "messages": messages, "covered": covered, "head": head, "epoch": self.epoch,
        }));
    }

    pub(crate) fn message(&self, conv: &str, seq: u64) -> Value {
        json!({"event": "message", "conv": conv, "seq": seq, "id": format!("m{seq}"),
               "from": "bo", "at": 1_700_000_000_000_u64 + seq, "kind": "text",
               "content": format!("text {seq}")})
    }

    pub(crate) fn send(&mut self, conversation: &ConversationId, name: &str) {
        self.send_text(conversation, name, &format!("text of {name}"));
    }

    pub(crate) fn send_text(&mut self, conversation: &ConversationId, name: &str, text: &str) {
        self.input(Input::Send {
            conversation: conversation.clone(),
            id: id(name),
            kind: Kind::Text,
            content: text.to_owned(),
            re: None,
        });
    }

    pub(crate) fn ack(&mut self, conversation: &ConversationId, name: &str, seq: u64) {
        self.server(
            &json!({"event": "ack", "id": name, "conv": conversation, "seq": seq,
                            "at": 1_700_000_000_500_u64, "duplicate": false}),
        );
    }

    /// Jumps to the next deadline and fires it; returns how far that was.
    pub(crate) fn fire(&mut self) -> u64 {
        let at = self.client.poll_timeout().expect("a deadline");
        let wait = at.saturating_sub(self.now.mono);
        self.pass(wait);
        self.input(Input::Timer);
        wait
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        self.now.mono += ms;
        self.now.wall += ms;
    }

    pub(crate) fn texts(&self, conversation: &ConversationId) -> Vec<String> {
        self.items(conversation)
            .into_iter()
            .map(|item| item.text)
            .collect()
    }

    /// All rows, which are the same however they are asked for.
    pub(crate) fn items(&self, conversation: &ConversationId) -> Vec<Item> {
        let items = self.client.items(conversation, usize::MAX);
        assert_eq!(items.len(), self.client.len(conversation));
        for (row, item) in items.iter().enumerate() {
            let alone = self.client.slice(conversation, row..row + 1);
            assert_eq!(alone, std::slice::from_ref(item));
            let place = self.client.place(conversation, &item.id);
            let found = place.and_then(|place| items.get(place));
            assert_eq!(found.map(|it| &it.id), Some(&item.id));
        }
        items
    }

    /// ana does something to a message.
    pub(crate) fn act(
        &mut self,
        to: &ConversationId,
        name: &str,
        kind: Kind,
        content: &str,
        re: &str,
    ) {
        self.input(Input::Send {
            conversation: to.clone(),
            id: id(name),
            kind,
            content: content.to_owned(),
            re: Some(id(re)),
        });
    }

    /// ana is up in a conversation with bo whose newest page holds these entries of
    /// (id, from, kind, content, re), from place `first` on.
    pub(crate) fn with_log(first: u64, entries: &[Entry<'_>]) -> (Self, ConversationId) {
        let bo = conversation(&["ana", "bo"]);
        let mut rig = Self::new("switchboard");
        rig.open();
        let head = first + entries.len() as u64 - 1;
        rig.welcome(&json!({"lobby": 0, "c:ana,bo": head}));
        let sync = rig.expect("sync");
        rig.entries(&sync, first, entries);
        rig.answer_syncs();
        rig.changes.clear();
        (rig, bo)
    }

    /// Answers `sync` with these entries from place `first` on.
    pub(crate) fn entries(&mut self, sync: &Value, first: u64, entries: &[Entry<'_>]) {
        let messages: Vec<Value> = entries
            .iter()
            .zip(first..)
            .map(|(it, seq)| entry(sync["conv"].as_str().unwrap(), seq, *it))
            .collect();
        let head = first + entries.len() as u64 - 1;
        self.server(&json!({
            "event": "page", "rid": sync["rid"], "conv": sync["conv"], "after": first - 1,
            "messages": messages, "covered": head, "head": head, "epoch": self.epoch,
        }));
    }

    /// An entry of ana's and bo's conversation is pushed.
    pub(crate) fn push(&mut self, seq: u64, it: Entry<'_>) {
        self.server(&entry("c:ana,bo", seq, it));
    }

    pub(crate) fn summary(&self, conversation: &ConversationId) -> Summary {
        let mut all = self.client.conversations().into_iter();
        all.find(|row| row.id == *conversation)
            .expect("a conversation")
    }
}
