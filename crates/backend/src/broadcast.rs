//! A text to everyone: posted here and now where they are few, by way of the queue where they are
//! many, so that no invocation has more to post than it has time for.
//!
//! Each record of the queue is a shard of the roster with the text. Whoever takes it reads that
//! shard and posts; a record that comes twice is posted twice, and a client drops what it has.

use std::{fmt, sync::Arc};

use switchboard_protocol::ConnectionId;

use crate::{
    backend::Backend,
    ports::{Clock, Post, QueueError},
    queue::{Audience, ShardRecord},
    store::{Connection, Gathering, Shard, Store, StoreError},
};

/// What goes to everyone.
#[derive(Debug, Clone)]
pub(crate) struct Broadcast {
    pub(crate) text: Arc<str>,
    pub(crate) to: Audience,
    pub(crate) except: Option<ConnectionId>,
}

impl Broadcast {
    fn includes(&self, connection: &Connection) -> bool {
        self.to.includes(connection) && self.except.as_ref() != Some(&connection.id)
    }
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

impl fmt::Display for NotSpread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Roster(error) => write!(f, "the roster could not be read: {error}"),
            Self::Queue(error) => write!(f, "the queue did not take it: {error}"),
        }
    }
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Posts to everyone, or has it posted.
    pub(crate) async fn broadcast(&self, broadcast: &Broadcast) -> Result<Spread, NotSpread> {
        match self.gathering().await.map_err(NotSpread::Roster)? {
            Gathering::All(mut everyone) => {
                everyone.retain(|one| broadcast.includes(one));
                let posted = self.post_to(&everyone, &broadcast.text).await;
                Ok(Spread::Posted(posted))
            }
            Gathering::Crowd(crowd) => {
                let records: Vec<String> = Shard::all(crowd, self.settings.fan_out_bound)
                    .map(|shard| ShardRecord::new(shard, broadcast).body())
                    .collect();
                tracing::info!(crowd, shards = records.len(), "handed to the queue");
                let queued = self.post.enqueue(records).await;
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
