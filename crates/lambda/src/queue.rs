//! Records for the publisher: an SQS queue.

use std::time::Duration;

use aws_sdk_sqs::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata},
    types::SendMessageBatchRequestEntry,
};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use switchboard_backend::QueueError;

/// Most entries of one request.
const ENTRIES: usize = 10;
/// Most bytes of one request's records together.
const BYTES: usize = 1024 * 1024;
/// Requests in flight: 256 records are then on their way in four rounds.
const WIDTH: usize = 8;
/// How often what a request left out is sent.
const ATTEMPTS: u32 = 3;

/// A queue.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    /// The queue of this address.
    #[must_use]
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        let url = url.into();
        Self { client, url }
    }

    /// Sends records in as few requests as they fit in.
    ///
    /// # Errors
    /// When the queue has not taken all of them.
    pub async fn send(&self, records: Vec<String>, delay: Duration) -> Result<(), QueueError> {
        // A loop, not `map`: rustc cannot show a stream of a borrowing closure to be Send.
        let mut requests = Vec::new();
        for batch in batches(records) {
            requests.push(self.send_batch(batch, delay));
        }
        let sent = stream::iter(requests).buffer_unordered(WIDTH);
        sent.try_collect().await
    }

    async fn send_batch(
        &self,
        mut records: Vec<String>,
        delay: Duration,
    ) -> Result<(), QueueError> {
        let delay = (!delay.is_zero()).then(|| i32::try_from(delay.as_secs()).unwrap_or(i32::MAX));
        let mut why = String::new();
        for _ in 0..ATTEMPTS {
            let mut request = self.client.send_message_batch().queue_url(&self.url);
            for (number, record) in records.iter().enumerate() {
                let entry = SendMessageBatchRequestEntry::builder()
                    .id(number.to_string())
                    .message_body(record)
                    .set_delay_seconds(delay)
                    .build();
                let entry = entry.map_err(|error| QueueError(error.to_string()))?;
                request = request.entries(entry);
            }
            let answer = request.send().await.map_err(|error| {
                QueueError(match error.code() {
                    Some(code) => format!("SendMessageBatch: {code}"),
                    None => format!("SendMessageBatch: {}", DisplayErrorContext(&error)),
                })
            })?;
            let Some(first) = answer.failed.first() else {
                return Ok(());
            };
            why = format!("SendMessageBatch: an entry's {}", first.code);
            let left = answer.failed.iter();
            let left = left.filter_map(|failed| failed.id.parse().ok());
            let left: Vec<usize> = left.collect();
            let numbered = records.into_iter().enumerate();
            let failed = numbered.filter(|(number, _)| left.contains(number));
            records = failed.map(|(_, record)| record).collect();
        }
        Err(QueueError(why))
    }
}

/// As many together as one request holds; one that is too large is alone, and refused.
fn batches(records: Vec<String>) -> Vec<Vec<String>> {
    let mut batches: Vec<Vec<String>> = Vec::new();
    let mut bytes = 0;
    for record in records {
        bytes += record.len();
        match batches.last_mut() {
            Some(batch) if batch.len() < ENTRIES && bytes <= BYTES => batch.push(record),
            _ => {
                bytes = record.len();
                batches.push(vec![record]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(records: &[usize]) -> Vec<usize> {
        let records = records.iter().map(|bytes| "x".repeat(*bytes)).collect();
        batches(records).iter().map(Vec::len).collect()
    }

    #[test]
    fn a_request_has_ten_records_or_a_mebibyte() {
        assert_eq!(sizes(&[]), [0; 0]);
        assert_eq!(sizes(&[1; 10]), [10]);
        assert_eq!(sizes(&[1; 21]), [10, 10, 1]);
        assert_eq!(sizes(&[256 * 1024; 9]), [4, 4, 1]);
        assert_eq!(sizes(&[1, BYTES, 1, BYTES + 1, 1]), [1, 1, 1, 1, 1]);
    }
}
