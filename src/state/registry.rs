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
    /// Signals of `V`, erased: maps of them are compiled once then.
    entries: StoredValue<SortedMap<Key, Rc<dyn Any>>>,
    holds: PhantomData<fn() -> V>,
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
            entries: StoredValue::new(SortedMap::new()),
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
        let found = self.entries.with_value(|entries| entries.get(key).cloned());
        found.and_then(ArcRwSignal::of)
    }

    /// Makes the rows exactly `rows`, touching only the signals of those that differ. A
    /// repeated key is dropped.
    pub fn project(self, rows: Vec<(Key, V)>) {
        let mut order = Vec::with_capacity(rows.len());
        let mut kept = SortedMap::new();
        let mut changed = Vec::new();
        self.entries.update_value(|entries| {
            for (key, value) in rows {
                if kept.contains_key(&key) {
                    continue;
                }
                order.push(key.clone());
                let signal = match entries.remove(&key).and_then(ArcRwSignal::of) {
                    Some(signal) => {
                        if signal.with_untracked(|old| *old != value) {
                            changed.push((signal.clone(), value));
                        }
                        signal
                    }
                    None => ArcRwSignal::new(value),
                };
                kept.insert(key, signal.erased());
            }
            *entries = kept;
        });
        for (signal, value) in changed {
            signal.set(value);
        }
        if self.order.with_untracked(|old| *old != order) {
            self.order.set(order);
        }
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
        rows.project(Vec::new());
        assert!(rows.get("a").is_none());
    }
}
