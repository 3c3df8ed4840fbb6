//! The sockets: one in use, one that is to replace it, one that drains. Opening, greeting,
//! watching, giving up, changing and trying again.
//!
//! It decides *when* and *whether*; [`crate::Client`] turns its decisions into outputs.

mod start;
mod up;

use crate::close_code::{Policy, policy};
use crate::config::Config;
use crate::io::{CloseInfo, Now, Phase, ReadyState, SocketId, Stop};
use crate::rng::Rng;

pub(crate) use start::{Start, Step};
pub(crate) use up::Up;

/// Where the connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Idle,
    Waiting {
        at: u64,
        /// The server asked not to come before; only the person may.
        not_before: u64,
    },
    Starting(Start),
    Up(Up),
    /// The peer is closing; its close event tells the code.
    Closing {
        socket: SocketId,
        since: u64,
        deadline: u64,
    },
    Stopped(Stop),
}

/// Which of the sockets one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The only one, and not up: opening, greeting or closing.
    Only,
    /// Up: messages are sent on it.
    Active,
    /// Opening or greeting beside the active one.
    Candidate,
    /// Replaced; what is still under way on it is heard.
    Draining,
}

/// What a due timer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    Nothing,
    Connect,
    /// Open the socket that is to replace the active one.
    Change,
    /// The attempt to get a socket up takes too long.
    GiveUpStart,
    /// The socket is dead: detach it.
    GiveUp(SocketId),
    /// Send a ping and watch for its answer.
    Ping {
        probe: bool,
    },
    /// The replaced socket has drained.
    Drained(SocketId),
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) state: State,
    draining: Option<(SocketId, u64)>,
    pub(crate) attempt: u32,
    pub(crate) last_close: Option<(CloseInfo, u64)>,
    pub(crate) ticket_refusal: Option<u16>,
    visible: bool,
    refusals: u32,
    protocol_errors: Vec<u64>,
    pings: u64,
}

impl Connection {
    pub(crate) fn new(visible: bool) -> Self {
        Self {
            state: State::Idle,
            draining: None,
            attempt: 0,
            last_close: None,
            ticket_refusal: None,
            visible,
            refusals: 0,
            protocol_errors: Vec::new(),
            pings: 0,
        }
    }

    pub(crate) fn role(&self, socket: SocketId) -> Option<Role> {
        let is = |other: Option<SocketId>| other == Some(socket);
        match &self.state {
            State::Starting(start) if is(start.socket()) => Some(Role::Only),
            State::Closing { socket: s, .. } if *s == socket => Some(Role::Only),
            State::Up(up) if up.socket == socket => Some(Role::Active),
            State::Up(up) if is(up.candidate.as_ref().and_then(Start::socket)) => {
                Some(Role::Candidate)
            }
            _ if is(self.draining.map(|(socket, _)| socket)) => Some(Role::Draining),
            _ => None,
        }
    }

    /// The attempt under way: the first socket's, or its successor's.
    pub(crate) fn starting(&mut self) -> Option<&mut Start> {
        match &mut self.state {
            State::Starting(start) => Some(start),
            State::Up(up) => up.candidate.as_mut(),
            State::Idle | State::Waiting { .. } | State::Closing { .. } | State::Stopped(_) => None,
        }
    }

