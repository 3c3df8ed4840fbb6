//! Own messages that are not confirmed yet: written first, then one in flight per conversation.

use switchboard_protocol::client::Kind;
use switchboard_protocol::{ConversationId, MessageId};

use crate::config::Config;
use crate::io::{Failure, ItemState, Now, OperationId, Pending};
use crate::mutant::Mutant;
use crate::rng::Rng;
use switchboard_protocol::limits::MAX_SAFE_INTEGER;
use switchboard_protocol::sorted::{SortedMap, insert_by};

/// How far an entry got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Waits until an earlier write of its conversation has ended.
    ToPersist,
    Persisting(OperationId),
    Queued {
        not_before: u64,
    },
    InFlight {
        deadline: u64,
    },
    Failed(Failure),
}

#[derive(Debug, Clone)]
struct Entry {
    pending: Pending,
    step: Step,
    durable: bool,
    attempts: u32,
}

/// What a person wants to send.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) conversation: ConversationId,
    pub(crate) id: MessageId,
    pub(crate) kind: Kind,
    pub(crate) content: String,
    pub(crate) re: Option<MessageId>,
}

/// Messages in the order they were written.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    entries: SortedMap<u64, Entry>,
    next_order: u64,
}

/// What to do about a message that is not written yet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Write {
    Start(OperationId, Pending),
    /// It stays in memory.
    Left(Written),
}

/// The end of a write.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) id: MessageId,
    pub(crate) conversation: ConversationId,
    pub(crate) durable: bool,
}

impl Outbox {
    /// What storage held. Ids that repeat keep their first place.
    pub(crate) fn restore(rows: Vec<Pending>) -> Self {
        let mut pending = Vec::new();
        for row in rows {
            insert_by(&mut pending, row, |a: &Pending, b: &Pending| {
                (a.order, &a.id) < (b.order, &b.id)
            });
        }
        let mut outbox = Self::default();
        for pending in pending {
            if outbox.find(&pending.id).is_none() {
                let step = pending
                    .failed
                    .map_or(Step::Queued { not_before: 0 }, Step::Failed);
                outbox.insert(pending, step, true);
            }
        }
        outbox
    }

    fn insert(&mut self, mut pending: Pending, step: Step, durable: bool) {
        // Orders repeat when two tabs wrote to one storage; the place here must not.
        let order = pending.order.min(MAX_SAFE_INTEGER).max(self.next_order);
        self.next_order = order + 1;
        pending.order = order;
        self.entries.insert(
            order,
            Entry {
                pending,
                step,
                durable,
                attempts: 0,
            },
        );
    }

    /// Takes a new message; it is written before anything else happens to it.
    pub(crate) fn push(&mut self, draft: Draft, now: Now) {
        let order = self.next_order;
        let pending = Pending {
            id: draft.id,
            conversation: draft.conversation,
            kind: draft.kind,
            text: draft.content,
            re: draft.re,
            at: now.wall,
            minted: now.wall,
            order,
            failed: None,
        };
        self.insert(pending, Step::ToPersist, false);
    }

