//! Reads of known keys, each strongly consistent.

use std::{collections::BTreeSet, time::Duration};

use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, KeysAndAttributes},
};
use switchboard_backend::store::StoreError;

use super::{
    DynamoStore,
    errors::unavailable,
    items::{Item, text},
    keys::Key,
};

/// Most keys in one `BatchGetItem`.
const BATCH: usize = 100;
/// How often what DynamoDB left out of a batch is asked for again, waiting longer each time.
const ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

impl DynamoStore {
    /// The item with these keys.
    pub(super) async fn item(&self, key: Key) -> Result<Option<Item>, StoreError> {
        let request = self.client.get_item().table_name(&self.table);
        let request = request
            .set_key(Some(key.attributes()))
            .consistent_read(true);
        let found = request.send().await;
        let found = found.map_err(|error| unavailable("GetItem", &error))?;
        Ok(found.item)
    }

    /// The items of a partition whose sort key begins so. A query's answer ends at 1 MB; this
    /// goes on.
    pub(super) async fn items(&self, pk: String, prefix: &str) -> Result<Vec<Item>, StoreError> {
        let request = self.client.query().table_name(&self.table);
        let request = request
            .key_condition_expression("PK = :pk AND begins_with(SK, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(pk))
            .expression_attribute_values(":prefix", text(prefix))
            .consistent_read(true);
        self.paged(request).await
    }

    /// All that a query finds.
    pub(super) async fn paged(&self, request: QueryFluentBuilder) -> Result<Vec<Item>, StoreError> {
        let mut pages = request.into_paginator().send();
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| unavailable("Query", &error))?;
            items.extend(page.items.unwrap_or_default());
        }
        Ok(items)
    }

    /// Those of these items that are there, in no order.
    pub(super) async fn batch(&self, keys: BTreeSet<Key>) -> Result<Vec<Item>, StoreError> {
        let keys: Vec<Item> = keys.into_iter().map(Key::attributes).collect();
        let batches = keys.chunks(BATCH).map(|keys| self.one_batch(keys.to_vec()));
        let items = futures_util::future::try_join_all(batches).await?;
        Ok(items.into_iter().flatten().collect())
    }

    async fn one_batch(&self, mut keys: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut pause = FIRST_PAUSE;
        for _ in 0..ATTEMPTS {
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(keys))
                .consistent_read(true)
                .build();
            let wanted = wanted.map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let request = self.client.batch_get_item();
            let answer = request.request_items(&self.table, wanted).send().await;
            let answer = answer.map_err(|error| unavailable("BatchGetItem", &error))?;
            let mut found = answer.responses.unwrap_or_default();
            items.append(&mut found.remove(&self.table).unwrap_or_default());
            let left = answer.unprocessed_keys.unwrap_or_default();
            let left = left.into_values().next();
            keys = left.map(|left| left.keys).unwrap_or_default();
            if keys.is_empty() {
                return Ok(items);
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        let reason = "BatchGetItem: DynamoDB left keys out again and again";
        Err(StoreError::Unavailable(reason.to_owned()))
    }
}
