//! Cases 28–45, 48 and 66: which route a message takes, what its answer does, what is too much.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::case;
use crate::{
    Case,
    support::{
        Answer,
        client::{BINARY, Frame, PING, PONG, REST, REST_MORE, TEXT, TEXT_MORE},
        notice, ok, throw,
    },
    target::{Target, echo},
};

const ECHO: &str = r#"{"action":"echo2"}"#;
const ONE: &str = r#"{"action":"one"}"#;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(28, "an action selects its route", selects),
        case!(29, "what selects no route goes to `$default`", default),
        case!(32, "a number selects by its digits", digits),
        case!(34, "a throw sends `Internal server error`", throws),
        case!(35, "no answer sends `Internal server error`", nothing),
        case!(
            36,
            "an unknown key sends `Internal server error`",
            unknown_key
        ),
        case!(37, "a one-way answer reaches nobody", one_way),
        case!(38, "a two-way answer is exactly the body", two_way),
        case!(39, "a two-way 500 still delivers its body", two_way_500),
        case!(
            40,
            "a two-way answer without a body is an empty message",
            empty
        ),
        case!(
            42,
            "messages of one connection run concurrently",
            concurrently
        ),
        case!(43, "a binary frame closes with 1003", binary),
        case!(44, "a frame has at most 32 KB (1009)", frame_limit),
        case!(
            45,
            "a message has at most 128 KB in frames of 32 (1009)",
            message_limit
        ),
        case!(48, "a ping is answered and reaches no function", ping),
    ]
}

pub(super) fn without_default() -> Vec<Case> {
    vec![case!(
        33,
        "no route and no `$default` sends `Forbidden`",
        forbidden
    )]
}

pub(super) fn nested() -> Vec<Case> {
    vec![case!(30, "`$request.body.service.do` selects", by_a_path)]
}

pub(super) fn several() -> Vec<Case> {
    vec![case!(31, "several variables select", by_two)]
}

pub(super) fn twice() -> Vec<Case> {
    vec![case!(
        66,
        "of two functions on a route key the last runs",
        last
    )]
}

async fn selects(target: Arc<Target>) {
    let mut client = target.connect().await;
    client.send(ONE).await;
    let event = target.invoked("one").await;
    assert_eq!(event["requestContext"]["routeKey"], "one");
}

async fn default(target: Arc<Target>) {
    let mut client = target.connect().await;
    for message in [
        r#"{"action":"nope"}"#,
        r#"{"x":1}"#,
        "hello",
        "[1]",
        r#""s""#,
    ] {
        client.send(message).await;
        let event = target.invoked("default").await;
        assert_eq!(event["body"], message);
        assert_eq!(event["requestContext"]["routeKey"], "$default");
    }
}

