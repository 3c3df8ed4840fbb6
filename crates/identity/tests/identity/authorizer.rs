//! The authorizer.

use std::sync::Arc;

use futures_executor::block_on;
use serde_json::{Value, json};
use switchboard_identity::{Authorizer, Grant, MemoryTickets, Ticket, Tickets};

use crate::provider::{NOW, TestClock};

const ARN: &str = "arn:aws:execute-api:eu-central-1:123456789012:abcdef1234/prod/$connect";

struct Door {
    tickets: Arc<MemoryTickets>,
    clock: Arc<TestClock>,
    authorizer: Authorizer<Arc<MemoryTickets>, Arc<TestClock>>,
}

impl Door {
    fn new() -> Self {
        let (tickets, clock) = (Arc::new(MemoryTickets::default()), TestClock::new());
        Self {
            authorizer: Authorizer::new(Arc::clone(&tickets), Arc::clone(&clock)),
            tickets,
            clock,
        }
    }

    fn ticket(&self, user: &str) -> Ticket {
        let ticket = Ticket::mint().unwrap();
        let grant = Grant {
            user: user.try_into().unwrap(),
            expires: NOW + 60_000,
            until: NOW + 3_600_000,
        };
        block_on(self.tickets.keep(&ticket.hash(), &grant)).unwrap();
        ticket
    }

    /// Effect and principal.
    fn knock(&self, query: Value) -> (String, String) {
        let event = json!({
            "type": "REQUEST", "methodArn": ARN, "queryStringParameters": query, "headers": {},
        });
        let event = serde_json::from_value(event).unwrap();
        let answer = block_on(self.authorizer.handle(&event)).unwrap();
        let answer = serde_json::to_value(answer).unwrap();
        let statement = &answer["policyDocument"]["Statement"][0];
        assert_eq!(statement["Resource"], ARN);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let effect = text(&statement["Effect"]);
        let until = (NOW + 3_600_000).to_string();
        let told = answer["context"]["until"] == *until;
        assert_eq!(told, effect == "Allow");
        (effect, text(&answer["principalId"]))
    }
}

fn allowed(user: &str) -> (String, String) {
    ("Allow".to_owned(), user.to_owned())
}

fn denied() -> (String, String) {
    ("Deny".to_owned(), "nobody".to_owned())
}

#[test]
fn a_ticket_says_who_it_is_whatever_the_url_claims() {
    let door = Door::new();
    let ticket = door.ticket("alice");
    let query = json!({"userId": "victim", "ticket": ticket.as_str()});
    assert_eq!(door.knock(query), allowed("alice"));
}

#[test]
fn a_ticket_is_good_once() {
    let door = Door::new();
    let query = json!({"ticket": door.ticket("alice").as_str()});
    assert_eq!(door.knock(query.clone()), allowed("alice"));
    assert_eq!(door.knock(query), denied());
}

#[test]
fn a_ticket_is_good_for_a_minute() {
    let door = Door::new();
    let (early, late) = (door.ticket("alice"), door.ticket("alice"));
    door.clock.advance(59_999);
    assert_eq!(
        door.knock(json!({"ticket": early.as_str()})),
        allowed("alice")
    );
    door.clock.advance(1);
    assert_eq!(door.knock(json!({"ticket": late.as_str()})), denied());
}

#[test]
fn what_is_no_ticket_opens_nothing() {
    let door = Door::new();
    let ticket = door.ticket("alice");
    let forged = Ticket::mint().unwrap();
    let stored = ticket.hash();
    let cut = &ticket.as_str()[..42];
    for query in [
        Value::Null,
        json!({}),
        json!({"userId": "alice"}),
        json!({"ticket": ""}),
        json!({"ticket": forged.as_str()}),
        // Who has read the store.
        json!({"ticket": stored.as_str()}),
        json!({"ticket": cut}),
        json!({"ticket": format!("{}=", ticket.as_str())}),
        json!({"ticket": format!(" {cut}")}),
        json!({"ticket": "x".repeat(10_000)}),
        json!({"ticket": "é".repeat(43)}),
        json!({"ticket": "\u{0}".repeat(43)}),
        json!({"Ticket": ticket.as_str()}),
    ] {
        assert_eq!(door.knock(query.clone()), denied(), "{query}");
    }
    assert_eq!(
        door.knock(json!({"ticket": ticket.as_str()})),
        allowed("alice")
    );
}

#[test]
fn a_ticket_is_not_shown() {
    let ticket = Ticket::mint().unwrap();
    assert!(!format!("{ticket:?}").contains(ticket.as_str()));
}
