//! What storage held becomes the session's beginning.

use switchboard_protocol::{ConversationId, MessageId};

use super::Session;
use super::logs::own_ids;
use crate::stored::{Mark, Stretch};

impl Session {
    /// Takes in logs and marks of the session's epoch. Returns own messages that are in a log and
    /// still were in the outbox: the tab that stored them may not have known that they were written
    /// here.
    pub(super) fn restore(&mut self, logs: Vec<Stretch>, marks: Vec<Mark>) -> Vec<MessageId> {
        self.timeline(ConversationId::lobby());
        let waiting: Vec<ConversationId> = self.outbox.conversations().cloned().collect();
        for conversation in waiting {
            self.timeline(conversation);
        }
        // A log does without a mark; with one, it must know it first.
        for mark in marks {
            if Some(&mark.epoch) == self.epoch.as_ref()
                && mark.conversation.includes(&self.account.user)
            {
                self.timeline(mark.conversation).restore_mark(
                    mark.through,
                    mark.tell,
                    mark.lowered,
                );
            }
        }
        let mut sent = Vec::new();
        for log in logs {
            if Some(&log.epoch) == self.epoch.as_ref()
                && log.conversation.includes(&self.account.user)
            {
                for id in own_ids(&log.messages, &self.account.user) {
                    if self.outbox.take(&id).is_some() {
                        sent.push(id);
                    }
                }
                self.timeline(log.conversation.clone()).restore(log);
            }
        }
        sent
    }
}
