//! Conversations: a counter, the messages at their places and the rows that find duplicates.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, error::TransactionCanceledException},
};
use switchboard_backend::store::{
    Committed, LogPage, NewMessage, PageBuilder, PageRequest, StoreError,
};
use switchboard_protocol::{ConversationId, Seq, UserId, server::Heads};

use super::{
    DynamoStore,
    errors::unavailable,
    items::{self, text},
    keys::{self, CONVERSATIONS, PK, SK},
    transaction::{self, DEDUPE},
};

impl DynamoStore {
    /// Writes counter, message and dedupe row together, each only if `last` is still the last place.
    pub(super) async fn append(
        &self,
        entry: &NewMessage,
        last: Seq,
    ) -> Result<Committed, StoreError> {
        let message = entry.at_place(last.next());
        let writes = transaction::writes(&self.table, entry, last, &message)?;
        let request = self.client.transact_write_items();
        match request.set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(Committed {
                message,
                duplicate: false,
            }),
            Err(error) => match canceled(&error) {
                Some(why) => self.not_committed(entry, why).await,
                None => Err(unavailable("TransactWriteItems", &error)),
            },
        }
    }

    /// Finds the earlier commit, or says why there is none.
    async fn not_committed(
        &self,
        entry: &NewMessage,
        canceled: &TransactionCanceledException,
    ) -> Result<Committed, StoreError> {
        let reasons = canceled.cancellation_reasons();
        // Before the counter's: after a duplicate that has just been committed both fail.
        if let Some(row) = reasons.get(DEDUPE).and_then(CancellationReason::item) {
            let place = items::read_dedupe(row)?;
            let item = self.item(keys::message(&entry.conv, place)).await?;
            let item = item.ok_or_else(|| {
                StoreError::Unavailable("a dedupe row points at no message".to_owned())
            })?;
            return Ok(Committed {
                message: items::read_message(&entry.conv, &item)?,
                duplicate: true,
            });
        }
        let codes: Vec<&str> = reasons
            .iter()
            .filter_map(CancellationReason::code)
            .collect();
        let contended = |code: &&str| {
            matches!(
                *code,
                "None" | "ConditionalCheckFailed" | "TransactionConflict"
            )
        };
        if !codes.is_empty() && codes.iter().all(contended) {
            return Err(StoreError::Contended);
        }
        let reason = format!("TransactWriteItems: canceled ({})", codes.join(", "));
        Err(StoreError::Unavailable(reason))
    }

    /// What the counter says; 0 where there is none.
    pub(super) async fn last_place(&self, conv: &ConversationId) -> Result<Seq, StoreError> {
        let head = self.item(keys::head(conv)).await?;
        let last = head.as_ref().map(items::read_head).transpose()?;
        Ok(last.unwrap_or_default())
    }

    /// The last places of these conversations, each asked for once.
    pub(super) async fn last_places(
        &self,
        conversations: impl IntoIterator<Item = ConversationId>,
    ) -> Result<Heads, StoreError> {
        let keys = conversations.into_iter().map(|conv| keys::head(&conv));
        let heads = self.batch(keys.collect()).await?;
        heads
            .iter()
            .map(|item| {
                let conv = items::read_conversation(item, PK)?;
                Ok((conv, items::read_head(item)?))
            })
            .collect()
    }

    pub(super) async fn listed_conversations(
        &self,
        user: &UserId,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let items = self.items(keys::of_user(user), CONVERSATIONS).await?;
        items
            .iter()
            .map(|item| items::read_conversation(item, SK))
            .collect()
    }

    /// First the counter, then the messages up to it: whatever it counts is there.
    pub(super) async fn piece(&self, request: &PageRequest) -> Result<LogPage, StoreError> {
        let head = self.last_place(&request.conv).await?;
        let mut page = PageBuilder::new(request, head);
        let (from, to) = page.bounds();
        if from > to {
            return Ok(page.finish());
        }
        // One more than wanted: only what does not fit tells that there is more.
        let limit = i32::try_from(request.limit.saturating_add(1)).unwrap_or(i32::MAX);
        let query = self.client.query().table_name(&self.table);
        let mut answers = query
            .key_condition_expression("PK = :pk AND SK BETWEEN :from AND :to")
            .expression_attribute_values(":pk", text(keys::log(&request.conv)))
            .expression_attribute_values(":from", text(keys::place(from)))
            .expression_attribute_values(":to", text(keys::place(to)))
            .scan_index_forward(page.is_forward())
            .limit(limit)
            .consistent_read(true)
            .into_paginator()
            .send();
        while let Some(answer) = answers.next().await {
            let answer = answer.map_err(|error| unavailable("Query", &error))?;
            for item in answer.items() {
                if !page.push(items::read_message(&request.conv, item)?) {
                    return Ok(page.finish());
                }
            }
        }
        Ok(page.finish())
    }
}

/// Why a transaction was not carried out, where that is known.
fn canceled<R>(
    error: &SdkError<TransactWriteItemsError, R>,
) -> Option<&TransactionCanceledException> {
    match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(canceled) => Some(canceled),
        _ => None,
    }
}
