//! The page itself: origin, theme, title, clipboard.

use wasm_bindgen_futures::JsFuture;
use web_sys::window;

/// The page's origin, e.g. `https://chat.example`.
#[must_use]
pub fn origin() -> String {
    window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
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
