//! What each route asks of DynamoDB, counted on the wire. No `Scan` anywhere, every read
//! strongly consistent, and nothing grows with the number of people online.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use switchboard_backend::{Backend, Post, PostError, QueueError, QueueEvent, Settings};
use switchboard_lambda::{DynamoStore, SystemClock};
use switchboard_protocol::ConnectionId;

use crate::{
    run,
    support::{events, wire::Wire},
    table::Table,
};

type Counts = BTreeMap<String, usize>;

/// Takes everything but what is for those who are gone.
#[derive(Default)]
struct Posts {
    count: AtomicUsize,
    records: Mutex<Vec<String>>,
    gone: Mutex<BTreeSet<String>>,
}

impl Post for Posts {
    async fn post(&self, to: &ConnectionId, _: Arc<str>) -> Result<(), PostError> {
        self.count.fetch_add(1, Ordering::Relaxed);
        match self.gone.lock().unwrap().contains(to.as_str()) {
            true => Err(PostError::Gone),
            false => Ok(()),
        }
    }

    async fn close(&self, _: &ConnectionId) -> Result<(), PostError> {
        Ok(())
    }

    async fn enqueue(&self, records: Vec<String>, _: Duration) -> Result<(), QueueError> {
        self.records.lock().unwrap().extend(records);
        Ok(())
    }
}

struct World {
    backend: Backend<DynamoStore, Arc<Posts>, SystemClock>,
    posts: Arc<Posts>,
    wire: Wire,
}

impl World {
    /// ana has two connections, bo three, cy one, all warm; `strangers` are online too.
    async fn new(strangers: usize) -> Self {
        Self::with(strangers, Settings::default()).await
    }

    async fn with(strangers: usize, settings: Settings) -> Self {
        let (store, wire) = Table::create().await.store();
        let posts = Arc::new(Posts::default());
        let world = Self {
            backend: Backend::new(store, Arc::clone(&posts), SystemClock, settings),
            posts,
            wire,
        };
        for number in 0..strangers {
            let id = format!("x{number}=");
            world
                .event(events::connect(&id, &format!("x{number}")))
                .await;
        }
        for (id, user) in [
            ("a1=", "ana"),
            ("a2=", "ana"),
            ("b1=", "bo"),
            ("b2=", "bo"),
            ("b3=", "bo"),
            ("c=", "cy"),
        ] {
            world.event(events::connect(id, user)).await;
            world.event(events::hello(id)).await;
        }
        let first = events::send("m0", &["ana", "bo"], "first");
        world
            .event(events::message("c=", "sendmessage", &first))
            .await;
        world.costs();
        world
    }

    async fn event(&self, event: Value) {
        let event = serde_json::from_value(event).unwrap();
        let answer = self.backend.handle(event).await.unwrap();
        assert_eq!(answer.status_code, 200, "{answer:?}");
    }

    /// Requests and posts since the last look.
    fn costs(&self) -> (Counts, usize) {
        (
            self.wire.counts(),
            self.posts.count.swap(0, Ordering::Relaxed),
        )
    }
}

fn counts(expected: &[(&str, usize)]) -> Counts {
    let owned = expected
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count));
    owned.collect()
}

/// What `serverless/operations.txt` says of an event in [`World`], where ana writes to bo and cy.
fn written(event: &str, online: usize) -> (Counts, usize) {
    let value = |word: &str| match word {
        "people" => 3,
        "connections" => 6,
        "own" => 2,
        "others" => 4,
        "author" => 1,
        "shards" => 4,
        "online" | "members" => online,
        "part" => 1,
        // Of ana: bo with three connections and cy.
        "partners" => 2,
        "theirs" => 4,
        // Ten records to a request, and no more in the tests.
        "batches" => 1,
        number => number.parse().unwrap(),
    };
    let file = include_str!("../../../../serverless/operations.txt");
    let mut counts = Counts::new();
    let mut posts = 0;
    for line in file.lines() {
        let mut words = line.split_whitespace();
        if words.next() != Some(event) {
            continue;
        }
        let operation = words.next().unwrap();
        let sum = words.filter(|word| *word != "+").map(value).sum();
        match operation {
            "post" => posts = sum,
            _ => drop(counts.insert(operation.to_owned(), sum)),
        }
    }
    assert!(!counts.is_empty(), "{event} is not in operations.txt");
    (counts, posts)
}

/// What one event costs, which must not depend on who else is online.
async fn cost(event: Value) -> (Counts, usize) {
    let mut costs = Vec::new();
    for strangers in [0, 20] {
        let world = World::new(strangers).await;
        world.event(event.clone()).await;
        costs.push(world.costs());
    }
    assert_eq!(costs[0], costs[1], "it depends on who is online: {event}");
    costs.remove(0)
}

fn from_ana(route: &str, frame: &Value) -> Value {
    let mut event = events::message("a1=", route, frame);
    event["requestContext"]["authorizer"] = json!({"principalId": "ana"});
    event
}

