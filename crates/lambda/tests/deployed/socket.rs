//! A person's socket, and what they see.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message},
};

/// Real time after which a test gives up: nothing here takes a second on an idle machine.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub(crate) async fn connect(url: &str, query: &str) -> Result<Self, Error> {
        let (socket, _) = connect_async(format!("{url}{query}")).await?;
        Ok(Self(socket))
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// The next text.
    pub(crate) async fn next(&mut self) -> String {
        let message = timeout(PATIENCE, self.0.next()).await;
        let message = message.expect("nothing arrived").unwrap().unwrap();
        message.into_text().unwrap().to_string()
    }

    /// Sends a frame and gives all that arrives up to the handler's answer.
    ///
    /// The emulator sends a handler's answer to its client although no route here is two-way; it
    /// comes last, so it tells that everything else has come.
    pub(crate) async fn ask(&mut self, frame: &Value) -> Vec<String> {
        self.send(&frame.to_string()).await;
        let mut seen = Vec::new();
        loop {
            let text = self.next().await;
            if is_answer(&text) {
                return seen;
            }
            seen.push(text);
        }
    }

    /// All that has arrived.
    pub(crate) async fn seen(&mut self) -> Vec<String> {
        self.ask(&json!({"action": "bye"})).await
    }

    /// Waits for the connection's end.
    pub(crate) async fn ended(&mut self) {
        let end = async {
            while let Some(Ok(message)) = self.0.next().await {
                if message.is_close() {
                    break;
                }
            }
        };
        timeout(PATIENCE, end).await.expect("it did not end");
    }

    pub(crate) async fn close(mut self) {
        let _ = self.0.close(None).await;
    }
}

/// An answer is a sentence (S1's has no full stop). A failed function's is its error, which AWS
/// keeps from clients. No message of these tests looks like either.
fn is_answer(text: &str) -> bool {
    let sentence = !text.starts_with('{') && text.ends_with('.');
    sentence || text == "Message sent" || text.contains(r#""errorType""#)
}

/// Whether one of these is the event.
pub(crate) fn has(seen: &[String], event: &str) -> bool {
    let found = seen
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok());
    let mut found = found.filter(|frame: &Value| frame["event"] == event);
    found.next().is_some()
}
