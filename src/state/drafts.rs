//! What stands in the composers: in memory, and as rows for storage, which the driver keeps.

mod draft;

use switchboard_protocol::sorted::SortedMap;
use switchboard_protocol::{ConversationId, MessageId};

use super::compose::Compose;
use crate::signal::{RwSignal, StoredValue};
use draft::Draft;

pub use draft::MOST_BYTES;

/// Characters of a draft in the list of conversations.
const LINE_CHARS: usize = 120;

/// A draft, and what storage holds of it as far as this tab knows.
#[derive(Default)]
struct Entry {
    draft: Draft,
    kept: Option<String>,
    /// Whether storage did not take `kept`, and may hold anything.
    failed: bool,
}

/// Something that was being sent when a draft was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnItsWay {
    /// Where.
    pub place: ConversationId,
    /// Its id.
    pub id: MessageId,
    /// Of an edit, the edited message and its new text.
    pub edit: Option<(MessageId, String)>,
}

impl Entry {
    /// Whether storage holds this draft already: as it is here, or as another tab stored it, which
    /// knows of its own sending.
    fn is_kept(&self) -> bool {
        let row = self.draft.to_json();
        let settled = || Draft::parse(self.kept.as_deref()?)?.settled().to_json();
        !self.failed && (row == self.kept || self.kept.is_some() && row == settled())
    }
}

