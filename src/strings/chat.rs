//! Texts of the sidebar, the timeline, the composer and the choice of recipients.

use switchboard_client::{Earlier, Failure, ItemState, Sender};
use switchboard_protocol::id::IdError;
use switchboard_protocol::limits::MAX_PARTICIPANTS;
use switchboard_protocol::profile::Recipients;
use switchboard_protocol::{ConversationId, Profile, UserId};

use super::{count, join};
use crate::state::Theme;
use crate::state::budget::Budget;

/// Names the sidebar.
pub const SIDEBAR: &str = "Conversations and people";
/// Heads the list of conversations.
pub const CONVERSATIONS: &str = "Conversations";
/// Heads the list of people.
pub const PEOPLE: &str = "Online";
/// Starts a conversation.
pub const NEW: &str = "New message";
/// Shows the list again on a phone.
pub const BACK: &str = "Back to the conversations";
/// Ends the session.
pub const SIGN_OUT: &str = "Sign out";
/// Stays signed in.
pub const STAY: &str = "Stay";
/// Ends the session and keeps unsent messages.
pub const SIGN_OUT_KEEP: &str = "Sign out and keep them on this device";
/// Ends the session and deletes unsent messages.
pub const SIGN_OUT_DELETE: &str = "Sign out and delete them";
/// What keeping does.
pub const KEEP_HELP: &str = "Kept messages are sent when you sign in here again; nobody else sees them on this page. A message already on its way may arrive all the same.";
/// The same where some could not be stored.
pub const LOST_HELP: &str = "This browser could not store some of them: those are lost when you sign out before they are sent.";
/// Said after signing out.
pub const NOT_DELETED: &str =
    "The browser would not delete your unsent messages. Clear this site’s data in its settings.";
/// Names a block of code.
pub const CODE: &str = "Code";
/// Copies a block of code.
pub const COPY_CODE: &str = "Copy code";
/// Allows notifications.
pub const NOTIFY: &str = "Notify me of new messages";
/// Shown where no conversation is open.
pub const PICK: &str = "Choose a conversation, or start a new one.";
/// Shown in a conversation without messages.
pub const EMPTY: &str = "No messages yet.";
/// Names a conversation of the person alone.
pub const ONESELF: &str = "Notes to yourself";
/// The person here, as a sender.
pub const YOU: &str = "You";
/// Shown for a sender the system does not tell.
pub const UNKNOWN: &str = "Unknown sender";
/// Sends a failed message again.
pub const RETRY: &str = "Try again";
/// Puts a message's text on the clipboard.
pub const COPY: &str = "Copy text";
/// Drops a failed message.
pub const DISCARD: &str = "Discard";
/// Goes to the newest message.
pub const JUMP: &str = "Jump to the latest";
/// The message field.
pub const MESSAGE: &str = "Message";
/// The button beside it.
pub const SEND: &str = "Send";
/// How the keys work.
pub const KEYS: &str = "Enter sends, Shift+Enter starts a new line";
/// What happens to a message written now.
pub const SENT_LATER: &str = "Will be sent when connected";
/// The browser's storage took nothing.
pub const VOLATILE: &str =
    "Keep this page open until everything is sent: the browser’s storage is full or forbidden";
/// The browser's storage could not be opened at all.
pub const NO_STORAGE: &str = "This browser’s storage cannot be used. The chat works, but keep this page open until everything is sent: nothing written here survives a reload.";
/// Heads the choice of recipients.
pub const TO_WHOM: &str = "To whom?";
/// Chooses the conversation everybody is in.
pub const EVERYONE: &str = "Everyone";
/// What choosing everyone does.
pub const EVERYONE_HELP: &str = "One conversation with everybody on this server";
/// Adds what was typed.
pub const ADD: &str = "Add";
/// Starts the conversation.
pub const START: &str = "Start";
/// Said when nobody was chosen.
pub const CHOOSE_SOMEBODY: &str =
    "Choose somebody first: tick a name, or type an id and press Enter.";

/// What the system does not tell about people; `None` where it does.
#[must_use]
pub fn no_presence(profile: &Profile) -> Option<&'static str> {
    match profile.recipients {
        Recipients::UsersAndLobby => None,
        Recipients::Users => Some("This system tells nobody who is online. Type a user id."),
        Recipients::Connection => {
            Some("This system tells nobody who is online. Type a connection id.")
        }
        Recipients::Everyone => {
            Some("This system sends every message to everybody, and does not tell who that is.")
        }
        Recipients::Nobody => Some("This system only announces. It does not tell who else reads."),
    }
}

