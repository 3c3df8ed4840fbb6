//! The store in memory: for tests, the simulator and the demo inside a page.

mod log;
mod roster;

use std::sync::{Mutex, MutexGuard, PoisonError};

use switchboard_protocol::{ConnectionId, ConversationId, UserId, server::Heads};

use crate::store::{
    Committed, Connection, LogPage, NewMessage, PageRequest, Shard, Store, StoreError,
};

pub use log::Log;
pub use roster::Roster;

/// A store that is gone with its process.
#[derive(Debug)]
pub struct MemoryStore {
    roster: Mutex<Roster>,
    log: Mutex<Log>,
    epoch: String,
}

impl MemoryStore {
    /// An empty store; `epoch` names this incarnation of the log.
    #[must_use]
    pub fn new(epoch: impl Into<String>) -> Self {
        Self {
            roster: Mutex::default(),
            log: Mutex::default(),
            epoch: epoch.into(),
        }
    }

    fn roster(&self) -> MutexGuard<'_, Roster> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    async fn put_connection(&self, connection: &Connection) -> Result<(), StoreError> {
        self.roster().put(connection.clone());
        Ok(())
    }

    async fn connection(
        &self,
        id: &ConnectionId,
        now: u64,
    ) -> Result<Option<Connection>, StoreError> {
        Ok(self.roster().get(id, now))
    }

    async fn delete_connection(&self, id: &ConnectionId) -> Result<Option<Connection>, StoreError> {
        Ok(self.roster().delete(id))
    }

    async fn delete_connection_if(&self, seen: &Connection) -> Result<bool, StoreError> {
        Ok(self.roster().delete_if(seen))
    }

    async fn connections_of(&self, user: &UserId, now: u64) -> Result<Vec<Connection>, StoreError> {
        Ok(self.roster().of_user(user, now))
    }

    async fn connections(&self, now: u64) -> Result<Vec<Connection>, StoreError> {
        Ok(self.roster().all(now))
    }

    async fn connections_in(&self, shard: Shard, now: u64) -> Result<Vec<Connection>, StoreError> {
        Ok(self.roster().in_shard(shard, now))
    }

    async fn commit(&self, entry: &NewMessage) -> Result<Committed, StoreError> {
        Ok(self.log().commit(entry))
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Heads, StoreError> {
        Ok(self.log().heads(conversations))
    }

    async fn heads_of(&self, user: &UserId) -> Result<Heads, StoreError> {
        Ok(self.log().heads_of(user))
    }

    async fn page(&self, request: &PageRequest) -> Result<LogPage, StoreError> {
        Ok(self.log().page(request))
    }

    async fn epoch(&self) -> Result<String, StoreError> {
        Ok(self.epoch.clone())
    }
}
