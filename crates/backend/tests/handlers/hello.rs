//! `hello`: registration, `welcome`, presence.

use serde_json::{Value, json};

use crate::support::{Answer, World, events, send};
use switchboard_backend::{PostError, Settings, store::NewMessage};
use switchboard_protocol::{ConversationId, MessageId, UserId, client::Kind};

fn hello(rid: u64) -> Value {
    json!({"action": "hello", "v": 1, "rid": rid, "device": "laptop", "tab": "t1"})
}

#[test]
fn welcome_carries_heads_and_the_servers_limits() {
    let world = World::new();
    world.online("b=", "bo");
    world.frame("b=", &send("m1", &["ana"], "early"));
    world.connect("a=", Some("ana"));
    let answer = world.frame("a=", &hello(7));
    assert_eq!(answer.status_code, 200);
    let frames = world.frames("a=");
    assert_eq!(events(&frames), ["welcome", "presence"]);
    let expected = json!({
        "event": "welcome", "rid": 7, "connection": "a=", "now": world.clock.now(),
        "epoch": "epoch-1", "heads": {"c:ana,bo": 1}, "limits": {"max_bytes": 32768},
        "min_version": 1,
    });
    assert_eq!(frames[0], expected);
}

#[test]
fn fault_48_what_is_committed_between_registration_and_heads_is_in_the_heads() {
    let world = World::new();
    world.connect("a=", Some("ana"));
    let people = ["ana", "bo"].map(|id| UserId::try_from(id).unwrap());
    world.store.commit_before_heads(NewMessage {
        conv: ConversationId::of(&people).unwrap(),
        id: MessageId::try_from("m1").unwrap(),
        from: people[1].clone(),
        at: world.clock.now(),
        kind: Kind::Text,
        content: "meanwhile".to_owned(),
        re: None,
        dedupe_until: u64::MAX,
    });
    world.frame("a=", &hello(1));
    assert_eq!(world.frames("a=")[0]["heads"], json!({"c:ana,bo": 1}));
}

#[test]
fn presence_goes_both_ways_once_per_user() {
    let world = World::new();
    world.online("b=", "bo");
    world.older("s2=", Some("cy"));
    world.older("s4=", None);
    world.connect("a1=", Some("ana"));
    world.frame("a1=", &hello(1));
    let snapshot = &world.frames("a1=")[1];
    assert_eq!(snapshot["all"], true);
    assert_eq!(snapshot["online"], json!(["ana", "bo", "cy"]));
    let told = world.frames("b=");
    let expected = json!({"event": "presence", "all": false, "online": ["ana"], "offline": []});
    assert_eq!(told, [expected]);
    // Older clients would not know such a frame.
    assert!(world.frames("s2=").is_empty() && world.frames("s4=").is_empty());
    // A second connection of the same user is no news.
    world.connect("a2=", Some("ana"));
    world.frame("a2=", &hello(1));
    assert!(world.frames("b=").is_empty());
    assert!(world.frames("a1=").is_empty());
}

#[test]
fn the_last_disconnect_of_a_user_is_told() {
    let world = World::new();
    world.online("b=", "bo");
    world.online("a1=", "ana");
    world.online("a2=", "ana");
    world.frames("b=");
    world.disconnect("a1=");
    assert!(world.frames("b=").is_empty());
    world.disconnect("a2=");
    let expected = json!({"event": "presence", "all": false, "online": [], "offline": ["ana"]});
    assert_eq!(world.frames("b="), [expected]);
    // The second time nobody is there to leave.
    world.disconnect("a2=");
    assert!(world.frames("b=").is_empty());
}

#[test]
fn a_large_presence_takes_several_frames() {
    let world = World::with(Settings {
        fan_out_bound: 4_000,
        ..Settings::default()
    });
    let name = "x".repeat(58);
    for number in 0..3_000 {
        world.connect(&format!("c{number}="), Some(&format!("{name}{number}")));
    }
    world.connect("a=", Some("ana"));
    world.frame("a=", &hello(1));
    let frames = world.frames("a=");
    let presence: Vec<&Value> = frames.iter().filter(|f| f["event"] == "presence").collect();
    assert!(presence.len() > 1);
    let all: Vec<bool> = presence.iter().map(|f| f["all"] == true).collect();
    assert_eq!(all.iter().filter(|all| **all).count(), 1);
    assert!(all[0]);
    let total: usize = presence
        .iter()
        .map(|f| f["online"].as_array().unwrap().len())
        .sum();
    assert_eq!(total, 3_001);
}

#[test]
fn an_early_410_leaves_a_connection_in_its_handshake_listed() {
    let world = World::new();
    world.online("b=", "bo");
    world.connect("a=", Some("ana"));
    world.post.answer("a=", Answer::Once(PostError::Gone));
    world.frame("b=", &send("m1", &["ana"], "too early"));
    assert_eq!(world.listed(), ["a=", "b="]);
    // hello repairs what the post lost: the head is in the welcome.
    world.frame("a=", &hello(1));
    assert_eq!(world.frames("a=")[0]["heads"]["c:ana,bo"], 1);
}

#[test]
fn an_unlisted_connection_is_asked_to_connect_anew() {
    let world = World::new();
    let answer = world.frame("a=", &hello(1));
    assert_eq!(answer.status_code, 409);
    let expected = json!({"event": "goaway", "reconnect_in_ms": 0});
    assert_eq!(world.frames("a="), [expected]);
    assert!(world.listed().is_empty());
}

#[test]
fn an_anonymous_hello_is_refused() {
    let world = World::new();
    world.older("a=", None);
    assert_eq!(world.frame("a=", &hello(1)).status_code, 401);
    let expected = json!({"event": "nack", "code": "anonymous", "retry": false});
    assert_eq!(world.frames("a="), [expected]);
}

#[test]
fn a_long_device_name_is_malformed() {
    let world = World::new();
    world.older("a=", Some("ana"));
    let mut frame = hello(1);
    frame["device"] = json!("x".repeat(65));
    assert_eq!(world.frame("a=", &frame).status_code, 400);
    assert_eq!(world.frames("a=")[0]["code"], "malformed");
}

#[test]
fn a_failing_store_is_a_function_error() {
    for operation in ["connection", "put_connection", "heads_of", "epoch"] {
        let world = World::new();
        world.older("a=", Some("ana"));
        world.store.fail(operation);
        let error = world.try_text("a=", &hello(1).to_string()).unwrap_err();
        assert_eq!(error.kind(), "StoreUnavailable", "{operation}");
    }
}

#[test]
fn a_failing_presence_spoils_no_welcome() {
    let world = World::new();
    world.older("a=", Some("ana"));
    world.store.fail("connections");
    assert_eq!(world.frame("a=", &hello(1)).status_code, 200);
    assert_eq!(events(&world.frames("a=")), ["welcome"]);
}
