//! What a stranger can send, and the refusal of each excess; who may come from a browser.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail the test"
)]

mod support;

use std::{sync::Arc, time::Duration};

use serde_json::json;
use support::{
    Harness, Setup,
    client::{CLOSE, Client, PING, REST, TEXT, TEXT_MORE, handshake},
    http, id_of, never, notice, ok, within,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
};

#[tokio::test]
async fn foreign_origins_are_refused_before_anything_runs() {
    let mut gateway = Harness::start().await;
    let evil = "https://evil.example";
    let (_, response) = handshake(gateway.address, "/dev", &[&format!("Origin: {evil}")]).await;
    assert_eq!(response.status, 403);
    assert_eq!(response.text(), r#"{"message":"Forbidden"}"#);
    let headers = [("Origin", evil)];
    for (method, path) in [
        ("POST", "/dev/@connections/BFaT_fALIAMCKug="),
        ("DELETE", "/dev/@connections/BFaT_fALIAMCKug="),
        ("POST", "/queue/messages"),
        ("GET", "/queue/messages/dead-letters"),
        ("GET", "/health"),
    ] {
        let response = http::request(gateway.address, method, path, &headers, b"x").await;
        assert_eq!(response.status, 403, "{method} {path}");
    }
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn own_loopback_and_allowed_origins_come_in() {
    let mut setup = Setup::new();
    setup.config.allowed_origins = vec!["https://chat.example".parse().expect("origin")];
    let gateway = setup.start().await;
    let own = format!("Origin: http://{}", gateway.address);
    for origin in [
        &own,
        "Origin: http://localhost:8080",
        "Origin: https://chat.example",
    ] {
        let (_, response) = handshake(gateway.address, "/dev", &[origin]).await;
        assert_eq!(response.status, 101, "{origin}");
    }
    let rebound = ["Host: evil.example", "Origin: http://evil.example"];
    let (_, response) = handshake(gateway.address, "/dev", &rebound).await;
    assert_eq!(response.status, 403);
}

#[tokio::test]
async fn a_url_has_at_most_4096_characters() {
    let gateway = Harness::start().await;
    let longest = format!("/dev?x={}", "y".repeat(4096 - "/dev?x=".len()));
    let (_, response) = handshake(gateway.address, &longest, &[]).await;
    assert_eq!(response.status, 101);
    let (_, response) = handshake(gateway.address, &format!("{longest}y"), &[]).await;
    assert_eq!(response.status, 414);
}

#[tokio::test]
async fn a_request_head_has_at_most_16_kb() {
    let mut gateway = Harness::start().await;
    let long = format!("x-long: {}", "y".repeat(17_000));
    let (_, response) = handshake(gateway.address, "/dev", &[&long]).await;
    assert_eq!(response.status, 431);
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn a_slow_head_or_body_is_hung_up_on() {
    let mut setup = Setup::new();
    setup.config.limits.read_timeout = Duration::from_millis(50);
    let mut gateway = setup.start().await;
    let mut stream = TcpStream::connect(gateway.address).await.expect("connects");
    stream
        .write_all(b"GET /dev HTTP/1.1\r\nHost:")
        .await
        .expect("sends");
    let mut rest = Vec::new();
    within(stream.read_to_end(&mut rest))
        .await
        .expect("the gateway hangs up");

    let mut stream = TcpStream::connect(gateway.address).await.expect("connects");
    let head = format!(
        "POST /queue/messages HTTP/1.1\r\nHost: {}\r\nContent-Length: 5\r\n\r\nabc",
        gateway.address
    );
    stream.write_all(head.as_bytes()).await.expect("sends");
    assert_eq!(within(http::read_response(&mut stream)).await.status, 408);
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_gets_them_back() {
    let mut setup = Setup::new();
    setup.config.limits.connections_per_address = 2;
    let mut gateway = setup.start().await;
    let (mut one, _) = gateway.connected().await;
    let (_two, _) = gateway.connected().await;
    let response = http::get(gateway.address, "/health").await;
    assert_eq!(response.status, 429);
    assert_eq!(response.text(), r#"{"message":"Too Many Requests"}"#);
    one.send_close(1000, "").await;
    gateway.invoked("disconnect").await;
    within(async {
        while http::get(gateway.address, "/health").await.status != 200 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn messages_in_flight_are_bounded_with_a_throttle_frame() {
    let gate = Arc::new(Semaphore::new(0));
    let opened = Arc::clone(&gate);
    let mut setup = Setup::new().answer(move |name, event| {
        let gate = Arc::clone(&gate);
        let waits = name == "echo2";
        Box::pin(async move {
            if waits {
                gate.acquire().await.expect("open").forget();
            }
            Ok(json!({"statusCode": 200, "body": event["body"]}))
        })
    });
    setup.config.limits.messages_in_flight = 2;
    let mut gateway = setup.start().await;
    let (mut client, connect) = gateway.connected().await;
    let message = r#"{"action":"echo2"}"#;
    for _ in 0..3 {
        client.send(message).await;
    }
    let frame = client.text().await;
    assert_eq!(frame, notice("Too Many Requests", &id_of(&connect), &frame));
    opened.add_permits(2);
    assert_eq!(client.text().await, message);
    assert_eq!(client.text().await, message);
    opened.add_permits(1);
    client.send(message).await;
    assert_eq!(client.text().await, message, "there is room again");
}

#[tokio::test]
async fn broken_frames_close_with_their_code() {
    let cases: [(&[u8], u16); 8] = [
        (&[0x81, 0x01, b'x'], 1002),
        (&[0xf1, 0x80, 0, 0, 0, 0], 1002),
        (&[0x83, 0x80, 0, 0, 0, 0], 1002),
        (&[0x80, 0x80, 0, 0, 0, 0], 1002),
        (&[0x88, 0x81, 0, 0, 0, 0, 3], 1002),
        (&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed], 1002),
        (&[0x81, 0x81, 0, 0, 0, 0, 0xff], 1007),
        (&[0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0], 1009),
    ];
    for (bytes, code) in cases {
        let mut gateway = Harness::start().await;
        let (mut client, _) = gateway.connected().await;
        client.send_raw(bytes).await;
        assert_eq!(client.closed().await.0, code, "{bytes:02x?}");
        let event = gateway.invoked("disconnect").await;
        assert_eq!(event["requestContext"]["disconnectStatusCode"], code);
        gateway.assert_not_invoked();
    }
}

#[tokio::test]
async fn a_letter_may_be_split_over_frames_and_pings_may_come_between() {
    let mut gateway = Harness::start().await;
    let (mut client, _) = gateway.connected().await;
    client.send_frame(TEXT_MORE, b"\xf0\x9f").await;
    client.send_frame(PING, b"").await;
    client.send_frame(REST, b"\x98\x80").await;
    assert_eq!(gateway.invoked("default").await["body"], "\u{1F600}");
    client.send_frame(TEXT_MORE, b"a").await;
    client.send_frame(TEXT, b"b").await;
    assert_eq!(
        client.frame().await.map(|frame| frame.payload),
        Some(Vec::new())
    );
    assert_eq!(client.closed().await.0, 1002);
}

#[tokio::test]
async fn one_megabyte_closes_with_1009_and_hurts_nobody_else() {
    let gateway = Harness::start().await;
    let (mut rude, mut other) = (gateway.connect().await, gateway.connect().await);
    rude.send_frame(TEXT, &vec![b'x'; 1 << 20]).await;
    let frame = rude.frame().await.expect("a close frame");
    assert_eq!(
        (frame.first, &frame.payload[..2]),
        (CLOSE, &1009_u16.to_be_bytes()[..])
    );
    other.send(r#"{"action":"echo2"}"#).await;
    assert_eq!(other.text().await, r#"{"action":"echo2"}"#);
}

#[tokio::test]
async fn a_handshake_that_is_none_is_refused() {
    let mut gateway = Harness::start().await;
    let base = [("Connection", "Upgrade"), ("Upgrade", "websocket")];
    let wrong: [&[(&str, &str)]; 3] = [
        &[],
        &[
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "short"),
        ],
        &[
            ("Sec-WebSocket-Version", "8"),
            ("Sec-WebSocket-Key", support::client::KEY),
        ],
    ];
    for extra in wrong {
        let headers: Vec<_> = base.iter().chain(extra).copied().collect();
        let response = http::request(gateway.address, "GET", "/dev", &headers, b"").await;
        assert_eq!(response.status, 400, "{extra:?}");
    }
    gateway.assert_not_invoked();
}

#[tokio::test]
async fn a_client_that_gives_up_during_connect_is_disconnected() {
    let gate = Arc::new(Semaphore::new(0));
    let opened = Arc::clone(&gate);
    let setup = Setup::new().answer(move |name, _| {
        let gate = Arc::clone(&gate);
        match name {
            "connect" => Box::pin(async move {
                gate.acquire().await.expect("open").forget();
                Ok(json!({"statusCode": 200}))
            }),
            "one" => never(),
            _ => ok(json!({"statusCode": 200})),
        }
    });
    let mut gateway = setup.start().await;
    let stream = support::client::begin(gateway.address, "/dev", &[]).await;
    gateway.invoked("connect").await;
    drop(stream);
    opened.add_permits(1);
    let event = gateway.invoked("disconnect").await;
    assert_eq!(event["requestContext"]["disconnectStatusCode"], 1006);
    assert_eq!(gateway.connections.count(), 0);
    opened.add_permits(1);
    Client::connect(gateway.address, "/dev").await;
}
