//! Conformance cases 27–45, 66 and 67 of the reference §10: routing, answers, error frames,
//! and the limits of a message.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use support::{
    Harness, Setup,
    client::{BINARY, REST, REST_MORE, TEXT, TEXT_MORE},
    id_of, is_id, keys, never, notice, ok, table_routes, throw,
};
use switchboard_gateway::{Route, Routes};
use tokio::sync::Notify;

fn only_connect(expression: &str) -> Routes {
    Routes::new(expression)
        .expect("expression")
        .with("$connect", Route::one_way("connect"))
}

#[tokio::test]
async fn case_27_the_message_event_has_exactly_the_recorded_keys() {
    let mut gateway = Harness::start().await;
    let (mut client, connect) = gateway.connected().await;
    gateway.clock.advance(Duration::from_millis(1234));
    let body = "{ \"action\":\"one\",  \"ü\": \"\u{1F600}\\u0000\"}\n";
    client.send(body).await;
    let event = gateway.invoked("one").await;
    assert_eq!(keys(&event), ["body", "isBase64Encoded", "requestContext"]);
    assert_eq!(event["body"], body);
    assert_eq!(event["isBase64Encoded"], false);
    let context = &event["requestContext"];
    let (id, request, message) = (
        id_of(&connect),
        context["requestId"].as_str().expect("request id"),
        context["messageId"].as_str().expect("message id"),
    );
    assert!(is_id(request) && is_id(message), "{context}");
    // The last 32 bits of an 11-byte id are its last five letters and a part of the one before.
    assert_eq!(message[11..], id[11..]);
    assert_eq!(
        *context,
        json!({
            "routeKey": "one",
            "messageId": message,
            "eventType": "MESSAGE",
            "extendedRequestId": request,
            "requestTime": "21/Nov/2026:08:00:01 +0000",
            "messageDirection": "IN",
            "stage": "dev",
            "connectedAt": support::START_MS,
            "requestTimeEpoch": support::START_MS + 1234,
            "identity": {"sourceIp": "127.0.0.1"},
            "requestId": request,
            "domainName": gateway.address.to_string(),
            "connectionId": id,
            "apiId": "localgw001",
        })
    );
}

#[tokio::test]
async fn case_28_an_action_selects_its_route() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    client.send(r#"{"action":"one"}"#).await;
    let event = gateway.invoked("one").await;
    assert_eq!(event["requestContext"]["routeKey"], "one");
}

#[tokio::test]
async fn case_29_what_selects_no_route_goes_to_default() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    let messages = [
        r#"{"action":"nope"}"#,
        r#"{"x":1}"#,
        "hello",
        "[1]",
        r#""s""#,
        "",
        "null",
        r#"{"action":"$connect"}"#,
        r#"{"action":"$disconnect"}"#,
    ];
    for message in messages {
        client.send(message).await;
        let event = gateway.invoked("default").await;
        assert_eq!(event["requestContext"]["routeKey"], "$default");
        assert_eq!(event["requestContext"]["eventType"], "MESSAGE");
        assert_eq!(event["body"], message);
    }
}

