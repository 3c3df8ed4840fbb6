//! Cases 23–27 and 50–52: what the events say.

use std::sync::Arc;

use serde_json::{Value, json};

use super::case;
use crate::{
    Case,
    support::{client::handshake, id_of, is_id, keys},
    target::{NORMAL, Target, leave},
};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            23,
            "query string parameters are there, or their keys absent",
            query
        ),
        case!(
            24,
            "headers are in `headers` and `multiValueHeaders`",
            headers
        ),
        case!(25, "CONNECT has exactly the recorded keys", connect),
        case!(26, "connection ids have the platform's form and stay", ids),
        case!(27, "MESSAGE has exactly the recorded keys", message),
        case!(
            50,
            "a close without a code is 1005 in DISCONNECT",
            close_without_a_code
        ),
        case!(
            51,
            "a client's code and reason are told",
            close_with_a_reason
        ),
        case!(
            52,
            "a browser that leaves is 1001 without a reason",
            close_by_leaving
        ),
    ]
}

async fn query(target: Arc<Target>) {
    handshake(target.address, "/dev?now=1&before=2", &[]).await;
    let event = target.invoked("connect").await;
    let single = json!({"now": "1", "before": "2"});
    assert_eq!(event["queryStringParameters"], single);
    let multiple = json!({"now": ["1"], "before": ["2"]});
    assert_eq!(event["multiValueQueryStringParameters"], multiple);
    let _client = target.connect().await;
    let event = target.invoked("connect").await;
    assert_eq!(event.get("queryStringParameters"), None);
    assert_eq!(event.get("multiValueQueryStringParameters"), None);
}

async fn headers(target: Arc<Target>) {
    let extra = ["X-cUstom-Header: Value", "Authorization: Basic dTpw"];
    let (_client, _) = target.handshake(&extra).await;
    let event = target.invoked("connect").await;
    for (name, value) in [
        ("X-cUstom-Header", "Value"),
        ("Authorization", "Basic dTpw"),
    ] {
        assert_eq!(event["headers"][name], value);
        assert_eq!(event["multiValueHeaders"][name], json!([value]));
    }
}

/// The keys of every event's context.
const CONTEXT: [&str; 13] = [
    "apiId",
    "connectedAt",
    "connectionId",
    "domainName",
    "eventType",
    "extendedRequestId",
    "identity",
    "messageDirection",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "routeKey",
    "stage",
];

#[track_caller]
fn assert_context(event: &Value, more: &[&str]) {
    let mut expected = [&CONTEXT, more].concat();
    expected.sort_unstable();
    let found = keys(&event["requestContext"]);
    let missing: Vec<_> = expected.iter().filter(|key| !found.contains(key)).collect();
    let extra: Vec<_> = found.iter().filter(|key| !expected.contains(key)).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing {missing:?}, too many {extra:?}"
    );
}

async fn connect(target: Arc<Target>) {
    let (_client, _) = target.handshake(&["User-Agent: Mozilla/5.0"]).await;
    let event = target.invoked("connect").await;
    assert_context(&event, &[]);
    let expected = [
        "headers",
        "isBase64Encoded",
        "multiValueHeaders",
        "requestContext",
    ];
    assert_eq!(keys(&event), expected);
    assert_eq!(
        keys(&event["requestContext"]["identity"]),
        ["sourceIp", "userAgent"]
    );
}

async fn ids(target: Arc<Target>) {
    let (mut client, id) = target.connected().await;
    client.send("x").await;
    assert_eq!(id_of(&target.invoked("default").await), id);
    assert_eq!(target.manage("POST", &id, b"y").await.status / 100, 2);
    assert_eq!(client.text().await, "y");
    leave(client, NORMAL).await;
    while id_of(&target.invoked("disconnect").await) != id {}
    assert!(is_id(&id), "{id}");
}

async fn message(target: Arc<Target>) {
    let (mut client, _) = target.handshake(&[]).await;
    let connected = target.invoked("connect").await["requestContext"]["connectedAt"].clone();
    let body = "{ \"action\":\"one\",  \"ü\": \"\u{1F600}\\u0000\"}\n";
    client.send(body).await;
    let event = target.invoked("one").await;
    assert_eq!(event["body"], body);
    let context = &event["requestContext"];
    assert_eq!(context["connectedAt"], connected);
    assert_eq!(context["requestId"], context["extendedRequestId"]);
    assert_eq!(keys(&event), ["body", "isBase64Encoded", "requestContext"]);
    assert_context(&event, &["messageId"]);
}

/// DISCONNECT after such a close frame.
async fn disconnect(target: &Target, payload: &[u8], code: u16, reason: &str) -> Value {
    let (client, id) = target.connected().await;
    leave(client, payload).await;
    let event = loop {
        let event = target.invoked("disconnect").await;
        if id_of(&event) == id {
            break event;
        }
    };
    let context = &event["requestContext"];
    assert_eq!(context["disconnectStatusCode"], code);
    assert_eq!(context["disconnectReason"], reason);
    event
}

async fn close_without_a_code(target: Arc<Target>) {
    let reason = "Client-side close frame status not set";
    let event = disconnect(&target, b"", 1005, reason).await;
    assert_context(&event, &["disconnectReason", "disconnectStatusCode"]);
    let expected = ["Host", "X-Forwarded-For", "x-api-key", "x-restapi"];
    assert_eq!(keys(&event["headers"]), expected);
}

async fn close_with_a_reason(target: Arc<Target>) {
    disconnect(&target, b"\x03\xe8bye", 1000, "bye").await;
}

async fn close_by_leaving(target: Arc<Target>) {
    disconnect(&target, b"\x03\xe9", 1001, "").await;
}
