//! `sendmessage` with an `id`: Switchboard's own.

use serde_json::{Value, json};
use switchboard_backend::{PostError, store::NewMessage};
use switchboard_protocol::client::Kind;

use crate::support::{Answer, World, events, send};

fn three() -> World {
    let world = World::new();
    world.online("a1=", "ana");
    world.online("a2=", "ana");
    world.online("b1=", "bo");
    world.online("b2=", "bo");
    world.online("c=", "cy");
    world.post.take();
    world
}

#[test]
fn a_message_is_acknowledged_and_reaches_every_connection_of_its_people() {
    let world = three();
    let now = world.clock.now();
    assert_eq!(
        world.frame("a1=", &send("m1", &["bo"], "hi")).status_code,
        200
    );
    let message = json!({
        "event": "message", "conv": "c:ana,bo", "seq": 1, "id": "m1", "from": "ana", "at": now,
        "kind": "text", "content": "hi",
    });
    let ack = json!({
        "event": "ack", "id": "m1", "conv": "c:ana,bo", "seq": 1, "at": now, "duplicate": false,
    });
    let delivery = json!({"event": "delivery", "conv": "c:ana,bo", "seq": 1, "to": ["bo"]});
    // The sending connection gets the ack instead of an echo.
    assert_eq!(world.frames("a1="), [ack, delivery.clone()]);
    assert_eq!(world.frames("a2="), [message.clone(), delivery]);
    assert_eq!(world.frames("b1="), std::slice::from_ref(&message));
    assert_eq!(world.frames("b2="), [message]);
    assert!(world.frames("c=").is_empty());
}

#[test]
fn from_is_the_connections_user_whatever_the_frame_says() {
    let world = three();
    let mut frame = send("m1", &["bo"], "hi");
    frame["from"] = json!("victim");
    world.frame("a1=", &frame);
    assert_eq!(world.frames("b1=")[0]["from"], "ana");
}

#[test]
fn kind_and_reference_pass_through() {
    let world = three();
    let frame = json!({
        "action": "sendmessage", "v": 1, "id": "m2", "conv": "c:ana,bo", "kind": "reaction",
        "content": "👍", "re": "m1",
    });
    world.frame("a1=", &frame);
    let message = &world.frames("b1=")[0];
    assert_eq!(
        (&message["kind"], &message["re"]),
        (&json!("reaction"), &json!("m1"))
    );
    // Kinds that say it all by `re` need no content; unknown ones are kept.
    for (id, kind) in [("m3", "delete"), ("m4", "read"), ("m5", "poll")] {
        let mut frame = frame.clone();
        frame["id"] = json!(id);
        frame["kind"] = json!(kind);
        frame["content"] = json!("");
        world.frame("a1=", &frame);
        assert_eq!(world.frames("b1=")[0]["kind"], kind);
    }
}

#[test]
fn an_older_page_gets_what_people_wrote_and_nothing_else() {
    let world = three();
    world.older("s2=", Some("bo"));
    for (at, kind) in ["text", "edit", "delete", "reaction", "read", "poll"]
        .iter()
        .enumerate()
    {
        let frame = json!({
            "action": "sendmessage", "v": 1, "id": format!("m{at}"), "conv": "c:ana,bo",
            "kind": kind, "content": "x", "re": "m0",
        });
        world.frame("a1=", &frame);
        let is_written = ["text", "edit"].contains(kind);
        assert_eq!(world.frames("s2=").len(), usize::from(is_written), "{kind}");
        assert_eq!(events(&world.frames("b1=")), ["message"], "{kind}");
        // Nobody waits to hear who has heard of reading.
        let frames = world.frames("a2=");
        let told = events(&frames).contains(&"delivery");
        assert_eq!(told, *kind != "read", "{kind}");
        world.post.take();
    }
}

