//! Messages without a log: what foreign profiles bring, and what was handed over to them.

use switchboard_protocol::MessageId;

use super::Timeline;
use crate::io::{Item, ItemState, Now};
use crate::mention::names;

/// A message without a log: foreign, or own and handed over to a foreign backend.
#[derive(Debug, Clone)]
pub(crate) struct Loose {
    pub(crate) item: Item,
    /// Own: its echo may come until then ([`Now::mono`]).
    pub(crate) echo_until: Option<u64>,
}

/// Those that the person has not read.
#[derive(Debug, Default)]
pub(super) struct LooseUnread {
    /// Everything before has been read.
    from: usize,
    pub(super) count: usize,
    pub(super) mentions: usize,
}

impl LooseUnread {
    fn add(&mut self, item: &Item) {
        if item.state == ItemState::Received {
            self.count += 1;
            self.mentions += usize::from(item.mentions_me);
        }
    }
}

impl Timeline {
    pub(crate) fn loose(&self) -> &[Loose] {
        &self.loose
    }

    pub(crate) fn push_loose(&mut self, mut loose: Loose) {
        loose.item.mentions_me =
            loose.item.state == ItemState::Received && names(&loose.item.text, self.me.as_str());
        self.loose_unread.add(&loose.item);
        self.loose.push(loose);
    }

    /// The first so many are read; whether that is new.
    pub(super) fn read_loose(&mut self, count: usize) -> bool {
        let is_new = count > self.loose_unread.from;
        if is_new {
            self.count_loose(count);
        }
        is_new
    }

    /// Unread again from a place on; whether that is new.
    pub(super) fn unread_loose(&mut self, from: usize) -> bool {
        let is_new = from < self.loose_unread.from;
        if is_new {
            self.count_loose(from);
        }
        is_new
    }

    fn count_loose(&mut self, count: usize) {
        let mut unread = LooseUnread {
            from: count,
            ..LooseUnread::default()
        };
        for loose in self.loose.iter().skip(count) {
            unread.add(&loose.item);
        }
        self.loose_unread = unread;
    }

    /// The oldest that the person has not read.
    pub(super) fn first_loose_unread(&self) -> Option<&MessageId> {
        let mut unread = self.loose.iter().skip(self.loose_unread.from);
        unread
            .find(|loose| loose.item.state == ItemState::Received)
            .map(|loose| &loose.item.id)
    }

    /// Marks the oldest own message that waits for its echo with this text; whether there is one.
    pub(crate) fn echo(&mut self, text: &str, now: Now) -> bool {
        let waits = |loose: &&mut Loose| {
            loose.echo_until.is_some_and(|until| now.mono <= until) && loose.item.text == text
        };
        let Some(loose) = self.loose.iter_mut().find(waits) else {
            return false;
        };
        loose.echo_until = None;
        loose.item.state = ItemState::Sent {
            reached: 0,
            of: 0,
            read: 0,
        };
        true
    }
}
