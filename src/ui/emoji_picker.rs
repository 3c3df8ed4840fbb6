//! The picker of emoji: one popover for the whole chat, beside whatever opened it.
//!
//! Its cells are made by hand: two thousand of them are a matter of milliseconds then. They are a
//! grid with one tab stop; arrows move in it, Escape goes back to what had the focus before.

use std::cell::Cell;
use std::sync::Arc;

use js_sys::{Function, Object, Reflect};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::dom::{add, add_text, closest, is_composing, set};
use crate::signal::{RwSignal, effect};
use crate::state::App;
use crate::state::emoji::{Book, Tone};
use crate::strings::emoji as text;
use crate::view::{NodeRef, View, view};

/// The popover's element id.
const PICKER: &str = "emoji-picker";
/// Cells of a row, as the style sheet has it.
const COLUMNS: usize = 8;
/// Most that a search shows.
const FOUND: usize = 96;

thread_local! {
    /// What the picker is to stand beside.
    static ANCHOR: Cell<Option<Element>> = const { Cell::new(None) };
}

/// Opens the picker beside `anchor`; what is picked is given to `pick`, after the focus has gone
/// back to `anchor`.
pub fn open(app: App, anchor: &Element, pick: impl Fn(&str) + Send + Sync + 'static) {
    ANCHOR.set(Some(anchor.clone()));
    app.emoji.picking.set(Some(Arc::new(pick)));
}

/// Shows it beside what opened it.
fn show(popover: &Element) {
    // Called by hand: web-sys does not know its option.
    let options = Object::new();
    let _set = Reflect::set(&options, &"source".into(), &ANCHOR.take().into());
    call(popover, "showPopover", &options);
}

fn call(element: &Element, method: &str, argument: &JsValue) {
    if let Ok(method) = Reflect::get(element, &method.into())
        && let Some(method) = method.dyn_ref::<Function>()
    {
        // It throws where it is shown, or hidden, already.
        let _shown = method.call1(element, argument);
    }
}

