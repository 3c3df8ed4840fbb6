//! One WebSocket, seen from the page and from the gateway, and the line between them.

use std::{collections::VecDeque, sync::Arc};

use switchboard_client::{CloseInfo, SocketId};
use switchboard_protocol::ConnectionId;

use crate::rng::Rng;

/// How the page sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageSide {
    /// `readyState` 0.
    Connecting,
    /// `readyState` 1.
    Open,
    /// `readyState` 2: nothing more is delivered, sends are swallowed.
    Closing,
    /// Closed, or its handlers are detached.
    Gone,
}

/// How the gateway sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GateSide {
    /// The request has not arrived.
    Dialling,
    /// `$connect` runs.
    Handshake,
    /// Open.
    Open,
    /// Ended or refused.
    Gone,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Conn {
    pub(crate) tab: usize,
    /// Which life of the tab.
    pub(crate) life: u32,
    pub(crate) socket: SocketId,
    pub(crate) user: usize,
    pub(crate) id: ConnectionId,
    pub(crate) page: PageSide,
    pub(crate) gate: GateSide,
    /// Frames from the gateway, in order.
    pub(crate) down: VecDeque<Arc<str>>,
    /// When the last of them arrives.
    pub(crate) down_at: u64,
    /// When the page's last frame arrives.
    pub(crate) up_at: u64,
    /// From when frames in a direction are swallowed.
    pub(crate) down_dead: u64,
    pub(crate) up_dead: u64,
    /// Until when nothing moves, but TCP keeps it.
    pub(crate) stalled: u64,
    /// When it is going to be reset; 0 for not.
    pub(crate) breaks_at: u64,
    /// `bufferedAmount`: what the browser could not hand on.
    pub(crate) buffered: u32,
    /// What the core was last told of it.
    pub(crate) buffered_told: u32,
    /// The gateway's last frame in either direction, for the idle limit.
    pub(crate) active_at: u64,
    pub(crate) opened_at: u64,
    /// What the page will be told in the end.
    pub(crate) close: CloseInfo,
    pub(crate) rng: Rng,
}

impl Conn {
    /// Cuts both directions at once.
    pub(crate) fn cut(&mut self, now: u64) {
        self.up_dead = self.up_dead.min(now);
        self.down_dead = self.down_dead.min(now);
        self.down.clear();
    }
}
