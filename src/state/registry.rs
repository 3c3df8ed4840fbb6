//! Keyed rows: a list of keys, and one signal per row.
//!
//! A change of one row never touches the list, and a removed row's signal is freed with its
//! last reader (measured against keyed stores in the reference, §1.1).

use std::any::Any;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use crate::signal::{ArcRwSignal, RwSignal, StoredValue};
use switchboard_protocol::sorted::SortedMap;

/// Names a row: a message, conversation or user id.
pub type Key = Arc<str>;

/// Rows in order, each with its own signal.
pub struct Registry<V: Send + Sync + 'static> {
    order: RwSignal<Vec<Key>>,
    entries: StoredValue<Entries>,
    holds: PhantomData<fn() -> V>,
}

#[derive(Default)]
struct Entries {
    rows: SortedMap<Key, Entry>,
    /// Counts projections.
    turn: u32,
}

struct Entry {
    /// A signal of `V`, erased: maps of them are compiled once then.
    signal: Rc<dyn Any>,
    /// The last projection it was in.
    turn: u32,
}

impl<V: Send + Sync + 'static> Clone for Registry<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V: Send + Sync + 'static> Copy for Registry<V> {}

impl<V: PartialEq + Send + Sync + 'static> Registry<V> {
    pub(super) fn new() -> Self {
        Self {
            order: RwSignal::new(Vec::new()),
            entries: StoredValue::new(Entries::default()),
            holds: PhantomData,
        }
    }

    /// The rows' keys in order.
    #[must_use]
    pub fn order(self) -> RwSignal<Vec<Key>> {
        self.order
    }

    /// A row's signal.
    #[must_use]
    pub fn get(self, key: &str) -> Option<ArcRwSignal<V>> {
        let found = self
            .entries
            .with_value(|entries| Some(entries.rows.get(key)?.signal.clone()));
        found.and_then(ArcRwSignal::of)
    }

    /// The last row's signal.
    #[must_use]
    pub fn last(self) -> Option<ArcRwSignal<V>> {
        let key = self.order.with_untracked(|order| order.last().cloned());
        self.get(&key?)
    }

    /// Puts rows behind the others. A repeated key is dropped.
    pub fn append(self, rows: Vec<(Key, V)>) {
        self.place(rows, false);
    }

    /// Makes the rows exactly `rows`, touching only the signals of those that differ. A
    /// repeated key is dropped.
    pub fn project(self, rows: Vec<(Key, V)>) {
        self.place(rows, true);
    }

    fn place(self, rows: Vec<(Key, V)>, anew: bool) {
        let (keys, values): (Vec<Key>, Vec<V>) = rows.into_iter().unzip();
        let mut values = values.into_iter();
        let mut changed = Vec::new();
        let mut meet = |old: Met| {
            let value = values.next()?;
            match old {
                Met::Repeated => None,
                Met::New => Some(ArcRwSignal::new(value).erased()),
                Met::Kept(signal) => {
                    let signal = ArcRwSignal::of(signal)?;
                    if signal.with_untracked(|old| *old != value) {
                        changed.push((signal, value));
                    }
                    None
                }
            }
        };
        let before = (!anew).then(|| self.order.get_untracked());
        let order = self
            .entries
            .try_update_value(|entries| entries.place(keys, before, &mut meet));
        for (signal, value) in changed {
            signal.set(value);
        }
        if let Some(order) = order
            && self.order.with_untracked(|old| *old != order)
        {
            self.order.set(order);
        }
    }
}

/// What becomes of a row's value.
enum Met {
    New,
    Kept(Rc<dyn Any>),
    Repeated,
}

impl Entries {
    /// Places rows behind those `before` or, without any, anew, and gives the new order. The
    /// registries' values differ, not this: it is compiled once.
    fn place(
        &mut self,
        keys: Vec<Key>,
        before: Option<Vec<Key>>,
        meet: &mut dyn FnMut(Met) -> Option<Rc<dyn Any>>,
    ) -> Vec<Key> {
        let mut order = before.unwrap_or_else(|| {
            self.turn = self.turn.wrapping_add(1);
            Vec::new()
        });
        let turn = self.turn;
        for key in keys {
            match self.rows.get_mut(&key) {
                Some(entry) if entry.turn == turn => {
                    meet(Met::Repeated);
                    continue;
                }
                Some(entry) => {
                    entry.turn = turn;
                    meet(Met::Kept(entry.signal.clone()));
                }
                None => {
                    if let Some(signal) = meet(Met::New) {
                        self.rows.insert(key.clone(), Entry { signal, turn });
                    }
                }
            }
            order.push(key);
        }
        if self.rows.len() > order.len() {
            self.rows.retain(|entry| entry.turn == turn);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;

    use super::*;

    #[test]
    fn only_what_differs_is_touched_and_what_is_gone_is_freed() {
        let owner = Owner::new();
        owner.set();
        let rows = Registry::<u32>::new();
        let key = |name: &str| Key::from(name);
        rows.project(vec![(key("a"), 1), (key("b"), 2), (key("a"), 9)]);
        assert_eq!(rows.order().get_untracked(), [key("a"), key("b")]);
        let a = rows.get("a").unwrap();
        assert_eq!(a.get_untracked(), 1);
        rows.project(vec![(key("b"), 3), (key("a"), 1)]);
        assert_eq!(rows.order().get_untracked(), [key("b"), key("a")]);
        assert_eq!(rows.get("b").unwrap().get_untracked(), 3);
        rows.append(vec![(key("c"), 4), (key("a"), 9)]);
        assert_eq!(rows.order().get_untracked(), [key("b"), key("a"), key("c")]);
        assert_eq!(rows.last().map(|it| it.get_untracked()), Some(4));
        assert_eq!(rows.get("a").unwrap().get_untracked(), 1);
        rows.project(vec![(key("c"), 4)]);
        assert!(rows.get("a").is_none() && rows.get("c").is_some());
        rows.project(Vec::new());
        assert!(rows.last().is_none());
    }
}
