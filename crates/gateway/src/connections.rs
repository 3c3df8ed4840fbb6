//! The open connections and what can be done to them from outside: post, close, describe, and have
//! the queue post.
//!
//! The HTTP management API and the in-process port of the handlers both stand on this.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, mpsc};

use crate::{
    clock::Clock,
    config::Limits,
    event::Origin,
    faults::{Dice, Fate, Faults},
    ids::ConnectionId,
    queue::{NotAccepted, Queue},
    rate::Bucket,
};

/// The open connections of a gateway. Clones are the same set.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    limits: Limits,
    requests: Option<Bucket>,
    dice: Dice,
    open: Mutex<HashMap<ConnectionId, Arc<Connection>>>,
    queue: OnceLock<Queue>,
}

/// One open connection, as far as others than its own task know it.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) origin: Origin,
    outgoing: mpsc::Sender<Arc<str>>,
    close: Notify,
    last_active_ms: AtomicU64,
    in_flight: AtomicUsize,
}

/// Why a post did not reach a connection's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostRefused {
    /// The connection is closed, was never opened, or is not established yet (410).
    Gone,
    /// The message is larger than [`Limits::message_bytes`] (413).
    TooLarge,
    /// Too many posts, or the client does not read what it has been sent (429).
    Throttled,
}

/// What `GetConnection` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Description {
    pub(crate) source_ip: String,
    pub(crate) user_agent: Option<String>,
    pub(crate) connected_at_ms: u64,
    pub(crate) last_active_ms: u64,
}

impl Connections {
    /// No connection yet.
    #[must_use]
    pub fn new(clock: Clock, limits: Limits) -> Self {
        Self::faulty(clock, limits, Faults::default())
    }

    /// No connection yet; things will go wrong as `faults` says.
    #[must_use]
    pub fn faulty(clock: Clock, limits: Limits, faults: Faults) -> Self {
        let requests = limits
            .requests_per_second
            .map(|per_second| Bucket::new(per_second, clock.now_ms()));
        Self(Arc::new(Shared {
            clock,
            limits,
            requests,
            dice: Dice::new(faults),
            open: Mutex::default(),
            queue: OnceLock::new(),
        }))
    }

    /// Queues `text` for a connection: accepted means queued, not read.
    ///
    /// # Errors
    ///
    /// If the connection is gone, the message too large or the client's queue full.
    pub fn post(&self, id: &ConnectionId, text: Arc<str>) -> Result<(), PostRefused> {
        if text.len() > self.0.limits.message_bytes {
            return Err(PostRefused::TooLarge);
        }
        let connection = self.open().get(id).cloned().ok_or(PostRefused::Gone)?;
        if !self.take_request() || self.0.dice.throttles() {
            return Err(PostRefused::Throttled);
        }
        match self.0.dice.fate() {
            None => connection.push(text)?,
            Some(Fate(copies)) => {
                for late in copies {
                    let (clock, connection) = (self.0.clock.clone(), Arc::clone(&connection));
                    let text = Arc::clone(&text);
                    tokio::spawn(async move {
                        clock.sleep(late).await;
                        // Accepted already: what goes wrong from here on, nobody is told.
                        let _ = connection.push(text);
                    });
                }
            }
        }
        connection.touch(self.0.clock.now_ms());
        Ok(())
    }

    /// Closes a connection with 1000; from now on it is gone.
    ///
    /// # Errors
    ///
    /// [`PostRefused::Gone`] if there is none.
    pub fn close(&self, id: &ConnectionId) -> Result<(), PostRefused> {
        let connection = self.open().remove(id).ok_or(PostRefused::Gone)?;
        connection.close.notify_one();
        Ok(())
    }

    /// Whether the connection that now ends is one whose `$disconnect` never runs.
    pub(crate) fn leaves_untold(&self) -> bool {
        self.0.dice.leaves_untold()
    }

    /// Gives the handlers that post here the queue of the gateway they are behind.
    pub(crate) fn feed(&self, queue: Queue) {
        // The first gateway's: there is only one to a set of connections.
        let _ = self.0.queue.set(queue);
    }

    /// Puts records on the gateway's queue, in order, up to the first that it does not take.
    pub(crate) fn enqueue(&self, records: Vec<String>, delay: Duration) -> Result<(), NotAccepted> {
        let queue = self.0.queue.get().ok_or(NotAccepted::Closed)?;
        for record in records {
            queue.accept(record, self.0.clock.now_ms(), delay)?;
        }
        Ok(())
    }

    /// How many connections are open.
    #[must_use]
    pub fn count(&self) -> usize {
        self.open().len()
    }

    pub(crate) fn describe(&self, id: &ConnectionId) -> Option<Description> {
        let connection = self.open().get(id).cloned()?;
        Some(Description {
            source_ip: connection.origin.source_ip.to_string(),
            user_agent: connection.origin.user_agent.clone(),
            connected_at_ms: connection.origin.connected_at_ms,
            last_active_ms: connection.last_active_ms(),
        })
    }

    /// Opens a connection: from now on it can be posted to.
    pub(crate) fn insert(&self, origin: Origin) -> (Arc<Connection>, mpsc::Receiver<Arc<str>>) {
        let (outgoing, queue) = mpsc::channel(self.0.limits.outgoing_messages.max(1));
        let connection = Arc::new(Connection {
            outgoing,
            close: Notify::new(),
            last_active_ms: AtomicU64::new(self.0.clock.now_ms()),
            in_flight: AtomicUsize::new(0),
            origin,
        });
        self.open().insert(
            connection.origin.connection.clone(),
            Arc::clone(&connection),
        );
        (connection, queue)
    }

    /// Forgets a connection whose own task found its end.
    pub(crate) fn remove(&self, id: &ConnectionId) {
        self.open().remove(id);
    }

    /// Counts one request against the account quota; false if it is used up.
    pub(crate) fn take_request(&self) -> bool {
        self.0
            .requests
            .as_ref()
            .is_none_or(|bucket| bucket.take(self.0.clock.now_ms()))
    }

    fn open(&self) -> MutexGuard<'_, HashMap<ConnectionId, Arc<Connection>>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    fn push(&self, text: Arc<str>) -> Result<(), PostRefused> {
        self.outgoing.try_send(text).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => PostRefused::Throttled,
            mpsc::error::TrySendError::Closed(_) => PostRefused::Gone,
        })
    }

    /// Notes a message in either direction.
    pub(crate) fn touch(&self, now_ms: u64) {
        self.last_active_ms.fetch_max(now_ms, Ordering::Relaxed);
    }

    pub(crate) fn last_active_ms(&self) -> u64 {
        self.last_active_ms.load(Ordering::Relaxed)
    }

    /// Waits until somebody closes the connection from outside.
    pub(crate) async fn closed_from_outside(&self) {
        self.close.notified().await;
    }

    /// Sends an answer of the gateway, waiting for room; dropped if the connection has ended.
    pub(crate) async fn reply(&self, text: String, now_ms: u64) {
        if self.outgoing.send(text.into()).await.is_ok() {
            self.touch(now_ms);
        }
    }

    /// Begins a message unless `limit` of them are waiting for their functions already.
    pub(crate) fn begin_message(self: &Arc<Self>, limit: usize) -> Option<InFlight> {
        self.in_flight
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
                (count < limit).then_some(count + 1)
            })
            .ok()
            .map(|_| InFlight(Arc::clone(self)))
    }
}

/// A message whose function has not answered; dropping it makes room for the next.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Connection>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
