//! What arrives in Switchboard's own frames.

use switchboard_protocol::server::{Inbound, Nack, NackCode, Presence, ServerFrame, Welcome};
use switchboard_protocol::{PlatformFrame, VERSION};

use super::Client;
use crate::connection::{Role, Step};
use crate::io::{Change, Failure, Now, SocketId, Stop};
use crate::mutant::Mutant;
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

    fn nack(&mut self, now: Now, nack: Nack) {
        let Some(id) = nack.id else { return };
        let wait = nack.retry.then(|| {
            nack.retry_after_ms
                .unwrap_or_else(|| 500 + self.rng.up_to(1_000))
                .clamp(500, 300_000)
        });
        let Some(session) = &mut self.session else {
            return;
        };
        if let Some(conversation) = session.outbox.untell(&id) {
            let timeline = session.timeline(conversation);
            match wait {
                Some(wait) => timeline.tell_later(now.mono + wait),
                None => timeline.keep_untold(),
            }
            return;
        }
        if let Some(wait) = wait {
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
