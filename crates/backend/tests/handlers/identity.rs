//! Who somebody is comes from the authorizer, and from nowhere else.

use serde_json::{Value, json};
use switchboard_backend::PostError;

use crate::support::{Answer, World, body, events, fixture, send};

fn connect(id: &str, authorizer: Value, query: Value) -> Value {
    let mut event = fixture(include_str!("events/connect.json"), id);
    event["requestContext"]["authorizer"] = authorizer;
    event["queryStringParameters"] = query;
    event
}

fn message(id: &str, authorizer: Value, frame: &Value) -> Value {
    let mut event = fixture(include_str!("events/message.json"), id);
    event["requestContext"]["routeKey"] = frame["action"].clone();
    event["requestContext"]["authorizer"] = authorizer;
    event["body"] = json!(frame.to_string());
    event
}

fn hello() -> Value {
    json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"})
}

#[test]
fn without_an_authorizer_nobody_gets_in() {
    let world = World::new();
    for authorizer in [
        Value::Null,
        json!({}),
        json!({"principalId": null}),
        json!({"principalId": 7}),
        json!({"user": "ana"}),
    ] {
        let event = connect("a=", authorizer.clone(), json!({"userId": "ana"}));
        let answer = world.handle(event).unwrap();
        assert_eq!(answer.status_code, 401, "{authorizer}");
        assert!(world.listed().is_empty());
    }
}

#[test]
fn what_the_url_and_the_frames_claim_is_not_looked_at() {
    let world = World::new();
    world.online("b=", "bo");
    world.online("v=", "victim");
    let event = connect(
        "a=",
        json!({"principalId": "alice"}),
        json!({"userId": "victim"}),
    );
    assert_eq!(world.handle(event).unwrap().status_code, 200);
    world.frame("a=", &hello());
    world.post.take();
    let mut frame = send("m1", &["bo"], "hi");
    for name in ["from", "userId", "user", "principalId"] {
        frame[name] = json!("victim");
    }
    assert_eq!(world.frame("a=", &frame).status_code, 200);
    let got = world.frames("b=");
    assert_eq!(
        (events(&got), &got[0]["from"]),
        (vec!["message"], &json!("alice"))
    );
    assert_eq!(world.frames("v="), [Value::Null; 0]);
    // Nor in the one conversation that the victim has and alice has not.
    let mut frame = send("m2", &[], "hi");
    frame["to"] = Value::Null;
    frame["conv"] = json!("c:bo,victim");
    world.frame("a=", &frame);
    assert_eq!(world.frames("a=").last().unwrap()["code"], "forbidden");
}

/// A token may end before its connection: from then on it is nobody's.
#[test]
fn a_connection_does_not_outlive_its_token() {
    let world = World::new();
    world.online("b=", "bo");
    let until = world.clock.now() + 300_000;
    let alice = json!({"principalId": "alice", "until": until.to_string()});
    world
        .handle(connect("a=", alice.clone(), Value::Null))
        .unwrap();
    world
        .handle(message("a=", alice.clone(), &hello()))
        .unwrap();
    world.clock.advance(299_999);
    world.post.take();
    let frame = send("m1", &["bo"], "in time");
    let answer = world.handle(message("a=", alice.clone(), &frame)).unwrap();
    assert_eq!(answer.status_code, 200);
    world.clock.advance(1);
    world.post.take();
    // Nothing reaches it,
    assert_eq!(
        world.frame("b=", &send("m2", &["alice"], "hi")).status_code,
        200
    );
    assert_eq!(world.frames("a="), [Value::Null; 0]);
    // what it sends is not committed, kept by its client and sent again by its next connection,
    let frame = send("m3", &["bo"], "too late");
    let answer = world.handle(message("a=", alice.clone(), &frame)).unwrap();
    assert_eq!(answer.status_code, 409);
    let told = world.frames("a=");
    assert_eq!(events(&told), ["nack", "goaway"]);
    assert_eq!(
        (&told[0]["retry"], &told[1]["reconnect_in_ms"]),
        (&json!(true), &json!(0))
    );
    // and it cannot say hello again.
    let answer = world.handle(message("a=", alice, &hello())).unwrap();
    assert_eq!(answer.status_code, 409);
    assert_eq!(events(&world.frames("a=")), ["goaway"]);
    let seen = world.frames("b=");
    assert_eq!(
        seen.iter()
            .filter(|frame| frame["content"] == "too late")
            .count(),
        0
    );
}

