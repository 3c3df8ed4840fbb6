//! The state machine: sorts inputs to connection, outbox and timelines, and collects outputs.

mod foreign;
mod frame;
mod hash;
mod hints;
mod inbound;
mod link;
mod logs;
mod marks;
mod restore;
mod sending;
mod shown;
mod view;

use std::collections::VecDeque;

use switchboard_protocol::{ConversationId, Seq, UserId};

use crate::account::Account;
use crate::config::Config;
use crate::connection::{Connection, Up};
use crate::io::{Change, Input, Now, Output, Pending, SocketId, StoreOperation};
use crate::outbox::{Draft, Outbox};
use crate::rng::Rng;
use crate::stored::Restored;
use crate::timeline::Timeline;
use switchboard_protocol::sorted::SortedMap;

/// What exists while somebody is signed in.
struct Session {
    account: Account,
    connection: Connection,
    connection_id: Option<String>,
    /// The connection that echoed last, where a foreign backend names it.
    echoed_by: Option<String>,
    epoch: Option<String>,
    welcomed: bool,
    outbox: Outbox,
    timelines: SortedMap<ConversationId, Timeline>,
    /// See [`Timeline::new`].
    salt: u64,
    online: Vec<UserId>,
    /// Messages asked for in one page.
    page: u32,
    /// More messages may go out as soon as it is known how many bytes the browser still holds.
    more: bool,
}

impl Session {
    /// The conversation's timeline, made if there is none.
    fn timeline(&mut self, conversation: ConversationId) -> &mut Timeline {
        let (me, salt) = (&self.account.user, self.salt);
        let make = |conversation: &ConversationId| {
            let mut others = conversation.participants().unwrap_or_default();
            others.retain(|user| user != me);
            Timeline::new(me.clone(), others, salt)
        };
        self.timelines.get_or_insert_with(conversation, make)
    }
}

/// The chat client; see the crate's documentation for the run loop.
pub struct Client {
    config: Config,
    rng: Rng,
    sockets: u64,
    attempts: u64,
    operations: u64,
    requests: u64,
    session: Option<Session>,
    outputs: VecDeque<Output>,
    /// When the last input came.
    last: Option<Now>,
    visible: bool,
}

