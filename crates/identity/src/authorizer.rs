//! The API's authorizer: redeems the ticket of a handshake.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use switchboard_backend::{Clock, store::StoreError};

use crate::ticket::{Grant, Ticket, Tickets};

/// What a WebSocket API hands to its authorizer (type `REQUEST`), as far as it is read here.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizerEvent {
    /// What is asked for: `$connect` of this stage.
    pub method_arn: String,
    /// Of a parameter that stands there twice, the last.
    #[serde(default)]
    pub query_string_parameters: Option<BTreeMap<String, String>>,
}

/// The answer: who it is, and whether they may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorization {
    /// The user, which every later event of the connection carries.
    pub principal_id: String,
    /// Allows or denies what was asked for.
    pub policy_document: Value,
    /// `until`: when the user's token ends, ms since the Unix epoch.
    pub context: BTreeMap<&'static str, String>,
}

/// Lets in who brings a ticket.
#[derive(Debug)]
pub struct Authorizer<T, C> {
    tickets: T,
    clock: C,
}

impl<T: Tickets, C: Clock> Authorizer<T, C> {
    /// An authorizer over these ports.
    pub fn new(tickets: T, clock: C) -> Self {
        Self { tickets, clock }
    }

    /// Redeems the ticket of a handshake. Nothing else of it is looked at: a `userId` beside the
    /// ticket is what somebody claims.
    ///
    /// # Errors
    /// When the tickets cannot be asked: then it is an error of ours, not a refusal.
    pub async fn handle(&self, event: &AuthorizerEvent) -> Result<Authorization, StoreError> {
        let query = event.query_string_parameters.as_ref();
        let ticket = query.and_then(|query| Ticket::parse(query.get("ticket")?));
        let Some(ticket) = ticket else {
            tracing::info!("refused: no ticket");
            return Ok(denied(event));
        };
        let now = self.clock.now_ms();
        Ok(match self.tickets.redeem(&ticket.hash(), now).await? {
            Some(grant) => allowed(event, grant),
            None => {
                tracing::info!("refused: a ticket that is not known, used or too old");
                denied(event)
            }
        })
    }
}

fn allowed(event: &AuthorizerEvent, grant: Grant) -> Authorization {
    Authorization {
        principal_id: grant.user.as_str().to_owned(),
        policy_document: policy(event, "Allow"),
        context: [("until", grant.until.to_string())].into(),
    }
}

fn denied(event: &AuthorizerEvent) -> Authorization {
    Authorization {
        principal_id: "nobody".to_owned(),
        policy_document: policy(event, "Deny"),
        context: BTreeMap::new(),
    }
}

fn policy(event: &AuthorizerEvent, effect: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Action": "execute-api:Invoke",
            "Effect": effect,
            "Resource": event.method_arn,
        }],
    })
}
