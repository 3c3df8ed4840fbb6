//! From the composer to the wire: refuse, write, transmit, retry.

use switchboard_protocol::MessageId;
use switchboard_protocol::client::{ClientFrame, Kind, Sync};
use switchboard_protocol::limits::MAX_FRAME_BYTES;
use switchboard_protocol::profile::Recipients;

use super::Client;
use super::frame::frame;
use crate::io::{Change, Failure, Now, OperationId, Output, SocketId, StoreOperation};
use crate::mutant::Mutant;
use crate::outbox::{Draft, Write, Written};
use crate::timeline::Want;

/// When others are told again how far the person has read, if nobody confirmed it; ms.
const AGAIN: u64 = 30_000;

impl Client {
    pub(super) fn send(&mut self, now: Now, draft: Draft) {
        let refusal = self.refusal(&draft);
        let Draft {
            conversation, id, ..
        } = draft.clone();
        let Some(session) = &mut self.session else {
            return;
        };
        if let Some(failure) = refusal {
            self.changed(Change::Refused(id, failure));
            return;
        }
        if session.outbox.contains(&id) {
            return;
        }
        let timeline = session.timeline(conversation.clone());
        timeline.typed();
        let superseded = match (&draft.kind, &draft.re) {
            (Kind::Edit | Kind::Delete, Some(re)) => session.outbox.supersede(re),
            _ => Vec::new(),
        };
        for pending in superseded {
            self.persist(StoreOperation::Remove(pending.id));
        }
        if self.config.is(Mutant::AcceptBeforeWrite) {
            let id = id.clone();
            self.outputs
                .push_back(Output::Changed(Change::Accepted { id, durable: true }));
        }
        if let Some(session) = &mut self.session {
            session.outbox.push(draft, now);
        }
        self.write();
        self.changed(Change::Timeline(conversation));
        self.changed(Change::Conversations);
        self.changed(Change::Status);
    }

    /// Why it cannot be sent, if it cannot.
    pub(super) fn refusal(&self, draft: &Draft) -> Option<Failure> {
        let Draft {
            conversation,
            kind,
            content,
            re,
            ..
        } = draft;
        let session = self.session.as_ref()?;
        match kind {
            Kind::Text => {}
            // Older systems know nothing of it, nor does anybody know what it is about.
            _ if !session.account.profile.is_own() || re.is_none() => {
                return Some(Failure::NotSupported);
            }
            Kind::Edit | Kind::Reaction | Kind::Delete => {}
            // The core itself tells how far the person has read.
            Kind::Read | Kind::Other(_) => return Some(Failure::NotSupported),
        }
        if *kind != Kind::Delete && content.trim().is_empty() {
            return Some(Failure::Empty);
        }
        let lobby = conversation.is_lobby();
        let others = conversation.participants().map_or(0, |people| people.len());
        let possible = match session.account.profile.recipients {
            Recipients::UsersAndLobby => conversation.includes(&session.account.user),
            Recipients::Users => !lobby && others > 1,
            Recipients::Connection => !lobby && others == 2,
            Recipients::Everyone => lobby,
            Recipients::Nobody => false,
        };
        if !possible {
            return Some(Failure::NotSupported);
        }
        (frame(&session.account, draft).len() > MAX_FRAME_BYTES).then_some(Failure::TooLarge)
    }

    /// What storage held and this profile cannot send is given back to the person.
    pub(super) fn refuse_restored(&mut self) {
        let Some(session) = &self.session else {
            return;
        };
        let refused: Vec<(MessageId, Failure)> = session
            .outbox
            .queued()
            .filter_map(|row| {
                let failure = self.refusal(&row.draft())?;
                Some((row.id.clone(), failure))
            })
            .collect();
        for (id, failure) in refused {
            self.fail(&id, failure);
        }
    }

    pub(super) fn retry(&mut self, now: Now, id: &MessageId) {
        let Some(session) = &mut self.session else {
            return;
        };
        if let Some(pending) = session.outbox.retry(id, now) {
            self.changed(Change::Timeline(pending.conversation.clone()));
            self.changed(Change::Status);
            self.persist(StoreOperation::Put(pending));
        }
    }

    pub(super) fn discard(&mut self, id: &MessageId) {
        let Some(session) = &mut self.session else {
            return;
        };
        for pending in session.outbox.discard(id) {
            self.changed(Change::Timeline(pending.conversation));
            self.changed(Change::Conversations);
            self.changed(Change::Status);
            self.persist(StoreOperation::Remove(pending.id));
        }
    }

