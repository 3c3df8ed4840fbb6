//! Rows 59–68: frames that are broken, foreign, too large or strange.

use crate::support::scenario::{Scenario, numbered};
use crate::support::{bo, conversation, id, lobby};
use serde_json::json;
use switchboard_client::{Change, Failure, Input, ItemState, Phase, Sender};

/// Junk of every kind; none of it is ours.
const JUNK: [&str; 12] = [
    "",
    "null",
    "[]",
    "{}",
    "\"",
    "{",
    "0",
    "hello",
    "\u{0}",
    "{\"event\":1}",
    "{\"event\":\"message\"}",
    "[[[[[[[[[[[[",
];

#[test]
fn fault_59_junk_is_counted_and_the_connection_kept() {
    let mut s = Scenario::up();
    let deep = "[".repeat(1_000_000);
    s.text(&deep);
    for frame in JUNK {
        s.text(frame);
    }
    assert_eq!(s.phase(), Phase::Up);
    assert_eq!(s.connects.len(), 1);
    s.push(&lobby(), 1);
    assert_eq!(s.texts(&lobby()), numbered([1]));

    // Fifteen a minute for an hour are a nuisance, no more.
    let mut s = Scenario::up();
    for _ in 0..15 * 60 {
        s.text("junk");
        s.run_answered(4_000);
    }
    assert_eq!(s.connects.len(), 1);
}

#[test]
fn fault_59_nothing_but_junk_is_probed_and_the_connection_changed() {
    let mut s = Scenario::up();
    let socket = s.newest();
    for frame in JUNK.iter().cycle().take(30) {
        if !s.let_go.contains(&socket) {
            s.text(frame);
            s.run(1_000);
        }
    }
    assert!(
        s.let_go.contains(&socket),
        "twenty in a row and no answer to the probe"
    );
    s.run(1_000);
    assert_eq!(s.connects.len(), 2);
}

#[test]
fn fault_60_unknown_is_ignored_extra_is_accepted_missing_is_ignored() {
    let mut s = Scenario::up();
    for frame in [
        json!({"event":"hologram","conv":"lobby","seq":1}),
        json!({"event":"message","conv":"lobby","seq":1,"id":"x","from":"bo","at":1}),
        json!({"event":"message","conv":"lobby","id":"x","from":"bo","at":1,"content":"x"}),
        json!({"event":"ack","id":"x"}),
        json!({"event":"page","rid":1}),
        json!({"event":"welcome"}),
    ] {
        s.server(&frame);
    }
    assert!(s.texts(&lobby()).is_empty());
    assert_eq!(s.phase(), Phase::Up);
    s.server(
        &json!({"event":"message","conv":"lobby","seq":1,"id":"x","from":"bo","at":1,
                     "content":"taken","new":{"deep":[1]},"kind":"text"}),
    );
    assert_eq!(s.texts(&lobby()), ["taken"]);
}

#[test]
fn fault_61_a_binary_frame_is_ignored() {
    let mut s = Scenario::up();
    s.input(Input::Binary(s.newest(), 5));
    s.input(Input::Binary(s.newest(), usize::MAX));
    assert_eq!(s.phase(), Phase::Up);
    assert!(s.texts(&lobby()).is_empty());
}

#[test]
fn fault_62_the_platforms_own_frames_fail_no_message() {
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.expect_message("m1");
    for text in [
        "Internal server error",
        "Forbidden",
        "Endpoint request timed out",
    ] {
        s.server(&json!({"message": text, "connectionId":"BFaT_fALIAMCKug=", "requestId":"x="}));
    }
    assert_eq!(s.states(&bo()), [ItemState::Sending]);
    assert!(s.texts(&lobby()).is_empty(), "nor are they chat");
    s.run(10_000);
    s.expect_message("m1");
}

#[test]
fn fault_63_the_limit_is_measured_in_encoded_bytes_when_the_person_sends() {
    let mut s = Scenario::up();
    for (name, text) in [
        ("emoji", "😀".repeat(10_000)),
        ("quotes", "\"".repeat(20_000)),
        ("controls", "\u{1}".repeat(6_000)),
    ] {
        s.send_text(&bo(), name, &text);
        assert!(
            s.changes
                .contains(&Change::Refused(id(name), Failure::TooLarge)),
            "{name}"
        );
    }
    assert!(s.texts(&bo()).is_empty(), "the composer keeps them");
    assert!(s.disk.outbox.is_empty());
    s.none("sendmessage");
}