#[tokio::test]
async fn case_30_a_nested_path_selects() {
    let routes = only_connect("$request.body.service.do").with("echo", Route::one_way("echo"));
    let mut gateway = Setup::new().routes(routes).start().await;
    let (mut client, _) = gateway.connected().await;
    client.send(r#"{"service":{"do":"echo"}}"#).await;
    gateway.invoked("echo").await;
}

#[tokio::test]
async fn case_31_several_variables_select() {
    let routes = only_connect("${request.body.service}/${request.body.action}")
        .with("chat/join", Route::one_way("join"));
    let mut gateway = Setup::new().routes(routes).start().await;
    let (mut client, _) = gateway.connected().await;
    client.send(r#"{"service":"chat","action":"join"}"#).await;
    gateway.invoked("join").await;
}

#[tokio::test]
async fn case_32_a_number_selects_by_its_digits() {
    let mut gateway = Setup::new()
        .routes(table_routes().with("1", Route::one_way("digit")))
        .start()
        .await;
    let (mut client, _) = gateway.connected().await;
    client.send(r#"{"action":1}"#).await;
    gateway.invoked("digit").await;
}

#[tokio::test]
async fn case_33_no_route_and_no_default_sends_forbidden() {
    let routes = only_connect("$request.body.action").with("echo2", Route::two_way("echo2"));
    let mut gateway = Setup::new().routes(routes).start().await;
    let (mut client, connect) = gateway.connected().await;
    for message in [
        r#"{"action":"nope"}"#,
        "no JSON",
        r#"{"action":"$connect"}"#,
    ] {
        client.send(message).await;
        let frame = client.text().await;
        assert_eq!(frame, notice("Forbidden", &id_of(&connect), &frame));
    }
    gateway.assert_not_invoked();
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, r#"{"action":"echo2"}"#, "still open");
}

/// `one` answers as given: the client sees the error frame, and the next message works.
async fn internal_server_error(answer: fn() -> support::Answer) {
    let setup = Setup::new().answer(move |name, event| match name {
        "one" => answer(),
        _ => ok(json!({"statusCode": 200, "body": event["body"]})),
    });
    let mut gateway = setup.start().await;
    let (mut client, connect) = gateway.connected().await;
    client.send(r#"{"action":"one"}"#).await;
    let frame = client.text().await;
    assert_eq!(
        frame,
        notice("Internal server error", &id_of(&connect), &frame)
    );
    let request = &gateway.invoked("one").await["requestContext"]["requestId"];
    assert!(
        frame.contains(request.as_str().expect("request id")),
        "{frame}"
    );
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, r#"{"action":"echo2"}"#, "still open");
}

#[tokio::test]
async fn case_34_a_throw_sends_internal_server_error() {
    internal_server_error(|| throw("no")).await;
    internal_server_error(|| Box::pin(async { panic!("on purpose") })).await;
}

#[tokio::test]
async fn case_35_no_answer_sends_internal_server_error() {
    internal_server_error(|| ok(Value::Null)).await;
}

#[tokio::test]
async fn case_36_an_unknown_key_sends_internal_server_error() {
    internal_server_error(|| ok(json!({"statusCode": 200, "foo": 1}))).await;
    internal_server_error(|| ok(json!({"body": "no status"}))).await;
}

#[tokio::test]
async fn case_37_a_one_way_answer_reaches_nobody() {
    for status in [200, 201, 301, 401, 501] {
        let setup = Setup::new().answer(move |name, event| match name {
            "one" => ok(json!({"statusCode": status, "body": "hidden"})),
            _ => ok(json!({"statusCode": 200, "body": event["body"]})),
        });
        let mut gateway = setup.start().await;
        let (mut client, _) = gateway.connected().await;
        client.send(r#"{"action":"one"}"#).await;
        gateway.invoked("one").await;
        client.send(r#"{"action":"echo2"}"#).await;
        assert_eq!(
            client.text().await,
            r#"{"action":"echo2"}"#,
            "the first frame of all"
        );
    }
}

#[tokio::test]
async fn case_38_a_two_way_answer_is_exactly_the_body() {
    let body = json!({"statusCode": 200, "body": "{ \"x\" : 1 }\n"});
    let gateway = Setup::new().answers("echo2", body).start().await;
    let mut client = gateway.connect().await;
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, "{ \"x\" : 1 }\n");
}

#[tokio::test]
async fn case_39_a_two_way_500_still_delivers_its_body() {
    let answer = json!({"statusCode": 500, "body": "sorry"});
    let gateway = Setup::new().answers("echo2", answer).start().await;
    let mut client = gateway.connect().await;
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, "sorry");
}

#[tokio::test]
async fn case_40_a_two_way_answer_without_a_body_is_an_empty_message() {
    let gateway = Setup::new()
        .answers("echo2", json!({"statusCode": 200}))
        .start()
        .await;
    let mut client = gateway.connect().await;
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, "");
}

#[tokio::test]
async fn case_41_a_timeout_sends_endpoint_request_timed_out() {
    let setup = Setup::new().answer(|name, _| match name {
        "one" => never(),
        _ => ok(json!({"statusCode": 200, "body": "open"})),
    });
    let mut gateway = setup.start().await;
    let (mut client, connect) = gateway.connected().await;
    client.send(r#"{"action":"one"}"#).await;
    gateway.invoked("one").await;
    gateway.clock.advance(Duration::from_millis(28_999));
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, "open", "no timeout before its time");
    gateway.clock.advance(Duration::from_millis(1));
    let frame = client.text().await;
    assert_eq!(
        frame,
        notice("Endpoint request timed out", &id_of(&connect), &frame)
    );
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, "open");
}

#[tokio::test]
async fn case_42_messages_of_one_connection_run_concurrently() {
    let gate = Arc::new(Notify::new());
    let opened = Arc::clone(&gate);
    let setup = Setup::new().answer(move |_, event| {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            let body = event["body"].as_str().unwrap_or_default().to_owned();
            if body.contains("slow") {
                gate.notified().await;
            }
            Ok(json!({"statusCode": 200, "body": body}))
        })
    });
    let gateway = setup.start().await;
    let mut client = gateway.connect().await;
    let (slow, fast) = (r#"{"action":"echo2","slow":1}"#, r#"{"action":"echo2"}"#);
    client.send(slow).await;
    client.send(fast).await;
    assert_eq!(client.text().await, fast);
    opened.notify_one();
    assert_eq!(client.text().await, slow);
}

#[tokio::test]
async fn case_43_a_binary_frame_closes_with_1003() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    client.send_frame(BINARY, b"\x00\x01").await;
    assert_eq!(client.closed().await.0, 1003);
    let event = gateway.invoked("disconnect").await;
    assert_eq!(event["requestContext"]["disconnectStatusCode"], 1003);
}

