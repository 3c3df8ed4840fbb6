//! The demo's sockets: a port each to one worker, which a fake one plays here.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use switchboard::browser::socket::{Sent, Socket};
use switchboard_client::{CloseInfo, Input, SocketId};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::left::Undo;

/// A `Worker` that notes what it is given and does what tests say; in place as long as it lives.
struct FakeWorker {
    run: Function,
    _undo: Undo,
}

impl FakeWorker {
    fn install() -> Self {
        let script = "
            const real = globalThis.Worker;
            const workers = [];
            globalThis.Worker = class {
              ports = [];
              constructor(script, options) { Object.assign(this, { script, options }); workers.push(this); }
              postMessage(url, [port]) {
                const heard = [];
                this.ports.push({ url, port, heard });
                port.onmessage = ({ data }) => heard.push(data);
              }
            };
            // What was posted before has been heard once a message of our own has come round.
            const settled = () => new Promise((resolve) => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => setTimeout(resolve);
              port2.postMessage(0);
            });
            return (body) => body === 'restore'
              ? (globalThis.Worker = real)
              : new (async () => {}).constructor('workers', 'settled', body)(workers, settled);";
        let run = Function::new_no_args(script).call0(&JsValue::NULL);
        let run: Function = run.unwrap().unchecked_into();
        let restore = run.clone();
        Self {
            run,
            _undo: Undo::by(move || {
                restore.call1(&JsValue::NULL, &"restore".into()).unwrap();
            }),
        }
    }

    /// Runs a function body with `workers` in scope; when what it posts was heard, tells what `read`
    /// is then.
    async fn run(&self, body: &str, read: &str) -> String {
        let body = format!("{body}; await settled(); return String({read});");
        let done = self.run.call1(&JsValue::NULL, &body.into()).unwrap();
        let done = wasm_bindgen_futures::JsFuture::from(done.unchecked_into::<js_sys::Promise>());
        done.await.unwrap().as_string().unwrap()
    }
}

type Told = Rc<RefCell<Vec<String>>>;

fn open(id: u64) -> (Socket, Told) {
    let told = Told::default();
    let heard = told.clone();
    let socket = Socket::open(SocketId(id), "demo:?userId=ana", move |input: Input| {
        heard.borrow_mut().push(format!("{input:?}"));
    });
    (socket.unwrap(), told)
}

fn lines(inputs: &[Input]) -> Vec<String> {
    inputs.iter().map(|input| format!("{input:?}")).collect()
}

#[wasm_bindgen_test]
async fn a_socket_of_the_demo_is_a_port_to_its_worker() {
    let worker = FakeWorker::install();
    let (first, told) = open(1);
    assert_eq!(first.send("too early"), Sent::NotOpen);
    assert!(!first.is_open() && !first.is_closing());
    worker
        .run("workers[0].ports[0].port.postMessage(true)", "''")
        .await;
    assert!(first.is_open());
    assert_eq!(first.send("frame"), Sent::Taken);
    assert_eq!(first.buffered(), 0);

    // A second one beside it, as in a planned change, has a port of its own on the same worker.
    let (second, other) = open(2);
    let asked = worker
        .run(
            "const [{ script, options, ports }] = workers;
             ports[1].port.postMessage(true);
             ports[0].port.postMessage('for the first');
             ports[0].port.postMessage('');
             ports[1].port.postMessage([1001, true])",
            "[workers.length, script, options.type, ports[0].url, ports[0].heard]",
        )
        .await;
    assert_eq!(asked, "1,demo.js,module,demo:?userId=ana,frame");
    let (a, b) = (SocketId(1), SocketId(2));
    let text = |text: &str| Input::Text(a, text.to_owned());
    let expected = [Input::Opened(a), text("for the first"), text("")];
    assert_eq!(*told.borrow(), lines(&expected));
    let close = CloseInfo {
        code: 1001,
        reason: String::new(),
        clean: true,
    };
    let expected = [Input::Opened(b), Input::Closed(b, close)];
    assert_eq!(*other.borrow(), lines(&expected));
    assert_eq!(second.send("too late"), Sent::NotOpen);
    assert!(!second.is_open());

    // What is let go of says so and hears nothing any more.
    drop(first);
    let heard = worker
        .run(
            "workers[0].ports[0].port.postMessage('late')",
            "workers[0].ports[0].heard",
        )
        .await;
    assert_eq!(heard, "frame,1000");
    assert_eq!(told.borrow().len(), 3);

    // A worker that breaks is replaced at the next attempt.
    worker.run("workers[0].onerror()", "''").await;
    let (_third, _) = open(3);
    let made = worker
        .run("", "[workers.length, workers[1].ports.length]")
        .await;
    assert_eq!(made, "2,1");
    worker.run("workers[1].onerror()", "''").await;
}
