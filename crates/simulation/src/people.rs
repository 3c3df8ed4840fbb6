//! Who chats with whom, and how a message's text tells which one it is.

use switchboard_client::Kind;
use switchboard_protocol::{ConversationId, MessageId, UserId};

const NAMES: [&str; 4] = ["ana", "bo", "cy", "di"];

/// The people of a world and their conversations.
#[derive(Debug)]
pub(crate) struct People {
    /// 2 to 4.
    pub(crate) users: Vec<UserId>,
    /// The lobby, every pair, everybody (where that is not a pair).
    pub(crate) conversations: Vec<ConversationId>,
    /// For each user, the places in `conversations` of those they are in.
    pub(crate) of_user: Vec<Vec<usize>>,
}

impl People {
    pub(crate) fn new(count: usize) -> Self {
        let users: Vec<UserId> = NAMES
            .iter()
            .take(count)
            .filter_map(|name| UserId::try_from(*name).ok())
            .collect();
        let mut conversations = vec![ConversationId::lobby()];
        for (at, one) in users.iter().enumerate() {
            for other in &users[at + 1..] {
                conversations.extend(ConversationId::of([one, other]));
            }
        }
        if users.len() > 2 {
            conversations.extend(ConversationId::of(&users));
        }
        let of_user = users
            .iter()
            .map(|user| {
                let places = conversations.iter().enumerate();
                places
                    .filter(|(_, conversation)| conversation.includes(user))
                    .map(|(place, _)| place)
                    .collect()
            })
            .collect();
        Self {
            users,
            conversations,
            of_user,
        }
    }

    /// The place of a conversation.
    pub(crate) fn place(&self, conversation: &ConversationId) -> Option<usize> {
        self.conversations.iter().position(|c| c == conversation)
    }
}

/// The id of message `number`.
pub(crate) fn message_id(number: usize) -> Option<MessageId> {
    MessageId::try_from(format!("m{number}")).ok()
}

/// The number of a message id; `None` for one that no person's send minted.
pub(crate) fn message_number(id: &MessageId) -> Option<usize> {
    number_of(id.as_str())
}

/// The same for an id's text.
pub(crate) fn number_of(id: &str) -> Option<usize> {
    id.strip_prefix('m')?.parse().ok()
}

/// The text of message `number`, at least `bytes` long.
fn text(number: usize, bytes: usize) -> String {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
    let mut text = String::with_capacity(bytes.max(12) + LETTERS.len());
    text.push_str(&number.to_string());
    text.push(':');
    let least = bytes.max(text.len());
    while text.len() < least {
        text.push_str(LETTERS);
    }
    text.truncate(least);
    text
}

/// What people react with, and take back.
pub(crate) const EMOJIS: [&str; 4] = ["👍", "🎉", "-👍", "-🎉"];

/// What message `number` says, by what it is.
pub(crate) fn content(kind: &Kind, number: usize, bytes: usize) -> String {
    match kind {
        Kind::Reaction => EMOJIS[number % EMOJIS.len()].to_owned(),
        Kind::Delete | Kind::Read | Kind::Other(_) => String::new(),
        Kind::Text | Kind::Edit => text(number, bytes),
    }
}

/// Whether `found` is what message `number` says.
pub(crate) fn is_content(found: &str, kind: &Kind, number: usize, bytes: usize) -> bool {
    match kind {
        Kind::Text | Kind::Edit => is_text(found, number, bytes),
        Kind::Reaction | Kind::Delete | Kind::Read | Kind::Other(_) => {
            found == content(kind, number, bytes)
        }
    }
}

/// Whether `text` is that of message `number`, as far as its start and length tell.
fn is_text(found: &str, number: usize, bytes: usize) -> bool {
    let Some((start, _)) = found.split_once(':') else {
        return false;
    };
    start.parse() == Ok(number) && found.len() == bytes.max(start.len() + 1)
}
