//! The programs behind the local gateway, driven by the Runtime API as Lambda drives them: the same
//! suite of systems as in process, and our own frames with tickets.

use std::{
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    sync::{Arc, OnceLock},
};

use serde_json::{Value, json};
use switchboard_gateway::{
    Addresses, Clock, Config, Connections, Gateway, RuntimeFunctions, RuntimeLimits, Server,
    backend_routes, ticket_authorizer,
};
use switchboard_identity::test_support::provider::{AUDIENCE, ISSUER, Provider};
use tokio_util::sync::CancellationToken;

use crate::{
    gateway_support::{
        client::{Client, handshake},
        http,
        systems::{self, Chat},
    },
    run,
    support::keys_of,
    table::Table,
};

type Variable<'test> = (&'test str, &'test str);
/// Name, file and variables.
type Program<'test> = (&'test str, &'test str, &'test [Variable<'test>]);

/// A folder with the programs of this build, each started with the variables that its template
/// gives it.
struct Programs {
    folder: tempfile::TempDir,
    addresses: Arc<OnceLock<Addresses>>,
}

impl Programs {
    fn new(programs: &[Program]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, program, variables) in programs {
            // The emulator's root, for whom nothing is forbidden, where the tables are.
            let common = [
                ("AWS_REGION", "eu-central-1"),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
            ];
            let set: String = variables
                .iter()
                .chain(&common)
                .map(|(name, value)| format!("export {name}='{value}'\n"))
                .collect();
            let file = folder.path().join(name);
            std::fs::write(&file, format!("#!/bin/sh\n{set}exec {program}\n")).unwrap();
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&file, mode).unwrap();
        }
        Self {
            folder,
            addresses: Arc::default(),
        }
    }

    /// The clock stands: nothing here ends by time.
    fn functions(&self, clock: &Clock) -> Arc<RuntimeFunctions> {
        let (limits, url) = (RuntimeLimits::default(), Arc::clone(&self.addresses));
        let functions = RuntimeFunctions::in_folder(self.folder.path(), limits, clock.clone(), url);
        Arc::new(functions.unwrap())
    }

    fn listens(&self, address: SocketAddr) {
        let addresses = Addresses::of(address, "dev", "messages");
        self.addresses.set(addresses).unwrap();
    }
}

/// The chat over a fresh table.
async fn chat() -> (Chat, Programs) {
    let table = Table::create().await;
    let endpoint = table.environment().platform.endpoint_url.unwrap();
    let variables = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("TABLE_NAME", &table.name),
    ];
    let programs = Programs::new(&[
        ("routes", env!("CARGO_BIN_EXE_routes"), &variables),
        ("publisher", env!("CARGO_BIN_EXE_publisher"), &variables),
    ]);
    let chat = Chat::over(|_, clock| programs.functions(clock)).await;
    programs.listens(chat.address);
    (chat, programs)
}

#[test]
fn s1_to_s5_are_served_by_the_programs() {
    run(async {
        // A room of its own for each: some tell everyone.
        let (one, _programs) = chat().await;
        systems::s1_sends_to_one_connection(&one).await;
        let (two, _programs) = chat().await;
        systems::s2_sends_to_every_connection_of_a_user(&two).await;
        let (three, _programs) = chat().await;
        systems::s3_posts_a_queues_records_to_everyone(&three).await;
        let (four, _programs) = chat().await;
        systems::s4_broadcasts_any_text(&four).await;
        let (five, _programs) = chat().await;
        systems::s5_is_one_room(&five).await;
    });
}

/// Programs that have the gateway's queue post to more than one.
#[test]
fn a_room_above_the_bound_is_served_by_the_programs() {
    run(async {
        let table = Table::create().await;
        let endpoint = table.environment().platform.endpoint_url.unwrap();
        let variables = [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("TABLE_NAME", &table.name),
            ("FAN_OUT_BOUND", "1"),
        ];
        let programs = Programs::new(&[
            ("routes", env!("CARGO_BIN_EXE_routes"), &variables),
            ("publisher", env!("CARGO_BIN_EXE_publisher"), &variables),
        ]);
        let chat = Chat::over(|_, clock| programs.functions(clock)).await;
        programs.listens(chat.address);
        systems::s5_is_one_room(&chat).await;
    });
}

