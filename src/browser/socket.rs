//! A `WebSocket` that can be let go of.
//!
//! gloo-net's reports success for data the browser discards and cannot be closed after
//! `split()`; leptos-use's drops sends silently. Hence our own on web-sys.

use super::demo::Port;
use switchboard_client::{CloseInfo, DEMO, Input, OpenError, SocketId};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, DomException, MessageEvent, WebSocket};

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The browser took it.
    Taken,
    /// The socket is not OPEN: the browser would discard it silently.
    NotOpen,
}

/// An open or opening socket. Dropped, its handlers are detached first, so that nothing it does
/// later is heard, and then it is closed.
pub enum Socket {
    /// To a server.
    Web(Web),
    /// To the demo's worker.
    Demo(Port),
}

impl Socket {
    /// Opens `url`; everything that happens is told to `tell`.
    ///
    /// # Errors
    /// [`OpenError::BadUrl`] for a `SyntaxError`, [`OpenError::Refused`] for anything else.
    pub fn open(
        id: SocketId,
        url: &str,
        tell: impl Fn(Input) + Clone + 'static,
    ) -> Result<Self, OpenError> {
        if url.starts_with(DEMO) {
            Port::open(id, url, tell).map(Self::Demo)
        } else {
            Web::open(id, url, tell).map(Self::Web)
        }
    }

    /// Hands a frame to the browser, if the socket is OPEN.
    pub fn send(&self, text: &str) -> Sent {
        let taken = match self {
            // The browser discards silently what is sent to a socket that is not OPEN.
            Self::Web(web) => self.is_open() && web.raw.send_with_str(text).is_ok(),
            Self::Demo(port) => port.send(text),
        };
        if taken { Sent::Taken } else { Sent::NotOpen }
    }

    fn state(&self) -> u16 {
        match self {
            Self::Web(web) => web.raw.ready_state(),
            Self::Demo(port) => port.state(),
        }
    }

    /// Whether `readyState` is OPEN.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state() == WebSocket::OPEN
    }

    /// `bufferedAmount`: bytes the browser took and has not handed to the network.
    #[must_use]
    pub fn buffered(&self) -> u32 {
        match self {
            Self::Web(web) => web.raw.buffered_amount(),
            Self::Demo(_) => 0,
        }
    }

    /// Whether `readyState` is CLOSING.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.state() == WebSocket::CLOSING
    }
}

/// A `WebSocket`.
pub struct Web {
    raw: WebSocket,
    _open: Closure<dyn FnMut(JsValue)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

impl Web {
    fn open(
        id: SocketId,
        url: &str,
        tell: impl Fn(Input) + Clone + 'static,
    ) -> Result<Self, OpenError> {
        let raw = WebSocket::new(url).map_err(|thrown| {
            let syntax = thrown
                .dyn_ref::<DomException>()
                .is_some_and(|e| e.name() == "SyntaxError");
            if syntax {
                OpenError::BadUrl
            } else {
                OpenError::Refused
            }
        })?;
        raw.set_binary_type(BinaryType::Arraybuffer);
        let to = tell.clone();
        let open = Closure::new(move |_: JsValue| to(Input::Opened(id)));
        let to = tell.clone();
        let message = Closure::new(move |event: MessageEvent| {
            let data = event.data();
            // A lone surrogate cannot come out of valid UTF-8, so nothing is lost.
            to(match super::text::of(&data) {
                Some(text) => Input::Text(id, text),
                None => Input::Binary(id, size(&data)),
            });
        });
        let close = Closure::new(move |event: CloseEvent| {
            let info = CloseInfo {
                code: event.code(),
                reason: event.reason(),
                clean: event.was_clean(),
            };
            tell(Input::Closed(id, info));
        });
        raw.set_onopen(Some(open.as_ref().unchecked_ref()));
        raw.set_onmessage(Some(message.as_ref().unchecked_ref()));
        raw.set_onclose(Some(close.as_ref().unchecked_ref()));
        // `error` says nothing that `close` does not say right after it.
        Ok(Self {
            raw,
            _open: open,
            _message: message,
            _close: close,
        })
    }
}

/// The size of a binary frame. None comes as a `Blob`, by `binaryType`; its size would be 0.
fn size(data: &JsValue) -> usize {
    let bytes = data
        .dyn_ref::<js_sys::ArrayBuffer>()
        .map_or(0, js_sys::ArrayBuffer::byte_length);
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

impl Drop for Web {
    fn drop(&mut self) {
        self.raw.set_onopen(None);
        self.raw.set_onmessage(None);
        self.raw.set_onclose(None);
        // 1000 without a reason is always allowed; whether it succeeds no longer matters.
        let _closed = self.raw.close_with_code(1000);
    }
}
