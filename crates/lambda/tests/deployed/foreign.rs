//! AWS's SDK for Python, on which the AWS CLI is built, against the local gateway: posts to connections
//! and records of the queue, signed.

use serde_json::{Value, json};
use switchboard_gateway::{AccessKey, Clock, Config, Faults};

use crate::{
    gateway_support::systems::{Chat, in_memory},
    socket::Socket,
    stack::Bridge,
};

/// On threads of their own: asking by the bridge blocks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sdk_for_python_speaks_to_the_local_gateway() {
    let config = Config {
        access_key: Some(AccessKey {
            id: "test".to_owned(),
            secret: "test".to_owned(),
        }),
        ..Config::default()
    };
    let chat = Chat::with(config, Clock::real(), Faults::default(), in_memory).await;
    let root = format!("http://{}", chat.address);
    let url = format!("ws://{}/dev", chat.address);
    let mut socket = Socket::connect(&url, "").await.unwrap();
    socket.send("who am I").await;
    let said: Value = serde_json::from_str(&socket.next().await).unwrap();
    let said = said["message"].as_str().unwrap();
    let id = json!(said.strip_suffix(" says: who am I").unwrap());

    const MANAGEMENT: &str = "apigatewaymanagementapi";
    let mut aws = Bridge::to(&format!("{root}/dev"), "test");
    let post = json!({"ConnectionId": id, "Data": "from Python 👋"});
    aws.call(MANAGEMENT, "post_to_connection", post.clone());
    assert_eq!(socket.next().await, "from Python 👋");
    let seen = aws.call(MANAGEMENT, "get_connection", json!({"ConnectionId": id}));
    assert_eq!(seen["Identity"]["SourceIp"], "127.0.0.1");

    let mut sqs = Bridge::to(&root, "test");
    let record = json!({"QueueUrl": format!("{root}/queue/messages"), "MessageBody": "news ü"});
    let sent = sqs.call("sqs", "send_message", record.clone());
    assert_eq!(sent["MD5OfMessageBody"], "37b14a18769090f50ffe4b1069118061");
    assert_eq!(socket.next().await, "news ü");

    let mut stranger = Bridge::to(&format!("{root}/dev"), "another secret");
    let refused = stranger.attempt(MANAGEMENT, "post_to_connection", post.clone());
    assert_eq!(refused["error"], "InvalidSignatureException");
    let mut stranger = Bridge::to(&root, "another secret");
    let refused = stranger.attempt("sqs", "send_message", record);
    assert_eq!(refused["error"], "InvalidSignatureException");

    aws.call(MANAGEMENT, "delete_connection", json!({"ConnectionId": id}));
    socket.ended().await;
    let gone = aws.attempt(MANAGEMENT, "post_to_connection", post);
    assert_eq!(gone["error"], "GoneException");
}
