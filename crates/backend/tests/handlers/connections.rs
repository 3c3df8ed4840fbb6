//! `$connect` and `$disconnect`.

use serde_json::{Value, json};
use switchboard_backend::Settings;

use crate::support::{World, body, fixture};

#[test]
fn connect_lists_the_connection_and_posts_nothing() {
    let world = World::new();
    let answer = world.connect("a=", Some("ana"));
    assert_eq!((answer.status_code, body(&answer)), (200, "Connected."));
    assert_eq!(world.listed(), ["a="]);
    // The platform would answer 410: the handshake is not through.
    assert_eq!(world.post.attempts(), 0);
    assert_eq!(world.store.counts(), [("put_connection", 1)].into());
}

#[test]
fn a_connection_needs_no_user() {
    let world = World::new();
    assert_eq!(world.connect("a=", None).status_code, 200);
    assert_eq!(world.listed(), ["a="]);
}

#[test]
fn a_page_of_another_origin_is_refused() {
    let world = World::with(Settings {
        allowed_origins: vec!["https://chat.example".to_owned()],
        ..Settings::default()
    });
    let mut event = fixture(include_str!("events/connect.json"), "a=");
    event["requestContext"]["authorizer"] = json!({"principalId": "ana"});
    for (headers, status) in [
        (json!({"Origin": "https://chat.example"}), 200),
        (json!({"origin": "HTTPS://Chat.example"}), 200),
        (json!({"User-Agent": "wscat"}), 200),
        (Value::Null, 200),
        (json!({"Origin": "https://evil.example"}), 403),
        (json!({"Origin": "https://chat.example.evil.example"}), 403),
        (json!({"Origin": "http://chat.example"}), 403),
        (json!({"Origin": "https://chat.example:8443"}), 403),
        (json!({"ORIGIN": "null"}), 403),
        (json!({"Origin": ""}), 403),
        (
            json!({"Origin": "https://chat.example", "origin": "https://evil.example"}),
            403,
        ),
    ] {
        event["headers"] = headers.clone();
        let answer = world.handle(event.clone()).unwrap();
        assert_eq!(answer.status_code, status, "{headers}");
        assert_eq!(
            world.listed().len(),
            usize::from(status == 200),
            "{headers}"
        );
        world.disconnect("a=");
    }
}

#[test]
fn a_bad_user_id_is_refused_with_the_reason() {
    let world = World::new();
    let long = "x".repeat(10_000);
    for (id, reason) in [
        (" ", "userId: the id is empty."),
        (&long, "userId: the id is longer than 64 bytes."),
        (
            "a\u{202E}b",
            "userId: the id has white space at an end, a control character or a direction mark.",
        ),
    ] {
        let answer = world.connect("a=", Some(id));
        assert_eq!((answer.status_code, body(&answer)), (400, reason));
    }
    assert!(world.listed().is_empty());
}

#[test]
fn hostile_but_valid_user_ids_get_in() {
    let world = World::new();
    for (number, id) in ["a#b", "=%", "a,b", "CONN#x", "😀"].iter().enumerate() {
        let answer = world.connect(&format!("c{number}="), Some(id));
        assert_eq!(answer.status_code, 200, "{id}");
    }
    assert_eq!(world.listed().len(), 5);
}

#[test]
fn a_failing_roster_refuses_the_handshake() {
    let world = World::new();
    world.store.fail("put_connection");
    let answer = world.connect("a=", Some("ana"));
    let reason = "Failed to connect: the roster could not be written.";
    assert_eq!((answer.status_code, body(&answer)), (500, reason));
}

#[test]
fn disconnect_is_idempotent() {
    let world = World::new();
    world.older("a=", Some("ana"));
    for _ in 0..2 {
        let answer = world.disconnect("a=");
        assert_eq!((answer.status_code, body(&answer)), (200, "Disconnected."));
        assert!(world.listed().is_empty());
    }
}

#[test]
fn disconnect_says_when_the_roster_fails() {
    let world = World::new();
    world.store.fail("delete_connection");
    assert_eq!(world.disconnect("a=").status_code, 500);
}

#[test]
fn a_late_disconnect_leaves_the_next_connection_alone() {
    let world = World::new();
    world.online("old=", "ana");
    world.online("new=", "ana");
    world.online("b=", "bo");
    world.disconnect("old=");
    assert_eq!(world.listed(), ["b=", "new="]);
    // Still online by the other connection: nobody is told otherwise.
    assert!(world.frames("b=").is_empty());
}

#[test]
fn fault_54_a_lost_disconnect_ends_with_the_rows_life() {
    let world = World::new();
    world.online("a=", "ana");
    world.clock.advance(125 * 60 * 1000);
    assert!(world.listed().is_empty());
}
