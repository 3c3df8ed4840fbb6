//! A text to everyone: posted here and now where they are few, by way of the queue where they are
//! many, so that no invocation has more to post than it has time for.
//!
//! Each record of the queue is a shard of the roster with the text. Whoever takes it reads that
//! shard and posts; a record that comes twice is posted twice, and a client drops what it has.

use std::{fmt, sync::Arc};

use switchboard_protocol::ConnectionId;

use crate::{
    backend::Backend,
    fan_out::Outcomes,
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

/// What became of it.
#[derive(Debug)]
pub(crate) enum Spread {
    /// It was posted.
    Posted(Outcomes),
    /// The queue has it.
    Queued,
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
    pub(crate) async fn broadcast(&self, broadcast: Broadcast) -> Result<Spread, NotSpread> {
        match self.gathering().await.map_err(NotSpread::Roster)? {
            Gathering::All(everyone) => Ok(Spread::Posted(
                self.post_to(
                    &broadcast.to,
                    broadcast.except.as_ref(),
                    everyone,
                    &broadcast.text,
                )
                .await,
            )),
            Gathering::Crowd(crowd) => {
                let records: Vec<String> = Shard::all(crowd, self.settings.fan_out_bound)
                    .map(|shard| ShardRecord::new(shard, &broadcast).body())
                    .collect();
                tracing::info!(crowd, shards = records.len(), "handed to the queue");
                let queued = self.post.enqueue(records).await;
                queued.map_err(NotSpread::Queue)?;
                Ok(Spread::Queued)
            }
        }
    }

    /// Posts to the connections of a shard.
    pub(crate) async fn post_shard(&self, record: &ShardRecord) -> Result<Outcomes, StoreError> {
        let now = self.clock.now_ms();
        let here = self.store.connections_in(record.shard, now).await?;
        let text = record.text.as_str().into();
        Ok(self
            .post_to(&record.to, record.except.as_ref(), here, &text)
            .await)
    }

    async fn post_to(
        &self,
        to: &Audience,
        except: Option<&ConnectionId>,
        mut connections: Vec<Connection>,
        text: &Arc<str>,
    ) -> Outcomes {
        connections.retain(|one| to.includes(one) && Some(&one.id) != except);
        self.fan_out(&connections, text).await
    }
}
