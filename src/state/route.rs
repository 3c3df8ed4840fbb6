//! Where the person is, as the page's address says it after the `#`, so that the browser's own
//! back button, bookmarks and links to a message work.
//!
//! `#/c/<conversation>` or `#/c/<conversation>/<message>`, each escaped; anything else is the list.

use switchboard_protocol::{ConversationId, MessageId};

/// What the address names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Route {
    /// No conversation.
    #[default]
    List,
    /// A conversation, and the message in it that is meant.
    Conversation(ConversationId, Option<MessageId>),
}

const CONVERSATION: &str = "#/c/";

impl Route {
    /// Reads what stands after the page's address, `#` included. What it names need not exist.
    #[must_use]
    pub fn parse(hash: &str) -> Self {
        let Some(path) = hash.strip_prefix(CONVERSATION) else {
            return Self::List;
        };
        let mut parts = path.split('/');
        let conversation = parts.next().and_then(unescaped);
        let conversation = conversation.and_then(|id| ConversationId::try_from(id).ok());
        let message = parts.next().and_then(unescaped);
        match (conversation, parts.next()) {
            (Some(conversation), None) => Self::Conversation(
                conversation,
                message.and_then(|id| MessageId::try_from(id).ok()),
            ),
            _ => Self::List,
        }
    }

    /// The other way round.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = String::from(CONVERSATION);
        match self {
            Self::List => hash.truncate("#/".len()),
            Self::Conversation(conversation, message) => {
                escape(conversation.as_str(), &mut hash);
                if let Some(message) = message {
                    hash.push('/');
                    escape(message.as_str(), &mut hash);
                }
            }
        }
        hash
    }
}

/// Every byte but those that no address or chat program takes for something else.
fn escape(text: &str, into: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:,@=".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.push(char::from(HEX[usize::from(byte >> 4)]));
            into.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// The other way round; `None` where that is no text.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else {
            return None;
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let byte = digit(high)? << 4 | digit(low)?;
        bytes.push(u8::try_from(byte).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_protocol::UserId;

    fn conversation(people: &[&str]) -> ConversationId {
        let people: Vec<UserId> = people
            .iter()
            .map(|id| UserId::try_from(*id).unwrap())
            .collect();
        ConversationId::of(&people).unwrap()
    }

    #[test]
    fn an_address_reads_back_whatever_the_ids_are() {
        let message = MessageId::try_from("0123-abc_DEF").unwrap();
        let all = [
            Route::List,
            Route::Conversation(ConversationId::lobby(), None),
            Route::Conversation(conversation(&["ana", "bo"]), Some(message.clone())),
            Route::Conversation(conversation(&["a/b", "c%d", "e,f", "g h#?&"]), None),
            Route::Conversation(conversation(&["Дана", "أمل", "😀"]), Some(message)),
        ];
        for route in all {
            let hash = route.hash();
            assert!(hash.is_ascii() && !hash.contains(' '), "{hash}");
            assert_eq!(Route::parse(&hash), route, "{hash}");
        }
        assert_eq!(
            Route::Conversation(conversation(&["ana", "bo"]), None).hash(),
            "#/c/c:ana,bo"
        );
    }

    #[test]
    fn an_address_of_nothing_is_the_list() {
        let long = format!("#/c/c:{}", "x".repeat(10_000));
        for hash in [
            "",
            "#",
            "#/",
            "#message",
            "#/c/",
            "#/c/nobody",
            "#/c/c:bo,ana",
            "#/c/lobby/1/2",
            "#/c/%",
            "#/c/%4",
            "#/c/%zz",
            "#/c/%ff",
            "#/c/c:%E2%80%AEana",
            &long,
        ] {
            assert_eq!(Route::parse(hash), Route::List, "{hash}");
        }
        assert_eq!(
            Route::parse("#/c/lobby/not!an!id"),
            Route::Conversation(ConversationId::lobby(), None)
        );
    }
}
