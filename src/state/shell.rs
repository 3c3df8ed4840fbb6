//! What the sidebar, the quick switcher and the keys share: pins and mutes, people, what was
//! visited, what filters the lists.

use switchboard_protocol::sorted::insert_by;
use switchboard_protocol::{ConversationId, UserId};

use super::dialog::Dialog;
use super::marks::{Mark, Marks};
use super::project::ConversationRow;
use super::{App, Intent, Key, Registry, recipients};
use crate::signal::{RwSignal, StoredValue};

/// Conversations remembered as visited.
const VISITED: usize = 20;

/// The signals of the shell.
#[derive(Clone, Copy)]
pub struct Shell {
    /// What is pinned and muted.
    pub marks: RwSignal<Marks>,
    /// Everybody known, whoever is online first; whether they are.
    pub people: Registry<bool>,
    /// What filters the lists, as typed.
    pub filter: RwSignal<String>,
    /// What the search over the messages begins with.
    pub search_for: RwSignal<String>,
    /// Today, as [`super::Services::local_day`] counts.
    pub today: RwSignal<u64>,
    /// The conversation whose menu is open, or was last.
    pub menu: RwSignal<Option<ConversationId>>,
    /// The conversations that were opened, the last one first.
    visited: StoredValue<Vec<ConversationId>>,
}

impl Shell {
    pub(super) fn new() -> Self {
        Self {
            marks: RwSignal::new(Marks::default()),
            people: Registry::new(),
            filter: RwSignal::new(String::new()),
            search_for: RwSignal::new(String::new()),
            today: RwSignal::new(0),
            menu: RwSignal::new(None),
            visited: StoredValue::new(Vec::new()),
        }
    }

    pub(super) fn forget(self) {
        self.marks.set(Marks::default());
        self.people.project(Vec::new());
        self.filter.set(String::new());
        self.search_for.set(String::new());
        self.menu.set(None);
        self.visited.set_value(Vec::new());
    }

    pub(super) fn visited(self, conversation: &ConversationId) {
        self.visited.update_value(|visited| {
            visited.retain(|other| other != conversation);
            visited.insert(0, conversation.clone());
            visited.truncate(VISITED);
        });
    }
}

impl App {
    /// Takes the pins and mutes that storage has for this account.
    pub fn set_marks(self, marks: Marks) {
        self.shell.marks.set(marks);
        self.arrange(self.rows());
    }

    /// Pins, unpins, mutes or unmutes a conversation: `change` says how.
    pub fn mark(self, conversation: ConversationId, change: fn(&mut Mark)) {
        let mut mark = self
            .shell
            .marks
            .with_untracked(|marks| marks.of(&conversation));
        change(&mut mark);
        self.shell
            .marks
            .update(|marks| marks.set(&conversation, mark));
        self.arrange(self.rows());
        self.ask(Intent::Mark(conversation, mark));
    }

    /// Whether a conversation is muted.
    #[must_use]
    pub fn is_muted(self, conversation: &ConversationId) -> bool {
        let marks = self.shell.marks;
        marks.with_untracked(|marks| marks.of(conversation).muted)
    }

    pub(super) fn rows(self) -> Vec<ConversationRow> {
        let order = self.conversations.order().get_untracked();
        order
            .iter()
            .filter_map(|key| self.conversations.get(key))
            .map(|row| row.get_untracked())
            .collect()
    }

    /// Shows `rows`, which are in order of activity but for those that were pinned: what is pinned
    /// stands first.
    pub(super) fn arrange(self, rows: Vec<ConversationRow>) {
        let mut arranged: Vec<ConversationRow> = Vec::with_capacity(rows.len());
        self.shell.marks.with_untracked(|marks| {
            for mut row in rows {
                row.mark = marks.of(&row.summary.id);
                // What is in sight is being read.
                if self.shows(&row.summary.id)
                    && self.at_bottom.get_untracked()
                    && !self.reading.keeps_unread()
                {
                    row.read();
                }
                insert_by(&mut arranged, row, |a, b| {
                    (a.mark.pinned, a.summary.last_at) > (b.mark.pinned, b.summary.last_at)
                });
            }
        });
        let rows = arranged
            .into_iter()
            .map(|row| (Key::from(row.summary.id.as_str()), row));
        self.conversations.project(rows.collect());
        self.list_people();
        self.look_at_calendar();
    }

