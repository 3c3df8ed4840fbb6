//! Who hears of whom where there are more than one function posts to, and what it costs.

use futures_executor::block_on;
use serde_json::{Value, json};
use switchboard_backend::{PostError, Settings, Store, store::Connection};
use switchboard_protocol::ConnectionId;

use crate::support::{Answer, World, events, send};

const BOUND: usize = 4;

/// A world with a small bound, where ana has written to bo and cy, and so many others are there.
fn world(strangers: usize) -> World {
    let world = World::with(Settings {
        fan_out_bound: BOUND,
        ..Settings::default()
    });
    for (id, user) in [("a=", "ana"), ("b1=", "bo"), ("b2=", "bo"), ("c=", "cy")] {
        world.online(id, user);
    }
    world.frame("a=", &send("m0", &["bo"], "hi"));
    world.frame("a=", &send("m1", &["cy"], "hi"));
    for number in 0..strangers {
        world.online(&format!("x{number}="), &format!("x{number}"));
    }
    world.post.take();
    world.store.reset_counts();
    world
}

fn hello() -> Value {
    json!({"action": "hello", "v": 1, "rid": 1, "device": "laptop", "tab": "t1"})
}

fn came(users: &[&str]) -> Value {
    json!({"event": "presence", "all": false, "online": users, "offline": []})
}

fn left(users: &[&str]) -> Value {
    json!({"event": "presence", "all": false, "online": [], "offline": users})
}

/// Whom something was posted to since the last look.
fn told(world: &World) -> Vec<String> {
    let mut to: Vec<String> = world.post.take().into_iter().map(|(to, _)| to).collect();
    to.sort_unstable();
    to
}

#[test]
fn in_a_crowd_those_hear_of_somebody_who_have_a_conversation_with_them() {
    let world = world(10);
    world.disconnect("a=");
    assert_eq!(world.frames("b1="), [left(&["ana"])]);
    assert_eq!(world.frames("b2="), [left(&["ana"])]);
    assert_eq!(world.frames("c="), [left(&["ana"])]);
    assert!(told(&world).is_empty());

    world.connect("a=", Some("ana"));
    world.frame("a=", &hello());
    let frames = world.frames("a=");
    assert_eq!(events(&frames), ["welcome", "presence"]);
    assert_eq!(frames[1]["all"], true);
    assert_eq!(frames[1]["online"], json!(["ana", "bo", "cy"]));
    assert_eq!(world.frames("c="), [came(&["ana"])]);
    assert_eq!(told(&world), ["b1=", "b2="]);

    // Who has written with nobody hears of nobody.
    world.connect("n=", Some("new"));
    world.frame("n=", &hello());
    assert_eq!(world.frames("n=")[1]["online"], json!(["new"]));
    assert!(told(&world).is_empty());
}

#[test]
fn at_the_bound_everyone_hears_of_everyone() {
    let world = world(0);
    world.disconnect("c=");
    assert_eq!(told(&world), ["a=", "b1=", "b2="]);
    world.connect("n=", Some("new"));
    world.frame("n=", &hello());
    assert_eq!(world.frames("n=")[1]["online"], json!(["ana", "bo", "new"]));
    assert_eq!(told(&world), ["a=", "b1=", "b2="]);
}

#[test]
fn a_second_connection_is_no_news_in_a_crowd_either() {
    let world = world(10);
    world.connect("a2=", Some("ana"));
    world.frame("a2=", &hello());
    assert_eq!(told(&world), ["a2=", "a2="]);
    world.disconnect("a2=");
    assert!(told(&world).is_empty());
}

/// Nothing grows with how many are there; that the roster is not read to its end for it, the engine's
/// own test counts.
#[test]
fn coming_and_going_cost_the_conversations_and_not_the_crowd() {
    let cost = |strangers| {
        let world = world(strangers);
        world.connect("a2=", Some("ana"));
        world.disconnect("a=");
        world.disconnect("a2=");
        let gone = (world.store.counts(), told(&world).len());
        world.store.reset_counts();
        world.connect("a=", Some("ana"));
        world.frame("a=", &hello());
        (gone, world.store.counts(), told(&world).len())
    };
    let (gone, here, posts) = cost(10);
    // Whether ana is still there, twice, and each of those she has written with.
    assert_eq!(gone.0["connections_of"], 2 + 2);
    assert_eq!((gone.0["conversations_of"], gone.0["connections"]), (1, 1));
    assert!(!gone.0.contains_key("heads_of"));
    assert_eq!(gone.1, 3);
    assert_eq!(here["connections_of"], 1 + 2);
    assert_eq!((here["conversations_of"], here["connections"]), (1, 1));
    assert_eq!(posts, 2 + 3);
    assert_eq!(cost(100), (gone, here, posts));
}

