//! What is to happen when, in order.

use std::collections::BTreeMap;

/// Things that are due at a time; those of one time in the order they were put in.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    entries: BTreeMap<(u64, u64), T>,
    count: u64,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Self {
            entries: BTreeMap::new(),
            count: 0,
        }
    }

    pub(crate) fn put(&mut self, at: u64, what: T) {
        self.count += 1;
        self.entries.insert((at, self.count), what);
    }

    /// When the first is due.
    pub(crate) fn next_at(&self) -> Option<u64> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    /// The first, if it is due, and the time it was due at.
    pub(crate) fn take_due(&mut self, now: u64) -> Option<(u64, T)> {
        let entry = self.entries.first_entry()?;
        let (at, _) = *entry.key();
        (at <= now).then(|| (at, entry.remove()))
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.entries.retain(|_, what| keep(what));
    }
}
