//! What arrives in Switchboard's own frames.

use switchboard_protocol::client::Kind;
use switchboard_protocol::server::{
    Ack, Heads, Inbound, Message, Nack, NackCode, Page, Presence, ServerFrame, Welcome,
};
use switchboard_protocol::{ConversationId, MessageId, PlatformFrame, UserId, VERSION};

use super::Client;
use crate::connection::{Role, Step};
use crate::io::{Change, Failure, Now, Output, SocketId, Stop, StoreOperation};
use crate::mutant::Mutant;
use crate::stored::Stretch;
use crate::timeline::{Added, Answer};
use switchboard_protocol::sorted::insert_by;

impl Client {
    pub(super) fn text(&mut self, now: Now, socket: SocketId, text: &str) {
        let Some(role) = self.role(socket) else {
            return;
        };
        let Some(session) = &self.session else { return };
        if !session.account.profile.is_own() {
            self.foreign(now, text);
            return;
        }
        let inbound = Inbound::parse(text);
        if matches!(inbound, Inbound::Foreign | Inbound::Malformed) {
            // Older systems' texts reach us bare, so it may be no fault at all; but a stream of
            // them must not pass for a sign of life.
            let config = &self.config;
            let ask = match &mut self.session {
                Some(session) if role == Role::Active => session
                    .connection
                    .up_mut()
                    .is_some_and(|up| up.junk(config)),
                _ => false,
            };
            if ask {
                self.ping(now, true);
            }
            return;
        }
        self.heard(socket);
        match inbound {
            Inbound::Frame(frame) => self.frame(now, socket, role, *frame),
            Inbound::Platform(frame) => self.platform(frame),
            // Counted by the inspector; none of it is ours to act on.
            Inbound::UnknownEvent(_) | Inbound::Foreign | Inbound::Malformed => {}
        }
    }

    /// The platform names no message, so none fails: the ack timer decides.
    pub(super) fn platform(&mut self, frame: PlatformFrame) {
        if let Some(session) = &mut self.session
            && session.connection_id.is_none()
        {
            session.connection_id = Some(frame.connection_id);
            self.changed(Change::Status);
        }
    }

    fn frame(&mut self, now: Now, socket: SocketId, role: Role, frame: ServerFrame) {
        match frame {
            ServerFrame::Welcome(welcome) => self.welcome(now, socket, welcome),
            ServerFrame::Ack(ack) => self.acknowledged(now, ack),
            ServerFrame::Nack(nack) => self.nack(now, nack),
            ServerFrame::Message(message) => self.message(now, role, message),
            ServerFrame::Page(page) => self.page(now, page),
            ServerFrame::Pong(pong) => {
                // Pong 0 answers nothing: it carries what did not fit into `welcome`.
                let answers = pong.n > 0;
                if role == Role::Active
                    && let Some(up) = self.up_mut()
                {
                    up.answered(pong.n);
                }
                if !self.config.is(Mutant::NoHeads) {
                    self.heads(now, pong.heads, answers, false);
                }
            }
            ServerFrame::Presence(presence) => self.presence(presence),
            ServerFrame::Delivery(delivery) => {
                if let Some(timeline) = self
                    .session
                    .as_mut()
                    .and_then(|s| s.timelines.get_mut(&delivery.conv))
                {
                    timeline.delivered(delivery.seq, delivery.to);
                    self.changed(Change::Timeline(delivery.conv));
                }
            }
            ServerFrame::Signal(signal) => {
                self.changed(Change::Signal(signal.conv, signal.from, signal.kind));
            }
            ServerFrame::Goaway(goaway) => {
                self.goaway(now, socket, goaway.reconnect_in_ms.min(60_000));
            }
        }
    }

    fn acknowledged(&mut self, now: Now, ack: Ack) {
        let Some(session) = &self.session else { return };
        let draft = session
            .outbox
            .of(&ack.conv)
            .find_map(|(pending, _)| (pending.id == ack.id).then(|| pending.draft()));
        if let Some(draft) = draft {
            let from = session.account.user.clone();
            let Ack {
                id, conv, seq, at, ..
            } = ack;
            self.receive(
                now,
                Message {
                    conv,
                    seq,
                    id,
                    from,
                    at,
                    kind: draft.kind,
                    content: draft.content,
                    re: draft.re,
                },
            );
        }
    }

