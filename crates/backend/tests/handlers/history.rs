//! `sync` and `ping`: what repairs a lost post.

use serde_json::{Value, json};

use crate::support::{World, events, send};

fn sync(conv: &str) -> Value {
    json!({"action": "sync", "rid": 3, "conv": conv})
}

fn with_messages(count: usize) -> World {
    let world = World::new();
    world.online("a=", "ana");
    world.online("b=", "bo");
    for number in 1..=count {
        world.frame("a=", &send(&format!("m{number}"), &["bo"], "hi"));
    }
    world.post.take();
    world
}

fn page(world: &World, id: &str, frame: &Value) -> Value {
    assert_eq!(world.frame(id, frame).status_code, 200);
    world.frames(id).remove(0)
}

fn seqs(page: &Value) -> Vec<u64> {
    let messages = page["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|message| message["seq"].as_u64().unwrap())
        .collect()
}

#[test]
fn a_page_after_a_cursor() {
    let world = with_messages(5);
    let mut frame = sync("c:ana,bo");
    frame["after"] = json!(1);
    frame["limit"] = json!(2);
    let page = page(&world, "b=", &frame);
    assert_eq!(seqs(&page), [2, 3]);
    let rest = (
        &page["rid"],
        &page["after"],
        &page["covered"],
        &page["head"],
        &page["epoch"],
    );
    assert_eq!(
        rest,
        (
            &json!(3),
            &json!(1),
            &json!(3),
            &json!(5),
            &json!("epoch-1")
        )
    );
    // Short of the head, nobody is told anything.
    assert!(world.frames("a=").is_empty());
}

#[test]
fn the_newest_page_and_the_one_before() {
    let world = with_messages(60);
    let newest = page(&world, "b=", &sync("c:ana,bo"));
    assert_eq!(seqs(&newest), (11..=60).collect::<Vec<_>>());
    let mut frame = sync("c:ana,bo");
    frame["before"] = json!(11);
    frame["limit"] = json!(1_000_000);
    let before = page(&world, "b=", &frame);
    assert_eq!(seqs(&before), (1..=10).collect::<Vec<_>>());
    assert_eq!(
        (&before["after"], &before["covered"]),
        (&json!(0), &json!(10))
    );
}

#[test]
fn catching_up_is_told_to_the_authors() {
    let world = with_messages(0);
    world.older("s2=", Some("ana"));
    world.frame("a=", &send("m1", &["bo", "cy"], "hi"));
    world.frame("b=", &send("m2", &["ana", "cy"], "ho"));
    world.online("c=", "cy");
    page(&world, "c=", &sync("c:ana,bo,cy"));
    let told = json!({"event": "delivery", "conv": "c:ana,bo,cy", "seq": 2, "to": ["cy"]});
    assert_eq!(world.frames("a="), std::slice::from_ref(&told));
    assert_eq!(world.frames("b="), [told]);
    assert!(world.frames("s2=").is_empty());
    // An author's own page tells nobody about itself.
    world.online("a2=", "ana");
    page(&world, "a2=", &sync("c:ana,bo,cy"));
    assert_eq!(events(&world.frames("b=")), ["delivery"]);
    assert!(world.frames("a=").is_empty());
}

#[test]
fn fault_65_a_page_never_passes_what_the_platform_carries() {
    let world = with_messages(0);
    for number in 0..10 {
        world.frame(
            "a=",
            &send(&format!("m{number}"), &["bo"], &"é".repeat(15_000)),
        );
    }
    world.post.take();
    let mut frame = sync("c:ana,bo");
    frame["after"] = json!(0);
    let page = page(&world, "b=", &frame);
    assert_eq!(seqs(&page), [1, 2, 3]);
    assert_eq!((&page["covered"], &page["head"]), (&json!(3), &json!(10)));
    // The fake post refuses more than 128 KB; the page's own budget is smaller.
    assert!(page.to_string().len() < 101 * 1024);
}

#[test]
fn history_is_for_those_who_take_part() {
    let world = with_messages(1);
    world.online("c=", "cy");
    assert_eq!(world.frame("c=", &sync("c:ana,bo")).status_code, 403);
    let expected = json!({"event": "nack", "code": "forbidden", "retry": false});
    assert_eq!(world.frames("c="), [expected]);
    world.older("nobody=", None);
    assert_eq!(world.frame("nobody=", &sync("lobby")).status_code, 401);
    assert_eq!(world.frame("x=", &sync("lobby")).status_code, 409);
}

#[test]
fn after_and_before_together_are_malformed() {
    let world = with_messages(1);
    let mut frame = sync("c:ana,bo");
    frame["after"] = json!(1);
    frame["before"] = json!(2);
    assert_eq!(world.frame("b=", &frame).status_code, 400);
    frame["before"] = json!(9_007_199_254_740_992_u64);
    assert_eq!(world.frame("b=", &frame).status_code, 400);
}

#[test]
fn pong_carries_heads() {
    let world = with_messages(2);
    let lobby =
        json!({"action": "sendmessage", "v": 1, "id": "l1", "conv": "lobby", "content": "all"});
    world.frame("a=", &lobby);
    world.frame("a=", &send("m1", &["cy"], "not for bo"));
    world.post.take();
    assert_eq!(
        world
            .frame("b=", &json!({"action": "ping", "n": 5}))
            .status_code,
        200
    );
    let pong = json!({
        "event": "pong", "n": 5, "now": world.clock.now(), "heads": {"c:ana,bo": 2, "lobby": 1},
    });
    assert_eq!(world.frames("b="), [pong]);
    let asked = json!({"action": "ping", "n": 6, "heads_for": ["c:ana,bo", "c:ana,cy", "c:bo"]});
    world.frame("b=", &asked);
    // Not of a conversation without bo, nor of one without messages.
    assert_eq!(world.frames("b=")[0]["heads"], json!({"c:ana,bo": 2}));
}

#[test]
fn very_many_heads_come_in_several_frames() {
    let world = World::new();
    world.online("a=", "ana");
    let people = |number: usize| -> Vec<String> {
        (0..15)
            .map(|who| format!("{number:03}{who:02}{}", "x".repeat(55)))
            .collect()
    };
    let first =
        json!({"action": "sendmessage", "v": 1, "id": "l", "conv": "lobby", "content": "x"});
    world.frame("a=", &first);
    for number in 0..200 {
        let people = people(number);
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        world.frame("a=", &send("m", &people, "hi"));
    }
    world.post.take();
    world.frame("a=", &json!({"action": "ping", "n": 1}));
    let all = |frames: &[serde_json::Value]| -> std::collections::BTreeSet<String> {
        let heads = frames.iter().filter_map(|frame| frame["heads"].as_object());
        heads.flat_map(|heads| heads.keys().cloned()).collect()
    };
    let pongs = world.frames("a=");
    assert!(pongs.len() > 1 && pongs.iter().all(|pong| pong["n"] == 1));
    assert_eq!(pongs[0]["heads"]["lobby"], 1);
    assert_eq!(all(&pongs).len(), 201);
    let hello = json!({"action": "hello", "v": 1, "rid": 5, "device": "d", "tab": "t"});
    world.frame("a=", &hello);
    let frames = world.frames("a=");
    assert_eq!(events(&frames)[..2], ["welcome", "pong"]);
    assert_eq!(frames[1]["n"], 0);
    assert_eq!(all(&frames).len(), 201);
}

#[test]
fn pings_of_strangers_are_answered_too() {
    let world = World::new();
    world.older("nobody=", None);
    let ping = json!({"action": "ping", "n": 1});
    assert_eq!(world.frame("nobody=", &ping).status_code, 401);
    assert_eq!(world.frame("x=", &ping).status_code, 409);
    assert_eq!(events(&world.frames("x=")), ["goaway"]);
}
