//! A WebSocket client that sends and receives exact frames.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    http::{Response, read_response},
    within,
};

pub const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

pub const TEXT: u8 = 0x81;
pub const TEXT_MORE: u8 = 0x01;
pub const REST: u8 = 0x80;
pub const REST_MORE: u8 = 0x00;
pub const BINARY: u8 = 0x82;
pub const CLOSE: u8 = 0x88;
pub const PING: u8 = 0x89;
pub const PONG: u8 = 0x8a;

/// An open connection.
pub struct Client {
    pub stream: TcpStream,
}

/// One frame as it came: first byte, payload.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    pub first: u8,
    pub payload: Vec<u8>,
}

/// Begins a handshake without waiting for the answer. `extra` are whole header lines.
pub async fn begin(address: SocketAddr, path: &str, extra: &[&str]) -> TcpStream {
    let mut head = format!("GET {path} HTTP/1.1\r\n");
    if !extra.iter().any(|line| line.starts_with("Host:")) {
        head.push_str(&format!("Host: {address}\r\n"));
    }
    head.push_str(&format!(
        "Connection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
    ));
    for line in extra {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    let mut stream = within(TcpStream::connect(address)).await.expect("connects");
    stream
        .write_all(head.as_bytes())
        .await
        .expect("sends its head");
    stream
}

/// A handshake and its answer.
pub async fn handshake(address: SocketAddr, path: &str, extra: &[&str]) -> (Client, Response) {
    let mut stream = begin(address, path, extra).await;
    let response = within(read_response(&mut stream)).await;
    (Client { stream }, response)
}

impl Client {
    pub async fn connect(address: SocketAddr, path: &str) -> Self {
        let (client, response) = handshake(address, path, &[]).await;
        assert_eq!(response.status, 101, "{response:?}");
        assert_eq!(response.header("sec-websocket-accept"), Some(ACCEPT));
        client
    }

    pub async fn send(&mut self, text: &str) {
        self.send_frame(TEXT, text.as_bytes()).await;
    }

    /// Sends one masked frame.
    pub async fn send_frame(&mut self, first: u8, payload: &[u8]) {
        let mask = [0x12, 0x34, 0x56, 0x78];
        let mut frame = vec![first];
        match payload.len() {
            short @ 0..126 => frame.push(0x80 | u8::try_from(short).expect("short")),
            medium @ 126..65536 => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(medium).expect("medium").to_be_bytes());
            }
            long => {
                frame.push(0x80 | 127);
                frame.extend((long as u64).to_be_bytes());
            }
        }
        frame.extend(mask);
        frame.extend(
            payload
                .iter()
                .zip(mask.iter().cycle())
                .map(|(byte, key)| byte ^ key),
        );
        // The gateway may have closed already; what it said is then still to be read.
        let _ = within(self.stream.write_all(&frame)).await;
    }

    pub async fn send_raw(&mut self, bytes: &[u8]) {
        let _ = within(self.stream.write_all(bytes)).await;
    }

    pub async fn send_close(&mut self, code: u16, reason: &str) {
        let mut payload = code.to_be_bytes().to_vec();
        payload.extend(reason.as_bytes());
        self.send_frame(CLOSE, &payload).await;
    }

    /// The next frame; `None` at the end of the connection.
    pub async fn frame(&mut self) -> Option<Frame> {
        within(async {
            let first = self.stream.read_u8().await.ok()?;
            let length = match self.stream.read_u8().await.ok()? {
                126 => usize::from(self.stream.read_u16().await.ok()?),
                127 => usize::try_from(self.stream.read_u64().await.ok()?).expect("length"),
                short => {
                    assert!(short < 126, "a server frame is masked");
                    usize::from(short)
                }
            };
            let mut payload = vec![0; length];
            self.stream.read_exact(&mut payload).await.ok()?;
            Some(Frame { first, payload })
        })
        .await
    }

    /// The next message, in one or several frames, which must be text.
    pub async fn text(&mut self) -> String {
        let mut frame = self.frame().await.expect("a frame");
        assert_eq!(frame.first & 0x0f, 1, "{frame:?}");
        let mut text = frame.payload;
        while frame.first & 0x80 == 0 {
            frame = self.frame().await.expect("the rest");
            assert_eq!(frame.first & 0x0f, 0, "a continuation");
            text.extend(&frame.payload);
        }
        String::from_utf8(text).expect("UTF-8")
    }

    /// The close frame, which must come next: code, reason. Answers it and sees the end.
    pub async fn closed(&mut self) -> (u16, String) {
        let frame = self.frame().await.expect("a close frame");
        assert_eq!(frame.first, CLOSE, "{frame:?}");
        self.send_frame(CLOSE, &frame.payload).await;
        assert_eq!(self.frame().await, None, "the end");
        let (code, reason) = frame.payload.split_at(2);
        let code = u16::from_be_bytes([code[0], code[1]]);
        (code, String::from_utf8(reason.to_vec()).expect("UTF-8"))
    }
}
