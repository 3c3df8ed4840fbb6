//! From a checked draft to the log, and from the log to the participants.

use std::{collections::BTreeSet, time::Duration};

use switchboard_protocol::{
    ConversationId, Message, MessageId, Seq, ServerFrame, UserId, client::Kind, server::Delivery,
};

use crate::{
    backend::Backend,
    broadcast::Broadcast,
    event::Event,
    frames, identity,
    ports::{Clock, Post},
    queue::Audience,
    refusal::Caller,
    response::HandlerError,
    roster,
    store::{Committed, Connection, NewMessage, Store, StoreError},
};

/// A message that has been checked and not yet committed.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) conv: ConversationId,
    pub(crate) id: MessageId,
    pub(crate) from: UserId,
    pub(crate) kind: Kind,
    pub(crate) content: String,
    pub(crate) re: Option<MessageId>,
}

/// The last place of the conversation that a frame seems to be for, where the store told it.
#[derive(Debug)]
pub(crate) struct Foreseen(Option<(ConversationId, Seq)>);

impl Foreseen {
    fn of(self, conv: &ConversationId) -> Option<Seq> {
        let (foreseen, last) = self.0?;
        (foreseen == *conv).then_some(last)
    }
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Looks the sender up and, with it, where the log ends of the conversation that the frame is for if
    /// the sender is who the authorizer says.
    pub(crate) async fn caller_to(
        &self,
        event: &Event,
        conv: impl FnOnce(&UserId) -> Option<ConversationId>,
    ) -> Result<(Caller, Foreseen), StoreError> {
        let user = identity::of(event).ok().and_then(|identity| identity.user);
        let Some(conv) = user.as_ref().and_then(conv) else {
            return Ok((self.caller(event).await?, Foreseen(None)));
        };
        let id = &event.request_context.connection_id;
        let now = self.clock.now_ms();
        let (row, last) = self.store.connection_and_last(id, &conv, now).await?;
        Ok((row.into(), Foreseen(last.map(|last| (conv, last)))))
    }

    /// Commits in one transaction; where another writer was faster, tries again with jitter.
    pub(crate) async fn commit(
        &self,
        draft: Draft,
        foreseen: Foreseen,
    ) -> Result<Committed, StoreError> {
        let mut last = foreseen.of(&draft.conv);
        let at = self.clock.now_ms();
        let dedupe_ttl = u64::try_from(self.settings.dedupe_ttl.as_millis()).unwrap_or(u64::MAX);
        let entry = NewMessage {
            conv: draft.conv,
            id: draft.id,
            from: draft.from,
            at,
            kind: draft.kind,
            content: draft.content,
            re: draft.re,
            dedupe_until: at.saturating_add(dedupe_ttl),
        };
        let mut attempt = 1;
        loop {
            let committed = match last.take() {
                Some(last) => self.store.commit_after(&entry, last).await,
                None => self.store.commit(&entry).await,
            };
            match committed {
                Err(StoreError::Contended) if attempt < self.settings.commit_attempts => {
                    // Full jitter: 0 to 20, 40, 80 … ms.
                    let ceiling = 20_u64 << attempt.min(6);
                    let pause = Duration::from_millis(self.clock.random() % ceiling);
                    self.clock.sleep(pause).await;
                    attempt += 1;
                }
                done => return done,
            }
        }
    }

    /// Posts a committed message to every connection of its participants but the sending one,
    /// then tells the sender who has been reached.
    pub(crate) async fn spread(
        &self,
        message: &Message,
        sender: &Connection,
    ) -> Result<(), HandlerError> {
        let frame = frames::encode(&ServerFrame::Message(message.clone()))?;
        // An older page shows the content of whatever comes: it gets what people wrote.
        let written = matches!(message.kind, Kind::Text | Kind::Edit);
        let Some(users) = message.conv.participants() else {
            let to = if written {
                Audience::Named
            } else {
                Audience::Own
            };
            let broadcast = Broadcast {
                text: frame,
                to,
                except: Some(sender.id.clone()),
            };
            // How far it got interests nobody in the lobby.
            if let Err(error) = self.address(&broadcast).await {
                not_fanned_out(&error);
            }
            return Ok(());
        };
        let connections = match self.connections_of(&users).await {
            Ok(connections) => connections,
            Err(error) => {
                not_fanned_out(&error);
                return Ok(());
            }
        };
        let (senders, others): (Vec<Connection>, Vec<Connection>) = connections
            .into_iter()
            .partition(|connection| connection.user.as_ref() == Some(&message.from));
        let others = if written { others } else { roster::own(others) };
        let recipients: Vec<Connection> = others
            .into_iter()
            .chain(roster::without(senders.clone(), &sender.id))
            .collect();
        let outcomes = self.fan_out(&recipients, &frame).await;
        // How far word of somebody's reading got interests nobody.
        if message.kind == Kind::Read {
            return Ok(());
        }
        let mut reached: BTreeSet<UserId> = recipients
            .iter()
            .zip(&outcomes.0)
            .filter(|(_, outcome)| outcome.is_ok())
            .filter_map(|(recipient, _)| recipient.user.as_ref())
            .filter(|user| **user != message.from)
            .cloned()
            .collect();
        if reached.is_empty() {
            return Ok(());
        }
        let delivery = frames::encode(&ServerFrame::Delivery(Delivery {
            conv: message.conv.clone(),
            seq: message.seq,
            to: reached.iter().cloned().collect(),
        }))?;
        self.fan_out(&roster::own(senders), &delivery).await;
        if message.seq == Seq::ZERO.next() {
            reached.insert(message.from.clone());
            let to: Vec<&Connection> = recipients.iter().chain([sender]).collect();
            if let Err(error) = self.introduce(reached, &to).await {
                tracing::warn!(%error, "presence was not told");
            }
        }
        Ok(())
    }
}

/// It is committed: heads and sync bring it to everyone.
fn not_fanned_out(error: &impl std::fmt::Display) {
    tracing::error!(%error, "a committed message was not fanned out");
}
