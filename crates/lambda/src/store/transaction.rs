//! What one commit writes.

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{
        Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
        builders::{PutBuilder, UpdateBuilder},
    },
};
use switchboard_backend::store::{NewMessage, StoreError};
use switchboard_protocol::{Message, Seq};

use super::{
    items::{self, Item, LAST_SEQ, UNTIL, number},
    keys::{self, Key},
};

/// Where in the transaction the dedupe row is: its cancellation reason has the same place.
pub(super) const DEDUPE: usize = 0;

const ABSENT: &str = "attribute_not_exists(PK)";

/// Dedupe row, counter, message and, with a conversation's first message, its participants'
/// lists: at most 53 writes of the 100 that a transaction may have.
pub(super) fn writes(
    table: &str,
    entry: &NewMessage,
    last: Seq,
    message: &Message,
) -> Result<Vec<TransactWriteItem>, StoreError> {
    let transaction = Transaction { table };
    let mut writes = vec![
        transaction.dedupe(entry, message.seq),
        transaction.counter(entry, last, message.seq),
        transaction.message(message),
    ];
    if last == Seq::default() {
        for user in entry.conv.participants().unwrap_or_default() {
            let membership = keys::membership(&user, &entry.conv);
            writes.push(transaction.membership(membership));
        }
    }
    let writes: Result<_, _> = writes.into_iter().collect();
    writes.map_err(|error| StoreError::Unavailable(error.to_string()))
}

struct Transaction<'table> {
    table: &'table str,
}

impl Transaction<'_> {
    /// Not over a row that still counts; one that has expired may still be there.
    fn dedupe(&self, entry: &NewMessage, place: Seq) -> Result<TransactWriteItem, BuildError> {
        let row = self.put(items::dedupe(entry, place));
        put(row
            .condition_expression(format!("{ABSENT} OR #until <= :now"))
            .expression_attribute_names("#until", UNTIL)
            .expression_attribute_values(":now", number(entry.at))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld))
    }

    fn counter(
        &self,
        entry: &NewMessage,
        last: Seq,
        next: Seq,
    ) -> Result<TransactWriteItem, BuildError> {
        let counter = self.update(keys::head(&entry.conv));
        let counter = counter
            .update_expression("SET #last = :next")
            .expression_attribute_names("#last", LAST_SEQ)
            .expression_attribute_values(":next", number(next.get()));
        let is_last = if last == Seq::default() {
            format!("{ABSENT} OR #last = :last")
        } else {
            "#last = :last".to_owned()
        };
        update(
            counter
                .condition_expression(is_last)
                .expression_attribute_values(":last", number(last.get())),
        )
    }

    /// The counter guards its place already; this guards it from a counter restored by hand.
    fn message(&self, message: &Message) -> Result<TransactWriteItem, BuildError> {
        put(self
            .put(items::message(message))
            .condition_expression(ABSENT))
    }

    fn membership(&self, key: Key) -> Result<TransactWriteItem, BuildError> {
        put(self.put(key.attributes()))
    }

    fn put(&self, item: Item) -> PutBuilder {
        Put::builder().table_name(self.table).set_item(Some(item))
    }

    fn update(&self, key: Key) -> UpdateBuilder {
        let key = Some(key.attributes());
        Update::builder().table_name(self.table).set_key(key)
    }
}

fn put(put: PutBuilder) -> Result<TransactWriteItem, BuildError> {
    Ok(TransactWriteItem::builder().put(put.build()?).build())
}

fn update(update: UpdateBuilder) -> Result<TransactWriteItem, BuildError> {
    Ok(TransactWriteItem::builder().update(update.build()?).build())
}
