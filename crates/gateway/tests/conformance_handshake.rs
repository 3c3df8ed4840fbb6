//! Conformance cases 1–16 and 23–26 of the reference §10: the handshake and the CONNECT event.
//! Cases 17–22 are `conformance_authorizer.rs`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use support::{
    Answer, Harness, Setup,
    client::{ACCEPT, Client, begin, handshake},
    http, id_of, is_id, keys, never, ok, throw, within,
};
use switchboard_gateway::{Route, Routes};
use tokio::sync::Notify;

/// The answer to a handshake when `$connect` answers so, and what else was invoked.
async fn refused(connect: impl Fn() -> Answer + Send + Sync + 'static) -> http::Response {
    let setup = Setup::new().answer(move |name, _| match name {
        "connect" => connect(),
        _ => ok(json!({"statusCode": 200})),
    });
    let mut gateway = setup.start().await;
    let (_, response) = handshake(gateway.address, "/dev", &[]).await;
    gateway.invoked("connect").await;
    assert_eq!(gateway.connections.count(), 0);
    gateway.assert_not_invoked();
    response
}

#[tokio::test]
async fn case_01_connect_runs_once_before_the_101() {
    let mut gateway = Harness::start().await;
    let (_client, response) = handshake(gateway.address, "/dev", &[]).await;
    assert_eq!(response.status, 101);
    assert_eq!(response.header("connection"), Some("upgrade"));
    assert_eq!(response.header("upgrade"), Some("websocket"));
    assert_eq!(response.header("sec-websocket-accept"), Some(ACCEPT));
    let event = gateway.invoked("connect").await;
    assert_eq!(event["requestContext"]["eventType"], "CONNECT");
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn case_02_a_trailing_slash_connects() {
    let gateway = Harness::start().await;
    Client::connect(gateway.address, "/dev/").await;
}

#[tokio::test]
async fn case_03_a_plain_get_is_426() {
    let mut gateway = Harness::start().await;
    for path in ["/dev", "/dev/", "/dev/x", "/dev/x/y"] {
        assert_eq!(http::get(gateway.address, path).await.status, 426, "{path}");
    }
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn case_04_an_unknown_stage_is_403_without_an_event() {
    let mut gateway = Harness::start().await;
    for path in ["/prod", "/", "/devx", "/dev/deeper"] {
        let (_, response) = handshake(gateway.address, path, &[]).await;
        assert_eq!(response.status, 403, "{path}");
        assert_eq!(response.text(), r#"{"message":"Forbidden"}"#);
    }
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn case_05_without_a_connect_route_everybody_is_accepted() {
    let routes = Routes::new("$request.body.action")
        .expect("expression")
        .with("echo2", Route::two_way("echo2"));
    let gateway = Setup::new().routes(routes).start().await;
    let mut client = gateway.connect().await;
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, r#"{"action":"echo2"}"#);
}

#[tokio::test]
async fn case_06_201_connects() {
    let gateway = Setup::new()
        .answers("connect", json!({"statusCode": 201}))
        .start()
        .await;
    gateway.connect().await;
}

#[tokio::test]
async fn case_07_400_is_passed_through_and_there_is_no_disconnect() {
    let response = refused(|| ok(json!({"statusCode": 400}))).await;
    assert_eq!(response.status, 400);
}

#[tokio::test]
async fn case_08_other_statuses_are_passed_through() {
    for status in [301, 401, 403, 429, 500, 501, 502] {
        let response = refused(move || ok(json!({"statusCode": status}))).await;
        assert_eq!(response.status, status);
    }
}

#[tokio::test]
async fn case_09_a_throw_is_502() {
    assert_eq!(refused(|| throw("no")).await.status, 502);
    let panics = || -> Answer { Box::pin(async { panic!("on purpose") }) };
    assert_eq!(refused(panics).await.status, 502);
}

#[tokio::test]
async fn case_10_no_answer_is_502() {
    assert_eq!(refused(|| ok(Value::Null)).await.status, 502);
    assert_eq!(
        refused(|| ok(json!({"body": "no status"}))).await.status,
        502
    );
}

#[tokio::test]
async fn case_11_a_timeout_is_504() {
    let mut gateway = Setup::new().answer(|_, _| never()).start().await;
    let mut stream = begin(gateway.address, "/dev", &[]).await;
    gateway.invoked("connect").await;
    gateway.clock.advance(Duration::from_secs(29));
    let response = within(http::read_response(&mut stream)).await;
    assert_eq!(response.status, 504);
    assert_eq!(gateway.connections.count(), 0);
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn case_12_the_101_waits_for_connect_and_posts_meanwhile_are_gone() {
    let gate = Arc::new(Notify::new());
    let opened = Arc::clone(&gate);
    let setup = Setup::new().answer(move |_, _| {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            gate.notified().await;
            Ok(json!({"statusCode": 200}))
        })
    });
    let mut gateway = setup.start().await;
    let mut stream = begin(gateway.address, "/dev", &[]).await;
    let id = id_of(&gateway.invoked("connect").await);
    let path = format!("/dev/@connections/{id}");
    assert_eq!(
        http::post(gateway.address, &path, b"early").await.status,
        410
    );
    let answered = stream.try_read(&mut [0; 1]);
    assert!(
        answered.is_err(),
        "nothing is said before $connect has answered"
    );
    opened.notify_one();
    assert_eq!(within(http::read_response(&mut stream)).await.status, 101);
    assert_eq!(http::post(gateway.address, &path, b"now").await.status, 200);
    assert_eq!(Client { stream }.text().await, "now");
}

#[tokio::test]
async fn case_13_the_subprotocol_that_connect_returns_is_chosen() {
    let answer = json!({"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "myprotocol"}});
    let mut gateway = Setup::new().answers("connect", answer).start().await;
    let offer = ["Sec-WebSocket-Protocol: chat1,myprotocol"];
    let (_client, response) = handshake(gateway.address, "/dev", &offer).await;
    assert_eq!(response.status, 101);
    assert_eq!(
        response.header("sec-websocket-protocol"),
        Some("myprotocol")
    );
    let event = gateway.invoked("connect").await;
    assert_eq!(
        event["headers"]["Sec-WebSocket-Protocol"],
        "chat1,myprotocol"
    );
}

#[tokio::test]
async fn case_14_no_subprotocol_is_chosen_by_the_gateway() {
    let gateway = Harness::start().await;
    let offer = ["Sec-WebSocket-Protocol: chat1"];
    let (_client, response) = handshake(gateway.address, "/dev", &offer).await;
    assert_eq!(response.status, 101);
    assert_eq!(response.header("sec-websocket-protocol"), None);
}

#[tokio::test]
async fn case_15_body_and_headers_of_connect_stay_inside() {
    let answer = json!({"statusCode": 200, "headers": {"X-Secret": "1"}, "body": "hidden"});
    let mut gateway = Setup::new()
        .answer(move |name, event| match name {
            "connect" => ok(answer.clone()),
            _ => ok(json!({"statusCode": 200, "body": event["body"]})),
        })
        .start()
        .await;
    let (mut client, response) = handshake(gateway.address, "/dev", &[]).await;
    assert_eq!(response.header("x-secret"), None);
    assert_eq!(response.body, b"");
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(
        client.text().await,
        r#"{"action":"echo2"}"#,
        "the first frame of all"
    );
    gateway.invoked("connect").await;
}

#[tokio::test]
async fn case_16_permessage_deflate_is_accepted_unless_switched_off() {
    let offer = ["Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=12"];
    let gateway = Harness::start().await;
    let (mut client, response) = handshake(gateway.address, "/dev", &offer).await;
    assert_eq!(
        response.header("sec-websocket-extensions"),
        Some(
            "permessage-deflate;server_no_context_takeover;client_no_context_takeover;\
             server_max_window_bits=12"
        )
    );
    for _ in 0..2 {
        client
            .send_frame(0xc1, &deflated(br#"{"action":"echo2"}"#))
            .await;
        assert_eq!(client.text().await, r#"{"action":"echo2"}"#);
    }
    let mut setup = Setup::new();
    setup.config.switches.deflate = false;
    let gateway = setup.start().await;
    let (_client, response) = handshake(gateway.address, "/dev", &offer).await;
    assert_eq!(response.status, 101);
    assert_eq!(response.header("sec-websocket-extensions"), None);
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 64);
    flate2::Compress::new(flate2::Compression::best(), false)
        .compress_vec(text, &mut out, flate2::FlushCompress::Sync)
        .expect("compresses");
    assert!(out.ends_with(&[0, 0, 0xff, 0xff]));
    out.truncate(out.len() - 4);
    out
}

#[tokio::test]
async fn case_23_query_string_parameters_are_there_or_absent() {
    let mut gateway = Harness::start().await;
    handshake(
        gateway.address,
        "/dev?now=1&before=2&a%20b=c%26d+e&now=3",
        &[],
    )
    .await;
    let event = gateway.invoked("connect").await;
    assert_eq!(
        event["queryStringParameters"],
        json!({"now": "3", "before": "2", "a b": "c&d e"})
    );
    assert_eq!(
        event["multiValueQueryStringParameters"],
        json!({"now": ["1", "3"], "before": ["2"], "a b": ["c&d e"]})
    );
    let mut gateway = Harness::start().await;
    let (_client, event) = gateway.connected().await;
    assert_eq!(event.get("queryStringParameters"), None);
    assert_eq!(event.get("multiValueQueryStringParameters"), None);
}

#[tokio::test]
async fn case_24_custom_headers_keep_their_spelling() {
    let mut gateway = Harness::start().await;
    let extra = [
        "X-cUstom-Header: Value",
        "Authorization: Basic dTpw",
        "x-twice: 1",
        "x-twice: 2",
    ];
    let (_client, _) = handshake(gateway.address, "/dev", &extra).await;
    let event = gateway.invoked("connect").await;
    assert_eq!(event["headers"]["X-cUstom-Header"], "Value");
    assert_eq!(
        event["multiValueHeaders"]["X-cUstom-Header"],
        json!(["Value"])
    );
    assert_eq!(event["headers"]["Authorization"], "Basic dTpw");
    assert_eq!(
        event["multiValueHeaders"]["Authorization"],
        json!(["Basic dTpw"])
    );
    assert_eq!(event["headers"]["x-twice"], "2");
    assert_eq!(event["multiValueHeaders"]["x-twice"], json!(["1", "2"]));
}

#[tokio::test]
async fn case_25_the_connect_event_has_exactly_the_recorded_keys() {
    let mut gateway = Harness::start().await;
    let extra = ["User-Agent: Mozilla/5.0", "Host: 127.0.0.1:8787"];
    let (_client, _) = handshake(gateway.address, "/dev?k=v", &extra).await;
    let event = gateway.invoked("connect").await;
    assert_eq!(
        keys(&event),
        [
            "headers",
            "isBase64Encoded",
            "multiValueHeaders",
            "multiValueQueryStringParameters",
            "queryStringParameters",
            "requestContext"
        ]
    );
    assert_eq!(
        keys(&event["headers"]),
        [
            "Host",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "User-Agent",
            "X-Amzn-Trace-Id",
            "X-Forwarded-For",
            "X-Forwarded-Port",
            "X-Forwarded-Proto"
        ]
    );
    let context = &event["requestContext"];
    let id = context["connectionId"].clone();
    let request = context["requestId"].clone();
    assert_eq!(
        *context,
        json!({
            "routeKey": "$connect",
            "eventType": "CONNECT",
            "extendedRequestId": request,
            "requestTime": "21/Nov/2026:08:00:00 +0000",
            "messageDirection": "IN",
            "stage": "dev",
            "connectedAt": support::START_MS,
            "requestTimeEpoch": support::START_MS,
            "identity": {"userAgent": "Mozilla/5.0", "sourceIp": "127.0.0.1"},
            "requestId": request,
            "domainName": "127.0.0.1:8787",
            "connectionId": id,
            "apiId": "localgw001",
        })
    );
    assert_eq!(event["isBase64Encoded"], false);
    let trace = event["headers"]["X-Amzn-Trace-Id"]
        .as_str()
        .expect("trace id");
    assert!(trace.starts_with("Root=1-6b01"), "{trace}");
}

#[tokio::test]
async fn case_26_connection_ids_have_the_platforms_form() {
    let mut gateway = Harness::start().await;
    let mut ids = std::collections::HashSet::new();
    for _ in 0..20 {
        let (mut client, connect) = gateway.connected().await;
        let id = id_of(&connect);
        assert!(is_id(&id), "{id}");
        client.send("x").await;
        let message = gateway.invoked("default").await;
        assert_eq!(id_of(&message), id);
        let path = format!("/dev/@connections/{id}");
        assert_eq!(http::post(gateway.address, &path, b"y").await.status, 200);
        assert_eq!(client.text().await, "y");
        client.send_close(1000, "").await;
        assert_eq!(id_of(&gateway.invoked("disconnect").await), id);
        assert!(ids.insert(id));
    }
}
