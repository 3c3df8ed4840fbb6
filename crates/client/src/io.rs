//! What goes into the core and what comes out of it.

use switchboard_protocol::json::{Object, Writer};
use switchboard_protocol::{ConversationId, MessageId, UserId};

use crate::account::Account;
use crate::stored::{Restored, Stretch};

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
        /// The text, not empty.
        text: String,
    },
    /// Try a failed message again, with the same id.
    Retry(MessageId),
    /// Drop a failed message.
    Discard(MessageId),
    /// The person opened a conversation: it is listed from now on and its newest page fetched.
    Open(ConversationId),
    /// The person wants the page before the oldest loaded message.
    LoadEarlier(ConversationId),
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

/// A message in the outbox, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its id for ever.
    pub id: MessageId,
    /// Where to.
    pub conversation: ConversationId,
    /// The text.
    pub text: String,
    /// When the person pressed send, or *retry*; ms since the Unix epoch.
    pub at: u64,
    /// When `id` was minted, ms since the Unix epoch: the server forgets ids after 30 days.
    pub minted: u64,
    /// Its place among this outbox's messages.
    pub order: u64,
    /// Whether it was refused for good and waits for the person.
    pub failed: Option<Failure>,
}

impl Pending {
    /// How storage keeps it; [`Pending::parse`] reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut row = Writer::new();
        row.text("id", self.id.as_str());
        row.text("conversation", self.conversation.as_str());
        row.text("text", &self.text);
        row.number("at", self.at);
        row.number("minted", self.minted);
        row.number("order", self.order);
        match self.failed {
            Some(failure) => row.text("failed", failure.name()),
            None => row.null("failed"),
        }
        row.finish()
    }

    /// Reads a stored row; `None` for what is not one.
    #[must_use]
    pub fn parse(row: &str) -> Option<Self> {
        let mut row = Object::parse(row)?;
        let failed = row.has("failed").then(|| row.text("failed"));
        let at = row.number("at")?;
        Some(Self {
            id: row.id("id")?,
            conversation: row.id("conversation")?,
            text: row.text("text")?,
            at,
            minted: row.number("minted").unwrap_or(at),
            order: row.number("order")?,
            // A reason this version does not know is still a refusal.
            failed: failed.map(|name| {
                name.and_then(|name| Failure::named(&name))
                    .unwrap_or(Failure::Rejected)
            }),
        })
    }
}

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
    /// [`crate::Client::online`].
    Presence,
    /// A message of somebody else arrived just now (history is not announced).
    Received(ConversationId, MessageId),
    /// Somebody signals, e.g. `typing`. Not stored.
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

/// The four states of a WebSocket, as in `WebSocket.readyState`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReadyState {
    /// 0
    Connecting,
    /// 1
    Open,
    /// 2
    Closing,
    /// 3
    #[default]
    Closed,
}

/// What the client is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is signed in.
    #[default]
    SignedOut,
    /// A ticket for the next socket is being fetched.
    Ticket,
    /// A socket is being opened.
    Connecting,
    /// The socket is open, `welcome` has not come yet.
    Greeting,
    /// Messages flow.
    Up,
    /// The peer is closing the socket.
    Closing,
    /// The next attempt starts at `retry_at` ([`Now::mono`]).
    Waiting {
        /// When.
        retry_at: u64,
    },
    /// Trying again by itself cannot help.
    Stopped(Stop),
}

/// Why the client does not try again by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The browser refuses the URL.
    BadUrl,
    /// The ticket or token is not accepted (HTTP 401, close 4401, 1008): sign in again.
    SignIn,
    /// The server refuses this person (HTTP 403, close 4403).
    Forbidden,
    /// Another session took over (4409).
    Replaced,
    /// This client is too old for the server (4426, `min_version`).
    Outdated,
    /// The server keeps objecting to our frames (1002, 1003, 1007).
    Protocol,
}

/// The connection, in the field's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Of the socket in use.
    pub ready_state: ReadyState,
    /// What the client is about.
    pub phase: Phase,
    /// How the last socket ended, and when ([`Now::wall`]).
    pub last_close: Option<(CloseInfo, u64)>,
    /// Failed attempts since messages last flowed.
    pub attempt: u32,
    /// This connection's id, where the server tells it.
    pub connection: Option<String>,
    /// Messages that wait for a connection or a confirmation.
    pub waiting: usize,
    /// Those among them that could not be written: they are gone with the page.
    pub volatile: usize,
}

