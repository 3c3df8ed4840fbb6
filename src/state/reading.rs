//! What of the open conversation stands in the document, what of it is in sight, and what of it
//! has been read.

use switchboard_client::{Client, Earlier, Item, ItemState, Phase, Receipt};
use switchboard_protocol::{ConversationId, MessageId, UserId};

use super::timeline::{Day, Rows, day_key, rows};
use super::viewport::{Place, Viewport, Window};
use super::{App, Intent, Key, Registry};
use crate::signal::{RwSignal, StoredValue};

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
}

/// A message that is looked for, through older pages if need be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The message.
    pub key: Key,
    /// Whether it is to get the focus.
    pub focus: bool,
}

/// What the details of a message tell besides the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// How far it got with whom.
    pub receipts: Vec<(UserId, Receipt)>,
    /// Its place, from 1, among how many that are loaded.
    pub place: Option<(usize, usize)>,
}

/// What is read, and how. A part of [`App`].
#[derive(Clone, Copy)]
pub struct Reading {
    /// The days whose messages stand in the document.
    pub days: Registry<Day>,
    /// Newer messages known to exist and not here yet.
    pub missing: RwSignal<u64>,
    /// Counts changes of the rows: the view lays out after each.
    pub changes: RwSignal<u32>,
    /// The message that is looked for.
    pub sought: RwSignal<Option<Sought>>,
    /// The first message that was unread when the conversation was opened.
    pub first_unread: RwSignal<Option<Key>>,
    /// Where the person was before a jump.
    pub back: RwSignal<Option<Key>>,
    /// What has the tools: the message under the pointer or with the focus.
    pub acting: RwSignal<Option<Key>>,
    /// Of the message whose details are shown.
    pub details: RwSignal<Details>,
    view: StoredValue<Viewport>,
    /// The found message: the view shows which it is once it is in sight.
    found: StoredValue<Option<Sought>>,
    /// The rows in the document.
    shown: StoredValue<Window>,
    newest: StoredValue<Option<Key>>,
    /// Whether the person asked for older messages and has not been told of them.
    asked: StoredValue<bool>,
    /// Until the newest messages are here and nobody has scrolled, what is unread may still come.
    opening: StoredValue<bool>,
    /// Rows up to which everything is read.
    read: StoredValue<usize>,
    /// Whether the person has marked a message as unread: until the conversation is opened again,
    /// nothing of it is read by being in sight.
    keeps_unread: StoredValue<bool>,
}

impl Reading {
    pub(super) fn new() -> Self {
        Self {
            days: Registry::new(),
            missing: RwSignal::new(0),
            changes: RwSignal::new(0),
            sought: RwSignal::new(None),
            first_unread: RwSignal::new(None),
            back: RwSignal::new(None),
            acting: RwSignal::new(None),
            details: RwSignal::new(Details::default()),
            view: StoredValue::new(Viewport::default()),
            found: StoredValue::new(None),
            shown: StoredValue::new(Window::default()),
            newest: StoredValue::new(None),
            asked: StoredValue::new(false),
            opening: StoredValue::new(true),
            read: StoredValue::new(0),
            keeps_unread: StoredValue::new(false),
        }
    }

    /// Asks what is in sight, or changes it.
    pub fn view<T>(self, ask: impl FnOnce(&mut Viewport) -> T) -> Option<T> {
        self.view.try_update_value(ask)
    }

    /// The rows in sight, counted among those in the document.
    #[must_use]
    pub fn seen(self) -> std::ops::Range<usize> {
        let Window { from, .. } = self.shown.get_value();
        let seen = self.view(|view| view.seen()).unwrap_or_default();
        seen.start.saturating_sub(from)..seen.end.saturating_sub(from)
    }

    /// The message that was looked for and is found, once.
    #[must_use]
    pub fn take_found(self) -> Option<Sought> {
        self.found.try_update_value(Option::take).flatten()
    }

    /// Shows which message this is, and gives it the focus, once it is laid out.
    pub fn find(self, key: Option<Key>) {
        let found = key.map(|key| Sought { key, focus: true });
        self.found.set_value(found);
        self.changes.update(|count| *count = count.wrapping_add(1));
    }

    /// Older messages are being fetched; when they are there, that is said if the person `asked`.
    pub fn asked_for_earlier(self, asked: bool) {
        self.asked.set_value(asked);
    }

