//! Texts of the sidebar, the timeline, the composer and the choice of recipients.

use switchboard_client::{Earlier, Failure, ItemState, Sender};
use switchboard_protocol::id::IdError;
use switchboard_protocol::limits::{MAX_PARTICIPANTS, MAX_USER_ID_BYTES};
use switchboard_protocol::profile::Recipients;
use switchboard_protocol::{ConversationId, Profile, UserId};

use crate::state::Theme;
use crate::state::budget::Budget;

pub use super::texts::chat::*;

/// What the system does not tell about people; `None` where it does.
#[must_use]
pub fn no_presence(profile: &Profile) -> Option<&'static str> {
    match profile.recipients {
        Recipients::UsersAndLobby => None,
        Recipients::Users => Some(no_presence_users()),
        Recipients::Connection => Some(no_presence_connection()),
        Recipients::Everyone => Some(no_presence_everyone()),
        Recipients::Nobody => Some(no_presence_nobody()),
    }
}

/// Shown where nobody is listed.
#[must_use]
pub fn nobody(connected: bool) -> &'static str {
    if connected {
        nobody_online()
    } else {
        nobody_known()
    }
}

/// Label of the field for ids.
#[must_use]
pub fn id_label(profile: &Profile) -> &'static str {
    match profile.recipients {
        Recipients::Connection => connection_id(),
        _ => user_ids(),
    }
}

/// How to fill it.
#[must_use]
pub fn id_help(profile: &Profile) -> &'static str {
    match profile.recipients {
        Recipients::Connection => connection_id_help(),
        _ => user_ids_help(),
    }
}

/// Why an id or a choice of people makes no conversation.
#[must_use]
pub fn recipients_error(what: Option<&str>, error: IdError) -> String {
    match (what, error) {
        (_, IdError::Empty) => choose_somebody().to_owned(),
        (_, IdError::TooManyParticipants) => too_many_people(MAX_PARTICIPANTS),
        (Some(text), IdError::TooLong { .. }) => {
            let start: String = text.chars().take(24).collect();
            id_too_long(&start, MAX_USER_ID_BYTES)
        }
        (None, IdError::TooLong { .. }) => ids_too_long().to_owned(),
        (_, IdError::BadCharacter | IdError::NotCanonical | IdError::TooLarge) => {
            id_invisible().to_owned()
        }
    }
}

/// A conversation's name; `others` leaves the person here out.
#[must_use]
pub fn title(profile: &Profile, conversation: &ConversationId, others: &[UserId]) -> String {
    if conversation.is_lobby() {
        return match profile.recipients {
            Recipients::UsersAndLobby | Recipients::Everyone => everyone(),
            Recipients::Users | Recipients::Connection => incoming(),
            Recipients::Nobody => announcements(),
        }
        .to_owned();
    }
    if others.is_empty() {
        return oneself().to_owned();
    }
    let mut names = String::new();
    for name in others.iter().map(UserId::as_str) {
        names = if names.is_empty() {
            name.to_owned()
        } else {
            super::texts::chat::names(&names, name)
        };
    }
    names
}

/// What stands below a conversation's name.
#[must_use]
pub fn subtitle(profile: &Profile, conversation: &ConversationId, others: usize) -> String {
    if !conversation.is_lobby() {
        return if others > 1 {
            people_here(others + 1)
        } else {
            String::new()
        };
    }
    match profile.recipients {
        Recipients::UsersAndLobby => everybody_here(),
        Recipients::Everyone => everybody_connected(),
        Recipients::Users | Recipients::Connection => sender_not_told(),
        Recipients::Nobody => from_server(),
    }
    .to_owned()
}

/// Why nothing can be written here; `None` where it can.
#[must_use]
pub fn cannot_write(profile: &Profile, conversation: &ConversationId) -> Option<&'static str> {
    match profile.recipients {
        Recipients::Nobody => Some(only_announces()),
        Recipients::Users | Recipients::Connection if conversation.is_lobby() => Some(no_answer()),
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
        Sender::Me => you().to_owned(),
        Sender::Other(user) => user.as_str().to_owned(),
        Sender::Unknown => unknown().to_owned(),
    }
}

/// The last message's line: who, and the start of the text.
#[must_use]
pub fn last_line(from: &Sender, text: &str, alone: bool) -> String {
    let text = &crate::format::plain(text);
    match from {
        Sender::Other(user) if !alone => line_of_other(user.as_str(), text),
        Sender::Me => line_of_mine(text),
        Sender::Other(_) | Sender::Unknown => text.to_owned(),
    }
}

/// How many own messages are not sent.
#[must_use]
pub fn unsent(messages: usize) -> String {
    if messages == 0 {
        return all_sent().to_owned();
    }
    not_sent_yet(messages)
}

/// A notification's title: who wrote, and where, if not to the person alone.
#[must_use]
pub fn notification(from: &Sender, group: Option<&str>) -> String {
    let from = sender(from);
    match group {
        Some(group) => notification_in(&from, group),
        None => from,
    }
}

/// The row above the first message.
#[must_use]
pub fn earlier(earlier: Earlier) -> &'static str {
    match earlier {
        Earlier::Loading => loading_earlier(),
        Earlier::None | Earlier::Available => load_earlier(),
    }
}

/// The button to the newest message, with what is new there.
#[must_use]
pub fn jump_to_latest(new: usize) -> String {
    if new == 0 {
        return jump().to_owned();
    }
    jump_new(new)
}

/// How far a message got.
#[must_use]
pub fn state(state: ItemState) -> String {
    match state {
        ItemState::Received => String::new(),
        ItemState::Waiting => state_waiting().to_owned(),
        ItemState::Sending => state_sending().to_owned(),
        ItemState::Unconfirmed => state_unconfirmed().to_owned(),
        ItemState::Sent { read, of, .. } if read > 0 => {
            use super::timeline::{state_read, state_read_all, state_read_some};
            match (read >= of, of) {
                (true, 0 | 1) => state_read().to_owned(),
                (true, _) => state_read_all(of),
                (false, _) => state_read_some(read, of),
            }
        }
        ItemState::Sent { reached: 0, .. } | ItemState::Sent { of: 0, .. } => {
            state_sent().to_owned()
        }
        ItemState::Sent { reached, of, .. } if reached >= of => {
            if of == 1 {
                state_delivered().to_owned()
            } else {
                state_delivered_all(of)
            }
        }
        ItemState::Sent { reached, of, .. } => state_delivered_some(reached, of),
        ItemState::HandedOver => state_handed_over().to_owned(),
        ItemState::Failed(failure) => state_failed(reason(failure)),
    }
}

/// Why a message was not taken or not sent, and what to do.
#[must_use]
pub fn reason(failure: Failure) -> &'static str {
    match failure {
        Failure::TooLarge => reason_too_large(),
        Failure::Empty => reason_empty(),
        Failure::NotSupported => reason_not_supported(),
        Failure::Forbidden => reason_forbidden(),
        Failure::BadRecipients => reason_bad_recipients(),
        Failure::Rejected => reason_rejected(),
        Failure::Expired => reason_expired(),
    }
}

/// The byte budget near the limit; empty far from it.
#[must_use]
pub fn budget(budget: Budget) -> String {
    match budget {
        Budget::Ample => String::new(),
        Budget::Near(left) => bytes_left(left),
        Budget::Over(over) => bytes_over(over),
    }
}

/// The theme button: what is on now.
#[must_use]
pub fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => theme_auto(),
        Theme::Light => theme_light(),
        Theme::Dark => theme_dark(),
    }
}
