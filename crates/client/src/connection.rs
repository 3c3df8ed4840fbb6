//! One socket at a time: opening, greeting, watching, giving up and trying again.
//!
//! It decides *when* and *whether*; [`crate::Client`] turns its decisions into outputs.

use crate::close_code::{Policy, policy};
use crate::config::Config;
use crate::io::{CloseInfo, Now, Phase, ReadyState, SocketId, Stop};
use crate::rng::Rng;

/// Where the connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Idle,
    Connecting {
        socket: SocketId,
        deadline: u64,
    },
    Greeting {
        socket: SocketId,
        rid: u64,
        deadline: u64,
    },
    Up {
        socket: SocketId,
        since: u64,
        /// When heads were last asked for: they come whatever else is heard, for a gap cannot
        /// reveal the loss of the last message.
        asked: u64,
        ping: Option<Ping>,
    },
    Waiting {
        at: u64,
    },
    /// The peer is closing; its close event tells the code.
    Closing {
        socket: SocketId,
        since: u64,
        deadline: u64,
    },
    Stopped(Stop),
}

/// An unanswered `ping`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ping {
    pub(crate) n: u64,
    pub(crate) deadline: u64,
    pub(crate) probe: bool,
}

/// What a due timer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    Nothing,
    Connect,
    /// The socket is dead or hung: detach it.
    GiveUp(SocketId),
    /// Send a ping and watch for its answer.
    Ping {
        probe: bool,
    },
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) state: State,
    pub(crate) attempt: u32,
    pub(crate) last_close: Option<(CloseInfo, u64)>,
    pub(crate) visible: bool,
    refusals: u32,
    protocol_errors: Vec<u64>,
    pings: u64,
}

