//! The frame inspector: what went over the wire, as it was.

use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use switchboard_protocol::limits::MAX_FRAME_BYTES;

use super::icon::icon;
use crate::signal::{Memo, Signal, effect};
use crate::state::inspector::{Direction, Frame};
use crate::state::{App, Intent, Key, json};
use crate::strings;
use crate::strings::frames as text;
use crate::view::{MakeRow, NodeRef, View, each, view};

/// The panel beside the conversation; on a phone it covers the page.
pub fn inspector_panel(app: App) -> View {
    let frames = app.frames;
    let filter = NodeRef::<web_sys::HtmlInputElement>::new();
    // It is made when it is opened first.
    let mut was_open = false;
    effect(move || {
        let open = frames.open.get();
        if open
            && !was_open
            && let Some(filter) = filter.get_untracked()
        {
            // Best effort.
            let _ = filter.focus();
        }
        was_open = open;
    });
    effect(move || frames.follow());
    let close = move || {
        frames.toggle();
        // The focus goes back to the button that opened the panel, or would have.
        let toggle = document().query_selector(".frames-toggle").ok().flatten();
        if let Some(toggle) = toggle
            .and_then(|toggle| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(toggle).ok())
        {
            let _ = toggle.focus();
        }
    };
    let direction = move |event: ev::Event| {
        let direction = match event_target_value(&event).as_str() {
            "sent" => Some(Direction::Out),
            "received" => Some(Direction::In),
            _ => None,
        };
        frames.narrow(move |filter| filter.direction = direction);
    };
    let row: MakeRow = Rc::new(move |key| frame_row(app, &key));
    let nothing = Memo::new(move |_| frames.selected.with(Option::is_none));
    let selected = move |read: fn(&Frame) -> String| {
        Signal::derive(move || {
            frames
                .selected
                .with(|frame| frame.as_ref().map(read).unwrap_or_default())
        })
    };
    let summary = selected(text::size_of);
    let pretty = selected(|frame| json::pretty(&frame.text).unwrap_or_else(|| frame.text.clone()));
    view! {
        <aside
            class="inspector" aria-label=text::title() hidden=move || !frames.open.get()
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
        >
            <header class="inspector-head">
                <h2>{text::title()}</h2>
                <button
                    class="button small" type="button"
                    aria-pressed=move || if frames.paused.get() { "true" } else { "false" }
                    on:click=move |_| frames.pause(!frames.paused.get_untracked())
                >
                    {icon("pause")}{text::pause()}
                </button>
                <button class="button small" type="button" on:click=move |_| frames.clear()>
                    {text::clear()}
                </button>
                <button class="button ghost push" type="button" aria-label=strings::common::close() on:click=move |_| close()>
                    {icon("close")}
                </button>
            </header>
            <div class="inspector-filter">
                <input
                    node_ref=filter type="search" aria-label=text::filter() placeholder=text::filter()
                    on:input=move |event| {
                        let needle = event_target_value(&event);
                        frames.narrow(move |filter| filter.needle = needle);
                    }
                />
                <select aria-label=text::direction() on:change=direction>
                    <option value="">{text::both()}</option>
                    <option value="sent">{text::sent()}</option>
                    <option value="received">{text::received()}</option>
                </select>
            </div>
            <ul class="frames" aria-label=text::list()>
                {each(frames.shown(), row)}
            </ul>
            <p class="hint" hidden=move || !frames.shown().with(Vec::is_empty)>{text::empty()}</p>
            <section class="frame-detail" aria-label=summary hidden=nothing>
                <header>
                    <p class="soft">{summary}</p>
                    <button
                        class="button small push" type="button"
                        on:click=move |_| {
                            let frame = frames.selected.get_untracked();
                            if let Some(frame) = frame {
                                let line = app.account.with_untracked(|account| frame.wscat(account.as_ref()));
                                app.ask(Intent::Copy(line));
                            }
                        }
                    >
                        {icon("copy")}{text::copy()}
                    </button>
                </header>
                <pre tabindex="0" role="region" dir="ltr" aria-label=text::title()><code>{pretty}</code></pre>
            </section>
            <footer class="inspector-foot">
                <p class="help">{text::bounds()}</p>
                <button
                    class="button small push" type="button" title=text::trace_help()
                    on:click=move |_| app.ask(Intent::ExportTrace)
                >
                    {text::trace()}
                </button>
            </footer>
        </aside>
    }
}

fn frame_row(app: App, key: &Key) -> View {
    let Some(frame) = app.frames.get(key) else {
        return View::default();
    };
    let number = frame.number;
    let direction = frame.direction;
    let (class, arrow) = match direction {
        Direction::Out => ("frame sent", "up"),
        Direction::In => ("frame received", "down"),
    };
    // Whole percents of the limit, at least a sliver.
    let share = (frame.bytes * 100 / MAX_FRAME_BYTES).clamp(1, 100);
    let share = share.to_string();
    let name = text::name(&frame);
    let size = text::size(frame.bytes);
    let time = (app.services.instant)(frame.at);
    let platform = frame.is_platform_error();
    let selected = move || {
        let is = app
            .frames
            .selected
            .with(|frame| frame.as_ref().is_some_and(|frame| frame.number == number));
        if is { "true" } else { "false" }
    };
    view! {
        <li>
            <button
                class=class class:platform=platform type="button" aria-current=selected
                on:click=move |_| app.frames.selected.set(Some(frame.clone()))
            >
                {icon(arrow)}
                <span class="quiet">{text::direction_of(direction)}" "</span>
                <span class="frame-name"><bdi>{name}</bdi></span>
                " "
                <span class="frame-size">{size}</span>
                " "
                <span class="frame-time">{time}</span>
                <span class="frame-bar" aria-hidden="true" style:--share=share></span>
            </button>
        </li>
    }
}