    fn page(&mut self, now: Now, page: Page) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(timeline) = session.timelines.get_mut(&page.conv) else {
            return;
        };
        if !timeline.awaits(page.rid) {
            return;
        }
        if session.epoch.as_ref() != Some(&page.epoch) {
            self.new_epoch(page.epoch);
            return;
        }
        let conversation = page.conv.clone();
        let own = own_ids(&page.messages, &session.account.user);
        match timeline.page(page, now, &self.config) {
            Some(Answer::Page(added)) => {
                for id in &own {
                    self.confirm(id);
                }
                self.added(&conversation, added, own);
            }
            Some(Answer::Restored) => self.changed(Change::Timeline(conversation)),
            None => {}
        }
    }

    /// The log is another one: what we know of it means nothing. What waits to be sent does.
    fn new_epoch(&mut self, epoch: String) {
        let Some(session) = &mut self.session else {
            return;
        };
        let old = session.epoch.replace(epoch);
        if old.is_none() || old == session.epoch {
            return;
        }
        // What still comes on the replaced socket speaks of the old log.
        self.outputs
            .extend(session.connection.drained().map(Output::Disconnect));
        let mut changed = Vec::new();
        for (conversation, timeline) in session.timelines.iter_mut() {
            timeline.forget();
            changed.push(Change::Timeline(conversation.clone()));
        }
        for change in changed {
            self.changed(change);
        }
        self.changed(Change::Conversations);
    }

    fn welcome(&mut self, now: Now, socket: SocketId, welcome: Welcome) {
        let Some(session) = &mut self.session else {
            return;
        };
        let greeting = Step::Greeting {
            socket,
            rid: welcome.rid,
        };
        if session
            .connection
            .starting()
            .is_none_or(|start| start.step != greeting)
        {
            return;
        }
        if welcome.min_version > VERSION {
            self.stop(Stop::Outdated);
            return;
        }
        session.connection_id = Some(welcome.connection.as_str().to_owned());
        let again = std::mem::replace(&mut session.welcomed, true);
        self.promote(now, socket);
        self.new_epoch(welcome.epoch);
        self.heads(now, welcome.heads, again, true);
    }

    /// Takes the server's word for how far each log goes. `news` tells that conversations not
    /// seen before are news, not history; `greeting`, that we are newly connected.
    fn heads(&mut self, now: Now, heads: Heads, news: bool, greeting: bool) {
        let Some(session) = &mut self.session else {
            return;
        };
        let mut added = false;
        for (conversation, head) in heads {
            if !conversation.includes(&session.account.user) {
                continue;
            }
            let known = session.timelines.contains_key(&conversation);
            added |= !known;
            let timeline = session.timelines.get_or_default(conversation);
            timeline.note_head(head, news && !known, now);
            if greeting {
                timeline.greeted(head, now);
            }
        }
        if added {
            self.changed(Change::Conversations);
        }
    }

    fn nack(&mut self, now: Now, nack: Nack) {
        let Some(id) = nack.id else { return };
        if nack.retry {
            let wait = nack
                .retry_after_ms
                .unwrap_or_else(|| 500 + self.rng.up_to(1_000))
                .clamp(500, 300_000);
            let Some(session) = &mut self.session else {
                return;
            };
            if session.outbox.postpone(&id, now.mono + wait) {
                self.touched(&id);
            }
            return;
        }
        let failure = match nack.code {
            NackCode::Forbidden | NackCode::Anonymous => Failure::Forbidden,
            NackCode::BadRecipients => Failure::BadRecipients,
            NackCode::Malformed
            | NackCode::BadContent
            | NackCode::Unavailable
            | NackCode::Unknown => Failure::Rejected,
        };
        self.fail(&id, failure);
    }

    /// A pushed message. Before `welcome` it is not known of which epoch it is: then it only tells
    /// how far the log goes.
    fn message(&mut self, now: Now, role: Role, message: Message) {
        let Some(session) = &mut self.session else {
            return;
        };
        if !message.conv.includes(&session.account.user) {
            return;
        }
        match role {
            Role::Active | Role::Draining => self.receive(now, message),
            Role::Only | Role::Candidate => {
                let timeline = session.timelines.get_or_default(message.conv);
                timeline.note_head(message.seq, false, now);
            }
        }
    }

    /// A log entry: pushed, or own and acknowledged. Both take the same path.
    fn receive(&mut self, now: Now, message: Message) {
        let Some(session) = &mut self.session else {
            return;
        };
        let conversation = message.conv.clone();
        let id = (message.from == session.account.user).then(|| message.id.clone());
        let known = session.timelines.contains_key(&conversation);
        let timeline = session.timelines.get_or_default(conversation.clone());
        let added = timeline.receive(message, now, &self.config);
        if !known {
            self.changed(Change::Conversations);
        }
        if let Some(id) = &id {
            self.confirm(id);
        }
        self.added(&conversation, added, id.into_iter().collect());
    }

    /// An own message is in the log: the outbox forgets it. Tells whether it knew it.
    fn confirm(&mut self, id: &MessageId) -> bool {
        let Some(session) = &mut self.session else {
            return false;
        };
        let Some(unaccepted) = session.outbox.take(id) else {
            return false;
        };
        self.changed(Change::Status);
        if unaccepted {
            self.changed(Change::Accepted {
                id: id.clone(),
                durable: true,
            });
        }
        true
    }

    /// The same for one that no log holds.
    pub(super) fn confirm_alone(&mut self, id: &MessageId) {
        if self.confirm(id) {
            self.persist(StoreOperation::Remove(id.clone()));
        }
    }

    /// Stores and announces what the log has grown by. Own messages `confirmed`, also those another
    /// tab sent, leave the stored outbox in the same transaction; above a gap they leave it alone:
    /// the stored cursor lies below them, so history brings them again.
    fn added(
        &mut self,
        conversation: &ConversationId,
        added: Option<Added>,
        confirmed: Vec<MessageId>,
    ) {
        self.changed(Change::Timeline(conversation.clone()));
        self.changed(Change::Conversations);
        let Some(session) = &self.session else { return };
        let mut news = Vec::new();
        match (added, &session.epoch) {
            (Some(added), Some(epoch)) if added.through > added.after || added.replaces => {
                if let Some(from) = added.news_from {
                    let is_news = |m: &&Message| {
                        m.seq >= from && m.from != session.account.user && m.kind == Kind::Text
                    };
                    news.extend(added.messages.iter().filter(is_news).map(|m| m.id.clone()));
                }
                let stretch = Stretch {
                    conversation: conversation.clone(),
                    epoch: epoch.clone(),
                    after: added.after,
                    through: added.through,
                    messages: added.messages,
                    confirmed,
                    replaces: added.replaces,
                };
                self.persist(StoreOperation::Log(Box::new(stretch)));
            }
            (Some(_) | None, _) => {
                for id in confirmed {
                    self.persist(StoreOperation::Remove(id));
                }
            }
        }
        for id in news {
            self.changed(Change::Received(conversation.clone(), id));
        }
    }

    fn presence(&mut self, presence: Presence) {
        let Some(session) = &mut self.session else {
            return;
        };
        if presence.all {
            session.online.clear();
        }
        let online = &mut session.online;
        online.retain(|user| !presence.offline.contains(user));
        for user in presence.online {
            if !online.contains(&user) {
                insert_by(online, user, |a, b| a < b);
            }
        }
        self.changed(Change::Presence);
    }
}

/// The ids of the messages that are `me`'s.
pub(super) fn own_ids<'a>(
    messages: impl IntoIterator<Item = &'a Message>,
    me: &UserId,
) -> Vec<MessageId> {
    let own = messages.into_iter().filter(|message| message.from == *me);
    own.map(|message| message.id.clone()).collect()
}
