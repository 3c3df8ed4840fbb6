//! The handlers' ports: chance, time, posts.

use std::{sync::Arc, time::Duration};

use switchboard_backend::{Clock, Post, PostError};
use switchboard_protocol::ConnectionId;

use crate::platform::Shared;

/// The wall clock at the start of every run, ms since the Unix epoch.
pub(crate) const EPOCH: u64 = 1_800_000_000_000;

/// Time and chance of the invocation being polled.
#[derive(Debug)]
pub(crate) struct SimClock(pub(crate) Shared);

impl Clock for SimClock {
    fn now_ms(&self) -> u64 {
        EPOCH + self.0.lock().now
    }

    async fn sleep(&self, duration: Duration) {
        let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let _ = self.0.sleep(ms).await;
    }

    fn random(&self) -> u64 {
        self.0.lock().invocation.rng.next()
    }
}

/// The management API.
#[derive(Debug)]
pub(crate) struct SimPost(pub(crate) Shared);

impl Post for SimPost {
    async fn post(&self, connection: &ConnectionId, data: Arc<str>) -> Result<(), PostError> {
        match number(connection) {
            Some(number) => self.0.post(number, data).await,
            None => Err(PostError::Gone),
        }
    }

    async fn close(&self, _: &ConnectionId) -> Result<(), PostError> {
        // No handler closes a connection yet.
        Err(PostError::Gone)
    }
}

/// A connection's id on the wire.
pub(crate) fn wire_id(number: u32) -> String {
    format!("c{number:07}=")
}

/// The connection an id names.
pub(crate) fn number(id: &ConnectionId) -> Option<u32> {
    id.as_str()
        .strip_prefix('c')?
        .strip_suffix('=')?
        .parse()
        .ok()
}
