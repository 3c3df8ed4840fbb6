//! The publisher's queue: batches, partial failures, retries, dead letters, restarts.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use support::{Harness, Setup, http, never, ok, throw};
use tokio::sync::Semaphore;

async fn send(gateway: &Harness, body: &str) -> String {
    let response = http::post(gateway.address, "/queue/messages", body.as_bytes()).await;
    assert_eq!(response.status, 200, "{response:?}");
    let answer: Value = serde_json::from_str(response.text()).expect("JSON");
    answer["messageId"].as_str().expect("an id").to_owned()
}

fn bodies(event: &Value) -> Vec<&str> {
    let records = event["Records"].as_array().expect("records");
    records
        .iter()
        .map(|record| record["body"].as_str().expect("text"))
        .collect()
}

async fn get(gateway: &Harness, path: &str) -> Value {
    serde_json::from_str(http::get(gateway.address, path).await.text()).expect("JSON")
}

/// The depth, once nothing is in flight any more.
async fn settled(gateway: &Harness) -> Value {
    support::within(async {
        loop {
            let depth = get(gateway, "/queue/messages").await;
            if depth["inFlight"] == 0 {
                return depth;
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_record_reaches_the_publisher_in_the_shape_of_sqs() {
    let mut gateway = Setup::new().answers("publisher", Value::Null).start().await;
    let id = send(&gateway, "hello ü").await;
    let event = gateway.invoked("publisher").await;
    let record = &event["Records"][0];
    assert_eq!(event["Records"].as_array().map(Vec::len), Some(1));
    assert_eq!(record["messageId"], id);
    assert_eq!(record["body"], "hello ü");
    assert_eq!(record["eventSource"], "aws:sqs");
    assert_eq!(record["attributes"]["ApproximateReceiveCount"], "1");
    assert_eq!(
        settled(&gateway).await,
        json!({"depth": 0, "inFlight": 0, "deadLetters": 0})
    );
}

#[tokio::test]
async fn batches_have_at_most_ten_records_in_order() {
    let gate = Arc::new(Semaphore::new(0));
    let opened = Arc::clone(&gate);
    let setup = Setup::new().answer(move |_, _| {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            gate.acquire().await.expect("open").forget();
            Ok(json!({"batchItemFailures": []}))
        })
    });
    let mut gateway = setup.start().await;
    send(&gateway, "first").await;
    assert_eq!(bodies(&gateway.invoked("publisher").await), ["first"]);
    for number in 0..12 {
        send(&gateway, &number.to_string()).await;
    }
    opened.add_permits(9);
    let batch = gateway.invoked("publisher").await;
    assert_eq!(
        bodies(&batch),
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
    );
    assert_eq!(bodies(&gateway.invoked("publisher").await), ["10", "11"]);
}

#[tokio::test]
async fn a_failed_record_is_dead_lettered_after_one_receive_and_the_others_are_done() {
    let setup = Setup::new().answer(|_, event| {
        let failed = event["Records"].as_array().expect("records").iter();
        let failed: Vec<_> = failed
            .filter(|record| record["body"] == "poison")
            .map(|record| json!({"itemIdentifier": record["messageId"]}))
            .collect();
        ok(json!({"batchItemFailures": failed}))
    });
    let mut gateway = setup.start().await;
    send(&gateway, "fine").await;
    gateway.invoked("publisher").await;
    let poison = send(&gateway, "poison").await;
    gateway.invoked("publisher").await;
    assert_eq!(
        settled(&gateway).await,
        json!({"depth": 0, "inFlight": 0, "deadLetters": 1})
    );
    assert_eq!(
        get(&gateway, "/queue/messages/dead-letters").await,
        json!({"deadLetters": [{
            "messageId": poison,
            "body": "poison",
            "receives": 1,
            "sentAt": support::START_MS,
            "visibleAt": support::START_MS,
        }]})
    );
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn retries_wait_their_time_and_end() {
    let mut setup = Setup::new().answer(|_, _| throw("publisher is broken"));
    setup.config.queue.max_receives = 3;
    setup.config.queue.retry_delay = Duration::from_secs(30);
    let mut gateway = setup.start().await;
    send(&gateway, "x").await;
    for receive in ["1", "2", "3"] {
        let event = gateway.invoked("publisher").await;
        let count = &event["Records"][0]["attributes"]["ApproximateReceiveCount"];
        assert_eq!(count, receive);
        settled(&gateway).await;
        gateway.clock.advance(Duration::from_millis(29_999));
        http::get(gateway.address, "/health").await;
        gateway.assert_not_invoked();
        gateway.clock.advance(Duration::from_millis(1));
    }
    assert_eq!(
        settled(&gateway).await,
        json!({"depth": 0, "inFlight": 0, "deadLetters": 1})
    );
}

#[tokio::test]
async fn whatever_is_no_answer_fails_the_whole_batch() {
    let wrong = [
        json!({"batchItemFailures": [{"itemIdentifier": ""}]}),
        json!({"batchItemFailures": [{"itemIdentifier": "another"}]}),
        json!({"batchItemFailures": "all"}),
    ];
    for answer in wrong {
        let mut gateway = Setup::new().answers("publisher", answer).start().await;
        send(&gateway, "x").await;
        gateway.invoked("publisher").await;
        assert_eq!(settled(&gateway).await["deadLetters"], 1);
    }
    let mut gateway = Setup::new().answer(|_, _| never()).start().await;
    send(&gateway, "x").await;
    gateway.invoked("publisher").await;
    gateway.clock.advance(Duration::from_secs(29));
    assert_eq!(settled(&gateway).await["deadLetters"], 1);
}

#[tokio::test]
async fn records_are_bounded() {
    let mut setup = Setup::new().answer(|_, _| never());
    setup.config.queue.capacity = 2;
    let mut gateway = setup.start().await;
    let address = gateway.address;
    let post =
        |body: Vec<u8>| async move { http::post(address, "/queue/messages", &body).await.status };
    assert_eq!(post(Vec::new()).await, 400);
    assert_eq!(post(vec![0xff]).await, 400);
    assert_eq!(post(vec![b'x'; 262_145]).await, 413);
    assert_eq!(
        http::post(gateway.address, "/queue/other", b"x")
            .await
            .status,
        404
    );
    assert_eq!(post(vec![b'x'; 262_144]).await, 200);
    gateway.invoked("publisher").await;
    for expected in [200, 200, 429] {
        let status = http::post(gateway.address, "/queue/messages", b"x")
            .await
            .status;
        assert_eq!(status, expected);
    }
}

#[tokio::test]
async fn an_accepted_record_survives_a_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = Arc::new(AtomicBool::new(true));
    let start = || async {
        let broken = Arc::clone(&broken);
        let mut setup = Setup::new().answer(move |_, _| match broken.load(Ordering::Relaxed) {
            true => throw("broken"),
            false => ok(json!({"batchItemFailures": []})),
        });
        setup.config.queue.max_receives = 2;
        setup.config.queue.spool = Some(folder.path().join("queue.json"));
        setup.start().await
    };
    let mut gateway = start().await;
    send(&gateway, "keep me").await;
    gateway.invoked("publisher").await;
    gateway.stop().await;
    broken.store(false, Ordering::Relaxed);
    let mut gateway = start().await;
    gateway.clock.advance(Duration::from_secs(1));
    let event = gateway.invoked("publisher").await;
    assert_eq!(bodies(&event), ["keep me"]);
    assert_eq!(settled(&gateway).await["depth"], 0);
    gateway.stop().await;
    let mut gateway = start().await;
    http::get(gateway.address, "/health").await;
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn a_stop_publishes_what_is_waiting_before_it_closes_the_sockets() {
    let gate = Arc::new(Semaphore::new(0));
    let opened = Arc::clone(&gate);
    let setup = Setup::new().answer(move |name, _| {
        let gate = Arc::clone(&gate);
        let waits = name == "publisher";
        Box::pin(async move {
            if waits {
                gate.acquire().await.expect("open").forget();
            }
            Ok(json!({"statusCode": 200}))
        })
    });
    let mut gateway = setup.start().await;
    let (mut client, _) = gateway.connected().await;
    send(&gateway, "one").await;
    gateway.invoked("publisher").await;
    send(&gateway, "two").await;
    gateway.stop.cancel();
    opened.add_permits(2);
    assert_eq!(bodies(&gateway.invoked("publisher").await), ["two"]);
    assert_eq!(client.closed().await.0, 1001);
    gateway.invoked("disconnect").await;
}

async fn by_sqs(address: SocketAddr, path: &str, operation: &str, body: &Value) -> (u16, Value) {
    let target = format!("AmazonSQS.{operation}");
    let headers = [
        ("X-Amz-Target", target.as_str()),
        ("Content-Type", "application/x-amz-json-1.0"),
    ];
    let body = body.to_string();
    let response = http::request(address, "POST", path, &headers, body.as_bytes());
    let response = response.await;
    let answer: Value = serde_json::from_str(response.text()).expect("JSON");
    (response.status, answer)
}

/// The JSON protocol of SQS's clients, at the root and at the queue's own address.
#[tokio::test]
async fn a_record_of_an_sqs_client_is_one_of_ours() {
    let mut gateway = Setup::new().answers("publisher", Value::Null).start().await;
    let address = gateway.address;
    let ask = async |path: &str, operation: &str, body: Value| {
        by_sqs(address, path, operation, &body).await
    };
    let url = format!("http://{}/queue/messages", gateway.address);
    // It was there first, and is not among those handed out below.
    let later = json!({"QueueUrl": url, "MessageBody": "later", "DelaySeconds": 900});
    assert_eq!(ask("/", "SendMessage", later).await.0, 200);
    for path in ["/", "/queue/messages"] {
        let sent = json!({"QueueUrl": url, "MessageBody": "hello"});
        let (status, answer) = ask(path, "SendMessage", sent).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(
            answer["MD5OfMessageBody"],
            "5d41402abc4b2a76b9719d911017c592"
        );
        assert!(answer["MessageId"].is_string());
    }
    for (operation, body, kind) in [
        ("SendMessage", json!({"QueueUrl": url}), "MissingParameter"),
        (
            "SendMessage",
            json!({"QueueUrl": "http://h/queue/other", "MessageBody": "x"}),
            "QueueDoesNotExist",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": url, "MessageBody": ""}),
            "InvalidParameterValue",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": url, "MessageBody": "x", "DelaySeconds": 901}),
            "InvalidParameterValue",
        ),
        (
            "PurgeQueue",
            json!({"QueueUrl": url}),
            "UnsupportedOperation",
        ),
    ] {
        let (status, answer) = ask("/", operation, body).await;
        let expected = format!("com.amazonaws.sqs#{kind}");
        assert_eq!((status, &answer["__type"]), (400, &json!(expected)));
    }
    for _ in 0..2 {
        let event = gateway.invoked("publisher").await;
        assert!(bodies(&event).iter().all(|body| *body == "hello"));
    }
}

/// Each entry of a batch stands for itself.
#[tokio::test]
async fn a_batch_of_an_sqs_client_is_taken_entry_by_entry() {
    let mut gateway = Setup::new().answers("publisher", Value::Null).start().await;
    let address = gateway.address;
    let url = format!("http://{address}/queue/messages");
    let ask = async |entries: Value| {
        let batch = json!({"QueueUrl": url, "Entries": entries});
        by_sqs(address, "/queue/messages", "SendMessageBatch", &batch).await
    };
    let large = "x".repeat(256 * 1024 + 1);
    let entries = json!([
        {"Id": "a", "MessageBody": "hello"},
        {"Id": "b", "MessageBody": large},
        {"Id": "c", "MessageBody": "hello"},
    ]);
    let (status, answer) = ask(entries).await;
    assert_eq!(status, 200, "{answer}");
    let ids = |list: &str| {
        let entries = answer[list].as_array().expect("a list").iter();
        let ids = entries.map(|entry| entry["Id"].as_str().expect("an id"));
        ids.collect::<Vec<_>>()
    };
    assert_eq!(
        (ids("Successful"), ids("Failed")),
        (vec!["a", "c"], vec!["b"])
    );
    assert_eq!(answer["Failed"][0]["SenderFault"], true);
    let mut seen = 0;
    while seen < 2 {
        let event = gateway.invoked("publisher").await;
        assert!(bodies(&event).iter().all(|body| *body == "hello"));
        seen += bodies(&event).len();
    }
    let entry = |id: usize| json!({"Id": id.to_string(), "MessageBody": "x".repeat(200 * 1024)});
    let many: Value = (0..11)
        .map(|id| json!({"Id": id.to_string(), "MessageBody": "x"}))
        .collect();
    for (entries, kind) in [
        (json!([]), "EmptyBatchRequest"),
        (json!([entry(1), entry(1)]), "BatchEntryIdsNotDistinct"),
        (many, "TooManyEntriesInBatchRequest"),
        ((0..6).map(entry).collect(), "BatchRequestTooLong"),
        (json!([{"MessageBody": "x"}]), "MissingParameter"),
    ] {
        let (status, answer) = ask(entries).await;
        let expected = format!("com.amazonaws.sqs#{kind}");
        assert_eq!((status, &answer["__type"]), (400, &json!(expected)));
    }
    assert_eq!(settled(&gateway).await["depth"], 0);
}
