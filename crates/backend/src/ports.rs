//! What handlers need from outside besides the store: posts, a queue, time and chance.

use std::{
    fmt,
    future::{Future, ready},
    sync::Arc,
    time::Duration,
};

use switchboard_protocol::ConnectionId;

/// The ways to connections: the management API of the gateway that holds the sockets, and the queue for
/// what goes to more of them than one invocation has time for.
pub trait Post: Send + Sync {
    /// Posts a text to one connection. `Ok` means accepted, not received.
    fn post(
        &self,
        connection: &ConnectionId,
        data: Arc<str>,
    ) -> impl Future<Output = Result<(), PostError>> + Send;

    /// Closes a connection.
    fn close(
        &self,
        connection: &ConnectionId,
    ) -> impl Future<Output = Result<(), PostError>> + Send;

    /// Puts records on the queue whose batches [`Backend::publish`](crate::Backend::publish) takes,
    /// each at least once and in no order, after `delay`: whole seconds, 15 minutes at most. Where there
    /// is none, nothing is.
    ///
    /// # Errors
    /// When the queue has not taken all of them; it may have taken some.
    fn enqueue(
        &self,
        _records: Vec<String>,
        _delay: Duration,
    ) -> impl Future<Output = Result<(), QueueError>> + Send {
        ready(Err(QueueError("there is no queue".to_owned())))
    }
}

/// Why a queue took nothing, or not everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueError(pub String);

impl fmt::Display for QueueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for QueueError {}

/// Why a post was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostError {
    /// 410: closed, never existed, or still in its handshake.
    Gone,
    /// 429: too many requests, or that socket's buffer is full.
    Throttled,
    /// 413: above 128 KB.
    TooLarge,
    /// Anything else.
    Other(String),
}

impl fmt::Display for PostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("the connection is gone"),
            Self::Throttled => f.write_str("throttled"),
            Self::TooLarge => f.write_str("larger than 128 KB"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for PostError {}

/// Time and chance.
pub trait Clock: Send + Sync {
    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> u64;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// 64 random bits.
    fn random(&self) -> u64;
}

impl<P: Post> Post for Arc<P> {
    fn post(
        &self,
        connection: &ConnectionId,
        data: Arc<str>,
    ) -> impl Future<Output = Result<(), PostError>> + Send {
        P::post(self, connection, data)
    }

    fn close(
        &self,
        connection: &ConnectionId,
    ) -> impl Future<Output = Result<(), PostError>> + Send {
        P::close(self, connection)
    }

    fn enqueue(
        &self,
        records: Vec<String>,
        delay: Duration,
    ) -> impl Future<Output = Result<(), QueueError>> + Send {
        P::enqueue(self, records, delay)
    }
}

impl<C: Clock> Clock for Arc<C> {
    fn now_ms(&self) -> u64 {
        C::now_ms(self)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        C::sleep(self, duration)
    }

    fn random(&self) -> u64 {
        C::random(self)
    }
}
