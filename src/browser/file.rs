//! A file of this site, such as a language's texts or the book of emoji: fetched on first use.

use web_sys::RequestInit;

use super::fetch;

/// The file's text; `None` where it does not come within `patience` ms.
pub async fn text(path: &str, patience: u32) -> Option<String> {
    let response = fetch::send(path, &RequestInit::new(), Some(patience)).await;
    let response = response.ok().filter(web_sys::Response::ok)?;
    fetch::text(&response).await.ok()
}
