//! The worker's side of it: ports, one timer, the clock.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use js_sys::{Array, Math, global};
use switchboard_demo::{Demo, Input, Output, SocketId};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

/// The longest a timer may be armed for, ms: more would overflow the browser's.
const LONGEST: u64 = 600_000;

struct Worker {
    scope: DedicatedWorkerGlobalScope,
    demo: RefCell<Demo>,
    ports: RefCell<BTreeMap<SocketId, Port>>,
    sockets: Cell<u64>,
    timer: Cell<Option<i32>>,
    wake: RefCell<Option<Closure<dyn FnMut()>>>,
}

struct Port {
    port: MessagePort,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

/// Takes the worker over; it lives as long as its page.
pub(crate) fn start() {
    let scope: DedicatedWorkerGlobalScope = global().unchecked_into();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a seed below 2^53"
    )]
    let seed = (Math::random() * 9_007_199_254_740_992.0) as u64;
    let worker = Rc::new(Worker {
        scope: scope.clone(),
        demo: RefCell::new(Demo::new(seed)),
        ports: RefCell::default(),
        sockets: Cell::new(0),
        timer: Cell::new(None),
        wake: RefCell::default(),
    });
    let waked = worker.clone();
    *worker.wake.borrow_mut() = Some(Closure::new(move || {
        waked.timer.set(None);
        waked.feed(Input::Timer);
    }));
    let open = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let (Some(url), Ok(port)) = (
            event.data().as_string(),
            event.ports().get(0).dyn_into::<MessagePort>(),
        ) {
            worker.open(url, port);
        }
    });
    scope.set_onmessage(Some(open.into_js_value().unchecked_ref()));
}

impl Worker {
    fn open(self: &Rc<Self>, url: String, port: MessagePort) {
        let id = SocketId(self.sockets.replace(self.sockets.get() + 1));
        let worker = self.clone();
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            worker.feed(match data.as_string() {
                Some(text) => Input::Text(id, text),
                None => {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a close code; anything else is one by being cut"
                    )]
                    let code = data.as_f64().unwrap_or(1005.0) as u16;
                    Input::Close(id, code)
                }
            });
        });
        port.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let port = Port {
            port,
            _heard: heard,
        };
        self.ports.borrow_mut().insert(id, port);
        self.feed(Input::Open(id, url));
    }

    fn feed(&self, input: Input) {
        let closed = match &input {
            Input::Close(id, _) => Some(*id),
            _ => None,
        };
        let now = now(&self.scope);
        let mut demo = self.demo.borrow_mut();
        demo.handle(now, input);
        while let Some(output) = demo.poll_output() {
            match output {
                Output::Opened(id) => self.say(id, &JsValue::TRUE),
                Output::Text(id, text) => self.say(id, &JsValue::from_str(&text)),
                Output::Closed(id, code) => {
                    let clean = JsValue::from_bool(code != 1006);
                    self.say(id, &Array::of2(&code.into(), &clean));
                    self.let_go(id);
                }
            }
        }
        if let Some(id) = closed {
            self.let_go(id);
        }
        self.arm(demo.poll_timeout().map(|at| at.saturating_sub(now)));
    }

    fn say(&self, id: SocketId, what: &JsValue) {
        if let Some(port) = self.ports.borrow().get(&id) {
            // A port that is closed swallows it, as a lost line does.
            let _said = port.port.post_message(what);
        }
    }

    /// The closure may be the one that is running: wasm-bindgen drops it afterwards.
    fn let_go(&self, id: SocketId) {
        if let Some(port) = self.ports.borrow_mut().remove(&id) {
            port.port.set_onmessage(None);
            port.port.close();
        }
    }

    fn arm(&self, wait: Option<u64>) {
        if let Some(timer) = self.timer.take() {
            self.scope.clear_timeout_with_handle(timer);
        }
        let wake = self.wake.borrow();
        if let (Some(wait), Some(wake)) = (wait, wake.as_ref()) {
            let ms = i32::try_from(wait.min(LONGEST)).unwrap_or(i32::MAX);
            let timer = self
                .scope
                .set_timeout_with_callback_and_timeout_and_arguments_0(
                    wake.as_ref().unchecked_ref(),
                    ms,
                );
            self.timer.set(timer.ok());
        }
    }
}

/// Milliseconds since the Unix epoch, on a clock that never goes back.
fn now(scope: &DedicatedWorkerGlobalScope) -> u64 {
    let at = scope
        .performance()
        .map_or_else(js_sys::Date::now, |it| it.time_origin() + it.now());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds below 2^53"
    )]
    let at = at as u64;
    at
}
