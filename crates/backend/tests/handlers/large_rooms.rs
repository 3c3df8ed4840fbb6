//! Rooms above the bound: shards by way of the queue.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use switchboard_backend::{PostError, Settings};

use crate::support::{Answer, World, events, send};

const BOUND: usize = 4;

/// A world with a small bound and so many connections, of a user each; the first is the sender.
fn world(connections: usize) -> World {
    bounded(BOUND, connections)
}

fn bounded(bound: usize, connections: usize) -> World {
    let world = World::with(Settings {
        fan_out_bound: bound,
        ..Settings::default()
    });
    for number in 0..connections {
        world.online(&id(number), &format!("user{number:02}"));
    }
    world.post.take();
    world
}

fn id(number: usize) -> String {
    format!("c{number:02}=")
}

fn say(world: &World, name: &str) {
    let frame =
        json!({"action": "sendmessage", "v": 1, "id": name, "conv": "lobby", "content": name});
    assert_eq!(world.frame(&id(0), &frame).status_code, 200);
}

fn publish(world: &World, records: &[String]) -> Vec<String> {
    let bodies: Vec<&str> = records.iter().map(String::as_str).collect();
    let failures = world.publish(&bodies).batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

/// Whom messages were posted to, in order of their ids.
fn reached(world: &World) -> Vec<String> {
    let posts = world.post.take();
    let messages = posts
        .into_iter()
        .filter(|(_, text)| text.contains("\"message\""));
    let mut to: Vec<String> = messages.map(|(to, _)| to).collect();
    to.sort_unstable();
    to
}

fn ids(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(id).collect()
}

#[test]
fn at_the_bound_everyone_is_posted_to_and_above_it_the_queue_is() {
    let at = world(BOUND);
    say(&at, "m1");
    assert!(at.post.take_records().is_empty());
    assert_eq!(reached(&at), ids(1..BOUND));

    let above = world(BOUND + 1);
    say(&above, "m1");
    let records = above.post.take_records();
    assert_eq!(records.len(), 2);
    // The sender's, who has its acknowledgement.
    assert_eq!(events(&above.frames(&id(0))), ["ack"]);
    assert!(above.post.take().is_empty());
    assert!(publish(&above, &records).is_empty());
    assert_eq!(reached(&above), ids(1..BOUND + 1));
}

/// What is committed and how often the roster is asked does not depend on the bound.
#[test]
fn a_room_above_the_bound_costs_a_look_at_the_roster_and_a_record_for_each_shard() {
    let world = world(30);
    say(&world, "m1");
    let expected = [
        ("commit", 1),
        ("connection_and_last", 1),
        ("connections", 1),
    ];
    assert_eq!(world.store.counts(), expected.into());
    let records = world.post.take_records();
    assert_eq!(records.len(), 8);
    world.store.reset_counts();
    assert!(publish(&world, &records).is_empty());
    assert_eq!(world.store.counts(), [("connections", 8)].into());
    assert_eq!(reached(&world), ids(1..30));
}

/// What the clients make of it: `crates/simulation/tests/rooms.rs`.
#[test]
fn a_record_that_comes_twice_is_posted_twice_and_no_other_is() {
    let world = world(30);
    say(&world, "m1");
    let records = world.post.take_records();
    publish(&world, &records[..1]);
    let first = reached(&world);
    publish(&world, &records[..1]);
    assert_eq!(reached(&world), first);
    publish(&world, &records[1..]);
    let others = reached(&world);
    let all: BTreeSet<String> = first.iter().chain(&others).cloned().collect();
    assert_eq!(all.len(), first.len() + others.len());
    assert_eq!(all, ids(1..30).into_iter().collect());
}

#[test]
fn a_shard_that_fails_is_named_alone_and_tried_alone() {
    let world = world(30);
    say(&world, "m1");
    let records = world.post.take_records();
    publish(&world, &records[2..3]);
    let third = reached(&world);
    assert!(third.len() > 1);
    for to in &third {
        world.post.answer(to, Answer::Error(PostError::Throttled));
    }
    assert_eq!(publish(&world, &records), ["r2"]);
    let others = reached(&world);
    assert_eq!(others.len() + third.len(), 29);
    // One that hears nothing is no reason to tell the others again.
    for to in &third[1..] {
        world.post.answer(to, Answer::Once(PostError::Throttled));
    }
    assert!(publish(&world, &records[2..3]).is_empty());
    assert_eq!(reached(&world), third[1..]);
}

#[test]
fn stale_connections_of_a_shard_are_forgotten_and_fail_nothing() {
    let world = world(30);
    say(&world, "m1");
    let records = world.post.take_records();
    publish(&world, &records[..1]);
    let gone = reached(&world);
    for to in &gone {
        world.post.answer(to, Answer::Error(PostError::Gone));
    }
    assert!(publish(&world, &records).is_empty());
    let listed = world.listed();
    assert_eq!(listed.len(), 30 - gone.len());
    assert!(gone.iter().all(|to| !listed.contains(to)));
}

/// Who connects later has it from the log, who left is not posted to.
#[test]
fn a_record_that_waits_goes_to_whom_there_is_by_then() {
    let world = world(10);
    say(&world, "m1");
    let records = world.post.take_records();
    world.disconnect(&id(4));
    world.post.take();
    assert!(publish(&world, &records).is_empty());
    let mut expected = ids(1..10);
    expected.remove(3);
    assert_eq!(reached(&world), expected);
}

#[test]
fn a_queue_that_takes_nothing_fails_no_message() {
    let world = world(10);
    world.post.refuse_records();
    say(&world, "m1");
    assert_eq!(events(&world.frames(&id(0))), ["ack"]);
    let sync = json!({"action": "sync", "rid": 1, "conv": "lobby"});
    world.frame(&id(5), &sync);
    let page = world.frames(&id(5)).remove(0);
    assert_eq!(page["messages"][0]["content"], "m1");
    // In the older systems nobody would hear of it.
    let room = json!({"action": "sendmessage", "data": "x"});
    assert_eq!(world.frame(&id(0), &room).status_code, 500);
    assert_eq!(world.text(&id(0), "anything").status_code, 500);
    assert_eq!(world.publish(&["news"]).batch_item_failures.len(), 1);
}

#[test]
fn the_older_systems_broadcasts_and_records_go_the_same_way() {
    let world = world(10);
    world.older("nobody=", None);
    let mut expected = ids(0..10);
    expected.push("nobody=".to_owned());
    let texts = |world: &World, text: &str| {
        let records = world.post.take_records();
        assert!(records.len() > 1);
        assert!(world.post.take().is_empty());
        assert!(publish(world, &records).is_empty());
        let posts = world.post.take();
        assert!(posts.iter().all(|(_, posted)| posted.contains(text)));
        let mut to: Vec<String> = posts.into_iter().map(|(to, _)| to).collect();
        to.sort_unstable();
        to
    };
    world.frame(&id(0), &json!({"action": "sendmessage", "data": "room"}));
    assert_eq!(texts(&world, "room"), expected);
    world.text(&id(0), "anything \u{1} \u{FFFF}");
    assert_eq!(texts(&world, "anything \\u0001 \u{FFFF}"), expected);
    assert!(world.publish(&["news"]).batch_item_failures.is_empty());
    assert_eq!(texts(&world, "news"), expected);
}

#[test]
fn the_lobby_is_for_those_with_a_name_and_marks_for_those_who_understand_them() {
    let world = world(10);
    world.older("nobody=", None);
    world.older("old=", Some("olga"));
    let named: Vec<String> = ids(1..10).into_iter().chain(["old=".to_owned()]).collect();
    say(&world, "m1");
    publish(&world, &world.post.take_records());
    assert_eq!(reached(&world), named);
    let like = json!({"action": "sendmessage", "v": 1, "id": "r1", "conv": "lobby",
        "kind": "reaction", "content": "+1", "re": "m1"});
    world.frame(&id(0), &like);
    publish(&world, &world.post.take_records());
    assert_eq!(reached(&world), ids(1..10));
}

/// Word that somebody types is worth less than so many posts.
#[test]
fn nobody_is_told_who_types_among_so_many() {
    let typing = json!({"action": "signal", "conv": "lobby", "kind": "typing"});
    for (people, told) in [(BOUND, BOUND - 1), (BOUND + 1, 0)] {
        let world = world(people);
        assert_eq!(world.frame(&id(0), &typing).status_code, 200);
        assert_eq!(world.post.take().len(), told);
        assert!(world.post.take_records().is_empty());
    }
}

/// Conversations of people have at most 50, with as many connections as they like: their own
/// queries find those, and `delivery` tells of each.
#[test]
fn a_conversation_of_people_is_posted_to_as_before() {
    let world = world(10);
    let to: Vec<String> = (1..10).map(|number| format!("user{number:02}")).collect();
    let to: Vec<&str> = to.iter().map(String::as_str).collect();
    world.frame(&id(0), &send("m1", &to, "hi"));
    assert!(world.post.take_records().is_empty());
    assert_eq!(reached(&world), ids(1..10));
}

/// Whoever speaks Switchboard's frames hears of it by the next `pong`; others have nothing but the post.
#[test]
fn of_whom_a_shard_did_not_reach_the_older_ones_get_it_again() {
    let world = bounded(9, 10);
    let older = ["old1=", "old2="];
    for id in older {
        world.older(id, Some(id));
    }
    say(&world, "m1");
    let records = world.post.take_records();
    let refusal = PostError::Other("500".to_owned());
    for id in older.into_iter().chain([id(3).as_str()]) {
        world.post.answer(id, Answer::Once(refusal.clone()));
    }
    assert!(publish(&world, &records).is_empty());
    let expected: Vec<String> = (1..10).filter(|number| *number != 3).map(id).collect();
    assert_eq!(reached(&world), expected);
    let again = world.post.take_records();
    assert!((1..=2).contains(&again.len()), "{again:?}");
    assert!(publish(&world, &again).is_empty());
    assert_eq!(reached(&world), older);
    assert!(world.post.take_records().is_empty());
}

#[test]
fn damaged_records_are_handed_back_and_stop_no_other() {
    let world = world(10);
    say(&world, "m1");
    let records = world.post.take_records();
    let good: Value = serde_json::from_str(&records[0]).unwrap();
    let damage = |change: &dyn Fn(&mut Value)| {
        let mut record = good.clone();
        change(&mut record);
        // As it was written: the mark first.
        let rest = record.as_object_mut().unwrap();
        rest.remove("switchboard");
        let rest = serde_json::to_string(rest).unwrap();
        format!(r#"{{"switchboard":"shard",{}"#, &rest[1..])
    };
    let mut bodies = vec![damage(&|_| {})];
    bodies.extend([
        damage(&|record| record["v"] = json!("2")),
        damage(&|record| record["shard"] = json!({"number": 9, "of": 4})),
        damage(&|record| record["shard"] = json!({"number": 0, "of": 0})),
        damage(&|record| record["shard"] = json!(u64::MAX)),
        damage(&|record| record["to"] = json!("ana")),
        damage(&|record| record["except"] = json!("x".repeat(10_000))),
        damage(&|record| record["text"] = json!(["secret"])),
        damage(&|record| record["only"] = json!("x")),
        damage(&|record| record["only"] = json!(["x".repeat(10_000)])),
        damage(&|record| record["more"] = json!(1)),
        records[0][..records[0].len() - 1].to_owned(),
        r#"{"switchboard":"shard","#.to_owned(),
    ]);
    bodies.push(records[1].clone());
    let failed = publish(&world, &bodies);
    let expected: Vec<String> = (1..=12).map(|number| format!("r{number}")).collect();
    assert_eq!(failed, expected);
    assert!(!reached(&world).is_empty());
}
