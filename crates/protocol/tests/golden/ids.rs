//! Short names for ids.

use switchboard_protocol::{ConversationId, MessageId, Seq, UserId};

pub(crate) fn user(id: &str) -> UserId {
    UserId::try_from(id).unwrap()
}

pub(crate) fn conv(id: &str) -> ConversationId {
    ConversationId::try_from(id).unwrap()
}

pub(crate) fn id(id: &str) -> MessageId {
    MessageId::try_from(id).unwrap()
}

pub(crate) fn seq(number: u64) -> Seq {
    Seq::try_from(number).unwrap()
}
