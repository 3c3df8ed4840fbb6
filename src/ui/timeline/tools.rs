//! The tools of the message under the pointer or with the focus: one set for the whole list, moved
//! into that message's row, and one menu.

use std::cell::Cell;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::super::icon::icon;
use super::acts::{act, can};
use crate::signal::effect;
use crate::state::{App, Key};
use crate::strings::{chat as text, timeline as words};
use crate::view::{NodeRef, View, queue_microtask, view};

const MENU: &str = "message-menu";

/// The reactions at hand.
const QUICK: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

thread_local! {
    /// Whether the menu is to open as soon as it is here.
    static WANTED: Cell<bool> = const { Cell::new(false) };
}

fn offered(app: App, name: &'static str) -> bool {
    let key = app.reading.acting.get();
    let row = key.and_then(|key| app.timeline.get(&key));
    row.is_some_and(|row| row.with(|row| can(app, &row.item, name)))
}

fn tool(app: App, name: &'static str, sign: &'static str, label: &'static str) -> View {
    view! {
        <button
            class="tool" type="button" data-act=name aria-label=label title=label
            hidden=move || !offered(app, name)
        >
            {icon(sign)}
        </button>
    }
}

fn choice(app: App, name: &'static str, sign: &'static str, label: &'static str) -> View {
    view! {
        <button
            class="menu-item" class:danger=name == "delete" type="button" role="menuitem" tabindex="-1"
            data-act=name hidden=move || !offered(app, name)
        >
            {icon(sign)}
            {label}
        </button>
    }
}

/// The tools and the menu. The tools stand in a park of their own while no message has them.
pub(crate) fn tools(app: App, scroller: NodeRef<web_sys::HtmlElement>) -> View {
    let tools = NodeRef::<web_sys::HtmlElement>::new();
    let list = NodeRef::<web_sys::HtmlElement>::new();
    effect(move || {
        let row = app
            .reading
            .acting
            .with_untracked(|key| row_of(key.as_ref()?));
        if list.get().is_some()
            && WANTED.take()
            && let Some(row) = row
        {
            open_menu(app, &row);
        }
    });
    let park = NodeRef::<web_sys::HtmlElement>::new();
    effect(move || {
        let (Some(tools), Some(park), Some(scroller)) = (tools.get(), park.get(), scroller.get())
        else {
            return;
        };
        let key = app.reading.acting.get();
        let row = key.and_then(|key| {
            let row = crate::strings::join(&["#", super::super::message_row::ROW, &key]);
            scroller.query_selector(&row).ok().flatten()
        });
        let home = row.unwrap_or_else(|| park.into());
        if tools.parent_element().as_ref() != Some(&home) {
            // It fails only where an element would stand in itself.
            let _moved = home.append_child(&tools);
        }
    });
    let quick: Vec<View> = QUICK
        .iter()
        .map(|emoji| {
            view! {
                <button
                    class="quick" type="button" role="menuitem" tabindex="-1" data-act="react"
                    data-emoji=*emoji aria-label=words::react_with(emoji)
                >
                    <span class="emoji" aria-hidden="true">{*emoji}</span>
                </button>
            }
        })
        .collect();
    view! {
        <div hidden node_ref=park>
            <div class="message-tools" role="group" aria-label=words::actions() node_ref=tools>
                {tool(app, "pick", "smile", words::react())}
                {tool(app, "reply", "reply", words::reply())}
                {tool(app, "edit", "pencil", words::edit())}
                <button
                    class="tool more" type="button" data-act="more" aria-label=words::more()
                    title=words::more() aria-haspopup="menu"
                >
                    {icon("more")}
                </button>
            </div>
        </div>
        <div
            class="menu" id=MENU node_ref=list popover="auto" role="menu" aria-label=words::actions()
            on:click=move |event| chosen(app, &event)
            on:keydown=move |event| moved(&event)
        >
            <div class="menu-quick" role="presentation" hidden=move || !offered(app, "react")>
                {quick}
                <button
                    class="quick" type="button" role="menuitem" tabindex="-1" data-act="pick"
                    aria-label=words::react() title=words::react()
                >
                    {icon("smile")}
                </button>
            </div>
            {choice(app, "reply", "reply", words::reply())}
            {choice(app, "edit", "pencil", words::edit())}
            {choice(app, "copy", "copy", text::copy())}
            {choice(app, "link", "link", words::copy_link())}
            {choice(app, "unread", "eye", words::unread_from_here())}
            {choice(app, "details", "info", words::details())}
            {choice(app, "retry", "send", text::retry())}
            {choice(app, "discard", "close", text::discard())}
            {choice(app, "delete", "trash", words::delete())}
        </div>
    }
}

fn row_of(key: &Key) -> Option<HtmlElement> {
    let id = crate::strings::join(&[super::super::message_row::ROW, key]);
    document().get_element_by_id(&id)?.dyn_into().ok()
}

fn menu() -> Option<HtmlElement> {
    document().get_element_by_id(MENU)?.dyn_into().ok()
}

/// Whether the menu is open: what it is about stays then.
pub(super) fn is_open() -> bool {
    menu().is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false))
}

/// Opens the menu for the message `row`, which has the tools.
pub(super) fn open_menu(app: App, row: &HtmlElement) {
    app.reading.acting.set(super::elements::key_of(row));
    let Some(menu) = menu() else {
        WANTED.set(true);
        return;
    };
    // Closed, it gives the focus back to where it was.
    // It throws where it is shown already.
    let _shown = menu.show_popover();
    // What is offered is known after the views have heard whose it is.
    queue_microtask(move || {
        if let Some(first) = items(&menu).first() {
            let _ = first.focus();
        }
    });
}

/// The choices on offer.
fn items(menu: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = menu.query_selector_all("button:not([hidden])") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok())
        .filter(|item| {
            item.closest("[hidden]")
                .is_ok_and(|hidden| hidden.is_none())
        })
        .collect()
}

fn chosen(app: App, event: &ev::MouseEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(button) = target.and_then(|target| target.closest("[data-act]").ok().flatten()) else {
        return;
    };
    let (Some(name), Some(key)) = (
        button.get_attribute("data-act"),
        app.reading.acting.get_untracked(),
    ) else {
        return;
    };
    if let Some(menu) = menu() {
        let _hidden = menu.hide_popover();
    }
    // The picker opens beside the message: the menu's button is gone by now.
    let beside = row_of(&key).map(Element::from);
    let from = if name == "react" {
        Some(button)
    } else {
        beside
    };
    if let Some(from) = from {
        act(app, &name, &key, &from);
    }
}

fn moved(event: &ev::KeyboardEvent) {
    let Some(menu) = menu() else { return };
    let items = items(&menu);
    let now = document().active_element();
    let at = items
        .iter()
        .position(|item| Some(item.as_ref()) == now.as_ref())
        .unwrap_or(0);
    let last = items.len().saturating_sub(1);
    let next = match event.key().as_str() {
        "ArrowDown" | "ArrowRight" => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        "ArrowUp" | "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        "Tab" => {
            let _hidden = menu.hide_popover();
            return;
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(item) = items.get(next) {
        let _ = item.focus();
    }
}
