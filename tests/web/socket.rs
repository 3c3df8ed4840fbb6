//! Everything a socket does is told, and nothing after it was let go of.

use std::cell::RefCell;
use std::rc::Rc;

use switchboard::browser::socket::{Sent, Socket};
use switchboard_client::{CloseInfo, Input, OpenError, SocketId};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake_socket::FakeSockets;

const ID: SocketId = SocketId(7);

type Told = Rc<RefCell<Vec<String>>>;

fn open(url: &str) -> (Result<Socket, OpenError>, Told) {
    let told = Told::default();
    let heard = told.clone();
    let socket = Socket::open(ID, url, move |input: Input| {
        heard.borrow_mut().push(format!("{input:?}"));
    });
    (socket, told)
}

/// A long one is read another way than a short one.
#[wasm_bindgen_test]
fn a_text_of_any_length_is_the_same_text() {
    for letter in ["a", "é", "語", "😀"] {
        for units in [0, 1, 1_023, 1_024, 40_000] {
            let text = letter.repeat(units);
            assert_eq!(
                switchboard::browser::text::of(&text.as_str().into()),
                Some(text)
            );
        }
    }
    let half = js_sys::JsString::from_char_code1(0xd83d);
    for times in [1, 1_024] {
        let said = switchboard::browser::text::of(&half.repeat(times));
        assert_eq!(said, Some("\u{fffd}".repeat(times as usize)));
    }
    assert_eq!(switchboard::browser::text::of(&7.into()), None);
}

#[wasm_bindgen_test]
async fn every_event_is_told() {
    let sockets = FakeSockets::silent();
    let (socket, told) = open("ws://host/dev");
    let socket = socket.unwrap();
    assert_eq!(socket.send("too early"), Sent::NotOpen);
    sockets.run(
        "const [socket] = sockets;
         socket.readyState = 1; socket.onopen({});
         socket.say('text'); socket.say(''); socket.say(new ArrayBuffer(3)); socket.say(new Blob(['xy']));
         socket.bufferedAmount = 70000;",
        "",
    );
    assert_eq!(socket.send("frame"), Sent::Taken);
    assert_eq!(socket.buffered(), 70_000);
    sockets.run("sockets[0].broken = true", "");
    assert_eq!(socket.send("thrown back"), Sent::NotOpen);
    assert!(!socket.is_closing());
    sockets.run("sockets[0].readyState = 2", "");
    assert!(socket.is_closing());
    sockets.run(
        "sockets[0].onclose({ code: 4401, reason: 'who?', wasClean: true })",
        "",
    );
    let close = CloseInfo {
        code: 4401,
        reason: "who?".to_owned(),
        clean: true,
    };
    let expected = [
        Input::Opened(ID),
        Input::Text(ID, "text".to_owned()),
        Input::Text(ID, String::new()),
        Input::Binary(ID, 3),
        Input::Binary(ID, 0),
        Input::Closed(ID, close),
    ];
    let expected: Vec<String> = expected.iter().map(|input| format!("{input:?}")).collect();
    assert_eq!(*told.borrow(), expected);
    assert_eq!(sockets.sent(), ["frame"]);
}

#[wasm_bindgen_test]
async fn what_is_let_go_of_is_closed_and_not_heard() {
    let sockets = FakeSockets::silent();
    let (socket, told) = open("ws://host/dev");
    drop(socket);
    let left = sockets.run(
        "const [socket] = sockets;
         return [socket.closedWith, socket.onopen, socket.onmessage, socket.onclose].join()",
        "",
    );
    assert_eq!(left.as_string().as_deref(), Some("1000,,,"));
    assert!(told.borrow().is_empty());
}

#[wasm_bindgen_test]
async fn a_constructor_that_throws_says_whether_another_try_can_help() {
    let _sockets = FakeSockets::silent();
    assert_eq!(open("ws://bad-syntax").0.err(), Some(OpenError::BadUrl));
    assert_eq!(open("ws://not-allowed").0.err(), Some(OpenError::Refused));
}
