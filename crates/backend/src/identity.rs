//! Who a connection belongs to. The one place that decides it.
//!
//! Only what the API's authorizer said counts: it stands in the context of every event of the
//! connection, where no client can write. Nothing of a URL or a frame is looked at.

use std::fmt;

use serde_json::{Map, Value};
use switchboard_protocol::{UserId, id::IdError};

use crate::event::Event;

/// What the authorizer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// `None` for a connection without a user, which only the demo login lets in: an empty
    /// principal.
    pub(crate) user: Option<UserId>,
    /// Until when that holds, ms since the Unix epoch: the end of the token behind it.
    pub(crate) until: Option<u64>,
}

/// Why an event has no identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoIdentity {
    /// No authorizer was asked: the API is not as its template makes it.
    Unauthorized,
    /// Its principal is no user id.
    BadUser(IdError),
}

impl fmt::Display for NoIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => f.write_str("no authorizer has said who this is"),
            Self::BadUser(error) => write!(f, "userId: {error}"),
        }
    }
}

/// Who the authorizer says this is.
///
/// # Errors
/// That it did not, or that it named nobody who can be.
pub(crate) fn of(event: &Event) -> Result<Identity, NoIdentity> {
    let context = event.request_context.authorizer.as_ref();
    let context = context.ok_or(NoIdentity::Unauthorized)?;
    let principal = context.get("principalId").and_then(Value::as_str);
    let user = match principal.ok_or(NoIdentity::Unauthorized)? {
        "" => None,
        principal => Some(UserId::try_from(principal).map_err(NoIdentity::BadUser)?),
    };
    Ok(Identity {
        user,
        until: until(context),
    })
}

/// Whether the time of the user has passed; never where the authorizer named no end.
pub(crate) fn has_ended(event: &Event, now: u64) -> bool {
    let context = event.request_context.authorizer.as_ref();
    context.and_then(until).is_some_and(|until| until <= now)
}

/// The platform makes texts of an authorizer's numbers. One that cannot be read has passed.
fn until(context: &Map<String, Value>) -> Option<u64> {
    Some(match context.get("until")? {
        Value::String(text) => text.parse().unwrap_or(0),
        other => other.as_u64().unwrap_or(0),
    })
}
