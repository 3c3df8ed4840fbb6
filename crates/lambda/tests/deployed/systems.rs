//! Switchboard's own frames and the five older systems, on the deployed template.

use serde_json::{Value, json};

use crate::{
    socket::{Socket, has},
    stack::Stack,
};

/// Whom the deployed authorizer lets in: the bearer of a ticket, once, as whom it is for.
#[tokio::test]
async fn a_ticket_is_the_only_way_in() {
    let mut stack = Stack::deploy("identity");
    let url = stack.websocket_url();
    let ticket = stack.ticket("alice");
    let query = format!("{ticket}&userId=victim");
    let mut alice = Socket::connect(&url, &query).await.unwrap();
    let mut bob = stack.join("bob").await.unwrap();
    let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
    bob.ask(&hello).await;
    alice.ask(&hello).await;
    let send = json!({
        "action": "sendmessage", "v": 1, "id": "m1", "to": ["bob"], "content": "hi", "from": "victim",
    });
    alice.ask(&send).await;
    let seen = bob.seen().await.concat();
    assert!(
        seen.contains(r#""from":"alice""#) && !seen.contains("victim"),
        "{seen}"
    );
    let forged = format!("?ticket={}", "A".repeat(43));
    for query in ["", "?userId=victim", "?ticket=", &ticket, &forged] {
        assert!(Socket::connect(&url, query).await.is_err(), "{query}");
    }
    // An account that is closed, seen from here: no token, and the connections ended.
    let (status, _) = stack.ask_ticket("");
    assert_eq!(status, 403);
    assert_eq!(stack.kick("alice"), json!({"closed": 1, "failed": 0}));
    alice.ended().await;
    assert!(has(&bob.seen().await, "presence"));
}

#[tokio::test]
async fn all_six_systems_are_served() {
    let mut stack = Stack::deploy("systems");
    let mut ana = stack.join("ana").await.unwrap();
    let mut bo = stack.join("bo").await.unwrap();
    // Those that know no users connect with a ticket too.
    let mut nobody = stack.join("nobody").await.unwrap();

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

    let mut stack = Stack::deploy("origins");
    let own = stack.output("SiteUrl");
    for (origin, admitted) in [(own.as_str(), true), ("https://evil.example", false)] {
        let url = format!("{}{}", stack.websocket_url(), stack.ticket("ana"));
        let mut request = url.into_client_request().unwrap();
        request
            .headers_mut()
            .insert("origin", origin.parse().unwrap());
        assert_eq!(connect_async(request).await.is_ok(), admitted, "{origin}");
    }
}

/// As docs/operations.md says it is done.
#[tokio::test]
async fn a_restored_table_takes_the_place_of_the_stacks_own() {
    let mut stack = Stack::deploy("restored");
    let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
    let say = |id: &str| json!({"action": "sendmessage", "v": 1, "id": id, "conv": "lobby", "content": "hi"});
    let epoch = |seen: &[String]| {
        let frames = seen.iter().map(|text| serde_json::from_str(text).unwrap());
        let mut frames = frames.filter(|frame: &Value| frame["event"] == "welcome");
        frames.next().unwrap()["epoch"].clone()
    };
    let mut ana = stack.join("ana").await.unwrap();
    let before = epoch(&ana.ask(&hello).await);
    ana.ask(&say("m1")).await;
    let own = stack.output("TableName");
    let restored = format!("{own}-restored");
    let restore = json!({
        "SourceTableName": own, "TargetTableName": restored, "UseLatestRestorableTime": true,
    });
    stack
        .aws
        .call("dynamodb", "restore_table_to_point_in_time", restore);
    ana.ask(&say("m2")).await;
    stack.update("RestoredTable", &restored);
    assert_eq!(stack.output("TableName"), restored);
    let mut bo = stack.join("bo").await.unwrap();
    assert_ne!(epoch(&bo.ask(&hello).await), before);
    assert!(has(&bo.ask(&say("m3")).await, "ack"));
    let sync = json!({"action": "sync", "rid": 2, "conv": "lobby"});
    let page = bo.ask(&sync).await.concat();
    for (id, there) in [("m1", true), ("m2", false), ("m3", true)] {
        assert_eq!(page.contains(&format!(r#""id":"{id}""#)), there, "{page}");
    }
    // The publisher and a kick look there too.
    stack.publish("news");
    while bo.next().await != "news" {}
    assert_eq!(stack.kick("bo"), json!({"closed": 1, "failed": 0}));
}
