//! The few words these tests are written in.

use std::collections::BTreeMap;

use switchboard_backend::store::{Connection, HelloInfo, NewMessage};
use switchboard_protocol::{ConversationId, client::Kind};

/// ms since the Unix epoch.
pub(crate) const NOW: u64 = 1_800_000_000_000;

/// A live connection.
pub(crate) fn connection(id: &str, user: &str) -> Connection {
    Connection {
        id: id.try_into().unwrap(),
        user: Some(user.try_into().unwrap()),
        established: NOW,
        expires: NOW + 7_500_001,
        hello: Some(HelloInfo {
            device: "laptop".to_owned(),
            tab: "1".to_owned(),
        }),
        stamp: 1,
    }
}

/// A message to the lobby.
pub(crate) fn message(from: &str, id: &str) -> NewMessage {
    NewMessage {
        conv: ConversationId::lobby(),
        id: id.try_into().unwrap(),
        from: from.try_into().unwrap(),
        at: NOW,
        kind: Kind::Text,
        content: format!("{id} from {from}"),
        re: None,
        dedupe_until: NOW + 1_000_000,
    }
}

/// Requests of this operation.
pub(crate) fn count(counts: &BTreeMap<String, usize>, operation: &str) -> usize {
    counts.get(operation).copied().unwrap_or_default()
}