/// Shown where nobody is listed.
#[must_use]
pub fn nobody(connected: bool) -> &'static str {
    if connected {
        "Nobody else is online."
    } else {
        "Known again once connected."
    }
}

/// Label of the field for ids.
#[must_use]
pub fn id_label(profile: &Profile) -> &'static str {
    match profile.recipients {
        Recipients::Connection => "Connection id",
        _ => "User ids",
    }
}

/// How to fill it.
#[must_use]
pub fn id_help(profile: &Profile) -> &'static str {
    match profile.recipients {
        Recipients::Connection => "The id of one connection, e.g. BFaT_fALIAMCKug=",
        _ => "Type or paste ids, separated by commas, then press Enter.",
    }
}

/// Why an id or a choice of people makes no conversation.
#[must_use]
pub fn recipients_error(what: Option<&str>, error: IdError) -> String {
    match (what, error) {
        (_, IdError::Empty) => CHOOSE_SOMEBODY.to_owned(),
        (_, IdError::TooManyParticipants) => join(&[
            "Choose fewer people: at most ",
            &MAX_PARTICIPANTS.to_string(),
            ", you included.",
        ]),
        (Some(text), IdError::TooLong { .. }) => {
            let start: String = text.chars().take(24).collect();
            join(&["“", &start, "…” is too long for an id: at most 64 bytes."])
        }
        (None, IdError::TooLong { .. }) => {
            "Choose fewer people: their ids together are too long.".to_owned()
        }
        (_, IdError::BadCharacter | IdError::NotCanonical | IdError::TooLarge) => {
            "An id has invisible characters, such as tabs or direction marks. Remove them."
                .to_owned()
        }
    }
}

/// Removes a person from the choice.
#[must_use]
pub fn remove(who: &str) -> String {
    join(&["Remove ", who])
}

/// A conversation's name; `others` leaves the person here out.
#[must_use]
pub fn title(profile: &Profile, conversation: &ConversationId, others: &[UserId]) -> String {
    if conversation.is_lobby() {
        return match profile.recipients {
            Recipients::UsersAndLobby | Recipients::Everyone => EVERYONE,
            Recipients::Users | Recipients::Connection => "Incoming",
            Recipients::Nobody => "Announcements",
        }
        .to_owned();
    }
    if others.is_empty() {
        return ONESELF.to_owned();
    }
    let names: Vec<&str> = others.iter().map(UserId::as_str).collect();
    names.join(", ")
}

/// What stands below a conversation's name.
#[must_use]
pub fn subtitle(profile: &Profile, conversation: &ConversationId, others: usize) -> String {
    if !conversation.is_lobby() {
        return if others > 1 {
            count(others + 1, "person", "people")
        } else {
            String::new()
        };
    }
    match profile.recipients {
        Recipients::UsersAndLobby => "Everybody on this server",
        Recipients::Everyone => "Everybody connected",
        Recipients::Users | Recipients::Connection => {
            "Messages whose sender the system does not tell"
        }
        Recipients::Nobody => "From the server",
    }
    .to_owned()
}

/// Why nothing can be written here; `None` where it can.
#[must_use]
pub fn cannot_write(profile: &Profile, conversation: &ConversationId) -> Option<&'static str> {
    match profile.recipients {
        Recipients::Nobody => Some("This system only announces: nothing can be sent."),
        Recipients::Users | Recipients::Connection if conversation.is_lobby() => Some(
            "These messages came without a sender’s id. To answer, start a new message to an id you know.",
        ),
        Recipients::Users
        | Recipients::Connection
        | Recipients::UsersAndLobby
        | Recipients::Everyone => None,
    }
}

/// Who sent a message.
#[must_use]
pub fn sender(from: &Sender) -> String {
    match from {
        Sender::Me => YOU.to_owned(),
        Sender::Other(user) => user.as_str().to_owned(),
        Sender::Unknown => UNKNOWN.to_owned(),
    }
}

/// The last message's line: who, and the start of the text.
#[must_use]
pub fn last_line(from: &Sender, text: &str, alone: bool) -> String {
    let text = &crate::format::plain(text);
    match from {
        Sender::Other(user) if !alone => join(&["\u{2068}", user.as_str(), "\u{2069}: ", text]),
        Sender::Me => join(&["You: ", text]),
        Sender::Other(_) | Sender::Unknown => text.to_owned(),
    }
}

