//! The programs themselves, driven as Lambda drives them.

use serde_json::{Value, json};
use switchboard_identity::test_support::provider::{AUDIENCE, ISSUER, Provider};
use tokio::net::TcpListener;

use crate::{
    run,
    runtime_api::{Function, command},
    support::{events, keys_of},
    table::Table,
};

const ROUTES: &str = env!("CARGO_BIN_EXE_routes");
const PUBLISHER: &str = env!("CARGO_BIN_EXE_publisher");
const AUTHORIZER: &str = env!("CARGO_BIN_EXE_authorizer");
const TICKETS: &str = env!("CARGO_BIN_EXE_tickets");
const KICK: &str = env!("CARGO_BIN_EXE_kick");
/// Nobody is there: posts fail at once.
const NOWHERE: &str = "http://127.0.0.1:9/dev";

#[test]
fn the_routes_answer_and_their_log_quotes_nobody() {
    run(async {
        let table = Table::create().await;
        let mut function = Function::start(ROUTES, &table, NOWHERE).await;
        let connected = function.invoke(&events::connect("a=", "ana-secret")).await;
        let expected = json!({"statusCode": 200, "body": "Connected."});
        assert_eq!(connected, ("response".to_owned(), expected));
        function.invoke(&events::hello("a=")).await;
        let frame = events::send("m1", &["bo"], "text-secret");
        let (kind, answer) = function
            .invoke(&events::message("a=", "sendmessage", &frame))
            .await;
        assert_eq!(
            (kind.as_str(), &answer["statusCode"]),
            ("response", &json!(200))
        );
        let (kind, error) = function
            .invoke(&json!({"requestContext": "event-secret"}))
            .await;
        assert_eq!(kind, "error");
        assert_eq!(error["errorType"], "MalformedEvent");
        let mut ended = events::disconnect("a=");
        ended["requestContext"]["disconnectStatusCode"] = json!(4001);
        ended["requestContext"]["disconnectReason"] = json!("reason-secret");
        function.invoke(&ended).await;
        let log = function.stop().await;
        let line = |message: &str| log.iter().find(|line| line["message"] == message).unwrap();
        assert_eq!(line("disconnected")["code"], 4001);
        let answered = line("answered");
        assert_eq!(answered["connection"], "a=");
        assert_eq!(answered["route"], "$connect");
        assert_eq!(answered["span"]["requestId"], "r-1");
        let log = json!(log).to_string();
        assert!(!log.contains("secret"), "{log}");
    });
}

/// How far the log of Ana and Bo goes.
async fn places(table: &Table) -> Vec<u64> {
    let store = table.store().0;
    let conv = "c:ana,bo".try_into().unwrap();
    let heads = switchboard_backend::Store::heads(&store, &[conv]).await;
    heads.unwrap().iter().map(|(_, seq)| seq.get()).collect()
}

/// One environment after another, as after a deployment or a crash.
#[test]
fn what_one_environment_committed_another_knows() {
    run(async {
        let table = Table::create().await;
        let frame = events::send("m1", &["bo"], "hi");
        for _ in 0..2 {
            let mut function = Function::start(ROUTES, &table, NOWHERE).await;
            function.invoke(&events::connect("a=", "ana")).await;
            let sent = events::message("a=", "sendmessage", &frame);
            assert_eq!(function.invoke(&sent).await.1["statusCode"], 200);
            function.stop().await;
        }
        assert_eq!(places(&table).await, [1]);
    });
}

/// Between the commit and the acknowledgement: the client hears nothing, sends the same again, and the
/// message is there once.
#[test]
fn a_function_that_is_killed_after_the_commit_loses_and_doubles_nothing() {
    run(async {
        let table = Table::create().await;
        // A gateway that takes posts and never answers one.
        let gateway = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let callback_url = format!("http://{}/dev", gateway.local_addr().unwrap());
        let mut function = Function::start(ROUTES, &table, &callback_url).await;
        function.invoke(&events::connect("a=", "ana")).await;
        let frame = events::send("m1", &["bo"], "hi");
        let sent = events::message("a=", "sendmessage", &frame);
        function.begin(&sent).await;
        // What is posted is committed.
        let _post = gateway.accept().await.unwrap();
        function.stop().await;
        let mut function = Function::start(ROUTES, &table, NOWHERE).await;
        let answer = function.invoke(&sent).await.1;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        function.stop().await;
        assert_eq!(places(&table).await, [1]);
    });
}

