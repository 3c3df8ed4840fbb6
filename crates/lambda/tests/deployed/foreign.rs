//! AWS's own tools against the local gateway, each in its own language: posts to connections and
//! records of the queue, signed. The SDK for Rust is the backend's (`tests/management.rs`).

use std::process::{Command, Output};

use serde_json::{Value, json};
use switchboard_gateway::{AccessKey, Clock, Config, Faults};

use crate::{
    gateway_support::systems::{Chat, in_memory},
    socket::Socket,
    stack::{Bridge, variable},
};

/// A tool with an endpoint and a secret.
trait Tool {
    /// The answer; `{"error": code, "message": …}` where it is one.
    fn ask(&mut self, service: &str, operation: &str, arguments: Value) -> Value;
}

impl Tool for Bridge {
    fn ask(&mut self, service: &str, operation: &str, arguments: Value) -> Value {
        self.attempt(service, operation, arguments)
    }
}

/// The AWS command line, beside the Python that it came with.
struct CommandLine {
    endpoint: String,
    secret: String,
}

impl Tool for CommandLine {
    fn ask(&mut self, service: &str, operation: &str, arguments: Value) -> Value {
        let python = variable("SWITCHBOARD_PYTHON");
        let mut command = Command::new(python.replace("bin/python", "bin/aws"));
        command
            .args([service, &operation.replace('_', "-"), "--output", "json"])
            .args(["--endpoint-url", &self.endpoint])
            .args(["--region", "eu-central-1"])
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", &self.secret)
            // Nothing of whoever runs the tests counts.
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env_remove("AWS_SESSION_TOKEN")
            .env_remove("AWS_PROFILE");
        for (name, value) in arguments.as_object().unwrap() {
            command.args([option(name).as_str(), value.as_str().unwrap()]);
        }
        answer(&command.output().unwrap())
    }
}

/// `--connection-id` for `ConnectionId`.
fn option(name: &str) -> String {
    let mut option = "-".to_owned();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            option.push('-');
        }
        option.push(letter.to_ascii_lowercase());
    }
    option
}

fn answer(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return serde_json::from_slice(&output.stdout).unwrap_or_default();
    }
    let start = "An error occurred (";
    let error = said.trim().rsplit_once(start).expect(&said).1;
    let (code, rest) = error.split_once(')').unwrap();
    // GoneException has no message.
    let (_, message) = rest.split_once(':').unwrap();
    json!({"error": code, "message": message.trim_start()})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sdk_for_python_speaks_to_the_local_gateway() {
    speaks(Bridge::to).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sdk_for_javascript_speaks_to_the_local_gateway() {
    speaks(|endpoint, secret| Bridge::by("node", "sdk/bridge.mjs", endpoint, secret)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_speaks_to_the_local_gateway() {
    speaks(|endpoint, secret| CommandLine {
        endpoint: endpoint.to_owned(),
        secret: secret.to_owned(),
    })
    .await;
}

const MANAGEMENT: &str = "apigatewaymanagementapi";

/// The gateway needs a thread of its own meanwhile: asking by a tool blocks.
async fn speaks<T: Tool>(tool: impl Fn(&str, &str) -> T) {
    let config = Config {
        access_key: Some(AccessKey {
            id: "test".to_owned(),
            secret: "test".to_owned(),
        }),
        ..Config::default()
    };
    let chat = Chat::with(config, Clock::real(), Faults::default(), in_memory).await;
    let root = format!("http://{}", chat.address);
    let stage = format!("{root}/dev");
    let mut socket = Socket::connect(&format!("ws://{}/dev", chat.address), "")
        .await
        .unwrap();
    socket.send("who am I").await;
    let said: Value = serde_json::from_str(&socket.next().await).unwrap();
    let said = said["message"].as_str().unwrap();
    let id = json!(said.strip_suffix(" says: who am I").unwrap());
    let connection = json!({"ConnectionId": id});

    let mut aws = tool(&stage, "test");
    let post = json!({"ConnectionId": id, "Data": "from afar 👋"});
    let posted = aws.ask(MANAGEMENT, "post_to_connection", post.clone());
    assert_eq!(posted["error"], Value::Null, "{posted}");
    assert_eq!(socket.next().await, "from afar 👋");
    let seen = aws.ask(MANAGEMENT, "get_connection", connection.clone());
    assert_eq!(seen["Identity"]["SourceIp"], "127.0.0.1", "{seen}");

    let record = json!({"QueueUrl": format!("{root}/queue/messages"), "MessageBody": "news ü"});
    let sent = tool(&root, "test").ask("sqs", "send_message", record.clone());
    assert_eq!(sent["MD5OfMessageBody"], "37b14a18769090f50ffe4b1069118061");
    assert_eq!(socket.next().await, "news ü");

    let mut stranger = tool(&stage, "another secret");
    for (operation, arguments) in [
        ("post_to_connection", &post),
        ("get_connection", &connection),
        ("delete_connection", &connection),
    ] {
        let refused = stranger.ask(MANAGEMENT, operation, arguments.clone());
        assert_refused(&refused);
    }
    let refused = tool(&root, "another secret").ask("sqs", "send_message", record);
    assert_refused(&refused);

    let deleted = aws.ask(MANAGEMENT, "delete_connection", connection.clone());
    assert_eq!(deleted["error"], Value::Null, "{deleted}");
    socket.ended().await;
    let gone = aws.ask(MANAGEMENT, "post_to_connection", post);
    assert_eq!(gone["error"], "GoneException", "{gone}");
    let gone = aws.ask(MANAGEMENT, "get_connection", connection);
    assert_eq!(gone["error"], "GoneException", "{gone}");
}

/// As AWS refuses a wrong secret.
#[track_caller]
fn assert_refused(answer: &Value) {
    assert_eq!(answer["error"], "InvalidSignatureException", "{answer}");
    assert_eq!(
        answer["message"],
        "The request signature we calculated does not match the signature you provided. Check your \
         AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
}
