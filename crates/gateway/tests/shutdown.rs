//! The orderly end, and `GET /health`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::sync::Arc;

use serde_json::{Value, json};
use support::{Harness, Setup, http};
use tokio::{net::TcpStream, sync::Semaphore};

#[tokio::test]
async fn a_stop_closes_with_1001_and_runs_every_disconnect() {
    let mut gateway = Harness::start().await;
    let (mut one, _) = gateway.connected().await;
    let (mut two, _) = gateway.connected().await;
    gateway.stop.cancel();
    for client in [&mut one, &mut two] {
        assert_eq!(client.closed().await, (1001, "Going away".to_owned()));
        let event = gateway.invoked("disconnect").await;
        assert_eq!(event["requestContext"]["disconnectStatusCode"], 1001);
    }
    let address = gateway.address;
    gateway.stop().await;
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
}

#[tokio::test]
async fn a_message_at_work_is_answered_before_the_close() {
    let gate = Arc::new(Semaphore::new(0));
    let opened = Arc::clone(&gate);
    let setup = Setup::new().answer(move |name, event| {
        let gate = Arc::clone(&gate);
        let waits = name == "echo2";
        Box::pin(async move {
            if waits {
                gate.acquire().await.expect("open").forget();
            }
            Ok(json!({"statusCode": 200, "body": event["body"]}))
        })
    });
    let mut gateway = setup.start().await;
    let (mut client, _) = gateway.connected().await;
    client.send(r#"{"action":"echo2"}"#).await;
    gateway.invoked("echo2").await;
    gateway.stop.cancel();
    opened.add_permits(1);
    assert_eq!(client.text().await, r#"{"action":"echo2"}"#);
    assert_eq!(client.closed().await.0, 1001);
    gateway.stop().await;
}

#[tokio::test]
async fn health_tells_connections_and_queue() {
    let gateway = Harness::start().await;
    let _client = gateway.connect().await;
    let response = http::get(gateway.address, "/health").await;
    assert_eq!(response.status, 200);
    let health: Value = serde_json::from_str(response.text()).expect("JSON");
    assert_eq!(
        health,
        json!({
            "ok": true,
            "version": env!("CARGO_PKG_VERSION"),
            "stage": "dev",
            "connections": 1,
            "queue": {"depth": 0, "inFlight": 0, "deadLetters": 0},
        })
    );
}
