//! The keys of the page: what hears them, and the sheet that shows them. Both obey one table.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use super::dialogs::head;
use super::dom::is_composing;
use crate::state::App;
use crate::state::dialog::Dialog;
use crate::state::shortcuts::{Action, Focus, Press, Scope, Shortcut, TABLE, THERE, find};
use crate::strings::shell as text;
use crate::view::{View, view};

/// The panes in the order of F6, and what gets the focus in each: the first selector that finds
/// something that shows.
const PANES: [(&str, &str); 4] = [
    (".sidebar", ".sidebar-lists .row[tabindex='0'], .filter"),
    (".timeline", ".timeline [tabindex='0']"),
    (".composer", "#message"),
    (".inspector", ".inspector button, .inspector input"),
];

/// Hears a key that nothing inside has taken.
pub(super) fn hear(app: App, event: &ev::KeyboardEvent) {
    if event.default_prevented() {
        return;
    }
    let (key, code) = (event.key(), event.code());
    let press = Press {
        key: &key,
        code: &code,
        ctrl: event.ctrl_key(),
        meta: event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
        composing: is_composing(event),
    };
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let focus = target.as_ref().map_or(Focus::Other, focus_of);
    let Some(action) = find(press, focus, (app.services.hands)().mac) else {
        return;
    };
    if act(app, action, target.as_ref()) {
        event.prevent_default();
    }
}

/// What kind of place has the focus.
fn focus_of(target: &Element) -> Focus {
    let is = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if let Some(field) = target.dyn_ref::<HtmlTextAreaElement>() {
        let empty = field.value().is_empty();
        return Focus::Field { empty };
    }
    if let Some(field) = target.dyn_ref::<HtmlInputElement>()
        && !matches!(field.type_().as_str(), "checkbox" | "radio" | "button")
    {
        let empty = field.value().is_empty();
        return Focus::Field { empty };
    }
    if is("select, [contenteditable]") {
        Focus::Field { empty: false }
    } else if is(".sidebar-lists, .timeline") {
        Focus::List
    } else {
        Focus::Other
    }
}

/// Carries out an action; whether the key is taken by that.
fn act(app: App, action: Action, target: Option<&Element>) -> bool {
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let in_dialog = app.dialog.with_untracked(Option::is_some);
    if in_dialog {
        // What was written in a dialog is not thrown away for another.
        let keeps = find("dialog [data-keep]").is_some();
        let dialog = match action {
            Action::Palette => Dialog::Palette,
            Action::Sheet => Dialog::Shortcuts,
            Action::Search => Dialog::Search,
            _ => return false,
        };
        if !keeps {
            app.show_dialog(dialog);
        }
        return true;
    }
    match action {
        Action::Palette => app.show_dialog(Dialog::Palette),
        Action::Sheet => app.show_dialog(Dialog::Shortcuts),
        Action::Search => app.search_for(String::new()),
        // The second time, and where nothing is open, it is the browser's own.
        Action::Find => {
            let is_there = target.is_some_and(|it| it.matches(".find input").unwrap_or(false));
            if is_there || app.open.with_untracked(Option::is_none) {
                return false;
            }
            app.find.open.set(true);
        }
        Action::Previous => step(app, false, false),
        Action::Next => step(app, true, false),
        Action::PreviousUnread => step(app, false, true),
        Action::NextUnread => step(app, true, true),
        Action::ReadAll => app.read_all(),
        Action::Inspector => app.frames.toggle(),
        Action::Filter => {
            if let Some(field) = find(".filter").and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                let _ = field.focus();
            }
        }
        // A menu that is open closes first.
        Action::Leave if find(":popover-open").is_some() => return false,
        Action::Leave => super::composer::focus(),
        Action::NextPane => return pane(target, true),
        Action::PreviousPane => return pane(target, false),
        Action::ThereSendMessage
        | Action::ThereBreakLine
        | Action::ThereEditLast
        | Action::ThereMove
        | Action::ThereMenu
        | Action::ThereReply
        | Action::ThereEdit
        | Action::ThereCopy
        | Action::ThereReact
        | Action::ThereDelete => return false,
    }
    true
}

/// Opens the next conversation; the focus, where it was in the message field or nowhere, goes
/// there.
fn step(app: App, down: bool, unread: bool) {
    app.step(down, unread);
}

/// Puts the focus into the next pane that shows. After the last the key is the browser's, whose
/// own panes come then.
fn pane(target: Option<&Element>, forth: bool) -> bool {
    let here = |pane: &(&str, &str)| {
        target.is_some_and(|target| target.closest(pane.0).ok().flatten().is_some())
    };
    let here = PANES.iter().position(here);
    let mut order: Vec<_> = match (here, forth) {
        (Some(here), true) => PANES[here + 1..].to_vec(),
        (Some(here), false) => PANES[..here].to_vec(),
        (None, _) => PANES.to_vec(),
    };
    if !forth {
        order.reverse();
    }
    order
        .iter()
        .any(|(_, stops)| stops.split(", ").any(focus_first))
}

/// Puts the focus on the first element that `selector` finds and that shows. Whether one did.
pub(super) fn focus_first(selector: &str) -> bool {
    let element = document().query_selector(selector).ok().flatten();
    let element = element.and_then(|it| it.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| element.offset_parent().is_some() && element.focus().is_ok())
}

/// The sheet.
pub(super) fn sheet(app: App) -> View {
    let group = |scope: Scope, heading: &'static str| {
        let rows: Vec<View> = TABLE
            .iter()
            .chain(THERE)
            .filter(|shortcut| shortcut.scope == scope)
            .map(|shortcut| {
                view! {
                    <div class="shortcut">
                        <dt>{text::does(shortcut.action)}</dt>
                        <dd>{keys(app, shortcut)}</dd>
                    </div>
                }
            })
            .collect();
        view! {
            <h3 class="heading">{heading}</h3>
            <dl class="shortcuts">{rows}</dl>
        }
    };
    view! {
        <div class="dialog-body">
            {head(app, text::shortcuts())}
            <div class="dialog-list" tabindex="0" role="region" aria-label=text::shortcuts()>
                {group(Scope::Page, text::keys_page())}
                {group(Scope::Lists, text::keys_lists())}
                {group(Scope::Composer, text::keys_composer())}
            </div>
        </div>
    }
}

/// The keys of an action, as the keyboard here has them.
pub(super) fn keys_of(app: App, action: Action) -> View {
    let shortcut = TABLE.iter().find(|it| it.action == action);
    shortcut.map_or_else(View::default, |shortcut| keys(app, shortcut))
}

fn keys(app: App, shortcut: &Shortcut) -> View {
    let names = text::keys(shortcut, (app.services.hands)().mac);
    let keys: Vec<View> = names
        .into_iter()
        .map(|name| view! { <kbd>{name}</kbd> })
        .collect();
    // The order of keys is the same in every direction of writing.
    view! { <span class="keys" dir="ltr">{keys}</span> }
}
