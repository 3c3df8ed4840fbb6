//! What of the open conversation stands in the document.

use switchboard_client::{Client, Earlier, Item, Phase};
use switchboard_protocol::{ConversationId, MessageId};

use super::timeline::{Day, Rows, day_key, rows};
use super::viewport::{Place, Window};
use super::{App, Key};

/// A conversation with more unread places than this opens at the oldest that is here: nobody waits
/// until all of them are.
const FAR: u64 = 5_000;

/// Where the rows come from.
pub trait Log {
    /// How many rows are loaded.
    fn rows(&self) -> usize;
    /// These rows, oldest first.
    fn slice(&self, from: usize, to: usize) -> Vec<Item>;
    /// The row of a message.
    fn place(&self, id: &str) -> Option<usize>;
    /// Whether there are older ones.
    fn earlier(&self) -> Earlier;
    /// How many newer ones are known to exist and not here yet.
    fn missing(&self) -> u64;
    /// The first unread message.
    fn first_unread(&self) -> Option<MessageId>;
    /// Whether there may be unread ones that are older, and not here yet.
    fn unread_is_earlier(&self) -> bool {
        false
    }
}

/// A conversation of the client core.
pub(super) struct CoreLog<'a> {
    pub(super) client: &'a Client,
    pub(super) conversation: &'a ConversationId,
}

impl Log for CoreLog<'_> {
    fn rows(&self) -> usize {
        self.client.len(self.conversation)
    }

    fn slice(&self, from: usize, to: usize) -> Vec<Item> {
        self.client.slice(self.conversation, from..to)
    }

    fn place(&self, id: &str) -> Option<usize> {
        let id = MessageId::try_from(id).ok()?;
        self.client.place(self.conversation, &id)
    }

    fn earlier(&self) -> Earlier {
        self.client.earlier(self.conversation)
    }

    fn missing(&self) -> u64 {
        self.client.missing(self.conversation)
    }

    fn first_unread(&self) -> Option<MessageId> {
        let summaries = self.client.conversations();
        let mut summaries = summaries.into_iter();
        summaries
            .find(|it| it.id == *self.conversation)?
            .first_unread
    }

    fn unread_is_earlier(&self) -> bool {
        self.client.unread_is_earlier(self.conversation, FAR)
    }
}

impl App {
    /// Shows the rows of the open conversation that belong in the document. Where rows were
    /// `appended` and nothing else has changed, those in the document are not looked at.
    pub fn show_rows(self, conversation: &ConversationId, log: &dyn Log, appended: bool) {
        let reading = self.reading;
        let fresh = self
            .timeline_of
            .with_value(|shown| shown.as_ref() != Some(conversation));
        let len = log.rows();
        let newest = log.slice(len.saturating_sub(1), len).pop();
        let newest = newest.map(|item| Key::from(item.id.as_str()));
        let before = reading.shown.get_value();
        // While one opens it, another row may turn out to be the first unread one.
        let appended = appended && !fresh && !before.is_empty() && !reading.opening.get_value();
        let moved = match (fresh, appended) {
            (true, _) => None,
            (false, true) => Some(0),
            (false, false) => self.moved(log),
        };
        reading.view(|view| match (fresh, moved) {
            (false, Some(moved)) => {
                let appended = reading.newest.with_value(|before| *before != newest);
                view.changed(len, moved, appended);
            }
            (false, None) if view.window().is_empty() && len == 0 => {}
            // A burst goes on: with fewer rows now and more after the paint all of it takes longer.
            (false, None) => view.replaced(len),
            (true, _) => view.open(len),
        });
        reading.newest.set_value(newest);
        reading.read.update_value(|read| {
            *read = match moved {
                Some(moved) if *read > 0 => read.saturating_add_signed(moved),
                // Nothing read, nothing moves; of other rows none was in sight.
                Some(_) | None => 0,
            };
        });
        if moved > Some(0)
            && reading
                .asked
                .try_update_value(std::mem::take)
                .unwrap_or(false)
        {
            self.notice(crate::strings::timeline::loaded());
        }
        self.timeline_of.set_value(Some(conversation.clone()));
        self.find_unread(log);
        self.find_sought(log);

        let window = reading.view(|view| view.window()).unwrap_or_default();
        reading.shown.set_value(window);
        let is_tail = appended && window.from == before.from && window.to >= before.to;
        let first = if is_tail { before.to } else { window.from };
        let from = first.saturating_sub(1);
        let items = log.slice(from, window.to);
        let rows = reading.first_unread.with_untracked(|unread| {
            rows(items, first - from, unread.as_deref(), self.services.day)
        });
        if is_tail {
            self.append(rows);
        } else {
            self.timeline.project(rows.rows);
            reading.days.project(rows.days);
        }
        let (earlier, missing) = (log.earlier(), log.missing());
        if self.earlier.get_untracked() != earlier {
            self.earlier.set(earlier);
        }
        if reading.missing.get_untracked() != missing {
            reading.missing.set(missing);
        }
        reading
            .changes
            .update(|count| *count = count.wrapping_add(1));
    }

