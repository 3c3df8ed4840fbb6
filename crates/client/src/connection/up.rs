//! A connection on which messages flow: pings, backpressure, and its planned replacement.

use super::{Due, Start};
use crate::config::Config;
use crate::io::{Now, SocketId};
use crate::mutant::Mutant;
use crate::rng::Rng;

/// An unanswered `ping`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ping {
    n: u64,
    deadline: u64,
    /// Something came meanwhile, though no answer.
    heard: bool,
    /// The one before it was not answered either.
    again: bool,
}

/// The browser holds more unsent bytes than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stall {
    bytes: u32,
    /// When it last shrank.
    since: u64,
    look_at: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Up {
    pub(crate) socket: SocketId,
    /// When it was welcomed.
    pub(crate) since: u64,
    /// When heads were last asked for: they come whatever else is heard, for a gap cannot
    /// reveal the loss of the last message.
    asked: u64,
    ping: Option<Ping>,
    stall: Option<Stall>,
    /// The peer closes the socket; waited for until then.
    closing: Option<u64>,
    /// Frames in a row that nobody understands.
    junk: u32,
    /// When the successor is to be opened.
    pub(crate) change_at: u64,
    /// The server asked for the change.
    pub(crate) urgent: bool,
    pub(crate) candidate: Option<Start>,
}

impl Up {
    pub(super) fn new(
        socket: SocketId,
        now: Now,
        opened: u64,
        config: &Config,
        rng: &mut Rng,
    ) -> Self {
        let (least, most) = config.change;
        let age = least.saturating_add(rng.up_to(most.saturating_sub(least)));
        Self {
            socket,
            since: now.mono,
            asked: now.mono,
            ping: None,
            stall: None,
            closing: None,
            junk: 0,
            change_at: opened.saturating_add(age),
            urgent: false,
            candidate: None,
        }
    }

    /// A frame we understand proves that the server reaches us.
    pub(crate) fn heard(&mut self) {
        self.junk = 0;
        if let Some(ping) = &mut self.ping {
            ping.heard = true;
        }
    }

    /// The pong of ping `n` proves that we reach the server, too. An older one may have stood in a
    /// queue for as long as the page slept.
    pub(crate) fn answered(&mut self, n: u64) {
        self.ping = self.ping.filter(|ping| n < ping.n);
    }

    /// The peer is closing the socket; until then its code may come.
    pub(crate) fn closing(&mut self, until: u64) {
        self.closing.get_or_insert(until);
    }

    /// A frame nobody understands proves nothing; tells whether it is time to ask.
    pub(crate) fn junk(&mut self, config: &Config) -> bool {
        self.junk += 1;
        if self.junk < config.junk {
            return false;
        }
        self.junk = 0;
        true
    }

    pub(super) fn pinged(&mut self, now: Now, n: u64, probe: bool, config: &Config) {
        let deadline = now
            .mono
            .saturating_add(if probe { config.probe } else { config.pong });
        self.asked = now.mono;
        self.ping = Some(match self.ping {
            // A further probe must not put off the end of one that is still unanswered.
            Some(running) if running.deadline > now.mono => Ping {
                n,
                deadline: running.deadline.min(deadline),
                ..running
            },
            before => Ping {
                n,
                deadline,
                heard: false,
                again: before.is_some(),
            },
        });
    }

    /// `bufferedAmount` is this now.
    pub(crate) fn buffered(&mut self, now: Now, bytes: u32, config: &Config) {
        if bytes <= config.buffered {
            if self.stall.take().is_some()
                && let Some(ping) = &mut self.ping
            {
                // It stood behind those bytes.
                ping.deadline = now.mono + config.pong;
            }
            return;
        }
        let since = match self.stall {
            Some(stall) if bytes >= stall.bytes => stall.since,
            _ => now.mono,
        };
        self.stall = Some(Stall {
            bytes,
            since,
            look_at: now.mono + config.look,
        });
    }

    /// Whether frames can be handed to the socket: it is not closing, and the browser does not
    /// hold too many yet.
    pub(crate) fn flows(&self) -> bool {
        self.stall.is_none() && self.closing.is_none()
    }

    /// The server asks for another socket in `wait` ms. Asked again while one failed to come up,
    /// the wait that followed that failure stands.
    pub(crate) fn change(&mut self, now: Now, wait: u64) {
        // It may be its answer to a ping.
        self.ping = None;
        if !self.urgent {
            self.urgent = true;
            self.change_at = self.change_at.min(now.mono + wait);
        }
    }

    /// The wall clock has run on by so many ms more than ours: the platform's two hours did too.
    pub(crate) fn slept(&mut self, ms: u64) {
        self.change_at = self.change_at.saturating_sub(ms);
    }

    fn may_change(&self, talks: bool) -> bool {
        // Not while a ping is unanswered: after a sleep this socket may be dead already. Older
        // systems have no ids: two sockets would show everything twice.
        talks && self.candidate.is_none() && self.ping.is_none()
    }

    pub(super) fn deadline(&self, silence: u64, config: &Config, talks: bool) -> Option<u64> {
        let ping = match self.ping {
            // The stall has a watch of its own.
            Some(_) if self.stall.is_some() => None,
            Some(_) if config.is(Mutant::NoWatchdog) => Some(self.asked.saturating_add(silence)),
            Some(ping) => Some(ping.deadline),
            None => talks.then(|| self.asked.saturating_add(silence)),
        };
        let stall = self
            .stall
            .map(|stall| stall.look_at.min(stall.since.saturating_add(config.stall)));
        let change = self.may_change(talks).then_some(self.change_at);
        let candidate = self.candidate.as_ref().map(|start| start.deadline);
        [ping, stall, self.closing, change, candidate]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn due(&mut self, now: Now, silence: u64, config: &Config, talks: bool) -> Due {
        if self.closing.is_some_and(|until| until <= now.mono) {
            return Due::GiveUp(self.socket);
        }
        if let Some(stall) = &mut self.stall {
            if now.mono.saturating_sub(stall.since) >= config.stall {
                return Due::GiveUp(self.socket);
            }
            if stall.look_at <= now.mono {
                stall.look_at = now.mono + config.look;
            }
        }
        if let Some(candidate) = &mut self.candidate
            && candidate.expired(now, config)
        {
            return Due::GiveUpStart;
        }
        if config.is(Mutant::NoWatchdog) {
            self.ping = None;
        }
        match self.ping {
            Some(ping) if ping.deadline <= now.mono && self.stall.is_none() => {
                // A late timer may stand before queued frames, and where frames come an answer may
                // have been lost: ask once more.
                if (ping.heard || now.mono - ping.deadline > config.late) && !ping.again {
                    return Due::Ping { probe: true };
                }
                return Due::GiveUp(self.socket);
            }
            None if talks && self.asked.saturating_add(silence) <= now.mono => {
                // Overdue by long, time was missed: there may be nobody there any more.
                let late = now.mono - self.asked - silence > config.late;
                return Due::Ping { probe: late };
            }
            Some(_) | None => {}
        }
        if self.may_change(talks) && self.change_at <= now.mono {
            return Due::Change;
        }
        Due::Nothing
    }
}
