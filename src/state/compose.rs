//! What the composer writes: a new message, an answer to one, or one's own message anew.

use switchboard_protocol::MessageId;

/// What the text in the composer will be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Compose {
    /// A message.
    #[default]
    New,
    /// A message in answer to this one.
    Reply(MessageId),
    /// A new text for this own message.
    Edit(MessageId),
}