    /// Shows rows behind those in the document.
    fn append(self, rows: Rows) {
        let newest = self.timeline.last();
        if let Some((row, (_, first))) = newest.zip(rows.rows.first())
            && !first.opens_group
            && row.with_untracked(|row| row.closes_group)
        {
            row.update(|row| row.closes_group = false);
        }
        // Before the days: their rows are looked up here.
        self.timeline.append(rows.rows);
        let days = self.reading.days;
        for (_, Day { name, rows }) in rows.days {
            match days.last() {
                Some(last) if last.with_untracked(|last| last.name == name) => {
                    last.update(|last| last.rows.extend(rows));
                }
                _ => {
                    let key = day_key(|key| days.get(key).is_some(), &name);
                    days.append(vec![(key, Day { name, rows })]);
                }
            }
        }
    }

    /// How many rows came before those in the document.
    fn moved(self, log: &dyn Log) -> Option<isize> {
        let Window { from, .. } = self.reading.shown.get_value();
        self.timeline.order().with_untracked(|keys| {
            let mut keys = keys.iter().enumerate();
            keys.find_map(|(at, key)| {
                let now = log.place(key)?;
                Some(now.cast_signed() - (from + at).cast_signed())
            })
        })
    }

    /// Opens at the first unread message, as long as nobody has scrolled.
    fn find_unread(self, log: &dyn Log) {
        let reading = self.reading;
        let opening = reading.opening.get_value();
        let up = self.is_up_untracked();
        let is_earlier = opening
            && log.unread_is_earlier()
            && match log.earlier() {
                Earlier::Available => true,
                // Without a network only storage answers.
                Earlier::Loading => up,
                Earlier::None => false,
            };
        if reading.opens_earlier.get_untracked() != is_earlier {
            reading.opens_earlier.set(is_earlier);
        }
        if is_earlier || !opening {
            return;
        }
        let unread = log.first_unread().map(|id| Key::from(id.as_str()));
        if reading.first_unread.with_untracked(Option::is_none)
            && let Some(key) = unread
            && let Some(at) = log.place(&key)
        {
            reading.first_unread.set(Some(key.clone()));
            reading.view(|view| view.jump(at, key, Place::Unread));
        }
        // What comes into an empty conversation from now on is no history.
        if up && log.missing() == 0 {
            reading.opening.set_value(false);
        }
    }

    fn find_sought(self, log: &dyn Log) {
        let reading = self.reading;
        let Some(sought) = reading.sought.get_untracked() else {
            return;
        };
        if let Some(at) = log.place(&sought.key) {
            reading.view(|view| view.jump(at, sought.key.clone(), Place::Middle));
            reading.found.set_value(Some(sought));
            reading.sought.set(None);
            reading.opening.set_value(false);
        } else if log.earlier() == Earlier::None && log.missing() == 0 && self.is_up_untracked() {
            reading.sought.set(None);
            self.notice(crate::strings::timeline::not_found());
        }
    }

    pub(crate) fn is_up_untracked(self) -> bool {
        self.status
            .with_untracked(|status| matches!(status.phase, Phase::Up))
    }
}
