//! `POST /ticket`: a verified token in, a ticket for one handshake out.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use switchboard_backend::Clock;
use switchboard_protocol::UserId;

use crate::{
    keys::{KeySource, Keys},
    ticket::{Grant, TICKET_LIFE_MS, Ticket, Tickets},
    token::{TokenError, TokenRules},
};

/// The page's own is a user id in JSON.
const MAX_BODY_BYTES: usize = 1024;
/// What a client is asked to wait when something behind this fails, s.
const RETRY_AFTER: &str = "2";

/// What an HTTP API hands to a function (payload format 2.0), as far as it is read here.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpEvent {
    /// Names in lower case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// `name=value` each.
    #[serde(default)]
    pub cookies: Vec<String>,
    /// The request's body.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether `body` is base64.
    #[serde(default)]
    pub is_base64_encoded: bool,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpResponse {
    /// An HTTP status.
    pub status_code: u16,
    /// Response headers.
    pub headers: BTreeMap<&'static str, &'static str>,
    /// JSON.
    pub body: String,
}

/// How a request carries its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearing {
    /// `Authorization: Bearer …`: programs, and pages that hold their token themselves.
    Header,
    /// A cookie of this name, which the page's own site has set: the page never sees the token.
    Cookie(String),
}

/// What an issuer is told.
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// Whose tokens count.
    pub rules: TokenRules,
    /// How they come.
    pub bearing: Bearing,
    /// Origins of pages that may ask, as `https://host[:port]`; every one where there are none.
    pub allowed_origins: Vec<String>,
}

/// Gives tickets to whom a token is about.
#[derive(Debug)]
pub struct Issuer<T, S, C> {
    tickets: T,
    keys: Keys<S>,
    clock: C,
    settings: IssuerSettings,
}

impl<T: Tickets, S: KeySource, C: Clock> Issuer<T, S, C> {
    /// An issuer over these ports.
    pub fn new(tickets: T, keys: S, clock: C, settings: IssuerSettings) -> Self {
        Self {
            tickets,
            keys: Keys::new(keys),
            clock,
            settings,
        }
    }

    /// Answers one request.
    pub async fn handle(&self, event: &HttpEvent) -> HttpResponse {
        match self.issue(event).await {
            Ok(ticket) => answer(200, &json!({"ticket": ticket.as_str()})),
            Err(refusal) => refusal.response(),
        }
    }

    async fn issue(&self, event: &HttpEvent) -> Result<Ticket, Refusal> {
        if !self.may_ask(event) {
            return Err(Refusal::Origin);
        }
        let wanted = wanted(event)?;
        let token = self.token(event).ok_or(Refusal::Token)?;
        let now = self.clock.now_ms();
        let rules = &self.settings.rules;
        let known = rules.verify(&self.keys, token, now).await;
        let known = known.map_err(|error| {
            tracing::info!(kind = error.name(), "a token is not believed");
            match error {
                TokenError::NoKeys => Refusal::Unavailable,
                TokenError::User => Refusal::User,
                TokenError::TooLong
                | TokenError::Malformed
                | TokenError::Algorithm
                | TokenError::UnknownKey
                | TokenError::Refused
                | TokenError::Time => Refusal::Token,
            }
        })?;
        if wanted.is_some_and(|wanted| wanted != known.user) {
            return Err(Refusal::User);
        }
        let ticket = Ticket::mint().map_err(|_| {
            tracing::error!(kind = "Randomness", "the system has no random numbers");
            Refusal::Unavailable
        })?;
        let grant = Grant {
            user: known.user,
            expires: now.saturating_add(TICKET_LIFE_MS).min(known.until),
            until: known.until,
        };
        let kept = self.tickets.keep(&ticket.hash(), &grant).await;
        kept.map_err(|error| {
            tracing::error!(kind = "StoreUnavailable", %error, "a ticket was not kept");
            Refusal::Unavailable
        })?;
        Ok(ticket)
    }

    /// A cookie comes with every request of every page: which page asks is then all there is to
    /// tell. A request without an origin is no page's.
    fn may_ask(&self, event: &HttpEvent) -> bool {
        let allowed = &self.settings.allowed_origins;
        event.headers.get("origin").is_none_or(|origin| {
            allowed.is_empty() || allowed.iter().any(|one| one.eq_ignore_ascii_case(origin))
        })
    }

    fn token<'event>(&self, event: &'event HttpEvent) -> Option<&'event str> {
        match &self.settings.bearing {
            Bearing::Header => {
                let (scheme, token) = event.headers.get("authorization")?.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
            }
            Bearing::Cookie(name) => {
                let mut cookies = event
                    .cookies
                    .iter()
                    .filter_map(|cookie| cookie.split_once('='));
                cookies
                    .find(|(cookie, _)| cookie.trim() == name)
                    .map(|(_, token)| token.trim())
            }
        }
    }
}

/// Who the page says it is for. It is no proof of anything: it only must not be somebody else.
fn wanted(event: &HttpEvent) -> Result<Option<UserId>, Refusal> {
    #[derive(Deserialize)]
    struct Wanted {
        #[serde(default, rename = "userId")]
        user: Option<String>,
    }
    let Some(body) = event.body.as_deref().filter(|body| !body.is_empty()) else {
        return Ok(None);
    };
    if body.len() > MAX_BODY_BYTES {
        return Err(Refusal::Body);
    }
    let decoded;
    let body = match event.is_base64_encoded {
        false => body.as_bytes(),
        true => {
            decoded = STANDARD.decode(body).map_err(|_| Refusal::Body)?;
            &decoded
        }
    };
    let wanted: Wanted = serde_json::from_slice(body).map_err(|_| Refusal::Body)?;
    let user = wanted.user.map(|user| UserId::try_from(user.as_str()));
    user.transpose().map_err(|_| Refusal::User)
}

/// Each has its own words on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Body,
    Token,
    Origin,
    User,
    Unavailable,
}

impl Refusal {
    fn response(self) -> HttpResponse {
        let (status, message) = match self {
            Self::Body => (400, "The body is {\"userId\": …} or nothing."),
            Self::Token => (401, "There is no token, or it is not believed."),
            Self::Origin => (403, "Pages of this origin may not ask for tickets."),
            Self::User => (403, "The token is not about this user."),
            Self::Unavailable => (503, "Nothing can be told now; ask again."),
        };
        let mut response = answer(status, &json!({"message": message}));
        match self {
            Self::Token => {
                response.headers.insert("www-authenticate", "Bearer");
            }
            Self::Unavailable => {
                response.headers.insert("retry-after", RETRY_AFTER);
            }
            Self::Body | Self::Origin | Self::User => {}
        }
        response
    }
}

fn answer(status_code: u16, body: &serde_json::Value) -> HttpResponse {
    HttpResponse {
        status_code,
        headers: [
            ("cache-control", "no-store"),
            ("content-type", "application/json"),
        ]
        .into(),
        body: body.to_string(),
    }
}
