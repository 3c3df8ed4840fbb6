//! Conformance cases 17–22 of the reference §10: the authorizer. And the real one behind a real
//! handshake: a ticket is the only way in, and what it says is who somebody is.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{net::SocketAddr, sync::Arc};

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use support::{
    Answer, Harness, START_MS, Setup,
    client::{Client, handshake},
    id_of, keys, ok, serve, table_routes, throw,
};
use switchboard_backend::{MemoryStore, Settings};
use switchboard_gateway::{
    Authorizer, BackendFunctions, Clock, Config, Connections, FunctionError, Functions, Gateway,
    IdentitySource, backend_routes,
};
use switchboard_identity::{Grant, MemoryTickets, Ticket, Tickets};
use tokio_util::sync::CancellationToken;

fn authorizer() -> Authorizer {
    Authorizer {
        function: "authorizer".to_owned(),
        sources: vec![IdentitySource::Query("ticket".to_owned())],
    }
}

/// The table's API behind an authorizer that answers so.
async fn guarded(answer: impl Fn(Value) -> Answer + Send + Sync + 'static) -> Harness {
    let setup = Setup::new().routes(table_routes().behind(authorizer()));
    let setup = setup.answer(move |name, event| match name {
        "authorizer" => answer(event),
        _ => ok(json!({"statusCode": 200})),
    });
    setup.start().await
}

/// A policy as authorizers write them.
fn policy(event: &Value, effect: &str, context: Value) -> Value {
    let arn = &event["methodArn"];
    json!({
        "principalId": "ana",
        "policyDocument": {"Version": "2012-10-17", "Statement": [
            {"Action": "execute-api:Invoke", "Effect": effect, "Resource": arn},
        ]},
        "context": context,
    })
}

/// The status of a handshake, after which only the authorizer has been asked.
async fn refused(answer: impl Fn(Value) -> Answer + Send + Sync + 'static) -> u16 {
    let mut gateway = guarded(answer).await;
    let (_, response) = handshake(gateway.address, "/dev?ticket=t", &[]).await;
    gateway.invoked("authorizer").await;
    gateway.assert_not_invoked();
    assert_eq!(gateway.connections.count(), 0);
    response.status
}

#[tokio::test]
async fn case_17_without_its_identity_source_a_handshake_is_401_and_nobody_is_asked() {
    let mut gateway = guarded(|event| ok(policy(&event, "Allow", json!({})))).await;
    for path in ["/dev", "/dev?ticket=", "/dev?Ticket=t", "/dev?userId=ana"] {
        let (_, response) = handshake(gateway.address, path, &["ticket: t"]).await;
        assert_eq!(response.status, 401, "{path}");
    }
    gateway.assert_not_invoked();
    let sources = vec![IdentitySource::Header("X-Key".to_owned())];
    let authorizer = Authorizer {
        sources,
        ..authorizer()
    };
    let setup = Setup::new().routes(table_routes().behind(authorizer));
    let setup = setup.answer(|name, event| match name {
        "authorizer" => ok(policy(&event, "Allow", json!({}))),
        _ => ok(json!({"statusCode": 200})),
    });
    let gateway = setup.start().await;
    for (header, status) in [("x-key: k", 101), ("x-kex: k", 401)] {
        let (_, response) = handshake(gateway.address, "/dev", &[header]).await;
        assert_eq!(response.status, status, "{header}");
    }
}

#[tokio::test]
async fn case_18_a_denial_is_403_and_connect_does_not_run() {
    assert_eq!(
        refused(|event| ok(policy(&event, "Deny", json!({})))).await,
        403
    );
    // Nothing allowed is denied too.
    let elsewhere = |mut event: Value| {
        event["methodArn"] = json!("arn:aws:execute-api:us-east-1:000000000000:other/dev/$connect");
        ok(policy(&event, "Allow", json!({})))
    };
    assert_eq!(refused(elsewhere).await, 403);
}

#[tokio::test]
async fn case_19_an_authorizer_that_throws_unauthorized_is_401() {
    assert_eq!(refused(|_| throw("Unauthorized")).await, 401);
}

#[tokio::test]
async fn case_20_an_authorizer_that_fails_is_500() {
    assert_eq!(refused(|_| throw("no table")).await, 500);
    for answer in [
        Value::Null,
        json!({"isAuthorized": true}),
        json!({"principalId": "ana"}),
        json!({"principalId": "x".repeat(9_000), "policyDocument": {"Statement": []}}),
    ] {
        assert_eq!(refused(move |_| ok(answer.clone())).await, 500);
    }
    assert_eq!(
        refused(|event| ok(policy(&event, "Allow", json!({"groups": ["a"]})))).await,
        500
    );
}

