//! The queue that feeds the publisher, with SQS's rules: batches, partial failures, retries and
//! a dead-letter list. In memory while the gateway runs; `spool` carries it over a restart.

pub(crate) mod http;
pub(crate) mod poller;
mod spool;
pub(crate) mod sqs;

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{clock::millis, config::QueueConfig, ids};

/// The queue of one gateway. Clones are the same queue.
#[derive(Clone, Debug)]
pub(crate) struct Queue(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: QueueConfig,
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Record>,
    in_flight: usize,
    dead: VecDeque<Record>,
    closed: bool,
}

/// One record, waiting or dead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) message_id: String,
    pub(crate) body: String,
    /// Times it was handed to the publisher.
    pub(crate) receives: u32,
    /// Acceptance, ms since the Unix epoch.
    pub(crate) sent_at: u64,
    /// Time from which it may be handed over, ms since the Unix epoch.
    pub(crate) visible_at: u64,
}

/// Why a record was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAccepted {
    Full,
    Closed,
}

impl fmt::Display for NotAccepted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Full => "the queue is full",
            Self::Closed => "the gateway is stopping",
        })
    }
}

/// What the publisher did with a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    AllFailed,
    Failed(HashSet<String>),
}

/// How many records there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Depth {
    pub(crate) depth: usize,
    pub(crate) in_flight: usize,
    pub(crate) dead_letters: usize,
}

impl Queue {
    pub(crate) fn new(config: QueueConfig) -> Self {
        Self(Arc::new(Shared {
            config,
            state: Mutex::default(),
            arrived: Notify::new(),
        }))
    }

    pub(crate) fn config(&self) -> &QueueConfig {
        &self.0.config
    }

    /// Takes a record; from now on it is published, dead-lettered or carried over a restart.
    /// It is handed out after `delay`.
    pub(crate) fn accept(
        &self,
        body: String,
        now: u64,
        delay: Duration,
    ) -> Result<String, NotAccepted> {
        let mut state = self.state();
        if state.closed {
            return Err(NotAccepted::Closed);
        }
        if state.waiting.len() >= self.0.config.capacity {
            return Err(NotAccepted::Full);
        }
        let message_id = ids::uuid();
        state.waiting.push_back(Record {
            message_id: message_id.clone(),
            body,
            receives: 0,
            sent_at: now,
            visible_at: now.saturating_add(millis(delay)),
        });
        drop(state);
        self.0.arrived.notify_one();
        Ok(message_id)
    }

    pub(crate) fn depth(&self) -> Depth {
        let state = self.state();
        Depth {
            depth: state.waiting.len(),
            in_flight: state.in_flight,
            dead_letters: state.dead.len(),
        }
    }

    pub(crate) fn dead_letters(&self) -> Vec<Record> {
        self.state().dead.iter().cloned().collect()
    }

    /// Hands over the next batch of visible records; empty if there is none.
    fn take(&self, now: u64) -> Vec<Record> {
        let mut state = self.state();
        let mut batch = Vec::new();
        let mut later = VecDeque::new();
        while batch.len() < self.0.config.batch.max(1)
            && let Some(mut record) = state.waiting.pop_front()
        {
            if record.visible_at > now {
                later.push_back(record);
            } else {
                record.receives += 1;
                batch.push(record);
            }
        }
        later.append(&mut state.waiting);
        state.waiting = later;
        state.in_flight += batch.len();
        batch
    }

    /// Ends a batch: what failed waits for its next try or is dead.
    fn settle(&self, batch: Vec<Record>, outcome: &Outcome, now: u64) {
        let config = &self.0.config;
        let mut state = self.state();
        state.in_flight = state.in_flight.saturating_sub(batch.len());
        for mut record in batch {
            let failed = match outcome {
                Outcome::AllFailed => true,
                Outcome::Failed(ids) => ids.contains(&record.message_id),
            };
            if !failed {
                continue;
            }
            if record.receives < config.max_receives.max(1) {
                record.visible_at = now.saturating_add(millis(config.retry_delay));
                state.waiting.push_back(record);
                continue;
            }
            tracing::warn!(
                message_id = record.message_id,
                receives = record.receives,
                "dead-lettered"
            );
            if state.dead.len() >= config.capacity {
                state.dead.pop_front();
            }
            state.dead.push_back(record);
        }
    }

    /// When the next waiting record becomes visible.
    fn next_visible(&self) -> Option<u64> {
        self.state()
            .waiting
            .iter()
            .map(|record| record.visible_at)
            .min()
    }

    /// From now on nothing is accepted.
    fn close(&self) {
        self.state().closed = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
