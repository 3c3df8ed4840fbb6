//! What came of a run.

use std::collections::BTreeMap;

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The promise that was broken, if one was.
    pub broken: Option<Broken>,
    /// Events of the queue that were carried out.
    pub events: u64,
    /// Virtual time that passed, ms.
    pub virtual_ms: u64,
    /// Messages that people sent.
    pub messages: u64,
    /// Of those, the ones a page said are kept or held.
    pub accepted: u64,
    /// Times a page read older messages out of its storage.
    pub reads: u64,
    /// WebSocket connections opened.
    pub connections: u64,
    /// Duplicated tabs.
    pub duplicates: u64,
    /// From healing to everything being everywhere, virtual ms.
    pub converged_ms: Option<u64>,
    /// Times a page had no working connection while nothing went wrong.
    pub gaps: u64,
    /// Planned changes of socket and others that happened in the quiet.
    pub quiet_connections: u64,
    /// How often each fault happened.
    pub faults: BTreeMap<&'static str, u64>,
}

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Virtual ms since the run began.
    pub at: u64,
    /// In words.
    pub what: String,
}

impl Report {
    pub(crate) fn fault(&mut self, name: &'static str) {
        *self.faults.entry(name).or_default() += 1;
    }
}
