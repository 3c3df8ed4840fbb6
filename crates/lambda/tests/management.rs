//! The SDK's management API against our gateway, and against answers no gateway of ours gives.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

/// The gateway's own.
#[path = "../../gateway/tests/support/mod.rs"]
mod gateway_support;
mod support;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use aws_smithy_http_client::Builder;
use futures_util::{SinkExt, StreamExt};
use gateway_support::systems::{Chat, in_memory};
use serde_json::Value;
use support::wire::{Act, Wire};
use switchboard_backend::{Post, PostError};
use switchboard_gateway::{AccessKey, Clock, Config, Faults, Limits};
use switchboard_lambda::{ManagementApi, clients};
use switchboard_protocol::ConnectionId;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

async fn gateway(limits: Limits) -> SocketAddr {
    // It stands still, so quotas do not fill up again.
    let clock = Clock::manual(1_800_000_000_000);
    chat(
        Config {
            limits,
            ..Config::default()
        },
        clock,
    )
    .await
}

async fn chat(config: Config, clock: Clock) -> SocketAddr {
    let chat = Chat::with(config, clock, Faults::default(), in_memory);
    chat.await.address
}

/// A socket and its connection id, which a broadcast (S4) tells.
async fn join(address: SocketAddr) -> (Socket, ConnectionId) {
    let (mut socket, _) = connect_async(format!("ws://{address}/dev")).await.unwrap();
    socket.send(Message::text("who am I")).await.unwrap();
    let said: Value = serde_json::from_str(&text(&mut socket).await).unwrap();
    let said = said["message"].as_str().unwrap();
    let id = said.strip_suffix(" says: who am I").unwrap();
    (socket, id.try_into().unwrap())
}

async fn text(socket: &mut Socket) -> String {
    let message = socket.next().await.unwrap().unwrap();
    message.into_text().unwrap().to_string()
}

fn api_at(address: SocketAddr) -> ManagementApi {
    api(
        Wire::over(Builder::new().build_http()),
        &format!("http://{address}/dev"),
    )
}

fn api(wire: Wire, url: &str) -> ManagementApi {
    let environment = support::environment("http://127.0.0.1:9", url, "none");
    ManagementApi::new(clients::management(wire.client(), &environment), None)
}

fn id(text: &str) -> ConnectionId {
    text.try_into().unwrap()
}

#[tokio::test]
async fn a_post_arrives_and_a_closed_connection_is_gone() {
    let address = gateway(Limits::default()).await;
    let (mut socket, id) = join(address).await;
    let api = api_at(address);
    assert_eq!(api.post(&id, "hello 👋".into()).await, Ok(()));
    assert_eq!(text(&mut socket).await, "hello 👋");
    assert_eq!(api.close(&id).await, Ok(()));
    assert!(matches!(socket.next().await, Some(Ok(Message::Close(_)))));
    assert_eq!(api.post(&id, "again".into()).await, Err(PostError::Gone));
    assert_eq!(api.close(&id).await, Err(PostError::Gone));
}

#[tokio::test]
async fn what_the_gateway_refuses_is_told_apart() {
    let address = gateway(Limits::default()).await;
    let (_socket, listed) = join(address).await;
    let api = api_at(address);
    let large: Arc<str> = "x".repeat(128 * 1024 + 1).into();
    assert_eq!(api.post(&listed, large).await, Err(PostError::TooLarge));
    let unknown = id("AAAAAAAAAAAAAAA=");
    assert_eq!(api.post(&unknown, "x".into()).await, Err(PostError::Gone));
    // As client-sent ids (S1) may be: none leaves the path it belongs to.
    for hostile in ["#", "a/b", "../dev", "%41", "a?b=c", "\"", &"A".repeat(128)] {
        let refused = api.post(&id(hostile), "x".into()).await;
        let malformed = PostError::Other("400, BadRequestException".to_owned());
        assert_eq!(refused, Err(malformed), "{hostile}");
    }
}

/// The SDK signs as AWS wants it; so does our gateway, where keys are configured.
#[tokio::test]
async fn what_the_sdk_signs_is_believed_and_another_key_is_not() {
    for (secret, expected) in [
        ("test", Ok(())),
        (
            "another",
            Err(PostError::Other(
                "403, InvalidSignatureException".to_owned(),
            )),
        ),
    ] {
        let access_key = Some(AccessKey {
            id: "test".to_owned(),
            secret: secret.to_owned(),
        });
        let config = Config {
            access_key,
            ..Config::default()
        };
        let address = chat(config, Clock::real()).await;
        let (mut socket, id) = join(address).await;
        let api = api_at(address);
        assert_eq!(api.post(&id, "signed 👋".into()).await, expected);
        if expected.is_ok() {
            assert_eq!(text(&mut socket).await, "signed 👋");
        }
        assert_eq!(api.close(&id).await, expected);
    }
}

#[tokio::test]
async fn a_quota_is_throttling() {
    let limits = Limits {
        requests_per_second: Some(20),
        ..Limits::default()
    };
    let address = gateway(limits).await;
    let (_socket, listed) = join(address).await;
    let api = api_at(address);
    let mut outcomes = Vec::new();
    for _ in 0..20 {
        outcomes.push(api.post(&listed, "x".into()).await);
    }
    assert_eq!(outcomes.first(), Some(&Ok(())));
    assert_eq!(outcomes.last(), Some(&Err(PostError::Throttled)));
}

#[tokio::test]
async fn answers_without_an_error_type_are_read_by_their_status() {
    let html = "<html>Gone</html>";
    for (status, body, expected) in [
        (410, "", PostError::Gone),
        (410, html, PostError::Gone),
        (413, html, PostError::TooLarge),
        (429, "", PostError::Throttled),
        (403, html, PostError::Other("403, no error type".to_owned())),
        (500, "", PostError::Other("500, no error type".to_owned())),
    ] {
        let wire = Wire::cut();
        wire.plan("POST", Act::Answer(status, &[], body.to_owned()));
        let outcome = api(wire.clone(), "http://gateway.example/dev");
        let outcome = outcome.post(&id("a="), "x".into()).await;
        assert_eq!(outcome, Err(expected), "{status} {body}");
        // Trying again is the handlers' business.
        assert_eq!(wire.counts()["POST"], 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_that_hangs_ends() {
    let wire = Wire::cut();
    wire.plan("POST", Act::Hang);
    let started = tokio::time::Instant::now();
    let outcome = api(wire, "http://gateway.example/dev");
    let outcome = outcome.post(&id("a="), "secret".into()).await;
    let Err(PostError::Other(reason)) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        reason.contains("timeout") && !reason.contains("secret"),
        "{reason}"
    );
    assert_eq!(
        started.elapsed().as_secs(),
        Duration::from_secs(2).as_secs()
    );
}
