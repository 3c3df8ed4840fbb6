//! What is made of signals.

use std::rc::Rc;

use leptos::prelude::{Get, GetUntracked, Memo as Version, untrack};

use super::{RwSignal, StoredValue};

/// A value made of signals, whose readers run again only when it is another than before.
pub struct Memo<T> {
    /// Counts the changes: Leptos' memo of a number, whatever the type of the value.
    version: Version<u32>,
    value: StoredValue<Option<T>>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

type Count = Box<dyn Fn(Option<&u32>) -> u32 + Send + Sync>;

fn version(count: Count) -> Version<u32> {
    Version::new(count)
}

impl<T: PartialEq + 'static> Memo<T> {
    /// What `make` makes of the signals it reads, and of what it made before.
    #[must_use]
    pub fn new(make: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let value: StoredValue<Option<T>> = StoredValue::new(None);
        let count: Count = Box::new(move |before| {
            let old = value.update_value(Option::take);
            let new = make(old.as_ref());
            let changed = old.as_ref() != Some(&new);
            value.set_value(Some(new));
            before.copied().unwrap_or(0).wrapping_add(changed.into())
        });
        Self {
            version: version(count),
            value,
        }
    }

    /// Reads the value; the reader runs again when it is another.
    #[track_caller]
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.version.get();
        self.read(read)
    }

    /// Reads the value.
    #[track_caller]
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.version.get_untracked();
        self.read(read)
    }

    #[track_caller]
    fn read<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.value
            .with_value(|value| value.as_ref().map(read))
            .unwrap_or_else(|| super::gone())
    }
}

impl<T: PartialEq + Clone + 'static> Memo<T> {
    /// The value; the reader runs again when it is another.
    #[must_use]
    #[track_caller]
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value.
    #[must_use]
    #[track_caller]
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

/// A value, or what gives one: whoever reads it need not know which.
pub struct Signal<T>(StoredValue<Rc<dyn Fn() -> T>>);

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

impl<T: 'static> Signal<T> {
    /// What `make` makes, each time it is read.
    #[must_use]
    pub fn derive(make: impl Fn() -> T + 'static) -> Self {
        Self(StoredValue::new(Rc::new(make)))
    }

    /// The value; the reader runs again when a signal it is made of changes.
    #[must_use]
    #[track_caller]
    pub fn get(self) -> T {
        self.0.get_value()()
    }

    /// The value.
    #[must_use]
    #[track_caller]
    pub fn get_untracked(self) -> T {
        untrack(|| self.get())
    }

    /// Reads the value; the reader runs again when a signal it is made of changes.
    #[track_caller]
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.get())
    }
}

impl<T: Clone + 'static> Signal<T> {
    /// Always `value`.
    #[must_use]
    pub fn stored(value: T) -> Self {
        Self::derive(move || value.clone())
    }
}

impl<T: Clone + 'static> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::derive(move || signal.get())
    }
}

impl<T: PartialEq + Clone + 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}
