//! What a queue hands to the publisher, and which of it to hand out again.

use serde::{Deserialize, Serialize};

/// The event of a queue's batch.
#[derive(Debug, Clone, Deserialize)]
pub struct QueueEvent {
    /// The batch, at most 10.
    #[serde(rename = "Records")]
    pub records: Vec<QueueRecord>,
}

/// One message of a queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueRecord {
    /// Names it within the batch.
    pub message_id: String,
    /// The text for everyone connected.
    pub body: String,
}

/// The records that failed; the queue treats the others as done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// Empty when all were delivered.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// See [`BatchResponse`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// The record's message id.
    pub item_identifier: String,
}
