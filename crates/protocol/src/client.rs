//! Frames a client sends. `action` is the API Gateway route key.

use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, MessageId, Seq, UserId};

/// A frame of Switchboard's own protocol from client to server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "lowercase")]
pub enum ClientFrame {
    /// First frame after open: registers the connection and asks for heads.
    Hello(Hello),
    /// A message for a conversation.
    SendMessage(SendMessage),
    /// Something nobody stores, such as typing.
    Signal(Signal),
    /// History: everything after a cursor, the newest page, or the page before a cursor.
    Sync(Sync),
    /// Liveness; the answer carries heads.
    Ping(Ping),
    /// The page is going away; best effort.
    Bye,
}

/// See [`ClientFrame::Hello`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Protocol version, [`crate::VERSION`].
    pub v: u32,
    /// Request id, echoed in `welcome`.
    pub rid: u64,
    /// Names the browser profile.
    pub device: String,
    /// Names the tab.
    pub tab: String,
}

/// See [`ClientFrame::SendMessage`]. Exactly one of `to` and `conv` is present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessage {
    /// Protocol version.
    pub v: u32,
    /// Minted once, when the person pressed send.
    pub id: MessageId,
    /// The other participants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Vec<UserId>>,
    /// The conversation, instead of `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conv: Option<ConversationId>,
    /// What the entry is; `text` when absent.
    #[serde(default)]
    pub kind: Kind,
    /// The text.
    pub content: String,
    /// The message this one is about (reply, edit, reaction).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re: Option<MessageId>,
}

/// See [`ClientFrame::Signal`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// The conversation it is about.
    pub conv: ConversationId,
    /// `typing`, or anything both ends understand.
    pub kind: String,
}

/// See [`ClientFrame::Sync`]. With neither `after` nor `before`: the newest page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    /// Request id, echoed in `page`.
    pub rid: u64,
    /// The conversation.
    pub conv: ConversationId,
    /// Everything after this place, oldest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Seq>,
    /// The page that ends just before this place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Seq>,
    /// Most messages wanted, 1 to [`crate::limits::MAX_PAGE_MESSAGES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// See [`ClientFrame::Ping`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ping {
    /// Echoed in `pong`.
    pub n: u64,
    /// Conversations whose heads are wanted; all of the user's when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads_for: Vec<ConversationId>,
}

/// What a log entry is. Unknown kinds are kept, so that an old client loses nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Kind {
    /// Plain text.
    #[default]
    Text,
    /// A new text for an earlier message.
    Edit,
    /// Removes an earlier message.
    Delete,
    /// An emoji on an earlier message.
    Reaction,
    /// The sender has read up to here.
    Read,
    /// A kind this version does not know.
    Other(String),
}

impl From<String> for Kind {
    fn from(text: String) -> Self {
        match text.as_str() {
            "text" => Self::Text,
            "edit" => Self::Edit,
            "delete" => Self::Delete,
            "reaction" => Self::Reaction,
            "read" => Self::Read,
            _ => Self::Other(text),
        }
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> String {
        match kind {
            Kind::Text => "text".to_owned(),
            Kind::Edit => "edit".to_owned(),
            Kind::Delete => "delete".to_owned(),
            Kind::Reaction => "reaction".to_owned(),
            Kind::Read => "read".to_owned(),
            Kind::Other(text) => text,
        }
    }
}
