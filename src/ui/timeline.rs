//! The messages of the open conversation.
//!
//! The scrolling element is a reversed column: its origin is the newest message, so it stays
//! there by itself while messages arrive, the composer grows or the window shrinks. Farther up,
//! the first message in sight is held where it is, by its element, whatever comes or goes.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::{ev, html};
use switchboard_client::Earlier;
use switchboard_protocol::MessageId;
use wasm_bindgen::JsCast;

use super::list::{List, MakeRow};
use super::message_row::message_row;
use crate::state::{App, Intent, use_app};
use crate::strings::chat as text;

/// Farther from the newest message than this, the person reads older ones (CSS pixels).
const LEAVE: i32 = 200;
/// Nearer than this, the person is back.
const RETURN: i32 = 24;

/// The list of messages.
#[component]
pub fn Timeline(
    /// The conversation's name.
    title: Memo<String>,
) -> impl IntoView {
    let app = use_app();
    let scroller = NodeRef::<html::Section>::new();
    let nothing = Memo::new(move |_| app.open.with(Option::is_none));
    let to_newest = move || {
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    };
    Effect::new(move |_| {
        app.open.track();
        to_newest();
    });
    let held = StoredValue::new_local(None::<Held>);
    // Between a change of the rows and its correction: a scroll event then tells nothing.
    let moving = StoredValue::new(false);
    let scrolled = move |_| {
        let Some(scroller) = scroller.get_untracked() else {
            return;
        };
        if !moving.get_value() {
            held.set_value(Held::first_in(&scroller));
        }
        // Negative in a reversed column; the sign is dropped in case an engine differs.
        let distance = scroller.scroll_top().abs();
        let was = app.at_bottom.get_untracked();
        let is = distance < if was { LEAVE } else { RETURN };
        if is != was {
            app.at_bottom.set(is);
            if is {
                app.below.set(0);
            }
        }
    };
    Effect::new(move |_| {
        app.timeline.order().track();
        if app.at_bottom.get_untracked() {
            return;
        }
        moving.set_value(true);
        // Rows are in the document by then, and nothing of it has been painted.
        request_animation_frame(move || {
            if let (Some(scroller), Some(Some(held))) =
                (scroller.try_get_untracked().flatten(), held.try_get_value())
            {
                held.restore(&scroller);
            }
            moving.try_set_value(false);
        });
    });
    let row: MakeRow = Arc::new(move |key| message_row(app, &key));
    let load = move |_| {
        if let Some(open) = app.open.get_untracked() {
            app.ask(Intent::LoadEarlier(open));
        }
    };
    view! {
        <div class="timeline" hidden=nothing>
            // Focusable, so that the keyboard scrolls it.
            <section class="timeline-scroll" id="messages" node_ref=scroller tabindex="0"
                aria-label=move || text::messages_of(&title.get()) on:scroll=scrolled>
                <div class="timeline-inner">
                    <button
                        class="button load" type="button"
                        hidden=move || app.earlier.get() == Earlier::None
                        aria-disabled=move || if app.earlier.get() == Earlier::Loading { "true" } else { "false" }
                        on:click=load
                    >
                        {move || text::earlier(app.earlier.get())}
                    </button>
                    <p class="empty" hidden=move || !app.timeline.order().with(Vec::is_empty)>{text::empty()}</p>
                    <ol class="messages" on:click=move |event| {
                        if let Some(intent) = pressed(app, &event) {
                            app.ask(intent);
                        }
                    }>
                        <List keys=app.timeline.order() row=row />
                    </ol>
                </div>
            </section>
            <button
                class="button jump" type="button" hidden=move || app.at_bottom.get()
                on:click=move |_| {
                    to_newest();
                    app.at_bottom.set(true);
                    app.below.set(0);
                }
            >
                {super::icon::icon("down")}
                {move || text::jump_to_latest(app.below.get())}
            </button>
        </div>
    }
}

/// A message, and how far below the top edge of what is in sight it stands.
#[derive(Clone)]
struct Held {
    row: web_sys::Element,
    below: f64,
}

impl Held {
    /// The first message whose end is in sight.
    fn first_in(scroller: &web_sys::Element) -> Option<Self> {
        let top = scroller.get_bounding_client_rect().top();
        let mut next = scroller.query_selector(".message").ok().flatten();
        while let Some(row) = next {
            let place = row.get_bounding_client_rect();
            if place.bottom() > top {
                let below = place.top() - top;
                return Some(Self { row, below });
            }
            next = row.next_element_sibling();
        }
        None
    }

    /// Scrolls it back to where it stood, unless it is gone.
    fn restore(&self, scroller: &web_sys::Element) {
        if !self.row.is_connected() {
            return;
        }
        let top = scroller.get_bounding_client_rect().top();
        let moved = self.row.get_bounding_client_rect().top() - top - self.below;
        if moved.abs() >= 1.0 {
            scroller.scroll_by_with_x_and_y(0.0, moved);
        }
    }
}

/// What a press inside the list asks for: its buttons carry `data-act` and `data-id`.
fn pressed(app: App, event: &ev::MouseEvent) -> Option<Intent> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let button = target.closest("[data-act]").ok()??;
    if button.get_attribute("data-act")? == "copy-code" {
        return super::rich_text::code_beside(&button).map(Intent::Copy);
    }
    let id = button.get_attribute("data-id")?;
    let row = app.timeline.get(&id)?;
    let id = MessageId::try_from(id).ok()?;
    match button.get_attribute("data-act")?.as_str() {
        "retry" => Some(Intent::Retry(id)),
        "discard" => Some(Intent::Discard(id)),
        "copy" => Some(Intent::Copy(
            row.with_untracked(|row| row.item.text.clone()),
        )),
        _ => None,
    }
}
