//! S2: by user id, from a page that knows no frames of ours.

use serde_json::{Value, json};
use switchboard_backend::Settings;

use crate::support::{World, body, events};

fn s2(to: Value) -> Value {
    json!({"action": "sendmessage", "content": "Hello", "to": to})
}

fn world() -> World {
    let world = World::new();
    world.older("a1=", Some("ana"));
    world.older("a2=", Some("ana"));
    world.older("b1=", Some("bo"));
    world.online("b2=", "bo");
    world.older("c=", Some("cy"));
    world
}

#[test]
fn all_connections_of_the_user_get_it_old_and_own_alike() {
    let world = world();
    let answer = world.frame("a1=", &s2(json!("bo")));
    assert_eq!((answer.status_code, body(&answer)), (200, "Message sent"));
    let frames = world.frames("b1=");
    assert_eq!(frames, world.frames("b2="));
    // A superset of {"content"}, and an entry of the log.
    assert_eq!(events(&frames), ["message"]);
    assert_eq!(
        (&frames[0]["content"], &frames[0]["from"]),
        (&json!("Hello"), &json!("ana"))
    );
    assert_eq!(
        (&frames[0]["conv"], &frames[0]["seq"]),
        (&json!("c:ana,bo"), &json!(1))
    );
    assert_eq!(frames[0]["id"].as_str().unwrap().len(), 32);
    // The sender's page would not know an ack; its other connections see the message.
    assert!(world.frames("a1=").is_empty());
    assert_eq!(events(&world.frames("a2=")), ["message"]);
    assert!(world.frames("c=").is_empty());
}

#[test]
fn a_list_of_users_is_one_conversation() {
    let world = world();
    world.frame("a1=", &s2(json!(["bo", "cy"])));
    assert_eq!(world.frames("c=")[0]["conv"], "c:ana,bo,cy");
    assert_eq!(world.frames("b1=").len(), 1);
}

#[test]
fn two_messages_get_two_ids() {
    let world = world();
    world.frame("a1=", &s2(json!("bo")));
    world.frame("a1=", &s2(json!("bo")));
    let frames = world.frames("b1=");
    assert_ne!(frames[0]["id"], frames[1]["id"]);
    assert_eq!(frames[1]["seq"], 2);
}

#[test]
fn an_own_connection_of_the_sender_learns_of_the_delivery() {
    let world = world();
    world.online("a3=", "ana");
    world.frame("a1=", &s2(json!("bo")));
    assert_eq!(events(&world.frames("a3=")), ["message", "delivery"]);
    assert!(world.frames("a1=").is_empty());
}

#[test]
fn without_a_user_it_is_passed_on_and_not_kept() {
    let world = world();
    world.older("x=", None);
    assert_eq!(world.frame("x=", &s2(json!("bo"))).status_code, 200);
    assert_eq!(world.frames("b1="), [json!({"content": "Hello"})]);
    assert!(!world.store.counts().contains_key("commit"));
}

#[test]
fn someone_absent_finds_it_later() {
    let world = world();
    assert_eq!(world.frame("a1=", &s2(json!("di"))).status_code, 200);
    world.online("d=", "di");
    world.frame(
        "d=",
        &json!({"action": "sync", "rid": 1, "conv": "c:ana,di"}),
    );
    assert_eq!(world.frames("d=")[0]["messages"][0]["content"], "Hello");
}

#[test]
fn bad_frames_are_explained_without_frames_of_ours() {
    let world = world();
    for (frame, status) in [
        (s2(json!([])), 400),
        (s2(json!(" ")), 400),
        (s2(json!(7)), 400),
        (
            json!({"action": "sendmessage", "content": "", "to": "bo"}),
            400,
        ),
        (
            json!({"action": "sendmessage", "content": 7, "to": "bo"}),
            400,
        ),
        (json!({"action": "sendmessage", "content": "x"}), 400),
        (
            json!({"action": "sendmessage", "content": "x".repeat(40_000), "to": "bo"}),
            413,
        ),
    ] {
        assert_eq!(world.frame("a1=", &frame).status_code, status, "{frame}");
    }
    assert_eq!(world.post.attempts(), 0);
}

#[test]
fn a_busy_store_is_answered_not_framed() {
    let world = world();
    world.store.fail("commit");
    assert_eq!(world.frame("a1=", &s2(json!("bo"))).status_code, 503);
    assert_eq!(world.post.attempts(), 0);
}

#[test]
fn a_deployment_may_leave_the_older_systems_out() {
    let world = World::with(Settings {
        older_dialects: false,
        ..Settings::default()
    });
    world.older("a=", Some("ana"));
    assert_eq!(world.frame("a=", &s2(json!("bo"))).status_code, 400);
    let room = json!({"action": "sendmessage", "data": "x"});
    assert_eq!(world.frame("a=", &room).status_code, 400);
    let direct = json!({"action": "sendMessage", "connectionId": "a=", "message": "x"});
    assert_eq!(world.frame("a=", &direct).status_code, 404);
    assert_eq!(world.text("a=", "any text").status_code, 404);
    assert_eq!(world.post.attempts(), 0);
}
