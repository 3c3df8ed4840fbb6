//! A file of this site, such as a language's texts or the book of emoji: fetched on first use.

use gloo_net::http::Request;
use web_sys::AbortSignal;

/// The file's text; `None` where it does not come within `patience` ms.
pub async fn text(path: &str, patience: u32) -> Option<String> {
    let signal = AbortSignal::timeout_with_u32(patience);
    let response = Request::get(path)
        .abort_signal(Some(&signal))
        .send()
        .await
        .ok()?;
    if !response.ok() {
        return None;
    }
    response.text().await.ok()
}
