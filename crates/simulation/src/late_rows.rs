//! Rows that come later than they should, for two mutants, or never: holes in the log.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use switchboard_protocol::{ConnectionId, ConversationId, Seq, server::Heads};

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct LateRows(Mutex<Rows>);

#[derive(Debug, Default)]
struct Rows {
    /// When a place becomes visible.
    hidden: BTreeMap<(ConversationId, Seq), u64>,
    /// Heads that were read before their connection was registered.
    deferred: Vec<(ConnectionId, Heads)>,
}

impl LateRows {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether every place is visible.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows().hidden.is_empty()
    }

    pub(crate) fn hide(&self, conv: ConversationId, seq: Seq, until: u64) {
        self.rows().hidden.insert((conv, seq), until);
    }

    pub(crate) fn is_visible(&self, conv: &ConversationId, seq: Seq, now: u64) -> bool {
        let key = (conv.clone(), seq);
        self.rows().hidden.get(&key).is_none_or(|at| *at <= now)
    }

    pub(crate) fn defer(&self, connection: ConnectionId, heads: Heads) {
        self.rows().deferred.push((connection, heads));
    }

    pub(crate) fn take(&self, connection: &str) -> Option<Heads> {
        let deferred = &mut self.rows().deferred;
        let at = deferred
            .iter()
            .position(|(id, _)| id.as_str() == connection)?;
        Some(deferred.swap_remove(at).1)
    }
}
