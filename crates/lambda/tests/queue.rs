//! Records to a queue, as the SDK sends them and our gateway takes them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

mod support;

use std::{collections::BTreeSet, future::ready, net::SocketAddr, sync::Arc, time::Duration};

use aws_smithy_http_client::Builder;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use support::wire::{Act, Wire};
use switchboard_backend::QueueError;
use switchboard_gateway::{
    Clock, Config, Connections, FunctionError, Functions, Gateway, Routes, Server,
};
use switchboard_lambda::{Queue, QueueAddress, clients};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Tells what the publisher is handed.
struct Publisher(mpsc::UnboundedSender<String>);

impl Functions for Publisher {
    fn invoke(&self, _: &str, event: Value) -> BoxFuture<'static, Result<Value, FunctionError>> {
        for record in event["Records"].as_array().unwrap() {
            let _ = self.0.send(record["body"].as_str().unwrap().to_owned());
        }
        Box::pin(ready(Ok(json!({"batchItemFailures": []}))))
    }
}

async fn gateway(config: Config) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let (told, bodies) = mpsc::unbounded_channel();
    let clock = Clock::real();
    let connections = Connections::new(clock.clone(), config.limits.clone());
    let routes = Routes::new("$request.body.action").unwrap();
    let functions = Arc::new(Publisher(told));
    let gateway = Gateway::new(config, clock, connections, routes, functions);
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), gateway).await;
    let server = server.unwrap();
    let address = server.address();
    tokio::spawn(server.serve(CancellationToken::new()));
    (address, bodies)
}

fn queue(wire: &Wire, url: &str) -> Queue {
    let environment = support::environment("http://127.0.0.1:9", "http://127.0.0.1:9", "none");
    let address = QueueAddress {
        url: url.to_owned(),
        endpoint_url: Some(url.to_owned()),
    };
    let client = clients::sqs(wire.client(), &environment.platform, &address);
    Queue::new(client, url)
}

fn failed(id: &str, code: &str) -> Act {
    let failed = json!([{"Id": id, "Code": code, "SenderFault": false}]);
    let answer = json!({"Successful": [], "Failed": failed});
    Act::Answer(200, &[], answer.to_string())
}

#[tokio::test]
async fn records_arrive_ten_to_a_request() {
    let (address, mut bodies) = gateway(Config::default()).await;
    let wire = Wire::over(Builder::new().build_http());
    let queue = queue(&wire, &format!("http://{address}/queue/messages"));
    let records: Vec<String> = (0..21).map(|number| format!("ü \" {number}")).collect();
    queue.send(records.clone(), Duration::ZERO).await.unwrap();
    assert_eq!(wire.counts(), [("SendMessageBatch".to_owned(), 3)].into());
    let mut seen = BTreeSet::new();
    while seen.len() < records.len() {
        assert!(seen.insert(bodies.recv().await.unwrap()), "twice");
    }
    assert_eq!(seen, records.into_iter().collect());
}

#[tokio::test]
async fn what_a_request_leaves_out_is_sent_again_alone() {
    let (address, mut bodies) = gateway(Config::default()).await;
    let wire = Wire::over(Builder::new().build_http());
    let queue = queue(&wire, &format!("http://{address}/queue/messages"));
    wire.plan("SendMessageBatch", failed("1", "InternalError"));
    let records = ["a", "b", "c"].map(str::to_owned);
    queue.send(records.into(), Duration::ZERO).await.unwrap();
    assert_eq!(wire.counts(), [("SendMessageBatch".to_owned(), 2)].into());
    assert_eq!(bodies.recv().await.unwrap(), "b");
    assert!(bodies.try_recv().is_err());
}

#[tokio::test]
async fn what_is_refused_for_good_is_said_without_the_record() {
    let refused = |error: Result<(), QueueError>| error.unwrap_err().to_string();
    let wire = Wire::cut();
    let queue = queue(&wire, "http://sqs.example/queue/messages");
    for _ in 0..3 {
        wire.plan("SendMessageBatch", failed("0", "InvalidMessageContents"));
    }
    let said = refused(queue.send(vec!["secret".to_owned()], Duration::ZERO).await);
    assert_eq!(said, "SendMessageBatch: an entry's InvalidMessageContents");
    let body = json!({"__type": "com.amazonaws.sqs#AccessDenied", "message": "no"}).to_string();
    wire.plan("SendMessageBatch", Act::Answer(403, &[], body));
    let said = refused(queue.send(vec!["secret".to_owned()], Duration::ZERO).await);
    assert_eq!(said, "SendMessageBatch: AccessDenied");
    assert_eq!(queue.send(Vec::new(), Duration::ZERO).await, Ok(()));
}