#[test]
fn fault_41_42_a_replay_answers_the_first_ack_and_spreads_the_original() {
    let world = three();
    world.frame("a1=", &send("m1", &["bo"], "hi"));
    let first = world.post.take();
    world.clock.advance(20 * 24 * 60 * 60 * 1000);
    // 20 days on, everyone has new connections.
    world.online("a3=", "ana");
    world.online("b3=", "bo");
    world.post.take();
    let changed = send("m1", &["bo"], "changed meanwhile");
    assert_eq!(world.frame("a3=", &changed).status_code, 200);
    let ack = &world.frames("a3=")[0];
    assert_eq!((&ack["seq"], &ack["duplicate"]), (&json!(1), &json!(true)));
    let original: Value = serde_json::from_str(&first[0].1).unwrap();
    assert_eq!(ack["at"], original["at"]);
    // The first attempt may have died before its fan-out, so it is repeated, unchanged.
    let message = &world.frames("b3=")[0];
    assert_eq!(
        (&message["content"], &message["seq"]),
        (&json!("hi"), &json!(1))
    );
}

#[test]
fn the_lobby_reaches_everyone_with_a_name() {
    let world = three();
    world.older("s2=", Some("di"));
    world.older("s4=", None);
    let frame =
        json!({"action": "sendmessage", "v": 1, "id": "m1", "conv": "lobby", "content": "all"});
    world.frame("a1=", &frame);
    assert_eq!(events(&world.frames("a1=")), ["ack"]);
    for id in ["a2=", "b1=", "b2=", "c=", "s2="] {
        assert_eq!(events(&world.frames(id)), ["message"], "{id}");
    }
    assert!(world.frames("s4=").is_empty());
}

#[test]
fn delivery_names_those_who_were_reached() {
    let world = three();
    world.post.answer("b1=", Answer::Error(PostError::Gone));
    world.post.answer("c=", Answer::Hang);
    world.frame("a1=", &send("m1", &["bo", "cy", "absent"], "hi"));
    assert_eq!(world.frames("a1=")[1]["to"], json!(["bo"]));
    // Nobody reached: nothing to tell.
    world.frame("a1=", &send("m2", &["absent"], "hi"));
    assert_eq!(events(&world.frames("a1=")), ["ack"]);
}

#[test]
fn notes_to_oneself_are_a_conversation() {
    let world = three();
    world.frame("a1=", &send("m1", &["ana"], "remember"));
    assert_eq!(world.frames("a1=")[0]["conv"], "c:ana");
    assert_eq!(events(&world.frames("a2=")), ["message"]);
}

#[test]
fn fault_55_contention_is_retried_and_then_told() {
    let world = three();
    world.store.contend(4);
    world.frame("a1=", &send("m1", &["bo"], "hi"));
    assert_eq!(world.frames("a1=")[0]["event"], "ack");
    world.store.contend(5);
    let answer = world.frame("a1=", &send("m2", &["bo"], "hi"));
    assert_eq!(answer.status_code, 503);
    let nack = json!({
        "event": "nack", "id": "m2", "code": "unavailable", "retry": true, "retry_after_ms": 1000,
    });
    assert_eq!(world.frames("a1="), [nack]);
    // The same id goes through afterwards.
    world.frame("a1=", &send("m2", &["bo"], "hi"));
    assert_eq!(world.frames("a1=")[0]["seq"], 2);
}

#[test]
fn a_place_that_was_foreseen_and_is_taken_is_looked_up_again() {
    let world = three();
    world.store.commit_after_foreseen(NewMessage {
        conv: "c:ana,bo".try_into().unwrap(),
        id: "theirs".try_into().unwrap(),
        from: "bo".try_into().unwrap(),
        at: 1,
        kind: Kind::Text,
        content: "first".to_owned(),
        re: None,
        dedupe_until: u64::MAX,
    });
    world.frame("a1=", &send("m1", &["bo"], "hi"));
    assert_eq!(world.frames("a1=")[0]["seq"], 2);
    assert_eq!(world.store.counts()["commit"], 2);
}

/// It decides only what is looked at meanwhile.
#[test]
fn whoever_the_authorizer_names_a_message_is_its_connections() {
    let world = three();
    world.frame("c=", &send("m0", &["bo"], "between cy and bo"));
    world.names("a1=", "cy");
    world.frame("a1=", &send("m1", &["bo"], "hi"));
    let ack = &world.frames("a1=")[0];
    assert_eq!((&ack["conv"], &ack["seq"]), (&json!("c:ana,bo"), &json!(1)));
}

