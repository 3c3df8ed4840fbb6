//! Whether a newer build of the page waits. `assets/update.js`, in release builds alone, finds out.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, window};

/// Told by the script.
const READY: &str = "switchboard-update";
/// Told to it.
const RELOAD: &str = "switchboard-reload";

/// Calls `ready` once one waits; as long as the page lives.
pub fn watch(ready: impl Fn() + 'static) {
    let Some(window) = window() else { return };
    let root = window.document().and_then(|page| page.document_element());
    if root.is_some_and(|root| root.has_attribute("data-update")) {
        ready();
    }
    let ready = Closure::<dyn Fn()>::new(ready).into_js_value();
    let _bound = window.add_event_listener_with_callback(READY, ready.unchecked_ref());
}

/// Reloads the page into the newer build.
pub fn reload() {
    if let (Some(window), Ok(event)) = (window(), Event::new(RELOAD)) {
        let _told = window.dispatch_event(&event);
    }
}
