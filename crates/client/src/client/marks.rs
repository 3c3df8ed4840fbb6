//! What others may know of the person: that they type, and how far they have read.

use switchboard_protocol::{ConversationId, MessageId};

use super::Client;
use crate::io::Now;

impl Client {
    pub(super) fn typing(&mut self, _now: Now, _conversation: ConversationId) {}

    pub(super) fn read(
        &mut self,
        _conversation: ConversationId,
        _through: &MessageId,
        _tell: bool,
    ) {
    }
}