#[test]
fn the_first_message_in_a_crowd_introduces_those_who_are_there() {
    let world = world(10);
    world.frame("x0=", &send("m2", &["bo", "x1", "away"], "hello"));
    let there = came(&["bo", "x0", "x1"]);
    for id in ["x0=", "b1=", "b2=", "x1="] {
        let frames = world.frames(id);
        assert_eq!(frames.iter().filter(|frame| **frame == there).count(), 1);
    }
    world.frame("x0=", &send("m3", &["bo", "x1", "away"], "again"));
    let posts = world.post.take();
    assert!(!posts.iter().any(|(_, text)| text.contains("presence")));
    // Nobody to introduce.
    world.frame("x2=", &send("m4", &["away"], "hello"));
    assert_eq!(events(&world.frames("x2=")), ["ack"]);
    // Where everyone hears of everyone, they have.
    let few = self::world(0);
    few.frame("b1=", &send("m5", &["cy"], "hello"));
    assert_eq!(events(&few.frames("c=")), ["message"]);
    assert_eq!(events(&few.frames("b2=")), ["message", "delivery"]);
}

/// With 410 from half of those there, telling of each alone would post their square.
#[test]
fn those_found_gone_together_are_told_of_together() {
    let world = World::new();
    for number in 0..40 {
        world.online(&format!("c{number:02}="), &format!("u{number:02}"));
    }
    let gone: Vec<String> = (20..40).map(|number| format!("u{number}")).collect();
    for number in 20..40 {
        let id = format!("c{number}=");
        world.post.answer(&id, Answer::Error(PostError::Gone));
    }
    let lobby =
        json!({"action": "sendmessage", "v": 1, "id": "m1", "conv": "lobby", "content": "hi"});
    world.frame("c00=", &lobby);
    assert_eq!(world.listed().len(), 20);
    let names: Vec<&str> = gone.iter().map(String::as_str).collect();
    assert!(world.frames("c00=").contains(&left(&names)));
    for number in 1..20 {
        let frames = world.frames(&format!("c{number:02}="));
        assert_eq!(events(&frames), ["message", "presence"]);
        assert_eq!(frames[1], left(&names));
    }
    // To each once, to those that are there once more, and the acknowledgement.
    assert_eq!(world.post.attempts(), 39 + 20 + 1);
}

#[test]
fn in_a_crowd_each_hears_of_their_own_who_are_found_gone() {
    let world = world(10);
    world.frame("x0=", &send("m2", &["bo"], "hi"));
    world.frame("x0=", &send("m3", &["ana", "x1", "cy"], "hi"));
    world.post.take();
    for id in ["a=", "x1="] {
        world.post.answer(id, Answer::Error(PostError::Gone));
    }
    world.frame("x0=", &send("m4", &["ana", "x1", "cy"], "there?"));
    assert_eq!(world.frames("b1="), [left(&["ana"])]);
    assert!(world.frames("c=").contains(&left(&["ana", "x1"])));
    assert!(world.frames("x0=").contains(&left(&["ana", "x1"])));
    assert_eq!(told(&world), ["b2="]);
}

/// As many as one function posts to; what else there is to hear is worth less than that.
#[test]
fn somebody_with_very_many_partners_is_told_of_some() {
    let world = world(10);
    for number in 0..10 {
        world.frame(
            "a=",
            &send(&format!("n{number}"), &[&format!("x{number}")], "hi"),
        );
    }
    world.post.take();
    world.disconnect("a=");
    assert_eq!(told(&world).len(), BOUND + 1);
}

#[test]
fn a_roster_that_cannot_be_read_spoils_no_goodbye() {
    for operation in ["connections", "conversations_of", "connections_of"] {
        let world = world(10);
        world.store.fail(operation);
        assert_eq!(world.disconnect("a=").status_code, 200);
        assert!(told(&world).is_empty());
    }
}

/// Of many reads one fails now and then.
#[test]
fn what_cannot_be_read_of_one_keeps_nothing_from_the_others() {
    let world = world(10);
    world.store.fail_for("connections_of", "bo");
    world.disconnect("a=");
    assert_eq!(told(&world), ["c="]);
    world.connect("a=", Some("ana"));
    world.frame("a=", &hello());
    assert_eq!(world.frames("a=")[1]["online"], json!(["ana", "cy"]));
    assert_eq!(told(&world), ["c="]);

    // Of those found gone together, past the grace of ana's handshake.
    world.clock.advance(60_000);
    world.store.mend();
    world.frame("x0=", &send("m2", &["ana", "bo", "cy"], "hi"));
    world.post.take();
    for id in ["a=", "c="] {
        world.post.answer(id, Answer::Error(PostError::Gone));
    }
    world.store.fail_for("conversations_of", "cy");
    world.frame("x0=", &send("m3", &["ana", "bo", "cy"], "there?"));
    assert!(world.frames("b1=").contains(&left(&["ana"])));
}

#[test]
fn who_is_back_before_it_is_told_has_not_left() {
    let world = world(0);
    let id = ConnectionId::try_from("a=").unwrap();
    let row = block_on(world.store.connection(&id, world.clock.now()));
    let back = Connection {
        id: ConnectionId::try_from("a2=").unwrap(),
        ..row.unwrap().unwrap()
    };
    world.store.connect_before_roster(back);
    world.disconnect("a=");
    assert!(told(&world).is_empty());
}
