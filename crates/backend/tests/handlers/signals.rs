//! `signal` and `bye`.

use serde_json::{Value, json};

use crate::support::{World, body, send};

fn signal(conv: &str, kind: &str) -> Value {
    json!({"action": "signal", "conv": conv, "kind": kind})
}

fn world() -> World {
    let world = World::new();
    world.online("a1=", "ana");
    world.online("a2=", "ana");
    world.online("b=", "bo");
    world.older("s2=", Some("bo"));
    world.online("c=", "cy");
    world.post.take();
    world
}

#[test]
fn a_signal_reaches_the_others_and_is_kept_nowhere() {
    let world = world();
    assert_eq!(
        world
            .frame("a1=", &signal("c:ana,bo", "typing"))
            .status_code,
        200
    );
    let expected = json!({"event": "signal", "conv": "c:ana,bo", "from": "ana", "kind": "typing"});
    assert_eq!(world.frames("b="), [expected]);
    assert!(world.post.take().is_empty());
    assert!(!world.store.counts().contains_key("commit"));
}

#[test]
fn a_signal_to_the_lobby_reaches_everybody_else() {
    let world = world();
    world.frame("a1=", &signal("lobby", "typing"));
    assert_eq!(world.frames("b=").len(), 1);
    assert_eq!(world.frames("c=").len(), 1);
    assert!(world.post.take().is_empty());
}

#[test]
fn signals_are_small_and_from_participants() {
    let world = world();
    for (frame, status) in [
        (signal("c:bo,cy", "typing"), 403),
        (signal("c:ana,bo", ""), 400),
        (signal("c:ana,bo", &"x".repeat(65)), 400),
        (signal("c:bo,ana", "typing"), 400),
    ] {
        assert_eq!(world.frame("a1=", &frame).status_code, status, "{frame}");
    }
    assert!(world.frames("b=").is_empty());
}

#[test]
fn bye_leaves_the_work_to_disconnect() {
    let world = world();
    let answer = world.frame("a1=", &json!({"action": "bye"}));
    assert_eq!((answer.status_code, body(&answer)), (200, "Goodbye."));
    world.frame("b=", &send("m1", &["ana"], "still there?"));
    assert_eq!(world.frames("a1=").len(), 1);
}