/// The older systems' handlers look no sender up, so the end must not be left to them.
#[test]
fn in_no_dialect_does_anything_go_out_after_the_tokens_end() {
    let s1 = json!({"action": "sendMessage", "connectionId": "b=", "message": "hi"});
    let s2 = json!({"action": "sendmessage", "to": "bo", "content": "hi"});
    let s4 = json!("hi");
    let s5 = json!({"action": "sendmessage", "data": "hi"});
    let own = send("m1", &["bo"], "hi");
    let signal = json!({"action": "signal", "conv": "c:alice,bo", "kind": "typing"});
    let ping = json!({"action": "ping", "n": 1});
    let sync = json!({"action": "sync", "rid": 1, "conv": "lobby"});
    let bye = json!({"action": "bye"});
    for (frame, told) in [
        (&s1, &["goaway"][..]),
        (&s2, &["goaway"]),
        (&s4, &["goaway"]),
        (&s5, &["goaway"]),
        (&own, &["nack", "goaway"]),
        (&signal, &["goaway"]),
        (&ping, &["goaway"]),
        (&sync, &["goaway"]),
        (&bye, &["goaway"]),
    ] {
        let says = |world: &World, authorizer: &Value| {
            let mut event = message("a=", authorizer.clone(), frame);
            if frame["action"].is_null() {
                event["requestContext"]["routeKey"] = json!("$default");
            }
            let answer = world.handle(event).unwrap();
            (answer.status_code, world.post.take_for("b=").len())
        };
        let world = World::new();
        world.online("b=", "bo");
        let until = world.clock.now() + 60_000;
        let alice = json!({"principalId": "alice", "until": until.to_string()});
        world
            .handle(connect("a=", alice.clone(), Value::Null))
            .unwrap();
        world.clock.advance(59_999);
        let reaches = !matches!(frame["action"].as_str(), Some("ping" | "sync" | "bye"));
        assert_eq!(says(&world, &alice).0, 200, "{frame}");
        let heard = says(&world, &alice);
        assert_eq!((heard.0, heard.1 > 0), (200, reaches), "{frame}");
        world.clock.advance(1);
        world.post.take();
        assert_eq!(says(&world, &alice), (409, 0), "{frame}");
        assert_eq!(events(&world.frames("a=")), told, "{frame}");
        // Where no token ends, as on one machine, nothing does.
        let forever = json!({"principalId": "alice"});
        world
            .handle(connect("a=", forever.clone(), Value::Null))
            .unwrap();
        assert_eq!(says(&world, &forever), (200, heard.1), "{frame}");
    }
}

#[test]
fn an_end_that_cannot_be_read_has_passed() {
    let world = World::new();
    for until in [
        json!("soon"),
        json!(""),
        json!(true),
        json!(-1),
        json!("1e12"),
    ] {
        let alice = json!({"principalId": "alice", "until": until});
        world.handle(connect("a=", alice, Value::Null)).unwrap();
        assert!(world.listed().is_empty(), "{until}");
    }
}

/// Its row was deleted by an early 410, and its events say who it is.
#[test]
fn a_lost_row_is_healed_by_the_authorizers_word() {
    let world = World::new();
    let alice = json!({"principalId": "alice"});
    let mut event = message("a=", alice, &hello());
    // No longer than the connection can last.
    let age = world.clock.now() - 125 * 60 * 1000;
    event["requestContext"]["connectedAt"] = json!(age);
    assert_eq!(world.handle(event.clone()).unwrap().status_code, 409);
    assert_eq!(events(&world.frames("a=")), ["goaway"]);
    event["requestContext"]["connectedAt"] = json!(age + 1);
    world.handle(event).unwrap();
    assert_eq!(events(&world.frames("a="))[0], "welcome");
    assert_eq!(world.listed(), ["a="]);
    let nobody = message("x=", Value::Null, &hello());
    assert_eq!(world.handle(nobody).unwrap().status_code, 409);
    assert_eq!(world.listed(), ["a="]);
}

#[test]
fn a_kicked_user_is_gone_from_every_device() {
    let world = World::new();
    for (id, user) in [("a1=", "ana"), ("a2=", "ana"), ("b=", "bo")] {
        world.online(id, user);
    }
    world.post.answer("a2=", Answer::Error(PostError::Gone));
    let kicked = world.kick("ana").unwrap();
    assert_eq!((kicked.closed, kicked.failed), (2, 0));
    assert_eq!(world.post.closed(), ["a1=", "a2="]);
    assert_eq!(world.listed(), ["b="]);
    let told = world.frames("b=");
    assert_eq!(events(&told), ["presence"]);
    assert_eq!(told[0]["offline"], json!(["ana"]));
    // Nothing is left to do, and what `$disconnect` tells later changes nothing.
    assert_eq!(world.kick("ana").unwrap().closed, 0);
    world.disconnect("a1=");
    assert!(world.frames("b=").is_empty());
}

#[test]
fn who_could_not_be_kicked_is_found_again() {
    let world = World::new();
    world.online("a1=", "ana");
    world.online("a2=", "ana");
    world.post.answer("a1=", Answer::Once(PostError::Throttled));
    let kicked = world.kick("ana").unwrap();
    assert_eq!((kicked.closed, kicked.failed), (1, 1));
    assert_eq!(world.listed(), ["a1="]);
    assert_eq!(world.kick("ana").unwrap().closed, 1);
    assert!(world.listed().is_empty());
    world.store.fail("connections_of");
    assert!(world.kick("ana").is_err());
}

#[test]
fn a_bad_principal_is_refused_with_the_reason() {
    let world = World::new();
    let event = connect("a=", json!({"principalId": "a\u{202E}b"}), Value::Null);
    let answer = world.handle(event).unwrap();
    assert_eq!(answer.status_code, 400);
    assert!(body(&answer).starts_with("userId: "));
}
