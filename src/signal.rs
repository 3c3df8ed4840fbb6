//! Leptos' signals and stored values with its arena, owners and triggers under them, but with one
//! machinery for every type of value: Leptos' own is compiled anew for each, which with sixty
//! signals was a tenth of the app's code. Names and meaning are Leptos'.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::prelude::{
    ArcTrigger, Dispose, GetValue, IsDisposed, LocalStorage, Notify, StoredValue as Arena, Track,
};

mod derived;
mod effect;

pub use derived::{Memo, Signal};
pub use effect::{effect, effect_now};

/// What a handle stands for, until its owner is cleaned up.
type Place = Arena<Rc<dyn Any>, LocalStorage>;

fn find(place: Place) -> Option<Rc<dyn Any>> {
    place.try_get_value()
}

/// A view used a signal after the view was gone.
#[track_caller]
#[allow(clippy::panic, reason = "a broken invariant, as in Leptos")]
fn gone() -> ! {
    panic!("a signal or stored value was used after its owner was cleaned up")
}

struct Held<T> {
    trigger: ArcTrigger,
    value: RefCell<T>,
}

/// A value whose readers run again when it changes, owned by whoever holds it.
pub struct ArcRwSignal<T>(Rc<Held<T>>);

impl<T> Clone for ArcRwSignal<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: 'static> ArcRwSignal<T> {
    /// A signal of `value`.
    pub fn new(value: T) -> Self {
        Self(Rc::new(Held {
            trigger: ArcTrigger::new(),
            value: RefCell::new(value),
        }))
    }

    /// The same signal, its type forgotten.
    pub(crate) fn erased(self) -> Rc<dyn Any> {
        self.0
    }

    /// The signal that was `erased`; none where it was of another type.
    pub(crate) fn of(erased: Rc<dyn Any>) -> Option<Self> {
        erased.downcast().ok().map(Self)
    }

    /// Reads the value; the reader runs again when it changes.
    #[track_caller]
    pub fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        self.0.trigger.track();
        read(&self.0.value.borrow())
    }

    /// Reads the value.
    #[track_caller]
    pub fn with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.0.value.borrow())
    }

    /// The value; the reader runs again when it changes.
    #[track_caller]
    pub fn get(&self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The value.
    #[track_caller]
    pub fn get_untracked(&self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// Changes the value; its readers run again, whatever it was.
    #[track_caller]
    pub fn set(&self, value: T) {
        self.update(|old| *old = value);
    }

    /// Changes the value; its readers run again.
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.0.value.borrow_mut());
        self.0.trigger.notify();
    }
}

/// A value whose readers run again when it changes, kept until its owner is cleaned up.
pub struct RwSignal<T>(Place, PhantomData<fn() -> T>);

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T: 'static> From<ArcRwSignal<T>> for RwSignal<T> {
    fn from(signal: ArcRwSignal<T>) -> Self {
        Self(Arena::new_local(signal.0), PhantomData)
    }
}

impl<T: 'static> RwSignal<T> {
    /// A signal of `value`, of the current owner.
    #[must_use]
    pub fn new(value: T) -> Self {
        ArcRwSignal::new(value).into()
    }

    fn try_arc(self) -> Option<ArcRwSignal<T>> {
        ArcRwSignal::of(find(self.0)?)
    }

    #[track_caller]
    fn arc(self) -> ArcRwSignal<T> {
        match self.try_arc() {
            Some(signal) => signal,
            None => gone(),
        }
    }

    /// Whether its owner was cleaned up.
    #[must_use]
    pub fn is_disposed(self) -> bool {
        self.0.is_disposed()
    }

    /// Reads the value; the reader runs again when it changes.
    #[track_caller]
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.arc().with(read)
    }

    /// Reads the value.
    #[track_caller]
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.arc().with_untracked(read)
    }

    /// The reader runs again when the value changes.
    #[track_caller]
    pub fn track(self) {
        self.arc().0.trigger.track();
    }

    /// Changes the value; its readers run again, whatever it was.
    #[track_caller]
    pub fn set(self, value: T) {
        self.arc().set(value);
    }

    /// As `set`, unless its owner was cleaned up: `value` comes back then.
    pub fn try_set(self, value: T) -> Option<T> {
        match self.try_arc() {
            Some(signal) => {
                signal.set(value);
                None
            }
            None => Some(value),
        }
    }

    /// Changes the value; its readers run again.
    #[track_caller]
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.arc().update(change);
    }

    /// Changes the value without telling its readers.
    #[track_caller]
    pub fn update_untracked(self, change: impl FnOnce(&mut T)) {
        change(&mut self.arc().0.value.borrow_mut());
    }

    /// Changes the value; its readers run again if `change` says so.
    #[track_caller]
    pub fn maybe_update(self, change: impl FnOnce(&mut T) -> bool) {
        let signal = self.arc();
        let changed = change(&mut signal.0.value.borrow_mut());
        if changed {
            signal.0.trigger.notify();
        }
    }
}

impl<T: Clone + 'static> RwSignal<T> {
    /// The value; the reader runs again when it changes.
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

    /// The value, unless its owner was cleaned up.
    #[must_use]
    pub fn try_get_untracked(self) -> Option<T> {
        Some(self.try_arc()?.with_untracked(T::clone))
    }
}

/// A value nobody waits for, kept until its owner is cleaned up.
pub struct StoredValue<T>(Place, PhantomData<fn() -> T>);

impl<T> Clone for StoredValue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StoredValue<T> {}

impl<T: 'static> StoredValue<T> {
    /// Keeps `value` for the current owner.
    #[must_use]
    pub fn new(value: T) -> Self {
        let held: Rc<RefCell<T>> = Rc::new(RefCell::new(value));
        Self(Arena::new_local(held), PhantomData)
    }

    /// Frees the value now.
    pub fn dispose(self) {
        self.0.dispose();
    }

    fn cell(self) -> Option<Rc<RefCell<T>>> {
        find(self.0)?.downcast().ok()
    }

    /// Reads the value.
    #[track_caller]
    pub fn with_value<U>(self, read: impl FnOnce(&T) -> U) -> U {
        match self.try_with_value(read) {
            Some(read) => read,
            None => gone(),
        }
    }

    /// Reads the value, unless its owner was cleaned up.
    pub fn try_with_value<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        Some(read(&self.cell()?.borrow()))
    }

    /// Changes the value.
    #[track_caller]
    pub fn update_value<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        match self.try_update_value(change) {
            Some(changed) => changed,
            None => gone(),
        }
    }

    /// Changes the value, unless its owner was cleaned up.
    pub fn try_update_value<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        Some(change(&mut self.cell()?.borrow_mut()))
    }

    /// Replaces the value.
    #[track_caller]
    pub fn set_value(self, value: T) {
        self.update_value(|old| *old = value);
    }

    /// Replaces the value, unless its owner was cleaned up: `value` comes back then.
    pub fn try_set_value(self, value: T) -> Option<T> {
        match self.cell() {
            Some(cell) => {
                cell.replace(value);
                None
            }
            None => Some(value),
        }
    }
}

impl<T: Clone + 'static> StoredValue<T> {
    /// The value.
    #[must_use]
    #[track_caller]
    pub fn get_value(self) -> T {
        self.with_value(T::clone)
    }

    /// The value, unless its owner was cleaned up.
    #[must_use]
    pub fn try_get_value(self) -> Option<T> {
        self.try_with_value(T::clone)
    }
}
