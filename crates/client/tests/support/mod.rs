//! What the scenarios, the property and the fuzz targets share: a server that is only its log,
//! a disk that is only its rows, and a client between them on a clock that jumps.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "included by several test binaries, each of which uses a part"
)]

pub mod attack;
pub mod check;
pub mod disk;
pub mod network;
pub mod play;
pub mod scenario;
pub mod server;
pub mod step;
pub mod world;

use switchboard_client::Account;
use switchboard_protocol::{ConversationId, MessageId, Profile, UserId};

pub fn user(id: &str) -> UserId {
    UserId::try_from(id).unwrap()
}

pub fn conversation(people: &[&str]) -> ConversationId {
    let people: Vec<UserId> = people.iter().map(|id| user(id)).collect();
    ConversationId::of(&people).unwrap()
}

pub fn lobby() -> ConversationId {
    ConversationId::lobby()
}

/// The conversation most scenarios play in.
pub fn bo() -> ConversationId {
    conversation(&["ana", "bo"])
}

pub fn id(name: &str) -> MessageId {
    MessageId::try_from(name).unwrap()
}

/// ana at a backend that believes `?userId=`.
pub fn account() -> Account {
    Account {
        endpoint: "ws://127.0.0.1:8787/dev".to_owned(),
        user: user("ana"),
        profile: Profile::named("switchboard").unwrap(),
        query: Vec::new(),
        tickets: None,
        device: "device".to_owned(),
        tab: "tab".to_owned(),
    }
}

/// ana at a backend that wants a ticket for each handshake.
pub fn ticketed() -> Account {
    Account {
        tickets: Some("http://127.0.0.1:8787/tickets".to_owned()),
        ..account()
    }
}