#[test]
fn the_publisher_hands_back_what_reached_nobody() {
    run(async {
        let table = Table::create().await;
        let mut routes = Function::start(ROUTES, &table, NOWHERE).await;
        let mut function = Function::start(PUBLISHER, &table, NOWHERE).await;
        let done = json!({"batchItemFailures": []});
        let answer = function.invoke(&events::queue(&["for nobody"])).await;
        assert_eq!(answer, ("response".to_owned(), done));
        routes.invoke(&events::connect("a=", "ana")).await;
        let failed = json!({"batchItemFailures": [{"itemIdentifier": "r0"}]});
        let answer = function.invoke(&events::queue(&["text-secret"])).await;
        assert_eq!(answer, ("response".to_owned(), failed.clone()));
        // Begins as a shard's does, and is none.
        let damaged = r#"{"switchboard":"shard","text":"secret"}"#;
        let answer = function.invoke(&events::queue(&[damaged])).await;
        assert_eq!(answer, ("response".to_owned(), failed));
        routes.stop().await;
        let log = json!(function.stop().await).to_string();
        for reason in [
            "a record reached nobody",
            "a damaged record of a shard, at line 1, column 39",
        ] {
            assert!(log.contains(reason), "{log}");
        }
        assert!(!log.contains("secret"), "{log}");
    });
}

/// From a token to a connection, by the programs that are deployed, and nothing of it in a log.
#[test]
fn a_token_becomes_a_ticket_and_a_ticket_a_user() {
    run(async {
        let table = Table::for_tickets().await;
        let provider = Provider::new();
        let mut issuer = command(TICKETS, &table, NOWHERE);
        issuer.envs([
            ("IDENTITY", "bearer"),
            ("TOKEN_ISSUER", ISSUER),
            ("TOKEN_AUDIENCE", AUDIENCE),
            ("TOKEN_KEYS", &keys_of(&provider)),
        ]);
        let mut issuer = Function::of(&mut issuer).await;
        let mut authorizer = Function::start(AUTHORIZER, &table, NOWHERE).await;
        let token = provider.token(json!({"sub": "ana", "exp": 4_000_000_000_u64}));
        let bearer = |token: &str| json!({"headers": {"authorization": format!("Bearer {token}")}});
        let (kind, answer) = issuer.invoke(&bearer(&token)).await;
        assert_eq!(
            (kind.as_str(), &answer["statusCode"]),
            ("response", &json!(200)),
            "{answer}"
        );
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        let ticket = body["ticket"].as_str().unwrap();
        let forged = format!("{token}A");
        let (_, answer) = issuer.invoke(&bearer(&forged)).await;
        assert_eq!(answer["statusCode"], 401);
        let handshake = json!({
            "type": "REQUEST", "methodArn": "arn:x",
            "queryStringParameters": {"ticket": ticket, "userId": "victim"},
        });
        let (_, answer) = authorizer.invoke(&handshake).await;
        assert_eq!(answer["principalId"], "ana");
        assert_eq!(answer["context"]["until"], "4000000000000");
        assert_eq!(answer["policyDocument"]["Statement"][0]["Effect"], "Allow");
        let (_, answer) = authorizer.invoke(&handshake).await;
        assert_eq!(answer["policyDocument"]["Statement"][0]["Effect"], "Deny");
        for function in [&mut issuer, &mut authorizer] {
            let (kind, error) = function.invoke(&json!({"headers": "event-secret"})).await;
            assert_eq!(
                (kind.as_str(), &error["errorType"]),
                ("error", &json!("MalformedEvent"))
            );
        }
        let log = json!([issuer.stop().await, authorizer.stop().await]).to_string();
        let signature = token.rsplit('.').next().unwrap();
        for secret in [ticket, signature, "secret"] {
            assert!(!log.contains(secret), "{log}");
        }
    });
}

#[test]
fn a_kick_names_who_could_not_be_reached() {
    run(async {
        let table = Table::create().await;
        let mut routes = Function::start(ROUTES, &table, NOWHERE).await;
        routes.invoke(&events::connect("a=", "ana")).await;
        routes.stop().await;
        let mut kick = Function::start(KICK, &table, NOWHERE).await;
        let answer = kick.invoke(&json!({"userId": "bo"})).await.1;
        assert_eq!(answer, json!({"closed": 0, "failed": 0}));
        // Nobody is there who could close it.
        let answer = kick.invoke(&json!({"userId": "ana"})).await.1;
        assert_eq!(answer, json!({"closed": 0, "failed": 1}));
        for malformed in [json!({}), json!({"userId": ""}), json!({"user": "ana"})] {
            assert_eq!(kick.invoke(&malformed).await.0, "error", "{malformed}");
        }
        kick.stop().await;
    });
}

#[test]
fn a_function_without_its_table_says_so_and_ends() {
    run(async {
        let table = Table::create().await;
        for (program, variable) in [
            (ROUTES, "TABLE_NAME"),
            (PUBLISHER, "TABLE_NAME"),
            (KICK, "TABLE_NAME"),
            (AUTHORIZER, "TICKETS_TABLE"),
            (TICKETS, "TOKEN_KEYS"),
        ] {
            let mut command = command(program, &table, NOWHERE);
            let output = command.env_remove(variable).output().await.unwrap();
            assert!(!output.status.success());
            let log = String::from_utf8(output.stderr).unwrap();
            assert!(log.contains(r#""kind":"Environment""#), "{log}");
            assert!(log.contains(&format!("{variable} is not set")), "{log}");
        }
    });
}
