//! Find in the open conversation: in all of it that this browser has, not in what the document
//! happens to hold.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

use super::dom::is_composing;
use super::icon::icon;
use crate::later::ahead;
use crate::signal::{Memo, effect};
use crate::state::App;
use crate::state::search::{MOST, Query, places};
use crate::strings::{self, search as text};
use crate::view::{NodeRef, View, request_animation_frame, view};

/// Names the highlight in the style sheet.
const HIGHLIGHT: &str = "found";

/// The bar over the timeline.
pub fn find_bar(app: App) -> View {
    let find = app.find;
    let field = NodeRef::<web_sys::HtmlInputElement>::new();
    let look = move || {
        let line = field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default();
        let query = Query::parse(&line, app.services.fold, app.services.midnight);
        app.look_for(query, app.open.get_untracked());
    };
    // Asked for again, it gets the focus again.
    effect(move || {
        let Some(field) = field.get() else { return };
        if find.open.get() {
            // A hidden field takes no focus, and it is unhidden in the same breath.
            if let Some(bar) = field.closest("form").ok().flatten() {
                let _shown = bar.remove_attribute("hidden");
            }
            let _focused = field.focus();
            let ahead = ahead::typed();
            if ahead.is_empty() {
                field.select();
            } else {
                // More is written behind it.
                field.set_value(&ahead);
                look();
            }
        }
    });
    let close = move || {
        find.open.set(false);
        app.look_for(Query::default(), app.open.get_untracked());
        super::composer::focus();
    };
    // Another conversation is another search.
    let mut first_run = true;
    effect(move || {
        app.open.track();
        if !std::mem::take(&mut first_run) && find.open.get_untracked() {
            look();
        }
    });
    // The first match is gone to as soon as it is known.
    let first = Memo::new(move |_| {
        find.hits
            .with(|hits| hits.first().map(|hit| hit.id.clone()))
    });
    effect(move || {
        if first.with(Option::is_some) {
            step(app, 0);
        }
    });
    effect(move || {
        find.hits.track();
        find.at.track();
        app.timeline.order().track();
        let words = if find.open.get() {
            find.words.get()
        } else {
            Vec::new()
        };
        // The rows are in the document by then.
        request_animation_frame(move || highlight(app, &words));
    });
    let said = move || {
        let count = find.hits.with(Vec::len);
        if count > 0 {
            let place = if count < MOST {
                text::place
            } else {
                text::place_of_many
            };
            place(find.at.get() + 1, count.min(MOST))
        } else if find.words.with(Vec::is_empty) {
            String::new()
        } else if find.running.get() {
            text::running().to_owned()
        } else {
            text::nothing().to_owned()
        }
    };
    let lone = move || find.hits.with(Vec::len) < 2;
    view! {
        <form
            class="find" role="search" aria-label=text::find() hidden=move || !find.open.get()
            on:submit=move |event| {
                event.prevent_default();
                step(app, 1);
            }
            on:keydown=move |event| match event.key().as_str() {
                // Of an input method both are its own.
                _ if is_composing(&event) => {}
                "Escape" => {
                    event.prevent_default();
                    close();
                }
                "Enter" if event.shift_key() => {
                    event.prevent_default();
                    step(app, -1);
                }
                _ => {}
            }
        >
            <input
                class="input" type="search" node_ref=field dir="auto" autocomplete="off"
                aria-label=text::find() placeholder=text::find() on:input=move |_| look()
            />
            <span class="find-place" role="status">{said}</span>
            <button class="button ghost" type="submit" aria-label=text::older() disabled=lone>{icon("up")}</button>
            <button
                class="button ghost" type="button" aria-label=text::newer() disabled=lone
                on:click=move |_| step(app, -1)
            >
                {icon("down")}
            </button>
            <button
                class="button ghost" type="button" aria-label=strings::common::close()
                on:click=move |_| close()
            >
                {icon("close")}
            </button>
        </form>
    }
}

/// Goes `by` matches on, round the end.
fn step(app: App, by: isize) {
    let find = app.find;
    let hit = find.hits.with_untracked(|hits| {
        let at = find.at.get_untracked().checked_add_signed(by);
        let at = match at {
            Some(at) if at < hits.len() => at,
            Some(_) => 0,
            None => hits.len().saturating_sub(1),
        };
        find.at.set(at);
        hits.get(at).cloned()
    });
    if let Some(hit) = hit {
        app.show_found(&hit);
    }
}

/// Marks the words in the rows of the document, by ranges: no element changes. A browser that
/// cannot marks nothing.
fn highlight(app: App, words: &[String]) {
    let _done = try_highlight(app, words);
}

fn try_highlight(app: App, words: &[String]) -> Result<(), JsValue> {
    let registry = Reflect::get(&window(), &"CSS".into())?;
    let registry = Reflect::get(&registry, &"highlights".into())?;
    let ranges = Array::new();
    if !words.is_empty() {
        let texts = document().query_selector_all(".message-text")?;
        for at in 0..texts.length() {
            if let Some(text) = texts.item(at) {
                add_ranges(app, &text, words, &ranges)?;
            }
        }
    }
    let make: Function = Reflect::get(&window(), &"Highlight".into())?.dyn_into()?;
    let made = Reflect::construct(&make, &ranges)?;
    let set: Function = Reflect::get(&registry, &"set".into())?.dyn_into()?;
    set.call2(&registry, &HIGHLIGHT.into(), &made)?;
    Ok(())
}

fn add_ranges(app: App, node: &Node, words: &[String], ranges: &Array) -> Result<(), JsValue> {
    if let Some(element) = node.dyn_ref::<Element>() {
        let mut next = element.first_child();
        while let Some(child) = next {
            add_ranges(app, &child, words, ranges)?;
            next = child.next_sibling();
        }
        return Ok(());
    }
    let text = node.node_value().unwrap_or_default();
    // Browsers count in UTF-16.
    let units = |to: usize| u32::try_from(text[..to].encode_utf16().count()).unwrap_or(0);
    for (start, end) in places(&text, words, app.services.fold) {
        let range = document().create_range()?;
        range.set_start(node, units(start))?;
        range.set_end(node, units(end))?;
        ranges.push(&range);
    }
    Ok(())
}