impl Client {
    /// A client nobody is signed in to. `seed` feeds jitter and local ids.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        Self {
            config,
            rng: Rng::new(seed),
            sockets: 0,
            attempts: 0,
            operations: 0,
            requests: 0,
            session: None,
            outputs: VecDeque::new(),
            last: None,
            visible: true,
        }
    }

    /// Feeds one input. Drain [`Client::poll_output`] before the next.
    pub fn handle(&mut self, now: Now, input: Input) {
        self.watch_clocks(now);
        match input {
            Input::SignIn(account, restored) => self.sign_in(now, *account, restored),
            Input::SignOut => self.sign_out(),
            Input::Opened(socket) => self.opened(now, socket),
            Input::OpenFailed(socket, error) => self.open_failed(now, socket, error),
            Input::Closing(socket) => self.closing(now, socket),
            Input::Closed(socket, close) => self.closed(now, socket, close),
            Input::Text(socket, text) => self.text(now, socket, &text),
            // API Gateway sends no binary frames; one proves the connection alive, no more.
            Input::Binary(socket, _) => self.heard(socket),
            Input::Ticket(attempt, answer) => self.ticket(now, attempt, answer),
            Input::Buffered(socket, bytes) => self.buffered(now, socket, bytes),
            Input::Persisted(operation, result) => self.persisted(operation, result.is_ok()),
            Input::Send {
                conversation,
                id,
                kind,
                content,
                re,
            } => self.send(
                now,
                Draft {
                    conversation,
                    id,
                    kind,
                    content,
                    re,
                },
            ),
            Input::Typing(conversation) => self.typing(now, conversation),
            Input::Read {
                conversation,
                through,
                tell,
            } => self.read(conversation, &through, tell),
            Input::Unread { conversation, from } => self.unread(&conversation, &from),
            Input::Retry(id) => self.retry(now, &id),
            Input::Discard(id) => self.discard(&id),
            Input::Open(conversation) => self.open(now, conversation),
            Input::LoadEarlier(conversation) => self.load_earlier(conversation),
            Input::Stored(stretch) => self.load_stored(*stretch),
            Input::TryNow => self.try_now(now),
            Input::Lifecycle(event) => self.lifecycle(now, event),
            Input::Timer => {}
        }
        self.due(now);
        self.pump(now);
    }

    /// The next thing to do; `None` when there is nothing more.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Timer`] is due, on [`Now::mono`]. A pure function of the state.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u64> {
        let session = self.session.as_ref()?;
        let flows = session.connection.flows();
        let own = session.account.profile.is_own();
        let mut first = session.connection.deadline(&self.config, own);
        let mut sooner = |at: Option<u64>| {
            if first.is_none_or(|first| at.is_some_and(|at| at < first)) {
                first = at;
            }
        };
        if flows {
            sooner(session.more.then_some(0));
            sooner(session.outbox.deadline(&self.config));
        }
        if flows && own {
            for (_, timeline) in session.timelines.iter() {
                sooner(timeline.deadline(&self.config));
                sooner(timeline.tell_deadline());
            }
        }
        first
    }

    fn sign_in(&mut self, now: Now, account: Account, restored: Restored) {
        self.sign_out();
        let outbox = Outbox::restore(restored.outbox);
        // Numbers of another epoch than the first one's mean nothing beside it.
        let epoch = match (restored.logs.first(), restored.marks.first()) {
            (Some(log), _) => Some(log.epoch.clone()),
            (None, mark) => mark.map(|mark| mark.epoch.clone()),
        };
        let mut session = Session {
            account,
            connection: Connection::new(self.visible),
            connection_id: None,
            echoed_by: None,
            page: self.config.page,
            more: false,
            epoch,
            welcomed: false,
            outbox,
            timelines: SortedMap::new(),
            // Of a copy: what is drawn later must not depend on it.
            salt: self.rng.clone().next(),
            online: Vec::new(),
        };
        let sent = session.restore(restored.logs, restored.marks);
        self.session = Some(session);
        for id in sent {
            self.persist(StoreOperation::Remove(id));
        }
        self.store_marks();
        self.refuse_restored();
        self.changed(Change::Conversations);
        self.connect(now);
    }

    fn sign_out(&mut self) {
        self.disconnect_all();
        if let Some(session) = self.session.take() {
            // Nobody will be told any more, but what was just written down is to be kept.
            let unwritten: Vec<Pending> = session.outbox.unwritten().cloned().collect();
            for pending in unwritten {
                self.persist(StoreOperation::Put(pending));
            }
            self.changed(Change::Status);
            self.changed(Change::Conversations);
        }
    }

    fn open(&mut self, now: Now, conversation: ConversationId) {
        let Some(session) = &mut self.session else {
            return;
        };
        if !session.timelines.contains_key(&conversation) {
            session
                .timeline(conversation)
                .note_head(Seq::ZERO, false, now);
            self.changed(Change::Conversations);
        }
    }

    fn load_earlier(&mut self, conversation: ConversationId) {
        let timeline = self
            .session
            .as_mut()
            .and_then(|s| s.timelines.get_mut(&conversation));
        if let Some(timeline) = timeline {
            timeline.load_earlier();
            self.changed(Change::Timeline(conversation));
        }
    }

    fn up_mut(&mut self) -> Option<&mut Up> {
        self.session.as_mut()?.connection.up_mut()
    }

    /// A frame we understand came on `socket`.
    fn heard(&mut self, socket: SocketId) {
        if let Some(up) = self.up_mut()
            && up.socket == socket
        {
            up.heard();
        }
    }

    fn buffered(&mut self, now: Now, socket: SocketId, bytes: u32) {
        if let Some(session) = &mut self.session
            && let Some(up) = session.connection.up_mut()
            && up.socket == socket
        {
            up.buffered(now, bytes, &self.config);
        }
    }

    fn changed(&mut self, change: Change) {
        let change = Output::Changed(change);
        if self.outputs.back() != Some(&change) {
            self.outputs.push_back(change);
        }
    }
}