    /// Whoever is online, then whoever else one has a conversation with.
    pub(super) fn list_people(self) {
        let mut people: Vec<(Key, bool)> = self
            .people
            .with_untracked(|online| online.iter().map(|key| (key.clone(), true)).collect());
        for key in self.conversations.order().get_untracked() {
            if let Ok(conversation) = ConversationId::try_from(&*key) {
                let others = self.others(&conversation);
                people.extend(others.iter().map(|user| (Key::from(user.as_str()), false)));
            }
        }
        // Of repeats the first is kept.
        self.shell.people.project(people);
    }

    /// A new day changes how times are written.
    pub fn look_at_calendar(self) {
        let today = (self.services.local_day)(None);
        if self.shell.today.get_untracked() != today {
            self.shell.today.set(today);
        }
    }

    /// How many days ago `at` was, in local days. Tracked.
    #[must_use]
    pub fn days_ago(self, at: u64) -> u64 {
        let today = self.shell.today.get();
        today.saturating_sub((self.services.local_day)(Some(at)))
    }

    /// Unread messages that call the person: of muted conversations those alone that name them.
    /// Tracked.
    #[must_use]
    pub fn unread_total(self) -> usize {
        let order = self.conversations.order().get();
        let rows = order.iter().filter_map(|key| self.conversations.get(key));
        rows.map(|row| {
            row.with(|row| {
                if row.mark.muted {
                    row.summary.mentions
                } else {
                    row.summary.unread
                }
            })
        })
        .sum()
    }

    /// The conversations to switch to: the ones opened last, then by activity; the open one at the
    /// end.
    #[must_use]
    pub fn recent(self) -> Vec<ConversationId> {
        let mut recent = self.shell.visited.get_value();
        for key in self.conversations.order().get_untracked() {
            if let Ok(id) = ConversationId::try_from(&*key)
                && !recent.contains(&id)
            {
                recent.push(id);
            }
        }
        if let Some(open) = self.open.get_untracked()
            && let Some(place) = recent.iter().position(|id| *id == open)
        {
            let open = recent.remove(place);
            recent.push(open);
        }
        recent
    }

    /// Opens the conversation above or below the open one; with `unread`, of those that have
    /// unread messages. Goes round. Whether there was one.
    pub fn step(self, down: bool, unread: bool) -> bool {
        let mut rows = self.rows();
        if !down {
            rows.reverse();
        }
        let open = self.open.get_untracked();
        let here = rows
            .iter()
            .position(|row| Some(&row.summary.id) == open.as_ref());
        let after = here.map_or(0, |here| here + 1) % rows.len().max(1);
        rows.rotate_left(after);
        let next = rows.into_iter().find(|row| {
            Some(&row.summary.id) != open.as_ref() && (!unread || row.summary.unread > 0)
        });
        match next {
            Some(row) => {
                self.open_conversation(row.summary.id);
                true
            }
            None => false,
        }
    }

    /// The person has read everything in a conversation.
    pub fn read_all_of(self, conversation: &ConversationId) {
        self.mark_read(conversation);
        self.ask(Intent::ReadAll(conversation.clone()));
    }

    /// The person has read everything.
    pub fn read_all(self) {
        for row in self.rows() {
            if row.summary.unread > 0 {
                self.read_all_of(&row.summary.id);
            }
        }
    }

    /// Opens the conversation with one person; whether `user` is an id.
    pub fn open_person(self, user: &str) -> bool {
        let person = UserId::try_from(user).ok();
        let conversation = self
            .me()
            .zip(person)
            .and_then(|(me, person)| recipients::conversation(&me, &[person]).ok());
        match conversation {
            Some(conversation) => {
                self.open_conversation(conversation);
                true
            }
            None => false,
        }
    }

    /// Searches the messages for `text`.
    pub fn search_for(self, text: String) {
        self.shell.search_for.set(text);
        self.show_dialog(Dialog::Search);
    }
}