#[tokio::test]
async fn case_44_a_frame_has_at_most_32_kb() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    client.send_frame(TEXT, &[b'x'; 32_768]).await;
    let event = gateway.invoked("default").await;
    assert_eq!(event["body"].as_str().map(str::len), Some(32_768));
    client.send_frame(TEXT, &[b'x'; 32_769]).await;
    assert_eq!(client.closed().await.0, 1009);
    gateway.invoked("disconnect").await;
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn case_45_a_message_has_at_most_128_kb_in_frames_of_32() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    let part = [b'x'; 32_768];
    for first in [TEXT_MORE, REST_MORE, REST_MORE, REST] {
        client.send_frame(first, &part).await;
    }
    let event = gateway.invoked("default").await;
    assert_eq!(event["body"].as_str().map(str::len), Some(131_072));
    for first in [TEXT_MORE, REST_MORE, REST_MORE, REST_MORE] {
        client.send_frame(first, &part).await;
    }
    client.send_frame(REST, b"x").await;
    assert_eq!(client.closed().await.0, 1009);
    gateway.invoked("disconnect").await;
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn case_66_the_last_function_of_a_route_key_wins() {
    let routes = table_routes().with("one", Route::one_way("another"));
    let mut gateway = Setup::new().routes(routes).start().await;
    let (mut client, _) = gateway.connected().await;
    client.send(r#"{"action":"one"}"#).await;
    gateway.invoked("another").await;
}

#[tokio::test]
async fn case_67_a_refused_model_sends_bad_request_body() {
    let strict = Route {
        model: Some(|message| message["text"].is_string()),
        ..Route::two_way("strict")
    };
    let routes = table_routes().with("strict", strict);
    let mut gateway = Setup::new().routes(routes).start().await;
    let (mut client, connect) = gateway.connected().await;
    client.send(r#"{"action":"strict","text":1}"#).await;
    let frame = client.text().await;
    let message = frame.rsplit('"').nth(1).expect("a message id");
    assert!(is_id(message), "{frame}");
    let connection = id_of(&connect);
    assert_eq!(
        frame,
        format!(
            r#"{{"message" : "Bad request body", "connectionId": "{connection}", "messageId": "{message}"}}"#
        )
    );
    gateway.assert_not_invoked();
    let valid = r#"{"action":"strict","text":"x"}"#;
    client.send(valid).await;
    assert_eq!(client.text().await, valid);
}
