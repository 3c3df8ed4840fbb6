//! Frames a client sends. `action` is the API Gateway route key.

use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, MessageId, Seq, UserId};
use crate::json::Writer;

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

impl ClientFrame {
    /// The frame's text, as `serde_json` would write it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut object = Writer::new();
        match self {
            Self::Hello(hello) => {
                object.text("action", "hello");
                object.number("v", hello.v.into());
                object.number("rid", hello.rid);
                object.text("device", &hello.device);
                object.text("tab", &hello.tab);
            }
            Self::SendMessage(send) => {
                object.text("action", "sendmessage");
                object.number("v", send.v.into());
                object.text("id", send.id.as_str());
                if let Some(to) = &send.to {
                    object.texts("to", to.iter().map(UserId::as_str));
                }
                if let Some(conv) = &send.conv {
                    object.text("conv", conv.as_str());
                }
                object.text("kind", send.kind.as_str());
                object.text("content", &send.content);
                if let Some(re) = &send.re {
                    object.text("re", re.as_str());
                }
            }
            Self::Signal(signal) => {
                object.text("action", "signal");
                object.text("conv", signal.conv.as_str());
                object.text("kind", &signal.kind);
            }
            Self::Sync(sync) => {
                object.text("action", "sync");
                object.number("rid", sync.rid);
                object.text("conv", sync.conv.as_str());
                if let Some(after) = sync.after {
                    object.number("after", after.get());
                }
                if let Some(before) = sync.before {
                    object.number("before", before.get());
                }
                if let Some(limit) = sync.limit {
                    object.number("limit", limit.into());
                }
            }
            Self::Ping(ping) => {
                object.text("action", "ping");
                object.number("n", ping.n);
                if !ping.heads_for.is_empty() {
                    let heads_for = ping.heads_for.iter().map(ConversationId::as_str);
                    object.texts("heads_for", heads_for);
                }
            }
            Self::Bye => object.text("action", "bye"),
        }
        object.finish()
    }
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

impl Kind {
    /// The kind's name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text => "text",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Reaction => "reaction",
            Self::Read => "read",
            Self::Other(text) => text,
        }
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> String {
        kind.as_str().to_owned()
    }
}
