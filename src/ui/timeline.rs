//! The messages of the open conversation.
//!
//! The scrolling element is a reversed column: its origin is the newest message, so it stays
//! there by itself while messages arrive, the composer grows or the window shrinks. What stands
//! in the document and where it belongs is decided by `state/viewport.rs`; here it is asked after
//! every change, scroll and resize, before anything is painted.

mod acts;
mod elements;
mod keys;
mod tools;

use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use switchboard_client::Earlier;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, HtmlElement, ResizeObserver};

use super::icon::icon;
use super::message_row::message_row;
use crate::later;
use crate::signal::{Memo, RwSignal, Signal, StoredValue, effect};
use crate::state::viewport::{Layout, Viewport};
use crate::state::{App, Intent, Key};
use crate::strings::{chat as text, timeline as words};
use crate::view::{
    MakeRow, NodeRef, View, each, queue_microtask, request_animation_frame,
    set_timeout_with_handle, view,
};
pub(crate) use acts::carry_out;
use elements::{Elements, focused_row, key_of, row_of};
pub(crate) use tools::tools;

/// A person's scroll is over when nothing has moved for this long.
const STILL: Duration = Duration::from_millis(150);

/// A finger that stays in place for this long asks for the menu.
const LONG_PRESS: Duration = Duration::from_millis(500);

/// The line above the first unread message goes when everything has been in sight for this long.
const SEEN: Duration = Duration::from_secs(20);

/// As often the window may move within one frame: what is in sight is filled after two or three.
const TURNS: u8 = 5;

/// With fewer rows than this above what is in sight, older ones are fetched.
const NEAR: usize = 20;

/// The list of messages; `title` is the conversation's name.
pub fn timeline(app: App, title: Memo<String>) -> View {
    let stage = Stage::new(app);
    let scroller = NodeRef::<web_sys::HtmlElement>::new();
    let rows = NodeRef::<web_sys::HtmlElement>::new();
    let (above, below) = (
        NodeRef::<web_sys::HtmlElement>::new(),
        NodeRef::<web_sys::HtmlElement>::new(),
    );
    effect(move || {
        if let (Some(scroller), Some(rows), Some(above), Some(below)) =
            (scroller.get(), rows.get(), above.get(), below.get())
        {
            let scroller: HtmlElement = scroller.unchecked_into();
            stage.watch(&scroller, &rows);
            let elements = Elements::new(scroller, above, below);
            stage.elements.set_value(Some(elements));
        }
    });
    effect(move || {
        app.reading.changes.track();
        // The lists' effects have run by then, and nothing has been painted.
        queue_microtask(move || stage.arrange());
    });
    // A message that is looked for may be on an older page.
    effect(move || {
        app.reading.changes.track();
        if app.reading.sought.with(Option::is_some) || app.reading.opens_earlier.get() {
            acts::load(app, false);
        }
    });
    let nothing = Memo::new(move |_| app.open.with(Option::is_none));
    let empty = move || app.timeline.order().with(Vec::is_empty);
    let message: MakeRow = Rc::new(move |key| message_row(app, &key));
    let day: MakeRow = Rc::new(move |key| day_rows(app, &key, message.clone()));
    let jump = move |name: &'static str,
                     sign: &'static str,
                     label: Signal<String>,
                     hidden: Signal<bool>| {
        view! {
            <button class="button jump" type="button" data-act=name hidden=hidden>
                {icon(sign)}
                {label}
            </button>
        }
    };
    view! {
        <div
            class="timeline" hidden=nothing
            on:click=move |event| pressed(stage, &event)
            on:keydown=move |event| {
                stage.lend(|elements| keys::pressed(app, elements, &event));
            }
            on:mouseover=move |event| stage.points_at(event.target())
            on:mouseleave=move |_| stage.points_away()
            on:focusin=move |event| stage.focused(event.target())
        >
            <section
                class="timeline-scroll" id="messages" tabindex="-1" node_ref=scroller
                aria-label=move || text::messages_of(&title.get()) on:scroll=move |_| stage.scrolled()
            >
                <div class="timeline-inner">
                    <p class="beginning" hidden=move || empty() || app.earlier.get() != Earlier::None || !app.profile().is_own()>
                        {words::beginning()}
                    </p>
                    <button
                        class="button load" type="button" data-act="load"
                        hidden=move || app.earlier.get() == Earlier::None
                        aria-disabled=move || if app.earlier.get() == Earlier::Loading { "true" } else { "false" }
                    >
                        {move || text::earlier(app.earlier.get())}
                    </button>
                    <p class="empty" hidden=move || !empty()>{text::empty()}</p>
                    <div class="space" node_ref=above></div>
                    <div class="timeline-rows" node_ref=rows>
                        <div class="messages">
                            {each(app.reading.days.order(), day)}
                        </div>
                        <p class="gap" hidden=move || app.reading.missing.get() == 0>
                            {move || words::missing(usize::try_from(app.reading.missing.get()).unwrap_or(usize::MAX))}
                        </p>
                    </div>
                    <div class="space" node_ref=below></div>
                </div>
            </section>
            <div class="jumps">
                {jump(
                    "unread", "up", Signal::stored(words::to_first_unread().to_owned()),
                    Signal::derive(move || !stage.unread_above.get()),
                )}
                {jump(
                    "back", "back", Signal::stored(words::to_where_i_was().to_owned()),
                    Signal::derive(move || app.reading.back.with(Option::is_none)),
                )}
                {jump(
                    "latest", "down", Signal::derive(move || text::jump_to_latest(app.below.get())),
                    Signal::derive(move || app.at_bottom.get()),
                )}
            </div>
            {later::once(app, move || app.reading.acting.with(Option::is_some), move |later| {
                (later.message_tools)(app, scroller)
            })}
        </div>
    }
}

