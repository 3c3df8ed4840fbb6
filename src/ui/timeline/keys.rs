//! The keyboard in the list: one message has the focus, arrows move it, letters act on it.

use leptos::ev;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::acts::{self, act};
use super::elements::{Elements, key_of, row_of};
use crate::state::viewport::{Layout, Viewport};
use crate::state::{App, Intent, Key};

/// Gives a message the focus, and makes it the one that Tab leads to.
pub(super) fn focus(elements: &Elements, row: &HtmlElement, scroll: bool) {
    rove(elements, row);
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // Best effort.
    let _ = row.focus_with_options(&options);
    if scroll {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// Makes a message the one that Tab leads to, with the controls in it.
pub(super) fn rove(elements: &Elements, row: &HtmlElement) {
    if row.get_attribute("tabindex").as_deref() == Some("0") {
        return;
    }
    if let Ok(Some(before)) = elements.scroller.query_selector(".message[tabindex=\"0\"]") {
        set_stops(&before, "-1");
    }
    set_stops(row, "0");
}

fn set_stops(row: &web_sys::Element, tabindex: &str) {
    // It fails only for names that are none.
    let _set = row.set_attribute("tabindex", tabindex);
    let Ok(controls) = row.query_selector_all(".quote, .edited, .reaction, .link, .fence button")
    else {
        return;
    };
    for at in 0..controls.length() {
        if let Some(control) = controls
            .item(at)
            .and_then(|node| node.dyn_into::<web_sys::Element>().ok())
        {
            let _set = control.set_attribute("tabindex", tabindex);
        }
    }
}

/// Hears a key in the list.
pub(super) fn pressed(app: App, elements: &Elements, event: &ev::KeyboardEvent) {
    let Some(row) = row_of(event.target()) else {
        return;
    };
    let Some(key) = key_of(&row) else { return };
    let name = event.key();
    if name == "Escape" {
        event.prevent_default();
        super::super::composer::focus();
        return;
    }
    let on_row = event
        .target()
        .is_some_and(|target| target == *row.unchecked_ref());
    if !on_row || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    if event.shift_key() && name != "+" && name != "F10" {
        return;
    }
    let taken = match name.as_str() {
        "ArrowUp" => step(app, elements, &row, -1),
        "ArrowDown" => step(app, elements, &row, 1),
        "PageUp" => step(app, elements, &row, -page(app)),
        "PageDown" => step(app, elements, &row, page(app)),
        "Home" => {
            app.reading.taken();
            app.reading.view(|view| view.jump_to_row(0));
            app.ask(Intent::Look);
            let first = app
                .timeline
                .order()
                .with_untracked(|keys| keys.first().cloned());
            if let Some(first) = first {
                app.seek(first, true);
            }
            true
        }
        "End" => {
            app.jump_to_newest();
            let last = app
                .timeline
                .order()
                .with_untracked(|keys| keys.last().cloned());
            app.reading.find(last);
            true
        }
        "Enter" | "ContextMenu" | "F10" => {
            app.reading.acting.set(Some(key.clone()));
            super::tools::open_menu(app, &row);
            true
        }
        "r" | "R" => does(app, "reply", &key, &row),
        "e" | "E" => does(app, "edit", &key, &row),
        "c" | "C" => does(app, "copy", &key, &row),
        "+" => does(app, "pick", &key, &row),
        "Delete" => does(app, "delete", &key, &row),
        _ => false,
    };
    if taken {
        event.prevent_default();
    }
}

fn does(app: App, name: &str, key: &Key, row: &HtmlElement) -> bool {
    let row_of = app.timeline.get(key);
    let can = row_of.is_some_and(|it| it.with_untracked(|it| acts::can(app, &it.item, name)));
    if can {
        act(app, name, key, row);
    }
    can
}

/// As many rows as are in sight, but one.
fn page(app: App) -> isize {
    let seen = app.reading.view(|view| view.seen()).unwrap_or_default();
    seen.len().saturating_sub(1).max(1).cast_signed()
}

/// Moves the focus by so many messages. A message that does not end in sight is scrolled through
/// first, by the browser.
fn step(app: App, elements: &Elements, row: &HtmlElement, by: isize) -> bool {
    let mut elements = elements.clone();
    elements.look();
    let Some(key) = key_of(row) else { return false };
    if by.abs() == 1
        && let Some((top, bottom)) = elements.place_of(&key)
    {
        let hidden = if by > 0 {
            bottom - elements.height()
        } else {
            -top
        };
        if bottom - top > elements.height() && hidden > 1.0 {
            return false;
        }
    }
    let next = app.timeline.order().with_untracked(|keys| {
        let at = keys.iter().position(|other| *other == key)?;
        let last = keys.len().checked_sub(1)?;
        let next = at.saturating_add_signed(by).min(last);
        keys.get(next).cloned()
    });
    if let Some(next) = next.and_then(|next| elements.row(&next)) {
        app.reading.taken();
        app.reading.view(Viewport::taken);
        focus(&elements, &next, true);
    }
    true
}
