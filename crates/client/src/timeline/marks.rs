//! How far the person has read, and so what is unread.

use std::collections::VecDeque;

use switchboard_protocol::Seq;

/// The own read mark of a conversation and the loaded messages above it.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// None while it is not known where the log stands.
    through: Option<Seq>,
    /// The newest message of somebody else that the person has read and others may know of.
    /// Above `through` where the person has lowered that: the log's word up to here, which is of
    /// before, does not count.
    tell: Seq,
    /// How often it was lowered.
    lowered: u64,
    /// Changed since it was last asked for.
    changed: bool,
    /// Texts of others above the mark that are not deleted.
    unread: VecDeque<Seq>,
    /// Those among them that name the person.
    naming: VecDeque<Seq>,
}

impl Marks {
    pub(super) fn through(&self) -> Option<Seq> {
        self.through
    }

    pub(super) fn tell(&self) -> Seq {
        self.tell
    }

    pub(super) fn unread(&self) -> &VecDeque<Seq> {
        &self.unread
    }

    pub(super) fn naming(&self) -> usize {
        self.naming.len()
    }

    /// As storage kept it.
    pub(super) fn restore(&mut self, through: Seq, tell: Seq, lowered: u64) {
        self.through = Some(through);
        self.tell = if lowered > 0 { tell } else { tell.min(through) };
        self.lowered = lowered;
    }

    /// The first mark there is.
    pub(super) fn establish(&mut self, through: Seq) {
        if self.through.is_none() {
            self.through = Some(through);
            self.changed = true;
        }
    }

    /// A text of somebody else that has come in at either end.
    pub(super) fn add(&mut self, seq: Seq, names_me: bool) {
        if self.through.is_some_and(|through| seq > through) {
            put(&mut self.unread, seq);
            if names_me {
                put(&mut self.naming, seq);
            }
        }
    }

    /// It was edited, or with `None` deleted.
    pub(super) fn change(&mut self, seq: Seq, names_me: Option<bool>) {
        if self.unread.binary_search(&seq).is_err() {
            return;
        }
        if names_me == Some(true) {
            put(&mut self.naming, seq);
        } else {
            take(&mut self.naming, seq);
        }
        if names_me.is_none() {
            take(&mut self.unread, seq);
        }
    }

    /// The person takes back having read what is above a place, of which others know up to
    /// `known`. What is unread then is to be added again, up to the place that is returned.
    pub(super) fn lower(&mut self, through: Seq, known: Seq) -> Option<Seq> {
        let before = self.through.filter(|before| through < *before)?;
        self.through = Some(through);
        self.tell = self.tell.max(known);
        self.lowered += 1;
        self.changed = true;
        Some(before)
    }

    /// The log says that the person has read everything up to a place.
    pub(super) fn heard(&mut self, through: Seq) {
        if through > self.tell {
            self.raise(through, false);
        }
    }

    /// Everything up to a place is read, and with `tell` others may know. Never lowers the mark.
    pub(super) fn raise(&mut self, through: Seq, tell: bool) -> bool {
        if self.through.is_none_or(|before| through <= before) {
            return false;
        }
        self.through = Some(through);
        self.changed = true;
        let read = self.unread.partition_point(|seq| *seq <= through);
        let newest = self.unread.drain(..read).next_back();
        let read = self.naming.partition_point(|seq| *seq <= through);
        self.naming.drain(..read);
        if tell && let Some(newest) = newest {
            self.tell = self.tell.max(newest);
        }
        true
    }

    /// What is to be stored, if it has changed: the mark, how far others may know, and how often it
    /// was lowered.
    pub(super) fn take_changed(&mut self) -> Option<(Seq, Seq, u64)> {
        let changed = std::mem::take(&mut self.changed);
        self.through
            .filter(|_| changed)
            .map(|through| (through, self.tell, self.lowered))
    }

    /// The log is read afresh from another place: the mark stays.
    pub(super) fn reloaded(&mut self) {
        self.unread.clear();
        self.naming.clear();
    }

    pub(super) fn invariants(&self) -> Result<(), &'static str> {
        let first = self.unread.front();
        if first.is_some_and(|first| self.through.is_none_or(|through| *first <= through)) {
            return Err("what is read counts as unread");
        }
        if self.naming.len() > self.unread.len()
            || self.naming.front() < first.filter(|_| !self.naming.is_empty())
        {
            return Err("what is read still calls");
        }
        Ok(())
    }
}

/// Keeps the list sorted; nearly always at an end.
fn put(list: &mut VecDeque<Seq>, seq: Seq) {
    if let Err(at) = list.binary_search(&seq) {
        list.insert(at, seq);
    }
}

fn take(list: &mut VecDeque<Seq>, seq: Seq) {
    if let Ok(at) = list.binary_search(&seq) {
        list.remove(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(n: u64) -> Seq {
        Seq::try_from(n).unwrap()
    }

    #[test]
    fn a_mark_only_rises_and_takes_what_it_passes() {
        let mut marks = Marks::default();
        assert!(!marks.raise(seq(3), true), "no place is known yet");
        marks.establish(seq(2));
        marks.establish(seq(1));
        assert_eq!(marks.take_changed(), Some((seq(2), seq(0), 0)));
        assert_eq!(marks.take_changed(), None);
        for (n, names_me) in [(2, true), (4, false), (3, true), (6, true), (6, true)] {
            marks.add(seq(n), names_me);
        }
        assert_eq!((marks.unread().len(), marks.naming()), (3, 2));
        marks.change(seq(4), Some(true));
        marks.change(seq(3), Some(false));
        marks.change(seq(2), Some(true));
        assert_eq!((marks.unread().len(), marks.naming()), (3, 2));
        marks.change(seq(6), None);
        assert_eq!((marks.unread().len(), marks.naming()), (2, 1));
        assert!(marks.raise(seq(3), false) && !marks.raise(seq(3), true));
        assert_eq!(
            marks.take_changed(),
            Some((seq(3), seq(0), 0)),
            "told nobody"
        );
        assert!(marks.raise(seq(5), true));
        assert_eq!(marks.take_changed(), Some((seq(5), seq(4), 0)));
        assert_eq!((marks.unread().len(), marks.naming()), (0, 0));
        assert!(marks.invariants().is_ok());
    }

    #[test]
    fn a_lowered_mark_does_not_believe_what_the_log_said_before() {
        let mut marks = Marks::default();
        marks.restore(seq(6), seq(6), 0);
        assert_eq!(marks.lower(seq(7), seq(6)), None);
        assert_eq!(marks.lower(seq(3), seq(6)), Some(seq(6)));
        for n in [4, 6] {
            marks.add(seq(n), false);
        }
        marks.heard(seq(6));
        assert_eq!((marks.through(), marks.unread().len()), (Some(seq(3)), 2));
        assert!(marks.raise(seq(5), true));
        assert_eq!(marks.take_changed(), Some((seq(5), seq(6), 1)));
        // Read on another device since.
        marks.heard(seq(8));
        assert_eq!((marks.through(), marks.unread().len()), (Some(seq(8)), 0));
        assert!(marks.invariants().is_ok());
    }
}
