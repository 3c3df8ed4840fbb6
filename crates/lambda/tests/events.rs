//! Events and answers against the types that others read and write them with.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

mod support;

use aws_lambda_events::{
    apigw::{ApiGatewayProxyResponse, ApiGatewayWebsocketProxyRequest},
    sqs::{SqsBatchResponse, SqsEvent},
};
use serde_json::{Value, json};
use support::events;
use switchboard_backend::{Event, QueueEvent, Response};
use switchboard_lambda::function::{handlers, publish, route};

/// The same event, read by ours and by theirs.
fn both(event: Value) -> (Event, ApiGatewayWebsocketProxyRequest) {
    let theirs = serde_json::from_value(event.clone()).unwrap();
    (serde_json::from_value(event).unwrap(), theirs)
}

#[test]
fn events_are_read_as_others_read_them() {
    let frame = json!({"action": "ping", "n": 1});
    for event in [
        events::connect("a=", "ana"),
        events::message("a=", "ping", &frame),
        events::disconnect("a="),
    ] {
        let (ours, theirs) = both(event);
        let (here, there) = (ours.request_context, theirs.request_context);
        assert_eq!(
            Some(here.connection_id.as_str()),
            there.connection_id.as_deref()
        );
        assert_eq!(Some(here.route_key), there.route_key);
        assert_eq!(here.connected_at, there.connected_at.try_into().ok());
        assert_eq!(ours.body, theirs.body);
        let query = ours.query_string_parameters.unwrap_or_default();
        let ticket = query.get("ticket").map(String::as_str);
        assert_eq!(ticket, theirs.query_string_parameters.first("ticket"));
    }
    let batch: SqsEvent = serde_json::from_value(events::queue(&["one", "two"])).unwrap();
    let batch = serde_json::to_value(batch).unwrap();
    let batch: QueueEvent = serde_json::from_value(batch).unwrap();
    assert_eq!(batch.records[1].body, "two");
}

/// The authorizer's map is flat in events of a WebSocket API, unlike those of an HTTP API.
#[test]
fn the_authorizers_principal_is_in_every_event() {
    let mut event = events::disconnect("a=");
    event["requestContext"]["authorizer"] = json!({"principalId": "ana", "integrationLatency": 42});
    let (ours, theirs) = both(event);
    let ours = ours.request_context.authorizer.unwrap();
    assert_eq!(ours["principalId"], "ana");
    let theirs = theirs.request_context.authorizer;
    assert_eq!(theirs.fields["principalId"], "ana");
}

#[test]
fn answers_are_what_others_read() {
    let answer = serde_json::to_value(Response::ok("Connected.")).unwrap();
    let answer: ApiGatewayProxyResponse = serde_json::from_value(answer).unwrap();
    assert_eq!(answer.status_code, 200);
}

#[tokio::test]
async fn the_publisher_names_the_records_to_be_tried_again() {
    let environment = support::environment("http://127.0.0.1:9", "http://127.0.0.1:9", "chat");
    let handlers = handlers(&environment);
    // Nobody is at that port: the roster cannot be read.
    let answer = publish(&handlers, events::queue(&["one", "two"]))
        .await
        .unwrap();
    let answer = serde_json::to_value(answer).unwrap();
    let answer: SqsBatchResponse = serde_json::from_value(answer).unwrap();
    let failed = answer.batch_item_failures.iter();
    let failed: Vec<&str> = failed
        .map(|failure| failure.item_identifier.as_str())
        .collect();
    assert_eq!(failed, ["r0", "r1"]);
}

#[tokio::test]
async fn an_event_of_another_shape_is_an_error_that_quotes_nothing() {
    let environment = support::environment("http://127.0.0.1:9", "http://127.0.0.1:9", "chat");
    let handlers = handlers(&environment);
    let hostile_id = "\u{0}".repeat(10_000);
    let mut nameless = events::connect("a=", "ana");
    nameless["requestContext"]["connectionId"] = Value::Null;
    for event in [
        Value::Null,
        json!("secret"),
        json!({"requestContext": "secret"}),
        json!({"Records": [{"body": "secret"}]}),
        nameless,
        events::connect(&hostile_id, "ana"),
        events::queue(&["secret"]),
    ] {
        let error = route(&handlers, event).await.unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), ("MalformedEvent", ""));
    }
    let error = publish(&handlers, events::connect("a=", "ana"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, "MalformedEvent");
}

#[tokio::test]
async fn a_failing_store_has_a_name_of_its_own() {
    let environment = support::environment("http://127.0.0.1:9", "http://127.0.0.1:9", "chat");
    let handlers = handlers(&environment);
    let error = route(&handlers, events::hello("a=")).await.unwrap_err();
    assert_eq!(error.kind, "StoreUnavailable");
    assert!(error.message.contains("GetItem"), "{}", error.message);
    // A refused handshake is an answer.
    let answer = route(&handlers, events::connect("a=", "ana"))
        .await
        .unwrap();
    assert_eq!(answer.status_code, 500);
}
