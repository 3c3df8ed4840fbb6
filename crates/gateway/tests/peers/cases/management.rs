//! Cases 54–57 and 60–65: `@connections`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::case;
use crate::{
    Case,
    support::{http, id_of, ok},
    target::{NORMAL, Target, echo, leave},
};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            54,
            "a post is 200 without a body and arrives as one text message",
            post
        ),
        case!(
            55,
            "a post to a closed or unknown connection is 410 `GoneException`",
            gone
        ),
        case!(56, "a post to a malformed id is 400", malformed),
        case!(57, "a post has at most 128 KB (413)", large),
        case!(60, "`%40connections` and `%3D` are the same", escaped),
        case!(61, "GET describes the connection", get),
        case!(
            62,
            "DELETE is 204, the client sees 1000, and DISCONNECT says so",
            delete
        ),
        case!(63, "DELETE of a closed connection is 410", delete_closed),
        case!(
            64,
            "`$connect` may post to another connection",
            from_connect
        ),
        case!(65, "`$disconnect` may not post to its own", from_disconnect),
    ]
}

async fn post(target: Arc<Target>) {
    let (mut client, id) = target.connected().await;
    let response = target.manage("POST", &id, "hé\n".as_bytes()).await;
    assert_eq!(client.text().await, "hé\n");
    assert_eq!((response.status, response.text()), (200, ""));
}

/// An id that was a connection's.
async fn closed(target: &Target) -> String {
    let (client, id) = target.connected().await;
    leave(client, NORMAL).await;
    while id_of(&target.invoked("disconnect").await) != id {}
    id
}

async fn gone(target: Arc<Target>) {
    let id = closed(&target).await;
    for id in [id.as_str(), "AAAAAAAAAAAAAAA="] {
        let response = target.manage("POST", id, b"x").await;
        assert_eq!(response.status, 410);
        let kind = response.header("x-amzn-errortype");
        assert_eq!(kind, Some("GoneException"));
    }
}

async fn malformed(target: Arc<Target>) {
    let response = target.manage("POST", "no-id", b"x").await;
    assert_eq!(response.status, 400);
}

async fn large(target: Arc<Target>) {
    let (mut client, id) = target.connected().await;
    let most = 128 * 1024;
    let body = vec![b'x'; most];
    let posting = target.manage("POST", &id, &body);
    let (response, text) = tokio::join!(posting, client.text());
    assert_eq!((response.status / 100, text.len()), (2, most));
    let response = target.manage("POST", &id, &vec![b'x'; most + 1]).await;
    assert_eq!(response.status, 413);
}

async fn escaped(target: Arc<Target>) {
    let (mut client, id) = target.connected().await;
    let id = id.replace('=', "%3D");
    let path = format!("{}/%40connections/{id}", target.stage);
    let response = http::post(target.address, &path, b"x").await;
    assert_eq!(response.status / 100, 2);
    assert_eq!(client.text().await, "x");
}

async fn get(target: Arc<Target>) {
    let (_client, id) = target.connected().await;
    let response = target.manage("GET", &id, b"").await;
    assert_eq!(response.status, 200);
    let seen: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(seen["identity"]["sourceIp"], "127.0.0.1");
    for time in ["connectedAt", "lastActiveAt"] {
        let time = seen[time].as_str().unwrap();
        assert!(time.len() == 24 && time.ends_with('Z'), "{time}");
    }
}

async fn delete(target: Arc<Target>) {
    let (mut client, id) = target.connected().await;
    assert_eq!(target.manage("DELETE", &id, b"").await.status, 204);
    let frame = client.frame().await.expect("a close frame");
    assert_eq!(frame.payload.get(..2), Some(&1000_u16.to_be_bytes()[..]));
    client.send_frame(frame.first, &frame.payload).await;
    let event = target.invoked("disconnect").await;
    assert_eq!(event["requestContext"]["disconnectStatusCode"], 1000);
    let reason = &event["requestContext"]["disconnectReason"];
    assert_eq!(reason, "Connection Closed Normally");
}

async fn delete_closed(target: Arc<Target>) {
    let id = closed(&target).await;
    assert_eq!(target.manage("DELETE", &id, b"").await.status, 410);
}

/// A function that posts there when it runs, and answers 200.
fn posts(target: &Arc<Target>, function: &'static str, to: Option<String>) {
    let (address, stage) = (target.address, target.stage);
    target.answer(move |name, event| {
        if name != function {
            return echo(name, event);
        }
        let id = to.clone().unwrap_or_else(|| id_of(&event));
        Box::pin(async move {
            let path = format!("{stage}/@connections/{id}");
            let status = http::post(address, &path, b"hello").await.status;
            // What it saw goes to the next function that is asked.
            SEEN.lock().unwrap().push(status);
            ok(json!({"statusCode": 200})).await
        })
    });
}

/// What the posts of functions were answered; the cases run one after another.
static SEEN: std::sync::Mutex<Vec<u16>> = std::sync::Mutex::new(Vec::new());

async fn from_connect(target: Arc<Target>) {
    let (mut first, id) = target.connected().await;
    SEEN.lock().unwrap().clear();
    posts(&target, "connect", Some(id));
    let _second = target.connect().await;
    assert_eq!(first.text().await, "hello");
    assert_eq!(
        SEEN.lock().unwrap().first().map(|status| status / 100),
        Some(2)
    );
}

async fn from_disconnect(target: Arc<Target>) {
    let (client, _) = target.connected().await;
    SEEN.lock().unwrap().clear();
    posts(&target, "disconnect", None);
    leave(client, NORMAL).await;
    target.invoked("disconnect").await;
    let status = loop {
        if let Some(&status) = SEEN.lock().unwrap().first() {
            break status;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(status, 410);
}
