//! A view in the document.

use any_spawner::Executor;
use leptos::prelude::Owner;
use web_sys::Element;

use super::View;
use super::shown::Shown;

/// A mounted view; dropped, it goes from the document and everything it started ends.
#[must_use]
pub struct Mounted {
    owner: Owner,
    shown: Shown,
}

/// Appends a view to `parent`.
pub fn mount(parent: &Element, make: impl FnOnce() -> View) -> Mounted {
    // Already there when something was mounted before.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let shown = owner.with(|| Shown::new(make()));
    if let Some(fragment) = shown.nodes.node(0) {
        let _ = parent.append_child(&fragment);
    }
    Mounted { owner, shown }
}

impl Mounted {
    /// It stays as long as the page.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.owner.cleanup();
        self.shown.remove();
    }
}
