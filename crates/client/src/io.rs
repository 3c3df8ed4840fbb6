//! What goes into the core and what comes out of it.

mod item;
mod pending;
mod status;

use switchboard_protocol::client::Kind;
use switchboard_protocol::{ConversationId, MessageId, UserId};

use crate::account::Account;
use crate::stored::{Mark, Restored, Stretch};

pub use item::{
    Earlier, Item, ItemState, Reaction, Receipt, Reply, Sender, Summary, Unsaved, Version,
};
pub use pending::{Failure, Pending};
pub use status::{Phase, ReadyState, Status, Stop};

/// The two clocks. Deadlines use `mono`; `wall` is for people to read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds on a clock that never goes back (`performance.now()`).
    pub mono: u64,
    /// Milliseconds since the Unix epoch (`Date.now()`).
    pub wall: u64,
}

/// Names one socket. An input that carries another socket's id is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SocketId(pub u64);

/// Names one attempt to get a ticket. An answer that carries another one's id is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttemptId(pub u64);

/// Names one write, echoed by [`Input::Persisted`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationId(pub u64);

/// Something happened. Feed exactly one, then drain [`crate::Client::poll_output`].
#[derive(Debug, Clone)]
pub enum Input {
    /// A person signed in; [`Restored`] is what storage held for that account.
    SignIn(Box<Account>, Restored),
    /// The person signed out: sockets close, nothing is deleted from storage.
    SignOut,
    /// The answer to [`Output::FetchTicket`].
    Ticket(AttemptId, TicketAnswer),
    /// The socket is open.
    Opened(SocketId),
    /// The `WebSocket` constructor threw.
    OpenFailed(SocketId, OpenError),
    /// The browser says CLOSING: nothing can be sent any more, the close event is still to come.
    Closing(SocketId),
    /// The socket is closed.
    Closed(SocketId, CloseInfo),
    /// A text frame arrived.
    Text(SocketId, String),
    /// A binary frame of so many bytes arrived; it is ignored.
    Binary(SocketId, usize),
    /// `bufferedAmount` in bytes, sampled before another input or when it changed.
    Buffered(SocketId, u32),
    /// A write ended.
    Persisted(OperationId, Result<(), StoreError>),
    /// The person pressed send. `id` was minted for this message alone.
    Send {
        /// Where to.
        conversation: ConversationId,
        /// The message's id for ever.
        id: MessageId,
        /// A text, or an edit, delete or reaction of `re`.
        kind: Kind,
        /// The text, not empty. Of a reaction, the emoji, or `-` and the emoji to take it back; of
        /// a delete, nothing.
        content: String,
        /// The message it is about: of a text, the one it replies to.
        re: Option<MessageId>,
    },
    /// The person is typing there; the others are told now and then.
    Typing(ConversationId),
    /// The person has read everything up to a message.
    Read {
        /// Where.
        conversation: ConversationId,
        /// The newest message read. It never lowers the mark.
        through: MessageId,
        /// Whether the others may know. Without, it stays on this device.
        tell: bool,
    },
    /// The person takes a message and what follows as unread, on this device.
    Unread {
        /// Where.
        conversation: ConversationId,
        /// The first unread message.
        from: MessageId,
    },
    /// Try a failed message again, with the same id.
    Retry(MessageId),
    /// Drop a failed message.
    Discard(MessageId),
    /// The person opened a conversation: it is listed from now on and its newest page fetched.
    Open(ConversationId),
    /// The person wants the page before the oldest loaded message.
    LoadEarlier(ConversationId),
    /// What storage holds right below the oldest loaded message, read for somebody who wants it:
    /// without a network, or to spare the server. What does not join what is loaded is ignored.
    Stored(Box<Stretch>),
    /// The person pressed *Try now*.
    TryNow,
    /// The browser's hints about the page and the network.
    Lifecycle(Lifecycle),
    /// The time of [`crate::Client::poll_timeout`] has come.
    Timer,
}

/// The browser's hints. They start probes and retries; none is believed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifecycle {
    /// `online`.
    Online,
    /// `offline`.
    Offline,
    /// The page became visible.
    Visible,
    /// The page became hidden.
    Hidden,
    /// `freeze`: timers stop, frames queue up.
    Freeze,
    /// `resume`: the page thawed.
    Resume,
    /// `pagehide`: the page may be frozen or gone.
    PageHide,
    /// `pageshow` from the back/forward cache.
    PageShow,
}

/// How a request for a ticket ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketAnswer {
    /// The ticket, for the next handshake alone.
    Granted(String),
    /// An HTTP status other than 2xx.
    Refused {
        /// The status code.
        status: u16,
        /// `Retry-After` in milliseconds, where there was one.
        retry_after: Option<u64>,
    },
    /// No answer, or one that is not ours (a captive portal's page, say).
    Unreachable,
}

/// Why the `WebSocket` constructor threw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// `SyntaxError`: the URL can never work.
    BadUrl,
    /// Anything else, such as `SecurityError`.
    Refused,
}

/// A close event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CloseInfo {
    /// The close code; 1006 where there was no close frame.
    pub code: u16,
    /// The peer's reason.
    pub reason: String,
    /// Whether the closing handshake finished.
    pub clean: bool,
}

/// A write failed; the message lives in memory only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

/// What the driver must do next, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// POST to this URL for a ticket, then answer with [`Input::Ticket`].
    FetchTicket(AttemptId, String),
    /// Open a socket.
    Connect(SocketId, String),
    /// Send a text frame.
    Transmit(SocketId, String),
    /// Detach the handlers, then close. No `Closed` is awaited.
    Disconnect(SocketId),
    /// Write, then answer with [`Input::Persisted`].
    Persist(OperationId, StoreOperation),
    /// Something a view shows has changed.
    Changed(Change),
}

/// A write to the account's storage; each is one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreOperation {
    /// Insert or replace a row of the outbox, durably: the person is told that it is kept.
    Put(Pending),
    /// Remove a row of the outbox; absent is fine.
    Remove(MessageId),
    /// Add a stretch to a conversation's log by [`Stretch::join`] and remove the outbox rows it
    /// confirms.
    Log(Box<Stretch>),
    /// Raise the mark up to which the person has read, unless a higher one of the same epoch is
    /// stored.
    Mark(Mark),
}

/// What changed; the getters of [`crate::Client`] tell the new state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// [`crate::Client::status`].
    Status,
    /// [`crate::Client::conversations`]: one was added, or an activity time moved.
    Conversations,
    /// [`crate::Client::items`] of this conversation.
    Timeline(ConversationId),
    /// The same, and all that changed is that others' texts came behind its last row.
    Appended(ConversationId),
    /// [`crate::Client::online`].
    Presence,
    /// A message of somebody else arrived just now (history is not announced).
    Received(ConversationId, MessageId),
    /// Somebody else signals, e.g. `typing`. Not stored.
    Signal(ConversationId, UserId, String),
    /// The message is written (or, with `durable` false, only held in memory): clear the composer.
    Accepted {
        /// The message.
        id: MessageId,
        /// Whether it survives a reload.
        durable: bool,
    },
    /// The message was not taken: the composer keeps its text.
    Refused(MessageId, Failure),
}
