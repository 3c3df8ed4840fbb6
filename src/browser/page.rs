//! The page itself: origin, theme, title, clipboard.

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

/// Puts `text` on the clipboard. Browsers refuse on insecure pages; there is nobody to tell.
pub fn copy(text: &str) {
    if let Some(window) = window() {
        let _promise = window.navigator().clipboard().write_text(text);
    }
}
