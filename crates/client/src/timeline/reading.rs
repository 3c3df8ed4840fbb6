//! What comes into the window, what of it is unread, and what others are told of reading.

use switchboard_protocol::client::Kind;
use switchboard_protocol::server::Message;
use switchboard_protocol::{MessageId, Seq};

use super::Timeline;
use super::entries::Entry;
use super::fold::{Act, Folded};
use crate::io::Now;
use crate::mention::names;

/// Others are told that somebody types once in so many ms.
const TYPING: u64 = 4_000;

impl Timeline {
    /// A newer entry.
    pub(super) fn push_back(&mut self, entry: &Message) {
        let seq = entry.seq;
        let is_other = entry.from != self.me;
        self.rows.push_back(entry);
        match (&entry.kind, &entry.re) {
            (Kind::Text, _) if is_other => {
                let names_me = names(&entry.content, self.me.as_str());
                self.marks.add(seq, names_me);
            }
            (Kind::Edit | Kind::Delete, Some(re)) => self.changed(re, seq),
            (Kind::Read, _) if !is_other => self.read_elsewhere(),
            _ => {}
        }
    }

    /// An older entry.
    pub(super) fn push_front(&mut self, entry: &Message) {
        let is_other = entry.from != self.me;
        self.rows.push_front(entry);
        if entry.kind != Kind::Text {
            return;
        }
        // It may have been read on another device before it was loaded here.
        self.read_elsewhere();
        if is_other && let Some(text) = self.rows.text(0) {
            let folded = self.folded(text);
            let names_me = names(folded.text(), self.me.as_str());
            if !folded.is_deleted() {
                self.marks.add(entry.seq, names_me);
            }
        }
    }

    /// An unread text was edited or deleted, by whomever.
    fn changed(&mut self, id: &MessageId, below: Seq) {
        let Some(text) = self.rows.find(id.as_str(), below) else {
            return;
        };
        if *text.from != self.me && self.marks.through() < Some(text.seq) {
            let folded = self.folded(text);
            let names_me = names(folded.text(), self.me.as_str());
            let seq = text.seq;
            self.marks
                .change(seq, (!folded.is_deleted()).then_some(names_me));
        }
    }

    /// A text with what the log says was done to it.
    pub(crate) fn folded<'a>(&'a self, text: Entry<'a>) -> Folded<'a> {
        let mut folded = Folded::from(text);
        for entry in self.rows.changes_of(text) {
            folded.apply(Act::from(entry));
        }
        folded
    }

    /// The person's own word in the log that they have read.
    fn read_elsewhere(&mut self) {
        let through = self.rows.read_by(&self.me);
        self.marks.heard(through);
    }

    /// As storage kept it. Of another epoch's marks nobody asks.
    pub(crate) fn restore_mark(&mut self, through: Seq, tell: Seq, lowered: u64) {
        self.marks.restore(through, tell, lowered);
    }

    /// The person has read everything up to a message; whether that is new.
    pub(crate) fn read_through(&mut self, id: &MessageId, tell: bool) -> bool {
        if let Some(text) = self.rows.find(id.as_str(), self.applied.next()) {
            let seq = text.seq;
            return self.marks.raise(seq, tell);
        }
        let place = self.loose.iter().rposition(|loose| loose.item.id == *id);
        place.is_some_and(|place| self.read_loose(place + 1))
    }

    /// The person has read everything that is loaded; whether that is new.
    pub(crate) fn read_all(&mut self, tell: bool) -> bool {
        let loose = self.read_loose(self.loose.len());
        self.marks.raise(self.applied, tell) || loose
    }