#[test]
fn fault_40_a_send_that_died_before_the_commit_is_one_row_when_it_comes_again() {
    for operation in ["connection_and_last", "commit"] {
        let world = three();
        world.store.fail(operation);
        assert_eq!(
            world.frame("a1=", &send("m1", &["bo"], "hi")).status_code,
            503
        );
        let nack = &world.frames("a1=")[0];
        assert_eq!(
            (&nack["code"], &nack["retry"]),
            (&json!("unavailable"), &json!(true))
        );
        assert!(world.frames("b1=").is_empty());

        world.store.mend();
        for duplicate in [false, true] {
            world.frame("a1=", &send("m1", &["bo"], "hi"));
            let ack = &world.frames("a1=")[0];
            assert_eq!(
                (&ack["seq"], &ack["duplicate"]),
                (&json!(1), &json!(duplicate))
            );
        }
    }
}

#[test]
fn a_roster_that_fails_after_the_commit_fails_no_message() {
    let world = three();
    world.store.fail("connections_of");
    assert_eq!(
        world.frame("a1=", &send("m1", &["bo"], "hi")).status_code,
        200
    );
    assert_eq!(events(&world.frames("a1=")), ["ack"]);
}

#[test]
fn an_unlisted_sender_keeps_its_message_and_connects_anew() {
    let world = three();
    assert_eq!(
        world.frame("x=", &send("m1", &["bo"], "hi")).status_code,
        409
    );
    let frames = world.frames("x=");
    assert_eq!(events(&frames), ["nack", "goaway"]);
    assert_eq!(
        (&frames[0]["id"], &frames[0]["retry"]),
        (&json!("m1"), &json!(true))
    );
}

#[test]
fn refusals_name_the_message_and_the_reason() {
    let world = three();
    world.older("nobody=", None);
    let many: Vec<String> = (0..50).map(|number| format!("u{number}")).collect();
    let base = send("m1", &["bo"], "hi");
    let with = |change: Value| {
        let mut frame = base.clone();
        let fields = frame.as_object_mut().unwrap();
        for (name, value) in change.as_object().unwrap() {
            fields.insert(name.clone(), value.clone());
        }
        frame
    };
    let cases = [
        ("nobody=", base.clone(), "anonymous"),
        (
            "a1=",
            with(json!({"to": null, "conv": "c:bo,cy"})),
            "forbidden",
        ),
        ("a1=", with(json!({"to": []})), "bad_recipients"),
        ("a1=", with(json!({"to": many})), "bad_recipients"),
        ("a1=", with(json!({"to": ["ok", " "]})), "bad_recipients"),
        (
            "a1=",
            with(json!({"to": ["x".repeat(10_000)]})),
            "bad_recipients",
        ),
        (
            "a1=",
            with(json!({"to": null, "conv": "c:cy,bo"})),
            "bad_recipients",
        ),
        ("a1=", with(json!({"content": ""})), "bad_content"),
        ("a1=", with(json!({"content": " \n\t"})), "bad_content"),
        (
            "a1=",
            with(json!({"content": "x".repeat(32 * 1024)})),
            "bad_content",
        ),
        ("a1=", with(json!({"conv": "c:ana,bo"})), "malformed"),
        ("a1=", with(json!({"to": null})), "malformed"),
        ("a1=", with(json!({"content": null})), "malformed"),
        ("a1=", with(json!({"to": "bo"})), "malformed"),
        ("a1=", with(json!({"v": "1"})), "malformed"),
    ];
    for (id, frame, code) in cases {
        let answer = world.frame(id, &frame);
        assert!((400..404).contains(&answer.status_code), "{frame}");
        let expected = json!({"event": "nack", "id": "m1", "code": code, "retry": false});
        assert_eq!(world.frames(id), [expected], "{frame}");
        assert!(world.frames("b1=").is_empty(), "{frame}");
    }
    assert!(!world.store.counts().contains_key("commit"));
}

#[test]
fn fault_64_a_frame_of_exactly_the_limit_is_taken() {
    let world = three();
    let empty = send("m1", &["bo"], "").to_string().len();
    let content = "x".repeat(32 * 1024 - empty);
    world.frame("a1=", &send("m1", &["bo"], &content));
    assert_eq!(world.frames("a1=")[0]["event"], "ack");
}
