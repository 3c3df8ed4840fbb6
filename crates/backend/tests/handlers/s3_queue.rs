//! S3: the queue's publisher.

use std::time::Duration;

use serde_json::json;
use switchboard_backend::PostError;

use crate::support::{Answer, World};

fn world() -> World {
    let world = World::new();
    for id in ["a=", "b=", "c="] {
        world.older(id, None);
    }
    world
}

fn failed(world: &World, bodies: &[&str]) -> Vec<String> {
    let response = world.publish(bodies);
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

#[test]
fn each_body_reaches_every_connection_as_it_is() {
    let world = world();
    let bodies = ["one", r#"{"any":"json"}"#];
    let response = serde_json::to_value(world.publish(&bodies)).unwrap();
    assert_eq!(response, json!({"batchItemFailures": []}));
    for id in ["a=", "b=", "c="] {
        let texts = world.post.take_for(id);
        assert_eq!(texts.iter().map(AsRef::as_ref).collect::<Vec<_>>(), bodies);
    }
}

#[test]
fn one_dead_connection_does_not_stop_the_others() {
    let world = world();
    world.post.answer("a=", Answer::Error(PostError::Gone));
    world.post.answer("b=", Answer::Hang);
    assert!(failed(&world, &["one", "two"]).is_empty());
    assert_eq!(world.post.take_for("c=").len(), 2);
    assert_eq!(world.listed(), ["b=", "c="]);
}

/// Who has it does not get it again, and could not tell that it is the same.
#[test]
fn whom_a_record_did_not_reach_gets_it_by_one_of_their_own() {
    let world = world();
    let five_hundred = PostError::Other("500".to_owned());
    world.post.answer("a=", Answer::Once(five_hundred.clone()));
    world.post.answer("b=", Answer::Error(five_hundred));
    assert!(failed(&world, &["one"]).is_empty());
    assert_eq!(world.post.take_for("c="), ["one".into()]);
    let [rest] = <[String; 1]>::try_from(world.post.take_records()).unwrap();

    assert_eq!(world.post.delay(), Duration::from_secs(1));
    assert!(failed(&world, &[&rest]).is_empty());
    assert_eq!(world.post.take(), [("a=".to_owned(), "one".into())]);
    // Later and later, and not for ever: somebody who takes nothing fills no dead-letter queue.
    for delay in [8, 64] {
        let [rest] = <[String; 1]>::try_from(world.post.take_records()).unwrap();
        assert_eq!(world.post.delay(), Duration::from_secs(delay));
        assert!(failed(&world, &[&rest]).is_empty());
        assert!(world.post.take().is_empty());
    }
    assert!(world.post.take_records().is_empty());
}

#[test]
fn who_is_gone_by_then_gets_no_other() {
    let world = world();
    world.post.answer("b=", Answer::Error(PostError::Throttled));
    assert!(failed(&world, &["one"]).is_empty());
    let [rest] = <[String; 1]>::try_from(world.post.take_records()).unwrap();
    world.post.take();
    world.post.answer("b=", Answer::Error(PostError::Gone));
    assert!(failed(&world, &[&rest]).is_empty());
    assert!(world.post.take().is_empty() && world.post.take_records().is_empty());
}

#[test]
fn a_queue_that_takes_no_more_is_no_reason_to_send_twice() {
    let world = world();
    world
        .post
        .answer("a=", Answer::Error(PostError::Other("500".to_owned())));
    world.post.refuse_records();
    assert!(failed(&world, &["one"]).is_empty());
    assert_eq!(world.post.take().len(), 2);
}

#[test]
fn a_record_that_reached_nobody_who_is_there_has_failed() {
    let world = world();
    world.post.answer("a=", Answer::Error(PostError::Gone));
    world.post.answer("b=", Answer::Error(PostError::Throttled));
    world.post.answer("c=", Answer::Hang);
    assert_eq!(failed(&world, &["one"]), ["r0"]);
    // Later ones of the batch stand for themselves.
    world
        .post
        .answer("c=", Answer::Once(PostError::Other("500".to_owned())));
    assert_eq!(failed(&world, &["one", "two"]), ["r0"]);
}

#[test]
fn a_record_that_nobody_can_take_has_failed() {
    let world = world();
    for id in ["a=", "b=", "c="] {
        world.post.answer(id, Answer::Error(PostError::TooLarge));
    }
    assert_eq!(failed(&world, &["poison"]), ["r0"]);
}

#[test]
fn nobody_there_is_no_failure() {
    let world = World::new();
    assert!(failed(&world, &["one"]).is_empty());
    world.older("a=", None);
    world.post.answer("a=", Answer::Error(PostError::Gone));
    assert!(failed(&world, &["one"]).is_empty());
}

#[test]
fn an_unreadable_roster_fails_every_record() {
    let world = world();
    world.store.fail("connections");
    assert_eq!(failed(&world, &["one", "two"]), ["r0", "r1"]);
}
