//! What stands in the composers, and what of it is on its way.
//!
//! The composer clears only once the message is written (docs/protocol.md, *Durable*). Until
//! then its text still stands there, possibly with more typed behind it: `sent₁ sent₂ … rest`.

use leptos::prelude::*;
use switchboard_protocol::sorted::SortedMap;
use switchboard_protocol::{ConversationId, MessageId};

#[derive(Default)]
struct Draft {
    text: String,
    /// Sent from this composer and not answered yet, in order; together a prefix of `text`.
    sent: Vec<(MessageId, String)>,
}

impl Draft {
    /// The part of the text that has not been sent.
    fn rest(&self) -> &str {
        self.sent
            .iter()
            .try_fold(self.text.as_str(), |rest, (_, sent)| {
                rest.strip_prefix(sent.as_str())
            })
            .unwrap_or(&self.text)
    }

    /// Forgets a sent message; with `clear`, its text goes too.
    fn answered(&mut self, id: &MessageId, clear: bool) -> bool {
        let Some(place) = self.sent.iter().position(|(sent, _)| sent == id) else {
            return false;
        };
        let start: usize = self.sent[..place].iter().map(|(_, text)| text.len()).sum();
        let (_, text) = self.sent.remove(place);
        if clear
            && self
                .text
                .get(start..)
                .is_some_and(|tail| tail.starts_with(&text))
        {
            self.text.replace_range(start..start + text.len(), "");
            // A line break typed to part two messages belongs to neither.
            if start == 0 && self.text.trim().is_empty() {
                self.text.clear();
            }
        } else if !clear {
            // What follows is no longer a known prefix; nothing typed is touched from here on.
            self.sent.truncate(place);
        }
        true
    }
}

/// The drafts of every conversation, in memory.
#[derive(Clone, Copy)]
pub struct Drafts {
    drafts: StoredValue<SortedMap<ConversationId, Draft>>,
    /// Counts the times the composer must take its text from here.
    written: RwSignal<u32>,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self {
            drafts: StoredValue::new(SortedMap::new()),
            written: RwSignal::new(0),
        }
    }

    /// Changes when the composer must show [`Drafts::text`] again.
    #[must_use]
    pub fn written(self) -> RwSignal<u32> {
        self.written
    }

    /// What stands in a conversation's composer.
    #[must_use]
    pub fn text(self, conversation: &ConversationId) -> String {
        self.drafts.with_value(|drafts| {
            drafts
                .get(conversation)
                .map(|draft| draft.text.clone())
                .unwrap_or_default()
        })
    }

    /// Notes what a person typed.
    pub fn typed(self, conversation: &ConversationId, text: String) {
        self.drafts.update_value(|drafts| {
            drafts.get_or_default(conversation.clone()).text = text;
        });
    }

    /// The part of a composer's text that is not on its way already.
    #[must_use]
    pub fn unsent(self, conversation: &ConversationId) -> String {
        self.drafts.with_value(|drafts| {
            drafts
                .get(conversation)
                .map(|draft| draft.rest().to_owned())
                .unwrap_or_default()
        })
    }

    pub(super) fn sent(self, conversation: &ConversationId, id: MessageId, text: String) {
        self.drafts.update_value(|drafts| {
            drafts
                .get_or_default(conversation.clone())
                .sent
                .push((id, text));
        });
    }

    /// The message is written (`clear`) or was not taken; whether it came from a composer.
    pub(super) fn answered(self, id: &MessageId, clear: bool) -> bool {
        let known = self
            .drafts
            .try_update_value(|drafts| {
                drafts
                    .iter_mut()
                    .any(|(_, draft)| draft.answered(id, clear))
            })
            .unwrap_or(false);
        if known {
            self.written.update(|count| *count = count.wrapping_add(1));
        }
        known
    }

    pub(super) fn forget(self) {
        self.drafts.set_value(SortedMap::new());
        self.written.update(|count| *count = count.wrapping_add(1));
    }
}

/// Whether a key press sends: Enter alone, and never while an input method composes.
///
/// Safari ends the composition before the key press that ended it, which then arrives with
/// `isComposing` false and key code 229 (WebKit 165004).
#[must_use]
pub fn enter_sends(key: &str, modified: bool, composing: bool, key_code: u32) -> bool {
    key == "Enter" && !modified && !composing && key_code != 229
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> MessageId {
        MessageId::try_from(text).unwrap()
    }

    fn draft(text: &str, sent: &[(&str, &str)]) -> Draft {
        Draft {
            text: text.to_owned(),
            sent: sent.iter().map(|(i, t)| (id(i), (*t).to_owned())).collect(),
        }
    }

    #[test]
    fn acceptance_takes_away_what_was_sent_and_keeps_what_was_typed_since() {
        let mut draft = draft("onetwothree", &[("1", "one"), ("2", "two")]);
        assert_eq!(draft.rest(), "three");
        assert!(draft.answered(&id("2"), true));
        assert_eq!((draft.text.as_str(), draft.rest()), ("onethree", "three"));
        assert!(draft.answered(&id("1"), true));
        assert_eq!(draft.text, "three");
        assert!(!draft.answered(&id("1"), true));
    }

    #[test]
    fn refusal_keeps_the_text() {
        let mut draft = draft("one", &[("1", "one")]);
        assert_eq!(draft.rest(), "");
        assert!(draft.answered(&id("1"), false));
        assert_eq!((draft.text.as_str(), draft.rest()), ("one", "one"));
    }

    #[test]
    fn a_text_changed_since_is_never_cut() {
        let mut draft = draft("anders", &[("1", "one")]);
        assert_eq!(draft.rest(), "anders");
        assert!(draft.answered(&id("1"), true));
        assert_eq!(draft.text, "anders");
    }

    #[test]
    fn enter_sends_unless_something_else_is_meant() {
        assert!(enter_sends("Enter", false, false, 13));
        assert!(!enter_sends("Enter", true, false, 13));
        assert!(!enter_sends("Enter", false, true, 13));
        assert!(!enter_sends("Enter", false, false, 229));
        assert!(!enter_sends("a", false, false, 65));
        assert!(!enter_sends("Dead", false, false, 13));
    }
}