    /// Every socket there is; forgets them.
    pub(crate) fn take_sockets(&mut self) -> Vec<SocketId> {
        let mut sockets = Vec::new();
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Starting(start) => sockets.extend(start.socket()),
            State::Closing { socket, .. } => sockets.push(socket),
            State::Up(up) => {
                sockets.push(up.socket);
                sockets.extend(up.candidate.as_ref().and_then(Start::socket));
            }
            kept @ (State::Idle | State::Waiting { .. } | State::Stopped(_)) => self.state = kept,
        }
        sockets.extend(self.draining.take().map(|(socket, _)| socket));
        sockets
    }

    pub(crate) fn up(&self) -> Option<&Up> {
        match &self.state {
            State::Up(up) => Some(up),
            _ => None,
        }
    }

    /// Whether frames can be handed to an active socket.
    pub(crate) fn flows(&self) -> bool {
        self.up().is_some_and(Up::flows)
    }

    pub(crate) fn up_mut(&mut self) -> Option<&mut Up> {
        match &mut self.state {
            State::Up(up) => Some(up),
            _ => None,
        }
    }

    pub(crate) fn ready_state(&self) -> ReadyState {
        match &self.state {
            State::Starting(start) => match start.step {
                Step::Ticket(_) => ReadyState::Closed,
                Step::Connecting(_) => ReadyState::Connecting,
                Step::Greeting { .. } => ReadyState::Open,
            },
            State::Up(_) => ReadyState::Open,
            State::Closing { .. } => ReadyState::Closing,
            State::Idle | State::Waiting { .. } | State::Stopped(_) => ReadyState::Closed,
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        match &self.state {
            State::Idle => Phase::SignedOut,
            State::Starting(start) => match start.step {
                Step::Ticket(_) => Phase::Ticket,
                Step::Connecting(_) => Phase::Connecting,
                Step::Greeting { .. } => Phase::Greeting,
            },
            State::Up(_) => Phase::Up,
            State::Closing { .. } => Phase::Closing,
            State::Waiting { at, .. } => Phase::Waiting { retry_at: *at },
            State::Stopped(stop) => Phase::Stopped(*stop),
        }
    }

    /// An attempt begins, beside the active socket where there is one.
    pub(crate) fn begin(&mut self, start: Start) {
        self.ticket_refusal = None;
        match &mut self.state {
            State::Up(up) => up.candidate = Some(start),
            _ => self.state = State::Starting(start),
        }
    }

    /// Messages flow on `socket` from now on. Returns a socket that has to go at once to make
    /// room for the one that is replaced.
    pub(crate) fn is_up(
        &mut self,
        now: Now,
        socket: SocketId,
        config: &Config,
        rng: &mut Rng,
    ) -> Option<SocketId> {
        let opened = self.starting().map_or(now.mono, |start| start.opened);
        let old = self.up().map(|up| up.socket);
        let mut surplus = None;
        if let Some(old) = old {
            let drained = (old, now.mono.saturating_add(config.drain));
            surplus = self.draining.replace(drained).map(|(socket, _)| socket);
        }
        self.state = State::Up(Up::new(socket, now, opened, config, rng));
        surplus
    }

    /// The peer is closing the active or only socket: wait a moment for the code.
    pub(crate) fn closing(&mut self, now: Now, config: &Config) {
        let deadline = now.mono + config.closing;
        let (socket, since) = match &mut self.state {
            // Its successor is on the way, and goes on.
            State::Up(up) if up.candidate.is_some() => {
                up.closing(deadline);
                return;
            }
            State::Up(up) => (up.socket, up.since),
            State::Starting(start) => match start.socket() {
                Some(socket) => (socket, now.mono),
                None => return,
            },
            State::Idle | State::Waiting { .. } | State::Closing { .. } | State::Stopped(_) => {
                return;
            }
        };
        self.state = State::Closing {
            socket,
            since,
            deadline,
        };
    }

    pub(crate) fn set_visible(&mut self, visible: bool) {
        self.visible = visible;
    }

    /// A ping was asked for: remembers it and returns its number.
    pub(crate) fn ping(&mut self, now: Now, probe: bool, config: &Config) -> u64 {
        self.pings += 1;
        if let State::Up(up) = &mut self.state {
            up.pinged(now, self.pings, probe, config);
        }
        self.pings
    }

    /// The active or only socket is gone; decides how to go on.
    pub(crate) fn lost(&mut self, now: Now, close: CloseInfo, config: &Config, rng: &mut Rng) {
        self.count_success(now, config);
        let decision = policy(close.code);
        self.last_close = Some((close, now.wall));
        let candidate = match &mut self.state {
            State::Up(up) => up.candidate.take(),
            _ => None,
        };
        if let Some(start) = candidate {
            // Its successor is on the way: no third socket.
            self.state = State::Starting(start);
            return;
        }
        self.state = match decision {
            Policy::Soon => {
                self.attempt = self.attempt.saturating_add(1);
                let wait = if self.attempt > 1 {
                    self.backoff(config, rng)
                } else {
                    rng.up_to(1_000)
                };
                waiting(now, wait)
            }
            Policy::Backoff { at_least, floor } => {
                self.attempt = self.attempt.max(at_least);
                self.retry(now, floor, config, rng)
            }
            Policy::TooLarge => self.retry(now, 0, config, rng),
            Policy::Protocol => {
                self.protocol_errors
                    .retain(|at| now.mono.saturating_sub(*at) < 600_000);
                self.protocol_errors.push(now.mono);
                if self.protocol_errors.len() >= 3 {
                    State::Stopped(Stop::Protocol)
                } else {
                    self.retry(now, 0, config, rng)
                }
            }
            Policy::Refused(stop) => {
                self.refusals += 1;
                if self.refusals > 1 {
                    State::Stopped(stop)
                } else {
                    self.retry(now, 0, config, rng)
                }
            }
            Policy::Stop(stop) => State::Stopped(stop),
        };
    }

    /// The attempt under way has failed. `floor` is how long the server asks to stay away.
    pub(crate) fn start_failed(&mut self, now: Now, floor: u64, config: &Config, rng: &mut Rng) {
        match &mut self.state {
            State::Up(up) => {
                up.candidate = None;
                let urgent = up.urgent;
                self.attempt = self.attempt.saturating_add(1);
                let wait = if urgent {
                    self.backoff(config, rng)
                } else {
                    config.change_retry
                };
                if let State::Up(up) = &mut self.state {
                    up.change_at = now.mono + wait.max(floor);
                }
            }
            State::Starting(_) => self.state = self.retry(now, floor, config, rng),
            State::Idle | State::Waiting { .. } | State::Closing { .. } | State::Stopped(_) => {}
        }
    }

    /// The server asks to come back in about `wait` ms; backs off while it keeps asking.
    pub(crate) fn sent_away(&mut self, now: Now, wait: u64, config: &Config, rng: &mut Rng) {
        self.count_success(now, config);
        self.state = self.retry(now, rng.up_to(wait), config, rng);
    }

    /// Enough time up makes the next failure the first.
    fn count_success(&mut self, now: Now, config: &Config) {
        let since = match &self.state {
            State::Up(up) => up.since,
            State::Closing { since, .. } => *since,
            _ => return,
        };
        if now.mono.saturating_sub(since) >= config.stable {
            self.attempt = 0;
            self.refusals = 0;
        }
    }

    fn retry(&mut self, now: Now, floor: u64, config: &Config, rng: &mut Rng) -> State {
        let wait = self.backoff(config, rng).max(floor);
        self.attempt = self.attempt.saturating_add(1);
        State::Waiting {
            at: now.mono + wait,
            not_before: now.mono + floor,
        }
    }

    /// Full jitter: a floor and a random part that doubles up to the cap.
    fn backoff(&self, config: &Config, rng: &mut Rng) -> u64 {
        let ceiling = config
            .backoff_base
            .saturating_mul(1 << self.attempt.min(16))
            .min(config.backoff_cap);
        config.backoff_floor + rng.up_to(ceiling)
    }

    /// When [`Connection::due`] next has something to say. `talks` tells whether the backend
    /// answers pings.
    pub(crate) fn deadline(&self, config: &Config, talks: bool) -> Option<u64> {
        let state = match &self.state {
            State::Starting(start) => Some(start.deadline),
            State::Closing { deadline, .. } => Some(*deadline),
            State::Waiting { at, .. } => Some(*at),
            State::Up(up) => up.deadline(self.silence(config), config, talks),
            State::Idle | State::Stopped(_) => None,
        };
        let drained = self.draining.map(|(_, until)| until);
        [state, drained].into_iter().flatten().min()
    }

    fn silence(&self, config: &Config) -> u64 {
        if self.visible {
            config.ping_visible
        } else {
            config.ping_hidden
        }
    }

    /// What the time asks for; ask again until it is nothing.
    pub(crate) fn due(&mut self, now: Now, config: &Config, talks: bool) -> Due {
        if let Some((socket, until)) = self.draining
            && until <= now.mono
        {
            self.draining = None;
            return Due::Drained(socket);
        }
        let silence = self.silence(config);
        match &mut self.state {
            State::Waiting { at, .. } if *at <= now.mono => Due::Connect,
            State::Starting(start) => {
                if start.expired(now, config) {
                    Due::GiveUpStart
                } else {
                    Due::Nothing
                }
            }
            State::Closing {
                socket, deadline, ..
            } if *deadline <= now.mono => Due::GiveUp(*socket),
            State::Up(up) => up.due(now, silence, config, talks),
            _ => Due::Nothing,
        }
    }

    /// Forgets the draining socket, which is closed or is to be.
    pub(crate) fn drained(&mut self) -> Option<SocketId> {
        self.draining.take().map(|(socket, _)| socket)
    }

    /// At most one socket in each role, and no two alike.
    pub(crate) fn invariants(&self) -> Result<(), &'static str> {
        let mut sockets = Vec::with_capacity(3);
        match &self.state {
            State::Starting(start) => sockets.extend(start.socket()),
            State::Closing { socket, .. } => sockets.push(*socket),
            State::Up(up) => {
                sockets.push(up.socket);
                sockets.extend(up.candidate.as_ref().and_then(Start::socket));
            }
            State::Idle | State::Waiting { .. } | State::Stopped(_) => {}
        }
        sockets.extend(self.draining.map(|(socket, _)| socket));
        let unlike = sockets
            .iter()
            .enumerate()
            .all(|(at, socket)| !sockets[at + 1..].contains(socket));
        if unlike {
            Ok(())
        } else {
            Err("one socket has two roles")
        }
    }
}

fn waiting(now: Now, wait: u64) -> State {
    State::Waiting {
        at: now.mono + wait,
        not_before: 0,
    }
}
