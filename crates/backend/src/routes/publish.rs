//! The queue's publisher (S3): each record's body to every live connection, as it is.

use crate::{
    backend::Backend,
    ports::{Clock, Post},
    queue::{BatchItemFailure, BatchResponse, QueueRecord},
    store::Store,
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Posts each record in turn and names those to be handed out again.
    ///
    /// A record has failed when the roster could not be read, or when nobody accepted it and
    /// some connection failed otherwise than by being gone. So a dead connection stops
    /// nothing, a record that reached someone is not posted to them again, one that nobody
    /// was there for is done, and one that nobody can take ends in the dead-letter queue.
    pub(crate) async fn publish_records(&self, records: Vec<QueueRecord>) -> BatchResponse {
        let mut response = BatchResponse::default();
        for record in records {
            // Read anew for each: connections found gone are no longer in it.
            let reached = match self.store.connections(self.clock.now_ms()).await {
                Ok(everyone) => {
                    let outcomes = self.fan_out(&everyone, &record.body.into()).await;
                    outcomes.any_accepted() || !outcomes.any_failed_alive()
                }
                Err(error) => {
                    tracing::error!(record = record.message_id, %error, "roster unreadable");
                    false
                }
            };
            if !reached {
                tracing::warn!(record = record.message_id, "a record reached nobody");
                response.batch_item_failures.push(BatchItemFailure {
                    item_identifier: record.message_id,
                });
            }
        }
        response
    }
}
