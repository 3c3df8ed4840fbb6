//! The five older systems on the wire, with the real handlers behind the gateway.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use support::{
    client::handshake,
    systems::{self, Chat, in_memory},
};

async fn chat() -> Chat {
    Chat::over(in_memory).await
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
