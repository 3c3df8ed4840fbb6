//! Views on their way into the document: everything that they show at first, for one call.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::Owner;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, Node};

use super::document;
use super::place::{Content, Place};
use super::program::Program;
use super::shown::{Shown, Slot};
use super::{Part, View};

/// What fills a place, for `document.js`; from `WORDS` on a text of so many UTF-16 units.
const NOTHING: u32 = 0;
const YES: u32 = 1;
const NO: u32 = 2;
const VIEWS: u32 = 3;
const WORDS: u32 = 4;

/// The nodes of views that were made in one call, as `document.js` gave them; once there are any. As
/// long as one of the views stays, so do all nodes: a list's batch is as large as its window at most.
#[derive(Clone, Default)]
pub(super) struct Nodes(Rc<OnceCell<Array>>);

impl Nodes {
    pub(super) fn get(&self) -> Option<&Array> {
        self.0.get()
    }

    pub(super) fn node(&self, at: u32) -> Option<Node> {
        self.get()?.get(at).dyn_into().ok()
    }

    /// Puts all of them that are new before `before`.
    pub(super) fn enter(&self, before: &Node) {
        if let Some(nodes) = self.get() {
            document::put(nodes, 0, 1, Some(before));
        }
    }
}

pub(super) type Hears = Box<dyn FnMut(Event)>;

/// What waits for the nodes.
enum Wait {
    Event(Rc<RefCell<Hears>>),
    /// With the owner of what it will make.
    Hook(Box<dyn FnOnce(Node)>, Option<Owner>),
}

#[derive(Default)]
struct Packed {
    ops: Vec<u32>,
    texts: String,
    /// How many nodes there will be, without the fragment.
    nodes: u32,
    waits: Vec<(u32, Wait)>,
}

/// Views being packed.
#[derive(Clone, Default)]
pub(super) struct Pack {
    nodes: Nodes,
    packed: Rc<RefCell<Packed>>,
}

impl Pack {
    /// The view with its nodes, in a fragment of their own.
    pub(super) fn shown(view: View) -> Shown {
        let pack = Self::default();
        let shown = pack.view(view);
        pack.make();
        shown
    }

    /// Makes all that was packed, in one fragment.
    pub(super) fn make(self) -> Nodes {
        let Packed {
            ops, texts, waits, ..
        } = self.packed.take();
        let nodes = self.nodes.0.get_or_init(|| document::show(&ops, &texts));
        for (at, wait) in waits {
            match wait {
                Wait::Event(hears) => listen(nodes, at, hears),
                Wait::Hook(made, owner) => {
                    let Some(node) = self.nodes.node(at) else {
                        continue;
                    };
                    match owner {
                        Some(owner) => owner.with(|| made(node)),
                        None => made(node),
                    }
                }
            }
        }
        self.nodes
    }

    /// Packs a view; its nodes are there once they are made.
    pub(super) fn view(&self, view: View) -> Shown {
        let program = Program::of(view.program);
        let (roots, parts) = (count(program.roots.len()), count(view.parts.len()));
        let first = {
            let mut packed = self.packed.borrow_mut();
            packed.ops.push(program.number);
            // The fragment comes first of all.
            let first = packed.nodes + 1;
            packed.nodes += roots + parts;
            first
        };
        let places = first + roots..;
        let slots = places.zip(view.parts).map(|(at, part)| self.slot(at, part));
        Shown {
            slots: slots.collect(),
            nodes: self.nodes.clone(),
            program,
            first,
        }
    }

    fn slot(&self, at: u32, part: Part) -> Slot {
        match part {
            Part::Hook(made) => {
                self.wait(at, Wait::Hook(made, Owner::current()));
                Slot::Hook
            }
            Part::Handler(hears) => {
                let hears = Rc::new(RefCell::new(hears));
                self.wait(at, Wait::Event(hears.clone()));
                Slot::Event(hears)
            }
            part => {
                let place = Rc::new(Place::new(self.nodes.clone(), at));
                place.fill(part, Some(self.clone()));
                Slot::Place(place)
            }
        }
    }

    fn wait(&self, at: u32, wait: Wait) {
        let mut packed = self.packed.borrow_mut();
        packed.ops.push(NOTHING);
        packed.waits.push((at, wait));
    }

    fn push(&self, op: u32) {
        self.packed.borrow_mut().ops.push(op);
    }

    /// What a place begins with.
    pub(super) fn content(&self, part: Part) -> Content {
        match part {
            Part::Text(text) => {
                let mut packed = self.packed.borrow_mut();
                packed.ops.push(WORDS + count(text.encode_utf16().count()));
                packed.texts.push_str(&text);
                Content::Text(text)
            }
            Part::Truth(truth) => {
                self.push(if truth { YES } else { NO });
                Content::Truth(truth)
            }
            Part::View(view) => self.views(vec![view]),
            Part::Many(parts) => self.views(parts.into_iter().map(View::from).collect()),
            Part::Nothing | Part::Live(_) | Part::Handler(_) | Part::Hook(_) => {
                self.push(NOTHING);
                Content::Nothing
            }
        }
    }

    fn views(&self, views: Vec<View>) -> Content {
        self.push(VIEWS);
        self.push(count(views.len()));
        Content::Views(views.into_iter().map(|view| self.view(view)).collect())
    }
}

/// A view has no more places than memory, which has no more bytes than this.
fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn listen(nodes: &Array, at: u32, hears: Rc<RefCell<Hears>>) {
    let listener: Closure<dyn Fn(Event)> = Closure::new(move |event| {
        // An event that its own handler causes is not for it.
        if let Ok(mut hears) = hears.try_borrow_mut() {
            hears(event);
        }
    });
    // The document lets go of it with the element.
    document::hear(nodes, at, &listener.into_js_value());
}
