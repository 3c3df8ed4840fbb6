//! The search dialog: a line for those who know what they want, fields for the rest, and what was
//! found by conversation.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::dialogs::{close_now, head};
use super::dom::{add, add_text, add_with, closest, is_composing, set};
use crate::format::plain;
use crate::signal::effect;
use crate::state::App;
use crate::state::search::{Field, Hit, MOST, Query, excerpt, places};
use crate::strings::{chat, search as text};
use crate::view::{NodeRef, View, view};

/// What stands in the dialog.
pub(super) fn search(app: App) -> View {
    let form = NodeRef::<web_sys::HtmlFormElement>::new();
    let list = NodeRef::<web_sys::HtmlElement>::new();
    let found = app.search;
    found.hits.set(Vec::new());
    let run = move |_: ev::Event| {
        let Some(form) = form.get_untracked() else {
            return;
        };
        app.look_for(read(app, &form), None);
    };
    // What the sidebar's filter or the quick switcher handed over is searched for at once.
    effect(move || {
        if let Some(form) = form.get()
            && app
                .shell
                .search_for
                .with_untracked(|typed| !typed.is_empty())
        {
            app.look_for(read(app, &form), None);
        }
    });
    effect(move || {
        let Some(list) = list.get() else { return };
        list.set_text_content(None);
        let words = found.words.get_untracked();
        found.hits.with(|hits| fill(app, &list, hits, &words));
    });
    let go = move |at: usize| {
        let hit = found.hits.with_untracked(|hits| hits.get(at).cloned());
        if let Some(hit) = hit {
            close_now(app);
            app.go_to(&hit);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        let forward = match event.key().as_str() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _ => return,
        };
        let Some(list) = list.get_untracked() else {
            return;
        };
        // A day is chosen with the arrows.
        if closest(&event, "[type=date]").is_none()
            && let Some(next) = beside(&list, forward)
        {
            event.prevent_default();
            let _focused = next.focus();
        }
    };
    let said = move || {
        let count = found.hits.with(Vec::len);
        match (found.running.get(), count) {
            (true, 0) => text::running().to_owned(),
            (false, 0) if found.words.with(Vec::is_empty) => text::scope().to_owned(),
            (false, 0) => text::none().to_owned(),
            (_, count) if count >= MOST => text::many(MOST),
            (_, count) => text::found(count),
        }
    };
    let field = |name: &'static str, kind: &'static str, label: &'static str| {
        view! {
            <label class="field"><span>{label}</span><input name=name type=kind dir="auto" autocomplete="off" /></label>
        }
    };
    view! {
        <form
            class="search" role="search" node_ref=form on:input=run on:keydown=keys
            on:submit=move |event| {
                event.prevent_default();
                go(0);
            }
        >
            {head(app, text::title())}
            // Of a form with several fields Enter submits none without such a button.
            <button type="submit" hidden=true></button>
            <input
                class="input" name="query" type="search" dir="auto" autocomplete="off" autofocus=true
                enterkeyhint="go" aria-label=text::title() placeholder=text::query()
                value=app.shell.search_for.get_untracked()
            />
            <details class="search-more">
                <summary>{text::more()}</summary>
                <div class="search-fields">
                    {field("from", "text", text::from())}
                    {field("after", "date", text::after())}
                    {field("before", "date", text::before())}
                </div>
            </details>
            <p class="hint" role="status">{said}</p>
            <div
                class="search-hits" node_ref=list
                on:click=move |event| {
                    let hit = closest(&event, "[data-at]").and_then(|hit| hit.get_attribute("data-at"));
                    if let Some(at) = hit.and_then(|at| at.parse().ok()) {
                        go(at);
                    }
                }
            ></div>
        </form>
    }
}

/// What is asked for: the line, and the fields over it.
fn read(app: App, form: &Element) -> Query {
    let value = |name: &str| {
        let field = form
            .query_selector(&["[name=", name, "]"].concat())
            .ok()
            .flatten();
        let field = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
        field.map(|field| field.value()).unwrap_or_default()
    };
    let (fold, midnight) = (app.services.fold, app.services.midnight);
    let mut query = Query::parse(&value("query"), fold, midnight);
    for (field, name) in Field::ALL.into_iter().zip(["from", "after", "before"]) {
        query.set(field, &value(name), fold, midnight);
    }
    query
}

/// The hit below or above the one that has the focus; from the fields the first.
fn beside(list: &Element, forward: bool) -> Option<HtmlElement> {
    let all = list.query_selector_all("[data-at]").ok()?;
    let focused = document().active_element()?;
    let here = focused
        .get_attribute("data-at")
        .and_then(|at| at.parse::<u32>().ok());
    let next = match (here, forward) {
        (None, true) => 0,
        (None, false) => return None,
        (Some(here), true) => here + 1,
        (Some(here), false) => here.checked_sub(1)?,
    };
    all.item(next)?.dyn_into().ok()
}

/// Shows what was found.
fn fill(app: App, list: &Element, hits: &[Hit], words: &[String]) {
    let mut group: Option<&Hit> = None;
    for (at, hit) in hits.iter().enumerate() {
        if group.is_none_or(|first| first.conversation != hit.conversation) {
            group = Some(hit);
            let name = chat::title(
                app.profile(),
                &hit.conversation,
                &app.others(&hit.conversation),
            );
            let heading = add(list, "h3", "heading");
            add_with(&heading, "bdi", "", &name);
        }
        let row = add(list, "button", "search-hit");
        set(&row, "type", "button");
        set(&row, "data-at", &at.to_string());
        let first = add(&row, "span", "search-hit-head");
        add_with(&first, "bdi", "search-hit-name", &chat::sender(&hit.from));
        let (day, time) = ((app.services.day)(hit.at), (app.services.time)(hit.at));
        add_with(&first, "span", "soft", &[&day, ", ", &time].concat());
        let shown = add(&row, "span", "search-hit-text");
        set(&shown, "dir", "auto");
        mark(&shown, &plain(&hit.text), words, app.services.fold);
    }
}

/// Shows the part of a text where the words are, marked.
fn mark(to: &Element, text: &str, words: &[String], fold: fn(&str) -> String) {
    let found = places(text, words, fold);
    let (mut at, end) = excerpt(text, &found);
    if at > 0 {
        add_text(to, "…");
    }
    for (start, stop) in found {
        let stop = stop.min(end);
        if start >= at && start < stop {
            add_text(to, &text[at..start]);
            add_with(to, "mark", "", &text[start..stop]);
            at = stop;
        }
    }
    add_text(to, &text[at..end]);
    if end < text.len() {
        add_text(to, "…");
    }
}
