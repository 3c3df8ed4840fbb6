//! An element of a view, for the code beside the view.

use std::marker::PhantomData;

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::Part;
use crate::signal::RwSignal;

/// The element that a view has made for `node_ref=`; none before, so that what waits for it is a
/// signal's reader.
pub struct NodeRef<E> {
    element: RwSignal<Option<Element>>,
    is: PhantomData<fn() -> E>,
}

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for NodeRef<E> {}

impl<E: JsCast> Default for NodeRef<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: JsCast> NodeRef<E> {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            element: RwSignal::new(None),
            is: PhantomData,
        }
    }

    /// The element. The reader runs again when it is made.
    #[must_use]
    pub fn get(self) -> Option<E> {
        self.element.get().map(JsCast::unchecked_into)
    }

    /// The element; the reader does not run again. None when the view is gone: what loses the focus
    /// or is closed by that hears of it still.
    #[must_use]
    pub fn get_untracked(self) -> Option<E> {
        self.try_get_untracked()
    }

    /// The element, unless the view it belongs to is gone.
    #[must_use]
    pub fn try_get_untracked(self) -> Option<E> {
        let element = self.element.try_get_untracked().flatten();
        element.map(JsCast::unchecked_into)
    }

    /// For `view!` alone.
    #[must_use]
    pub fn into_hook(self) -> Part {
        let element = self.element;
        Part::Hook(Box::new(move |node: Node| {
            element.set(Some(node.unchecked_into()));
        }))
    }
}