    /// The person scrolls or writes: from now on they decide what is in sight.
    pub fn taken(self) {
        self.opening.set_value(false);
        if self.sought.with_untracked(Option::is_some) {
            self.sought.set(None);
        }
    }

    /// Forgets where the person was in a conversation. Its days stay until others come: what is
    /// taken away and put back at once keeps its view, and must keep its signal.
    pub(super) fn close(self) {
        self.missing.set(0);
        self.sought.set(None);
        self.first_unread.set(None);
        self.back.set(None);
        self.acting.set(None);
        self.found.set_value(None);
        self.newest.set_value(None);
        self.asked.set_value(false);
        self.opening.set_value(true);
        self.read.set_value(0);
        self.keeps_unread.set_value(false);
    }

    pub(super) fn keeps_unread(self) -> bool {
        self.keeps_unread.get_value()
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
        let appended = appended && !fresh && !before.is_empty();
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
            _ => view.open(len),
        });
        reading.newest.set_value(newest);
        if let Some(moved) = moved {
            reading
                .read
                .update_value(|read| *read = read.saturating_add_signed(moved));
            if moved > 0
                && reading
                    .asked
                    .try_update_value(std::mem::take)
                    .unwrap_or(false)
            {
                self.notice(crate::strings::timeline::loaded());
            }
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
        self.timeline.append(rows.rows);
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
        if !reading.opening.get_value() {
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
        let up = self
            .status
            .with_untracked(|status| matches!(status.phase, Phase::Up));
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

    fn is_up_untracked(self) -> bool {
        self.status
            .with_untracked(|status| matches!(status.phase, Phase::Up))
    }

    /// Goes to a message, through older pages if need be, and shows which it is.
    pub fn jump_to(self, conversation: ConversationId, id: &MessageId) {
        let is_open = self
            .open
            .with_untracked(|open| open.as_ref() == Some(&conversation));
        if !is_open {
            self.open_conversation(conversation);
        }
        self.seek(Key::from(id.as_str()), true);
    }

    /// Goes to a message of the open conversation.
    pub fn seek(self, key: Key, focus: bool) {
        self.reading.sought.set(Some(Sought { key, focus }));
        self.ask(Intent::Look);
    }

    /// Goes to the newest message.
    pub fn jump_to_newest(self) {
        self.reading.taken();
        self.reading.view(Viewport::jump_to_newest);
        self.reading.back.set(None);
        self.at_bottom.set(true);
        self.below.set(0);
        self.ask(Intent::Look);
    }

    /// After a layout: tells whether the newest message is in sight, and what is read by now.
    pub fn looked(self) {
        let reading = self.reading;
        let Some((following, seen)) = reading.view(|view| (view.is_following(), view.seen()))
        else {
            return;
        };
        if self.at_bottom.get_untracked() != following {
            self.at_bottom.set(following);
        }
        if following && self.below.get_untracked() > 0 {
            self.below.set(0);
        }
        if !self.is_visible() || reading.keeps_unread() || seen.end <= reading.read.get_value() {
            return;
        }
        let Some(open) = self.open.get_untracked() else {
            return;
        };
        let Window { from, .. } = reading.shown.get_value();
        let before = reading.read.get_value().max(from);
        let newest = self.timeline.order().with_untracked(|keys| {
            let seen = keys.get(before - from..seen.end.saturating_sub(from))?;
            let theirs = |key: &&Key| {
                self.timeline.get(key).is_some_and(|row| {
                    row.with_untracked(|row| row.item.state == ItemState::Received)
                })
            };
            seen.iter().rev().find(theirs).cloned()
        });
        reading.read.set_value(seen.end);
        if let Some(id) = newest.and_then(|key| MessageId::try_from(&*key).ok()) {
            self.ask(Intent::Read(open, id));
        }
    }

    /// The line above the first unread message goes: everything has been seen for a while.
    pub fn forget_unread(self) {
        self.reading.first_unread.set(None);
        self.ask(Intent::Look);
    }

    /// Marks a message and what follows as unread.
    pub fn mark_unread(self, key: Key) {
        let id = MessageId::try_from(&*key).ok();
        if let Some((open, id)) = self.open.get_untracked().zip(id) {
            self.reading.first_unread.set(Some(key));
            self.reading.keeps_unread.set_value(true);
            self.ask(Intent::Unread(open, id));
            self.ask(Intent::Look);
        }
    }
}
