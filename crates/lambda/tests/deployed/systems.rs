//! Switchboard's own frames and the five older systems, on the deployed template.

use serde_json::{Value, json};

use crate::{
    socket::{Socket, has},
    stack::Stack,
};

#[tokio::test]
async fn all_six_systems_are_served() {
    let mut stack = Stack::deploy("systems");
    let url = stack.websocket_url();
    let mut ana = Socket::connect(&url, "?userId=ana").await.unwrap();
    let mut bo = Socket::connect(&url, "?userId=bo").await.unwrap();
    let mut nobody = Socket::connect(&url, "").await.unwrap();

    // Our own.
    let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
    assert!(has(&ana.ask(&hello).await, "welcome"));
    assert!(has(&bo.ask(&hello).await, "welcome"));
    let own = json!({"action": "sendmessage", "v": 1, "id": "m1", "to": ["bo"], "content": "own"});
    let seen = ana.ask(&own).await;
    assert!(has(&seen, "ack") && has(&seen, "delivery"), "{seen:?}");
    assert!(has(&bo.seen().await, "message"));
    let sync = json!({"action": "sync", "rid": 2, "conv": "c:ana,bo"});
    let page = bo.ask(&sync).await.concat();
    assert!(page.contains(r#""content":"own""#), "{page}");
    ana.seen().await;

    // S2: by user id.
    ana.ask(&json!({"action": "sendmessage", "content": "by user", "to": "bo"}))
        .await;
    let seen = bo.seen().await.concat();
    assert!(seen.contains(r#""content":"by user""#), "{seen}");

    // S4: everything else, to everyone, with the sender's connection id.
    nobody.ask(&json!({"any": "text"})).await;
    let said: Value = serde_json::from_str(&ana.seen().await.concat()).unwrap();
    let said = said["message"].as_str().unwrap();
    let (id, text) = said.split_once(" says: ").unwrap();
    assert_eq!(text, r#"{"any":"text"}"#);
    assert_eq!(bo.seen().await.len(), 1);

    // S1: by connection id; its route's key differs from S2's by the case of a letter.
    ana.ask(&json!({"action": "sendMessage", "connectionId": id, "message": "direct"}))
        .await;
    assert_eq!(nobody.seen().await, ["direct"]);
    assert_eq!(bo.seen().await, [""; 0]);

    // S5: the room.
    nobody
        .ask(&json!({"action": "sendmessage", "data": "room"}))
        .await;
    assert_eq!(ana.seen().await, ["room"]);
    assert_eq!(bo.seen().await, ["room"]);

    // S3: the queue.
    stack.publish("from the queue");
    for socket in [&mut ana, &mut bo, &mut nobody] {
        assert_eq!(socket.next().await, "from the queue");
    }
}

/// The page of the stack may connect, others may not, and whoever is no browser may.
#[tokio::test]
async fn another_pages_socket_is_refused() {
    use tokio_tungstenite::{connect_async, tungstenite::client::IntoClientRequest};

    let stack = Stack::deploy("origins");
    let own = stack.output("SiteUrl");
    for (origin, admitted) in [(own.as_str(), true), ("https://evil.example", false)] {
        let mut request = stack.websocket_url().into_client_request().unwrap();
        request
            .headers_mut()
            .insert("origin", origin.parse().unwrap());
        assert_eq!(connect_async(request).await.is_ok(), admitted, "{origin}");
    }
}
