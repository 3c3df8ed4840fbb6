//! Conformance cases 46–53 and 68 of the reference §10: how connections end.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{
    Harness, Setup,
    client::{CLOSE, Frame, PING, PONG},
    http, id_of, keys,
};
use switchboard_gateway::LossDetection;

const MINUTE: Duration = Duration::from_secs(60);

/// The next invocation is the DISCONNECT event of this code and reason.
async fn disconnected(gateway: &mut Harness, code: u16, reason: &str) -> Value {
    let event = gateway.invoked("disconnect").await;
    assert_eq!(event["requestContext"]["disconnectStatusCode"], code);
    assert_eq!(event["requestContext"]["disconnectReason"], reason);
    event
}

#[tokio::test]
async fn case_46_ten_idle_minutes_close_with_1001() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    gateway
        .clock
        .advance(10 * MINUTE - Duration::from_millis(1));
    client.send_frame(PING, b"open?").await;
    assert_eq!(client.frame().await.map(|frame| frame.first), Some(PONG));
    gateway.clock.advance(Duration::from_millis(1));
    assert_eq!(client.closed().await, (1001, "Going away".to_owned()));
    disconnected(&mut gateway, 1001, "Going away").await;
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn case_47_a_message_in_either_direction_restarts_the_idle_timer() {
    let mut gateway = Harness::start().await;
    let (mut client, connect) = gateway.connected().await;
    let path = format!("/dev/@connections/{}", id_of(&connect));
    for _ in 0..3 {
        gateway.clock.advance(9 * MINUTE);
        client.send(r#"{"action":"one"}"#).await;
        gateway.invoked("one").await;
        gateway.clock.advance(9 * MINUTE);
        assert_eq!(http::post(gateway.address, &path, b"x").await.status, 200);
        assert_eq!(client.text().await, "x");
    }
    gateway.clock.advance(10 * MINUTE);
    assert_eq!(client.closed().await.0, 1001);
}

#[tokio::test]
async fn case_48_a_ping_is_answered_and_is_no_activity() {
    for counts in [false, true] {
        let mut setup = Setup::new();
        setup.config.switches.ping_is_activity = counts;
        let mut gateway = setup.start().await;
        let (mut client, _) = gateway.connected().await;
        gateway.clock.advance(9 * MINUTE);
        client.send_frame(PING, b"payload").await;
        let payload = b"payload".to_vec();
        assert_eq!(
            client.frame().await,
            Some(Frame {
                first: PONG,
                payload
            })
        );
        gateway.assert_not_invoked();
        gateway.clock.advance(MINUTE);
        client.send_frame(PING, b"").await;
        let first = client.frame().await.map(|frame| frame.first);
        assert_eq!(first, Some(if counts { PONG } else { CLOSE }));
    }
}

#[tokio::test]
async fn case_49_two_hours_close_with_1001_whatever_the_traffic() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    for _ in 0..23 {
        gateway.clock.advance(5 * MINUTE);
        client.send(r#"{"action":"echo2"}"#).await;
        client.text().await;
        gateway.invoked("echo2").await;
    }
    gateway.clock.advance(5 * MINUTE);
    assert_eq!(client.closed().await, (1001, "Going away".to_owned()));
    disconnected(&mut gateway, 1001, "Going away").await;
}

#[tokio::test]
async fn case_50_close_without_a_code_is_1005_in_the_recorded_event() {
    let mut gateway = Harness::start().await;
    let (mut client, connect) = gateway.connected().await;
    gateway.clock.advance(Duration::from_secs(1));
    client.send_frame(CLOSE, b"").await;
    assert_eq!(
        client.frame().await,
        Some(Frame {
            first: CLOSE,
            payload: Vec::new()
        })
    );
    assert_eq!(client.frame().await, None);
    let event = disconnected(&mut gateway, 1005, "Client-side close frame status not set").await;
    assert_eq!(
        keys(&event),
        [
            "headers",
            "isBase64Encoded",
            "multiValueHeaders",
            "requestContext"
        ]
    );
    let host = gateway.address.to_string();
    assert_eq!(
        event["headers"],
        json!({"Host": host, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": ""})
    );
    assert_eq!(
        event["multiValueHeaders"],
        json!({"Host": [host], "x-api-key": [""], "X-Forwarded-For": [""], "x-restapi": [""]})
    );
    let request = event["requestContext"]["requestId"].clone();
    assert_eq!(
        event["requestContext"],
        json!({
            "routeKey": "$disconnect",
            "disconnectStatusCode": 1005,
            "eventType": "DISCONNECT",
            "extendedRequestId": request,
            "requestTime": "21/Nov/2026:08:00:01 +0000",
            "messageDirection": "IN",
            "disconnectReason": "Client-side close frame status not set",
            "stage": "dev",
            "connectedAt": support::START_MS,
            "requestTimeEpoch": support::START_MS + 1000,
            "identity": {"sourceIp": "127.0.0.1"},
            "requestId": request,
            "domainName": host,
            "connectionId": id_of(&connect),
            "apiId": "localgw001",
        })
    );
}

#[tokio::test]
async fn case_51_a_clients_code_and_reason_are_told() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    client.send_close(1000, "bye").await;
    assert_eq!(
        client.frame().await.map(|frame| frame.payload),
        Some(b"\x03\xe8bye".to_vec())
    );
    disconnected(&mut gateway, 1000, "bye").await;
    assert_eq!(gateway.connections.count(), 0);
}

#[tokio::test]
async fn case_52_a_browser_that_leaves_is_1001_without_a_reason() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    client.send_close(1001, "").await;
    disconnected(&mut gateway, 1001, "").await;
}

#[tokio::test]
async fn case_53_a_lost_connection_is_told_at_once_when_idle_or_never() {
    let mut gateway = Harness::start().await;
    let (client, _) = gateway.connected().await;
    drop(client);
    disconnected(&mut gateway, 1006, "").await;

    let mut setup = Setup::new();
    setup.config.switches.loss = LossDetection::WhenIdle;
    let mut gateway = setup.start().await;
    let (client, _) = gateway.connected().await;
    drop(client);
    gateway.clock.advance(10 * MINUTE);
    disconnected(&mut gateway, 1001, "Going away").await;

    let mut setup = Setup::new();
    setup.config.switches.loss = LossDetection::Untold;
    let mut gateway = setup.start().await;
    let (client, _) = gateway.connected().await;
    drop(client);
    support::within(async {
        while gateway.connections.count() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // A second connection goes through the whole of $disconnect; the first had its time.
    let (mut client, _) = gateway.connected().await;
    client.send_close(1000, "second").await;
    disconnected(&mut gateway, 1000, "second").await;
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn case_68_a_post_to_an_undetected_loss_is_accepted_and_lost() {
    let mut setup = Setup::new();
    setup.config.switches.loss = LossDetection::WhenIdle;
    let mut gateway = setup.start().await;
    let (client, connect) = gateway.connected().await;
    let path = format!("/dev/@connections/{}", id_of(&connect));
    drop(client);
    for _ in 0..600 {
        assert_eq!(
            http::post(gateway.address, &path, b"lost").await.status,
            200
        );
    }
    gateway.clock.advance(10 * MINUTE);
    disconnected(&mut gateway, 1001, "Going away").await;
    assert_eq!(
        http::post(gateway.address, &path, b"late").await.status,
        410
    );
}
