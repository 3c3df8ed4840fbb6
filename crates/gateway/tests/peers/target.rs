//! An API with the test's functions, served by our gateway or by serverless-offline.

use std::{
    net::SocketAddr,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use switchboard_gateway::{Authorizer, Clock, FunctionError, IdentitySource, Route, Routes};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use crate::support::{
    Answer, Harness, Setup,
    client::{CLOSE, Client, handshake},
    http::{self, Response},
    id_of, ok,
};

/// An API: route key, function, whether it answers.
#[derive(Clone, Copy)]
pub(crate) struct Api {
    pub(crate) routes: &'static [(&'static str, &'static str, bool)],
    pub(crate) expression: &'static str,
    pub(crate) authorizer: bool,
}

/// A close frame of 1000 without a reason.
pub(crate) const NORMAL: &[u8] = b"\x03\xe8";

/// Closes so, and the connection beneath once the other side has answered.
pub(crate) async fn leave(mut client: Client, payload: &[u8]) {
    client.send_frame(CLOSE, payload).await;
    while client.frame().await.is_some() {}
}

/// Who serves it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Ours,
    ServerlessOffline,
}

type Body = Arc<dyn Fn(&str, Value) -> Answer + Send + Sync>;

/// The functions of all APIs: what they answer is the case's business.
pub(crate) struct Functions {
    answer: Mutex<Body>,
    seen: mpsc::UnboundedSender<(String, Value)>,
}

impl Functions {
    fn invoke(&self, name: &str, event: Value) -> Answer {
        let _ = self.seen.send((name.to_owned(), event.clone()));
        let body = Arc::clone(&self.answer.lock().unwrap());
        body(name, event)
    }

    /// One invocation by a handler in Node.
    async fn serve(&self, mut stream: TcpStream) {
        let (read, mut write) = stream.split();
        let mut line = String::new();
        BufReader::new(read).read_line(&mut line).await.unwrap();
        let (name, event): (String, Value) = serde_json::from_str(&line).unwrap();
        let answer = match self.invoke(&name, event).await {
            Ok(value) => json!({ "value": value }),
            Err(FunctionError { message, .. }) => json!({ "error": message }),
        };
        let _ = write.write_all(answer.to_string().as_bytes()).await;
    }
}

/// A served API.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    /// Before `/@connections`: the other has no stage there, and what it does is asked, not where.
    pub(crate) stage: &'static str,
    functions: Arc<Functions>,
    seen: tokio::sync::Mutex<mpsc::UnboundedReceiver<(String, Value)>>,
    _server: Server,
}

enum Server {
    Ours(#[expect(dead_code, reason = "runs until it is dropped")] Harness),
    Theirs(Child),
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Self::Theirs(child) = self {
            // With the threads and processes of its functions.
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["-9", "--", &group]).status();
            let _ = child.wait();
        }
    }
}

impl Target {
    pub(crate) async fn start(who: Who, api: &Api) -> Self {
        let (seen, receiver) = mpsc::unbounded_channel();
        let functions = Arc::new(Functions {
            answer: Mutex::new(Arc::new(echo)),
            seen,
        });
        let (address, stage, server) = match who {
            Who::Ours => {
                let harness = ours(api, Arc::clone(&functions)).await;
                (harness.address, "/dev", Server::Ours(harness))
            }
            Who::ServerlessOffline => {
                let (address, server) = theirs(api, Arc::clone(&functions)).await;
                (address, "", server)
            }
        };
        Self {
            address,
            stage,
            functions,
            seen: tokio::sync::Mutex::new(receiver),
            _server: server,
        }
    }

    /// Forgets what was invoked, and has every function answer 200 with the event's body.
    pub(crate) async fn reset(&self) {
        self.answer(echo);
        let mut seen = self.seen.lock().await;
        while seen.try_recv().is_ok() {}
    }

    pub(crate) fn answer(&self, body: impl Fn(&str, Value) -> Answer + Send + Sync + 'static) {
        *self.functions.answer.lock().unwrap() = Arc::new(body);
    }

