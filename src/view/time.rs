//! Leptos' helpers for later, each compiled once instead of for every closure.

use std::time::Duration;

use leptos::prelude as leptos;
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::KeyboardEvent;

pub use leptos::TimeoutHandle;

const KEY: &str = "keydown";

/// Runs `run` before the next frame is painted.
pub fn request_animation_frame(run: impl FnOnce() + 'static) {
    let run: Box<dyn FnOnce()> = Box::new(run);
    leptos::request_animation_frame(run);
}

/// Runs `run` when what runs now has ended, before anything is painted.
pub fn queue_microtask(run: impl FnOnce() + 'static) {
    let run: Box<dyn FnOnce()> = Box::new(run);
    leptos::queue_microtask(run);
}

/// Runs `run` after a while, unless the handle is cleared before.
///
/// # Errors
///
/// Where the browser sets no timeout.
pub fn set_timeout_with_handle(
    run: impl FnOnce() + 'static,
    after: Duration,
) -> Result<TimeoutHandle, JsValue> {
    let run: Box<dyn FnOnce()> = Box::new(run);
    leptos::set_timeout_with_handle(run, after)
}

/// Hears every key, as long as the current owner is there.
pub fn on_key(hear: impl Fn(KeyboardEvent) + 'static) {
    let hear: Closure<dyn Fn(KeyboardEvent)> = Closure::new(hear);
    let _ = leptos::window().add_event_listener_with_callback(KEY, hear.as_ref().unchecked_ref());
    let hear = SendWrapper::new(hear);
    leptos::on_cleanup(move || {
        let hear = hear.as_ref().unchecked_ref();
        let _ = leptos::window().remove_event_listener_with_callback(KEY, hear);
    });
}