#[tokio::test]
async fn case_21_its_context_is_in_every_event_as_text() {
    let context = json!({"n": 1, "b": true, "s": "é"});
    let mut gateway = guarded(move |event| ok(policy(&event, "Allow", context.clone()))).await;
    let mut client = Client::connect(gateway.address, "/dev?ticket=t").await;
    gateway.invoked("authorizer").await;
    client.send(r#"{"action":"one"}"#).await;
    let connect = gateway.invoked("connect").await;
    let message = gateway.invoked("one").await;
    client.send_close(1000, "").await;
    let disconnect = gateway.invoked("disconnect").await;
    for event in [connect, message, disconnect] {
        let expected = json!({"n": "1", "b": "true", "s": "é", "principalId": "ana"});
        assert_eq!(event["requestContext"]["authorizer"], expected);
    }
}

#[tokio::test]
async fn case_22_its_event_is_a_request_with_the_hops_headers() {
    let mut gateway = guarded(|event| ok(policy(&event, "Allow", json!({})))).await;
    let (_client, _) = handshake(gateway.address, "/dev?ticket=t&k=v&k=w", &[]).await;
    let event = gateway.invoked("authorizer").await;
    assert_eq!(
        keys(&event),
        [
            "headers",
            "methodArn",
            "multiValueHeaders",
            "multiValueQueryStringParameters",
            "queryStringParameters",
            "requestContext",
            "stageVariables",
            "type",
        ]
    );
    assert_eq!(event["type"], "REQUEST");
    let arn = event["methodArn"].as_str().expect("an ARN");
    assert!(arn.starts_with("arn:aws:execute-api:") && arn.ends_with(":localgw001/dev/$connect"));
    for (name, value) in [
        ("Connection", "upgrade"),
        ("Upgrade", "websocket"),
        ("content-length", "0"),
    ] {
        assert_eq!(event["headers"][name], value);
        assert_eq!(event["multiValueHeaders"][name], json!([value]));
    }
    assert_eq!(
        event["queryStringParameters"],
        json!({"ticket": "t", "k": "w"})
    );
    assert_eq!(
        event["multiValueQueryStringParameters"]["k"],
        json!(["v", "w"])
    );
    assert_eq!(event["stageVariables"], json!({}));
    let connect = gateway.invoked("connect").await;
    assert_eq!(id_of(&event), id_of(&connect));
    assert_eq!(connect["headers"].get("Connection"), None);
    assert_eq!(event["requestContext"]["routeKey"], "$connect");
    assert_eq!(event["requestContext"].get("authorizer"), None);
    // An authorizer without sources sees handshakes that bring nothing: the maps are there.
    let bare = Authorizer {
        sources: Vec::new(),
        ..authorizer()
    };
    let setup = Setup::new().routes(table_routes().behind(bare));
    let mut gateway = setup.start().await;
    handshake(gateway.address, "/dev", &[]).await;
    let event = gateway.invoked("authorizer").await;
    assert_eq!(event["queryStringParameters"], json!({}));
    assert_eq!(event["multiValueQueryStringParameters"], json!({}));
}

/// The chat with its real authorizer.
struct Chat {
    address: SocketAddr,
    clock: Clock,
    tickets: Arc<MemoryTickets>,
}

struct Ticketed {
    authorizer: Arc<switchboard_identity::Authorizer<Arc<MemoryTickets>, Clock>>,
    chat: BackendFunctions<MemoryStore>,
}

impl Functions for Ticketed {
    fn invoke(
        &self,
        function: &str,
        event: Value,
    ) -> BoxFuture<'static, Result<Value, FunctionError>> {
        if function != "authorizer" {
            return self.chat.invoke(function, event);
        }
        let authorizer = Arc::clone(&self.authorizer);
        Box::pin(async move {
            let event = serde_json::from_value(event).expect("its event");
            let answer = authorizer.handle(&event).await.expect("memory");
            Ok(serde_json::to_value(answer).expect("JSON"))
        })
    }
}

impl Chat {
    async fn start() -> Self {
        let clock = Clock::manual(START_MS);
        // The gateway's own rule, which is for this machine, lets every origin through.
        let config = Config {
            allowed_origins: vec!["*".parse().expect("every origin")],
            ..Config::default()
        };
        let connections = Connections::new(clock.clone(), config.limits.clone());
        let settings = Settings {
            allowed_origins: vec!["https://chat.example".to_owned()],
            ..Settings::default()
        };
        let store = MemoryStore::new("test");
        let chat = BackendFunctions::start(store, connections.clone(), clock.clone(), settings);
        let tickets = Arc::new(MemoryTickets::default());
        let functions = Ticketed {
            authorizer: Arc::new(switchboard_identity::Authorizer::new(
                Arc::clone(&tickets),
                clock.clone(),
            )),
            chat: chat.expect("threads"),
        };
        let routes = backend_routes("$request.body.action").expect("routes");
        let routes = routes.behind(authorizer());
        let functions = Arc::new(functions);
        let gateway = Gateway::new(config, clock.clone(), connections, routes, functions);
        let (address, _) = serve(gateway, CancellationToken::new()).await;
        Self {
            address,
            clock,
            tickets,
        }
    }

