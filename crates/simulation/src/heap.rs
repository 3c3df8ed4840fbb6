//! What happens when: the one queue of the world.

use std::{cmp::Ordering, collections::BinaryHeap};

/// Events by time; those of one moment in the order they were asked for.
#[derive(Debug)]
pub(crate) struct Heap<E> {
    heap: BinaryHeap<Entry<E>>,
    order: u64,
}

#[derive(Debug)]
struct Entry<E> {
    at: u64,
    order: u64,
    event: E,
}

impl<E> Heap<E> {
    pub(crate) fn new() -> Self {
        Self {
            heap: BinaryHeap::with_capacity(1024),
            order: 0,
        }
    }

    pub(crate) fn push(&mut self, at: u64, event: E) {
        self.order += 1;
        self.heap.push(Entry {
            at,
            order: self.order,
            event,
        });
    }

    /// The next event, unless it lies after `until`.
    pub(crate) fn pop(&mut self, until: u64) -> Option<(u64, E)> {
        if self.heap.peek()?.at > until {
            return None;
        }
        self.heap.pop().map(|entry| (entry.at, entry.event))
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl<E> Eq for Entry<E> {}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Entry<E> {
    /// The greatest is the earliest: `BinaryHeap` gives out the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}
