//! The page's address after the `#`, and the browser's history of it.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{History, window};

/// Marks a place that was reached from the list, so that going back leads there.
const FROM_LIST: &str = "list";

/// What stands after the page's address, `#` included; empty where there is nothing.
#[must_use]
pub fn hash() -> String {
    window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

/// Whether the address asks for the demo, as `?demo` or `#demo`, or the site was built to open it.
#[must_use]
pub fn asks_for_demo() -> bool {
    let search = window().and_then(|window| window.location().search().ok());
    let root = window().and_then(|window| window.document()?.document_element());
    search.is_some_and(|search| search == "?demo")
        || hash() == "#demo"
        || root.is_some_and(|root| root.has_attribute("data-demo"))
}

/// The whole address with `hash` in place of what stands after it now.
#[must_use]
pub fn with(hash: &str) -> String {
    let href = window().and_then(|window| window.location().href().ok());
    let href = href.unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    [page, hash].concat()
}

/// One step further: the browser's back button leads here again.
pub fn go(hash: &str, from_list: bool) {
    if let Some(history) = history() {
        let state = JsValue::from(if from_list { FROM_LIST } else { "" });
        // It throws only where a page does this hundreds of times a second.
        let _ = history.push_state_with_url(&state, "", Some(hash));
    }
}

/// Back to the list: a step back where the list was the step before, else in place of this one.
pub fn leave(hash: &str) {
    let Some(history) = history() else { return };
    let state = history.state().ok().and_then(|state| state.as_string());
    if state.as_deref() == Some(FROM_LIST) {
        let _ = history.back();
    } else {
        put(hash);
    }
}

/// Puts `hash` in place of what stands there.
pub fn put(hash: &str) {
    if let Some(history) = history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(hash));
    }
}

/// Calls `hear` whenever the person goes back or forth or changes the address; as long as the page
/// lives.
pub fn listen(hear: impl Fn() + 'static) {
    let hear = Closure::<dyn Fn()>::new(hear).into_js_value();
    if let Some(window) = window() {
        let _ = window.add_event_listener_with_callback("popstate", hear.unchecked_ref());
    }
}

fn history() -> Option<History> {
    window()?.history().ok()
}
