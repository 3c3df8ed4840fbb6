//! The nodes of a view, and its places being filled.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CharacterData, Element, Event, HtmlElement, Node};

use super::program::{Sign, nodes, signs};
use super::{Part, View};
use crate::signal::effect_now;

/// A view's nodes.
#[derive(Default)]
pub(super) struct Shown {
    program: &'static str,
    roots: Vec<Root>,
    slots: Vec<Slot>,
}

/// What stands in no other element of the view.
enum Root {
    Node(Node),
    Place(Rc<Place>),
}

type Hears = Box<dyn FnMut(Event)>;

/// What a part fills.
enum Slot {
    Place(Rc<Place>),
    Event(Rc<RefCell<Hears>>),
    Hook,
}

/// An attribute, a class, a property, or what stands before a text node.
struct Place {
    node: Node,
    what: What,
    content: RefCell<Content>,
}

enum What {
    Attribute(&'static str),
    Class(&'static str),
    Property(&'static str),
    Style(&'static str),
    Child,
}

/// What a place was filled with last.
enum Content {
    Nothing,
    Text(Cow<'static, str>),
    Truth(bool),
    Views(Vec<Shown>),
}

impl Shown {
    /// The view's nodes, put before `before`.
    pub(super) fn new(view: View, before: &Node) -> Self {
        let mut shown = Self {
            program: view.program,
            ..Self::default()
        };
        let Some(fragment) = nodes(view.program) else {
            return shown;
        };
        let walk = Walk {
            shown: &mut shown,
            open: vec![fragment.clone()],
            last: None,
        };
        walk.through(view);
        if let Some(parent) = before.parent_node() {
            let _ = parent.insert_before(&fragment, Some(before));
        }
        shown
    }

    /// Makes the nodes show another view of the same program. `false`, with nothing done, where
    /// that is not possible.
    fn become_like(&self, view: &mut View) -> bool {
        let same = std::ptr::eq(self.program, view.program);
        // What a hook has done to the nodes cannot be undone.
        if !same || self.slots.iter().any(|slot| matches!(slot, Slot::Hook)) {
            return false;
        }
        for (slot, part) in self.slots.iter().zip(view.parts.drain(..)) {
            match (slot, part) {
                (Slot::Place(place), part) => place.fill(part),
                (Slot::Event(hears), Part::Handler(new)) => {
                    *hears.borrow_mut() = new;
                }
                _ => {}
            }
        }
        true
    }

    pub(super) fn remove(&self) {
        for root in &self.roots {
            match root {
                Root::Node(node) => take_out(node),
                Root::Place(place) => {
                    if let Content::Views(views) = &*place.content.borrow() {
                        views.iter().for_each(Self::remove);
                    }
                    take_out(&place.node);
                }
            }
        }
    }

    /// Puts the nodes before `before`, in the same parent.
    pub(super) fn move_before(&self, before: &Node) {
        let Some(parent) = before.parent_node() else {
            return;
        };
        for root in &self.roots {
            let node = match root {
                Root::Node(node) => node,
                Root::Place(place) => {
                    if let Content::Views(views) = &*place.content.borrow() {
                        views.iter().for_each(|view| view.move_before(before));
                    }
                    &place.node
                }
            };
            let _ = parent.insert_before(node, Some(before));
        }
    }

    /// The first of the nodes.
    pub(super) fn first(&self) -> Option<Node> {
        self.roots.iter().find_map(|root| match root {
            Root::Node(node) => Some(node.clone()),
            Root::Place(place) => {
                let content = place.content.borrow();
                let inner = match &*content {
                    Content::Views(views) => views.iter().find_map(Self::first),
                    _ => None,
                };
                inner.or_else(|| Some(place.node.clone()))
            }
        })
    }
}

/// It may be out already: what a person does can take nodes away.
fn take_out(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

/// On the way through a clone of a program's nodes.
struct Walk<'a> {
    shown: &'a mut Shown,
    open: Vec<Node>,
    /// The last node passed, in the innermost open one.
    last: Option<Node>,
}

impl Walk<'_> {
    fn through(mut self, view: View) {
        let mut parts = view.parts.into_iter();
        for (sign, text) in signs(view.program) {
            match sign {
                Sign::Open => {
                    let Some(node) = self.step() else { return };
                    if self.open.len() == 1 {
                        self.shown.roots.push(Root::Node(node.clone()));
                    }
                    self.open.push(node);
                    self.last = None;
                }
                Sign::Close => self.last = self.open.pop(),
                Sign::Text => {
                    let Some(node) = self.step() else { return };
                    if self.open.len() == 1 {
                        self.shown.roots.push(Root::Node(node.clone()));
                    }
                    self.last = Some(node);
                }
                Sign::Child => {
                    let (Some(node), Some(part)) = (self.step(), parts.next()) else {
                        return;
                    };
                    self.last = Some(node.clone());
                    self.child(node, part);
                }
                Sign::Filled => self.place(What::Attribute(text), parts.next()),
                Sign::Class => self.place(What::Class(text), parts.next()),
                Sign::Style => self.place(What::Style(text), parts.next()),
                Sign::Property => self.place(What::Property(text), parts.next()),
                Sign::Event => self.event(text, parts.next()),
                Sign::Hook => {
                    if let (Some(Part::Hook(made)), Some(element)) =
                        (parts.next(), self.open.last())
                    {
                        made(element.clone());
                    }
                    self.shown.slots.push(Slot::Hook);
                }
                Sign::Attribute | Sign::Value => {}
            }
        }
    }

    /// The next node.
    fn step(&self) -> Option<Node> {
        match &self.last {
            Some(last) => last.next_sibling(),
            None => self.open.last()?.first_child(),
        }
    }

    fn place(&mut self, what: What, part: Option<Part>) {
        let (Some(element), Some(part)) = (self.open.last(), part) else {
            return;
        };
        let place = Rc::new(Place::new(element.clone(), what));
        place.fill(part);
        self.shown.slots.push(Slot::Place(place));
    }

    fn child(&mut self, node: Node, part: Part) {
        if let Part::Hook(made) = part {
            made(node);
            self.shown.slots.push(Slot::Hook);
            return;
        }
        let place = Rc::new(Place::new(node, What::Child));
        if self.open.len() == 1 {
            self.shown.roots.push(Root::Place(place.clone()));
        }
        place.fill(part);
        self.shown.slots.push(Slot::Place(place));
    }

    fn event(&mut self, name: &str, part: Option<Part>) {
        let (Some(element), Some(Part::Handler(hears))) = (self.open.last(), part) else {
            return;
        };
        let hears = Rc::new(RefCell::new(hears));
        self.shown.slots.push(Slot::Event(hears.clone()));
        let listener: Closure<dyn Fn(Event)> = Closure::new(move |event| {
            // An event that its own handler causes is not for it.
            if let Ok(mut hears) = hears.try_borrow_mut() {
                hears(event);
            }
        });
        // The document lets go of it with the element.
        let listener = listener.into_js_value();
        let _ = element.add_event_listener_with_callback(name, listener.unchecked_ref());
    }
}

impl Place {
    fn new(node: Node, what: What) -> Self {
        Self {
            node,
            what,
            content: RefCell::new(Content::Nothing),
        }
    }

    /// Fills it now and, where the part is live, from then on.
    fn fill(self: &Rc<Self>, part: Part) {
        match part {
            Part::Live(mut make) => {
                let place = self.clone();
                effect_now(move || place.set(make()));
            }
            part => self.set(part),
        }
    }

    fn set(&self, part: Part) {
        let mut part = part;
        while let Part::Live(mut make) = part {
            part = make();
        }
        let mut content = self.content.borrow_mut();
        match part {
            Part::Text(text) => {
                if !matches!(&*content, Content::Text(old) if *old == text) {
                    self.clear(&mut content);
                    self.write(Some(&text));
                    *content = Content::Text(text);
                }
            }
            Part::Truth(truth) => {
                if !matches!(*content, Content::Truth(old) if old == truth) {
                    self.clear(&mut content);
                    self.tell(truth);
                    *content = Content::Truth(truth);
                }
            }
            Part::View(view) => self.show(&mut content, vec![view]),
            Part::Many(parts) => {
                let views = parts.into_iter().map(View::from).collect();
                self.show(&mut content, views);
            }
            Part::Nothing | Part::Live(_) | Part::Handler(_) | Part::Hook(_) => {
                if !matches!(*content, Content::Nothing) {
                    self.clear(&mut content);
                    self.write(None);
                    *content = Content::Nothing;
                }
            }
        }
    }

    /// Takes out what views it shows.
    fn clear(&self, content: &mut Content) {
        if let Content::Views(views) = content {
            views.iter().for_each(Shown::remove);
            views.clear();
        }
    }

    fn write(&self, text: Option<&str>) {
        match self.what {
            What::Child => self
                .node
                .unchecked_ref::<CharacterData>()
                .set_data(text.unwrap_or_default()),
            What::Attribute(name) => {
                let element: &Element = self.node.unchecked_ref();
                let _ = match text {
                    Some(text) => element.set_attribute(name, text),
                    None => element.remove_attribute(name),
                };
            }
            What::Property(name) => {
                let value = JsValue::from_str(text.unwrap_or_default());
                let _ = Reflect::set(&self.node, &JsValue::from_str(name), &value);
            }
            What::Style(name) => {
                let style = self.node.unchecked_ref::<HtmlElement>().style();
                let _ = style.set_property(name, text.unwrap_or_default());
            }
            What::Class(_) => self.tell(text.is_some()),
        }
    }

    fn tell(&self, truth: bool) {
        match self.what {
            What::Child | What::Style(_) => {}
            What::Attribute(_) => self.write(truth.then_some("")),
            What::Class(name) => {
                let classes = self.node.unchecked_ref::<Element>().class_list();
                let _ = classes.toggle_with_force(name, truth);
            }
            What::Property(name) => {
                let _ = Reflect::set(&self.node, &JsValue::from_str(name), &truth.into());
            }
        }
    }

    fn show(&self, content: &mut Content, views: Vec<View>) {
        if let Content::Text(_) = content {
            self.write(None);
        }
        if !matches!(content, Content::Views(_)) {
            *content = Content::Views(Vec::new());
        }
        let Content::Views(shown) = content else {
            return;
        };
        let mut kept = 0;
        for mut view in views {
            if shown
                .get(kept)
                .is_some_and(|old| old.become_like(&mut view))
            {
                kept += 1;
                continue;
            }
            // What stands behind would stand before what comes now.
            for old in shown.drain(kept..) {
                old.remove();
            }
            shown.push(Shown::new(view, &self.node));
            kept += 1;
        }
        for old in shown.drain(kept..) {
            old.remove();
        }
    }
}

impl From<Part> for View {
    /// A view of one place.
    fn from(part: Part) -> Self {
        match part {
            Part::View(view) => view,
            part => Self {
                program: "\u{e}",
                parts: vec![part],
            },
        }
    }
}
