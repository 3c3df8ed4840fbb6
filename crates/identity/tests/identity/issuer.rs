//! `POST /ticket`.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_executor::block_on;
use serde_json::{Value, json};
use switchboard_backend::store::StoreError;
use switchboard_identity::{
    Bearing, Grant, HttpResponse, Issuer, IssuerSettings, MemoryTickets, Ticket, TicketHash,
    Tickets,
};

use crate::provider::{NOW, Provider, TestClock, rules};

struct Site<T> {
    provider: Arc<Provider>,
    clock: Arc<TestClock>,
    tickets: Arc<T>,
    issuer: Issuer<Arc<T>, Arc<Provider>, Arc<TestClock>>,
}

impl<T: Tickets> Site<T> {
    fn with(tickets: T, bearing: Bearing) -> Self {
        let (provider, clock, tickets) = (Provider::new(), TestClock::new(), Arc::new(tickets));
        let settings = IssuerSettings {
            rules: rules(),
            bearing,
            allowed_origins: vec!["https://chat.example".to_owned()],
        };
        Self {
            issuer: Issuer::new(
                Arc::clone(&tickets),
                Arc::clone(&provider),
                Arc::clone(&clock),
                settings,
            ),
            provider,
            clock,
            tickets,
        }
    }

    fn ask(&self, event: &Value) -> HttpResponse {
        let event = serde_json::from_value(event.clone()).unwrap();
        block_on(self.issuer.handle(&event))
    }

    /// With this token, for this user.
    fn ask_for(&self, token: &str, user: Option<&str>) -> HttpResponse {
        let body = user.map(|user| json!({"userId": user}).to_string());
        let headers = json!({"authorization": format!("Bearer {token}")});
        self.ask(&json!({"headers": headers, "body": body}))
    }
}

fn site() -> Site<MemoryTickets> {
    Site::with(MemoryTickets::default(), Bearing::Header)
}

fn ticket(answer: &HttpResponse) -> Ticket {
    assert_eq!(answer.status_code, 200, "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    Ticket::parse(body["ticket"].as_str().unwrap()).unwrap()
}

#[test]
fn a_ticket_is_for_the_tokens_user_and_a_minute() {
    let site = site();
    let token = site.provider.token(json!({}));
    let answer = site.ask_for(&token, Some("ana"));
    assert_eq!(answer.headers["cache-control"], "no-store");
    let first = ticket(&answer);
    let second = ticket(&site.ask_for(&token, None));
    assert_ne!(first, second);
    let grant = Grant {
        user: "ana".try_into().unwrap(),
        expires: NOW + 60_000,
        until: NOW + 3_600_000,
    };
    for ticket in [first, second] {
        let redeemed = block_on(site.tickets.redeem(&ticket.hash(), NOW));
        assert_eq!(redeemed, Ok(Some(grant.clone())));
    }
}

#[test]
fn a_ticket_does_not_outlive_its_token() {
    let site = site();
    let token = site.provider.token(json!({"exp": NOW / 1000 + 5}));
    let ticket = ticket(&site.ask_for(&token, None));
    let redeemed = block_on(site.tickets.redeem(&ticket.hash(), NOW + 5_000));
    assert_eq!(redeemed, Ok(None));
    site.clock.advance(5_000);
    assert_eq!(site.ask_for(&token, None).status_code, 401);
}

#[test]
fn each_refusal_has_its_own_status() {
    let site = site();
    let token = site.provider.token(json!({}));
    let bearer = json!({"authorization": format!("bearer {token}")});
    let event = |headers: &Value, body: Value| json!({"headers": headers, "body": body});
    for (event, status) in [
        (json!({}), 401),
        (event(&json!({"authorization": token}), Value::Null), 401),
        (
            event(
                &json!({"authorization": format!("Basic {token}")}),
                Value::Null,
            ),
            401,
        ),
        (
            event(&json!({"authorization": "Bearer "}), Value::Null),
            401,
        ),
        (json!({"cookies": [format!("__Host-token={token}")]}), 401),
        (event(&bearer, Value::Null), 200),
        (event(&bearer, json!("")), 200),
        (event(&bearer, json!("{}")), 200),
        (
            event(&bearer, json!(r#"{"userId": "ana", "more": 1}"#)),
            200,
        ),
        (event(&bearer, json!(r#"{"userId": "victim"}"#)), 403),
        (event(&bearer, json!(r#"{"userId": "ANA"}"#)), 403),
        (event(&bearer, json!(r#"{"userId": ""}"#)), 403),
        (event(&bearer, json!(r#"{"userId": 7}"#)), 400),
        (event(&bearer, json!("[")), 400),
        (
            event(
                &bearer,
                json!(format!(r#"{{"userId": "{}"}}"#, "x".repeat(2000))),
            ),
            400,
        ),
    ] {
        let answer = site.ask(&event);
        assert_eq!(answer.status_code, status, "{event}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["message"].is_string(), status != 200);
        assert_eq!(
            answer.headers.contains_key("www-authenticate"),
            status == 401
        );
    }
    let nobody = site.provider.token(json!({"sub": ""}));
    assert_eq!(site.ask_for(&nobody, None).status_code, 403);
    let mut encoded = event(&bearer, json!(STANDARD.encode(r#"{"userId": "victim"}"#)));
    encoded["isBase64Encoded"] = json!(true);
    assert_eq!(site.ask(&encoded).status_code, 403);
}

/// A page elsewhere would have the cookie sent along.
#[test]
fn a_page_of_another_origin_gets_no_ticket() {
    let site = Site::with(
        MemoryTickets::default(),
        Bearing::Cookie("__Host-token".to_owned()),
    );
    let token = site.provider.token(json!({}));
    let cookies = json!(["theme=dark", format!("__Host-token={token}")]);
    for (headers, status) in [
        (json!({"origin": "https://chat.example"}), 200),
        (json!({"origin": "HTTPS://Chat.example"}), 200),
        (json!({}), 200),
        (json!({"origin": "https://evil.example"}), 403),
        (json!({"origin": "null"}), 403),
        (json!({"origin": ""}), 403),
    ] {
        let answer = site.ask(&json!({"headers": headers, "cookies": cookies}));
        assert_eq!(answer.status_code, status, "{headers}");
    }
    // The other way to bring a token is not open.
    assert_eq!(site.ask_for(&token, None).status_code, 401);
    let other = json!({"cookies": [format!("token={token}")]});
    assert_eq!(site.ask(&other).status_code, 401);
}

struct Broken;

impl Tickets for Broken {
    async fn keep(&self, _: &TicketHash, _: &Grant) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("down".to_owned()))
    }

    async fn redeem(&self, _: &TicketHash, _: u64) -> Result<Option<Grant>, StoreError> {
        Err(StoreError::Unavailable("down".to_owned()))
    }
}

#[test]
fn what_fails_behind_it_is_not_the_persons_fault() {
    let site = Site::with(Broken, Bearing::Header);
    let token = site.provider.token(json!({}));
    let answer = site.ask_for(&token, None);
    assert_eq!(
        (answer.status_code, answer.headers["retry-after"]),
        (503, "2")
    );
    let site = self::site();
    *site.provider.set.lock().unwrap() = None;
    assert_eq!(site.ask_for(&token, None).status_code, 503);
}
