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
    if state().as_deref() == Some("ready") {
        ready();
    }
    let ready = Closure::<dyn Fn()>::new(ready).into_js_value();
    let _bound = window.add_event_listener_with_callback(READY, ready.unchecked_ref());
}

/// Reloads the page, into the newer build where there is one.
pub fn reload() {
    let (true, Some(window), Ok(event)) = (state().is_some(), window(), Event::new(RELOAD)) else {
        return super::page::reload();
    };
    let _told = window.dispatch_event(&event);
}

/// What the script says: nothing where it does not run, `ready` once a newer build waits.
fn state() -> Option<String> {
    let page = window()?.document()?;
    page.document_element()?.get_attribute("data-update")
}