/// A message as a view shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Stable from the composer on.
    pub id: MessageId,
    /// Who sent it.
    pub from: Sender,
    /// When it was committed, or written where it is not yet; ms since the Unix epoch.
    pub at: u64,
    /// The text, as it came.
    pub text: String,
    /// How far it got.
    pub state: ItemState,
}

/// Who sent a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// The person signed in here.
    Me,
    /// Somebody else: a user id, or a connection id in profiles that know no users.
    Other(UserId),
    /// The profile does not tell.
    Unknown,
}

/// How far a message got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    /// Somebody else's.
    Received,
    /// Own; waits for the connection or for an earlier message.
    Waiting,
    /// Own; on its way, not confirmed yet.
    Sending,
    /// Own; transmitted, but no answer came in time. It is being sent again.
    Unconfirmed,
    /// Own; in the log. `reached` of `of` other participants have it; `of` is 0 where nobody counts.
    Sent {
        /// People who have it.
        reached: usize,
        /// People it is for.
        of: usize,
    },
    /// Own; given to an open socket of a profile that confirms nothing.
    HandedOver,
    /// Own; refused, kept for the person to retry or discard.
    Failed(Failure),
}

/// Why a message failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The encoded frame would pass 32 KB.
    TooLarge,
    /// Nothing but white space.
    Empty,
    /// The profile cannot send there.
    NotSupported,
    /// The server says this person may not.
    Forbidden,
    /// The server cannot make a conversation of these recipients.
    BadRecipients,
    /// The server refused the content.
    Rejected,
    /// Unsent for 14 days.
    Expired,
}

impl Failure {
    /// How it is stored.
    fn name(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
            Self::NotSupported => "not_supported",
            Self::Forbidden => "forbidden",
            Self::BadRecipients => "bad_recipients",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
        }
    }

    /// The failure stored as `name`.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "too_large" => Self::TooLarge,
            "empty" => Self::Empty,
            "not_supported" => Self::NotSupported,
            "forbidden" => Self::Forbidden,
            "bad_recipients" => Self::BadRecipients,
            "rejected" => Self::Rejected,
            "expired" => Self::Expired,
            _ => return None,
        })
    }
}

/// Whether messages older than the loaded ones exist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Earlier {
    /// The log's start is loaded, or the profile has no history.
    #[default]
    None,
    /// There are more.
    Available,
    /// They are being fetched.
    Loading,
}

/// One line of the conversation list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Which.
    pub id: ConversationId,
    /// When the last message came or was written, ms since the Unix epoch; 0 for never.
    pub last_at: u64,
    /// The last message's sender and the start of its text.
    pub last: Option<(Sender, String)>,
    /// Own messages not confirmed yet.
    pub waiting: usize,
    /// Own messages refused.
    pub failed: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outbox_row_reads_back() {
        let all = [
            None,
            Some(Failure::TooLarge),
            Some(Failure::Empty),
            Some(Failure::NotSupported),
            Some(Failure::Forbidden),
            Some(Failure::BadRecipients),
            Some(Failure::Rejected),
            Some(Failure::Expired),
        ];
        for failed in all {
            let row = Pending {
                id: MessageId::from_random(1),
                conversation: ConversationId::lobby(),
                text: "\"\u{0}😀".to_owned(),
                at: 1_700_000_000_500,
                minted: 1_700_000_000_000,
                order: 3,
                failed,
            };
            assert_eq!(Pending::parse(&row.to_json()), Some(row));
        }
        for broken in [
            "",
            "{}",
            "[]",
            r#"{"id":"a","conversation":"lobby","text":1,"at":1,"order":1}"#,
        ] {
            assert_eq!(Pending::parse(broken), None, "{broken}");
        }
        let newer =
            r#"{"id":"a","conversation":"lobby","text":"x","at":1,"order":1,"failed":"new"}"#;
        assert_eq!(
            Pending::parse(newer).unwrap().failed,
            Some(Failure::Rejected)
        );
    }
}