#[test]
fn sending_is_one_transaction_a_query_for_each_participant_and_a_post_for_each_connection() {
    run(async {
        let frame = events::send("m1", &["bo", "cy"], "hi");
        let (requests, posts) = cost(from_ana("sendmessage", &frame)).await;
        let expected = [
            // The sender's row and the conversation's counter.
            ("BatchGetItem", 1),
            ("Query", 3),
            ("TransactWriteItems", 1),
        ];
        assert_eq!(requests, counts(&expected));
        // The ack, five messages, and the delivery to ana's two connections.
        assert_eq!(posts, 1 + 5 + 2);
        assert_eq!((requests, posts), written("send", 0));
    });
}

#[test]
fn a_repeated_message_costs_a_cancelled_transaction_and_a_read_more() {
    run(async {
        let world = World::new(0).await;
        let frame = events::send("m1", &["bo"], "hi");
        world.event(from_ana("sendmessage", &frame)).await;
        world.costs();
        world.event(from_ana("sendmessage", &frame)).await;
        let (requests, _) = world.costs();
        assert_eq!(requests["TransactWriteItems"], 1);
        assert_eq!((requests["BatchGetItem"], requests["GetItem"]), (1, 1));
    });
}

#[test]
fn reading_costs_the_same_whoever_is_online() {
    run(async {
        let sync = json!({"action": "sync", "rid": 1, "conv": "c:ana,bo,cy"});
        // The sender's row and the counter; the page and its author's connections.
        let expected = (counts(&[("GetItem", 2), ("Query", 2)]), 2);
        assert_eq!(expected, written("sync", 0));
        assert_eq!(cost(from_ana("sync", &sync)).await, expected);

        let ping = json!({"action": "ping", "n": 1});
        let expected = (
            counts(&[("GetItem", 1), ("Query", 1), ("BatchGetItem", 1)]),
            1,
        );
        assert_eq!(expected, written("ping", 0));
        assert_eq!(cost(from_ana("ping", &ping)).await, expected);

        let ping = json!({"action": "ping", "n": 1, "heads_for": ["c:ana,bo,cy"]});
        let expected = counts(&[("GetItem", 1), ("BatchGetItem", 1)]);
        assert_eq!(cost(from_ana("ping", &ping)).await, (expected, 1));

        let signal = json!({"action": "signal", "conv": "c:ana,bo,cy", "kind": "typing"});
        assert_eq!(
            cost(from_ana("signal", &signal)).await,
            written("signal", 0)
        );

        let bye = json!({"action": "bye"});
        assert_eq!(cost(from_ana("bye", &bye)).await, (counts(&[]), 0));
    });
}

#[test]
fn connections_come_and_go_by_their_own_rows() {
    run(async {
        let world = World::new(0).await;
        world.event(events::connect("n=", "new")).await;
        assert_eq!(world.costs(), (counts(&[("PutItem", 3)]), 0));
        assert_eq!(written("connect", 0), (counts(&[("PutItem", 3)]), 0));
        world.event(events::hello("n=")).await;
        let expected = [
            ("GetItem", 1),
            ("PutItem", 3),
            // The user's conversations, and everyone, for presence: a query for each shard.
            ("Query", 1 + 4),
            ("BatchGetItem", 1),
        ];
        // The welcome, who is there, and to each of the others that somebody came.
        let expected = (counts(&expected), 2 + 6);
        assert_eq!(expected, written("hello", 6));
        assert_eq!(world.costs(), expected);
        world.event(events::disconnect("n=")).await;
        // Whether it was the user's last connection, and everyone, to be told so.
        let expected = (counts(&[("DeleteItem", 3), ("Query", 1 + 4)]), 6);
        assert_eq!(expected, written("disconnect", 6));
        assert_eq!(world.costs(), expected);
        world.event(events::disconnect("a2=")).await;
        assert_eq!(world.costs().0, counts(&[("DeleteItem", 3), ("Query", 1)]));
    });
}

#[test]
fn everyone_is_addressed_by_a_query_for_each_shard() {
    run(async {
        for strangers in [0, 20] {
            let world = World::new(strangers).await;
            let expected = counts(&[("Query", 4)]);
            let everyone = 6 + strangers;
            assert_eq!(written("publish", everyone), (expected.clone(), everyone));
            let room = json!({"action": "sendmessage", "data": "x"});
            world.event(from_ana("sendmessage", &room)).await;
            assert_eq!(world.costs(), (expected.clone(), everyone));
            world.event(from_ana("$default", &json!("anything"))).await;
            assert_eq!(world.costs(), (expected.clone(), everyone));
            let batch: QueueEvent = serde_json::from_value(events::queue(&["x"])).unwrap();
            let failed = world.backend.publish(batch.records).await;
            assert_eq!(failed.batch_item_failures, []);
            assert_eq!(world.costs(), (expected, everyone));
        }
    });
}