/// A day's messages below its name, which stays in sight as long as they do.
fn day_rows(app: App, key: &Key, message: MakeRow) -> View {
    let Some(day) = app.reading.days.get(key) else {
        return View::default();
    };
    let day = RwSignal::from(day);
    let rows = Signal::derive(move || day.with(|day| day.rows.clone()));
    view! {
        <div class="day-rows">
            <h3 class="day"><span>{move || day.with(|day| day.name.clone())}</span></h3>
            <ol>
                {each(rows, message)}
            </ol>
        </div>
    }
}

/// The list's elements, and what is going on with them.
#[derive(Clone, Copy)]
struct Stage {
    app: App,
    elements: StoredValue<Option<Elements>>,
    /// Runs when the person has stopped scrolling.
    still: StoredValue<Option<TimeoutHandle>>,
    /// Runs when a finger has stayed in place.
    press: StoredValue<Option<TimeoutHandle>>,
    /// Runs when everything has been in sight for a while.
    seen: StoredValue<Option<TimeoutHandle>>,
    /// How often in a row the window has moved.
    turns: StoredValue<u8>,
    /// Whether a finger is on the list.
    finger: StoredValue<bool>,
    /// Whether it has stayed in place, and opened the menu.
    held: StoredValue<bool>,
    /// The message that has, or had, the focus.
    focus: StoredValue<Option<Key>>,
    /// Whether the first unread message is above what is in sight.
    unread_above: RwSignal<bool>,
}

impl Stage {
    fn new(app: App) -> Self {
        Self {
            app,
            elements: StoredValue::new(None),
            still: StoredValue::new(None),
            press: StoredValue::new(None),
            seen: StoredValue::new(None),
            turns: StoredValue::new(0),
            finger: StoredValue::new(false),
            held: StoredValue::new(false),
            focus: StoredValue::new(None),
            unread_above: RwSignal::new(false),
        }
    }

    /// Lends the elements; `None` when the view is gone, or while they are lent: a row that gets the
    /// focus is heard at once.
    fn lend<T>(self, ask: impl FnOnce(&mut Elements) -> T) -> Option<T> {
        let mut elements = self.elements.try_update_value(Option::take)??;
        let answer = ask(&mut elements);
        self.elements.try_set_value(Some(elements));
        Some(answer)
    }

    /// Asks for the elements as they are now.
    fn with<T>(self, ask: impl FnOnce(&mut Elements) -> T) -> Option<T> {
        self.lend(|elements| {
            elements.look();
            ask(elements)
        })
    }

