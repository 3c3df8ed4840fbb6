//! `fetch` as far as this app asks for it: gloo-net's had 4 KB of wasm for the rest.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestInit, Response, window};

/// Sends a request, which is given up after `patience` ms; gives the beginning of the answer.
///
/// # Errors
/// The browser's own: without a network, against its rules, or out of patience.
pub(super) async fn send(
    url: &str,
    options: &RequestInit,
    patience: Option<u32>,
) -> Result<Response, JsValue> {
    if let Some(ms) = patience {
        options.set_signal(Some(&AbortSignal::timeout_with_u32(ms)));
    }
    let request = Request::new_with_str_and_init(url, options)?;
    let window = window().ok_or(JsValue::UNDEFINED)?;
    let response = JsFuture::from(window.fetch_with_request(&request)).await?;
    Ok(response.unchecked_into())
}

/// The answer's text.
///
/// # Errors
/// The browser's own, where the answer breaks off.
pub(super) async fn text(response: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
