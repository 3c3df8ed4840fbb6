//! What a frame costs, counted: it must not grow with the number of people online.

use std::collections::BTreeMap;

use futures_executor::block_on;
use serde_json::{Value, json};
use switchboard_backend::{Backend, Event, MemoryStore, Settings, event::principal};

use crate::support::{FakeClock, FakePost, World, send};

type Counts = BTreeMap<&'static str, usize>;

/// A world where ana has two connections, bo three, cy one, and `strangers` are online too.
fn world(strangers: usize) -> World {
    let world = World::new();
    for number in 0..strangers {
        world.connect(&format!("x{number}="), Some(&format!("x{number}")));
    }
    for (id, user) in [
        ("a1=", "ana"),
        ("a2=", "ana"),
        ("b1=", "bo"),
        ("b2=", "bo"),
        ("b3=", "bo"),
        ("c=", "cy"),
    ] {
        world.online(id, user);
    }
    world.frame("c=", &send("m0", &["ana", "bo"], "first"));
    world.store.reset_counts();
    world.post.take();
    world
}

/// Store operations and posts of one frame from `a1=`.
fn cost(strangers: usize, frame: &Value) -> (Counts, usize) {
    let world = world(strangers);
    assert_eq!(world.frame("a1=", frame).status_code, 200);
    (world.store.counts(), world.post.attempts())
}

#[test]
fn sending_costs_one_transaction_a_query_per_participant_and_a_post_per_connection() {
    let frame = send("m1", &["bo", "cy"], "hi");
    let (counts, posts) = cost(0, &frame);
    let expected = [
        ("commit", 1),
        ("connection_and_last", 1),
        ("connections_of", 3),
    ];
    assert_eq!(counts, expected.into());
    // The ack, five messages, and the delivery to ana's two connections.
    assert_eq!(posts, 1 + 5 + 2);
    assert_eq!(cost(500, &frame), (counts, posts));
}

#[test]
fn no_own_frame_reads_the_whole_roster_but_for_lobby_and_presence() {
    let frames = [
        send("m1", &["bo"], "hi"),
        json!({"action": "sendmessage", "content": "hi", "to": "bo"}),
        json!({"action": "sync", "rid": 1, "conv": "c:ana,bo,cy"}),
        json!({"action": "signal", "conv": "c:ana,bo", "kind": "typing"}),
        json!({"action": "ping", "n": 1}),
        json!({"action": "ping", "n": 1, "heads_for": ["c:ana,bo,cy"]}),
        json!({"action": "bye"}),
    ];
    for frame in frames {
        let few = cost(0, &frame);
        assert!(!few.0.contains_key("connections"), "{frame}");
        assert_eq!(few, cost(200, &frame), "{frame}");
    }
}

#[test]
fn each_other_route_costs_what_the_documents_say() {
    let sync = json!({"action": "sync", "rid": 1, "conv": "c:ana,bo,cy"});
    // The page, its authors' connections, and word to cy.
    let expected = [
        ("connection", 1),
        ("connections_of", 1),
        ("epoch", 1),
        ("page", 1),
    ];
    assert_eq!(cost(0, &sync), (expected.into(), 2));
    let ping = json!({"action": "ping", "n": 1});
    assert_eq!(
        cost(0, &ping),
        ([("connection", 1), ("heads_of", 1)].into(), 1)
    );
    let room = json!({"action": "sendmessage", "data": "x"});
    assert_eq!(cost(4, &room), ([("connections", 1)].into(), 10));
}

#[test]
fn handling_can_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let backend = Backend::new(
        MemoryStore::new("epoch"),
        FakePost::default(),
        FakeClock::default(),
        Settings::default(),
    );
    let mut event: Event = serde_json::from_str(include_str!("events/connect.json")).unwrap();
    event.request_context.authorizer = Some(principal(None));
    let answer = block_on(is_send(backend.handle(event))).unwrap();
    assert_eq!(answer.status_code, 200);
    let failures = block_on(is_send(backend.publish(Vec::new())));
    assert!(failures.batch_item_failures.is_empty());
}
