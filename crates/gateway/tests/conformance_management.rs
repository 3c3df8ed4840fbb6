//! Conformance cases 54–65 of the reference §10: the management API.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use serde_json::{Value, json};
use support::{Answer, Harness, Setup, client::handshake, http, id_of, is_id, ok};
use switchboard_gateway::{AccessKey, ConnectionId, Connections, PostRefused};

fn path(connect: &Value) -> String {
    format!("/dev/@connections/{}", id_of(connect))
}

const NEVER_SEEN: &str = "/dev/@connections/BFaT_fALIAMCKug=";
const MALFORMED: &str = "/dev/@connections/WDGT8fY4joECJrQ=test";

fn assert_gone(response: &http::Response) {
    assert_eq!(response.status, 410);
    assert_eq!(response.header("x-amzn-errortype"), Some("GoneException"));
    assert_eq!(response.header("content-length"), Some("0"));
    assert_eq!(response.body, b"");
}

#[tokio::test]
async fn case_54_a_post_arrives_as_one_text_message() {
    let mut gateway = Harness::start().await;
    let (mut client, connect) = gateway.connected().await;
    let text = "{\"x\": \"ü \u{1F600}\"}\n";
    let response = http::post(gateway.address, &path(&connect), text.as_bytes()).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.body, b"");
    assert_eq!(response.header("content-length"), Some("0"));
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.header("x-amzn-requestid").map(str::len), Some(36));
    assert!(response.header("x-amz-apigw-id").is_some_and(is_id));
    let trace = response.header("x-amzn-trace-id");
    assert!(trace.is_some_and(|trace| trace.starts_with("Root=1-")));
    let frame = client.frame().await.expect("a frame");
    assert_eq!(
        (frame.first, frame.payload),
        (0x81, text.as_bytes().to_vec())
    );
}

#[tokio::test]
async fn case_55_a_post_to_a_closed_or_unknown_connection_is_gone() {
    let mut gateway = Harness::start().await;
    assert_gone(&http::post(gateway.address, NEVER_SEEN, b"x").await);
    assert_gone(&http::get(gateway.address, NEVER_SEEN).await);
    let (mut client, connect) = gateway.connected().await;
    client.send_close(1000, "").await;
    gateway.invoked("disconnect").await;
    assert_gone(&http::post(gateway.address, &path(&connect), b"x").await);
}

#[tokio::test]
async fn case_56_a_malformed_id_is_a_bad_request() {
    let gateway = Harness::start().await;
    let posted = http::post(gateway.address, MALFORMED, b"x").await;
    for response in [posted, http::get(gateway.address, MALFORMED).await] {
        assert_eq!(response.status, 400);
        assert_eq!(
            response.header("x-amzn-errortype"),
            Some("BadRequestException")
        );
        let expected = r#"{"message":"Invalid connectionId: WDGT8fY4joECJrQ=test"}"#;
        assert_eq!(response.text(), expected);
    }
    let deleted = http::request(gateway.address, "DELETE", MALFORMED, &[], b"").await;
    assert_gone(&deleted);
}

#[tokio::test]
async fn case_57_a_post_has_at_most_128_kb() {
    let mut gateway = Harness::start().await;
    let (mut client, connect) = gateway.connected().await;
    let mut body = vec![b'x'; 131_072];
    let response = http::post(gateway.address, &path(&connect), &body).await;
    assert_eq!(response.status, 200);
    for first in [0x01, 0x00, 0x00, 0x80] {
        let frame = client.frame().await.expect("a frame");
        assert_eq!((frame.first, frame.payload.len()), (first, 32_768));
    }
    body.push(b'x');
    let response = http::post(gateway.address, &path(&connect), &body).await;
    assert_eq!(response.status, 413);
    assert_eq!(
        response.header("x-amzn-errortype"),
        Some("PayloadTooLargeException")
    );
}