impl Connection {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Idle,
            attempt: 0,
            last_close: None,
            visible: true,
            refusals: 0,
            protocol_errors: Vec::new(),
            pings: 0,
        }
    }

    pub(crate) fn socket(&self) -> Option<SocketId> {
        match self.state {
            State::Connecting { socket, .. }
            | State::Greeting { socket, .. }
            | State::Up { socket, .. }
            | State::Closing { socket, .. } => Some(socket),
            State::Idle | State::Waiting { .. } | State::Stopped(_) => None,
        }
    }

    /// The socket messages may be sent on.
    pub(crate) fn up(&self) -> Option<SocketId> {
        match self.state {
            State::Up { socket, .. } => Some(socket),
            _ => None,
        }
    }

    pub(crate) fn ready_state(&self) -> ReadyState {
        match self.state {
            State::Connecting { .. } => ReadyState::Connecting,
            State::Greeting { .. } | State::Up { .. } => ReadyState::Open,
            State::Closing { .. } => ReadyState::Closing,
            State::Idle | State::Waiting { .. } | State::Stopped(_) => ReadyState::Closed,
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.state {
            State::Idle => Phase::SignedOut,
            State::Connecting { .. } => Phase::Connecting,
            State::Greeting { .. } => Phase::Greeting,
            State::Up { .. } => Phase::Up,
            State::Closing { .. } => Phase::Closing,
            State::Waiting { at } => Phase::Waiting { retry_at: at },
            State::Stopped(stop) => Phase::Stopped(stop),
        }
    }

    pub(crate) fn connecting(&mut self, now: Now, socket: SocketId, config: &Config) {
        self.state = State::Connecting {
            socket,
            deadline: now.mono + config.connect,
        };
    }

    pub(crate) fn greeting(&mut self, now: Now, socket: SocketId, rid: u64, config: &Config) {
        self.state = State::Greeting {
            socket,
            rid,
            deadline: now.mono + config.hello,
        };
    }

    pub(crate) fn is_up(&mut self, now: Now, socket: SocketId) {
        self.refusals = 0;
        self.state = State::Up {
            socket,
            since: now.mono,
            asked: now.mono,
            ping: None,
        };
    }

    /// The peer is closing: wait a moment for the code.
    pub(crate) fn closing(&mut self, now: Now, config: &Config) {
        let since = match self.state {
            State::Up { since, .. } => since,
            State::Connecting { .. } | State::Greeting { .. } => now.mono,
            _ => return,
        };
        if let Some(socket) = self.socket() {
            self.state = State::Closing {
                socket,
                since,
                deadline: now.mono + config.closing,
            };
        }
    }

    /// Anything received proves the connection alive, whatever it says.
    pub(crate) fn heard(&mut self) {
        if let State::Up { ping, .. } = &mut self.state {
            *ping = None;
        }
    }

    /// A ping was asked for: remembers it and returns its number.
    pub(crate) fn ping(&mut self, now: Now, probe: bool, config: &Config) -> u64 {
        self.pings += 1;
        let n = self.pings;
        if let State::Up { ping, asked, .. } = &mut self.state {
            let deadline = now.mono + if probe { config.probe } else { config.pong };
            // A further probe must not put off the end of one that is still unanswered.
            let running = ping.filter(|ping| ping.deadline > now.mono);
            *asked = now.mono;
            *ping = Some(Ping {
                n,
                deadline: running.map_or(deadline, |ping| ping.deadline.min(deadline)),
                probe,
            });
        }
        n
    }

    /// The socket is gone; decides when to come back.
    pub(crate) fn lost(&mut self, now: Now, close: CloseInfo, config: &Config, rng: &mut Rng) {
        self.count_success(now, config);
        let decision = policy(close.code);
        self.last_close = Some((close, now.wall));
        self.state = match decision {
            Policy::Soon => {
                self.attempt = self.attempt.saturating_add(1);
                let wait = if self.attempt > 1 {
                    self.backoff(config, rng)
                } else {
                    rng.up_to(1_000)
                };
                State::Waiting {
                    at: now.mono + wait,
                }
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
            Policy::Refused => {
                self.refusals += 1;
                if self.refusals > 1 {
                    State::Stopped(Stop::Forbidden)
                } else {
                    self.retry(now, 0, config, rng)
                }
            }
            Policy::Stop(stop) => State::Stopped(stop),
        };
    }

    /// The server asks to come back in about `wait` ms; backs off while it keeps asking.
    pub(crate) fn sent_away(&mut self, now: Now, wait: u64, config: &Config, rng: &mut Rng) {
        self.count_success(now, config);
        self.state = self.retry(now, rng.up_to(wait), config, rng);
    }

    /// Enough time up makes the next failure the first.
    fn count_success(&mut self, now: Now, config: &Config) {
        if let State::Up { since, .. } | State::Closing { since, .. } = self.state
            && now.mono.saturating_sub(since) >= config.stable
        {
            self.attempt = 0;
        }
    }

    fn retry(&mut self, now: Now, floor: u64, config: &Config, rng: &mut Rng) -> State {
        let wait = self.backoff(config, rng).max(floor);
        self.attempt = self.attempt.saturating_add(1);
        State::Waiting {
            at: now.mono + wait,
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

    /// When [`Connection::due`] next has something to say.
    pub(crate) fn deadline(&self, config: &Config, talks: bool) -> Option<u64> {
        match &self.state {
            State::Connecting { deadline, .. }
            | State::Greeting { deadline, .. }
            | State::Closing { deadline, .. } => Some(*deadline),
            State::Up {
                ping: Some(ping), ..
            } => Some(ping.deadline),
            State::Up { asked, .. } => talks.then(|| asked + self.silence(config)),
            State::Waiting { at } => Some(*at),
            State::Idle | State::Stopped(_) => None,
        }
    }

    fn silence(&self, config: &Config) -> u64 {
        if self.visible {
            config.ping_visible
        } else {
            config.ping_hidden
        }
    }

    /// What the time asks for. `talks` tells whether the backend answers pings.
    pub(crate) fn due(&self, now: Now, config: &Config, talks: bool) -> Due {
        let Some(deadline) = self.deadline(config, talks) else {
            return Due::Nothing;
        };
        if now.mono < deadline {
            return Due::Nothing;
        }
        match &self.state {
            State::Waiting { .. } => Due::Connect,
            State::Connecting { socket, .. }
            | State::Greeting { socket, .. }
            | State::Closing { socket, .. } => Due::GiveUp(*socket),
            State::Up {
                socket,
                ping: Some(ping),
                ..
            } => {
                // A late timer may stand before queued frames (measured in Chromium): ask once more.
                if now.mono - deadline > config.late && !ping.probe {
                    Due::Ping { probe: true }
                } else {
                    Due::GiveUp(*socket)
                }
            }
            State::Up { ping: None, .. } => Due::Ping { probe: false },
            State::Idle | State::Stopped(_) => Due::Nothing,
        }
    }
}
