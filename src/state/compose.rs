//! What the composer writes: a new message, an answer to one, or one's own message anew.

pub mod keys;
pub mod parts;
pub mod suggest;

use switchboard_client::{ItemState, Kind, Sender};
use switchboard_protocol::{ConversationId, MessageId};

use super::{App, Intent};
use parts::Part;

/// What the text in the composer will be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Compose {
    /// A message.
    #[default]
    New,
    /// A message in answer to this one.
    Reply(MessageId),
    /// A new text for this own message.
    Edit(MessageId),
}

impl Compose {
    /// The kind of what is sent, and what it is about.
    #[must_use]
    pub fn sent_as(&self) -> (Kind, Option<&MessageId>) {
        match self {
            Self::New => (Kind::Text, None),
            Self::Reply(id) => (Kind::Text, Some(id)),
            Self::Edit(id) => (Kind::Edit, Some(id)),
        }
    }
}

impl App {
    /// Sends a conversation's next text: what stands in its composer decides as what. `text` is the
    /// start of what its draft has [`super::Drafts::unsent`].
    pub fn send(self, conversation: ConversationId, text: String) {
        let sent = tidy(&text).to_owned();
        self.send_as(&conversation, text, sent);
        self.show_compose();
    }

    /// Sends a text that is too long for one message, in order. The first part is the reply, if it
    /// is one.
    pub fn send_parts(self, conversation: &ConversationId, text: &str, parts: Vec<Part>) {
        let mut from = 0;
        // White space that is no message by itself goes with what stands before or after it.
        let mut taken = 0;
        for part in parts {
            taken += part.taken;
            if part.text.is_empty() {
                continue;
            }
            if let Some(whole) = text.get(from..from + taken) {
                self.send_as(conversation, whole.to_owned(), part.text);
            }
            from += taken;
            taken = 0;
        }
        self.show_compose();
    }

    fn send_as(self, conversation: &ConversationId, text: String, content: String) {
        self.refusal.set(None);
        let id = (self.services.mint)();
        let compose = self.drafts.compose(conversation);
        let (kind, re) = compose.sent_as();
        let re = re.cloned();
        if kind == Kind::Text {
            self.jump_to_newest();
        }
        self.drafts.sent(conversation, id.clone(), text);
        self.ask(Intent::Send {
            conversation: conversation.clone(),
            id,
            kind,
            content,
            re,
        });
    }

    /// Sends what is about another message and comes from no composer: a reaction, say.
    pub fn send_about(
        self,
        conversation: ConversationId,
        kind: Kind,
        content: String,
        re: MessageId,
    ) {
        self.ask(Intent::Send {
            conversation,
            id: (self.services.mint)(),
            kind,
            content,
            re: Some(re),
        });
    }

    /// What stands in the open conversation's composer was read from storage.
    pub fn show_compose(self) {
        if let Some(open) = self.open.get_untracked() {
            self.compose.set(self.drafts.compose(&open));
        }
    }

    /// What became of a text that was being sent when the page went.
    pub fn settled(self, id: &MessageId, is_taken: bool) {
        self.drafts.answered(id, is_taken);
        self.show_compose();
    }

    /// The last own message that can be written anew, of the newest messages: the list goes there.
    #[must_use]
    pub fn last_own(self) -> Option<MessageId> {
        if !self.profile().is_own() {
            return None;
        }
        if !self.at_bottom.get_untracked() {
            self.jump_to_newest();
        }
        let rows = self.timeline.order().get_untracked();
        rows.iter().rev().find_map(|key| {
            let row = self.timeline.get(key)?;
            row.with_untracked(|row| {
                let item = &row.item;
                let is_one = item.from == Sender::Me
                    && !item.deleted
                    && !matches!(item.state, ItemState::Failed(_));
                is_one.then(|| item.id.clone())
            })
        })
    }
}

/// Without white space at its end and blank lines at its start: nobody sees it, yet it makes a
/// bubble larger.
fn tidy(text: &str) -> &str {
    text.trim_end_matches([' ', '\n', '\t', '\r'])
        .trim_start_matches(['\n', '\r'])
}

/// The line that opened the fence (```` ``` ````) in which `text` ends, if it ends in one.
#[must_use]
pub fn open_fence(text: &str) -> Option<&str> {
    let mut open: Option<&str> = None;
    for line in text.split('\n') {
        let bare = line.trim_start_matches([' ', '>']);
        let ticks = bare.len() - bare.trim_start_matches('`').len();
        let word = &bare[ticks..];
        open = match open {
            // What closes a fence is as long at least, and nothing else stands in its line.
            Some(opening) if ticks >= length(opening) && word.trim().is_empty() => None,
            None if ticks >= 3 && !word.contains('`') => Some(line),
            open => open,
        };
    }
    open
}

/// The backticks a fence's line begins with.
fn length(line: &str) -> usize {
    let bare = line.trim_start_matches([' ', '>']);
    bare.len() - bare.trim_start_matches('`').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_open_until_a_line_as_long_closes_it() {
        for (text, open) in [
            ("", None),
            ("a ``` b", None),
            ("```", Some("```")),
            ("hello\n```rust\nlet", Some("```rust")),
            ("```\ncode\n```", None),
            ("```\ncode\n```\nand", None),
            ("````\n```\n", Some("````")),
            ("````\n```\n````", None),
            ("```one line```", None),
            ("> ```\n> code", Some("> ```")),
            ("```\n``` no end", Some("```")),
            ("```\ncode\n```\n```js\n", Some("```js")),
        ] {
            assert_eq!(open_fence(text), open, "{text:?}");
        }
    }
}
