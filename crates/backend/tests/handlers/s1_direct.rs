//! S1: direct, by connection id.

use serde_json::json;
use switchboard_backend::PostError;

use crate::support::{Answer, World, body};

#[test]
fn the_text_arrives_bare() {
    let world = World::new();
    world.older("BFaT_fALIAMCKug=", None);
    world.older("b=", None);
    let frame = json!({
        "action": "sendMessage", "connectionId": "BFaT_fALIAMCKug=", "message": "hello",
    });
    let answer = world.frame("b=", &frame);
    assert_eq!((answer.status_code, body(&answer)), (200, "Message sent"));
    assert_eq!(
        world.post.take(),
        [("BFaT_fALIAMCKug=".to_owned(), "hello".into())]
    );
    assert!(world.store.counts().is_empty());
}

#[test]
fn a_failed_post_does_not_cut_the_sender_off() {
    for error in [
        PostError::Gone,
        PostError::Throttled,
        PostError::Other("400".to_owned()),
    ] {
        let world = World::new();
        world.older("a=", None);
        world.older("b=", None);
        world.post.answer("a=", Answer::Error(error.clone()));
        let frame = json!({"action": "sendMessage", "connectionId": "a=", "message": "hello"});
        let answer = world.frame("b=", &frame);
        assert_eq!((answer.status_code, body(&answer)), (200, "Message sent"));
        let left = if error == PostError::Gone {
            vec!["b="]
        } else {
            vec!["a=", "b="]
        };
        assert_eq!(world.listed(), left);
    }
}

#[test]
fn an_unknown_connection_is_like_a_failed_post() {
    let world = World::new();
    world.post.answer("x=", Answer::Error(PostError::Gone));
    let frame = json!({"action": "sendMessage", "connectionId": "x=", "message": "hello"});
    assert_eq!(world.frame("b=", &frame).status_code, 200);
}

#[test]
fn a_malformed_frame_is_explained() {
    let world = World::new();
    for frame in [
        json!({"action": "sendMessage"}),
        json!({"action": "sendMessage", "connectionId": "a="}),
        json!({"action": "sendMessage", "connectionId": 1, "message": "x"}),
        json!({"action": "sendMessage", "connectionId": "a b", "message": "x"}),
        json!({"action": "sendMessage", "connectionId": "a=", "message": {}}),
    ] {
        let answer = world.frame("b=", &frame);
        assert_eq!(answer.status_code, 400, "{frame}");
        assert!(body(&answer).starts_with("Malformed sendMessage frame: "));
    }
    assert_eq!(world.post.attempts(), 0);
}
