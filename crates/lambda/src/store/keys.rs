//! The two keys of every item.

use std::{collections::HashMap, ops::RangeInclusive};

use aws_sdk_dynamodb::types::AttributeValue;
use switchboard_protocol::{
    ConnectionId, ConversationId, MessageId, Seq, UserId, limits::MAX_CONVERSATION_ID_BYTES,
};

/// The partition key's attribute.
pub(super) const PK: &str = "PK";
/// The sort key's attribute.
pub(super) const SK: &str = "SK";

/// Partitions of the list of everyone. One takes 1,000 writes a second and a connection makes
/// three in its life, so one would be the limit of a reconnect storm: API Gateway accepts 500
/// new connections a second.
pub(super) const SHARDS: u8 = 4;

/// What the sort keys of connections begin with.
pub(super) const CONNECTIONS: &str = "CONN#";
/// What the partition keys of logs begin with, and the sort keys of a user's conversations.
pub(super) const CONVERSATIONS: &str = "CONV#";
/// The sort key of a conversation's counter.
pub(super) const HEAD: &str = "HEAD";

/// DynamoDB's limit of a sort key in bytes; a partition key may have twice as many.
const MAX_SORT_KEY_BYTES: usize = 1024;
const _: () = assert!(CONVERSATIONS.len() + MAX_CONVERSATION_ID_BYTES <= MAX_SORT_KEY_BYTES);

/// An item's keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    /// The keys as attributes.
    pub(super) fn attributes(self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.pk)),
            (SK.to_owned(), AttributeValue::S(self.sk)),
        ])
    }
}

/// A connection by its id: system S3's shape.
pub(super) fn by_id(id: &ConnectionId) -> Key {
    let key = format!("{CONNECTIONS}{id}");
    Key {
        pk: key.clone(),
        sk: key,
    }
}

/// A connection among its user's.
pub(super) fn by_user(user: &UserId, id: &ConnectionId) -> Key {
    Key {
        pk: of_user(user),
        sk: format!("{CONNECTIONS}{id}"),
    }
}

/// A connection among everyone's.
pub(super) fn among_all(id: &ConnectionId) -> Key {
    let place = switchboard_backend::store::place(id);
    Key {
        pk: shard(partition(place)),
        sk: format!("{CONNECTIONS}{place:04x}#{id}"),
    }
}

/// Places in a partition of the list of everyone.
pub(super) const WIDTH: usize = (1 << 16) / SHARDS as usize;

/// The partition of the list of everyone that holds a place.
pub(super) fn partition(place: u16) -> u8 {
    // Below the number of partitions.
    u8::try_from(usize::from(place) / WIDTH).unwrap_or(SHARDS - 1)
}

/// A partition's first place.
pub(super) fn first_place(partition: u8) -> u16 {
    u16::try_from(usize::from(partition) * WIDTH).unwrap_or(u16::MAX)
}

/// The sort keys among which those of these places are, and no others.
pub(super) fn places(range: &RangeInclusive<u16>) -> (String, String) {
    let (first, last) = (range.start(), range.end());
    // `$` is the character after `#`.
    (
        format!("{CONNECTIONS}{first:04x}#"),
        format!("{CONNECTIONS}{last:04x}$"),
    )
}

/// A part of the list of everyone.
pub(super) fn shard(number: u8) -> String {
    format!("ROSTER#{number:02}")
}

/// A user's connections and conversations.
pub(super) fn of_user(user: &UserId) -> String {
    format!("USER#{user}")
}

/// One of the user's conversations.
pub(super) fn membership(user: &UserId, conv: &ConversationId) -> Key {
    Key {
        pk: of_user(user),
        sk: format!("{CONVERSATIONS}{conv}"),
    }
}

/// A conversation's log.
pub(super) fn log(conv: &ConversationId) -> String {
    format!("{CONVERSATIONS}{conv}")
}

/// The conversation's counter.
pub(super) fn head(conv: &ConversationId) -> Key {
    Key {
        pk: log(conv),
        sk: HEAD.to_owned(),
    }
}

/// The message at a place; places sort as their keys do.
pub(super) fn message(conv: &ConversationId, seq: Seq) -> Key {
    Key {
        pk: log(conv),
        sk: place(seq),
    }
}

/// See [`message`].
pub(super) fn place(seq: Seq) -> String {
    format!("M#{:020}", seq.get())
}

/// What makes a second commit of the same message harmless. A message id holds no `#`, so the
/// sender's may.
pub(super) fn dedupe(conv: &ConversationId, from: &UserId, id: &MessageId) -> Key {
    Key {
        pk: log(conv),
        sk: format!("D#{from}#{id}"),
    }
}