    /// A message and what follows is unread again; whether that is new.
    pub(crate) fn unread_from(&mut self, id: &MessageId) -> bool {
        let Some(text) = self.rows.find(id.as_str(), self.applied.next()) else {
            let place = self.loose.iter().rposition(|loose| loose.item.id == *id);
            return place.is_some_and(|place| self.unread_loose(place));
        };
        let through = text.seq.previous();
        let known = self.rows.read_by(&self.me);
        let Some(before) = self.marks.lower(through, known) else {
            return false;
        };
        for row in self.rows.rows_through(through)..self.rows.rows_through(before) {
            let Some(text) = self.rows.text(row).filter(|text| *text.from != self.me) else {
                continue;
            };
            let folded = self.folded(text);
            if !folded.is_deleted() {
                let (seq, names_me) = (text.seq, names(folded.text(), self.me.as_str()));
                self.marks.add(seq, names_me);
            }
        }
        true
    }

    /// What is to be stored of the own mark, if it has changed.
    pub(crate) fn take_changed_mark(&mut self) -> Option<(Seq, Seq, u64)> {
        self.marks.take_changed()
    }

    /// Messages of others above the mark, as far as they are known: loaded ones, and places between
    /// the mark and the window.
    pub(crate) fn unread(&self) -> usize {
        let below = match self.marks.through() {
            Some(through) if self.anchored => self.floor.get().saturating_sub(through.get()),
            Some(_) | None => 0,
        };
        let below = usize::try_from(below).unwrap_or(usize::MAX);
        (self.marks.unread().len() + self.loose_unread.count).saturating_add(below)
    }

    /// Those among them that name the person.
    pub(crate) fn mentions(&self) -> usize {
        self.marks.naming() + self.loose_unread.mentions
    }

    /// Whether there may be unread ones older than the loaded ones, and at most so many places
    /// beyond them.
    pub(crate) fn unread_is_earlier(&self, places: u64) -> bool {
        let through = self.marks.through().filter(|_| self.anchored);
        through.is_some_and(|through| {
            through < self.floor && self.floor.get() - through.get() <= places
        })
    }

    /// The oldest of them that is loaded.
    pub(crate) fn first_unread(&self) -> Option<MessageId> {
        match self.marks.unread().front() {
            Some(seq) => self.id_at(*seq),
            None => self.first_loose_unread().cloned(),
        }
    }

    fn id_at(&self, seq: Seq) -> Option<MessageId> {
        let row = self.rows.rows_through(seq).checked_sub(1)?;
        let text = self.rows.text(row).filter(|text| text.seq == seq)?;
        text.id.try_into().ok()
    }

    /// The message up to which others do not know yet that the person has read, once it is certain
    /// that no other device has told them.
    pub(crate) fn to_tell(&self) -> Option<MessageId> {
        let tell = self.marks.tell();
        let known = self.rows.read_by(&self.me).max(self.untold);
        if !self.anchored || self.head > self.applied || tell <= known.max(self.floor) {
            return None;
        }
        self.id_at(tell)
    }

    /// The same, if now is the time.
    pub(crate) fn tell_now(&mut self, now: Now) -> Option<MessageId> {
        if self.tell_after > now.mono {
            return None;
        }
        self.tell_after = 0;
        self.to_tell()
    }

    /// Telling did not work; it is tried again at `mono`.
    pub(crate) fn tell_later(&mut self, mono: u64) {
        self.tell_after = mono;
    }

    /// The server refuses to tell.
    pub(crate) fn keep_untold(&mut self) {
        self.untold = self.marks.tell();
    }

    /// When telling is to be tried again.
    pub(crate) fn tell_deadline(&self) -> Option<u64> {
        (self.tell_after > 0 && self.to_tell().is_some()).then_some(self.tell_after)
    }

    /// Whether others are to be told now that the person types.
    pub(crate) fn types(&mut self, now: Now) -> bool {
        let is_due = self
            .typed_at
            .is_none_or(|at| now.mono.saturating_sub(at) >= TYPING);
        if is_due {
            self.typed_at = Some(now.mono);
        }
        is_due
    }

    /// The person has sent what they typed: what they type next is to be told at once.
    pub(crate) fn typed(&mut self) {
        self.typed_at = None;
    }
}
