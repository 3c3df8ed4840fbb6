//! Functions as programs: the Runtime API, and what becomes of a program that fails.
//!
//! The program is this test's own, run again with another purpose (`the_program`): a real process that
//! speaks the Runtime API by hand.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{START_MS, client::Client, http, notice, within};
use switchboard_gateway::{
    Addresses, Clock, Config, Connections, FunctionError, Functions, Gateway, Route, Routes,
    RuntimeFunctions, RuntimeLimits, Server,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// One request on a connection of its own: status, the request id, body.
fn ask(method: &str, path: &str, body: &str) -> (u16, String, String) {
    let (status, head, body) = asked(method, path, body);
    let request = header(&head, "lambda-runtime-aws-request-id");
    (status, request.unwrap_or_default(), body)
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines()
        .find_map(|line| line.strip_prefix(name))
        .map(|value| value.trim_start_matches(": ").to_owned())
}

/// The same with the whole head.
fn asked(method: &str, path: &str, body: &str) -> (u16, String, String) {
    let address = std::env::var("AWS_LAMBDA_RUNTIME_API").expect("the API's address");
    let mut stream = TcpStream::connect(&address).expect("connects");
    let length = body.len();
    write!(
        stream,
        "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {address}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .expect("sends");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).expect("a status");
    let status = status.parse().expect("a number");
    (status, head.to_owned(), body.to_owned())
}

/// What a function is, when this program is started as one: it does as its events say.
#[test]
#[ignore = "it is a function, which the tests below start"]
fn the_program() {
    if std::env::var("BREAK").is_ok() {
        let error = json!({"errorType": "NoTable", "errorMessage": "TABLE_NAME is not set"});
        ask("POST", "init/error", &error.to_string());
        std::process::exit(1);
    }
    let mut events = 0;
    loop {
        let (status, head, event) = asked("GET", "invocation/next", "");
        assert_eq!(status, 200);
        let request = header(&head, "lambda-runtime-aws-request-id").expect("a request id");
        events += 1;
        let event: Value = serde_json::from_str(&event).expect("JSON");
        let text = event["body"].as_str().unwrap_or_default();
        let path = |kind: &str| format!("invocation/{request}/{kind}");
        let answer = match serde_json::from_str(text).unwrap_or(Value::Null)["do"].as_str() {
            Some("throw") => {
                let error = json!({"errorType": "Oh", "errorMessage": "no"}).to_string();
                assert_eq!(ask("POST", &path("error"), &error).0, 202);
                continue;
            }
            Some("die") => std::process::exit(3),
            Some("hang") => loop {
                std::thread::park();
            },
            Some("mumble") => "{".to_owned(),
            // Together with a second one: both must be at work.
            Some("meet") => {
                let folder = std::env::var("MEETING").expect("a place");
                let me = Path::new(&folder).join(&request);
                std::fs::write(me, "").expect("a file");
                while std::fs::read_dir(&folder).expect("a folder").count() < 2 {
                    std::thread::yield_now();
                }
                json!({"statusCode": 200, "body": "met"}).to_string()
            }
            _ => {
                let told = json!({
                    "events": events,
                    "deadline": header(&head, "lambda-runtime-deadline-ms"),
                    "process": std::process::id(),
                    "function": std::env::var("AWS_LAMBDA_FUNCTION_NAME").ok(),
                    "callback": std::env::var("CALLBACK_URL").ok(),
                });
                json!({"statusCode": 200, "body": told.to_string()}).to_string()
            }
        };
        // Nobody else's, and not twice.
        assert_eq!(ask("POST", "invocation/none/response", "1").0, 400);
        assert_eq!(ask("POST", &path("response"), &answer).0, 202);
        assert_eq!(ask("POST", &path("response"), &answer).0, 400);
    }
}

struct World {
    folder: TempDir,
    clock: Clock,
    functions: Arc<RuntimeFunctions>,
    addresses: Arc<OnceLock<Addresses>>,
}

impl World {
    fn new(environments: usize) -> Self {
        Self::with(environments, "")
    }

    /// With a program that is started with these variables.
    fn with(environments: usize, variables: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let meeting = folder.path().join("meeting");
        std::fs::create_dir(&meeting).expect("a folder");
        let this = std::env::current_exe().expect("this program");
        let script = format!(
            "#!/bin/sh\nMEETING={} {variables} exec {} --exact the_program --ignored --nocapture\n",
            meeting.display(),
            this.display(),
        );
        let program = folder.path().join("routes");
        std::fs::write(&program, script).expect("a file");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&program, mode).expect("executable");
        let clock = Clock::manual(START_MS);
        let limits = RuntimeLimits {
            timeout: Duration::from_secs(10),
            environments,
        };
        let addresses = Arc::default();
        let told = Arc::clone(&addresses);
        let functions = RuntimeFunctions::in_folder(folder.path(), limits, clock.clone(), told);
        Self {
            folder,
            clock,
            functions: Arc::new(functions.expect("functions")),
            addresses,
        }
    }

    async fn invoke(&self, what: &str) -> Result<Value, FunctionError> {
        let event = json!({"body": json!({"do": what}).to_string()});
        let answer = within(self.functions.invoke("routes", event)).await?;
        let body = answer["body"].as_str().expect("a body");
        Ok(serde_json::from_str(body).unwrap_or_else(|_| body.into()))
    }
}

fn kind(answer: Result<Value, FunctionError>) -> String {
    answer.expect_err("an error").kind
}

#[tokio::test]
async fn one_environment_serves_one_event_after_another() {
    let world = World::new(4);
    let first = world.invoke("tell").await.expect("an answer");
    let second = world.invoke("tell").await.expect("an answer");
    assert_eq!(
        (&first["events"], &second["events"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(first["process"], second["process"]);
    // By its own clock, which a function subtracts from.
    let deadline = START_MS + 10_000;
    assert_eq!(first["deadline"], deadline.to_string());
    assert_eq!(first["function"], "routes");
    let error = world.invoke("throw").await.expect_err("an error");
    assert_eq!(error, FunctionError::new("Oh", "no"));
    // It threw and lives on.
    let third = world.invoke("tell").await.expect("an answer");
    assert_eq!(
        (&third["events"], &third["process"]),
        (&json!(4), &first["process"])
    );
    assert_eq!(
        kind(world.invoke("mumble").await),
        "Runtime.InvalidResponse"
    );
}

#[tokio::test]
async fn events_at_the_same_time_start_environments_up_to_a_limit() {
    let world = World::new(2);
    let met = join_all([world.invoke("meet"), world.invoke("meet")]).await;
    for one in met {
        assert_eq!(one.expect("an answer"), "met");
    }
    let told = join_all((0..6).map(|_| world.invoke("tell"))).await;
    let processes: std::collections::BTreeSet<_> = told
        .into_iter()
        .map(|told| told.expect("an answer")["process"].as_u64())
        .collect();
    assert!(processes.len() <= 2, "{processes:?}");
}

#[tokio::test]
async fn a_program_that_dies_fails_its_event_and_no_other() {
    let world = World::new(1);
    let first = world.invoke("tell").await.expect("an answer");
    let error = world.invoke("die").await.expect_err("an error");
    assert_eq!(error.kind, "Runtime.ExitError");
    assert!(error.message.contains("exit status: 3"), "{error}");
    let next = world.invoke("tell").await.expect("an answer");
    assert_eq!(next["events"], 1);
    assert_ne!(next["process"], first["process"]);
}

#[tokio::test]
async fn a_program_that_hangs_is_ended_at_its_deadline() {
    let world = World::new(1);
    let first = world.invoke("tell").await.expect("an answer");
    let hanging = tokio::spawn({
        let functions = Arc::clone(&world.functions);
        let event = json!({"body": r#"{"do":"hang"}"#});
        async move { functions.invoke("routes", event).await }
    });
    tokio::task::yield_now().await;
    let waiting = world.invoke("tell");
    tokio::pin!(waiting);
    // There is one environment, and it is at work.
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("there was a second environment"),
        () = std::future::ready(()) => {}
    }
    while !hanging.is_finished() {
        world.clock.advance(Duration::from_secs(10));
        tokio::task::yield_now().await;
    }
    let error = hanging.await.expect("no panic").expect_err("an error");
    assert_eq!(error.kind, "Sandbox.Timedout");
    assert!(
        error
            .message
            .ends_with("Task timed out after 10.00 seconds"),
        "{error}"
    );
    let next = waiting.await.expect("an answer");
    assert_ne!(next["process"], first["process"]);
}

#[tokio::test]
async fn a_program_that_cannot_start_says_why() {
    let world = World::with(1, "BREAK=1");
    for _ in 0..2 {
        let error = world.invoke("tell").await.expect_err("an error");
        assert_eq!(
            error,
            FunctionError::new("NoTable", "TABLE_NAME is not set")
        );
    }
    std::fs::write(world.folder.path().join("routes"), "not a program").expect("a file");
    assert_eq!(
        kind(world.invoke("tell").await),
        "Runtime.InvalidEntrypoint"
    );
    let nowhere = within(world.functions.invoke("publisher", json!({}))).await;
    assert_eq!(
        nowhere.expect_err("an error").kind,
        "ResourceNotFoundException"
    );
}

/// On the wire: one connection's messages run at the same time, and what fails is told by the
/// gateway's own frames.
#[tokio::test]
async fn a_socket_sees_programs_as_it_sees_functions() {
    let world = World::new(3);
    let config = Config::default();
    let connections = Connections::new(world.clock.clone(), config.limits.clone());
    let route = |timeout| Route {
        timeout: Duration::from_secs(timeout),
        ..Route::two_way("routes")
    };
    let routes = Routes::new("$request.body.do").expect("an expression");
    let routes = routes.with("$default", route(29)).with("hang", route(5));
    let functions: Arc<dyn Functions> = Arc::clone(&world.functions) as _;
    let gateway = Gateway::new(config, world.clock.clone(), connections, routes, functions);
    let server = Server::bind("127.0.0.1:0".parse().expect("an address"), gateway);
    let server = server.await.expect("binds");
    let address = server.address();
    let addresses = Addresses::of(address, "dev", "messages");
    let url = addresses.callback_url.clone();
    world.addresses.set(addresses).expect("once");
    tokio::spawn(server.serve(CancellationToken::new()));
    let mut client = Client::connect(address, "/dev").await;
    client.send(r#"{"do":"meet"}"#).await;
    client.send(r#"{"do":"meet"}"#).await;
    assert_eq!(
        (client.text().await, client.text().await),
        ("met".into(), "met".into())
    );
    client.send(r#"{"do":"tell"}"#).await;
    let told: Value = serde_json::from_str(&client.text().await).expect("JSON");
    assert_eq!(told["callback"], *url);
    client.send(r#"{"do":"throw"}"#).await;
    let frame = client.text().await;
    let id = serde_json::from_str::<Value>(&frame).expect("JSON")["connectionId"].clone();
    let id = id.as_str().expect("an id");
    assert_eq!(frame, notice("Internal server error", id, &frame));
    client.send(r#"{"do":"hang"}"#).await;
    client.send(r#"{"do":"tell"}"#).await;
    client.text().await;
    world.clock.advance(Duration::from_secs(5));
    let frame = client.text().await;
    assert_eq!(frame, notice("Endpoint request timed out", id, &frame));
    assert_eq!(http::get(address, "/ticket").await.status, 403);
}
