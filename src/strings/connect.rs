//! Texts of the connect form.

use switchboard_client::EndpointError;
use switchboard_protocol::Profile;
use switchboard_protocol::id::IdError;

use super::join;
use crate::state::connect::QueryError;

/// The form's title.
pub const TITLE: &str = "Connect";
/// What the page is for.
pub const LEAD: &str = "Chat over an API Gateway WebSocket API.";
/// The button that opens the demo.
pub const DEMO: &str = "Try it without a server";
/// What the demo is.
pub const DEMO_HELP: &str = "The real app, in this tab alone. A few people are there and answer.";
/// Stands between the demo and the form.
pub const OR: &str = "or connect to your API";
/// The user id.
pub const USER: &str = "Your user id";
/// What a user id is.
pub const USER_HELP: &str = "How others reach you, e.g. ana.";
/// The user id where a profile has none.
pub const NAME: &str = "Your name (optional)";
/// What that name is for.
pub const NAME_HELP: &str = "Shown only to you: this kind of system does not know its users.";
/// The warning about identity.
pub const IDENTITY: &str = "The server believes this id unless it also asks for a ticket. Without one, anybody can sign in under any id: for demonstrations only.";
/// The URL.
pub const URL: &str = "WebSocket URL";
/// What a URL looks like.
pub const URL_HELP: &str = "wss://…/stage, or a path such as /dev on this site.";
/// The profile.
pub const PROFILE: &str = "Kind of system";
/// The disclosure of what is rarely needed.
pub const ADVANCED: &str = "Advanced";
/// Further query parameters.
pub const QUERY: &str = "Further query parameters";
/// How to write them.
pub const QUERY_HELP: &str =
    "One name=value a line, e.g. ticket=…; sent with the URL when connecting.";
/// The button.
pub const SUBMIT: &str = "Connect";

/// A profile's name.
#[must_use]
pub fn profile_name(profile: &Profile) -> &'static str {
    match profile.id {
        "s1" => "S1 – Direct, by connection id",
        "s2" => "S2 – Direct, by user id",
        "s3" => "S3 – Announcements from a queue",
        "s4" => "S4 – Broadcast of any text",
        "s5" => "S5 – One chat room",
        _ => "Switchboard",
    }
}

/// A profile in a sentence or two: what it does, and what it cannot do.
#[must_use]
pub fn profile_help(profile: &Profile) -> &'static str {
    match profile.id {
        "s1" => {
            "Messages go to one connection, whose id you type. Arriving messages name no sender. No presence, history or delivery state."
        }
        "s2" => {
            "Messages go to one or several user ids that you type. No presence, history or delivery state; it may not tell who sent a message."
        }
        "s3" => {
            "The server announces, you read. Nothing can be sent. No presence, history or senders."
        }
        "s4" => {
            "Every message goes to everybody connected, who are known by connection ids. No direct messages, presence, history or delivery state."
        }
        "s5" => {
            "One room: every message goes to everybody connected. Messages name no sender. No direct messages, presence, history or delivery state."
        }
        _ => "Direct, group and everyone, with presence, history and delivery state.",
    }
}

/// What is wrong with a user id, and what to do.
#[must_use]
pub fn user_error(error: IdError) -> &'static str {
    match error {
        IdError::Empty => "Enter your user id.",
        IdError::TooLong { .. } => "Use a shorter id: at most 64 bytes (64 Latin letters).",
        IdError::BadCharacter
        | IdError::NotCanonical
        | IdError::TooManyParticipants
        | IdError::TooLarge => "Remove invisible characters, such as tabs or direction marks.",
    }
}

/// What is wrong with a URL, and what to do.
#[must_use]
pub fn url_error(error: EndpointError) -> &'static str {
    match error {
        EndpointError::Empty => "Enter the URL of a WebSocket API.",
        EndpointError::Scheme => "Begin with wss:// or ws://, or with / for a path on this site.",
        EndpointError::NoHost => {
            "Add the host after wss://, e.g. wss://abc.execute-api.eu-west-1.amazonaws.com/prod."
        }
        EndpointError::BadHost => "Check the host and the port: browsers do not accept them.",
        EndpointError::BadCharacter => "Remove spaces and line breaks from the URL.",
        EndpointError::Fragment => {
            "Remove the # and what follows: WebSocket URLs have no fragment."
        }
        EndpointError::Insecure => "Use wss://: a page loaded over https may not open ws://.",
        EndpointError::TooLong => "Shorten the URL: API Gateway accepts 4,096 characters.",
    }
}

/// What is wrong with further parameters, and what to do.
#[must_use]
pub fn query_error(error: QueryError) -> String {
    match error {
        QueryError::NoEquals(line) => at_line(line, "write name=value; the = is missing."),
        QueryError::NoName(line) => at_line(line, "write a name before the =."),
        QueryError::Identity(line) => at_line(
            line,
            "remove it; the user id above is sent under this name.",
        ),
        QueryError::TooLong => {
            "Shorten the parameters: with them the URL passes 4,096 characters.".to_owned()
        }
    }
}

fn at_line(line: usize, what: &str) -> String {
    join(&["Line ", &line.to_string(), ": ", what])
}

/// Said when the site's `config.json` cannot be used; the form still can.
#[must_use]
pub fn config_unreadable(error: &str) -> String {
    join(&[
        "This site’s config.json could not be read (",
        error,
        "). Check the URL below before you connect.",
    ])
}
