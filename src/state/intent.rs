//! What a person asks for.

use switchboard_client::Kind;
use switchboard_protocol::{ConversationId, MessageId};

use super::ConnectRequest;
use super::export::Format;
use super::marks::Mark;
use super::search::Query;

/// Something a person asked for. The driver carries it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// Sign in and connect.
    Connect(Box<ConnectRequest>),
    /// Close the connection and show the connect form.
    SignOut(Unsent),
    /// A conversation was opened.
    Open(ConversationId),
    /// Send a message. Answer with `Change::Accepted` or `Change::Refused`.
    Send {
        /// Where to.
        conversation: ConversationId,
        /// Minted for this message alone.
        id: MessageId,
        /// A text, or an edit, delete or reaction of `re`.
        kind: Kind,
        /// As [`switchboard_client::Input::Send`] has it.
        content: String,
        /// The message it is about: of a text, the one it replies to.
        re: Option<MessageId>,
    },
    /// The person changed what stands in a composer. The draft is kept after a pause, and the
    /// others are told that somebody types if the person lets them know.
    Typing(ConversationId),
    /// Try a failed message again.
    Retry(MessageId),
    /// Drop a failed message.
    Discard(MessageId),
    /// Show the rows that belong in the document now.
    Look,
    /// Everything up to this message has been read.
    Read(ConversationId, MessageId),
    /// A message and what follows is unread again.
    Unread(ConversationId, MessageId),
    /// Fetch the page before the oldest message.
    LoadEarlier(ConversationId),
    /// Connect now instead of waiting.
    TryNow,
    /// Put a text on the clipboard.
    Copy(String),
    /// Search what this browser has, in one conversation or in all; an earlier search is given up.
    Search(Box<Query>, Option<ConversationId>),
    /// Save a conversation as a file.
    Export(ConversationId, Format),
    /// Fetch the book of emoji; it is not there yet.
    LoadEmoji,
    /// Remember skin tone and recent emoji.
    KeepEmoji,
    /// Ask the browser to allow notifications.
    Notify,
    /// Save what happened to the client, without names and texts, as a file.
    ExportTrace,
    /// Something with what this browser keeps.
    Storage(StorageAct),
    /// Keep the settings; the page has changed already.
    Save,
    /// Everything in a conversation has been read.
    ReadAll(ConversationId),
    /// Keep what was set for a conversation; the page has changed already.
    Mark(ConversationId, Mark),
    /// Put the address of a conversation, or of a message in it, on the clipboard.
    CopyLink(ConversationId, Option<MessageId>),
    /// Reload into the newer build that waits.
    Reload,
}

/// What becomes of messages that are not sent when the person signs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// They stay in this browser, and are sent when the same person signs in again.
    Keep,
    /// They are deleted.
    Delete,
}

/// What a person asks for of what this browser keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageAct {
    /// Tell how much it is.
    Measure,
    /// Delete this account's stored history; unsent messages stay.
    Clear,
    /// Save everything as a file.
    ExportAll,
    /// Delete everything of every account, and sign out.
    Erase,
}

/// Light, dark or the system's choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The next one round the toggle.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}