    /// Hears of every change of size, and of everything a person scrolls with.
    fn watch(self, scroller: &HtmlElement, rows: &HtmlElement) {
        let resized = Closure::<dyn FnMut()>::new(move || {
            if self.lay_out() == Some(true) {
                // Not at once: the browser would have to lay out again within one frame.
                request_animation_frame(move || self.app.ask(Intent::Look));
            }
            self.shown();
        });
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(scroller);
            observer.observe(rows);
        }
        let handled = Closure::<dyn FnMut(web_sys::Event)>::new(move |event| self.handled(&event));
        let passive = AddEventListenerOptions::new();
        passive.set_passive(true);
        for kind in [
            "wheel",
            "pointerdown",
            "touchstart",
            "touchmove",
            "touchend",
            "touchcancel",
        ] {
            // It fails only for a name that is none.
            let _heard = scroller.add_event_listener_with_callback_and_add_event_listener_options(
                kind,
                handled.as_ref().unchecked_ref(),
                &passive,
            );
        }
        let kept = StoredValue::new((resized, handled));
        on_cleanup(move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            kept.dispose();
        });
    }

    fn lay_out(self) -> Option<bool> {
        self.with(|elements| self.app.reading.view(|view| view.laid_out(elements)))
            .flatten()
    }

    /// After rows have changed.
    fn arrange(self) {
        if self.app.open.is_disposed() {
            return;
        }
        let moves = self.lay_out();
        self.keep_focus();
        let turns = self.turns.get_value();
        if moves == Some(true) && turns < TURNS {
            self.turns.set_value(turns + 1);
            self.app.ask(Intent::Look);
        } else {
            self.turns.set_value(0);
            self.land();
        }
        self.shown();
        if self.app.reading.view(|view| view.awaits_paint()) == Some(true) {
            request_animation_frame(move || {
                let _painted = set_timeout_with_handle(move || self.painted(), Duration::ZERO);
            });
        }
    }

    /// What came is painted: rows that had time come, or go.
    fn painted(self) {
        let moves = self
            .with(|elements| self.app.reading.view(|view| view.painted(elements)))
            .flatten();
        if moves == Some(true) {
            self.app.ask(Intent::Look);
        }
    }

    fn scrolled(self) {
        let app = self.app;
        let moves = self
            .with(|elements| app.reading.view(|view| view.scrolled(elements)))
            .flatten();
        if moves == Some(true) {
            app.ask(Intent::Look);
        }
        let (seen, window, hands) = app
            .reading
            .view(|view| (view.seen(), view.window(), view.has_hands()))
            .unwrap_or_default();
        if hands {
            self.wait_until_still();
        }
        // Before it is asked whether the newest message is in sight: one jump may be all there is.
        self.shown();
        if window.from == 0 && seen.start < NEAR && !app.at_bottom.get_untracked() {
            acts::load(app, false);
        }
    }

    /// After what is in sight may have changed.
    fn shown(self) {
        let app = self.app;
        app.looked();
        let first = app.reading.first_unread.get_untracked();
        let order = app.timeline.order();
        let above = first.as_ref().is_some_and(|first| {
            let seen = app.reading.seen();
            let at = order.with_untracked(|keys| keys.iter().position(|key| key == first));
            // Out of the document, it is above: one opens there.
            at.is_none_or(|at| at < seen.start)
        });
        if self.unread_above.get_untracked() != above {
            self.unread_above.set(above);
        }
        let all_seen = first.is_some() && app.at_bottom.get_untracked() && app.is_visible();
        let waits = self.seen.with_value(Option::is_some);
        if all_seen && !waits {
            let handle = set_timeout_with_handle(
                move || {
                    self.seen.try_set_value(None);
                    if !app.open.is_disposed() && app.at_bottom.get_untracked() {
                        app.forget_unread();
                    }
                },
                SEEN,
            );
            self.seen.set_value(handle.ok());
        } else if !all_seen && waits {
            self.seen.update_value(|handle| {
                if let Some(handle) = handle.take() {
                    handle.clear();
                }
            });
        }
    }

    /// Shows which message was looked for.
    fn land(self) {
        let Some(found) = self.app.reading.take_found() else {
            return;
        };
        self.with(|elements| {
            let Some(row) = elements.row(&found.key) else {
                return;
            };
            if let Ok(Some(before)) = elements.scroller.query_selector("[data-found]") {
                let _removed = before.remove_attribute("data-found");
            }
            // It fails only for a name that is none.
            let _set = row.set_attribute("data-found", "");
            if found.focus {
                keys::focus(elements, &row, false);
            }
        });
    }

    /// A message that had the focus and has left the document gives it to one in sight; Tab leads
    /// to some message always.
    fn keep_focus(self) {
        let key = self.focus.get_value();
        let lost = document()
            .active_element()
            .is_none_or(|focused| focused.tag_name() == "BODY");
        let app = self.app;
        let newly = self.with(|elements| {
            if let Some(key) = key
                && lost
            {
                let row = elements.row(&key).or_else(|| self.in_sight(elements));
                if let Some(row) = row {
                    keys::focus(elements, &row, false);
                }
                return;
            }
            let stop = elements.scroller.query_selector(".message[tabindex=\"0\"]");
            if stop.is_ok_and(|stop| stop.is_none())
                && let Some(row) = self.in_sight(elements)
            {
                keys::rove(elements, &row);
            }
        });
        let acting = app.reading.acting.get_untracked();
        let gone = acting.is_some_and(|key| app.timeline.get(&key).is_none());
        if newly.is_some() && gone {
            app.reading.acting.set(None);
        }
    }

    /// The last message in sight.
    fn in_sight(self, elements: &Elements) -> Option<HtmlElement> {
        let at = self.app.reading.seen().end.saturating_sub(1);
        let at = at.min(elements.rows().checked_sub(1)?);
        elements.row(&elements.key(at)?)
    }

    fn focused(self, target: Option<web_sys::EventTarget>) {
        let Some(row) = row_of(target.clone()) else {
            // The list as a whole hands the focus to the message that Tab leads to.
            let stop = self.with(|elements| {
                let is_list = target.is_some_and(|it| it == *elements.scroller.unchecked_ref());
                let stop =
                    is_list.then(|| elements.scroller.query_selector(".message[tabindex=\"0\"]"));
                stop.and_then(Result::ok).flatten()
            });
            if let Some(stop) = stop
                .flatten()
                .and_then(|stop| stop.dyn_into::<HtmlElement>().ok())
            {
                // Best effort.
                let _ = stop.focus();
            }
            return;
        };
        let key = key_of(&row);
        self.focus.set_value(key.clone());
        self.with(|elements| keys::rove(elements, &row));
        if self.app.reading.acting.get_untracked() != key {
            self.app.reading.acting.set(key);
        }
    }

    /// The pointer is over a message: it gets the tools, unless the menu is about another.
    fn points_at(self, target: Option<web_sys::EventTarget>) {
        let acting = self.app.reading.acting;
        let Some(key) = row_of(target).and_then(|row| key_of(&row)) else {
            return;
        };
        if acting.with_untracked(|now| now.as_ref() != Some(&key)) && !tools::is_open() {
            acting.set(Some(key));
        }
    }

    /// The pointer has left: the message with the focus has the tools again, if there is one.
    fn points_away(self) {
        if !tools::is_open() {
            let focused = focused_row().and_then(|row| key_of(&row));
            self.app.reading.acting.set(focused);
        }
    }

    fn wait_until_still(self) {
        let app = self.app;
        let finger = self.finger;
        let handle = set_timeout_with_handle(
            move || {
                if !finger.try_get_value().unwrap_or(true) {
                    app.reading.view(Viewport::released);
                }
            },
            STILL,
        );
        replace(self.still, handle.ok());
    }

    /// A wheel, a finger or the scroll bar.
    fn handled(self, event: &web_sys::Event) {
        let app = self.app;
        let kind = event.type_();
        replace(self.press, None);
        match kind.as_str() {
            // Beside its content the list has nothing to press but its scroll bar.
            "pointerdown" if event.target() != event.current_target() => return,
            "touchstart" => {
                self.finger.set_value(true);
                self.held.set_value(false);
                if let Some(row) = row_of(event.target()) {
                    let asks = move || {
                        self.press.try_set_value(None);
                        self.held.try_set_value(true);
                        tools::open_menu(app, &row);
                    };
                    self.press
                        .set_value(set_timeout_with_handle(asks, LONG_PRESS).ok());
                }
            }
            "touchend" | "touchcancel" => {
                self.finger.set_value(false);
                // Right after this the browser closes what the finger opened: it was down before.
                if self.held.get_value()
                    && let Some(row) = row_of(event.target())
                {
                    request_animation_frame(move || tools::open_menu(app, &row));
                }
            }
            _ => {}
        }
        app.reading.taken();
        app.reading.view(Viewport::taken);
        self.wait_until_still();
    }
}

