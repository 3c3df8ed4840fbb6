//! What arrives in Switchboard's own frames.

use switchboard_protocol::client::Kind;
use switchboard_protocol::server::{
    Ack, Heads, Inbound, Message, Nack, NackCode, Page, Presence, ServerFrame, Welcome,
};
use switchboard_protocol::{ConversationId, MessageId, PlatformFrame, VERSION};

use super::Client;
use crate::connection::State;
use crate::io::{Change, Failure, Now, Output, SocketId, Stop, StoreOperation};
use switchboard_protocol::sorted::insert_by;

impl Client {
    pub(super) fn text(&mut self, now: Now, socket: SocketId, text: &str) {
        if !self.is_current(socket) {
            return;
        }
        self.heard(socket);
        let Some(session) = &self.session else { return };
        if !session.account.profile.is_own() {
            self.foreign(now, text);
            return;
        }
        match Inbound::parse(text) {
            Inbound::Frame(frame) => self.frame(now, socket, *frame),
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

    fn frame(&mut self, now: Now, socket: SocketId, frame: ServerFrame) {
        match frame {
            ServerFrame::Welcome(welcome) => self.welcome(now, socket, welcome),
            ServerFrame::Ack(ack) => self.acknowledged(now, ack),
            ServerFrame::Nack(nack) => self.nack(now, nack),
            ServerFrame::Message(message) => {
                if self
                    .session
                    .as_ref()
                    .is_some_and(|s| message.conv.includes(&s.account.user))
                {
                    self.receive(now, message);
                }
            }
            ServerFrame::Page(page) => self.page(now, page),
            // Pong 0 answers nothing: it carries what did not fit into `welcome`.
            ServerFrame::Pong(pong) => self.heads(now, pong.heads, pong.n > 0),
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
                self.sent_away(now, goaway.reconnect_in_ms.min(60_000));
            }
        }
    }

    fn acknowledged(&mut self, now: Now, ack: Ack) {
        let Some(session) = &self.session else { return };
        let text = session
            .outbox
            .of(&ack.conv)
            .find_map(|(pending, _)| (pending.id == ack.id).then(|| pending.text.clone()));
        if let Some(content) = text {
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
                    kind: Kind::Text,
                    content,
                    re: None,
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
        let conversation = page.conv.clone();
        let me = &session.account.user;
        let own: Vec<MessageId> = page
            .messages
            .iter()
            .filter(|m| m.from == *me)
            .map(|m| m.id.clone())
            .collect();
        if let Some(fresh) = timeline.page(page, now) {
            for id in own {
                self.confirm(&id);
            }
            self.announce(&conversation, fresh);
        }
    }

    fn welcome(&mut self, now: Now, socket: SocketId, welcome: Welcome) {
        let Some(session) = &mut self.session else {
            return;
        };
        if !matches!(session.connection.state, State::Greeting { rid, .. } if rid == welcome.rid) {
            return;
        }
        if welcome.min_version > VERSION {
            session.connection.state = State::Stopped(Stop::Outdated);
            self.outputs.push_back(Output::Disconnect(socket));
            self.changed(Change::Status);
            return;
        }
        session.connection.is_up(now, socket);
        session.connection_id = Some(welcome.connection.to_string());
        if session
            .epoch
            .as_ref()
            .is_some_and(|epoch| *epoch != welcome.epoch)
        {
            for timeline in session.timelines.iter_mut().map(|(_, timeline)| timeline) {
                timeline.forget();
            }
        }
        session.epoch = Some(welcome.epoch);
        let again = std::mem::replace(&mut session.welcomed, true);
        self.changed(Change::Status);
        self.heads(now, welcome.heads, again);
    }

    /// Takes the server's word for how far each log goes. `news` tells that conversations not
    /// seen before are news, not history.
    fn heads(&mut self, now: Now, heads: Heads, news: bool) {
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
                .min(300_000);
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

    /// A log entry: pushed, or own and acknowledged. Both take the same path.
    fn receive(&mut self, now: Now, message: Message) {
        let Some(session) = &mut self.session else {
            return;
        };
        let conversation = message.conv.clone();
        let id = (message.from == session.account.user).then(|| message.id.clone());
        let known = session.timelines.contains_key(&conversation);
        let timeline = session.timelines.get_or_default(conversation.clone());
        let fresh = timeline.receive(message, now, &self.config);
        if !known {
            self.changed(Change::Conversations);
        }
        if let Some(id) = id {
            self.confirm(&id);
            self.changed(Change::Timeline(conversation.clone()));
        }
        self.announce(&conversation, fresh);
    }

    /// An own message is in the log: the outbox may forget it.
    pub(super) fn confirm(&mut self, id: &MessageId) {
        let Some(session) = &mut self.session else {
            return;
        };
        if session.outbox.take(id).is_some() {
            self.changed(Change::Status);
            self.persist(StoreOperation::Remove(id.clone()));
        }
    }

    fn announce(&mut self, conversation: &ConversationId, fresh: Vec<Message>) {
        self.changed(Change::Timeline(conversation.clone()));
        self.changed(Change::Conversations);
        let Some(session) = &self.session else { return };
        let news: Vec<MessageId> = fresh
            .into_iter()
            .filter(|m| m.from != session.account.user && m.kind == Kind::Text)
            .map(|m| m.id)
            .collect();
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