#[tokio::test]
async fn case_58_a_client_that_does_not_read_or_a_spent_quota_is_429() {
    let mut gateway = Harness::start().await;
    let (_client, connect) = gateway.connected().await;
    let id = ConnectionId::parse(&id_of(&connect)).expect("an id");
    let text: Arc<str> = "x".repeat(131_072).into();
    let mut accepted = 0;
    while gateway.connections.post(&id, Arc::clone(&text)).is_ok() {
        accepted += 1;
        assert!(accepted < 10_000, "somewhere the buffers end");
        tokio::task::yield_now().await;
    }
    let response = http::post(gateway.address, &path(&connect), b"x").await;
    assert_eq!(response.status, 429);
    assert_eq!(
        response.header("x-amzn-errortype"),
        Some("LimitExceededException")
    );

    let mut setup = Setup::new();
    setup.config.limits.requests_per_second = Some(4);
    let mut gateway = setup.start().await;
    let (mut client, connect) = gateway.connected().await;
    for expected in [200, 200, 429] {
        let response = http::post(gateway.address, &path(&connect), b"x").await;
        assert_eq!(response.status, expected);
    }
    client.send(r#"{"action":"one"}"#).await;
    client.text().await;
    client.text().await;
    let frame = client.text().await;
    assert_eq!(
        frame,
        support::notice("Too Many Requests", &id_of(&connect), &frame)
    );
    gateway.clock.advance(Duration::from_millis(250));
    let response = http::post(gateway.address, &path(&connect), b"x").await;
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn case_59_a_path_without_the_stage_is_forbidden() {
    let mut gateway = Harness::start().await;
    let (_client, connect) = gateway.connected().await;
    let id = id_of(&connect);
    for prefix in ["", "/prod", "/dev/dev"] {
        let path = format!("{prefix}/@connections/{id}");
        let response = http::post(gateway.address, &path, b"x").await;
        assert_eq!(response.status, 403, "{path}");
        assert_eq!(
            response.header("x-amzn-errortype"),
            Some("ForbiddenException")
        );
        assert_eq!(response.text(), r#"{"message":"Forbidden"}"#);
    }
    let response = http::get(gateway.address, &format!("/@connections/{id}")).await;
    assert_eq!(response.status, 403);
}

/// What signs as AWS's own tools do is tested where such a tool is at hand: `crates/lambda`.
#[tokio::test]
async fn case_59_an_unsigned_request_is_forbidden_where_keys_are_configured() {
    let mut setup = Setup::new();
    setup.config.access_key = Some(AccessKey {
        id: "AKID".to_owned(),
        secret: "secret".to_owned(),
    });
    let mut gateway = setup.start().await;
    let (_client, connect) = gateway.connected().await;
    let path = format!("/dev/@connections/{}", id_of(&connect));
    for method in ["POST", "GET", "DELETE"] {
        let response = http::request(gateway.address, method, &path, &[], b"").await;
        assert_eq!(response.status, 403, "{method}");
        let kind = Some("MissingAuthenticationTokenException");
        assert_eq!(response.header("x-amzn-errortype"), kind);
    }
    let authorization = "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1/execute-api/aws4_request, \
                         SignedHeaders=host;x-amz-date, Signature=00";
    let headers = [
        ("Authorization", authorization),
        ("X-Amz-Date", "20261121T080000Z"),
    ];
    let response = http::request(gateway.address, "POST", &path, &headers, b"x").await;
    assert_eq!(response.status, 403);
    assert_eq!(
        response.header("x-amzn-errortype"),
        Some("InvalidSignatureException")
    );
    assert_eq!(gateway.connections.count(), 1);
}

#[tokio::test]
async fn case_60_the_escaped_path_is_the_same() {
    let mut gateway = Harness::start().await;
    let (mut client, connect) = gateway.connected().await;
    let escaped = id_of(&connect).replace('=', "%3D");
    for segment in ["@connections", "%40connections"] {
        let path = format!("/dev/{segment}/{escaped}");
        assert_eq!(
            http::post(gateway.address, &path, b"x").await.status,
            200,
            "{path}"
        );
        assert_eq!(client.text().await, "x");
    }
}

#[tokio::test]
async fn case_61_get_describes_the_connection() {
    let mut gateway = Harness::start().await;
    let extra = ["User-Agent: a \"quoted\" one"];
    let (mut client, _) = handshake(gateway.address, "/dev", &extra).await;
    let connect = gateway.invoked("connect").await;
    gateway.clock.advance(Duration::from_millis(246));
    client.send(r#"{"action":"one"}"#).await;
    gateway.invoked("one").await;
    gateway.clock.advance(Duration::from_secs(5));
    let response = http::get(gateway.address, &path(&connect)).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(
        response.text(),
        "{\n  \"identity\" : {\n    \"sourceIp\" : \"127.0.0.1\",\n    \"userAgent\" : \"a \\\"quoted\\\" one\"\n  },\n  \
         \"connectedAt\" : \"2026-11-21T08:00:00.000Z\",\n  \"lastActiveAt\" : \"2026-11-21T08:00:00.246Z\"\n}"
    );
    let (_client, connect) = gateway.connected().await;
    let response = http::get(gateway.address, &path(&connect)).await;
    let body: Value = serde_json::from_str(response.text()).expect("JSON");
    assert_eq!(
        body["identity"],
        json!({"sourceIp": "127.0.0.1", "userAgent": null})
    );
}

#[tokio::test]
async fn case_62_delete_closes_with_1000() {
    let mut gateway = Harness::start().await;
    let (mut client, connect) = gateway.connected().await;
    http::post(gateway.address, &path(&connect), b"last words").await;
    let response = http::request(gateway.address, "DELETE", &path(&connect), &[], b"").await;
    assert_eq!(response.status, 204);
    assert_eq!(response.body, b"");
    assert_eq!(response.header("content-type"), None);
    assert_eq!(client.text().await, "last words");
    assert_eq!(
        client.closed().await,
        (1000, "Connection Closed Normally".to_owned())
    );
    let event = gateway.invoked("disconnect").await;
    assert_eq!(event["requestContext"]["disconnectStatusCode"], 1000);
    assert_eq!(
        event["requestContext"]["disconnectReason"],
        "Connection Closed Normally"
    );
}

#[tokio::test]
async fn case_63_delete_of_a_closed_connection_is_gone() {
    let mut gateway = Harness::start().await;
    let (_client, connect) = gateway.connected().await;
    let delete = || http::request(gateway.address, "DELETE", NEVER_SEEN, &[], b"");
    assert_gone(&delete().await);
    let path = path(&connect);
    let first = http::request(gateway.address, "DELETE", &path, &[], b"").await;
    assert_eq!(first.status, 204);
    assert_gone(&http::request(gateway.address, "DELETE", &path, &[], b"").await);
}

/// A gateway whose functions can post; `work` runs in every invocation.
async fn with_ports(
    work: impl Fn(&Connections, &str, &ConnectionId) + Send + Sync + 'static,
) -> Harness {
    let ports: Arc<OnceLock<Connections>> = Arc::default();
    let inside = Arc::clone(&ports);
    let answer = move |name: &str, event: Value| -> Answer {
        let id = ConnectionId::parse(&id_of(&event)).expect("an id");
        work(inside.get().expect("ports"), name, &id);
        ok(json!({"statusCode": 200}))
    };
    let gateway = Setup::new().answer(answer).start().await;
    ports.set(gateway.connections.clone()).expect("set once");
    gateway
}

#[tokio::test]
async fn case_64_connect_can_post_to_another_connection() {
    let first: OnceLock<ConnectionId> = OnceLock::new();
    let gateway = with_ports(move |ports, name, id| {
        if name == "connect" && first.set(id.clone()).is_err() {
            let other = first.get().expect("the first");
            assert_eq!(ports.post(other, "welcome".into()), Ok(()));
            assert_eq!(ports.post(id, "early".into()), Err(PostRefused::Gone));
        }
    });
    let gateway = gateway.await;
    let mut one = gateway.connect().await;
    let _two = gateway.connect().await;
    assert_eq!(one.text().await, "welcome");
}

#[tokio::test]
async fn case_65_disconnect_cannot_post_to_its_own_connection() {
    let (told, mut results) = tokio::sync::mpsc::unbounded_channel();
    let gateway = with_ports(move |ports, name, id| {
        if name == "disconnect" {
            told.send(ports.post(id, "late".into()))
                .expect("the test listens");
        }
    });
    let gateway = gateway.await;
    let mut client = gateway.connect().await;
    client.send_close(1000, "").await;
    assert_eq!(
        support::within(results.recv()).await,
        Some(Err(PostRefused::Gone))
    );
}
