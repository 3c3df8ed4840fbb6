//! A mounted page, asked as a person would: by role, name and text.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use switchboard::state::{App, Intent};
use switchboard::ui::root;
use switchboard::view::{Mounted, mount};
use wasm_bindgen::JsCast;
use web_sys::{
    CompositionEvent, Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, KeyboardEvent, KeyboardEventInit,
};

/// The page; leaving the scope takes it away.
pub(crate) struct Screen {
    pub(crate) app: App,
    intents: Rc<RefCell<Vec<Intent>>>,
    host: HtmlElement,
}

/// What is mounted, with everything that listens for it.
struct Page {
    host: HtmlElement,
    _mounted: Mounted,
    _owner: Owner,
}

thread_local! {
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

impl Drop for Page {
    fn drop(&mut self) {
        self.host.remove();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let is_own = |page: &mut Page| page.host == self.host;
        let page = PAGE.with_borrow_mut(|page| page.take_if(is_own));
        drop(page);
    }
}

/// Mounts a page and lets `prepare` bring it into a state.
pub(crate) async fn screen(prepare: impl FnOnce(App)) -> Screen {
    // A failed test leaves its page behind.
    let left = PAGE.take();
    drop(left);
    let owner = Owner::new();
    owner.set();
    let (app, intents) = super::fixture::app();
    prepare(app);
    intents.borrow_mut().clear();
    let document = document();
    let host: HtmlElement = document.create_element("div").unwrap().unchecked_into();
    host.set_class_name("test-host");
    document.body().unwrap().append_child(&host).unwrap();
    PAGE.set(Some(Page {
        host: host.clone(),
        _mounted: mount(&host, move || root(app)),
        _owner: owner,
    }));
    let screen = Screen { app, intents, host };
    settle().await;
    screen
}

/// Lets effects run.
pub(crate) async fn settle() {
    for _ in 0..3 {
        leptos::task::tick().await;
    }
}

impl Screen {
    /// What was asked for since the last call.
    pub(crate) fn intents(&self) -> Vec<Intent> {
        // What is in sight is read without anybody asking for it.
        let mut intents = std::mem::take(&mut *self.intents.borrow_mut());
        intents.retain(|intent| !matches!(intent, Intent::Read(..)));
        intents
    }

    pub(crate) fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let nodes = self.host.query_selector_all(selector).unwrap();
        (0..nodes.length())
            .filter_map(|at| nodes.item(at))
            .map(|node| node.unchecked_into())
            .collect()
    }

    /// The elements that `selector` finds and a person can get at.
    pub(crate) fn shown(&self, selector: &str) -> Vec<HtmlElement> {
        let mut found = self.all(selector);
        found.retain(|element| {
            element
                .closest("[hidden], dialog:not([open])")
                .unwrap()
                .is_none()
        });
        found
    }

    pub(crate) fn one(&self, selector: &str) -> HtmlElement {
        let mut found = self.shown(selector);
        assert_eq!(found.len(), 1, "{selector}: {} elements", found.len());
        found.remove(0)
    }

    /// The elements of a role that a person can get at, with this accessible name.
    pub(crate) fn by_role(&self, role: &str, wanted: &str) -> Vec<HtmlElement> {
        let selector = match role {
            "button" => "button",
            "textbox" => "input:not([type=checkbox]):not([type=search]), textarea",
            "searchbox" => "input[type=search]",
            "combobox" => "select",
            "checkbox" => "input[type=checkbox]",
            "heading" => "h1, h2, h3",
            "list" => "ul, ol",
            "region" => "section[aria-label], [role=region]",
            other => panic!("unknown role {other}"),
        };
        let mut found = self.shown(selector);
        found.retain(|element| name(element) == wanted);
        found
    }

    pub(crate) fn role(&self, role: &str, name: &str) -> HtmlElement {
        let mut found = self.by_role(role, name);
        assert_eq!(found.len(), 1, "{role} {name:?}: {} elements", found.len());
        found.remove(0)
    }

    /// Everything a person can read, white space squeezed.
    pub(crate) fn text(&self) -> String {
        text_of(&self.host)
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    pub(crate) async fn click(&self, name: &str) {
        self.role("button", name).click();
        settle().await;
    }

    /// Replaces a field's value, as typing does.
    pub(crate) async fn type_into(&self, name: &str, text: &str) {
        let field = self.role("textbox", name);
        set_value(&field, text);
        settle().await;
    }

    pub(crate) async fn choose(&self, name: &str, value: &str) {
        let select: HtmlSelectElement = self.role("combobox", name).unchecked_into();
        select.set_value(value);
        dispatch(&select, "change");
        settle().await;
    }
}

/// Sets a field's value and tells it.
pub(crate) fn set_value(field: &Element, text: &str) {
    match field.dyn_ref::<HtmlTextAreaElement>() {
        Some(area) => area.set_value(text),
        None => field.unchecked_ref::<HtmlInputElement>().set_value(text),
    }
    dispatch(field, "input");
}

pub(crate) fn value(field: &Element) -> String {
    match field.dyn_ref::<HtmlTextAreaElement>() {
        Some(area) => area.value(),
        None => field.unchecked_ref::<HtmlInputElement>().value(),
    }
}

pub(crate) fn dispatch(target: &Element, kind: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict(kind, &init).unwrap();
    target.dispatch_event(&event).unwrap();
}

pub(crate) fn compose(target: &Element, kind: &str) {
    target
        .dispatch_event(&CompositionEvent::new(kind).unwrap())
        .unwrap();
}

/// A key press.
#[derive(Default)]
pub(crate) struct Press {
    pub(crate) key: &'static str,
    pub(crate) shift: bool,
    pub(crate) ctrl: bool,
    pub(crate) alt: bool,
    pub(crate) composing: bool,
    pub(crate) key_code: u32,
}

/// Presses a key; whether the page took it (prevented the default).
pub(crate) async fn press(target: &Element, press: Press) -> bool {
    let init = KeyboardEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_key(press.key);
    init.set_shift_key(press.shift);
    init.set_ctrl_key(press.ctrl);
    init.set_alt_key(press.alt);
    init.set_is_composing(press.composing);
    init.set_key_code(press.key_code);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    let taken = !target.dispatch_event(&event).unwrap();
    settle().await;
    taken
}

/// An element's accessible name, as far as these tests need it.
pub(crate) fn name(element: &Element) -> String {
    if let Some(label) = element.get_attribute("aria-label") {
        return plain(&label);
    }
    if let Some(id) = element.get_attribute("aria-labelledby")
        && let Some(label) = by_id(element, &id)
    {
        return text_of(&label);
    }
    let id = element.id();
    if !id.is_empty()
        && let Some(page) = page_of(element)
        && let Ok(Some(label)) = page.query_selector(&format!("label[for={id}]"))
    {
        return text_of(&label);
    }
    if let Ok(Some(label)) = element.closest("label") {
        return text_of(&label);
    }
    text_of(element)
}

/// The page an element is in: a failed test leaves its own behind.
fn page_of(element: &Element) -> Option<Element> {
    element.closest(".page").ok().flatten()
}

fn by_id(element: &Element, id: &str) -> Option<Element> {
    page_of(element)?
        .query_selector(&format!("#{id}"))
        .ok()
        .flatten()
}

/// What `aria-describedby` adds.
pub(crate) fn description(element: &Element) -> String {
    let ids = element
        .get_attribute("aria-describedby")
        .unwrap_or_default();
    ids.split_whitespace()
        .filter_map(|id| by_id(element, id))
        .map(|element| text_of(&element))
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text without the marks that isolate names in it: they are neither seen nor heard.
pub(crate) fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// The text of what is neither hidden nor decoration, white space squeezed.
pub(crate) fn text_of(element: &Element) -> String {
    fn walk(element: &Element, text: &mut String) {
        if element.has_attribute("hidden") || element.get_attribute("aria-hidden").is_some() {
            return;
        }
        if element.tag_name() == "DIALOG" && !element.has_attribute("open") {
            return;
        }
        let nodes = element.child_nodes();
        for at in 0..nodes.length() {
            let Some(node) = nodes.item(at) else { continue };
            if let Some(child) = node.dyn_ref::<Element>() {
                let block = !matches!(child.tag_name().as_str(), "BDI" | "B" | "I" | "STRONG");
                if block {
                    text.push(' ');
                }
                walk(child, text);
                if block {
                    text.push(' ');
                }
            } else if node.node_type() == web_sys::Node::TEXT_NODE {
                text.push_str(&node.text_content().unwrap_or_default());
            }
        }
    }
    let mut text = String::new();
    walk(element, &mut text);
    plain(&text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// What has the focus.
pub(crate) fn focused() -> String {
    document()
        .active_element()
        .map(|element| name(&element))
        .unwrap_or_default()
}
