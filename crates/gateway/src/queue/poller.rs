//! Hands the queue's records to the publisher, batch by batch, as Lambda's poller does.

use std::{collections::HashSet, time::Duration};

use serde_json::Value;

use super::{Outcome, Queue, Record, spool};
use crate::{event, gateway::Gateway, routes::INTEGRATION_TIMEOUT};

/// The name under which [`crate::Functions`] knows the publisher.
pub const PUBLISHER: &str = "publisher";

/// Runs until the gateway drains, then until the queue is empty or the time of grace is over.
/// What is left then is written beside the store and taken up at the next start.
pub(crate) async fn run(gateway: Gateway) {
    let queue = gateway.queue.clone();
    spool::restore(&queue);
    loop {
        let batch = queue.take(gateway.clock.now_ms());
        if !batch.is_empty() {
            publish(&gateway, &queue, batch).await;
            continue;
        }
        let next_visible = async {
            match queue.next_visible() {
                Some(at) => gateway.clock.sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = queue.0.arrived.notified() => {}
            () = next_visible => {}
            () = gateway.draining.cancelled() => break,
        }
    }
    queue.close();
    let drained = tokio::time::timeout(gateway.config.limits.shutdown_grace, async {
        loop {
            // Waiting for a retry would only hold up the shutdown: a record that is not due
            // yet goes to the spool.
            let batch = queue.take(gateway.clock.now_ms());
            if batch.is_empty() {
                break;
            }
            publish(&gateway, &queue, batch).await;
        }
    });
    if drained.await.is_err() {
        tracing::warn!("the queue was not drained in time");
    }
    spool::save(&queue);
}

async fn publish(gateway: &Gateway, queue: &Queue, batch: Vec<Record>) {
    let records: Vec<_> = batch
        .iter()
        .map(|record| {
            (
                record.message_id.clone(),
                record.body.clone(),
                record.receives,
            )
        })
        .collect();
    let guard = Unsettled {
        queue,
        batch: Some(batch),
        now: gateway.clock.now_ms(),
    };
    let event = event::queue_event(&queue.config().name, guard.now, &records);
    let answer = tokio::select! {
        answer = gateway.invoke(PUBLISHER, event) => match answer {
            Ok(Ok(answer)) => outcome(&answer, &records),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the publisher failed");
                Outcome::AllFailed
            }
            Err(error) => {
                tracing::error!(%error, "the publisher panicked");
                Outcome::AllFailed
            }
        },
        () = gateway.clock.sleep(TIMEOUT) => {
            tracing::warn!("the publisher timed out");
            Outcome::AllFailed
        }
    };
    guard.settle(&answer, gateway.clock.now_ms());
}

const TIMEOUT: Duration = INTEGRATION_TIMEOUT;

/// A batch in the publisher's hands. Dropped unsettled, at the end of the time of grace, its
/// records wait again, so that they are spooled.
struct Unsettled<'a> {
    queue: &'a Queue,
    batch: Option<Vec<Record>>,
    now: u64,
}

impl Unsettled<'_> {
    fn settle(mut self, outcome: &Outcome, now: u64) {
        if let Some(batch) = self.batch.take() {
            self.queue.settle(batch, outcome, now);
        }
    }
}

impl Drop for Unsettled<'_> {
    fn drop(&mut self) {
        let batch = self.batch.take().unwrap_or_default();
        let mut state = self.queue.state();
        state.in_flight = state.in_flight.saturating_sub(batch.len());
        for mut record in batch.into_iter().rev() {
            record.receives = record.receives.saturating_sub(1);
            state.waiting.push_front(record);
        }
    }
}

/// Reads `batchItemFailures` by Lambda's rules: nothing is success, an id that is not of the
/// batch fails it whole.
fn outcome(answer: &Value, records: &[(String, String, u32)]) -> Outcome {
    let failures = match answer.get("batchItemFailures") {
        None | Some(Value::Null) => return Outcome::Failed(HashSet::new()),
        Some(Value::Array(failures)) => failures,
        Some(_) => return Outcome::AllFailed,
    };
    failures
        .iter()
        .map(|failure| {
            let id = failure.get("itemIdentifier")?.as_str()?;
            records
                .iter()
                .any(|record| record.0 == id)
                .then(|| id.to_owned())
        })
        .collect::<Option<_>>()
        .map_or(Outcome::AllFailed, Outcome::Failed)
}
