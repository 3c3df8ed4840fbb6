//! A `WebSocket` that tests play the server of, in the place of the browser's.

use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};

use crate::left::Undo;

/// In place as long as it lives.
pub(crate) struct FakeSockets {
    run: Function,
    _undo: Undo,
}

impl FakeSockets {
    /// Sockets that open by themselves, greet and tell history as Switchboard's server does.
    pub(crate) fn greeting() -> Self {
        Self::new("greet(socket)")
    }

    /// Sockets to which nothing happens.
    pub(crate) fn silent() -> Self {
        Self::new("")
    }

    fn new(made: &str) -> Self {
        let script = format!(
            "const real = globalThis.WebSocket;
             const sockets = [];
             const logs = {{}};
             const greet = async (socket) => {{
               socket.heard = (text) => {{
                 const {{ action, rid, n, conv, after = 0 }} = JSON.parse(text);
                 const now = Date.now();
                 if (action === 'hello') socket.say(JSON.stringify({{
                   event: 'welcome', rid, connection: 'c', now, epoch: 'e', heads: {{}},
                   limits: {{ max_bytes: 32768 }}, min_version: 1 }}));
                 const log = logs[conv] ?? [];
                 const head = log.at(-1)?.seq ?? 0;
                 if (action === 'sync') socket.say(JSON.stringify({{
                   event: 'page', rid, conv, after, covered: head, head, epoch: 'e',
                   messages: log.filter(({{ seq }}) => seq > after) }}));
                 if (action === 'ping') socket.say(JSON.stringify({{ event: 'pong', n, now, heads: {{}} }}));
               }};
               await null;
               socket.readyState = 1;
               socket.onopen?.({{}});
             }};
             globalThis.WebSocket = class {{
               static CONNECTING = 0; static OPEN = 1; static CLOSING = 2; static CLOSED = 3;
               readyState = 0; bufferedAmount = 0; sent = []; closedWith = null; binaryType = 'blob';
               constructor(url) {{
                 if (url.includes('bad-syntax')) throw new DOMException('', 'SyntaxError');
                 if (url.includes('not-allowed')) throw new DOMException('', 'SecurityError');
                 this.url = url; sockets.push(this);
                 const socket = this; {made};
               }}
               send(text) {{
                 if (this.broken) throw new DOMException('', 'InvalidStateError');
                 this.sent.push(text);
                 if (this.heard) queueMicrotask(() => this.heard(text));
               }}
               close(code) {{ this.closedWith = code; this.readyState = 3; }}
               say(data) {{ this.onmessage?.({{ data }}); }}
             }};
             return (body, arg) => body === 'restore'
               ? (globalThis.WebSocket = real)
               : new Function('sockets', 'logs', 'arg', body)(sockets, logs, arg);"
        );
        let run = Function::new_no_args(&script).call0(&JsValue::NULL);
        let run: Function = run.unwrap().unchecked_into();
        let restore = run.clone();
        Self {
            run,
            _undo: Undo::by(move || {
                restore.call1(&JsValue::NULL, &"restore".into()).unwrap();
            }),
        }
    }

    /// Runs a function body with `sockets`, `logs` and `arg` in scope.
    pub(crate) fn run(&self, body: &str, arg: &str) -> JsValue {
        self.run
            .call2(&JsValue::NULL, &body.into(), &arg.into())
            .unwrap()
    }

    /// A log entry, to every socket that is open.
    pub(crate) fn post(&self, text: &str) {
        self.run(
            "const message = JSON.parse(arg);
             (logs[message.conv] ??= []).push(message);
             for (const socket of sockets) if (socket.readyState === 1) socket.say(arg);",
            text,
        );
    }

    /// What was sent over the newest socket.
    pub(crate) fn sent(&self) -> Vec<String> {
        let sent: Array = self.run("return sockets.at(-1).sent", "").unchecked_into();
        sent.iter().filter_map(|text| text.as_string()).collect()
    }
}
