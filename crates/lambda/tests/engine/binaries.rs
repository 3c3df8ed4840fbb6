//! The programs themselves, driven as Lambda drives them.

use serde_json::json;

use crate::{
    run,
    runtime_api::{Function, command},
    support::events,
    table::Table,
};

const ROUTES: &str = env!("CARGO_BIN_EXE_routes");
const PUBLISHER: &str = env!("CARGO_BIN_EXE_publisher");
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
        let log = function.stop().await;
        let answered = log
            .iter()
            .find(|line| line["message"] == "answered")
            .unwrap();
        assert_eq!(answered["connection"], "a=");
        assert_eq!(answered["route"], "$connect");
        assert_eq!(answered["span"]["requestId"], "r-1");
        let log = json!(log).to_string();
        assert!(!log.contains("secret"), "{log}");
    });
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
        let store = table.store().0;
        let conv = "c:ana,bo".try_into().unwrap();
        let heads = switchboard_backend::Store::heads(&store, &[conv]).await;
        let places: Vec<u64> = heads.unwrap().iter().map(|(_, seq)| seq.get()).collect();
        assert_eq!(places, [1]);
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
        assert_eq!(answer, ("response".to_owned(), failed));
        routes.stop().await;
        let log = json!(function.stop().await).to_string();
        assert!(
            log.contains("a record reached nobody") && !log.contains("secret"),
            "{log}"
        );
    });
}

#[test]
fn a_function_without_its_table_says_so_and_ends() {
    run(async {
        let table = Table::create().await;
        for program in [ROUTES, PUBLISHER] {
            let mut command = command(program, &table, NOWHERE);
            let output = command.env_remove("TABLE_NAME").output().await.unwrap();
            assert!(!output.status.success());
            let log = String::from_utf8(output.stderr).unwrap();
            assert!(log.contains(r#""kind":"Environment""#), "{log}");
            assert!(log.contains("TABLE_NAME is not set"), "{log}");
        }
    });
}
