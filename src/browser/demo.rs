//! The demo's side of a socket: a port to the worker that plays the server.
//!
//! The worker is fetched when the first such socket opens, and serves the page as long as it is
//! there. Over a port go text frames; what is no text is an event.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use switchboard_client::{CloseInfo, Input, OpenError, SocketId};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MessageChannel, MessageEvent, MessagePort, WebSocket, Worker, WorkerOptions, WorkerType,
};

/// The worker's script; it loads the rest.
const SCRIPT: &str = "demo.js";

thread_local! {
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// A socket of the demo.
pub struct Port {
    port: MessagePort,
    /// As `WebSocket.readyState`.
    state: Rc<Cell<u16>>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Port {
    /// As [`super::socket::Socket::open`].
    pub(super) fn open(
        id: SocketId,
        url: &str,
        tell: impl Fn(Input) + 'static,
    ) -> Result<Self, OpenError> {
        let here = connect(url).map_err(|_| OpenError::Refused)?;
        let state = Rc::new(Cell::new(WebSocket::CONNECTING));
        let now = state.clone();
        let heard = Closure::new(move |event: MessageEvent| {
            let data = event.data();
            tell(if let Some(text) = data.as_string() {
                Input::Text(id, text)
            } else if let Some(close) = data.dyn_ref::<Array>() {
                now.set(WebSocket::CLOSED);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a close code"
                )]
                let code = close.get(0).as_f64().unwrap_or(1006.0) as u16;
                let clean = close.get(1).is_truthy();
                let reason = String::new();
                Input::Closed(
                    id,
                    CloseInfo {
                        code,
                        reason,
                        clean,
                    },
                )
            } else {
                now.set(WebSocket::OPEN);
                Input::Opened(id)
            });
        });
        here.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Ok(Self {
            port: here,
            state,
            _heard: heard,
        })
    }

    /// Whether the worker was given it.
    pub(super) fn send(&self, text: &str) -> bool {
        self.state() == WebSocket::OPEN && self.port.post_message(&text.into()).is_ok()
    }

    /// As `WebSocket.readyState`.
    pub(super) fn state(&self) -> u16 {
        self.state.get()
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        let _told = self.port.post_message(&1000.into());
        self.port.close();
    }
}

/// Hands the other end of a new channel to the worker.
fn connect(url: &str) -> Result<MessagePort, JsValue> {
    let channel = MessageChannel::new()?;
    WORKER.with_borrow_mut(|kept| {
        let worker = match kept {
            Some(worker) => worker,
            None => kept.insert(start()?),
        };
        worker.post_message_with_transfer(&url.into(), &Array::of1(&channel.port2()))
    })?;
    Ok(channel.port1())
}

/// One that cannot be loaded, or has broken, is replaced at the next attempt: the client notices
/// by its silence.
fn start() -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(SCRIPT, &options)?;
    let broken = Closure::once_into_js(|| drop(WORKER.take()));
    worker.set_onerror(Some(broken.unchecked_ref()));
    Ok(worker)
}
