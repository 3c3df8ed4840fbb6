//! S5: one room, `data` to everyone.

use serde_json::json;
use switchboard_backend::PostError;

use crate::support::{Answer, World, body};

fn world() -> World {
    let world = World::new();
    for id in ["a=", "b=", "c="] {
        world.older(id, None);
    }
    world
}

#[test]
fn everyone_gets_the_bare_text_the_sender_too() {
    let world = world();
    let frame = json!({"action": "sendmessage", "data": "hello world"});
    let answer = world.frame("a=", &frame);
    assert_eq!((answer.status_code, body(&answer)), (200, "Data sent."));
    let mut posts = world.post.take();
    posts.sort();
    let expected = ["a=", "b=", "c="].map(|id| (id.to_owned(), "hello world".into()));
    assert_eq!(posts, expected);
}

#[test]
fn a_410_deletes_the_stale_connection_not_the_sender() {
    let world = world();
    world.post.answer("b=", Answer::Error(PostError::Gone));
    let frame = json!({"action": "sendmessage", "data": "hello"});
    assert_eq!(world.frame("a=", &frame).status_code, 200);
    assert_eq!(world.listed(), ["a=", "c="]);
    assert_eq!(world.post.take().len(), 2);
}

#[test]
fn data_that_is_no_text_is_explained() {
    let world = world();
    for data in [json!(1), json!({}), json!([])] {
        let answer = world.frame("a=", &json!({"action": "sendmessage", "data": data}));
        assert_eq!(answer.status_code, 400);
        assert!(body(&answer).starts_with("Malformed sendmessage frame: "));
    }
    assert_eq!(world.post.attempts(), 0);
}

#[test]
fn an_unreadable_roster_is_500() {
    let world = world();
    world.store.fail("connections");
    let frame = json!({"action": "sendmessage", "data": "hello"});
    assert_eq!(world.frame("a=", &frame).status_code, 500);
}