async fn next(client: &mut Client, event: &str) -> Value {
    loop {
        let frame: Value = serde_json::from_str(&client.text().await).unwrap();
        if frame["event"] == event {
            return frame;
        }
    }
}

/// The whole of a deployment on one machine: a token, a ticket, a connection, a message.
#[test]
fn our_own_frames_and_tickets_are_served_by_the_programs() {
    run(async {
        let (table, tickets) = (Table::create().await, Table::for_tickets().await);
        let provider = Provider::new();
        let keys = keys_of(&provider);
        let endpoint = table.environment().platform.endpoint_url.unwrap();
        let common = ("AWS_ENDPOINT_URL", endpoint.as_str());
        let programs = Programs::new(&[
            (
                "routes",
                env!("CARGO_BIN_EXE_routes"),
                &[common, ("TABLE_NAME", &table.name)],
            ),
            (
                "authorizer",
                env!("CARGO_BIN_EXE_authorizer"),
                &[common, ("TICKETS_TABLE", &tickets.name)],
            ),
            (
                "tickets",
                env!("CARGO_BIN_EXE_tickets"),
                &[
                    common,
                    ("TICKETS_TABLE", &tickets.name),
                    ("IDENTITY", "cookie"),
                    ("TOKEN_COOKIE", "token"),
                    ("TOKEN_ISSUER", ISSUER),
                    ("TOKEN_AUDIENCE", AUDIENCE),
                    ("TOKEN_KEYS", &keys),
                ],
            ),
        ]);
        let clock = Clock::real();
        let config = Config {
            tickets: Some("tickets".to_owned()),
            ..Config::default()
        };
        let connections = Connections::new(clock.clone(), config.limits.clone());
        let functions = programs.functions(&clock);
        assert!(functions.has_tickets());
        let routes = backend_routes("$request.body.action").unwrap();
        let routes = routes.behind(ticket_authorizer());
        let gateway = Gateway::new(config, clock, connections, routes, functions);
        let server = Server::bind("127.0.0.1:0".parse().unwrap(), gateway).await;
        let server = server.unwrap();
        let address = server.address();
        programs.listens(address);
        tokio::spawn(server.serve(CancellationToken::new()));

        let ask = async |token: &str, user: &str| {
            let body = json!({"userId": user}).to_string();
            let cookie = format!("theme=dark; token={token}");
            let headers = [("Cookie", cookie.as_str())];
            http::request(address, "POST", "/ticket", &headers, body.as_bytes()).await
        };
        let token = |user: &str| provider.token(json!({"sub": user, "exp": 4_000_000_000_u64}));
        let mut people = Vec::new();
        for user in ["ana", "bo"] {
            let answer = ask(&token(user), user).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            let ticket: Value = serde_json::from_str(answer.text()).unwrap();
            let ticket = ticket["ticket"].as_str().unwrap();
            let path = format!("/dev?userId=victim&ticket={ticket}");
            let mut client = Client::connect(address, &path).await;
            let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
            client.send(&hello.to_string()).await;
            next(&mut client, "welcome").await;
            assert_eq!(handshake(address, &path, &[]).await.1.status, 403);
            people.push(client);
        }
        let frame =
            json!({"action": "sendmessage", "v": 1, "id": "m1", "to": ["bo"], "content": "hi"});
        people[0].send(&frame.to_string()).await;
        assert_eq!(next(&mut people[1], "message").await["from"], "ana");
        next(&mut people[0], "ack").await;
        assert_eq!(ask(&token("ana"), "victim").await.status, 403);
        assert_eq!(ask("no token", "ana").await.status, 401);
        assert_eq!(
            handshake(address, "/dev?userId=ana", &[]).await.1.status,
            401
        );
    });
}
