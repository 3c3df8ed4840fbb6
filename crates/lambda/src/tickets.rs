//! Tickets in a table of their own: who redeems them reads nothing else, and who writes the chat's
//! table makes none.

use std::{collections::HashMap, fmt::Display};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, ReturnValue},
};
use switchboard_backend::store::StoreError;
use switchboard_identity::{Grant, TicketHash, Tickets};

use crate::store::unavailable;

/// The table's one key.
const KEY: &str = "PK";

/// Tickets, by their hashes.
#[derive(Debug)]
pub struct DynamoTickets {
    client: Client,
    table: String,
}

impl DynamoTickets {
    /// The tickets in `table`, whose key is the string `PK`.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }
}

impl Tickets for DynamoTickets {
    async fn keep(&self, ticket: &TicketHash, grant: &Grant) -> Result<(), StoreError> {
        let request = self.client.put_item().table_name(&self.table);
        let request = request
            .item(KEY, text(ticket.as_str()))
            .item("user", text(grant.user.as_str()))
            .item("expires", number(grant.expires))
            .item("until", number(grant.until))
            // For the table's own deletion, which comes late.
            .item("ttl", number(grant.expires.div_ceil(1000)));
        let kept = request.send().await;
        kept.map(drop)
            .map_err(|error| unavailable("PutItem", &error))
    }

    /// One conditional delete: of two that try at once, one gets the item.
    async fn redeem(&self, ticket: &TicketHash, now: u64) -> Result<Option<Grant>, StoreError> {
        let request = self.client.delete_item().table_name(&self.table);
        let request = request
            .key(KEY, text(ticket.as_str()))
            .condition_expression("#expires > :now")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":now", number(now))
            .return_values(ReturnValue::AllOld);
        match request.send().await {
            Ok(redeemed) => redeemed.attributes.as_ref().map(grant).transpose(),
            Err(error) => {
                let failed = error.as_service_error();
                match failed.is_some_and(|error| error.is_conditional_check_failed_exception()) {
                    true => Ok(None),
                    false => Err(unavailable("DeleteItem", &error)),
                }
            }
        }
    }
}

fn grant(item: &HashMap<String, AttributeValue>) -> Result<Grant, StoreError> {
    let get = |name: &str| match item.get(name) {
        Some(AttributeValue::S(value) | AttributeValue::N(value)) => Ok(value.as_str()),
        _ => Err(unreadable(name, &"missing")),
    };
    let time = |name: &str| {
        let value = get(name)?.parse();
        value.map_err(|error| unreadable(name, &error))
    };
    let user = get("user")?.try_into();
    Ok(Grant {
        user: user.map_err(|error| unreadable("user", &error))?,
        expires: time("expires")?,
        until: time("until")?,
    })
}

fn unreadable(name: &str, error: &dyn Display) -> StoreError {
    StoreError::Unavailable(format!("a ticket cannot be read: {name}: {error}"))
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
