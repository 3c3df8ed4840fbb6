//! Whatever a page sends, the demo goes on.

use switchboard_demo::{Input, SocketId};
use switchboard_protocol::ConversationId;

use crate::rig::{MINUTE, Rig, SECOND};

#[test]
fn junk_is_survived() {
    let (mut rig, socket) = Rig::up(1, "guest");
    for junk in [
        "",
        "{",
        "null",
        "[]",
        r#"{"action":"$connect"}"#,
        r#"{"action":"$disconnect"}"#,
        r#"{"action":"sendmessage"}"#,
        r#"{"action":"sendmessage","v":1,"id":"","conv":"lobby","content":""}"#,
        r#"{"action":"sync","rid":-1}"#,
        "\u{0}\u{202e}",
    ] {
        rig.input(Input::Text(socket, junk.to_owned()));
    }
    rig.input(Input::Text(SocketId(99), "{}".to_owned()));
    rig.input(Input::Close(SocketId(99), 1000));
    rig.input(Input::Open(SocketId(98), String::new()));
    rig.input(Input::Open(SocketId(97), "demo:?userId=%20".to_owned()));
    rig.pass(SECOND);
    assert_eq!(rig.closed(SocketId(97)), Some(1006));
    let lobby = ConversationId::lobby();
    for text in [
        "\u{202e}abc",
        "😀",
        &"x".repeat(10_000),
        "مرحبا",
        "i am \u{0}",
    ] {
        rig.write(socket, &lobby, text);
        rig.pass(10 * SECOND);
    }
    assert_eq!(rig.closed(socket), None);
    rig.input(Input::Text(socket, "x".repeat(32 * 1024 + 1)));
    rig.pass(SECOND);
    assert_eq!(rig.closed(socket), Some(1009));
}

#[test]
fn a_visitor_may_have_the_name_of_one_of_them() {
    let (mut rig, socket) = Rig::up(2, "Mira");
    rig.pass(8 * SECOND);
    let hello = rig.said(socket, &ConversationId::lobby()).remove(0).1;
    assert_eq!(hello.from.as_str(), "Maren");
    assert!(hello.content.contains("@Mira"), "{}", hello.content);
    let maren = rig.with(&["Maren"]);
    rig.write(socket, &maren, "Hello");
    rig.pass(10 * SECOND);
    assert_eq!(rig.said(socket, &maren)[0].1.from.as_str(), "Maren");
}

#[test]
fn a_clock_that_jumps_or_goes_back_does_no_harm() {
    let (mut rig, socket) = Rig::up(3, "guest");
    rig.now += 30 * 24 * 60 * MINUTE;
    rig.input(Input::Timer);
    rig.pass(SECOND);
    rig.now -= 24 * 60 * MINUTE;
    rig.input(Input::Timer);
    assert_eq!(rig.closed(socket), Some(1001));
    rig.now += 25 * 60 * MINUTE;
    let socket = rig.connect();
    let theo = rig.with(&["Theo"]);
    rig.write(socket, &theo, "Hello");
    rig.pass(10 * SECOND);
    assert!(!rig.said(socket, &theo).is_empty());
}
