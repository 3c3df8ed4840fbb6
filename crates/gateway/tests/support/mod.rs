//! A gateway in this process, with functions the test writes, and a client of raw bytes.
//!
//! The client has its own idea of RFC 6455, so that a misreading in the gateway shows.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part of this"
)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

pub mod client;
pub mod http;
pub mod systems;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use switchboard_gateway::{
    Clock, Config, Connections, FunctionError, Functions, Gateway, Route, Routes, Server,
};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use self::client::Client;

/// 21 Nov 2026, 08:00:00 UTC.
pub const START_MS: u64 = 1_795_248_000_000;
/// Real time after which a test gives up waiting.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub type Answer = BoxFuture<'static, Result<Value, FunctionError>>;
type Body = dyn Fn(&str, Value) -> Answer + Send + Sync;

/// What a test's gateway is made of.
pub struct Setup {
    pub config: Config,
    pub routes: Routes,
    pub clock: Clock,
    pub answer: Box<Body>,
}

/// A running gateway. Every invocation is seen through [`Harness::invoked`].
pub struct Harness {
    pub address: SocketAddr,
    pub clock: Clock,
    pub connections: Connections,
    pub stop: CancellationToken,
    invocations: mpsc::UnboundedReceiver<(String, Value)>,
    server: JoinHandle<()>,
}

struct TestFunctions {
    answer: Box<Body>,
    seen: mpsc::UnboundedSender<(String, Value)>,
}

impl Functions for TestFunctions {
    fn invoke(&self, function: &str, event: Value) -> Answer {
        let _ = self.seen.send((function.to_owned(), event.clone()));
        (self.answer)(function, event)
    }
}

/// The API of the conformance table: `$connect`, `$disconnect`, `$default`, `echo2` (two-way)
/// and `one` (one-way), each with a function of that name.
pub fn table_routes() -> Routes {
    Routes::new("$request.body.action")
        .expect("expression")
        .with("$connect", Route::one_way("connect"))
        .with("$disconnect", Route::one_way("disconnect"))
        .with("$default", Route::one_way("default"))
        .with("echo2", Route::two_way("echo2"))
        .with("one", Route::one_way("one"))
}

impl Setup {
    /// The table's API; every function answers 200 with the event's body.
    pub fn new() -> Self {
        Self {
            config: Config::default(),
            routes: table_routes(),
            clock: Clock::manual(START_MS),
            answer: Box::new(|_, event| ok(json!({"statusCode": 200, "body": event["body"]}))),
        }
    }

    pub fn routes(mut self, routes: Routes) -> Self {
        self.routes = routes;
        self
    }

    pub fn answer(
        mut self,
        answer: impl Fn(&str, Value) -> Answer + Send + Sync + 'static,
    ) -> Self {
        self.answer = Box::new(answer);
        self
    }

    /// `function` answers `value`, all others 200.
    pub fn answers(self, function: &'static str, value: Value) -> Self {
        self.answer(move |name, _| match name == function {
            true => ok(value.clone()),
            false => ok(json!({"statusCode": 200})),
        })
    }

    pub async fn start(self) -> Harness {
        let (seen, invocations) = mpsc::unbounded_channel();
        let connections = Connections::new(self.clock.clone(), self.config.limits.clone());
        let functions = TestFunctions {
            answer: self.answer,
            seen,
        };
        let gateway = Gateway::new(
            self.config,
            self.clock.clone(),
            connections.clone(),
            self.routes,
            Arc::new(functions),
        );
        let stop = CancellationToken::new();
        let (address, server) = serve(gateway, stop.clone()).await;
        Harness {
            address,
            clock: self.clock,
            connections,
            server,
            stop,
            invocations,
        }
    }
}

/// Serves a gateway on a free port until it is told to stop.
pub async fn serve(gateway: Gateway, stop: CancellationToken) -> (SocketAddr, JoinHandle<()>) {
    let any = "127.0.0.1:0".parse().expect("address");
    let server = Server::bind(any, gateway).await.expect("binds");
    (server.address(), tokio::spawn(server.serve(stop)))
}

impl Harness {
    /// The table's API.
    pub async fn start() -> Self {
        Setup::new().start().await
    }

    /// The next invocation: function, event.
    pub async fn invocation(&mut self) -> (String, Value) {
        within(self.invocations.recv())
            .await
            .expect("an invocation")
    }

    /// The event of the next invocation, which must be of `function`.
    pub async fn invoked(&mut self, function: &str) -> Value {
        let (name, event) = self.invocation().await;
        assert_eq!(name, function, "{event}");
        event
    }

    /// No function has been invoked that was not looked at.
    pub fn assert_not_invoked(&mut self) {
        if let Ok(invocation) = self.invocations.try_recv() {
            panic!("unexpected invocation {invocation:?}");
        }
    }

    /// An open connection to the stage.
    pub async fn connect(&self) -> Client {
        Client::connect(self.address, "/dev").await
    }

    /// An open connection and its CONNECT event.
    pub async fn connected(&mut self) -> (Client, Value) {
        let client = self.connect().await;
        (client, self.invoked("connect").await)
    }

    /// Stops the gateway in order and waits for its end.
    pub async fn stop(self) {
        self.stop.cancel();
        within(self.server).await.expect("the server ends");
    }
}

pub fn ok(value: Value) -> Answer {
    Box::pin(std::future::ready(Ok(value)))
}

pub fn throw(message: &str) -> Answer {
    Box::pin(std::future::ready(Err(FunctionError::new(
        "Error", message,
    ))))
}

pub fn never() -> Answer {
    Box::pin(std::future::pending())
}

/// The connection id of an event.
pub fn id_of(event: &Value) -> String {
    let id = event["requestContext"]["connectionId"].as_str();
    id.expect("a connection id").to_owned()
}

/// The keys of an object, sorted.
pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .expect("object")
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// The gateway's own frame, to the byte.
pub fn notice(message: &str, connection: &str, frame: &str) -> String {
    let request = frame
        .rsplit('"')
        .nth(1)
        .unwrap_or_else(|| panic!("no request id in {frame}"));
    assert!(is_id(request), "{frame}");
    format!(r#"{{"message": "{message}", "connectionId":"{connection}", "requestId":"{request}"}}"#)
}

/// `^[A-Za-z0-9_-]{15}=$`.
pub fn is_id(text: &str) -> bool {
    text.len() == 16
        && text.ends_with('=')
        && text[..15]
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Waits, but not for ever.
pub async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("this took too long")
}
