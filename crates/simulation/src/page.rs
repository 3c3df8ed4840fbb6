//! A tab: the core, and what a browser does to it.

use std::collections::VecDeque;

use switchboard_client::{Client, Input, Now, Restored, SocketId, Stretch};

use crate::{
    oracle::{Window, shown::View},
    ports::EPOCH,
    rng::Rng,
};

/// Why a page's events wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Frozen by the browser, or its thread is blocked.
    Frozen = 0,
    /// Its device sleeps.
    Asleep = 1,
    /// In the back/forward cache.
    Away = 2,
}

/// See the module.
pub(crate) struct Page {
    pub(crate) client: Client,
    /// Who is signed in.
    pub(crate) user: usize,
    /// Whose tab it is.
    pub(crate) owner: usize,
    pub(crate) device: usize,
    /// The identity in `hello`; a duplicated tab has its original's.
    pub(crate) name: String,
    /// Signed in.
    pub(crate) alive: bool,
    /// When the next life begins, if none goes on.
    pub(crate) boots_at: u64,
    /// What storage held, while the page is starting.
    pub(crate) restored: Option<Restored>,
    /// What it has read of logs since, and in which life, until it hears of it.
    pub(crate) reads: VecDeque<(u32, Stretch)>,
    /// When the monotonic clock was 0, moved on by every sleep.
    pub(crate) zero: u64,
    /// Until when it is held, by [`Held`]; 0 for not.
    pub(crate) held: [u64; 3],
    /// Inputs that wait, in order.
    pub(crate) waiting: VecDeque<Input>,
    /// Whether the page was told of its freeze.
    pub(crate) told: bool,
    /// Until when it is hidden; 0 for not.
    pub(crate) hidden: u64,
    /// When its timer last ran.
    pub(crate) ticked: u64,
    /// When its armed timer fires.
    pub(crate) timer: Option<u64>,
    pub(crate) timer_token: u32,
    /// Sockets that are not closed, and their connections.
    pub(crate) sockets: Vec<(SocketId, u32)>,
    /// The last sockets the core closed.
    pub(crate) closed: VecDeque<SocketId>,
    /// Some `bufferedAmount` is not what the core was told.
    pub(crate) buffered: bool,
    pub(crate) windows: Vec<Window>,
    /// The rows of each conversation as a view has them.
    pub(crate) views: Vec<View>,
    /// Inputs fed, for checks in turn.
    pub(crate) fed: usize,
    pub(crate) rng: Rng,
    /// Whether the network can be used in the quiet, as last seen.
    pub(crate) up: bool,
}

impl Page {
    pub(crate) fn is_held(&self) -> bool {
        self.held != [0; 3]
    }

    pub(crate) fn now(&self, now: u64, wall_skew: i64) -> Now {
        Now {
            mono: now.saturating_sub(self.zero),
            wall: (EPOCH + now).saturating_add_signed(wall_skew),
        }
    }

    pub(crate) fn connection(&self, socket: SocketId) -> Option<u32> {
        let found = self.sockets.iter().find(|(other, _)| *other == socket);
        found.map(|(_, connection)| *connection)
    }
}

/// A device: a browser profile with its network and its clock.
#[derive(Debug, Default)]
pub(crate) struct Device {
    pub(crate) offline_until: u64,
    /// ms the wall clock is wrong by.
    pub(crate) skew: i64,
    pub(crate) storage_fails_until: u64,
}
