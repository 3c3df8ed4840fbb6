//! What storage keeps of a log, and how two tabs write it without a lock.
//!
//! Of each conversation one contiguous stretch of the log is kept. Every write names the stretch
//! it adds; [`Stretch::join`] decides inside the storage's transaction how it fits what is there.

use std::cmp::Ordering;

use switchboard_protocol::json::{Object, Writer};
use switchboard_protocol::server::Message;
use switchboard_protocol::{ConversationId, MessageId, Seq};

use crate::io::Pending;
use crate::timeline::Entries;

/// A contiguous piece of a conversation's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Which log.
    pub conversation: ConversationId,
    /// The log's incarnation: numbers of another one mean nothing.
    pub epoch: String,
    /// Everything in `(after, through]` is in `messages` or a permanent hole.
    pub after: Seq,
    /// See `after`.
    pub through: Seq,
    /// In order of `seq`.
    pub messages: Vec<Message>,
    /// Own messages it confirms: their outbox rows go in the same transaction.
    pub confirmed: Vec<MessageId>,
    /// What is stored of this conversation is of a log that is no more, though its epoch may be
    /// the same.
    pub replaces: bool,
}

/// The place of a stored stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// See [`Stretch::epoch`].
    pub epoch: String,
    /// See [`Stretch::after`].
    pub after: Seq,
    /// See [`Stretch::through`].
    pub through: Seq,
}

/// How a stretch fits what storage holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Join {
    /// Write the messages and these bounds; what is stored stays.
    Extend(Bounds),
    /// Delete the conversation's stored messages, then write these and the stretch's own bounds.
    Replace,
    /// Storage has a later stretch that this one does not reach: write neither.
    Older,
}

impl Stretch {
    /// Its place.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds {
            epoch: self.epoch.clone(),
            after: self.after,
            through: self.through,
        }
    }

    /// Decides by what is stored of this conversation. Outbox rows in `confirmed` are removed
    /// whatever the answer.
    #[must_use]
    pub fn join(&self, stored: Option<&Bounds>) -> Join {
        match stored {
            Some(stored) if stored.epoch == self.epoch && !self.replaces => {
                if self.after <= stored.through && stored.after <= self.through {
                    Join::Extend(Bounds {
                        epoch: self.epoch.clone(),
                        after: self.after.min(stored.after),
                        through: self.through.max(stored.through),
                    })
                } else if self.through < stored.after {
                    Join::Older
                } else {
                    Join::Replace
                }
            }
            Some(_) | None => Join::Replace,
        }
    }
}

/// The confirmed part of a conversation's log that is loaded: contiguous, in order of `seq`.
#[derive(Debug, Clone, Copy)]
pub struct Log<'a> {
    /// Everything in `(after, through]` is in `messages` or a permanent hole.
    pub after: Seq,
    /// See `after`.
    pub through: Seq,
    /// In order of `seq`.
    pub messages: &'a Entries,
}

/// How far the person has read a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub conversation: ConversationId,
    /// See [`Stretch::epoch`].
    pub epoch: String,
    /// The place of the newest message read.
    pub through: Seq,
    /// The others may know of everything up to here. Above `through` only where the person has
    /// lowered that.
    pub tell: Seq,
    /// How often the person has lowered `through`.
    pub lowered: u64,
}

impl Mark {
    /// What is stored once this mark was written over a stored one.
    #[must_use]
    pub fn join(&self, stored: Option<&Self>) -> Self {
        let mut joined = self.clone();
        if let Some(stored) = stored.filter(|stored| stored.epoch == self.epoch) {
            // What was lowered later counts; a page that does not know of it changes nothing.
            joined.through = match joined.lowered.cmp(&stored.lowered) {
                Ordering::Less => stored.through,
                Ordering::Equal => joined.through.max(stored.through),
                Ordering::Greater => joined.through,
            };
            joined.lowered = joined.lowered.max(stored.lowered);
            joined.tell = joined.tell.max(stored.tell);
        }
        joined
    }

