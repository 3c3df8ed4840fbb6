//! A socket on its way up: ticket, open, welcome, each with its own deadline.

use crate::config::Config;
use crate::io::{AttemptId, Now, SocketId};

/// How far the attempt got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Ticket(AttemptId),
    Connecting(SocketId),
    /// `hello` went out with this `rid`.
    Greeting {
        socket: SocketId,
        rid: u64,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) step: Step,
    pub(crate) deadline: u64,
    /// When the socket opened: the platform counts its two hours from then.
    pub(crate) opened: u64,
    /// A late deadline was put off once.
    graced: bool,
}

impl Start {
    pub(crate) fn ticket(now: Now, attempt: AttemptId, config: &Config) -> Self {
        Self::at(Step::Ticket(attempt), now, config.ticket)
    }

    pub(crate) fn connecting(now: Now, socket: SocketId, config: &Config) -> Self {
        Self::at(Step::Connecting(socket), now, config.connect)
    }

    pub(crate) fn greeting(now: Now, socket: SocketId, rid: u64, config: &Config) -> Self {
        Self::at(Step::Greeting { socket, rid }, now, config.hello)
    }

    fn at(step: Step, now: Now, patience: u64) -> Self {
        Self {
            step,
            deadline: now.mono.saturating_add(patience),
            opened: now.mono,
            graced: false,
        }
    }

    pub(crate) fn socket(&self) -> Option<SocketId> {
        match self.step {
            Step::Ticket(_) => None,
            Step::Connecting(socket) | Step::Greeting { socket, .. } => Some(socket),
        }
    }

    /// Whether patience has run out. A timer that comes late may stand before the events it waits
    /// for (measured in Chromium), so it is put off once.
    pub(super) fn expired(&mut self, now: Now, config: &Config) -> bool {
        if now.mono < self.deadline {
            return false;
        }
        if now.mono - self.deadline > config.late && !self.graced {
            self.graced = true;
            self.deadline = now.mono + config.probe;
            return false;
        }
        true
    }
}
