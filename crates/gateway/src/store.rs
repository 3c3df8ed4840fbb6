//! The embedded store: one file that survives its process.
//!
//! redb because it is pure Rust, one file, and has ordered byte keys: the same `pk‖0‖sk` range
//! queries as DynamoDB, with one writer where DynamoDB has conditional writes.
//!
//! A commit returns when its transaction is on the disk (fsync), so an acknowledged message
//! survives SIGKILL and a power cut. One thread writes and puts all that waits into one
//! transaction, so a slow disk costs latency rather than throughput. Reads see every commit
//! that has returned.
//!
//! Only the log is in the file. The roster is in memory: sockets end with the process that
//! holds them, so rows found at a start could only be wrong.

mod keys;
mod open;
mod read;
mod write;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use redb::{Database, TableDefinition};
use switchboard_backend::{
    Store,
    memory::Roster,
    store::{Committed, Connection, LogPage, NewMessage, PageRequest, Shard, StoreError},
};
use switchboard_protocol::{ConnectionId, ConversationId, UserId, server::Heads};

use self::write::Writer;

pub use self::open::OpenError;

const ITEMS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("items");

/// Conversations in a file, connections in memory.
pub struct EmbeddedStore {
    // Before the database: its thread must have ended when the file is closed.
    writer: Writer,
    database: Arc<Database>,
    roster: Mutex<Roster>,
    epoch: String,
}

impl fmt::Debug for EmbeddedStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EmbeddedStore")
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

impl EmbeddedStore {
    fn roster(&self) -> MutexGuard<'_, Roster> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `read` where it may wait for the disk.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Database) -> Result<T, redb::Error> + Send + 'static,
    ) -> Result<T, StoreError> {
        let database = Arc::clone(&self.database);
        tokio::task::spawn_blocking(move || read(&database))
            .await
            .map_err(|error| unavailable(&error))?
            .map_err(|error| unavailable(&error))
    }
}

impl Store for EmbeddedStore {
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
        self.writer.commit(entry.clone()).await
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Heads, StoreError> {
        let conversations = conversations.to_vec();
        self.read(move |database| read::heads(database, &conversations))
            .await
    }

    async fn heads_of(&self, user: &UserId) -> Result<Heads, StoreError> {
        let user = user.clone();
        self.read(move |database| read::heads_of(database, &user))
            .await
    }

    async fn page(&self, request: &PageRequest) -> Result<LogPage, StoreError> {
        let request = request.clone();
        self.read(move |database| read::page(database, &request))
            .await
    }

    async fn epoch(&self) -> Result<String, StoreError> {
        Ok(self.epoch.clone())
    }
}

fn unavailable(error: &impl fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}
