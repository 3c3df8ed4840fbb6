//! The sockets: tickets, opening, greeting, losing and replacing them.

use switchboard_protocol::client::{ClientFrame, Hello, Ping};
use switchboard_protocol::{ConversationId, MessageId, VERSION};

use super::Client;
use super::frame::frame;
use crate::close_code::{Policy, policy};
use crate::connection::{Due, Role, Start, State, Step};
use crate::io::{
    AttemptId, Change, CloseInfo, Failure, Now, OpenError, Output, SocketId, Stop, TicketAnswer,
};

/// Above this many bytes, a frame in flight is taken for the cause of a 1009 close.
const SUSPECT_BYTES: usize = 28 * 1024;

impl Client {
    /// Begins an attempt: the first socket's, or that of the active one's successor.
    pub(super) fn connect(&mut self, now: Now) {
        let Some(session) = &mut self.session else {
            return;
        };
        match session.account.tickets.clone() {
            Some(url) => {
                self.attempts += 1;
                let attempt = AttemptId(self.attempts);
                session
                    .connection
                    .begin(Start::ticket(now, attempt, &self.config));
                self.outputs.push_back(Output::FetchTicket(attempt, url));
                self.changed(Change::Status);
            }
            None => self.open_socket(now, None),
        }
    }

    fn open_socket(&mut self, now: Now, ticket: Option<&str>) {
        let Some(session) = &mut self.session else {
            return;
        };
        self.sockets += 1;
        let socket = SocketId(self.sockets);
        session
            .connection
            .begin(Start::connecting(now, socket, &self.config));
        let url = session.account.url(ticket);
        self.outputs.push_back(Output::Connect(socket, url));
        self.changed(Change::Status);
    }

    pub(super) fn ticket(&mut self, now: Now, attempt: AttemptId, answer: TicketAnswer) {
        let Some(session) = &mut self.session else {
            return;
        };
        let awaited = session
            .connection
            .starting()
            .is_some_and(|start| start.step == Step::Ticket(attempt));
        if !awaited {
            return;
        }
        let first = session.connection.up().is_none();
        // Beside an active socket it is not why there is none.
        if first && let TicketAnswer::Refused { status, .. } = answer {
            session.connection.ticket_refusal = Some(status);
        }
        match answer {
            TicketAnswer::Granted(ticket) => self.open_socket(now, Some(&ticket)),
            // Beside an active socket a refusal ends nothing: that one goes on as long as it may.
            TicketAnswer::Refused { status: 401, .. } if first => self.stop(Stop::SignIn),
            TicketAnswer::Refused { status: 403, .. } if first => self.stop(Stop::Forbidden),
            TicketAnswer::Refused { retry_after, .. } => {
                self.start_failed(now, retry_after.unwrap_or(0).min(600_000));
            }
            TicketAnswer::Unreachable => self.start_failed(now, 0),
        }
    }

    pub(super) fn role(&self, socket: SocketId) -> Option<Role> {
        self.session.as_ref()?.connection.role(socket)
    }

