//! A text to everyone: posted here and now where they are few, by way of the queue where they are
//! many, so that no invocation has more to post than it has time for.
//!
//! Each record of the queue is a shard of the roster with the text. Whoever takes it reads that
//! shard and posts; a record that comes twice is posted twice, and a client drops what it has.

use std::{fmt, sync::Arc, time::Duration};

use switchboard_protocol::ConnectionId;

use crate::{
    backend::Backend,
    ports::{Clock, Post, QueueError},
    queue::{Audience, ShardRecord},
    store::{Connection, Gathering, Shard, Store, StoreError},
};

/// When those are posted to again whom a text did not reach, and how often.
const AGAIN: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(8),
    Duration::from_secs(64),
];

/// What goes to everyone.
#[derive(Debug, Clone)]
pub(crate) struct Broadcast {
    pub(crate) text: Arc<str>,
    pub(crate) to: Audience,
    pub(crate) except: Option<ConnectionId>,
}

/// What became of it.
#[derive(Debug)]
pub(crate) enum Spread {
    /// It was posted.
    Posted(Posted),
    /// The queue has it.
    Queued,
}

/// What became of its posts.
#[derive(Debug)]
pub(crate) struct Posted {
    pub(crate) any_accepted: bool,
    /// Whom it did not reach though they may still be there.
    pub(crate) missed: Vec<Connection>,
}

/// Why it went to nobody, or not to all.
#[derive(Debug)]
pub(crate) enum NotSpread {
    Roster(StoreError),
    Queue(QueueError),
}

impl NotSpread {
    /// See [`StoreError::kind`].
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Roster(error) => error.kind(),
            Self::Queue(_) => "Queue",
        }
    }
}

impl fmt::Display for NotSpread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Roster(error) => write!(f, "the roster could not be read: {error}"),
            Self::Queue(error) => write!(f, "the queue did not take it: {error}"),
        }
    }
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Addresses everyone, some of them perhaps later.
    pub(crate) async fn address(&self, broadcast: &Broadcast) -> Result<(), NotSpread> {
        if let Spread::Posted(posted) = self.broadcast(broadcast).await? {
            let record = ShardRecord::new(Shard::WHOLE, broadcast);
            self.post_again(record, posted.missed).await;
        }
        Ok(())
    }

    /// Has the queue hand out for those alone what did not reach them. Whoever speaks Switchboard's own frames
    /// needs none: the next `pong` says what is missing, and what is in no log is for the others alone.
    pub(crate) async fn post_again(&self, record: ShardRecord, missed: Vec<Connection>) {
        let older = missed.into_iter().filter(|one| !one.said_hello());
        let older: Vec<ConnectionId> = older.map(|one| one.id).collect();
        if older.is_empty() {
            return;
        }
        let count = older.len();
        let Some(delay) = AGAIN.get(usize::from(record.tries)) else {
            tracing::error!(count, "not posted to all, and given up");
            return;
        };
        let rest = record.again(older).body();
        if let Err(error) = self.post.enqueue(vec![rest], *delay).await {
            // Not failed: whoever has it would have it twice, and could not tell.
            tracing::error!(count, %error, "not posted to all, and the queue takes no more");
        }
    }

    /// Posts to everyone, or has it posted.
    pub(crate) async fn broadcast(&self, broadcast: &Broadcast) -> Result<Spread, NotSpread> {
        match self.gathering().await.map_err(NotSpread::Roster)? {
            Gathering::All(mut everyone) => {
                everyone.retain(|one| broadcast.to.includes(one, broadcast.except.as_ref()));
                let posted = self.post_to(&everyone, &broadcast.text).await;
                Ok(Spread::Posted(posted))
            }
            Gathering::Crowd(crowd) => {
                let records: Vec<String> = Shard::all(crowd, self.settings.fan_out_bound)
                    .map(|shard| ShardRecord::new(shard, broadcast).body())
                    .collect();
                tracing::info!(crowd, shards = records.len(), "handed to the queue");
                let queued = self.post.enqueue(records, Duration::ZERO).await;
                queued.map_err(NotSpread::Queue)?;
                Ok(Spread::Queued)
            }
        }
    }

    /// Posts to the connections of a shard.
    pub(crate) async fn post_shard(&self, record: &ShardRecord) -> Result<Posted, StoreError> {
        let now = self.clock.now_ms();
        let mut here = self.store.connections_in(record.shard, now).await?;
        here.retain(|one| record.includes(one));
        let text = record.text.as_str().into();
        Ok(self.post_to(&here, &text).await)
    }

    async fn post_to(&self, connections: &[Connection], text: &Arc<str>) -> Posted {
        let outcomes = self.fan_out(connections, text).await;
        Posted {
            any_accepted: outcomes.any_accepted(),
            missed: outcomes.failed_alive(connections).cloned().collect(),
        }
    }
}
