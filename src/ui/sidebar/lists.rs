//! The two lists of the sidebar: filtered as one types, moved in by arrow keys, and with the focus
//! where it was when their order changes.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::super::roving;
use crate::signal::{RwSignal, effect};
use crate::state::rank::holds;
use crate::state::{App, Key};
use crate::view::{MakeRow, NodeRef, View, each, request_animation_frame, view};

/// A list of the `keys` whose names hold what the filter says.
pub(super) fn rows(
    app: App,
    keys: RwSignal<Vec<Key>>,
    heading: &'static str,
    shown: RwSignal<Vec<Key>>,
    name: fn(App, &Key) -> String,
    row: MakeRow,
) -> View {
    let list = NodeRef::<web_sys::HtmlElement>::new();
    effect(move || {
        let now = app.shell.filter.with(|typed| {
            let typed = (app.services.fold)(typed);
            let mut now = keys.get();
            if !typed.trim().is_empty() {
                now.retain(|key| holds(&(app.services.fold)(&name(app, key)), &typed));
            }
            now
        });
        if shown.with_untracked(|old| *old != now) {
            // A row that is moved within the document loses the focus.
            let focused = list.get_untracked().and_then(|list| focused_in(&list));
            shown.set(now);
            request_animation_frame(move || {
                if let Some(list) = list.try_get_untracked() {
                    if let Some(focused) = focused {
                        restore(&list, &focused);
                    }
                    roving::settle(&list);
                }
            });
        }
    });
    let moved = move |event: ev::KeyboardEvent| {
        if let Some(list) = list.get_untracked() {
            roving::moved(&event, &list);
        }
    };
    let reached = move |event: ev::FocusEvent| {
        let inside = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        if let (Some(list), Some(inside)) = (list.get_untracked(), inside) {
            roving::reach(&list, &inside);
        }
    };
    let menu = move |event: ev::MouseEvent| {
        // A right click, a long press, Shift+F10 or the menu key.
        let row = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let button = row
            .and_then(|row| row.closest("li").ok()?)
            .and_then(|row| row.query_selector(".row-more").ok()?)
            .and_then(|button| button.dyn_into::<HtmlElement>().ok());
        if let Some(button) = button {
            event.prevent_default();
            button.click();
        }
    };
    view! {
        <ul
            class="rows" node_ref=list aria-labelledby=heading
            on:keydown=moved on:focusin=reached on:contextmenu=menu
        >
            {each(shown, row)}
        </ul>
    }
}

/// What has the focus in the list, if anything has.
fn focused_in(list: &Element) -> Option<HtmlElement> {
    let active = document().active_element()?;
    list.contains(Some(&active))
        .then(|| active.dyn_into().ok())
        .flatten()
}

/// Gives the focus back where the change took it away.
fn restore(list: &Element, focused: &HtmlElement) {
    let nothing = document()
        .active_element()
        .is_none_or(|active| active.tag_name() == "BODY");
    if nothing && !(focused.is_connected() && focused.focus().is_ok()) {
        // Its row is gone.
        let first = list.first_element_child();
        if !first.is_some_and(|first| roving::focus_in(&first)) {
            super::super::composer::focus();
        }
    }
}