    pub(super) fn fail(&mut self, id: &MessageId, failure: Failure) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(pending) = session.outbox.fail(id, failure) else {
            return;
        };
        self.changed(Change::Timeline(pending.conversation.clone()));
        self.changed(Change::Status);
        if pending.kind == Kind::Reaction {
            // It is gone from the message again, which says enough: nobody wrote anything.
            self.discard(id);
            self.changed(Change::Refused(id.clone(), failure));
        } else {
            self.persist(StoreOperation::Put(pending));
        }
    }

    /// Sends what may be sent.
    pub(super) fn pump(&mut self, now: Now) {
        let Some(session) = &mut self.session else {
            return;
        };
        let socket = match session.connection.up() {
            Some(up) if up.flows() => up.socket,
            Some(_) | None => return,
        };
        let mut frames = Vec::new();
        if session.account.profile.is_own() {
            for (conversation, timeline) in session.timelines.iter_mut() {
                if let Some((rid, want)) = timeline.ask(now, &self.config, &mut self.requests) {
                    let (after, before) = match want {
                        Want::Newest => (None, None),
                        Want::After(seq) => (Some(seq), None),
                        Want::Before(seq) => (None, Some(seq)),
                    };
                    frames.push(ClientFrame::Sync(Sync {
                        rid,
                        conv: conversation.clone(),
                        after,
                        before,
                        limit: Some(session.page),
                    }));
                }
            }
        }
        for frame in &frames {
            self.transmit(socket, frame);
        }
        self.pump_outbox(now, socket);
        self.tell(now, socket);
    }

    fn pump_outbox(&mut self, now: Now, socket: SocketId) {
        // What the browser holds is only known at the next input: no more than it may hold at once.
        let mut room = usize::try_from(self.config.buffered).unwrap_or(usize::MAX);
        while let Some(session) = &mut self.session {
            session.more = room == 0;
            if session.more {
                break;
            }
            let next = session.outbox.next_send(now, &self.config, &mut self.rng);
            let Some(pending) = next else { break };
            let text = frame(&session.account, &pending.draft());
            room = room.saturating_sub(text.len());
            self.outputs.push_back(Output::Transmit(socket, text));
            self.changed(Change::Timeline(pending.conversation.clone()));
            self.hand_over(now, pending);
        }
    }

    pub(super) fn write(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        let operations = &mut self.operations;
        let mut left = Vec::new();
        let mut operation = || {
            *operations += 1;
            OperationId(*operations)
        };
        while let Some(write) = session.outbox.next_write(&mut operation, &self.config) {
            match write {
                Write::Start(operation, pending) => self
                    .outputs
                    .push_back(Output::Persist(operation, StoreOperation::Put(pending))),
                Write::Left(written) => left.push(written),
            }
        }
        for written in left {
            self.accepted(written);
        }
    }

    fn accepted(&mut self, written: Written) {
        if !self.config.is(Mutant::AcceptBeforeWrite) {
            self.changed(Change::Accepted {
                id: written.id,
                durable: written.durable,
            });
        }
        self.changed(Change::Timeline(written.conversation));
        if !written.durable {
            self.changed(Change::Status);
        }
    }

    pub(super) fn persisted(&mut self, operation: OperationId, ok: bool) {
        let Some(session) = &mut self.session else {
            return;
        };
        if let Some(written) = session.outbox.written(operation, ok) {
            self.accepted(written);
        }
        // Though it may be confirmed by now: others wait behind it.
        self.write();
    }

    /// What the time asks of the messages that wait.
    pub(super) fn outbox_due(&mut self, now: Now) {
        let Some(session) = &mut self.session else {
            return;
        };
        // While the browser still holds bytes, an answer is not late: the question is.
        let flows = session.connection.flows();
        let (overdue, untold) = if flows {
            session.outbox.overdue(now, &self.config)
        } else {
            Default::default()
        };
        let expired = session.outbox.expired(now, &self.config);
        let late = !overdue.is_empty() || !untold.is_empty();
        for conversation in untold {
            session.timeline(conversation).tell_later(now.mono + AGAIN);
        }
        for conversation in overdue {
            self.changed(Change::Timeline(conversation));
        }
        if late {
            self.ping(now, true);
        }
        for id in expired {
            self.fail(&id, Failure::Expired);
        }
    }

    /// A write nobody waits for.
    pub(super) fn persist(&mut self, operation: StoreOperation) {
        self.operations += 1;
        self.outputs
            .push_back(Output::Persist(OperationId(self.operations), operation));
    }

    pub(super) fn touched(&mut self, id: &MessageId) {
        let Some(session) = &self.session else { return };
        let found = session
            .timelines
            .iter()
            .map(|(id, _)| id)
            .find(|conversation| session.outbox.of(conversation).any(|(p, _)| p.id == *id))
            .cloned();
        if let Some(conversation) = found {
            self.changed(Change::Timeline(conversation));
        }
    }

    pub(super) fn transmit(&mut self, socket: SocketId, frame: &ClientFrame) {
        self.outputs
            .push_back(Output::Transmit(socket, frame.to_json()));
    }
}
