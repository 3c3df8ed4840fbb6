//! Event and answer JSON: three vintages of the one, the proxy form of the other.

use serde_json::json;
use switchboard_backend::{Event, QueueEvent, Response, event::EventType};

use crate::support::{World, body, fixture};

#[test]
fn a_connect_event_is_read() {
    let mut event = fixture(include_str!("events/connect.json"), "TXzPWdnOjoECGjA=");
    event["queryStringParameters"] = json!({"userId": "ana"});
    let event: Event = serde_json::from_value(event).unwrap();
    let context = event.request_context;
    assert_eq!(context.event_type, EventType::Connect);
    assert_eq!(context.connection_id.as_str(), "TXzPWdnOjoECGjA=");
    assert_eq!(context.connected_at, Some(1_708_326_702_789));
    assert_eq!(context.identity.user_agent.as_deref(), Some("Mozilla/5.0"));
    assert_eq!(event.query_string_parameters.unwrap()["userId"], "ana");
    assert_eq!(event.body, None);
}

#[test]
fn a_disconnect_event_is_read() {
    let event: Event = serde_json::from_str(include_str!("events/disconnect.json")).unwrap();
    let context = event.request_context;
    assert_eq!(context.event_type, EventType::Disconnect);
    assert_eq!(context.disconnect_status_code, Some(1005));
    let reason = "Client-side close frame status not set";
    assert_eq!(context.disconnect_reason.as_deref(), Some(reason));
}

#[test]
fn null_and_absent_mean_the_same() {
    let event: Event = serde_json::from_str(include_str!("events/message_2020.json")).unwrap();
    assert!(!event.is_base64_encoded);
    assert_eq!(event.body.as_deref(), Some("hi"));
    assert!(event.headers.is_none() && event.request_context.authorizer.is_none());
    let mut event = fixture(include_str!("events/message_2020.json"), "a=");
    event["requestContext"]["identity"] = json!(null);
    event["requestContext"]
        .as_object_mut()
        .unwrap()
        .remove("requestTimeEpoch");
    assert!(serde_json::from_value::<Event>(event).is_ok());
}

#[test]
fn a_queue_event_is_read() {
    let event: QueueEvent = serde_json::from_str(include_str!("events/queue.json")).unwrap();
    assert_eq!(event.records[0].body, "Test message.");
    assert_eq!(
        event.records[0].message_id,
        "059f36b4-87a3-44ab-83d2-661975830a7d"
    );
}

#[test]
fn an_answer_has_the_proxy_form() {
    let answer = serde_json::to_value(Response::ok("Connected.")).unwrap();
    assert_eq!(answer, json!({"statusCode": 200, "body": "Connected."}));
}

#[test]
fn a_binary_message_is_refused() {
    let world = World::new();
    world.older("a=", None);
    let mut event = fixture(include_str!("events/message.json"), "a=");
    event["isBase64Encoded"] = json!(true);
    let answer = world.handle(event).unwrap();
    assert_eq!(
        (answer.status_code, body(&answer)),
        (400, "Binary messages are not supported.")
    );
}

#[test]
fn a_route_of_nobody_says_so() {
    let answer = World::new().try_route("a=", "chat", "{}").unwrap();
    assert_eq!(
        (answer.status_code, body(&answer)),
        (404, "Nothing serves chat.")
    );
}
