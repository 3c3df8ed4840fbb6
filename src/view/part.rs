//! What fills a place of a view.

use std::borrow::Cow;
use std::sync::Arc;

use wasm_bindgen::JsCast;
use web_sys::{Event, Node};

use super::View;
use crate::signal::{Memo, RwSignal, Signal};

/// What fills a place: an attribute, a property or what stands between two tags.
pub enum Part {
    /// No attribute, no child.
    Nothing,
    /// As an attribute, there or not.
    Truth(bool),
    /// A text.
    Text(Cow<'static, str>),
    /// Elements.
    View(View),
    /// One after the other.
    Many(Vec<Part>),
    /// Made again whenever a signal that it read changes.
    Live(Box<dyn FnMut() -> Part>),
    /// What hears an event.
    Handler(Box<dyn FnMut(Event)>),
    /// Called with the element, or with the text node that ends the place of a child.
    Hook(Box<dyn FnOnce(Node)>),
}

/// What may stand in a place of a view.
pub trait IntoPart {
    /// As a part.
    fn into_part(self) -> Part;
}

/// The handler of an event of type `E`, which the event's name decides.
pub fn handler<E: JsCast>(mut hears: impl FnMut(E) + 'static) -> Part {
    Part::Handler(Box::new(move |event| hears(event.unchecked_into())))
}

/// Calls `made` with the element once it is made.
pub fn hook<N: JsCast>(made: impl FnOnce(N) + 'static) -> Part {
    Part::Hook(Box::new(move |node| made(node.unchecked_into())))
}

impl IntoPart for Part {
    fn into_part(self) -> Part {
        self
    }
}

impl IntoPart for View {
    fn into_part(self) -> Part {
        Part::View(self)
    }
}

impl IntoPart for () {
    fn into_part(self) -> Part {
        Part::Nothing
    }
}

impl IntoPart for bool {
    fn into_part(self) -> Part {
        Part::Truth(self)
    }
}

impl IntoPart for &'static str {
    fn into_part(self) -> Part {
        Part::Text(Cow::Borrowed(self))
    }
}

impl IntoPart for String {
    fn into_part(self) -> Part {
        Part::Text(Cow::Owned(self))
    }
}

impl IntoPart for Arc<str> {
    fn into_part(self) -> Part {
        String::from(&*self).into_part()
    }
}

impl<T: IntoPart> IntoPart for Option<T> {
    fn into_part(self) -> Part {
        self.map_or(Part::Nothing, T::into_part)
    }
}

impl<T: IntoPart> IntoPart for Vec<T> {
    fn into_part(self) -> Part {
        Part::Many(self.into_iter().map(T::into_part).collect())
    }
}

impl<T: IntoPart, const N: usize> IntoPart for [T; N] {
    fn into_part(self) -> Part {
        Part::Many(self.into_iter().map(T::into_part).collect())
    }
}

impl<T: IntoPart, F: FnMut() -> T + 'static> IntoPart for F {
    fn into_part(mut self) -> Part {
        Part::Live(Box::new(move || self().into_part()))
    }
}

impl<T: IntoPart + 'static> IntoPart for Signal<T> {
    fn into_part(self) -> Part {
        Part::Live(Box::new(move || self.get().into_part()))
    }
}

impl<T: IntoPart + PartialEq + Clone + 'static> IntoPart for Memo<T> {
    fn into_part(self) -> Part {
        Part::Live(Box::new(move || self.get().into_part()))
    }
}

impl<T: IntoPart + Clone + 'static> IntoPart for RwSignal<T> {
    fn into_part(self) -> Part {
        Part::Live(Box::new(move || self.get().into_part()))
    }
}
