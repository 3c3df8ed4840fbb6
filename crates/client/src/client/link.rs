//! The socket: opening, greeting, hints of the browser, due timers.

use switchboard_protocol::client::{ClientFrame, Hello, Ping};
use switchboard_protocol::{ConversationId, MessageId, VERSION};

use super::Client;
use super::sending::frame;
use crate::close_code::{Policy, policy};
use crate::connection::{Due, State};
use crate::io::{Change, CloseInfo, Failure, Lifecycle, Now, OpenError, Output, SocketId, Stop};

/// Above this many bytes, a frame in flight is taken for the cause of a 1009 close.
const SUSPECT_BYTES: usize = 28 * 1024;

impl Client {
    pub(super) fn connect(&mut self, now: Now) {
        let Some(session) = &mut self.session else {
            return;
        };
        self.sockets += 1;
        let socket = SocketId(self.sockets);
        session.connection.connecting(now, socket, &self.config);
        let url = session.account.url(None);
        self.outputs.push_back(Output::Connect(socket, url));
        self.changed(Change::Status);
    }

    pub(super) fn is_current(&self, socket: SocketId) -> bool {
        self.session
            .as_ref()
            .is_some_and(|s| s.connection.socket() == Some(socket))
    }

    pub(super) fn opened(&mut self, now: Now, socket: SocketId) {
        let Some(session) = &mut self.session else {
            return;
        };
        if !matches!(session.connection.state, State::Connecting { socket: s, .. } if s == socket) {
            return;
        }
        if session.account.profile.is_own() {
            self.requests += 1;
            let hello = ClientFrame::Hello(Hello {
                v: VERSION,
                rid: self.requests,
                device: session.account.device.clone(),
                tab: session.account.tab.clone(),
            });
            session
                .connection
                .greeting(now, socket, self.requests, &self.config);
            self.transmit(socket, &hello);
        } else {
            session.connection.is_up(now, socket);
        }
        self.changed(Change::Status);
    }

    pub(super) fn open_failed(&mut self, now: Now, socket: SocketId, error: OpenError) {
        if !self.is_current(socket) {
            return;
        }
        match (error, &mut self.session) {
            (OpenError::BadUrl, Some(session)) => {
                session.connection.state = State::Stopped(Stop::BadUrl);
                self.changed(Change::Status);
            }
            (OpenError::Refused, _) | (_, None) => self.lost(
                now,
                CloseInfo {
                    code: 1006,
                    ..CloseInfo::default()
                },
            ),
        }
    }

    pub(super) fn closing(&mut self, now: Now, socket: SocketId) {
        if self.is_current(socket)
            && let Some(session) = &mut self.session
        {
            // What is in flight stays so: the close code may blame it.
            session.connection.closing(now, &self.config);
            self.changed(Change::Status);
        }
    }

    pub(super) fn closed(&mut self, now: Now, socket: SocketId, close: CloseInfo) {
        if self.is_current(socket) {
            self.lost(now, close);
        }
    }

    /// The socket in use is gone.
    pub(super) fn lost(&mut self, now: Now, close: CloseInfo) {
        let Some(session) = &mut self.session else {
            return;
        };
        let too_large = policy(close.code) == Policy::TooLarge;
        let suspects: Vec<MessageId> = session
            .outbox
            .in_flight()
            .filter(|pending| too_large && frame(&session.account, pending).len() > SUSPECT_BYTES)
            .map(|pending| pending.id.clone())
            .collect();
        for id in suspects {
            self.fail(&id, Failure::TooLarge);
        }
        self.let_go();
        if let Some(session) = &mut self.session {
            session
                .connection
                .lost(now, close, &self.config, &mut self.rng);
        }
    }

    pub(super) fn heard(&mut self, socket: SocketId) {
        if self.is_current(socket)
            && let Some(session) = &mut self.session
        {
            session.connection.heard();
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

    pub(super) fn lifecycle(&mut self, now: Now, event: Lifecycle) {
        let Some(session) = &mut self.session else {
            return;
        };
        match event {
            Lifecycle::Visible | Lifecycle::PageShow => session.connection.visible = true,
            Lifecycle::Hidden => session.connection.visible = false,
            Lifecycle::Online
            | Lifecycle::Offline
            | Lifecycle::PageHide
            | Lifecycle::Freeze
            | Lifecycle::Resume => {}
        }
        let waiting = matches!(session.connection.state, State::Waiting { .. });
        match event {
            Lifecycle::Online if waiting => {
                session.connection.attempt = 0;
                session.connection.state = State::Waiting {
                    at: now.mono + self.rng.up_to(1_000),
                };
                self.changed(Change::Status);
            }
            Lifecycle::Visible | Lifecycle::PageShow if waiting => self.connect(now),
            // `navigator.onLine` lies both ways: ask the server instead of believing it.
            Lifecycle::Online
            | Lifecycle::Offline
            | Lifecycle::Visible
            | Lifecycle::Resume
            | Lifecycle::PageShow => {
                self.ping(now, true);
            }
            Lifecycle::Hidden | Lifecycle::Freeze => {}
            Lifecycle::PageHide => {
                if let Some(socket) = session.connection.up()
                    && session.account.profile.is_own()
                {
                    self.transmit(socket, &ClientFrame::Bye);
                }
                // An open socket would keep the page out of the back/forward cache.
                self.leave(now.mono + 30_000);
            }
        }
    }

    /// Lets go of the socket without waiting for its close event; comes back at `at`.
    fn leave(&mut self, at: u64) {
        if let Some(socket) = self.let_go()
            && let Some(session) = &mut self.session
        {
            session.connection.state = State::Waiting { at };
            self.outputs.push_back(Output::Disconnect(socket));
        }
    }

    /// The server asks to come back in about `wait` ms.
    pub(super) fn sent_away(&mut self, now: Now, wait: u64) {
        if let Some(socket) = self.let_go()
            && let Some(session) = &mut self.session
        {
            session
                .connection
                .sent_away(now, wait, &self.config, &mut self.rng);
            self.outputs.push_back(Output::Disconnect(socket));
        }
    }

    /// Forgets what depends on the socket, if there is one.
    fn let_go(&mut self) -> Option<SocketId> {
        let session = self.session.as_mut()?;
        let socket = session.connection.socket()?;
        session.connection_id = None;
        session.echoed_by = None;
        session.online.clear();
        session.outbox.requeue();
        for (_, timeline) in session.timelines.iter_mut() {
            timeline.disconnected();
        }
        let touched: Vec<ConversationId> = session.outbox.conversations().cloned().collect();
        for conversation in touched {
            self.changed(Change::Timeline(conversation));
        }
        self.changed(Change::Status);
        self.changed(Change::Presence);
        Some(socket)
    }

    pub(super) fn ping(&mut self, now: Now, probe: bool) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(socket) = session.connection.up() else {
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
        let Some(session) = &mut self.session else {
            return;
        };
        let own = session.account.profile.is_own();
        match session.connection.due(now, &self.config, own) {
            Due::Nothing => {}
            Due::Connect => self.connect(now),
            Due::Ping { probe } => self.ping(now, probe),
            Due::GiveUp(socket) => {
                self.outputs.push_back(Output::Disconnect(socket));
                self.lost(
                    now,
                    CloseInfo {
                        code: 1006,
                        ..CloseInfo::default()
                    },
                );
            }
        }
        let Some(session) = &mut self.session else {
            return;
        };
        let overdue = session.outbox.overdue(now);
        let expired = session.outbox.expired(now, &self.config);
        let late = !overdue.is_empty();
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
}
