//! Texts of the connect form.

use switchboard_client::EndpointError;
use switchboard_protocol::Profile;
use switchboard_protocol::id::IdError;

use crate::state::connect::QueryError;

pub use super::texts::connect::*;

/// A profile's name.
#[must_use]
pub fn profile_name(profile: &Profile) -> &'static str {
    match profile.id {
        "s1" => s1_name(),
        "s2" => s2_name(),
        "s3" => s3_name(),
        "s4" => s4_name(),
        "s5" => s5_name(),
        _ => "Switchboard",
    }
}

/// A profile in a sentence or two: what it does, and what it cannot do.
#[must_use]
pub fn profile_help(profile: &Profile) -> &'static str {
    match profile.id {
        "s1" => s1_help(),
        "s2" => s2_help(),
        "s3" => s3_help(),
        "s4" => s4_help(),
        "s5" => s5_help(),
        _ => own_help(),
    }
}

/// What is wrong with a user id, and what to do.
#[must_use]
pub fn user_error(error: IdError) -> &'static str {
    match error {
        IdError::Empty => user_empty(),
        IdError::TooLong { .. } => user_too_long(),
        IdError::BadCharacter
        | IdError::NotCanonical
        | IdError::TooManyParticipants
        | IdError::TooLarge => user_invisible(),
    }
}

/// What is wrong with a URL, and what to do.
#[must_use]
pub fn url_error(error: EndpointError) -> &'static str {
    match error {
        EndpointError::Empty => url_empty(),
        EndpointError::Scheme => url_scheme(),
        EndpointError::NoHost => url_no_host(),
        EndpointError::BadHost => url_bad_host(),
        EndpointError::BadCharacter => url_bad_character(),
        EndpointError::Fragment => url_fragment(),
        EndpointError::Insecure => url_insecure(),
        EndpointError::TooLong => url_too_long(),
    }
}

/// What is wrong with further parameters, and what to do.
#[must_use]
pub fn query_error(error: QueryError) -> String {
    match error {
        QueryError::NoEquals(line) => query_no_equals(line),
        QueryError::NoName(line) => query_no_name(line),
        QueryError::Identity(line) => query_identity(line),
        QueryError::TooLong => query_too_long().to_owned(),
    }
}
