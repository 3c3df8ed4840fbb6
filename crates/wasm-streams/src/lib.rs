//! In the place of the crate of this name. Leptos brings that one for server functions that stream;
//! this app has none, and what such a crate exports to JavaScript stays in the app's wasm whether
//! anything calls it or not: 6.5 KB. Here is what leptos' code asks for, so that it compiles.

use futures_util::stream::{self, Stream};
use wasm_bindgen::JsValue;

/// A JavaScript stream.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Wraps JavaScript's.
    #[must_use]
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// Gives JavaScript's back.
    #[must_use]
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// What a server function would send.
    ///
    /// # Panics
    /// Always.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        no_server_functions()
    }

    /// What a server function would answer.
    ///
    /// # Panics
    /// Always.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        stream::poll_fn(|_| no_server_functions())
    }
}

#[expect(clippy::panic, reason = "nothing of this app leads here")]
fn no_server_functions() -> ! {
    panic!("server functions that stream are not in this app: see crates/wasm-streams")
}
