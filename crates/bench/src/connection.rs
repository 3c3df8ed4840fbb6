//! One connection: reads for ever and notes when each text came.

use std::{cell::RefCell, rc::Rc, time::Instant};

use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use tokio::{net::TcpStream, sync::Notify, task::JoinHandle};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// When the texts of the message under way arrived, over all connections.
#[derive(Default)]
pub(crate) struct Arrivals {
    times: RefCell<Vec<Instant>>,
    expected: RefCell<(String, usize)>,
    complete: Notify,
    lost: RefCell<Option<String>>,
}

impl Arrivals {
    /// From now on counts texts equal to `text`, until there are `count`.
    pub(crate) fn expect(&self, text: &str, count: usize) {
        self.times.borrow_mut().clear();
        *self.expected.borrow_mut() = (text.to_owned(), count);
    }

    /// Waits for the last of them; an error where a connection was lost meanwhile.
    pub(crate) async fn complete(&self) -> Result<Vec<Instant>, String> {
        loop {
            if let Some(reason) = self.lost.borrow().clone() {
                return Err(reason);
            }
            if self.times.borrow().len() == self.expected.borrow().1 {
                return Ok(self.times.borrow().clone());
            }
            self.complete.notified().await;
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.times.borrow().len()
    }

    fn note(&self, text: &str) {
        let now = Instant::now();
        let expected = self.expected.borrow();
        if text == expected.0 {
            let mut times = self.times.borrow_mut();
            times.push(now);
            if times.len() == expected.1 {
                self.complete.notify_one();
            }
        }
    }

    fn lose(&self, reason: String) {
        *self.lost.borrow_mut() = Some(reason);
        self.complete.notify_one();
    }
}

/// An open connection; its reading task ends with it.
pub(crate) struct Connection {
    outgoing: SplitSink<Socket, Message>,
    reader: JoinHandle<()>,
}

impl Connection {
    pub(crate) async fn open(url: &str, arrivals: &Rc<Arrivals>) -> Result<Self, String> {
        let (socket, _) = connect_async(url)
            .await
            .map_err(|error| format!("{url} did not accept a connection: {error}"))?;
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            // A frame is one small write; waiting to join it with another measures the wait.
            stream
                .set_nodelay(true)
                .map_err(|error| format!("no TCP_NODELAY: {error}"))?;
        }
        let (outgoing, mut incoming) = socket.split();
        let arrivals = Rc::clone(arrivals);
        let reader = tokio::task::spawn_local(async move {
            let reason = loop {
                match incoming.next().await {
                    Some(Ok(Message::Text(text))) => arrivals.note(&text),
                    Some(Ok(Message::Close(frame))) => break format!("closed by it: {frame:?}"),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => break error.to_string(),
                    None => break "ended".to_owned(),
                }
            };
            arrivals.lose(format!("a connection was lost: {reason}"));
        });
        Ok(Self { outgoing, reader })
    }

    pub(crate) async fn send(&mut self, text: String) -> Result<(), String> {
        self.outgoing
            .send(Message::text(text))
            .await
            .map_err(|error| format!("a message could not be sent: {error}"))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