    /// How storage keeps it; [`Mark::parse`] reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut row = Writer::new();
        row.text("conv", self.conversation.as_str());
        row.text("epoch", &self.epoch);
        row.number("through", self.through.get());
        row.number("tell", self.tell.get());
        if self.lowered > 0 {
            row.number("lowered", self.lowered);
        }
        row.finish()
    }

    /// Reads a stored row; `None` for what is not one.
    #[must_use]
    pub fn parse(row: &str) -> Option<Self> {
        let mut row = Object::parse(row)?;
        Some(Self {
            conversation: row.id("conv")?,
            epoch: row.text("epoch")?,
            through: row.seq("through")?,
            tell: row.seq("tell")?,
            lowered: row.number("lowered").unwrap_or(0),
        })
    }
}

/// What storage held for an account when it signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// Messages not confirmed yet, in any order.
    pub outbox: Vec<Pending>,
    /// The newest part of each conversation's stored stretch (`confirmed` and `replaces` are not
    /// used).
    pub logs: Vec<Stretch>,
    /// How far the person has read each conversation.
    pub marks: Vec<Mark>,
}

impl From<Vec<Pending>> for Restored {
    fn from(outbox: Vec<Pending>) -> Self {
        Self {
            outbox,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(n: u64) -> Seq {
        (0..n).fold(Seq::ZERO, |seq, _| seq.next())
    }

    fn bounds(epoch: &str, after: u64, through: u64) -> Bounds {
        Bounds {
            epoch: epoch.to_owned(),
            after: seq(after),
            through: seq(through),
        }
    }

    fn join(after: u64, through: u64, stored: Option<Bounds>) -> Join {
        Stretch {
            conversation: ConversationId::lobby(),
            epoch: "e".to_owned(),
            after: seq(after),
            through: seq(through),
            messages: Vec::new(),
            confirmed: Vec::new(),
            replaces: false,
        }
        .join(stored.as_ref())
    }

    #[test]
    fn touching_stretches_become_one() {
        for (after, through, expected) in [
            (5, 8, (2, 8)),
            (3, 4, (2, 5)),
            (0, 2, (0, 5)),
            (0, 9, (0, 9)),
            (5, 5, (2, 5)),
        ] {
            assert_eq!(
                join(after, through, Some(bounds("e", 2, 5))),
                Join::Extend(bounds("e", expected.0, expected.1)),
                "{after}..{through}"
            );
        }
    }

    #[test]
    fn a_gap_is_never_declared_known() {
        assert_eq!(join(6, 8, Some(bounds("e", 2, 5))), Join::Replace);
        assert_eq!(join(0, 1, Some(bounds("e", 2, 5))), Join::Older);
    }

    #[test]
    fn a_restored_log_replaces_whatever_is_stored() {
        let stretch = Stretch {
            conversation: ConversationId::lobby(),
            epoch: "e".to_owned(),
            after: seq(0),
            through: seq(3),
            messages: Vec::new(),
            confirmed: Vec::new(),
            replaces: true,
        };
        assert_eq!(stretch.join(Some(&bounds("e", 0, 5))), Join::Replace);
    }

    #[test]
    fn a_mark_rises_unless_it_was_lowered_later() {
        let mark = |through, tell, lowered| Mark {
            conversation: ConversationId::lobby(),
            epoch: "e".to_owned(),
            through: seq(through),
            tell: seq(tell),
            lowered,
        };
        for (new, stored, joined) in [
            (mark(3, 1, 0), mark(5, 0, 0), mark(5, 1, 0)),
            (mark(2, 4, 1), mark(5, 3, 0), mark(2, 4, 1)),
            (mark(7, 6, 0), mark(2, 4, 1), mark(2, 6, 1)),
            (mark(4, 4, 1), mark(2, 4, 1), mark(4, 4, 1)),
        ] {
            assert_eq!(new.join(Some(&stored)), joined);
            assert_eq!(Mark::parse(&joined.to_json()), Some(joined));
        }
    }

    #[test]
    fn another_incarnation_replaces() {
        assert_eq!(join(0, 1, Some(bounds("other", 2, 5))), Join::Replace);
        assert_eq!(join(0, 1, None), Join::Replace);
    }
}