/// The drafts of every conversation.
#[derive(Clone, Copy)]
pub struct Drafts {
    entries: StoredValue<SortedMap<ConversationId, Entry>>,
    /// Counts the times the composer must take its text from here.
    written: RwSignal<u32>,
    /// The start of each draft, as of the last pause in typing.
    lines: RwSignal<SortedMap<ConversationId, String>>,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self {
            entries: StoredValue::new(SortedMap::new()),
            written: RwSignal::new(0),
            lines: RwSignal::new(SortedMap::new()),
        }
    }

    fn read<T: Default>(self, conversation: &ConversationId, read: impl Fn(&Draft) -> T) -> T {
        self.entries.with_value(|entries| {
            entries
                .get(conversation)
                .map(|entry| read(&entry.draft))
                .unwrap_or_default()
        })
    }

    fn change(self, conversation: &ConversationId, change: impl FnOnce(&mut Draft)) {
        self.entries.update_value(|entries| {
            change(&mut entries.get_or_default(conversation.clone()).draft);
        });
    }

    fn tell(self) {
        self.written.update(|count| *count = count.wrapping_add(1));
    }

    /// Changes when the composer must show [`Drafts::text`] again.
    #[must_use]
    pub fn written(self) -> RwSignal<u32> {
        self.written
    }

    /// What stands in a conversation's composer.
    #[must_use]
    pub fn text(self, conversation: &ConversationId) -> String {
        self.read(conversation, |draft| draft.text().to_owned())
    }

    /// The start of a conversation's draft, for a list; empty where there is none. Tracked; as of
    /// the last pause in typing.
    #[must_use]
    pub fn line(self, conversation: &ConversationId) -> String {
        self.lines
            .with(|lines| lines.get(conversation).cloned().unwrap_or_default())
    }

    /// Notes what a person typed.
    pub fn typed(self, conversation: &ConversationId, text: String) {
        self.change(conversation, |draft| draft.typed(text));
    }

    /// The part of a composer's text that is not on its way already; nothing of an edit that
    /// changes nothing.
    #[must_use]
    pub fn unsent(self, conversation: &ConversationId) -> String {
        self.read(conversation, |draft| draft.rest().to_owned())
    }

    /// What a conversation's composer writes.
    #[must_use]
    pub fn compose(self, conversation: &ConversationId) -> Compose {
        self.read(conversation, Draft::compose)
    }

    /// Begins a reply or an edit, or gives it up ([`Compose::New`]): what stood there before comes
    /// back. `was` is the text of an edited message.
    pub fn begin(self, conversation: &ConversationId, compose: Compose, was: &str) {
        self.change(conversation, |draft| draft.begin(compose, was));
        self.tell();
    }

    pub(super) fn sent(self, conversation: &ConversationId, id: MessageId, text: String) {
        self.change(conversation, |draft| draft.sent(id, text));
    }

    /// The message is written (`clear`) or was not taken; whether it came from a composer.
    pub(super) fn answered(self, id: &MessageId, clear: bool) -> bool {
        let known = self
            .entries
            .try_update_value(|entries| {
                entries
                    .iter_mut()
                    .any(|(_, entry)| entry.draft.answered(id, clear))
            })
            .unwrap_or(false);
        if known {
            self.tell();
        }
        known
    }

    /// Takes over what storage holds for the account; what is no draft is passed over.
    pub fn restore(self, rows: Vec<(String, String)>) {
        self.entries.update_value(|entries| {
            for (name, stored) in rows {
                if let (Ok(place), Some(draft)) =
                    (ConversationId::try_from(name), Draft::parse(&stored))
                {
                    let kept = Some(stored);
                    let failed = false;
                    entries.insert(
                        place,
                        Entry {
                            draft,
                            kept,
                            failed,
                        },
                    );
                }
            }
        });
        self.show_lines();
        self.tell();
    }

    /// What was on its way when the drafts were stored; each is to be answered.
    #[must_use]
    pub fn on_their_way(self) -> Vec<OnItsWay> {
        self.entries.with_value(|entries| {
            let all = entries.iter().flat_map(|(place, entry)| {
                entry.draft.on_its_way().map(|(id, edit)| OnItsWay {
                    place: place.clone(),
                    id,
                    edit,
                })
            });
            all.collect()
        })
    }

    /// Whether the page is gone.
    #[must_use]
    pub fn is_disposed(self) -> bool {
        self.written.is_disposed()
    }

    /// Where something is written and not sent.
    #[must_use]
    pub fn places(self) -> Vec<ConversationId> {
        self.entries.with_value(|entries| {
            let all = entries.iter();
            all.filter(|(_, entry)| !entry.draft.line().is_empty())
                .map(|(place, _)| place.clone())
                .collect()
        })
    }

    /// Another tab stored a draft, or removed it. It is taken over unless something was typed
    /// here since the state that it replaces: nothing disappears under a person's hands.
    pub fn stored_elsewhere(self, name: String, old: Option<&str>, new: Option<&str>) {
        let Ok(place) = ConversationId::try_from(name) else {
            return;
        };
        let taken = self.entries.try_update_value(|entries| {
            let entry = entries.get_or_default(place);
            let seen = entry.kept.as_deref() == old && entry.is_kept();
            entry.kept = new.map(str::to_owned);
            entry.failed = false;
            if seen {
                let draft = new.and_then(Draft::parse).unwrap_or_default();
                entry.draft = draft.settled();
            }
            seen
        });
        if taken == Some(true) {
            self.show_lines();
            self.tell();
        }
    }

    /// What storage must hold from now on: a row, or none, by conversation. Only what changed
    /// since the last time.
    pub fn take_changed(self) -> Vec<(ConversationId, Option<String>)> {
        let mut changed = Vec::new();
        self.entries.update_value(|entries| {
            for (place, entry) in entries.iter_mut() {
                let row = entry.draft.to_json();
                let fits = row.as_ref().is_none_or(|row| row.len() <= MOST_BYTES);
                if fits && !entry.is_kept() {
                    entry.kept.clone_from(&row);
                    entry.failed = false;
                    changed.push((place.clone(), row));
                }
            }
        });
        self.show_lines();
        changed
    }

    /// Storage did not take what was changed there: it is asked again the next time.
    pub fn not_kept(self, place: &ConversationId) {
        self.entries.update_value(|entries| {
            if let Some(entry) = entries.get_mut(place) {
                entry.failed = true;
            }
        });
    }

    /// Whether storage holds all that is written.
    #[must_use]
    pub fn are_kept(self) -> bool {
        self.entries
            .with_value(|entries| entries.iter().all(|(_, entry)| entry.is_kept()))
    }

    fn show_lines(self) {
        let lines = self.entries.with_value(|entries| {
            let mut lines = SortedMap::new();
            for (place, entry) in entries.iter() {
                let line: String = entry.draft.line().chars().take(LINE_CHARS).collect();
                if !line.is_empty() {
                    lines.insert(place.clone(), line);
                }
            }
            lines
        });
        if self.lines.with_untracked(|old| *old != lines) {
            self.lines.set(lines);
        }
    }

    pub(super) fn forget(self) {
        self.entries.set_value(SortedMap::new());
        self.show_lines();
        self.tell();
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;

    use super::*;

    const LOBBY: &str = "lobby";

    fn drafts() -> (Owner, Drafts) {
        let owner = Owner::new();
        owner.set();
        (owner, Drafts::new())
    }

    fn id(text: &str) -> MessageId {
        MessageId::try_from(text).unwrap()
    }

    #[test]
    fn what_storage_does_not_take_is_not_kept_and_is_asked_again() {
        let lobby = ConversationId::lobby();
        let (_owner, drafts) = drafts();
        drafts.typed(&lobby, "hello".to_owned());
        assert!(!drafts.are_kept());
        let rows = drafts.take_changed();
        assert!(drafts.are_kept());
        drafts.not_kept(&lobby);
        assert!(!drafts.are_kept());
        assert_eq!(drafts.take_changed(), rows);
        assert!(drafts.are_kept());
        // What storage may still hold of one that is gone is to be removed.
        drafts.not_kept(&lobby);
        drafts.typed(&lobby, String::new());
        assert_eq!(drafts.take_changed(), [(lobby.clone(), None)]);
        assert!(drafts.are_kept());
        // Nor is a draft that is too long to be stored.
        drafts.typed(&lobby, "a".repeat(MOST_BYTES));
        assert_eq!(drafts.take_changed(), []);
        assert!(!drafts.are_kept());
    }

    #[test]
    fn what_is_typed_comes_back_and_what_was_sent_does_not() {
        let lobby = ConversationId::lobby();
        let (_owner, before) = drafts();
        before.typed(&lobby, "hello".to_owned());
        let rows = before.take_changed();
        assert_eq!(rows.len(), 1);
        assert_eq!(before.take_changed(), [], "once");
        assert_eq!(before.line(&lobby), "hello");

        let (_owner, after) = drafts();
        after.restore(vec![
            (LOBBY.to_owned(), rows[0].1.clone().unwrap()),
            ("not a conversation".to_owned(), rows[0].1.clone().unwrap()),
            ("c:ana,bo".to_owned(), "nonsense".to_owned()),
        ]);
        assert_eq!(after.text(&lobby), "hello");
        assert_eq!(after.take_changed(), [], "as stored");
        after.sent(&lobby, id("1"), "hello".to_owned());
        let [(_, Some(row))] = &after.take_changed()[..] else {
            panic!("it is on its way");
        };
        let (_owner, crashed) = drafts();
        crashed.restore(vec![(LOBBY.to_owned(), row.clone())]);
        let sent = crashed.on_their_way().remove(0);
        assert_eq!(
            (sent.place, sent.id, sent.edit),
            (lobby.clone(), id("1"), None)
        );
        assert!(crashed.answered(&id("1"), true));
        assert_eq!(crashed.text(&lobby), "");
        assert_eq!(crashed.take_changed(), [(lobby.clone(), None)]);
        assert_eq!(crashed.line(&lobby), "");
    }

    #[test]
    fn another_tab_is_followed_but_never_over_what_is_being_typed() {
        let lobby = ConversationId::lobby();
        let (_owner, here) = drafts();
        here.typed(&lobby, "hello".to_owned());
        let row = here.take_changed().remove(0).1;
        // The other tab has taken it over, added to it and then sent it.
        let more = row.clone().unwrap().replace("hello", "hello there");
        here.stored_elsewhere(LOBBY.to_owned(), row.as_deref(), Some(&more));
        assert_eq!(here.text(&lobby), "hello there");
        here.stored_elsewhere(LOBBY.to_owned(), Some(&more), None);
        assert_eq!(here.text(&lobby), "");
        // It tells while it sends, too.
        let mut there = Draft::default();
        there.typed("sent there".to_owned());
        let typed = there.to_json();
        there.sent(id("1"), "sent there".to_owned());
        let sending = there.to_json();
        here.stored_elsewhere(LOBBY.to_owned(), None, typed.as_deref());
        here.stored_elsewhere(LOBBY.to_owned(), typed.as_deref(), sending.as_deref());
        assert_eq!(here.text(&lobby), "sent there");
        assert_eq!(here.take_changed(), [], "the other tab's to tell");
        here.stored_elsewhere(LOBBY.to_owned(), sending.as_deref(), None);
        assert_eq!(here.text(&lobby), "");
        // Now something is typed here, and the other tab clears its own.
        here.typed(&lobby, "typing".to_owned());
        here.stored_elsewhere(LOBBY.to_owned(), None, Some(&more));
        here.stored_elsewhere(LOBBY.to_owned(), Some(&more), None);
        assert_eq!(here.text(&lobby), "typing");
        assert_eq!(here.take_changed().len(), 1, "the last writer wins");
        here.stored_elsewhere("nonsense".to_owned(), None, Some("{"));
    }

    #[test]
    fn a_huge_draft_stays_in_memory_and_storage_keeps_the_last_that_fits() {
        let lobby = ConversationId::lobby();
        let (_owner, here) = drafts();
        here.typed(&lobby, "hello".to_owned());
        assert_eq!(here.take_changed().len(), 1);
        here.typed(&lobby, "x".repeat(MOST_BYTES + 1));
        assert_eq!(here.take_changed(), []);
        assert_eq!(here.text(&lobby).len(), MOST_BYTES + 1);
        here.typed(&lobby, String::new());
        assert_eq!(here.take_changed(), [(lobby, None)]);
    }
}
