//! Tickets in memory, gone with their process: for tests.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use switchboard_backend::store::StoreError;

use crate::ticket::{Grant, TicketHash, Tickets};

/// See the module.
#[derive(Debug, Default)]
pub struct MemoryTickets(Mutex<BTreeMap<TicketHash, Grant>>);

impl MemoryTickets {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<TicketHash, Grant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tickets for MemoryTickets {
    async fn keep(&self, ticket: &TicketHash, grant: &Grant) -> Result<(), StoreError> {
        self.kept().insert(ticket.clone(), grant.clone());
        Ok(())
    }

    async fn redeem(&self, ticket: &TicketHash, now: u64) -> Result<Option<Grant>, StoreError> {
        let mut kept = self.kept();
        kept.retain(|_, grant| grant.expires > now);
        Ok(kept.remove(ticket))
    }
}
