//! IndexedDB as the browser edge uses it: one database a device and user, shared live by its tabs.

use std::collections::{BTreeMap, VecDeque};

use switchboard_client::{
    Bounds, Join, Mark, OperationId, Pending, Restored, StoreOperation, Stretch,
};
use switchboard_protocol::{ConversationId, Message, MessageId, Seq};

use crate::{mutants::StorageMutant, rng::Rng};

/// Most messages of a conversation that a starting page loads, and that are read below them at
/// once. Fewer than a browser's: people here write less.
const LOADED: usize = 12;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    pub(crate) outbox: BTreeMap<MessageId, Pending>,
    pub(crate) logs: BTreeMap<ConversationId, StoredLog>,
    pub(crate) marks: BTreeMap<ConversationId, Mark>,
    /// Transactions in the order they were made; they end in that order.
    pub(crate) writes: VecDeque<Write>,
    /// When the last of them ends.
    pub(crate) busy_until: u64,
    pub(crate) rng: Rng,
}

#[derive(Debug)]
pub(crate) struct StoredLog {
    bounds: Bounds,
    messages: BTreeMap<Seq, Message>,
}

/// A transaction that has not ended.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) tab: usize,
    pub(crate) life: u32,
    pub(crate) operation: OperationId,
    pub(crate) what: StoreOperation,
}

impl Storage {
    /// Carries out one transaction.
    pub(crate) fn apply(&mut self, what: StoreOperation, mutant: Option<StorageMutant>) {
        match what {
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
            StoreOperation::Log(stretch) => self.log(*stretch, mutant),
        }
    }

    fn log(&mut self, mut stretch: Stretch, mutant: Option<StorageMutant>) {
        if mutant != Some(StorageMutant::ConfirmedStay) {
            for id in &stretch.confirmed {
                self.outbox.remove(id);
            }
        }
        if mutant == Some(StorageMutant::CursorAhead) {
            stretch.messages.pop();
        }
        if stretch.replaces {
            self.marks.remove(&stretch.conversation);
        }
        let stored = self.logs.get_mut(&stretch.conversation);
        match (stretch.join(stored.as_ref().map(|log| &log.bounds)), stored) {
            (Join::Extend(bounds), Some(log)) => {
                log.bounds = bounds;
                let rows = stretch.messages.into_iter();
                log.messages
                    .extend(rows.map(|message| (message.seq, message)));
            }
            (Join::Older, _) => {}
            (Join::Extend(_) | Join::Replace, _) => {
                let bounds = stretch.bounds();
                let rows = stretch.messages.into_iter();
                let messages = rows.map(|message| (message.seq, message)).collect();
                self.logs
                    .insert(stretch.conversation, StoredLog { bounds, messages });
            }
        }
    }

    /// What a page reads of a log right below its oldest message, if there is anything.
    pub(crate) fn below(&self, conversation: &ConversationId, floor: Seq) -> Option<Stretch> {
        let log = self.logs.get(conversation)?;
        let bounds = &log.bounds;
        if floor <= bounds.after || floor > bounds.through {
            return None;
        }
        let messages = log.messages.range(..=floor).rev().take(LOADED);
        let mut messages: Vec<Message> = messages.map(|(_, message)| message.clone()).collect();
        messages.reverse();
        let first = messages.first().filter(|_| messages.len() == LOADED);
        Some(Stretch {
            conversation: conversation.clone(),
            epoch: bounds.epoch.clone(),
            after: first.map_or(bounds.after, |first| first.seq.previous()),
            through: floor,
            messages,
            confirmed: Vec::new(),
            replaces: false,
        })
    }

    /// What a starting page reads.
    pub(crate) fn restored(&self) -> Restored {
        Restored {
            outbox: self.outbox.values().cloned().collect(),
            marks: self.marks.values().cloned().collect(),
            logs: self
                .logs
                .iter()
                .map(|(conversation, log)| {
                    let newest = log.messages.iter().rev().take(LOADED);
                    let mut messages: Vec<Message> =
                        newest.map(|(_, message)| message.clone()).collect();
                    messages.reverse();
                    let cut = messages.len() < log.messages.len();
                    let first = messages.first().filter(|_| cut);
                    Stretch {
                        conversation: conversation.clone(),
                        epoch: log.bounds.epoch.clone(),
                        after: first.map_or(log.bounds.after, |first| first.seq.previous()),
                        through: log.bounds.through,
                        messages,
                        confirmed: Vec::new(),
                        replaces: false,
                    }
                })
                .collect(),
        }
    }

    /// The browser deletes everything.
    pub(crate) fn evict(&mut self) {
        self.outbox.clear();
        self.logs.clear();
        self.marks.clear();
    }
}