/// The picker itself; closed it is empty.
pub fn emoji_picker(app: App) -> View {
    let emoji = app.emoji;
    let popover = NodeRef::<web_sys::HtmlElement>::new();
    let field = NodeRef::<web_sys::HtmlInputElement>::new();
    let grid = NodeRef::<web_sys::HtmlElement>::new();
    let query = RwSignal::new(String::new());
    let note = RwSignal::new(String::new());
    effect(move || {
        let Some(popover) = popover.get() else { return };
        let is_open = popover.matches(":popover-open").unwrap_or(true);
        if emoji.picking.with(Option::is_some) && !is_open {
            app.want_emoji();
            show(&popover);
        }
    });
    effect(move || {
        let Some(grid) = grid.get() else { return };
        let is_open = emoji.picking.with(Option::is_some);
        grid.set_text_content(None);
        if !is_open {
            return;
        }
        let book = emoji.book.get();
        let found = query.with(|query| {
            let sections = match &book {
                Some(book) => sections(app, book, query),
                None => Vec::new(),
            };
            fill(
                &grid,
                &sections,
                book.as_ref().is_some_and(|book| book.is_english()),
            );
            !sections.is_empty()
        });
        note.set(match (book, emoji.failed.get()) {
            (None, true) => text::failed().to_owned(),
            (None, false) => text::loading().to_owned(),
            (Some(_), _) if !found => text::none().to_owned(),
            (Some(_), _) => String::new(),
        });
    });
    let pick = move |cell: &Element| {
        let Some(then) = emoji.picking.get_untracked() else {
            return;
        };
        let picked = cell.text_content().unwrap_or_default();
        if let Some(popover) = popover.get_untracked() {
            call(&popover, "hidePopover", &JsValue::UNDEFINED);
        }
        app.used_emoji(&picked);
        then(&picked);
    };
    let keys = move |event: ev::KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        let Some(grid) = grid.get_untracked() else {
            return;
        };
        let first = || grid.query_selector("button").ok().flatten();
        let focused = document().active_element();
        let cell = focused.filter(|focused| grid.contains(Some(focused)));
        let next = match (event.key().as_str(), cell) {
            ("Enter", None) => {
                event.prevent_default();
                if let Some(first) = first() {
                    pick(&first);
                }
                return;
            }
            ("ArrowDown", None) => first(),
            (key, Some(cell)) => match moved(&cell, key) {
                // Above the first row is the search.
                None if key == "ArrowUp" => field.get_untracked().map(|field| (**field).clone()),
                moved => moved,
            },
            _ => None,
        };
        if let Some(next) = next {
            event.prevent_default();
            focus(&grid, next);
        }
    };
    let toggled = move |_| {
        // Shown or hidden, `:popover-open` tells it.
        let open = popover
            .get_untracked()
            .and_then(|it| it.matches(":popover-open").ok());
        if open == Some(false) {
            emoji.picking.set(None);
            query.set(String::new());
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
        }
    };
    let tones = Tone::ALL.map(|tone| {
        view! {
            <label class="emoji-tone">
                <input
                    type="radio" name="tone" aria-label=tone_name(tone)
                    checked=tone == emoji.tone.get_untracked()
                    prop:checked=move || emoji.tone.get() == tone
                    on:change=move |_| app.choose_tone(tone)
                />
                <span aria-hidden="true">{tone.of("✋+")}</span>
            </label>
        }
    });
    view! {
        <div
            class="emoji-picker" id=PICKER popover="auto" role="dialog" aria-label=text::title()
            node_ref=popover on:keydown=keys on:toggle=toggled
        >
            <input
                class="input" type="search" node_ref=field autofocus=true autocomplete="off" dir="auto"
                aria-label=text::search() placeholder=text::search()
                on:input=move |event| query.set(event_target_value(&event))
            />
            <p class="hint" role="status">{note}</p>
            <div
                class="emoji-grid" role="grid" aria-label=text::title() node_ref=grid
                on:click=move |event| {
                    if let Some(cell) = closest(&event, "button") {
                        pick(&cell);
                    }
                }
            ></div>
            <fieldset class="emoji-tones">
                <legend class="quiet">{text::tone()}</legend>
                {tones.into_iter().collect::<Vec<_>>()}
            </fieldset>
        </div>
    }
}

/// What is in it, for the gallery.
#[cfg(debug_assertions)]
pub(super) fn sample() -> View {
    let grid = NodeRef::<web_sys::HtmlElement>::new();
    let book = Book::read(include_str!("../../assets/emoji.txt").to_owned());
    effect(move || {
        let Some(grid) = grid.get() else { return };
        let tone = Tone::default();
        let sections: Vec<Section> = book
            .groups()
            .map(|(name, places)| {
                let emoji = places.take(2 * COLUMNS).map(|place| book.get(place));
                let emoji = emoji.map(|emoji| (tone.of(emoji.form), emoji.name()));
                (group(name), emoji.collect())
            })
            .collect();
        fill(&grid, &sections, true);
    });
    view! {
        <input class="input" type="search" placeholder=text::search() aria-label=text::search() />
        <div class="emoji-grid" role="grid" aria-label=text::title() node_ref=grid></div>
    }
}

/// A heading, and the emoji under it: as they are written, and their names.
type Section = (&'static str, Vec<(String, String)>);

/// What is shown for a query: everything for none.
fn sections(app: App, book: &Book, query: &str) -> Vec<Section> {
    let tone = app.emoji.tone.get();
    let written = |place: usize| {
        let emoji = book.get(place);
        (tone.of(emoji.form), emoji.name())
    };
    let mut sections = Vec::new();
    if query.trim().is_empty() {
        let recent = app.emoji.recent.get_untracked();
        let recent = recent.into_iter().map(|written| {
            let name = book.name(&written).unwrap_or_default();
            (written, name)
        });
        sections.push((text::recent(), recent.collect::<Vec<_>>()));
        for (name, places) in book.groups() {
            sections.push((group(name), places.map(written).collect()));
        }
    } else {
        let found = book.search(&(app.services.fold)(query), FOUND);
        sections.push((text::found(), found.into_iter().map(written).collect()));
    }
    sections.retain(|(_, emoji)| !emoji.is_empty());
    sections
}

fn group(name: &str) -> &'static str {
    match name {
        "smileys-emotion" => text::smileys(),
        "people-body" => text::people(),
        "animals-nature" => text::nature(),
        "food-drink" => text::food(),
        "travel-places" => text::travel(),
        "activities" => text::activities(),
        "objects" => text::objects(),
        "flags" => text::flags(),
        _ => text::symbols(),
    }
}

