//! What waits and how it stands, for the client and for views.

use switchboard_protocol::client::Kind;
use switchboard_protocol::{ConversationId, MessageId};

use super::{Draft, Entry, Outbox, Step};
use crate::config::Config;
use crate::io::{ItemState, Pending};
use crate::mutant::Mutant;

impl Outbox {
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

    /// When something here becomes due while messages flow.
    pub(crate) fn deadline(&self, config: &Config) -> Option<u64> {
        // Only the oldest of a conversation counts: what waits behind it is not due by itself.
        let mut seen: Vec<&ConversationId> = Vec::new();
        let mut earliest: Option<u64> = None;
        for entry in self.values() {
            let conversation = &entry.pending.conversation;
            if entry.is_failed() || seen.contains(&conversation) || self.is_held(entry) {
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
        self.values().filter(|entry| self.waits(entry)).count()
    }

    /// Whether it waits, and somebody for it: what holds for a failed message holds for its changes.
    fn waits(&self, entry: &Entry) -> bool {
        !entry.is_failed() && !entry.is_read() && !self.is_held(entry)
    }

    /// Whether it changes a message that was refused: nobody else knows that one.
    pub(super) fn is_held(&self, entry: &Entry) -> bool {
        let Some(re) = &entry.pending.re else {
            return false;
        };
        entry.pending.kind != Kind::Text
            && self
                .values()
                .any(|other| other.pending.id == *re && other.is_failed())
    }

    /// Whether nothing of a conversation is on its way or about to be.
    pub(crate) fn is_idle(&self, conversation: &ConversationId) -> bool {
        !self.values().any(|entry| {
            entry.pending.conversation == *conversation
                && !entry.is_failed()
                && !self.is_held(entry)
        })
    }

    /// Every message that waits or failed, by its id.
    pub(crate) fn unsent(&self) -> impl Iterator<Item = &MessageId> {
        self.values()
            .filter(|entry| !entry.is_read())
            .map(|entry| &entry.pending.id)
    }

    /// The conversation's entries as a view shows them, in the order they were written.
    pub(crate) fn of<'a>(
        &'a self,
        conversation: &'a ConversationId,
    ) -> impl Iterator<Item = (&'a Pending, ItemState)> + 'a {
        self.all()
            .filter(move |(pending, _)| pending.conversation == *conversation)
    }

    /// Every entry as a view shows it, in the order they were written.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Pending, ItemState)> {
        self.values().filter(|e| !e.is_read()).map(|e| {
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

    /// What an acknowledged message was.
    pub(crate) fn draft(&self, id: &MessageId, conversation: &ConversationId) -> Option<Draft> {
        self.values()
            .map(|entry| &entry.pending)
            .find(|pending| pending.id == *id && pending.conversation == *conversation)
            .map(Pending::draft)
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
