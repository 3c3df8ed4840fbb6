//! The store over one DynamoDB table.
//!
//! The table design stands in `docs/protocol.md`, *Server state*. Every read is of known keys:
//! there is no `Scan`, and no index, because one cannot be read with strong consistency.

mod crowd;
mod errors;
mod items;
mod keys;
mod log;
mod read;
mod roster;
mod transaction;

use aws_sdk_dynamodb::Client;
use switchboard_backend::{
    Store,
    store::{
        Committed, Connection, Gathering, LogPage, NewMessage, PageRequest, Shard, StoreError,
    },
};
use switchboard_protocol::{ConnectionId, ConversationId, Seq, UserId, server::Heads};
use tokio::sync::OnceCell;

pub(crate) use self::errors::unavailable;

/// Roster and log in one table.
#[derive(Debug)]
pub struct DynamoStore {
    client: Client,
    table: String,
    epoch: OnceCell<String>,
}

impl DynamoStore {
    /// The store in `table`, whose keys are the strings `PK` and `SK`.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
            epoch: OnceCell::new(),
        }
    }

    /// The table's own id. Not an item in it: a restored table has the items of the old one,
    /// and that is what an epoch must tell apart.
    async fn table_id(&self) -> Result<String, StoreError> {
        let described = self.client.describe_table().table_name(&self.table);
        let described = described.send().await;
        let described = described.map_err(|error| unavailable("DescribeTable", &error))?;
        described
            .table
            .and_then(|table| table.table_id)
            .ok_or_else(|| StoreError::Unavailable("DescribeTable: no id".to_owned()))
    }
}

impl Store for DynamoStore {
    async fn put_connection(&self, connection: &Connection) -> Result<(), StoreError> {
        self.put_rows(connection).await
    }

    async fn connection(
        &self,
        id: &ConnectionId,
        now: u64,
    ) -> Result<Option<Connection>, StoreError> {
        self.row(id, now).await
    }

    async fn delete_connection(&self, id: &ConnectionId) -> Result<Option<Connection>, StoreError> {
        self.delete_rows(id).await
    }

    async fn delete_connection_if(&self, seen: &Connection) -> Result<bool, StoreError> {
        self.delete_rows_if(seen).await
    }

    async fn connections_of(&self, user: &UserId, now: u64) -> Result<Vec<Connection>, StoreError> {
        self.rows_of(user, now).await
    }

    async fn connections(&self, now: u64) -> Result<Vec<Connection>, StoreError> {
        self.all_rows(now).await
    }

    async fn connections_up_to(&self, most: usize, now: u64) -> Result<Gathering, StoreError> {
        self.rows_up_to(most, now).await
    }

    async fn connections_in(&self, shard: Shard, now: u64) -> Result<Vec<Connection>, StoreError> {
        self.rows_in(shard, now).await
    }

    async fn commit(&self, entry: &NewMessage) -> Result<Committed, StoreError> {
        let last = self.last_place(&entry.conv).await?;
        self.append(entry, last).await
    }

    async fn connection_and_last(
        &self,
        id: &ConnectionId,
        conv: &ConversationId,
        now: u64,
    ) -> Result<(Option<Connection>, Option<Seq>), StoreError> {
        let (row, last) = self.row_and_last_place(id, conv, now).await?;
        Ok((row, Some(last)))
    }

    async fn commit_after(&self, entry: &NewMessage, last: Seq) -> Result<Committed, StoreError> {
        self.append(entry, last).await
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Heads, StoreError> {
        self.last_places(conversations.iter().cloned()).await
    }

    async fn heads_of(&self, user: &UserId) -> Result<Heads, StoreError> {
        let own = self.listed_conversations(user).await?;
        self.last_places(own.into_iter().chain([ConversationId::lobby()]))
            .await
    }

    async fn conversations_of(&self, user: &UserId) -> Result<Vec<ConversationId>, StoreError> {
        self.listed_conversations(user).await
    }

    async fn page(&self, request: &PageRequest) -> Result<LogPage, StoreError> {
        self.piece(request).await
    }

    async fn epoch(&self) -> Result<String, StoreError> {
        let epoch = self.epoch.get_or_try_init(|| self.table_id()).await?;
        Ok(epoch.clone())
    }
}
