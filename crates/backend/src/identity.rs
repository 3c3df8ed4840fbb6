//! Who a connection belongs to. The one place that decides it.

use switchboard_protocol::{UserId, id::IdError};

use crate::event::Event;

/// The user that a handshake names, `None` for a connection without one.
///
/// Demo mode: the query's `userId` is believed. With an authorizer its principal takes this
/// place; messages carry no query, so afterwards the roster knows the user.
///
/// # Errors
/// Why the name is no user id.
pub(crate) fn user(event: &Event) -> Result<Option<UserId>, IdError> {
    let query = event.query_string_parameters.as_ref();
    query
        .and_then(|query| query.get("userId"))
        .map(|text| UserId::try_from(text.as_str()))
        .transpose()
}