/// Sets a timer in place of the one that runs.
fn replace(timer: StoredValue<Option<TimeoutHandle>>, handle: Option<TimeoutHandle>) {
    timer.try_update_value(|timer| {
        if let Some(before) = std::mem::replace(timer, handle) {
            before.clear();
        }
    });
}

/// A press anywhere in the list; what can be pressed carries `data-act`, or says how far a message got.
fn pressed(stage: Stage, event: &ev::MouseEvent) {
    let app = stage.app;
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let pressed = target.and_then(|it| it.closest("[data-act],[data-state]").ok().flatten());
    let Some(button) = pressed else {
        return;
    };
    // How far a message got leads to who has it.
    let name = button.get_attribute("data-act");
    let name = name.unwrap_or_else(|| "details".to_owned());
    let row = row_of(Some(button.clone().into()));
    match (name.as_str(), row) {
        ("more", Some(row)) => tools::open_menu(app, &row),
        (name, Some(row)) => {
            if let Some(key) = key_of(&row) {
                acts::act(app, name, &key, &button);
            }
        }
        ("load", None) => acts::load(app, true),
        ("latest", None) => app.jump_to_newest(),
        ("unread", None) => {
            if let Some(first) = app.reading.first_unread.get_untracked() {
                app.seek(first, true);
            }
        }
        ("back", None) => {
            if let Some(back) = app.reading.back.get_untracked() {
                app.reading.back.set(None);
                app.seek(back, true);
            }
        }
        _ => {}
    }
    // What was pressed may be gone: the list keeps the focus.
    if focused_row().is_none() && row_is_focusless() {
        super::composer::focus();
    }
}

fn row_is_focusless() -> bool {
    document()
        .active_element()
        .is_none_or(|focused| focused.tag_name() == "BODY")
}