async fn digits(target: Arc<Target>) {
    let mut client = target.connect().await;
    target.invoked("connect").await;
    client.send(r#"{"action":1}"#).await;
    assert_eq!(target.taken_by().await, "digit");
}

/// The client sees the error frame, to the byte, and the next message works.
async fn error_frame(target: &Target, answer: fn() -> Answer) {
    target.answers("one", answer);
    let (mut client, id) = target.connected().await;
    client.send(ONE).await;
    let frame = client.text().await;
    assert_eq!(frame, notice("Internal server error", &id, &frame));
    client.send(ECHO).await;
    assert_eq!(client.text().await, ECHO);
}

async fn throws(target: Arc<Target>) {
    error_frame(&target, || throw("no")).await;
}

async fn nothing(target: Arc<Target>) {
    error_frame(&target, || ok(Value::Null)).await;
}

async fn unknown_key(target: Arc<Target>) {
    error_frame(&target, || ok(json!({"statusCode": 200, "foo": 1}))).await;
}

async fn one_way(target: Arc<Target>) {
    for status in [200, 201, 301, 401, 501] {
        target.answers("one", move || {
            ok(json!({"statusCode": status, "body": "hidden"}))
        });
        let mut client = target.connect().await;
        client.send(ONE).await;
        target.invoked("one").await;
        client.send(ECHO).await;
        assert_eq!(client.text().await, ECHO);
    }
}

/// The frame after a two-way answer.
async fn answered(target: &Target, answer: Value) -> String {
    target.answers("echo2", move || ok(answer.clone()));
    let mut client = target.connect().await;
    client.send(ECHO).await;
    client.text().await
}

async fn two_way(target: Arc<Target>) {
    let answer = json!({"statusCode": 200, "body": "{ \"x\" : 1 }\n"});
    assert_eq!(answered(&target, answer).await, "{ \"x\" : 1 }\n");
}

async fn two_way_500(target: Arc<Target>) {
    let answer = json!({"statusCode": 500, "body": "sorry"});
    assert_eq!(answered(&target, answer).await, "sorry");
}

async fn empty(target: Arc<Target>) {
    assert_eq!(answered(&target, json!({"statusCode": 200})).await, "");
}

async fn concurrently(target: Arc<Target>) {
    let go = Arc::new(Notify::new());
    let wait = Arc::clone(&go);
    target.answer(move |name, event| {
        if event["body"] != ECHO || name != "echo2" {
            return echo(name, event);
        }
        let wait = Arc::clone(&wait);
        Box::pin(async move {
            wait.notified().await;
            Ok(json!({"statusCode": 200, "body": "slow"}))
        })
    });
    let mut client = target.connect().await;
    client.send(ECHO).await;
    target.invoked("echo2").await;
    let fast = r#"{"action":"echo2","fast":true}"#;
    client.send(fast).await;
    assert_eq!(client.text().await, fast);
    go.notify_one();
    assert_eq!(client.text().await, "slow");
}

async fn binary(target: Arc<Target>) {
    let mut client = target.connect().await;
    client.send_frame(BINARY, b"\x01\x02").await;
    assert_eq!(client.closed().await.0, 1003);
}

/// `{"action":"one","x":"…"}` of this many bytes.
fn padded(length: usize) -> Vec<u8> {
    let (start, end) = (r#"{"action":"one","x":""#, r#""}"#);
    let fill = "x".repeat(length - start.len() - end.len());
    format!("{start}{fill}{end}").into_bytes()
}

const FRAME: usize = 32 * 1024;

async fn frame_limit(target: Arc<Target>) {
    let mut client = target.connect().await;
    client.send_frame(TEXT, &padded(FRAME)).await;
    target.invoked("one").await;
    client.send_frame(TEXT, &padded(FRAME + 1)).await;
    assert_eq!(client.closed().await.0, 1009);
}

async fn message_limit(target: Arc<Target>) {
    let mut client = target.connect().await;
    for (extra, last) in [(0, REST), (1, REST_MORE)] {
        let message = padded(4 * FRAME + extra);
        for (number, part) in message.chunks(FRAME).enumerate() {
            let first = match number {
                0 => TEXT_MORE,
                1 | 2 => REST_MORE,
                3 => last,
                _ => REST,
            };
            client.send_frame(first, part).await;
        }
        if extra == 0 {
            target.invoked("one").await;
        }
    }
    assert_eq!(client.closed().await.0, 1009);
}

async fn ping(target: Arc<Target>) {
    let (mut client, _) = target.connected().await;
    client.send_frame(PING, b"payload").await;
    let payload = b"payload".to_vec();
    let pong = Frame {
        first: PONG,
        payload,
    };
    assert_eq!(client.frame().await, Some(pong));
    client.send(ECHO).await;
    client.text().await;
    assert_eq!(target.rest().await, ["echo2"]);
}

async fn forbidden(target: Arc<Target>) {
    let (mut client, id) = target.connected().await;
    client.send(r#"{"action":"nope"}"#).await;
    let frame = client.text().await;
    assert_eq!(frame, notice("Forbidden", &id, &frame));
    client.send(ECHO).await;
    assert_eq!(client.text().await, ECHO);
}

async fn by_a_path(target: Arc<Target>) {
    let mut client = target.connect().await;
    client.send(r#"{"service":{"do":"echo"}}"#).await;
    target.invoked("echo").await;
}

async fn by_two(target: Arc<Target>) {
    let mut client = target.connect().await;
    client.send(r#"{"service":"chat","action":"join"}"#).await;
    target.invoked("join").await;
}

async fn last(target: Arc<Target>) {
    let (mut client, _) = target.connected().await;
    client.send(ONE).await;
    assert_eq!(target.taken_by().await, "another");
}