/// Above the bound: a look at the roster that ends there, a record for each shard, and for each a
/// query of that shard alone.
#[test]
fn a_crowd_is_a_record_for_each_shard_and_each_shard_a_query() {
    run(async {
        let settings = Settings {
            fan_out_bound: 8,
            ..Settings::default()
        };
        for (strangers, shards) in [(20, 4), (60, 16)] {
            let world = World::with(strangers, settings.clone()).await;
            let frame = json!({"action": "sendmessage", "v": 1, "id": "m1", "conv": "lobby", "content": "hi"});
            world.event(from_ana("sendmessage", &frame)).await;
            let records = std::mem::take(&mut *world.posts.records.lock().unwrap());
            // 26 are counted, 66 guessed by how dense the first nine of a partition are.
            assert!(
                (shards / 2..=shards * 2).contains(&records.len()),
                "{}",
                records.len()
            );
            let (mut requests, posts) = world.costs();
            requests.insert("SendMessageBatch".to_owned(), 1);
            assert_eq!((requests, posts), written("crowd", 0));
            let mut reached = 0;
            for record in &records {
                let batch: QueueEvent = serde_json::from_value(events::queue(&[record])).unwrap();
                let failed = world.backend.publish(batch.records).await;
                assert_eq!(failed.batch_item_failures, []);
                let (requests, posts) = world.costs();
                assert_eq!((requests, posts), written("shard", posts));
                reached += posts;
            }
            // Everyone but the sender.
            assert_eq!(reached, 6 + strangers - 1);
        }
    });
}

/// Above the bound: whoever comes and goes costs those they have conversations with.
#[test]
fn coming_and_going_in_a_crowd_cost_the_same_however_many_are_there() {
    run(async {
        for strangers in [20, 60] {
            let settings = Settings {
                fan_out_bound: 8,
                ..Settings::default()
            };
            let world = World::with(strangers, settings).await;
            world.event(events::disconnect("a2=")).await;
            world.costs();
            world.event(events::disconnect("a1=")).await;
            assert_eq!(world.costs(), written("disconnect-crowd", 0));
            world.event(events::connect("a1=", "ana")).await;
            world.costs();
            world.event(events::hello("a1=")).await;
            assert_eq!(world.costs(), written("hello-crowd", 0));
        }
    });
}

/// The publisher's and the kick's roles may do no more than this.
#[test]
fn who_is_found_gone_in_a_crowd_costs_queries_and_deletions_alone() {
    run(async {
        let settings = Settings {
            fan_out_bound: 8,
            handshake_grace: std::time::Duration::ZERO,
            ..Settings::default()
        };
        let world = World::with(20, settings).await;
        world
            .event(from_ana(
                "sendmessage",
                &json!({"action": "sendmessage", "data": "x"}),
            ))
            .await;
        let records = std::mem::take(&mut *world.posts.records.lock().unwrap());
        world.posts.gone.lock().unwrap().insert("c=".to_owned());
        world.costs();
        for record in &records {
            let batch: QueueEvent = serde_json::from_value(events::queue(&[record])).unwrap();
            assert_eq!(
                world
                    .backend
                    .publish(batch.records)
                    .await
                    .batch_item_failures,
                []
            );
        }
        let (requests, posts) = world.costs();
        // A query for each record; of cy, what is left, the look at the roster, the conversations, and
        // the two people in them.
        let expected = [("Query", records.len() + 1 + 4 + 1 + 2), ("DeleteItem", 3)];
        assert_eq!(requests, counts(&expected));
        // Everyone, and ana's and bo's connections once more.
        assert_eq!(posts, 26 + 5);
        world.posts.gone.lock().unwrap().clear();
        world.event(events::connect("c=", "cy")).await;
        world.costs();
        let kicked = world.backend.kick(&"cy".try_into().unwrap()).await.unwrap();
        assert_eq!((kicked.closed, kicked.failed), (1, 0));
        let expected = [("Query", 1 + 1 + 4 + 1 + 2), ("DeleteItem", 3)];
        assert_eq!(world.costs(), (counts(&expected), 5));
    });
}

#[test]
fn the_older_systems_messages_cost_their_recipients_queries() {
    run(async {
        let by_user = json!({"action": "sendmessage", "content": "hi", "to": "bo"});
        let (requests, _) = cost(from_ana("sendmessage", &by_user)).await;
        assert!(!requests.keys().any(|name| name.contains("Scan")));
        assert_eq!(requests["TransactWriteItems"], 1);
        let direct = json!({"action": "sendMessage", "connectionId": "b1=", "message": "hi"});
        assert_eq!(
            cost(from_ana("sendMessage", &direct)).await,
            (counts(&[]), 1)
        );
    });
}

/// Only then is the table described: once for an execution environment.
#[test]
fn a_cold_start_asks_for_the_epoch() {
    run(async {
        let table = Table::create().await;
        let world = World::new(0).await;
        let (store, wire) = table.store();
        let backend = Backend::new(
            store,
            Arc::clone(&world.posts),
            SystemClock,
            Settings::default(),
        );
        for _ in 0..2 {
            for event in [events::connect("a=", "ana"), events::hello("a=")] {
                let event = serde_json::from_value(event).unwrap();
                backend.handle(event).await.unwrap();
            }
        }
        assert_eq!(wire.counts()["DescribeTable"], 1);
    });
}