fn tone_name(tone: Tone) -> &'static str {
    [
        text::tone_none,
        text::tone_light,
        text::tone_medium_light,
        text::tone_medium,
        text::tone_medium_dark,
        text::tone_dark,
    ][tone.place()]()
}

/// Makes the cells. English names are said so, in case the page is not.
fn fill(grid: &Element, sections: &[Section], is_english: bool) {
    let mut tab = "0";
    for (title, emoji) in sections {
        let section = add(grid, "div", "");
        set(&section, "role", "rowgroup");
        set(&section, "aria-label", title);
        let heading = add(&section, "p", "heading");
        set(&heading, "aria-hidden", "true");
        add_text(&heading, title);
        for row in emoji.chunks(COLUMNS) {
            let line = add(&section, "div", "");
            set(&line, "role", "row");
            if is_english {
                set(&line, "lang", "en");
            }
            for (written, name) in row {
                let cell = add(&line, "button", "");
                set(&cell, "type", "button");
                set(&cell, "role", "gridcell");
                set(&cell, "tabindex", tab);
                set(&cell, "aria-label", name);
                set(&cell, "title", name);
                add_text(&cell, written);
                tab = "-1";
            }
        }
    }
}

/// Focuses a cell, which becomes the grid's tab stop; or the search.
fn focus(grid: &Element, to: Element) {
    if grid.contains(Some(&to)) {
        if let Ok(Some(before)) = grid.query_selector("[tabindex='0']") {
            let _set = before.set_attribute("tabindex", "-1");
        }
        let _set = to.set_attribute("tabindex", "0");
    }
    if let Ok(to) = to.dyn_into::<HtmlElement>() {
        // Best effort.
        let _focused = to.focus();
    }
}

/// Where a key leads from a cell.
fn moved(cell: &Element, key: &str) -> Option<Element> {
    let row = cell.parent_element()?;
    let is_rtl = document()
        .document_element()?
        .get_attribute("dir")
        .as_deref()
        == Some("rtl");
    match key {
        "ArrowLeft" | "ArrowRight" if (key == "ArrowRight") != is_rtl => cell
            .next_element_sibling()
            .or_else(|| next_row(&row, true)?.first_element_child()),
        "ArrowLeft" | "ArrowRight" => cell
            .previous_element_sibling()
            .or_else(|| next_row(&row, false)?.last_element_child()),
        "ArrowDown" | "ArrowUp" => {
            let next = next_row(&row, key == "ArrowDown")?;
            let place = row
                .children()
                .length()
                .min(place(cell))
                .min(next.children().length() - 1);
            next.children().item(place)
        }
        "Home" => row.first_element_child(),
        "End" => row.last_element_child(),
        _ => None,
    }
}

/// How many cells stand before one in its row.
fn place(cell: &Element) -> u32 {
    let mut before = cell.previous_element_sibling();
    let mut place = 0;
    while let Some(other) = before {
        place += 1;
        before = other.previous_element_sibling();
    }
    place
}

/// The next row, or the one before, in whichever section.
fn next_row(row: &Element, forward: bool) -> Option<Element> {
    let near = if forward {
        row.next_element_sibling()
    } else {
        row.previous_element_sibling()
    };
    if let Some(near) = near.filter(|near| near.get_attribute("role").as_deref() == Some("row")) {
        return Some(near);
    }
    let section = row.parent_element()?;
    if forward {
        section
            .next_element_sibling()?
            .query_selector("[role=row]")
            .ok()?
    } else {
        section.previous_element_sibling()?.last_element_child()
    }
}
