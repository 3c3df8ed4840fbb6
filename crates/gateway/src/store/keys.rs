//! Keys and values of the one table: the design of `docs/protocol.md`, *Server state*.
//!
//! A key is the partition key, a zero byte and the sort key. No id holds a zero byte, so keys
//! of different partitions cannot collide and each partition is one range. Values are JSON.

use serde::{Deserialize, Serialize};
use switchboard_protocol::{ConversationId, MessageId, Seq, UserId};

/// Names the log's incarnation.
pub(super) const EPOCH: &[u8] = b"META\0EPOCH";

/// The version of this layout.
pub(super) const FORMAT: &[u8] = b"META\0FORMAT";

/// The value of [`HEAD`](head)'s item.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) last_seq: Seq,
}

/// The value of a [`dedupe`] item.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Dedupe {
    pub(super) seq: Seq,
    /// ms since the Unix epoch.
    pub(super) until: u64,
}

/// The conversation's counter.
pub(super) fn head(conv: &ConversationId) -> Vec<u8> {
    format!("CONV#{conv}\0HEAD").into_bytes()
}

/// The message at a place; places sort as their keys do.
pub(super) fn message(conv: &ConversationId, seq: Seq) -> Vec<u8> {
    format!("CONV#{conv}\0M#{:020}", seq.get()).into_bytes()
}

/// What makes a second commit of the same message harmless. An id holds no `#`, so the
/// sender's may.
pub(super) fn dedupe(conv: &ConversationId, from: &UserId, id: &MessageId) -> Vec<u8> {
    format!("CONV#{conv}\0D#{from}#{id}").into_bytes()
}

/// One of the user's conversations.
pub(super) fn membership(user: &UserId, conv: &ConversationId) -> Vec<u8> {
    format!("{}{conv}", memberships(user)).into_bytes()
}

/// What the keys of all of the user's conversations begin with.
pub(super) fn memberships(user: &UserId) -> String {
    format!("USER#{user}\0CONV#")
}
