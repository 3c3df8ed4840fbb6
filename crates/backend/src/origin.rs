//! Which pages may connect. API Gateway checks no origin, so `$connect` does: otherwise any page
//! a person opens could connect as them.

use crate::{event::Event, settings::Settings};

/// The origin of a handshake that may not be, for there is a list and it is not on it.
///
/// A client that names none is no browser: those always do, and no page can prevent it.
pub(crate) fn refused<'event>(settings: &Settings, event: &'event Event) -> Option<&'event str> {
    if settings.allowed_origins.is_empty() {
        return None;
    }
    let headers = event.headers.iter().flatten();
    let mut origins = headers
        .filter(|(name, _)| name.eq_ignore_ascii_case("origin"))
        .map(|(_, origin)| origin.as_str());
    origins.find(|origin| {
        let allowed = &settings.allowed_origins;
        !allowed.iter().any(|one| one.eq_ignore_ascii_case(origin))
    })
}
