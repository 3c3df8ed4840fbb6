//! What of the open conversation is in sight, and what of it has been read.

use switchboard_client::{ItemState, Receipt};
use switchboard_protocol::{ConversationId, MessageId, UserId};

use super::timeline::Day;
use super::viewport::{Viewport, Window};
use super::{App, Intent, Key, Registry};
use crate::signal::{RwSignal, StoredValue};

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
    /// Whether a conversation is to open at a message older than those that are here.
    pub opens_earlier: RwSignal<bool>,
    /// Where the person was before a jump.
    pub back: RwSignal<Option<Key>>,
    /// What has the tools: the message under the pointer or with the focus.
    pub acting: RwSignal<Option<Key>>,
    /// Of the message whose details are shown.
    pub details: RwSignal<Details>,
    pub(super) view: StoredValue<Viewport>,
    /// The found message: the view shows which it is once it is in sight.
    pub(super) found: StoredValue<Option<Sought>>,
    /// The rows in the document.
    pub(super) shown: StoredValue<Window>,
    pub(super) newest: StoredValue<Option<Key>>,
    /// Whether the person asked for older messages and has not been told of them.
    pub(super) asked: StoredValue<bool>,
    /// Until the newest messages are here and nobody has scrolled, what is unread may still come.
    pub(super) opening: StoredValue<bool>,
    /// Rows up to which everything is read.
    pub(super) read: StoredValue<usize>,
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
            opens_earlier: RwSignal::new(false),
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
        self.opens_earlier.set(false);
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
        self.opens_earlier.set(false);
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
        if !self.is_visible()
            || reading.keeps_unread()
            || reading.opens_earlier.get_untracked()
            || seen.end <= reading.read.get_value()
        {
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
