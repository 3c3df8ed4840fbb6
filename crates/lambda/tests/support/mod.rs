//! What the tests of the adapters share.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test target uses its own part"
)]

pub mod events;
pub mod wire;

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

use switchboard_backend::Settings;
use switchboard_identity::test_support::provider::Provider;
use switchboard_lambda::{Credentials, Environment, Platform};

/// An environment whose DynamoDB and gateway are at these addresses.
pub fn environment(dynamodb: &str, callback_url: &str, table: &str) -> Environment {
    Environment {
        platform: Platform {
            region: "eu-central-1".to_owned(),
            credentials: Credentials {
                access_key_id: "test".to_owned(),
                secret_access_key: "test".to_owned(),
                session_token: None,
            },
            endpoint_url: Some(dynamodb.to_owned()),
        },
        table: table.to_owned(),
        callback_url: callback_url.to_owned(),
        queue: None,
        settings: Settings::default(),
    }
}

/// Publishes a provider's keys, and tells where. On a thread of its own: tests block theirs.
pub fn keys_of(provider: &Provider) -> String {
    let set = provider.set.lock().unwrap().clone().unwrap().to_string();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            while lines.next().is_some_and(|line| !line.is_empty()) {}
            let length = set.len();
            let _ = write!(
                &stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{set}"
            );
        }
    });
    format!("http://{address}/keys")
}
