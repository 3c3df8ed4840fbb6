//! Lists one moves in by arrow keys, with one of their rows in the order of the Tab key.
//!
//! A list's children hold, or are, what gets the focus: it carries `data-rove`.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What gets the focus in a child of a list.
const STOP: &str = "[data-rove]";
/// What Tab reaches in a child of a list.
const REACHED: &str = "[tabindex='0']";

/// Moves the focus within `list` as an arrow key, Home or End asks. Whether it did.
pub(super) fn moved(event: &ev::KeyboardEvent, list: &Element) -> bool {
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return false;
    }
    let here = document()
        .active_element()
        .and_then(|active| child_of(list, &active));
    let (mut next, forth) = match event.key().as_str() {
        "ArrowDown" => (here.and_then(|it| it.next_element_sibling()), true),
        "ArrowUp" => (here.and_then(|it| it.previous_element_sibling()), false),
        "Home" => (list.first_element_child(), true),
        "End" => (list.last_element_child(), false),
        _ => return false,
    };
    while let Some(child) = next {
        if focus_in(&child) {
            event.prevent_default();
            return true;
        }
        next = if forth {
            child.next_element_sibling()
        } else {
            child.previous_element_sibling()
        };
    }
    false
}

/// Puts the focus into a child of a list; whether it has where.
pub(super) fn focus_in(child: &Element) -> bool {
    if child.has_attribute("hidden") {
        return false;
    }
    let stop = if child.has_attribute("data-rove") {
        Some(child.clone())
    } else {
        child.query_selector(STOP).ok().flatten()
    };
    let stop = stop.and_then(|stop| stop.dyn_into::<HtmlElement>().ok());
    stop.is_some_and(|stop| !stop.hidden() && stop.focus().is_ok())
}

/// From now on Tab reaches the child that `inside` is in, and no other.
pub(super) fn reach(list: &Element, inside: &Element) {
    let Some(child) = child_of(list, inside) else {
        return;
    };
    while let Ok(Some(old)) = list.query_selector(REACHED) {
        set(&old, "-1");
    }
    while let Ok(Some(new)) = child.query_selector("[tabindex='-1']") {
        set(&new, "0");
    }
}

/// Sees to it that Tab reaches one child: the chosen one, or the first.
pub(super) fn settle(list: &Element) {
    if list.query_selector(REACHED).ok().flatten().is_none() {
        let chosen = list.query_selector("[aria-current='true']").ok().flatten();
        if let Some(child) = chosen.or_else(|| list.query_selector(STOP).ok().flatten()) {
            reach(list, &child);
        }
    }
}

fn set(element: &Element, index: &str) {
    // It throws only at names that no attribute can have.
    let _ = element.set_attribute("tabindex", index);
}

/// The child of `list` that `inside` is in.
fn child_of(list: &Element, inside: &Element) -> Option<Element> {
    let mut child = inside.clone();
    loop {
        let parent = child.parent_element()?;
        if parent == *list {
            return Some(child);
        }
        child = parent;
    }
}
