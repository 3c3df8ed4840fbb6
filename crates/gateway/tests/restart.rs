//! The program killed or stopped in the middle: what was acknowledged is there again.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use support::client::Client;

/// The program on `data`, with the address it says it has.
fn start(data: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_switchboard-gateway"))
        .args(["--listen", "127.0.0.1:0", "--log", "off", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let address = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("websocket   ws://").map(str::to_owned))
        .expect("an address");
    let address = address.strip_suffix("/dev").expect("the stage");
    (child, address.parse().expect("an address"))
}

fn end(mut child: Child, signal: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status();
    assert!(sent.expect("kill").success());
    child.wait().expect("ends");
}

/// The next frame of this event; others may come between.
async fn event(client: &mut Client, name: &str) -> Value {
    loop {
        let frame: Value = serde_json::from_str(&client.text().await).expect("JSON");
        assert!(frame["event"].is_string(), "{frame}");
        if frame["event"] == name {
            return frame;
        }
    }
}

async fn greeted(address: SocketAddr, user: &str) -> (Client, Value) {
    let mut client = Client::connect(address, &format!("/dev?userId={user}")).await;
    let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
    client.send(&hello.to_string()).await;
    let welcome = event(&mut client, "welcome").await;
    (client, welcome)
}

#[tokio::test]
async fn an_acknowledged_message_survives_every_end_of_the_process() {
    for signal in ["-TERM", "-KILL"] {
        let data = tempfile::tempdir().expect("a folder");
        let (child, address) = start(data.path());
        let (mut ann, _) = greeted(address, "ann").await;
        let message = json!({
            "action": "sendmessage", "v": 1, "id": "m1", "to": ["bob"], "content": "keep me",
        });
        ann.send(&message.to_string()).await;
        let ack = event(&mut ann, "ack").await;
        assert_eq!((&ack["id"], &ack["seq"]), (&json!("m1"), &json!(1)));
        // A client that does not answer the close frame would hold up the end.
        drop(ann);
        end(child, signal);

        let (child, address) = start(data.path());
        let (mut bob, welcome) = greeted(address, "bob").await;
        let conv = &ack["conv"];
        assert_eq!(welcome["heads"][conv.as_str().expect("an id")], 1);
        let sync = json!({"action": "sync", "rid": 2, "conv": conv});
        bob.send(&sync.to_string()).await;
        let page = event(&mut bob, "page").await;
        assert_eq!(page["messages"][0]["content"], "keep me");
        assert_eq!(page["messages"][0]["from"], "ann");

        let (mut ann, _) = greeted(address, "ann").await;
        ann.send(&message.to_string()).await;
        let again = event(&mut ann, "ack").await;
        assert_eq!(
            (&again["seq"], &again["duplicate"]),
            (&json!(1), &json!(true))
        );
        drop((ann, bob));
        end(child, "-TERM");
    }
}
