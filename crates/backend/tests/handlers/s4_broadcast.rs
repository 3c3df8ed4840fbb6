//! S4: any text through `$default`, to everyone.

use serde_json::json;
use switchboard_backend::{PostError, Settings};

use crate::support::{Answer, World, body};

fn world(echo_to_sender: bool) -> World {
    let world = World::with(Settings {
        echo_to_sender,
        ..Settings::default()
    });
    for id in ["a=", "b=", "c="] {
        world.older(id, None);
    }
    world
}

#[test]
fn everyone_hears_who_says_what_the_sender_too() {
    let world = world(true);
    let answer = world.text("a=", "say \"hi\"");
    assert_eq!(
        (answer.status_code, body(&answer)),
        (200, "Message sent successfully.")
    );
    let expected = [json!({"message": "a= says: say \"hi\""})];
    for id in ["a=", "b=", "c="] {
        assert_eq!(world.frames(id), expected, "{id}");
    }
}

#[test]
fn the_sender_may_be_left_out() {
    let world = world(false);
    world.text("a=", "hi");
    assert!(world.frames("a=").is_empty());
    assert_eq!(world.frames("b=").len(), 1);
}

#[test]
fn partial_failures_do_not_stop_the_rest() {
    let world = world(true);
    world.post.answer("a=", Answer::Error(PostError::Gone));
    world
        .post
        .answer("b=", Answer::Error(PostError::Other("500".to_owned())));
    assert_eq!(world.text("c=", "hi").status_code, 200);
    assert_eq!(world.frames("c=").len(), 1);
    assert_eq!(world.listed(), ["b=", "c="]);
}

/// Nothing but the post tells them.
#[test]
fn whom_a_text_did_not_reach_gets_it_by_way_of_the_queue() {
    let world = world(true);
    let refusal = PostError::Other("500".to_owned());
    world.post.answer("b=", Answer::Once(refusal));
    assert_eq!(world.text("c=", "hi").status_code, 200);
    assert_eq!(world.post.take().len(), 2);
    let records = world.post.take_records();
    let bodies: Vec<&str> = records.iter().map(String::as_str).collect();
    assert_eq!(bodies.len(), 1);
    assert!(world.publish(&bodies).batch_item_failures.is_empty());
    assert_eq!(world.frames("b="), [json!({"message": "c= says: hi"})]);
    assert!(world.post.take().is_empty());
}

#[test]
fn no_body_is_404() {
    let world = world(true);
    let answer = world.text("a=", "");
    assert_eq!(
        (answer.status_code, body(&answer)),
        (404, "No message body.")
    );
    let mut event = crate::support::fixture(include_str!("events/message_2020.json"), "a=");
    event["body"] = json!(null);
    let answer = world.handle(event).unwrap();
    assert_eq!(
        (answer.status_code, body(&answer)),
        (404, "No message body.")
    );
}

#[test]
fn an_unreadable_roster_is_500() {
    let world = world(true);
    world.store.fail("connections");
    let answer = world.text("a=", "hi");
    assert_eq!(
        (answer.status_code, body(&answer)),
        (500, "Failed to send message.")
    );
}

#[test]
fn a_text_that_would_pass_the_platforms_limit_is_413() {
    let world = world(true);
    assert_eq!(world.text("a=", &"x".repeat(128 * 1024)).status_code, 413);
    // Control characters take six bytes each in JSON.
    assert_eq!(world.text("a=", &"\u{1}".repeat(30_000)).status_code, 413);
    assert_eq!(world.post.attempts(), 0);
}
