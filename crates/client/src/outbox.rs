//! Own messages that are not confirmed yet: written first, then one in flight per conversation.

mod query;

use switchboard_protocol::client::Kind;
use switchboard_protocol::{ConversationId, MessageId};

use crate::config::Config;
use crate::io::{Failure, Now, OperationId, Pending};
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

impl Entry {
    fn is_failed(&self) -> bool {
        matches!(self.step, Step::Failed(_))
    }

    /// Whether it tells how far the person has read: nobody waits for that, and nothing keeps it.
    fn is_read(&self) -> bool {
        self.pending.kind == Kind::Read
    }

    /// Whether it is about another message and says nothing by itself.
    fn is_change_of(&self, id: &MessageId) -> bool {
        self.pending.kind != Kind::Text && self.pending.re.as_ref() == Some(id)
    }
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
        let known = |row: &Pending| {
            matches!(
                row.kind,
                Kind::Text | Kind::Edit | Kind::Delete | Kind::Reaction
            )
        };
        for row in rows.into_iter().filter(known) {
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
        let pending = Pending::new(draft, now, self.next_order);
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
            if blocked.contains(&&entry.pending.conversation) || self.is_held(entry) {
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

    /// The person drops a failed one, and with it what was done to it since. Returns what is
    /// gone.
    pub(crate) fn discard(&mut self, id: &MessageId) -> Vec<Pending> {
        if !self.entry_mut(id).is_some_and(|entry| entry.is_failed()) {
            return Vec::new();
        }
        self.remove_where(|entry| entry.pending.id == *id || entry.is_change_of(id))
    }

    /// A new edit or deletion makes earlier ones that were refused meaningless. Returns what is
    /// gone.
    pub(crate) fn supersede(&mut self, target: &MessageId) -> Vec<Pending> {
        self.remove_where(|entry| entry.is_failed() && entry.is_change_of(target))
    }

    fn remove_where(&mut self, is_gone: impl Fn(&Entry) -> bool) -> Vec<Pending> {
        let gone: Vec<u64> = self
            .entries
            .iter()
            .filter(|(_, entry)| is_gone(entry))
            .map(|(order, _)| *order)
            .collect();
        gone.iter()
            .filter_map(|order| self.entries.remove(order))
            .map(|entry| entry.pending)
            .collect()
    }

    /// Tells how far the person has read: at once on its way, or never. It is not kept, and what
    /// is not confirmed in time is said anew.
    pub(crate) fn tell(&mut self, draft: Draft, now: Now, config: &Config) {
        let pending = Pending::new(draft, now, self.next_order);
        let deadline = now.mono + config.ack[0];
        self.insert(pending, Step::InFlight { deadline }, true);
    }

    /// Takes it out, if it tells how far the person has read. Returns its conversation.
    pub(crate) fn untell(&mut self, id: &MessageId) -> Option<ConversationId> {
        let gone = self.remove_where(|entry| entry.is_read() && entry.pending.id == *id);
        gone.into_iter().next().map(|pending| pending.conversation)
    }

    /// The socket is gone: what was in flight waits again.
    pub(crate) fn requeue(&mut self) {
        self.remove_where(Entry::is_read);
        for entry in self.entries.iter_mut().map(|(_, entry)| entry) {
            if matches!(entry.step, Step::InFlight { .. }) {
                entry.step = Step::Queued { not_before: 0 };
            }
        }
    }

    /// Puts messages whose answer is overdue back in the queue; returns their conversations, and
    /// apart from them those where the answer to having read is.
    pub(crate) fn overdue(
        &mut self,
        now: Now,
        config: &Config,
    ) -> (Vec<ConversationId>, Vec<ConversationId>) {
        let mut overdue = Vec::new();
        if config.is(Mutant::NoResend) {
            return (overdue, Vec::new());
        }
        let is_late = |entry: &Entry| matches!(entry.step, Step::InFlight { deadline } if deadline <= now.mono);
        let untold = self.remove_where(|entry| entry.is_read() && is_late(entry));
        for entry in self.entries.iter_mut().map(|(_, entry)| entry) {
            if is_late(entry) {
                entry.step = Step::Queued { not_before: 0 };
                overdue.push(entry.pending.conversation.clone());
            }
        }
        let untold = untold.into_iter().map(|pending| pending.conversation);
        (overdue, untold.collect())
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
}