    /// A ticket whose user's token is good for so long.
    async fn ticket(&self, user: &str, token_ms: u64) -> String {
        let ticket = Ticket::mint().expect("randomness");
        let now = switchboard_backend::Clock::now_ms(&self.clock);
        let grant = Grant {
            user: user.try_into().expect("a user id"),
            expires: now + 60_000,
            until: now + token_ms,
        };
        let kept = self.tickets.keep(&ticket.hash(), &grant).await;
        kept.expect("memory");
        ticket.as_str().to_owned()
    }

    async fn join(&self, user: &str) -> Client {
        let path = format!("/dev?ticket={}", self.ticket(user, 3_600_000).await);
        let mut client = Client::connect(self.address, &path).await;
        hello(&mut client).await;
        client
    }

    async fn status(&self, path: &str, extra: &[&str]) -> u16 {
        handshake(self.address, path, extra).await.1.status
    }
}

async fn hello(client: &mut Client) {
    let frame = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
    client.send(&frame.to_string()).await;
    assert_eq!(next(client, "welcome").await["event"], "welcome");
}

/// The next frame of this event; presence comes when it likes.
async fn next(client: &mut Client, event: &str) -> Value {
    loop {
        let frame: Value = serde_json::from_str(&client.text().await).expect("JSON");
        if frame["event"] == event {
            return frame;
        }
    }
}

fn send(id: &str, to: &str) -> Value {
    json!({"action": "sendmessage", "v": 1, "id": id, "to": [to], "content": "hi"})
}

#[tokio::test]
async fn another_ones_name_beside_a_ticket_changes_nothing() {
    let chat = Chat::start().await;
    let mut bob = chat.join("bob").await;
    let ticket = chat.ticket("alice", 3_600_000).await;
    let path = format!("/dev?userId=victim&ticket={ticket}");
    let mut alice = Client::connect(chat.address, &path).await;
    hello(&mut alice).await;
    let mut frame = send("m1", "bob");
    frame["from"] = json!("victim");
    alice.send(&frame.to_string()).await;
    assert_eq!(next(&mut bob, "message").await["from"], "alice");
}

#[tokio::test]
async fn a_replayed_expired_or_forged_ticket_opens_nothing() {
    let chat = Chat::start().await;
    let used = chat.ticket("alice", 3_600_000).await;
    let path = format!("/dev?ticket={used}");
    let (_alice, response) = handshake(chat.address, &path, &[]).await;
    assert_eq!(response.status, 101);
    assert_eq!(chat.status(&path, &[]).await, 403);
    let old = chat.ticket("alice", 3_600_000).await;
    chat.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(chat.status(&format!("/dev?ticket={old}"), &[]).await, 403);
    let forged = Ticket::mint().expect("randomness");
    for ticket in [forged.as_str(), "x", &"x".repeat(3_000), "%00", "%ff"] {
        assert_eq!(
            chat.status(&format!("/dev?ticket={ticket}"), &[]).await,
            403,
            "{ticket}"
        );
    }
    assert_eq!(chat.status("/dev?userId=alice", &[]).await, 401);
}

#[tokio::test]
async fn a_page_of_another_origin_gets_in_with_no_ticket() {
    let chat = Chat::start().await;
    for (origin, status) in [("https://chat.example", 101), ("https://evil.example", 403)] {
        let path = format!("/dev?ticket={}", chat.ticket("alice", 3_600_000).await);
        let origin = format!("Origin: {origin}");
        assert_eq!(chat.status(&path, &[&origin]).await, status, "{origin}");
    }
}

/// The client keeps what was refused, comes back with a new ticket, and sends it again.
#[tokio::test]
async fn when_a_token_ends_during_a_connection_the_client_is_sent_for_a_ticket() {
    let chat = Chat::start().await;
    let mut bob = chat.join("bob").await;
    let path = format!("/dev?ticket={}", chat.ticket("alice", 120_000).await);
    let mut alice = Client::connect(chat.address, &path).await;
    hello(&mut alice).await;
    alice.send(&send("m1", "bob").to_string()).await;
    assert_eq!(next(&mut bob, "message").await["id"], "m1");
    next(&mut alice, "ack").await;
    chat.clock.advance(std::time::Duration::from_secs(120));
    alice.send(&send("m2", "bob").to_string()).await;
    let nack = next(&mut alice, "nack").await;
    assert_eq!((&nack["id"], &nack["retry"]), (&json!("m2"), &json!(true)));
    next(&mut alice, "goaway").await;
    let mut alice = chat.join("alice").await;
    alice.send(&send("m2", "bob").to_string()).await;
    assert_eq!(next(&mut bob, "message").await["id"], "m2");
    assert_eq!(next(&mut alice, "ack").await["duplicate"], false);
}
