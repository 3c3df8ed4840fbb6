//! A room above the bound behind the gateway: its own queue has the shards posted.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::sync::Arc;

use serde_json::{Value, json};
use support::{client::Client, http, systems::Chat};
use switchboard_backend::{MemoryStore, Settings};
use switchboard_gateway::{BackendFunctions, Clock, Connections, Functions};

const BOUND: usize = 4;

fn bounded(connections: &Connections, clock: &Clock) -> Arc<dyn Functions> {
    let settings = Settings {
        fan_out_bound: BOUND,
        ..Settings::default()
    };
    let (store, connections) = (MemoryStore::new("test"), connections.clone());
    let functions = BackendFunctions::start(store, connections, clock.clone(), settings);
    Arc::new(functions.expect("threads"))
}

/// People who have said hello and heard who is there.
async fn people(chat: &Chat, count: usize) -> Vec<Client> {
    let mut people = Vec::new();
    for number in 0..count {
        let mut client = chat.join(&format!("user{number}")).await;
        let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
        client.send(&hello.to_string()).await;
        next(&mut client, "presence").await;
        people.push(client);
    }
    people
}

async fn next(client: &mut Client, event: &str) -> Value {
    loop {
        let frame: Value = serde_json::from_str(&client.text().await).expect("JSON");
        if frame["event"] == event {
            return frame;
        }
    }
}

async fn depth(chat: &Chat) -> Value {
    let answer = http::get(chat.address, "/queue/messages").await;
    serde_json::from_str(answer.text()).expect("JSON")
}

#[tokio::test]
async fn a_message_to_more_than_the_bound_reaches_everyone_once() {
    let chat = Chat::over(bounded).await;
    let mut people = people(&chat, 5 * BOUND).await;
    for id in ["m1", "m2"] {
        let frame =
            json!({"action": "sendmessage", "v": 1, "id": id, "conv": "lobby", "content": id});
        people[0].send(&frame.to_string()).await;
        next(&mut people[0], "ack").await;
        for person in &mut people[1..] {
            // The one before came once: the next message is the next.
            assert_eq!(next(person, "message").await["id"], id);
        }
    }
}

#[tokio::test]
async fn a_damaged_record_is_dead_lettered_and_the_others_are_posted() {
    let chat = Chat::over(bounded).await;
    let mut people = people(&chat, BOUND).await;
    let poison = r#"{"switchboard":"shard","v":"1","shard":{"number":7,"of":4}}"#;
    for record in [poison, "news"] {
        let answer = http::post(chat.address, "/queue/messages", record.as_bytes()).await;
        assert_eq!(answer.status, 200);
    }
    for person in &mut people {
        while person.text().await != "news" {}
    }
    support::within(async { while depth(&chat).await["inFlight"] != 0 {} }).await;
    assert_eq!(depth(&chat).await["deadLetters"], 1);
}