    /// `function` answers so, all others as ever.
    pub(crate) fn answers(
        &self,
        function: &'static str,
        answer: impl Fn() -> Answer + Send + Sync + 'static,
    ) {
        self.answer(move |name, event| match name == function {
            true => answer(),
            false => echo(name, event),
        });
    }

    pub(crate) async fn handshake(&self, extra: &[&str]) -> (Client, Response) {
        handshake(self.address, "/dev", extra).await
    }

    pub(crate) async fn connect(&self) -> Client {
        let (client, response) = self.handshake(&[]).await;
        assert_eq!(response.status, 101, "the handshake");
        client
    }

    /// A connection and its id.
    pub(crate) async fn connected(&self) -> (Client, String) {
        let client = self.connect().await;
        (client, id_of(&self.invoked("connect").await))
    }

    /// The next event of this function; those of others are passed over.
    pub(crate) async fn invoked(&self, function: &str) -> Value {
        loop {
            let (name, event) = self.seen.lock().await.recv().await.unwrap();
            if name == function {
                return event;
            }
        }
    }

    /// The function that a message of this case goes to. Ends of connections may be those of earlier cases.
    pub(crate) async fn taken_by(&self) -> String {
        loop {
            let (name, _) = self.seen.lock().await.recv().await.unwrap();
            if name != "disconnect" {
                return name;
            }
        }
    }

    /// What was invoked until now and not looked at. Without the ends of connections, which may be
    /// those of earlier cases.
    pub(crate) async fn rest(&self) -> Vec<String> {
        let events = self.events().await.into_iter();
        let names = events.map(|(name, _)| name);
        names.filter(|name| name != "disconnect").collect()
    }

    pub(crate) async fn events(&self) -> Vec<(String, Value)> {
        let mut seen = self.seen.lock().await;
        std::iter::from_fn(|| seen.try_recv().ok()).collect()
    }

    /// A request about a connection.
    pub(crate) async fn manage(&self, method: &str, id: &str, body: &[u8]) -> Response {
        let path = format!("{}/@connections/{id}", self.stage);
        http::request(self.address, method, &path, &[], body).await
    }
}

pub(crate) fn echo(_: &str, event: Value) -> Answer {
    ok(json!({"statusCode": 200, "body": event["body"]}))
}

async fn ours(api: &Api, functions: Arc<Functions>) -> Harness {
    let mut routes = Routes::new(api.expression).unwrap();
    for &(key, function, two_way) in api.routes {
        let route = match two_way {
            true => Route::two_way(function),
            false => Route::one_way(function),
        };
        routes = routes.with(key, route);
    }
    if api.authorizer {
        routes = routes.behind(Authorizer {
            function: "authorizer".to_owned(),
            sources: vec![IdentitySource::Query("ticket".to_owned())],
        });
    }
    let mut setup = Setup::new().routes(routes);
    setup.clock = Clock::real();
    let invoke = move |name: &str, event| functions.invoke(name, event);
    setup.answer(invoke).start().await
}

async fn theirs(api: &Api, functions: Arc<Functions>) -> (SocketAddr, Server) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let functions = Arc::clone(&functions);
            tokio::spawn(async move { functions.serve(stream).await });
        }
    });
    let ports = [free(), free(), free()];
    let described = json!({
        "routes": api.routes, "expression": api.expression, "authorizer": api.authorizer, "ports": ports, "file": "handler", "inProcess": false,
    });
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/peer");
    let mut command = Command::new("node");
    command
        .args([
            "node_modules/serverless/bin/serverless.js",
            "offline",
            "start",
        ])
        .current_dir(folder)
        .env("PEER_API", described.to_string())
        .env("PEER_FUNCTIONS", port.to_string())
        .env("SLS_TELEMETRY_DISABLED", "1")
        .env("SLS_NOTIFICATIONS_MODE", "off")
        .env("AWS_ACCESS_KEY_ID", "none")
        .env("AWS_SECRET_ACCESS_KEY", "none")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    let server = Server::Theirs(command.spawn().expect("node starts"));
    let address = SocketAddr::from(([127, 0, 0, 1], ports[2]));
    for _ in 0..600 {
        if TcpStream::connect(address).await.is_ok() {
            return (address, server);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("serverless-offline did not start");
}

/// A port that nobody listens on.
fn free() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
