//! Frames a client receives. `event` names the kind; an unknown one is counted and ignored.

mod decode;

use serde::{Deserialize, Serialize};

use crate::client::Kind;
use crate::id::{ConnectionId, ConversationId, MessageId, Seq, UserId};
use crate::json::{Object, Writer};
use crate::platform::PlatformFrame;
use crate::sorted::SortedMap;

/// A frame of Switchboard's own protocol from server to client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum ServerFrame {
    /// Answers `hello`.
    Welcome(Welcome),
    /// The message is in the log.
    Ack(Ack),
    /// The message is not in the log.
    Nack(Nack),
    /// A log entry.
    Message(Message),
    /// Answers `sync`.
    Page(Page),
    /// Answers `ping`.
    Pong(Pong),
    /// Who is online.
    Presence(Presence),
    /// Who has been reached.
    Delivery(Delivery),
    /// Something nobody stored.
    Signal(SignalEvent),
    /// Please reconnect.
    Goaway(Goaway),
}

/// Heads: the last place in each conversation.
pub type Heads = SortedMap<ConversationId, Seq>;

/// See [`ServerFrame::Welcome`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The `rid` of the `hello`.
    pub rid: u64,
    /// This connection.
    pub connection: ConnectionId,
    /// The server's clock, ms since the Unix epoch; for display only.
    pub now: u64,
    /// Names the log's incarnation; another one means the log was restored.
    pub epoch: String,
    /// Heads of the user's conversations, the lobby included.
    pub heads: Heads,
    /// What the server accepts.
    pub limits: Limits,
    /// The oldest protocol version the server still speaks.
    pub min_version: u32,
}

/// See [`Welcome::limits`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest client frame in bytes.
    pub max_bytes: u32,
}

/// See [`ServerFrame::Ack`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The message.
    pub id: MessageId,
    /// Its conversation.
    pub conv: ConversationId,
    /// Its place.
    pub seq: Seq,
    /// When it was committed, ms since the Unix epoch.
    pub at: u64,
    /// Whether an earlier attempt had committed it.
    #[serde(default)]
    pub duplicate: bool,
}

/// See [`ServerFrame::Nack`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nack {
    /// The message; absent when the frame was too broken to name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MessageId>,
    /// Why.
    pub code: NackCode,
    /// Whether sending the same id again can succeed.
    pub retry: bool,
    /// Not before this many ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// Why a message was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NackCode {
    /// The frame does not have the shape of its action.
    Malformed,
    /// The connection has no user.
    Anonymous,
    /// The user is not in the conversation.
    Forbidden,
    /// The participants cannot form a conversation (none, too many, ids too long).
    BadRecipients,
    /// The message is empty or too large.
    BadContent,
    /// The store was busy or failed.
    Unavailable,
    /// A code this version does not know.
    #[serde(other)]
    Unknown,
}

/// A log entry; a superset of S2's `{"content":…}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its conversation.
    pub conv: ConversationId,
    /// Its place.
    pub seq: Seq,
    /// The sender's id for it.
    pub id: MessageId,
    /// The sender, taken from the connection.
    pub from: UserId,
    /// When it was committed, ms since the Unix epoch.
    pub at: u64,
    /// What it is.
    #[serde(default)]
    pub kind: Kind,
    /// The text.
    pub content: String,
    /// The message it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re: Option<MessageId>,
}

impl Message {
    /// How storage keeps it, as `serde_json` would write it; [`Message::parse`] reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut object = Writer::new();
        object.text("conv", self.conv.as_str());
        object.number("seq", self.seq.get());
        object.text("id", self.id.as_str());
        object.text("from", self.from.as_str());
        object.number("at", self.at);
        object.text("kind", self.kind.as_str());
        object.text("content", &self.content);
        if let Some(re) = &self.re {
            object.text("re", re.as_str());
        }
        object.finish()
    }
}

/// See [`ServerFrame::Page`]. `messages` are in order and lie in `(after, covered]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The `rid` of the `sync`.
    pub rid: u64,
    /// The conversation.
    pub conv: ConversationId,
    /// Just below the first place this page speaks of.
    pub after: Seq,
    /// The entries.
    pub messages: Vec<Message>,
    /// Every place in `(after, covered]` is in `messages` or is a permanent hole.
    pub covered: Seq,
    /// The last place in the log; more remains when it is above `covered`.
    pub head: Seq,
    /// See [`Welcome::epoch`].
    pub epoch: String,
}

/// See [`ServerFrame::Pong`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pong {
    /// The `n` of the `ping`.
    pub n: u64,
    /// The server's clock, ms since the Unix epoch.
    pub now: u64,
    /// Heads, as asked.
    #[serde(default)]
    pub heads: Heads,
}

/// See [`ServerFrame::Presence`]. At most once, never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Whether `online` is everybody; then those absent from it are offline.
    #[serde(default)]
    pub all: bool,
    /// People with a live connection.
    #[serde(default)]
    pub online: Vec<UserId>,
    /// People whose last connection has gone.
    #[serde(default)]
    pub offline: Vec<UserId>,
}

/// See [`ServerFrame::Delivery`]. At most once, never stored.
///
/// A watermark: each of `to` has been handed everything up to `seq`. It comes after a send's
/// fan-out and when an absent participant catches up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The conversation.
    pub conv: ConversationId,
    /// Up to this place.
    pub seq: Seq,
    /// People reached.
    pub to: Vec<UserId>,
}

/// See [`ServerFrame::Signal`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalEvent {
    /// The conversation.
    pub conv: ConversationId,
    /// Who signals, taken from the connection.
    pub from: UserId,
    /// `typing`, or anything both ends understand.
    pub kind: String,
}

/// See [`ServerFrame::Goaway`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goaway {
    /// Reconnect after about this many ms.
    pub reconnect_in_ms: u64,
}

/// What a received text frame is, seen with Switchboard's own profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbound {
    /// One of ours.
    Frame(Box<ServerFrame>),
    /// The gateway's own error frame.
    Platform(PlatformFrame),
    /// An `event` this version does not know.
    UnknownEvent(String),
    /// Not ours: an older dialect's text, or junk.
    Foreign,
    /// An `event` we know with a body we cannot read.
    Malformed,
}

impl Inbound {
    /// Classifies `text`; never fails.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let Some(mut object) = Object::parse(text) else {
            return Self::Foreign;
        };
        if !object.has("event") {
            return PlatformFrame::read(object).map_or(Self::Foreign, Self::Platform);
        }
        let Some(event) = object.text("event") else {
            return Self::Foreign;
        };
        match decode::frame(&event, &mut object) {
            Some(Some(frame)) => Self::Frame(Box::new(frame)),
            Some(None) => Self::Malformed,
            None => Self::UnknownEvent(event),
        }
    }
}
