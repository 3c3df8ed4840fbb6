//! Cases 1–16: what a handshake is answered.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::case;
use crate::{
    Case,
    support::{client::begin, http, id_of, ok, throw},
    target::{Target, echo},
};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(1, "`$connect` runs once, before the 101", connect_runs_once),
        case!(2, "a trailing `/` connects", trailing_slash),
        case!(3, "a plain GET is 426", plain_get),
        case!(4, "an unknown stage is 403, and no event", unknown_stage),
        case!(6, "`$connect` → 201 connects", created),
        case!(
            7,
            "`$connect` → 400 is passed on, and no `$disconnect`",
            refused
        ),
        case!(
            8,
            "`$connect` → 301, 401, 500, 501, 502 are passed on",
            statuses
        ),
        case!(9, "`$connect` throws: 502", throws),
        case!(10, "`$connect` answers nothing: 502", nothing),
        case!(
            12,
            "the 101 waits for `$connect`; posts meanwhile are 410",
            waits
        ),
        case!(
            13,
            "the subprotocol that `$connect` returns is chosen",
            chosen
        ),
        case!(14, "without one none is chosen", not_chosen),
        case!(15, "body and headers of `$connect` stay inside", inside),
        case!(16, "permessage-deflate is accepted", deflate),
    ]
}

pub(super) fn without_connect() -> Vec<Case> {
    vec![case!(
        5,
        "without a `$connect` route everybody is accepted",
        no_connect
    )]
}

async fn connect_runs_once(target: Arc<Target>) {
    let _client = target.connect().await;
    assert_eq!(target.rest().await, ["connect"]);
}

async fn trailing_slash(target: Arc<Target>) {
    let (_, response) = crate::support::client::handshake(target.address, "/dev/", &[]).await;
    assert_eq!(response.status, 101);
}

async fn plain_get(target: Arc<Target>) {
    assert_eq!(http::get(target.address, "/dev").await.status, 426);
}

async fn unknown_stage(target: Arc<Target>) {
    let (_, response) = crate::support::client::handshake(target.address, "/other", &[]).await;
    assert_eq!(response.status, 403);
    assert!(target.rest().await.is_empty(), "an event");
}

async fn status(target: &Target, answer: Value) -> u16 {
    target.answers("connect", move || ok(answer.clone()));
    target.handshake(&[]).await.1.status
}

async fn created(target: Arc<Target>) {
    assert_eq!(status(&target, json!({"statusCode": 201})).await, 101);
}

async fn refused(target: Arc<Target>) {
    assert_eq!(status(&target, json!({"statusCode": 400})).await, 400);
    let id = id_of(&target.invoked("connect").await);
    target.answer(echo);
    let mut client = target.connect().await;
    client.send(r#"{"action":"echo2"}"#).await;
    client.text().await;
    let ends = target.events().await.into_iter();
    let mut ends = ends.filter(|(name, event)| name == "disconnect" && id_of(event) == id);
    assert!(ends.next().is_none(), "a `$disconnect`");
}

async fn statuses(target: Arc<Target>) {
    for expected in [301, 401, 500, 501, 502] {
        let answer = json!({"statusCode": expected});
        assert_eq!(status(&target, answer).await, expected);
    }
}

async fn throws(target: Arc<Target>) {
    target.answers("connect", || throw("no"));
    assert_eq!(target.handshake(&[]).await.1.status, 502);
}

async fn nothing(target: Arc<Target>) {
    assert_eq!(status(&target, Value::Null).await, 502);
}

async fn waits(target: Arc<Target>) {
    let go = Arc::new(Notify::new());
    let wait = Arc::clone(&go);
    target.answers("connect", move || {
        let wait = Arc::clone(&wait);
        Box::pin(async move {
            wait.notified().await;
            Ok(json!({"statusCode": 200}))
        })
    });
    let mut stream = begin(target.address, "/dev", &[]).await;
    let id = id_of(&target.invoked("connect").await);
    let posted = target.manage("POST", &id, b"early").await.status;
    go.notify_one();
    assert_eq!(http::read_response(&mut stream).await.status, 101);
    assert_eq!(posted, 410, "a post before the 101");
}

const OFFER: [&str; 1] = ["Sec-WebSocket-Protocol: chat1,myprotocol"];

async fn chosen(target: Arc<Target>) {
    target.answers("connect", || {
        ok(json!({"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "myprotocol"}}))
    });
    let (_, response) = target.handshake(&OFFER).await;
    assert_eq!(
        response.header("sec-websocket-protocol"),
        Some("myprotocol")
    );
}

async fn not_chosen(target: Arc<Target>) {
    let (_, response) = target.handshake(&OFFER).await;
    assert_eq!(response.status, 101);
    assert_eq!(response.header("sec-websocket-protocol"), None);
}

async fn inside(target: Arc<Target>) {
    target.answers("connect", || {
        ok(json!({"statusCode": 200, "headers": {"X-Secret": "1"}, "body": "hidden"}))
    });
    let (mut client, response) = target.handshake(&[]).await;
    assert_eq!(response.status, 101);
    assert_eq!(response.header("x-secret"), None);
    client.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(client.text().await, r#"{"action":"echo2"}"#);
}

async fn deflate(target: Arc<Target>) {
    let offer = ["Sec-WebSocket-Extensions: permessage-deflate"];
    let (_, response) = target.handshake(&offer).await;
    let accepted = response.header("sec-websocket-extensions");
    assert!(
        accepted.is_some_and(|line| line.starts_with("permessage-deflate")),
        "not accepted"
    );
}

async fn no_connect(target: Arc<Target>) {
    assert_eq!(target.handshake(&[]).await.1.status, 101);
}
