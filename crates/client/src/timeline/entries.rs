//! The loaded entries of a log, packed: with allocations of its own for each, a hundred thousand
//! of them took three times as much memory as they have text.
//!
//! Entries come in at both ends and never leave one by one: two piles, upwards and downwards from
//! a middle, of blocks that nothing moves any more once they are full.

use std::ops::Range;

use switchboard_protocol::client::Kind;
use switchboard_protocol::server::Message;
use switchboard_protocol::{ConversationId, MessageId, Seq, UserId};

/// Entries in a block.
const BLOCK: usize = 64;

/// A log entry where it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its place.
    pub seq: Seq,
    /// The sender's id for it.
    pub id: &'a str,
    /// The sender.
    pub from: &'a UserId,
    /// When it was committed, ms since the Unix epoch.
    pub at: u64,
    /// What it is.
    pub kind: &'a Kind,
    /// The text.
    pub content: &'a str,
    /// The message it is about.
    pub re: Option<&'a MessageId>,
}

impl Entry<'_> {
    /// The same as a message of its conversation.
    #[must_use]
    pub fn to_message(self, conversation: &ConversationId) -> Option<Message> {
        Some(Message {
            conv: conversation.clone(),
            seq: self.seq,
            id: self.id.try_into().ok()?,
            from: self.from.clone(),
            at: self.at,
            kind: self.kind.clone(),
            content: self.content.to_owned(),
            re: self.re.cloned(),
        })
    }
}

impl<'a> From<&'a Message> for Entry<'a> {
    fn from(message: &'a Message) -> Self {
        Self {
            seq: message.seq,
            id: message.id.as_str(),
            from: &message.from,
            at: message.at,
            kind: &message.kind,
            content: &message.content,
            re: message.re.as_ref(),
        }
    }
}

/// All entries that are loaded, in order.
#[derive(Debug, Default)]
pub struct Entries {
    /// From the middle down: the oldest is the last.
    older: Pile,
    newer: Pile,
}

impl Entries {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.older.len() + self.newer.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Entry<'_>> + Clone {
        self.range(0..self.len())
    }

    /// Those at these places; the oldest is 0.
    pub fn range(
        &self,
        places: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = Entry<'_>> + Clone {
        let older = self.older.len();
        places.filter_map(move |at| match older.checked_sub(at + 1) {
            Some(below) => self.older.get(below),
            None => self.newer.get(at - older),
        })
    }

    /// The entry of a number.
    pub(super) fn numbered(&self, number: u32) -> Option<Entry<'_>> {
        match number.checked_sub(MIDDLE) {
            Some(above) => self.newer.get(index(above)),
            None => self.older.get(index(MIDDLE - 1 - number)),
        }
    }

    /// Adds a newer one; its number.
    pub(super) fn push_back(&mut self, entry: &Message, from: UserId) -> u32 {
        self.newer.push(entry, from);
        MIDDLE + (count(&self.newer) - 1)
    }

    /// Adds an older one; its number.
    pub(super) fn push_front(&mut self, entry: &Message, from: UserId) -> u32 {
        self.older.push(entry, from);
        MIDDLE - count(&self.older)
    }
}

/// The number of the first entry that comes in: as many fit below as above, and a number stays an
/// entry's own however many older ones come before it.
const MIDDLE: u32 = 1 << 31;

