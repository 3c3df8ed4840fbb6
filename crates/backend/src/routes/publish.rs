//! The queue's publisher: each record's text to every live connection (S3), or to those of the
//! shard that it names.

use crate::{
    backend::Backend,
    broadcast::{Broadcast, Spread},
    ports::{Clock, Post},
    queue::{Audience, BatchItemFailure, BatchResponse, QueueRecord, ShardRecord},
    store::{Shard, Store},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Posts each record in turn and names those to be handed out again.
    ///
    /// A record has failed when the roster could not be read, or when nobody accepted it and
    /// some connection failed otherwise than by being gone. So a dead connection stops
    /// nothing, a record that reached someone is not posted to them again, one that nobody
    /// was there for is done, and one that nobody can take ends in the dead-letter queue. One for
    /// those alone whom another missed is followed by the next, or given up, instead.
    pub(crate) async fn publish_records(&self, records: Vec<QueueRecord>) -> BatchResponse {
        let mut response = BatchResponse::default();
        for record in records {
            if let Err(reason) = self.publish_record(&record.body).await {
                tracing::error!(record = record.message_id, reason, "not published");
                response.batch_item_failures.push(BatchItemFailure {
                    item_identifier: record.message_id,
                });
            }
        }
        response
    }

    async fn publish_record(&self, body: &str) -> Result<(), String> {
        let (record, posted) = match ShardRecord::read(body) {
            Some(Ok(record)) => {
                let posted = self.post_shard(&record).await;
                let unread = |error| format!("the roster could not be read: {error}");
                (record, posted.map_err(unread)?)
            }
            // Not the record itself: what somebody wrote is in it.
            Some(Err(error)) => {
                let (line, column) = (error.line(), error.column());
                let why = "a damaged record of a shard";
                return Err(format!("{why}, at line {line}, column {column}"));
            }
            None => {
                let broadcast = Broadcast {
                    text: body.into(),
                    to: Audience::Everyone,
                    except: None,
                };
                match self.broadcast(&broadcast).await {
                    Ok(Spread::Posted(posted)) => {
                        (ShardRecord::new(Shard::WHOLE, &broadcast), posted)
                    }
                    Ok(Spread::Queued) => return Ok(()),
                    Err(error) => return Err(error.to_string()),
                }
            }
        };
        let is_whole = record.only.is_empty();
        if is_whole && !posted.any_accepted && !posted.missed.is_empty() {
            return Err("a record reached nobody".to_owned());
        }
        self.post_again(record, posted.missed).await;
        Ok(())
    }
}
