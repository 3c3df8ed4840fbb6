//! Live connections: up to three rows each, by id, by user and among everyone.
//!
//! Each row is whole and names its writing by a stamp, so that no transaction has to hold them
//! together (it would cost twice as much): whoever finds a connection gone deletes each row
//! that is of the same writing, and one that a crash left over is met by the next 410 or by
//! its expiry.

use aws_sdk_dynamodb::{operation::delete_item::DeleteItemError, types::ReturnValue};
use futures_util::future::try_join_all;
use switchboard_backend::store::{Connection, StoreError};
use switchboard_protocol::{ConnectionId, ConversationId, Seq, UserId};

use super::{
    DynamoStore,
    errors::unavailable,
    items::{self, Item, STAMP, number},
    keys::{self, CONNECTIONS, Key, SHARDS},
};

impl DynamoStore {
    pub(super) async fn put_rows(&self, connection: &Connection) -> Result<(), StoreError> {
        let puts = keys_of(connection)
            .into_iter()
            .map(|key| self.put(items::connection(key, connection)));
        let replaced = try_join_all(puts).await?;
        for row in replaced.iter().flatten() {
            let row = items::read_connection(row)?;
            if let Some(user) = &row.user
                && row.user != connection.user
            {
                self.delete(keys::by_user(user, &row.id), None).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn row(
        &self,
        id: &ConnectionId,
        now: u64,
    ) -> Result<Option<Connection>, StoreError> {
        let item = self.item(keys::by_id(id)).await?;
        let row = item.as_ref().map(items::read_connection).transpose()?;
        Ok(row.filter(|row| row.expires > now))
    }

    /// A connection's row and a conversation's counter, in one request.
    pub(super) async fn row_and_last_place(
        &self,
        id: &ConnectionId,
        conv: &ConversationId,
        now: u64,
    ) -> Result<(Option<Connection>, Seq), StoreError> {
        let keys = [keys::by_id(id), keys::head(conv)];
        let (heads, rows): (Vec<Item>, Vec<Item>) = self
            .batch(keys.into())
            .await?
            .into_iter()
            .partition(items::is_head);
        let last = heads.first().map(items::read_head).transpose()?;
        let row = live(&rows, now)?.pop();
        Ok((row, last.unwrap_or_default()))
    }

    pub(super) async fn delete_rows(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<Connection>, StoreError> {
        let known = [keys::by_id(id), keys::among_all(id)];
        let deleted = try_join_all(known.map(|key| self.delete(key, None))).await?;
        let Some(row) = deleted.into_iter().flatten().next() else {
            return Ok(None);
        };
        let row = items::read_connection(&row)?;
        if let Some(user) = &row.user {
            self.delete(keys::by_user(user, id), None).await?;
        }
        Ok(Some(row))
    }

    pub(super) async fn delete_rows_if(&self, seen: &Connection) -> Result<bool, StoreError> {
        let deletions = keys_of(seen)
            .into_iter()
            .map(|key| self.delete(key, Some(seen.stamp)));
        let deleted = try_join_all(deletions).await?;
        Ok(deleted.iter().any(Option::is_some))
    }

    pub(super) async fn rows_of(
        &self,
        user: &UserId,
        now: u64,
    ) -> Result<Vec<Connection>, StoreError> {
        live(&self.items(keys::of_user(user), CONNECTIONS).await?, now)
    }

    pub(super) async fn all_rows(&self, now: u64) -> Result<Vec<Connection>, StoreError> {
        let shards = (0..SHARDS).map(|shard| self.items(keys::shard(shard), CONNECTIONS));
        let items: Vec<Item> = try_join_all(shards).await?.into_iter().flatten().collect();
        let mut rows = live(&items, now)?;
        rows.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        Ok(rows)
    }

    /// Writes an item and gives the one it replaced.
    async fn put(&self, item: Item) -> Result<Option<Item>, StoreError> {
        let request = self.client.put_item().table_name(&self.table);
        let request = request
            .set_item(Some(item))
            .return_values(ReturnValue::AllOld);
        let put = request.send().await;
        let put = put.map_err(|error| unavailable("PutItem", &error))?;
        Ok(put.attributes)
    }

    /// Deletes an item, where a stamp is asked for only one with that stamp, and gives it.
    async fn delete(&self, key: Key, stamp: Option<u64>) -> Result<Option<Item>, StoreError> {
        let request = self.client.delete_item().table_name(&self.table);
        let mut request = request
            .set_key(Some(key.attributes()))
            .return_values(ReturnValue::AllOld);
        if let Some(stamp) = stamp {
            request = request
                .condition_expression("#stamp = :stamp")
                .expression_attribute_names("#stamp", STAMP)
                .expression_attribute_values(":stamp", number(stamp));
        }
        match request.send().await {
            Ok(deleted) => Ok(deleted.attributes),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(unavailable("DeleteItem", &error)),
        }
    }
}

fn keys_of(connection: &Connection) -> Vec<Key> {
    let id = &connection.id;
    let user = connection.user.as_ref();
    let by_user = user.map(|user| keys::by_user(user, id));
    [keys::by_id(id), keys::among_all(id)]
        .into_iter()
        .chain(by_user)
        .collect()
}

pub(super) fn live(items: &[Item], now: u64) -> Result<Vec<Connection>, StoreError> {
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        let row = items::read_connection(item)?;
        if row.expires > now {
            rows.push(row);
        }
    }
    Ok(rows)
}
