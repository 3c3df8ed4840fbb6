//! Posts that fail: 410, 429, 413, and those that never return.

use serde_json::json;
use switchboard_backend::PostError;

use crate::support::{Answer, World, events, send};

fn world() -> World {
    let world = World::new();
    world.online("a=", "ana");
    world.online("b1=", "bo");
    world.online("b2=", "bo");
    world.post.take();
    world
}

#[test]
fn fault_53_a_410_deletes_that_connection_and_no_other() {
    let world = world();
    world.post.answer("b1=", Answer::Error(PostError::Gone));
    assert_eq!(
        world.frame("a=", &send("m1", &["bo"], "hi")).status_code,
        200
    );
    assert_eq!(world.listed(), ["a=", "b2="]);
    assert_eq!(events(&world.frames("b2=")), ["message"]);
    // bo is still there.
    assert_eq!(events(&world.frames("a=")), ["ack", "delivery"]);
}

#[test]
fn a_410_of_the_last_connection_tells_that_its_user_left() {
    let world = world();
    for id in ["b1=", "b2="] {
        world.post.answer(id, Answer::Error(PostError::Gone));
    }
    world.frame("a=", &send("m1", &["bo"], "hi"));
    assert_eq!(world.listed(), ["a="]);
    let offline = json!({"event": "presence", "all": false, "online": [], "offline": ["bo"]});
    let frames = world.frames("a=");
    assert_eq!(frames.iter().filter(|frame| **frame == offline).count(), 1);
    // Its $disconnect comes later and has nothing to add.
    world.disconnect("b1=");
    assert!(world.frames("a=").is_empty());
}

#[test]
fn a_senders_own_410_fails_no_message() {
    let world = world();
    world.post.answer("a=", Answer::Error(PostError::Gone));
    assert_eq!(
        world.frame("a=", &send("m1", &["bo"], "hi")).status_code,
        200
    );
    let frames = world.frames("b1=");
    let told = frames.iter().filter(|frame| frame["content"] == "hi");
    assert_eq!(told.count(), 1);
    // And bo learns that ana's only connection is gone.
    assert!(events(&frames).contains(&"presence"));
}

#[test]
fn a_throttled_post_is_tried_once_more() {
    let world = world();
    world.post.answer("b1=", Answer::Once(PostError::Throttled));
    world
        .post
        .answer("b2=", Answer::Error(PostError::Throttled));
    let before = world.clock.now();
    world.frame("a=", &send("m1", &["bo"], "hi"));
    let paused = world.clock.now() - before;
    assert!((50..250).contains(&paused), "{paused} ms");
    assert_eq!(events(&world.frames("b1=")), ["message"]);
    assert!(world.frames("b2=").is_empty());
    // Ack, delivery, and two for each of bo's.
    assert_eq!(world.post.attempts(), 6);
    assert_eq!(world.listed(), ["a=", "b1=", "b2="]);
}

#[test]
fn hanging_posts_cost_one_timeout_together() {
    let world = world();
    for number in 0..10 {
        let id = format!("h{number}=");
        world.online(&id, "bo");
        world.post.answer(&id, Answer::Hang);
    }
    world.post.take();
    let before = world.clock.now();
    world.frame("a=", &send("m1", &["bo"], "hi"));
    assert_eq!(world.clock.now() - before, 2_000);
    assert_eq!(events(&world.frames("b1=")), ["message"]);
    assert_eq!(world.listed().len(), 13);
}

#[test]
fn a_senders_hanging_ack_holds_nobody_up() {
    let world = world();
    world.post.answer("a=", Answer::Hang);
    world.frame("a=", &send("m1", &["bo"], "hi"));
    let posts = world.post.take();
    assert_eq!(posts.len(), 2);
    assert!(posts.iter().all(|(to, _)| to.starts_with('b')));
}

#[test]
fn other_failures_are_of_that_connection_alone() {
    for error in [PostError::TooLarge, PostError::Other("500".to_owned())] {
        let world = world();
        world.post.answer("b1=", Answer::Error(error));
        assert_eq!(
            world.frame("a=", &send("m1", &["bo"], "hi")).status_code,
            200
        );
        assert_eq!(events(&world.frames("b2=")), ["message"]);
        assert_eq!(world.listed().len(), 3);
    }
}