    pub(super) fn opened(&mut self, now: Now, socket: SocketId) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(start) = session.connection.starting() else {
            return;
        };
        if start.step != Step::Connecting(socket) {
            return;
        }
        if session.account.profile.is_own() {
            self.requests += 1;
            let rid = self.requests;
            *start = Start::greeting(now, socket, rid, &self.config);
            let hello = ClientFrame::Hello(Hello {
                v: VERSION,
                rid,
                device: session.account.device.clone(),
                tab: session.account.tab.clone(),
            });
            self.transmit(socket, &hello);
        } else {
            session
                .connection
                .is_up(now, socket, &self.config, &mut self.rng);
        }
        self.changed(Change::Status);
    }

    /// The server knows us on `socket`: messages flow there, and its predecessor drains.
    pub(super) fn promote(&mut self, now: Now, socket: SocketId) {
        let Some(session) = &mut self.session else {
            return;
        };
        if session.connection.up().is_some() {
            self.requeue();
        }
        if let Some(session) = &mut self.session {
            let surplus = session
                .connection
                .is_up(now, socket, &self.config, &mut self.rng);
            self.outputs.extend(surplus.map(Output::Disconnect));
        }
        self.changed(Change::Status);
    }

    pub(super) fn open_failed(&mut self, now: Now, socket: SocketId, error: OpenError) {
        match (self.role(socket), error) {
            (None, _) => {}
            (Some(Role::Only), OpenError::BadUrl) => self.stop(Stop::BadUrl),
            (Some(_), OpenError::BadUrl | OpenError::Refused) => {
                self.closed(now, socket, no_close());
            }
        }
    }

    pub(super) fn closing(&mut self, now: Now, socket: SocketId) {
        match self.role(socket) {
            Some(Role::Active | Role::Only) => {
                let Some(session) = &mut self.session else {
                    return;
                };
                // What is in flight stays so: the close code may blame it.
                session.connection.closing(now, &self.config);
                self.changed(Change::Status);
            }
            // Their close events follow, or their deadlines.
            Some(Role::Candidate | Role::Draining) | None => {}
        }
    }

    pub(super) fn closed(&mut self, now: Now, socket: SocketId, close: CloseInfo) {
        match self.role(socket) {
            Some(Role::Active | Role::Only) => self.lost(now, close),
            Some(Role::Candidate) => self.start_failed(now, 0),
            Some(Role::Draining) => {
                if let Some(session) = &mut self.session {
                    session.connection.drained();
                }
            }
            None => {}
        }
    }

    /// The attempt under way has failed; its socket, if it had one, is let go of.
    fn start_failed(&mut self, now: Now, floor: u64) {
        let Some(session) = &mut self.session else {
            return;
        };
        if let Some(socket) = session.connection.starting().and_then(|s| s.socket()) {
            self.outputs.push_back(Output::Disconnect(socket));
        }
        session
            .connection
            .start_failed(now, floor, &self.config, &mut self.rng);
        self.changed(Change::Status);
    }

    /// The active or only socket is gone.
    pub(super) fn lost(&mut self, now: Now, close: CloseInfo) {
        let decision = policy(close.code);
        let Some(session) = &mut self.session else {
            return;
        };
        if let Policy::Stop(stop) = decision {
            session.connection.last_close = Some((close, now.wall));
            self.stop(stop);
            return;
        }
        if decision == Policy::TooLarge {
            let suspects: Vec<MessageId> = session
                .outbox
                .in_flight()
                .filter(|pending| frame(&session.account, &pending.draft()).len() > SUSPECT_BYTES)
                .map(|pending| pending.id.clone())
                .collect();
            if suspects.is_empty() {
                // Then the answer to one of our requests was too large.
                session.page = (session.page / 2).max(1);
            }
            for id in suspects {
                self.fail(&id, Failure::TooLarge);
            }
        }
        self.let_go();
        if let Some(session) = &mut self.session {
            session
                .connection
                .lost(now, close, &self.config, &mut self.rng);
            if matches!(session.connection.state, State::Stopped(_)) {
                self.disconnect_all();
            }
        }
    }

    /// Trying again by itself cannot help.
    pub(super) fn stop(&mut self, stop: Stop) {
        self.disconnect_all();
        self.let_go();
        if let Some(session) = &mut self.session {
            session.connection.state = State::Stopped(stop);
        }
    }

    /// Lets go of every socket without waiting for close events.
    pub(super) fn disconnect_all(&mut self) {
        if let Some(session) = &mut self.session {
            let sockets = session.connection.take_sockets();
            self.outputs
                .extend(sockets.into_iter().map(Output::Disconnect));
        }
    }

    pub(super) fn try_now(&mut self, now: Now) {
        let waits = self.session.as_ref().is_some_and(|s| {
            matches!(
                s.connection.state,
                State::Waiting { .. } | State::Stopped(_)
            )
        });
        if waits {
            self.connect(now);
        }
    }

    /// The server asks to come back in about `wait` ms.
    pub(super) fn goaway(&mut self, now: Now, socket: SocketId, wait: u64) {
        match self.role(socket) {
            Some(Role::Active) => {
                let wait = self.rng.up_to(wait);
                if let Some(up) = self.up_mut() {
                    up.change(now, wait);
                }
            }
            Some(Role::Only) => {
                self.let_go();
                if let Some(session) = &mut self.session {
                    session
                        .connection
                        .sent_away(now, wait, &self.config, &mut self.rng);
                }
                self.outputs.push_back(Output::Disconnect(socket));
            }
            Some(Role::Candidate) => self.start_failed(now, wait),
            Some(Role::Draining) | None => {}
        }
    }

    /// Forgets what depends on the active socket.
    pub(super) fn let_go(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        session.connection_id = None;
        session.echoed_by = None;
        session.online.clear();
        self.requeue();
        self.changed(Change::Status);
        self.changed(Change::Presence);
    }

    /// What was under way on the active socket has to be sent again on another.
    fn requeue(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        session.outbox.requeue();
        for (_, timeline) in session.timelines.iter_mut() {
            timeline.disconnected();
        }
        let touched: Vec<ConversationId> = session.outbox.conversations().cloned().collect();
        for conversation in touched {
            self.changed(Change::Timeline(conversation));
        }
    }

    pub(super) fn ping(&mut self, now: Now, probe: bool) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(socket) = session.connection.up().map(|up| up.socket) else {
            return;
        };
        if session.account.profile.is_own() {
            let n = session.connection.ping(now, probe, &self.config);
            self.transmit(
                socket,
                &ClientFrame::Ping(Ping {
                    n,
                    heads_for: Vec::new(),
                }),
            );
        }
    }

    /// What the time asks for.
    pub(super) fn due(&mut self, now: Now) {
        loop {
            let Some(session) = &mut self.session else {
                return;
            };
            let own = session.account.profile.is_own();
            match session.connection.due(now, &self.config, own) {
                Due::Nothing => break,
                Due::Connect | Due::Change => self.connect(now),
                Due::Ping { probe } => self.ping(now, probe),
                Due::Drained(socket) => self.outputs.push_back(Output::Disconnect(socket)),
                Due::GiveUp(socket) => {
                    self.outputs.push_back(Output::Disconnect(socket));
                    self.lost(now, no_close());
                }
                Due::GiveUpStart => {
                    if session.connection.up().is_none() {
                        session.connection.last_close = Some((no_close(), now.wall));
                    }
                    self.start_failed(now, 0);
                }
            }
        }
        self.outbox_due(now);
    }
}

/// A socket that ended without a close frame.
pub(super) fn no_close() -> CloseInfo {
    CloseInfo {
        code: 1006,
        ..CloseInfo::default()
    }
}
