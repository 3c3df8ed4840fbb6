//! The five older systems on the wire, with the real handlers behind the gateway.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::sync::Arc;

use support::{
    client::handshake,
    systems::{self, Chat},
};
use switchboard_backend::{MemoryStore, Settings};
use switchboard_gateway::BackendFunctions;

async fn chat() -> Chat {
    Chat::over(|connections, clock| {
        let (store, settings) = (MemoryStore::new("test"), Settings::default());
        let functions =
            BackendFunctions::start(store, connections.clone(), clock.clone(), settings);
        Arc::new(functions.expect("threads"))
    })
    .await
}

#[tokio::test]
async fn s1_sends_to_one_connection() {
    systems::s1_sends_to_one_connection(&chat().await).await;
}

#[tokio::test]
async fn s2_sends_to_every_connection_of_a_user() {
    systems::s2_sends_to_every_connection_of_a_user(&chat().await).await;
}

#[tokio::test]
async fn s3_posts_a_queues_records_to_everyone() {
    systems::s3_posts_a_queues_records_to_everyone(&chat().await).await;
}

#[tokio::test]
async fn s4_broadcasts_any_text() {
    systems::s4_broadcasts_any_text(&chat().await).await;
}

#[tokio::test]
async fn s5_is_one_room() {
    systems::s5_is_one_room(&chat().await).await;
}

#[tokio::test]
async fn a_bad_user_id_is_refused_at_the_handshake() {
    let chat = chat().await;
    let path = format!("/dev?userId={}", "x".repeat(2000));
    let (_, response) = handshake(chat.address, &path, &[]).await;
    assert_eq!(response.status, 400);
}
