//! What the browser's storage keeps for one account: the rows, and each write as a transaction.

use std::collections::BTreeMap;

use switchboard_client::{Bounds, Join, Mark, Pending, Restored, StoreOperation, Stretch};
use switchboard_protocol::server::Message;
use switchboard_protocol::{ConversationId, MessageId, Seq};

/// Newest messages of a stored stretch that a page loads.
const LOADED: usize = 50;

#[derive(Debug, Clone, Default)]
pub struct Disk {
    pub outbox: BTreeMap<MessageId, Pending>,
    pub logs: BTreeMap<ConversationId, (Bounds, BTreeMap<Seq, Message>)>,
    pub marks: BTreeMap<ConversationId, Mark>,
}

impl Disk {
    pub fn write(&mut self, operation: StoreOperation) {
        match operation {
            StoreOperation::Put(pending) => {
                self.outbox.insert(pending.id.clone(), pending);
            }
            StoreOperation::Remove(id) => {
                self.outbox.remove(&id);
            }
            StoreOperation::Mark(mark) => {
                let joined = mark.join(self.marks.get(&mark.conversation));
                self.marks.insert(joined.conversation.clone(), joined);
            }
            StoreOperation::Log(stretch) => self.log(*stretch),
        }
    }

    fn log(&mut self, stretch: Stretch) {
        let stored = self.logs.get(&stretch.conversation).map(|(at, _)| at);
        let (bounds, keep) = match stretch.join(stored) {
            Join::Extend(bounds) => (Some(bounds), true),
            Join::Replace => (Some(stretch.bounds()), false),
            Join::Older => (None, true),
        };
        if stretch.replaces {
            self.marks.remove(&stretch.conversation);
        }
        for id in &stretch.confirmed {
            self.outbox.remove(id);
        }
        let Some(bounds) = bounds else { return };
        let (at, rows) = self
            .logs
            .entry(stretch.conversation)
            .or_insert_with(|| (bounds.clone(), BTreeMap::new()));
        *at = bounds;
        if !keep {
            rows.clear();
        }
        rows.extend(stretch.messages.into_iter().map(|m| (m.seq, m)));
    }

    pub fn restore(&self) -> Restored {
        let logs = self.logs.iter().map(|(conversation, (at, rows))| {
            let skipped = rows.len().saturating_sub(LOADED);
            let messages: Vec<Message> = rows.values().skip(skipped).cloned().collect();
            let after = match messages.first() {
                Some(first) if skipped > 0 => first.seq.previous(),
                Some(_) | None => at.after,
            };
            Stretch {
                conversation: conversation.clone(),
                epoch: at.epoch.clone(),
                after,
                through: at.through,
                messages,
                confirmed: Vec::new(),
                replaces: false,
            }
        });
        Restored {
            outbox: self.outbox.values().cloned().collect(),
            logs: logs.collect(),
            marks: self.marks.values().cloned().collect(),
        }
    }
}