    fn values(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|(_, entry)| entry)
    }

    fn find(&self, id: &MessageId) -> Option<u64> {
        self.entries
            .iter()
            .find(|(_, e)| e.pending.id == *id)
            .map(|(order, _)| *order)
    }

    fn entry_mut(&mut self, id: &MessageId) -> Option<&mut Entry> {
        let order = self.find(id)?;
        self.entries.get_mut(&order)
    }

    pub(crate) fn contains(&self, id: &MessageId) -> bool {
        self.find(id).is_some()
    }

    /// The next write to start: writes of one conversation never overlap. What stands behind a
    /// message that could not be written is not written either: a duplicate tab would load only
    /// the later one and send it first.
    pub(crate) fn next_write(
        &mut self,
        mut operation: impl FnMut() -> OperationId,
        config: &Config,
    ) -> Option<Write> {
        let mut busy: Vec<&ConversationId> = Vec::new();
        let mut volatile: Vec<&ConversationId> = Vec::new();
        let mut next = None;
        for (order, entry) in self.entries.iter() {
            let conversation = &entry.pending.conversation;
            match entry.step {
                Step::Persisting(_) => busy.push(conversation),
                Step::ToPersist if busy.contains(&conversation) => {}
                Step::ToPersist => {
                    let behind = volatile.contains(&conversation);
                    next = Some((*order, behind && !config.is(Mutant::LaterPutDurable)));
                    break;
                }
                Step::Queued { .. } | Step::InFlight { .. } if !entry.durable => {
                    volatile.push(conversation);
                }
                Step::Queued { .. } | Step::InFlight { .. } | Step::Failed(_) => {}
            }
        }
        let (order, behind_volatile) = next?;
        let entry = self.entries.get_mut(&order)?;
        if behind_volatile {
            entry.step = Step::Queued { not_before: 0 };
            return Some(Write::Left(Written {
                id: entry.pending.id.clone(),
                conversation: entry.pending.conversation.clone(),
                durable: false,
            }));
        }
        let id = operation();
        entry.step = Step::Persisting(id);
        Some(Write::Start(id, entry.pending.clone()))
    }

    /// A write ended.
    pub(crate) fn written(&mut self, operation: OperationId, durable: bool) -> Option<Written> {
        let mut entries = self.entries.iter_mut().map(|(_, entry)| entry);
        let entry = entries.find(|entry| entry.step == Step::Persisting(operation))?;
        entry.durable = durable;
        entry.step = Step::Queued { not_before: 0 };
        Some(Written {
            id: entry.pending.id.clone(),
            conversation: entry.pending.conversation.clone(),
            durable,
        })
    }

    /// The next message that may go out now: the oldest of a conversation with none in flight.
    pub(crate) fn next_send(
        &mut self,
        now: Now,
        config: &Config,
        rng: &mut Rng,
    ) -> Option<Pending> {
        let mut blocked: Vec<&ConversationId> = Vec::new();
        if !config.is(Mutant::Window) || self.in_flight().count() >= 4 {
            // Not only earlier ones: a message the person retries stands before what was sent since.
            blocked.extend(self.in_flight().map(|pending| &pending.conversation));
        }
        let mut chosen = None;
        for (order, entry) in self.entries.iter() {
            if blocked.contains(&&entry.pending.conversation) {
                continue;
            }
            match entry.step {
                Step::Failed(_) | Step::InFlight { .. } => {}
                Step::Queued { not_before } if not_before <= now.mono => {
                    chosen = Some(*order);
                    break;
                }
                Step::ToPersist | Step::Persisting(_) | Step::Queued { .. } => {
                    blocked.push(&entry.pending.conversation)
                }
            }
        }
        let entry = self.entries.get_mut(&chosen?)?;
        if config.is(Mutant::FreshId) && entry.attempts > 0 {
            entry.pending.id = MessageId::from_random(rng.next_u128());
        }
        let wait = config.ack[usize::try_from(entry.attempts).unwrap_or(2).min(2)];
        entry.attempts = entry.attempts.saturating_add(1);
        entry.step = Step::InFlight {
            deadline: now.mono + wait,
        };
        Some(entry.pending.clone())
    }

    /// Takes a confirmed or handed-over message out; tells whether it was still to be accepted:
    /// another tab may have sent it from the storage before our own write was answered.
    pub(crate) fn take(&mut self, id: &MessageId) -> Option<bool> {
        let order = self.find(id)?;
        let entry = self.entries.remove(&order)?;
        Some(matches!(entry.step, Step::ToPersist | Step::Persisting(_)))
    }

    /// The server asks to send it again later.
    pub(crate) fn postpone(&mut self, id: &MessageId, until: u64) -> bool {
        match self.entry_mut(id) {
            Some(entry) if matches!(entry.step, Step::InFlight { .. } | Step::Queued { .. }) => {
                entry.step = Step::Queued { not_before: until };
                true
            }
            _ => false,
        }
    }

    /// Refused for good: kept for the person, later ones go on. Returns what to store.
    pub(crate) fn fail(&mut self, id: &MessageId, failure: Failure) -> Option<Pending> {
        let entry = self.entry_mut(id)?;
        if !matches!(entry.step, Step::InFlight { .. } | Step::Queued { .. }) {
            return None;
        }
        entry.step = Step::Failed(failure);
        entry.pending.failed = Some(failure);
        Some(entry.pending.clone())
    }

    /// The person wants a failed one sent again, with the same id. Returns what to store.
    pub(crate) fn retry(&mut self, id: &MessageId, now: Now) -> Option<Pending> {
        let entry = self.entry_mut(id)?;
        if !matches!(entry.step, Step::Failed(_)) {
            return None;
        }
        entry.step = Step::Queued { not_before: 0 };
        entry.attempts = 0;
        entry.pending.failed = None;
        entry.pending.at = now.wall;
        Some(entry.pending.clone())
    }

    /// The person drops a failed one.
    pub(crate) fn discard(&mut self, id: &MessageId) -> Option<Pending> {
        let order = self.find(id)?;
        let failed = matches!(self.entries.get(&order)?.step, Step::Failed(_));
        if failed {
            self.entries.remove(&order).map(|entry| entry.pending)
        } else {
            None
        }
    }

    /// The socket is gone: what was in flight waits again.
    pub(crate) fn requeue(&mut self) {
        for entry in self.entries.iter_mut().map(|(_, entry)| entry) {
            if matches!(entry.step, Step::InFlight { .. }) {
                entry.step = Step::Queued { not_before: 0 };
            }
        }
    }

    /// Messages that wait to be sent.
    pub(crate) fn queued(&self) -> impl Iterator<Item = &Pending> {
        self.values()
            .filter(|e| matches!(e.step, Step::Queued { .. }))
            .map(|e| &e.pending)
    }

    /// Messages in flight.
    pub(crate) fn in_flight(&self) -> impl Iterator<Item = &Pending> {
        self.values()
            .filter(|e| matches!(e.step, Step::InFlight { .. }))
            .map(|e| &e.pending)
    }

    /// Puts messages whose answer is overdue back in the queue; returns their conversations.
    pub(crate) fn overdue(&mut self, now: Now, config: &Config) -> Vec<ConversationId> {
        let mut overdue = Vec::new();
        if config.is(Mutant::NoResend) {
            return overdue;
        }
        for entry in self.entries.iter_mut().map(|(_, entry)| entry) {
            if let Step::InFlight { deadline } = entry.step
                && deadline <= now.mono
            {
                entry.step = Step::Queued { not_before: 0 };
                overdue.push(entry.pending.conversation.clone());
            }
        }
        overdue
    }

    /// Messages older than the limit that wait; they are given back to the person.
    pub(crate) fn expired(&self, now: Now, config: &Config) -> Vec<MessageId> {
        self.values()
            .filter(|e| matches!(e.step, Step::Queued { .. }))
            .filter(|e| {
                now.wall.saturating_sub(e.pending.at) > config.outbox_age
                    || now.wall.saturating_sub(e.pending.minted) > config.id_age
            })
            .map(|e| e.pending.id.clone())
            .collect()
    }

    /// When something here becomes due while messages flow.
    pub(crate) fn deadline(&self, config: &Config) -> Option<u64> {
        // Only the oldest of a conversation counts: what waits behind it is not due by itself.
        let mut seen: Vec<&ConversationId> = Vec::new();
        let mut earliest: Option<u64> = None;
        for entry in self.values() {
            let conversation = &entry.pending.conversation;
            if matches!(entry.step, Step::Failed(_)) || seen.contains(&conversation) {
                continue;
            }
            seen.push(conversation);
            let due = match entry.step {
                Step::InFlight { deadline } if !config.is(Mutant::NoResend) => Some(deadline),
                Step::Queued { not_before } if not_before > 0 => Some(not_before),
                _ => None,
            };
            earliest = [earliest, due].into_iter().flatten().min();
        }
        earliest
    }

    /// Messages that wait and could not be written.
    pub(crate) fn volatile(&self) -> usize {
        let lives = |e: &&Entry| matches!(e.step, Step::Queued { .. } | Step::InFlight { .. });
        self.values().filter(|e| lives(e) && !e.durable).count()
    }

    /// What was not even begun to be written.
    pub(crate) fn unwritten(&self) -> impl Iterator<Item = &Pending> {
        self.values()
            .filter(|e| e.step == Step::ToPersist)
            .map(|e| &e.pending)
    }

    /// Messages not confirmed and not failed.
    pub(crate) fn waiting(&self) -> usize {
        self.values()
            .filter(|e| !matches!(e.step, Step::Failed(_)))
            .count()
    }

    /// The conversation's entries as a view shows them, in the order they were written.
    pub(crate) fn of<'a>(
        &'a self,
        conversation: &'a ConversationId,
    ) -> impl Iterator<Item = (&'a Pending, ItemState)> + 'a {
        self.values()
            .filter(move |e| e.pending.conversation == *conversation)
            .map(|e| {
                let state = match e.step {
                    Step::ToPersist | Step::Persisting(_) => ItemState::Waiting,
                    Step::Queued { .. } if e.attempts > 0 => ItemState::Unconfirmed,
                    Step::Queued { .. } => ItemState::Waiting,
                    Step::InFlight { .. } if e.attempts > 1 => ItemState::Unconfirmed,
                    Step::InFlight { .. } => ItemState::Sending,
                    Step::Failed(failure) => ItemState::Failed(failure),
                };
                (&e.pending, state)
            })
    }

    /// The texts among them.
    pub(crate) fn texts<'a>(
        &'a self,
        conversation: &'a ConversationId,
    ) -> impl Iterator<Item = (&'a Pending, ItemState)> + 'a {
        self.of(conversation)
            .filter(|(pending, _)| pending.kind == Kind::Text)
    }

    /// At most one message of a conversation is in flight.
    pub(crate) fn invariants(&self, config: &Config) -> Result<(), &'static str> {
        let mut busy: Vec<&ConversationId> = Vec::new();
        for entry in self.values() {
            if matches!(entry.step, Step::InFlight { .. }) {
                if busy.contains(&&entry.pending.conversation) && !config.is(Mutant::Window) {
                    return Err("two messages of a conversation are in flight");
                }
                busy.push(&entry.pending.conversation);
            }
        }
        Ok(())
    }

    /// Conversations that own an entry.
    pub(crate) fn conversations(&self) -> impl Iterator<Item = &ConversationId> {
        self.values().map(|e| &e.pending.conversation)
    }
}