/// Unread messages, for a screen reader.
#[must_use]
pub fn unread(messages: usize) -> String {
    count(messages, "unread message", "unread messages")
}

/// Rows of the outbox that this version cannot read.
#[must_use]
pub fn unreadable(messages: usize) -> String {
    join(&[
        &count(messages, "unsent message", "unsent messages"),
        " in this browser’s storage cannot be read. Nothing was deleted; a newer version of this page may be able to.",
    ])
}

/// Own messages that wait, for a screen reader.
#[must_use]
pub fn waiting(messages: usize) -> String {
    count(messages, "message waits", "messages wait")
}

/// Own messages that failed, for a screen reader.
#[must_use]
pub fn failed(messages: usize) -> String {
    count(messages, "message failed", "messages failed")
}

/// How many own messages are not sent.
#[must_use]
pub fn unsent(messages: usize) -> String {
    if messages == 0 {
        return "Everything is sent now".to_owned();
    }
    let what = count(messages, "message is", "messages are");
    join(&[&what, " not sent yet"])
}

/// A notification's title: who wrote, and where, if not to the person alone.
#[must_use]
pub fn notification(from: &Sender, group: Option<&str>) -> String {
    let from = sender(from);
    match group {
        Some(group) => join(&[&from, " – ", group]),
        None => from,
    }
}

/// Names the list of messages.
#[must_use]
pub fn messages_of(title: &str) -> String {
    join(&["Messages: ", title])
}

/// The row above the first message.
#[must_use]
pub fn earlier(earlier: Earlier) -> &'static str {
    match earlier {
        Earlier::Loading => "Loading earlier messages…",
        Earlier::None | Earlier::Available => "Load earlier messages",
    }
}

/// The button to the newest message, with what is new there.
#[must_use]
pub fn jump(new: usize) -> String {
    if new == 0 {
        return JUMP.to_owned();
    }
    join(&[JUMP, " (", &new.to_string(), " new)"])
}

/// How far a message got.
#[must_use]
pub fn state(state: ItemState) -> String {
    match state {
        ItemState::Received => String::new(),
        ItemState::Waiting => "Waiting to be sent".to_owned(),
        ItemState::Sending => "Sending".to_owned(),
        ItemState::Unconfirmed => {
            "No confirmation yet; it is sent again until one comes".to_owned()
        }
        ItemState::Sent { reached: 0, .. } | ItemState::Sent { of: 0, .. } => "Sent".to_owned(),
        ItemState::Sent { reached, of, .. } if reached >= of => {
            if of == 1 {
                "Delivered".to_owned()
            } else {
                join(&["Delivered to all ", &of.to_string()])
            }
        }
        ItemState::Sent { reached, of, .. } => join(&[
            "Delivered to ",
            &reached.to_string(),
            " of ",
            &of.to_string(),
        ]),
        ItemState::HandedOver => "Handed to the server; this system does not confirm".to_owned(),
        ItemState::Failed(failure) => join(&["Not sent. ", reason(failure)]),
    }
}

/// Why a message was not taken or not sent, and what to do.
#[must_use]
pub fn reason(failure: Failure) -> &'static str {
    match failure {
        Failure::TooLarge => "The message is larger than 32 KB: shorten it or send it in parts.",
        Failure::Empty => "The message is empty: write something first.",
        Failure::NotSupported => "This system cannot send there: choose other recipients.",
        Failure::Forbidden => "The server says you may not write here.",
        Failure::BadRecipients => "The server cannot reach these recipients: check their ids.",
        Failure::Rejected => "The server refused the text.",
        Failure::Expired => "It waited 14 days: try again if it still matters.",
    }
}

/// The byte budget near the limit; empty far from it.
#[must_use]
pub fn budget(budget: Budget) -> String {
    match budget {
        Budget::Ample => String::new(),
        Budget::Near(left) => join(&[&left.to_string(), " bytes left"]),
        Budget::Over(over) => join(&[
            &over.to_string(),
            " bytes too many: API Gateway takes 32 KB. Shorten the message or send it in parts.",
        ]),
    }
}

/// The theme button: what is on now.
#[must_use]
pub fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    }
}