#[test]
fn fault_64_exactly_the_limit_is_sent_and_a_byte_more_refused() {
    let mut s = Scenario::up();
    let envelope = s.client.frame_bytes(&bo(), "");
    // The measured id has 32 digits; use one as long.
    let (fits, passes) = ("a".repeat(32), "b".repeat(32));
    s.send_text(&bo(), &fits, &"x".repeat(32_768 - envelope));
    assert_eq!(s.expect_message(&fits).text.len(), 32_768);
    s.send_text(&bo(), &passes, &"x".repeat(32_769 - envelope));
    s.none("sendmessage");
    assert!(
        s.changes
            .contains(&Change::Refused(id(&passes), Failure::TooLarge))
    );
}

#[test]
fn fault_66_places_that_are_no_places_are_rejected() {
    let mut s = Scenario::up();
    for seq in [
        "-1",
        "1.5",
        "1e400",
        "\"1\"",
        "9007199254740992",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "null",
        "true",
        "[1]",
    ] {
        s.text(&format!(
            r#"{{"event":"message","conv":"lobby","seq":{seq},"id":"x","from":"bo","at":1,"content":"x"}}"#
        ));
        assert!(s.texts(&lobby()).is_empty(), "{seq}");
    }
    for head in ["-1", "1.5", "\"9\"", "9007199254740993"] {
        s.text(&format!(
            r#"{{"event":"pong","n":1,"now":1,"heads":{{"lobby":{head}}}}}"#
        ));
    }
    s.run(1_000);
    s.none("sync");
    // The last safe integer is a place; nobody counts up to it.
    s.text(r#"{"event":"message","conv":"lobby","seq":9007199254740991,"id":"x","from":"bo","at":1,"content":"x"}"#);
    s.run(1_000);
    s.expect("sync");
    s.push(&bo(), 1);
    assert_eq!(s.phase(), Phase::Up);
}

#[test]
fn fault_67_strange_texts_go_round_and_strange_names_are_refused() {
    let texts = [
        "\u{202e}right to left".to_owned(),
        "nul \u{0} inside".to_owned(),
        format!("e{}", "\u{301}".repeat(10_000)),
        "\u{feff}\u{200d}👩‍👩‍👧\u{e000}".to_owned(),
        "one\u{2028}two\u{2029}three".to_owned(),
        "<script>&amp;\\u0041".to_owned(),
    ];
    for text in texts {
        let mut s = Scenario::up();
        s.send_text(&bo(), "m1", &text);
        assert_eq!(s.expect_message("m1").frame["content"], text.as_str());
        s.ack(&bo(), "m1", 1);
        s.server(
            &json!({"event":"message","conv":bo(),"seq":2,"id":"x","from":"bo","at":1,
                         "content":text}),
        );
        assert_eq!(s.texts(&bo()), [text.as_str(), text.as_str()]);
    }
    // A lone surrogate is no text; a name that turns the line round is no name.
    let mut s = Scenario::up();
    for frame in [
        r#"{"event":"message","conv":"lobby","seq":1,"id":"x","from":"bo","at":1,"content":"\ud800"}"#,
        r#"{"event":"message","conv":"lobby","seq":1,"id":"x","from":"b\u202eo","at":1,"content":"x"}"#,
        r#"{"event":"message","conv":"lobby","seq":1,"id":"x","from":"b\u0000o","at":1,"content":"x"}"#,
    ] {
        s.text(frame);
        assert!(s.texts(&lobby()).is_empty(), "{frame}");
    }
}

#[test]
fn fault_68_acks_that_fit_nothing_change_nothing() {
    let mut s = Scenario::up();
    let cy = conversation(&["ana", "cy"]);
    s.send(&bo(), "m1");
    s.expect_message("m1");
    s.ack(&bo(), "nobody", 1);
    s.ack(&cy, "m1", 1);
    assert_eq!(
        s.states(&bo()),
        [ItemState::Sending],
        "of another conversation"
    );
    assert!(s.texts(&cy).is_empty());
    s.ack(&bo(), "m1", 1);
    for _ in 0..3 {
        s.ack(&bo(), "m1", 1);
    }
    s.ack(&bo(), "m1", 2);
    assert_eq!(s.texts(&bo()), ["text of m1"]);
    assert_eq!(s.items(&bo())[0].from, Sender::Me);
    assert_eq!(s.client.status().waiting, 0);
}
