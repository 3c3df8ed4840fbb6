//! A view in the document.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Node;

use super::document;
use super::pack::{Hears, Nodes, Pack};
use super::place::{Content, Place};
use super::program::Program;
use super::{Part, View};

/// A view's nodes.
pub(super) struct Shown {
    pub(super) program: Rc<Program>,
    pub(super) nodes: Nodes,
    /// Its first among the nodes: what stands in no other element, then its places.
    pub(super) first: u32,
    pub(super) slots: Vec<Slot>,
}

/// What a part fills.
pub(super) enum Slot {
    Place(Rc<Place>),
    Event(Rc<RefCell<Hears>>),
    Hook,
}

impl Shown {
    /// The view's nodes, in no document yet.
    pub(super) fn new(view: View) -> Self {
        Pack::shown(view)
    }

    /// Puts a new one before `before`, with all that was made with it.
    pub(super) fn enter(&self, before: &Node) {
        self.nodes.enter(before);
    }

    /// Makes the nodes show another view of the same program. `false`, with nothing done, where
    /// that is not possible.
    pub(super) fn become_like(&self, view: &mut View) -> bool {
        // What a hook has done to the nodes cannot be undone.
        let is_hook = |slot: &Slot| matches!(slot, Slot::Hook);
        if !self.program.is(view.program) || self.slots.iter().any(is_hook) {
            return false;
        }
        for (slot, part) in self.slots.iter().zip(view.parts.drain(..)) {
            match (slot, part) {
                (Slot::Place(place), part) => place.fill(part, None),
                (Slot::Event(hears), Part::Handler(new)) => {
                    *hears.borrow_mut() = new;
                }
                _ => {}
            }
        }
        true
    }

    pub(super) fn remove(&self) {
        for root in 0..self.program.roots.len() {
            self.inner(root, Self::remove);
        }
        self.put(0..self.program.roots.len(), None);
    }

    /// Puts the nodes before `before`, in the same parent.
    pub(super) fn move_before(&self, before: &Node) {
        for root in 0..self.program.roots.len() {
            self.inner(root, |view| view.move_before(before));
            self.put(root..root + 1, Some(before));
        }
    }

    fn put(&self, roots: std::ops::Range<usize>, before: Option<&Node>) {
        if let Some(nodes) = self.nodes.get() {
            document::put(nodes, self.at(roots.start), self.at(roots.end), before);
        }
    }

    /// Where a root stands among the nodes.
    fn at(&self, root: usize) -> u32 {
        self.first + u32::try_from(root).unwrap_or(0)
    }

    /// The views that stand before a root which is a place.
    fn inner(&self, root: usize, each: impl FnMut(&Self)) {
        if let Some(Some(slot)) = self.program.roots.get(root)
            && let Some(Slot::Place(place)) = self.slots.get(*slot)
            && let Content::Views(views) = &*place.content.borrow()
        {
            views.iter().for_each(each);
        }
    }

    /// The first of the nodes that a person, or an extension, has not taken out.
    pub(super) fn first(&self) -> Option<Node> {
        (0..self.program.roots.len()).find_map(|root| {
            let mut first = None;
            self.inner(root, |view| first = first.take().or_else(|| view.first()));
            let node = || {
                self.nodes
                    .node(self.first + u32::try_from(root).unwrap_or(0))
            };
            first.or_else(|| node().filter(|node| node.parent_node().is_some()))
        })
    }
}

impl From<Part> for View {
    /// A view of one place.
    fn from(part: Part) -> Self {
        match part {
            Part::View(view) => view,
            part => Self {
                program: super::program::PLACE,
                parts: vec![part],
            },
        }
    }
}