fn count(pile: &Pile) -> u32 {
    u32::try_from(pile.len()).unwrap_or(1)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// All blocks but the last are full.
#[derive(Debug, Default)]
struct Pile(Vec<Block>);

#[derive(Debug, Default)]
struct Block {
    slots: Vec<Slot>,
    /// Ids and texts of all, one after the other.
    text: String,
}

#[derive(Debug)]
struct Slot {
    seq: Seq,
    at: u64,
    from: UserId,
    /// Where its part of the block's text ends.
    end: usize,
    /// What most messages do not have.
    more: Option<Box<(Kind, Option<MessageId>)>>,
}

impl Pile {
    fn len(&self) -> usize {
        self.0
            .last()
            .map_or(0, |last| (self.0.len() - 1) * BLOCK + last.slots.len())
    }

    fn get(&self, at: usize) -> Option<Entry<'_>> {
        let (block, at) = (self.0.get(at / BLOCK)?, at % BLOCK);
        let slot = block.slots.get(at)?;
        let before = at.checked_sub(1).and_then(|before| block.slots.get(before));
        let start = before.map_or(0, |before| before.end);
        let (id, content) = block.text.get(start..slot.end)?.split_once(END_OF_ID)?;
        let (kind, re) = match &slot.more {
            Some(more) => (&more.0, more.1.as_ref()),
            None => (&Kind::Text, None),
        };
        Some(Entry {
            seq: slot.seq,
            id,
            from: &slot.from,
            at: slot.at,
            kind,
            content,
            re,
        })
    }

    fn push(&mut self, entry: &Message, from: UserId) {
        if self.len().is_multiple_of(BLOCK) {
            self.0.push(Block::default());
        }
        let Some(block) = self.0.last_mut() else {
            return;
        };
        block.text.push_str(entry.id.as_str());
        block.text.push(END_OF_ID);
        block.text.push_str(&entry.content);
        let is_plain = entry.kind == Kind::Text && entry.re.is_none();
        block.slots.push(Slot {
            seq: entry.seq,
            at: entry.at,
            from,
            end: block.text.len(),
            more: (!is_plain).then(|| Box::new((entry.kind.clone(), entry.re.clone()))),
        });
        if block.slots.len() == BLOCK {
            block.text.shrink_to_fit();
        }
    }
}

/// Stands in no id.
const END_OF_ID: char = '\n';

#[cfg(test)]
mod tests {
    use super::*;

    fn message(n: u64) -> Message {
        let id = |n: u64| MessageId::try_from(format!("m{n}")).unwrap();
        let (kind, re) = match n % 5 {
            0 => (Kind::Reaction, Some(id(n - 1))),
            1 => (Kind::Text, Some(id(7))),
            2 => (Kind::Other("poll".to_owned()), None),
            _ => (Kind::Text, None),
        };
        Message {
            conv: ConversationId::lobby(),
            seq: Seq::try_from(n).unwrap(),
            id: id(n),
            from: UserId::try_from(if n.is_multiple_of(2) { "bo" } else { "cy" }).unwrap(),
            at: n * 1_000,
            kind,
            content: "é\n".repeat(usize::try_from(n % 7).unwrap()),
            re,
        }
    }

    #[test]
    fn what_comes_in_at_either_end_is_found_as_it_was() {
        const EACH: u64 = 200;
        let mut entries = Entries::default();
        assert!(entries.is_empty() && entries.iter().next().is_none());
        let mut numbers = Vec::new();
        for n in 0..EACH {
            let (newer, older) = (message(1_000 + n), message(999 - n));
            numbers.push((entries.push_back(&newer, newer.from.clone()), newer));
            numbers.push((entries.push_front(&older, older.from.clone()), older));
        }
        for (number, message) in &numbers {
            assert_eq!(entries.numbered(*number), Some(message.into()));
        }
        assert_eq!(entries.numbered(MIDDLE + 200), None);
        assert_eq!(entries.numbered(MIDDLE - 201), None);
        let all: Vec<Message> = (1_000 - EACH..1_000 + EACH).map(message).collect();
        assert_eq!(entries.len(), all.len());
        let lobby = ConversationId::lobby();
        let owned = entries.iter().map(|entry| entry.to_message(&lobby));
        assert_eq!(owned.collect::<Option<Vec<_>>>(), Some(all.clone()));
        let ends = entries.range(190..210).rev().map(|entry| entry.seq);
        let expected = all[190..210].iter().rev().map(|message| message.seq);
        assert!(ends.eq(expected));
        assert_eq!(entries.range(399..500).count(), 1);
    }
}
