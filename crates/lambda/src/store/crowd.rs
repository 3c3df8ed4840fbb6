//! Everyone, without reading them all where they are many.
//!
//! A partition of the roster holds a range of places in their order. So its first rows tell how
//! dense it is, and a shard is a range of sort keys.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use switchboard_backend::store::{Connection, Gathering, Shard, StoreError, place};

use super::{
    DynamoStore,
    errors::unavailable,
    keys::{self, CONNECTIONS, SHARDS},
    roster::live,
};

/// The first rows of a partition.
struct Part {
    rows: Vec<Connection>,
    /// About how many rows it has.
    about: usize,
    whole: bool,
}

impl DynamoStore {
    pub(super) async fn rows_up_to(&self, most: usize, now: u64) -> Result<Gathering, StoreError> {
        let parts = (0..SHARDS).map(|partition| self.part_up_to(partition, most, now));
        let parts = try_join_all(parts).await?;
        if parts.iter().any(|part| !part.whole) {
            return Ok(Gathering::Crowd(parts.iter().map(|part| part.about).sum()));
        }
        let rows = parts.into_iter().flat_map(|part| part.rows);
        Ok(Gathering::up_to(most, by_id(rows)))
    }

    /// Reads on until there are too many or no more: expired rows do not count.
    async fn part_up_to(&self, partition: u8, most: usize, now: u64) -> Result<Part, StoreError> {
        let limit = most.saturating_add(1);
        let request = self.client.query().table_name(&self.table);
        let mut pages = request
            .key_condition_expression("PK = :pk AND begins_with(SK, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(keys::shard(partition)))
            .expression_attribute_values(":prefix", AttributeValue::S(CONNECTIONS.to_owned()))
            .consistent_read(true)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .into_paginator()
            .send();
        let mut rows = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| unavailable("Query", &error))?;
            rows.append(&mut live(page.items(), now)?);
            let more = page.last_evaluated_key.is_some();
            if let Some(last) = rows.last()
                && rows.len() > most
                && more
            {
                let covered = place(&last.id).saturating_sub(keys::first_place(partition));
                let covered = usize::from(covered) + 1;
                let about = (rows.len() * keys::WIDTH).div_ceil(covered);
                return Ok(Part {
                    rows,
                    about,
                    whole: false,
                });
            }
        }
        Ok(Part {
            about: rows.len(),
            rows,
            whole: true,
        })
    }

    pub(super) async fn rows_in(
        &self,
        shard: Shard,
        now: u64,
    ) -> Result<Vec<Connection>, StoreError> {
        let places = shard.places();
        let partitions = keys::partition(*places.start())..=keys::partition(*places.end());
        let queries = partitions.map(|partition| {
            let range = keys::places(&places);
            let text = |key: String| AttributeValue::S(key);
            let request = self.client.query().table_name(&self.table);
            let request = request
                .key_condition_expression("PK = :pk AND SK BETWEEN :first AND :last")
                .expression_attribute_values(":pk", text(keys::shard(partition)))
                .expression_attribute_values(":first", text(range.0))
                .expression_attribute_values(":last", text(range.1))
                .consistent_read(true);
            self.paged(request)
        });
        let items = try_join_all(queries).await?.into_iter().flatten();
        let items: Vec<_> = items.collect();
        Ok(by_id(live(&items, now)?))
    }
}

fn by_id(rows: impl IntoIterator<Item = Connection>) -> Vec<Connection> {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    rows
}
