//! The page itself: origin, theme, clipboard, and the plea to keep what it stores.

use wasm_bindgen_futures::JsFuture;
use web_sys::{VisibilityState, window};

/// The page's origin, e.g. `https://chat.example`.
#[must_use]
pub fn origin() -> String {
    window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

/// Whether the page can be seen now.
#[must_use]
pub fn is_visible() -> bool {
    window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Sets `data-theme` on the root element; the style sheets do the rest.
pub fn set_theme(name: &str) {
    let root = window().and_then(|window| window.document()?.document_element());
    if let Some(root) = root {
        let _set = root.set_attribute("data-theme", name);
    }
}

/// Puts `text` on the clipboard; `false` where the browser has none to offer (insecure pages) or
/// refuses.
pub async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    if !window.is_secure_context() {
        return false;
    }
    let written = window.navigator().clipboard().write_text(text);
    JsFuture::from(written).await.is_ok()
}

/// Asks the browser not to evict what this site stores. It may ask the person in turn; either
/// answer is fine.
pub fn ask_to_keep() {
    if let Some(window) = window().filter(web_sys::Window::is_secure_context) {
        let _asked = window.navigator().storage().persist();
    }
}
