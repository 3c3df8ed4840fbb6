//! Messages and conversations, as a view shows them.

use switchboard_protocol::client::Kind;
use switchboard_protocol::{ConversationId, MessageId, UserId};

use super::Failure;

/// A message as a view shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Stable from the composer on.
    pub id: MessageId,
    /// Who sent it.
    pub from: Sender,
    /// When it was committed, or written where it is not yet; ms since the Unix epoch.
    pub at: u64,
    /// The text, as it was last edited; empty once deleted.
    pub text: String,
    /// How far it got.
    pub state: ItemState,
    /// Its earlier texts, oldest first; none once deleted.
    pub edits: Vec<Version>,
    /// Whether its sender has deleted it.
    pub deleted: bool,
    /// The message it replies to.
    pub reply: Option<Reply>,
    /// In the order in which each emoji was first used.
    pub reactions: Vec<Reaction>,
    /// Whether somebody else's text names the person signed in here.
    pub mentions_me: bool,
    /// Whether it shows own changes (edit, delete, reaction) that are not confirmed yet.
    pub pending: bool,
    /// An own edit or delete of it that was refused, for the person to retry or discard.
    pub unsaved: Option<Unsaved>,
}

impl Item {
    /// A message nobody has done anything to.
    #[must_use]
    pub fn new(id: MessageId, from: Sender, at: u64, text: String, state: ItemState) -> Self {
        Self {
            id,
            from,
            at,
            text,
            state,
            edits: Vec::new(),
            deleted: false,
            reply: None,
            reactions: Vec::new(),
            mentions_me: false,
            pending: false,
            unsaved: None,
        }
    }
}

/// What a message said before it was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it began to say so, ms since the Unix epoch.
    pub at: u64,
    /// The text.
    pub text: String,
}

/// What a message replies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The message; it may not be loaded.
    pub id: MessageId,
    /// Who wrote it; unknown where it is not loaded.
    pub from: Option<Sender>,
    /// The start of its present text; empty where it is not loaded or deleted.
    pub text: String,
}

/// An emoji on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Who put it there, in order; not empty.
    pub who: Vec<Sender>,
}

/// An own change of a message that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// Names it for [`super::Input::Retry`] and [`super::Input::Discard`].
    pub id: MessageId,
    /// [`Kind::Edit`] or [`Kind::Delete`].
    pub kind: Kind,
    /// The text the message was to have.
    pub text: String,
    /// Why.
    pub failure: Failure,
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
        /// Those who have read it.
        read: usize,
    },
    /// Own; given to an open socket of a profile that confirms nothing.
    HandedOver,
    /// Own; refused, kept for the person to retry or discard.
    Failed(Failure),
}

/// How far an own message got with one of those it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It is not in the log yet.
    Waiting,
    /// It is in the log.
    Sent,
    /// They have it.
    Delivered,
    /// They have read it.
    Read,
    /// It is in the log, and they are not connected: they get it when they come back.
    Unreachable,
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
    /// The last message's sender and the start of its text, which is empty once deleted.
    pub last: Option<(Sender, String)>,
    /// Own messages not confirmed yet.
    pub waiting: usize,
    /// Own messages refused.
    pub failed: usize,
    /// Messages of others above the own read mark.
    pub unread: usize,
    /// Those among them that name the person.
    pub mentions: usize,
    /// The oldest of them that is loaded.
    pub first_unread: Option<MessageId>,
}

impl Summary {
    /// A conversation in which nothing was said.
    #[must_use]
    pub fn new(id: ConversationId) -> Self {
        Self {
            id,
            last_at: 0,
            last: None,
            waiting: 0,
            failed: 0,
            unread: 0,
            mentions: 0,
            first_unread: None,
        }
    }
}
