//! The page itself: origin, title, icon, clipboard, and the plea to keep what it stores.

use crate::state::Hands;
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, HtmlAnchorElement, HtmlLinkElement, MediaQueryList, Url, VisibilityState, window,
};

/// The page's origin, e.g. `https://chat.example`.
#[must_use]
pub fn origin() -> String {
    window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

thread_local! {
    /// What stays as it is while the page lives, and what follows the rest: asking for it anew with
    /// every key took longer than the key.
    static HANDS: (Hands, Option<MediaQueryList>) = {
        let window = window();
        let platform = window.as_ref().and_then(|window| window.navigator().platform().ok());
        let platform = platform.unwrap_or_default();
        let hands = Hands {
            touch: false,
            sizes: web_sys::css::supports_with_value("field-sizing", "content").unwrap_or(false),
            mac: ["Mac", "iPhone", "iPad"]
                .iter()
                .any(|name| platform.starts_with(name)),
        };
        let touch = "(pointer: coarse) and (not (any-pointer: fine))";
        (hands, window.and_then(|window| window.match_media(touch).ok()?))
    };
}

/// What the person has under their hands.
#[must_use]
pub fn hands() -> Hands {
    HANDS.with(|(hands, touch)| Hands {
        touch: touch.as_ref().is_some_and(MediaQueryList::matches),
        ..*hands
    })
}

/// Whether the page can be seen now.
#[must_use]
pub fn is_visible() -> bool {
    window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Takes away what `index.html` shows until the app is there.
pub fn hide_shell() {
    let shell = window().and_then(|window| window.document()?.get_element_by_id("shell"));
    if let Some(shell) = shell {
        let _hidden = shell.set_attribute("hidden", "");
    }
}

/// Names the page in its tab.
pub fn set_title(title: &str) {
    if let Some(document) = window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Marks the page's icon, and the installed app's, as holding so many unread messages.
pub fn set_badge(unread: usize) {
    let Some(window) = window() else { return };
    let link = window
        .document()
        .and_then(|document| document.query_selector("link[rel=icon]").ok().flatten())
        .and_then(|link| link.dyn_into::<HtmlLinkElement>().ok());
    if let Some(link) = link {
        // The icon of the page is written down beside the link the first time.
        let plain = link.get_attribute("data-plain").unwrap_or_else(|| {
            let plain = link.href();
            let _kept = link.set_attribute("data-plain", &plain);
            plain
        });
        link.set_href(if unread == 0 {
            &plain
        } else {
            "favicon-unread.svg"
        });
    }
    let navigator = JsValue::from(window.navigator());
    let badge = Reflect::get(&navigator, &"setAppBadge".into()).unwrap_or_default();
    if let Ok(badge) = badge.dyn_into::<Function>() {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let _set = badge.call1(&navigator, &JsValue::from(unread as f64));
    }
}

/// Goes to another page.
pub fn leave_for(address: &str) {
    if let Some(window) = window() {
        let _begun = window.location().assign(address);
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = window() {
        let _begun = window.location().reload();
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

/// Offers `text` as a file to be saved.
pub fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let link = window()
        .and_then(|window| window.document()?.create_element("a").ok())
        .and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    let address = Blob::new_with_str_sequence(&parts)
        .and_then(|file| Url::create_object_url_with_blob(&file));
    if let (Some(link), Ok(address)) = (link, address) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
        // The click has begun the download; the address is not needed any more.
        let _revoked = Url::revoke_object_url(&address);
    }
}

/// Asks the browser not to evict what this site stores. It may ask the person in turn; either
/// answer is fine.
pub fn ask_to_keep() {
    if let Some(window) = window().filter(web_sys::Window::is_secure_context) {
        let _asked = window.navigator().storage().persist();
    }
}
