//! Sockets as the page sees them, and what breaks on the way.

use std::sync::Arc;

use switchboard_client::{CloseInfo, Input, OpenError, SocketId};
use switchboard_protocol::ConnectionId;

use super::{Event, World, gateway::latency, long, short};
use crate::{
    conn::{Conn, GateSide, PageSide},
    oracle::count,
    ports::wire_id,
    rng::{Rng, Stream},
};

/// When Chromium gives a hung handshake up.
const HANGS: u64 = 240_000;
/// When it gives up waiting for the answer to a close.
const CLOSE_WAITS: u64 = 60_000;

impl World<'_> {
    /// The page opens a socket.
    pub(super) fn dial(&mut self, page: usize, socket: SocketId) -> Result<(), String> {
        let (now, rates) = (self.now, self.rates);
        let offline = now < self.devices[self.pages[page].device].offline_until;
        if self.pages[page].sockets.len() >= 3 {
            return Err(format!("tab {page} opens a fourth socket"));
        }
        let at = short(self.conns.len());
        let Ok(id) = ConnectionId::try_from(wire_id(at)) else {
            return Err("no connection ids are left".to_owned());
        };
        let name = (count(page) << 40) | (u64::from(self.lives[page]) << 20) | socket.0;
        let mut rng = Rng::stream(self.plan.seed, Stream::Connection, name);
        let mut conn = Conn {
            tab: page,
            life: self.lives[page],
            socket,
            user: self.pages[page].user,
            id,
            page: PageSide::Connecting,
            gate: GateSide::Dialling,
            down: std::collections::VecDeque::new(),
            down_at: now,
            up_at: now,
            down_dead: u64::MAX,
            up_dead: u64::MAX,
            stalled: 0,
            breaks_at: 0,
            buffered: 0,
            buffered_told: 0,
            active_at: now,
            opened_at: now,
            close: CloseInfo {
                code: 1006,
                ..CloseInfo::default()
            },
            rng: Rng::default(),
        };
        if rng.chance(rates.constructor) {
            self.report.fault("constructor threw");
            conn.gate = GateSide::Gone;
            self.heap.push(now, Event::Threw(at));
        } else if offline && rng.chance(7_000) {
            conn.gate = GateSide::Gone;
            self.heap.push(now + rng.range(1, 50), Event::PageClose(at));
        } else if offline || rng.chance(rates.hang) {
            self.report.fault("handshake hangs");
            conn.gate = GateSide::Gone;
            self.heap.push(now + HANGS, Event::PageClose(at));
        } else {
            let when = now + latency(&mut rng, rates.line_slow);
            self.heap.push(when, Event::Dial(at));
        }
        conn.rng = rng;
        self.conns.push(conn);
        self.pages[page].sockets.push((socket, at));
        Ok(())
    }

    /// Whether the page still listens to this connection.
    fn is_heard(&self, at: u32) -> bool {
        let conn = &self.conns[long(at)];
        conn.page != PageSide::Gone && self.lives[conn.tab] == conn.life
    }

    pub(super) fn threw(&mut self, at: u32) -> Result<bool, String> {
        if !self.is_heard(at) {
            return Ok(false);
        }
        let (page, socket) = self.leaves(at);
        let input = Input::OpenFailed(socket, OpenError::Refused);
        self.input(page, input)?;
        Ok(true)
    }

    pub(super) fn opened(&mut self, at: u32) -> Result<bool, String> {
        let now = self.now;
        let heard = self.is_heard(at);
        let conn = &mut self.conns[long(at)];
        if !heard || conn.page != PageSide::Connecting || now >= conn.down_dead {
            return Ok(false);
        }
        conn.page = PageSide::Open;
        let (page, socket) = (conn.tab, conn.socket);
        self.input(page, Input::Opened(socket))?;
        Ok(true)
    }

    /// The gateway puts a frame on the line: first in, first out.
    pub(super) fn send_down(&mut self, at: u32, data: Arc<str>) {
        let (now, slow) = (self.now, self.rates.line_slow);
        let conn = &mut self.conns[long(at)];
        if conn.gate != GateSide::Open || now >= conn.down_dead {
            return;
        }
        let latency = latency(&mut conn.rng, slow);
        conn.down_at = conn.down_at.max(now.max(conn.stalled) + latency);
        conn.down.push_back(data);
        self.heap.push(conn.down_at, Event::Down(at));
    }

    /// A frame reaches the page.
    pub(super) fn frame_down(&mut self, at: u32) -> Result<bool, String> {
        let now = self.now;
        let heard = self.is_heard(at);
        let conn = &mut self.conns[long(at)];
        let Some(data) = conn.down.pop_front() else {
            return Ok(false);
        };
        // Nothing is delivered after `close()` or while closing.
        if !heard || now >= conn.down_dead || conn.page != PageSide::Open {
            return Ok(false);
        }
        let (page, socket) = (conn.tab, conn.socket);
        let input = match data.strip_prefix(super::steps::BINARY) {
            Some(_) => Input::Binary(socket, data.len()),
            None => Input::Text(socket, String::from(&*data)),
        };
        self.input(page, input)?;
        Ok(true)
    }

    /// The close reaches the page: at once, or CLOSING first and the event late or never.
    pub(super) fn page_close(&mut self, at: u32) -> Result<bool, String> {
        let late = self.rates.close_late;
        if !self.is_heard(at) {
            return Ok(false);
        }
        let conn = &mut self.conns[long(at)];
        if conn.page == PageSide::Open && conn.rng.chance(3_000) {
            conn.page = PageSide::Closing;
            let (page, socket) = (conn.tab, conn.socket);
            if !conn.rng.chance(late) {
                let when = self.now + conn.rng.range(1, 50);
                self.heap.push(when, Event::PageClosed(at));
            } else if conn.rng.chance(5_000) {
                self.heap
                    .push(self.now + CLOSE_WAITS, Event::PageClosed(at));
            }
            self.input(page, Input::Closing(socket))?;
            return Ok(true);
        }
        self.page_closed(at)
    }

    pub(super) fn page_closed(&mut self, at: u32) -> Result<bool, String> {
        if !self.is_heard(at) {
            return Ok(false);
        }
        let close = std::mem::take(&mut self.conns[long(at)].close);
        let too_large = close.code == 1009;
        let (page, socket) = self.leaves(at);
        self.input(page, Input::Closed(socket, close))?;
        if too_large && !self.pages[page].is_held() {
            self.note_failed(page)?;
        }
        Ok(true)
    }

    /// Takes a connection from its page.
    fn leaves(&mut self, at: u32) -> (usize, SocketId) {
        let conn = &mut self.conns[long(at)];
        conn.page = PageSide::Gone;
        let (page, socket) = (conn.tab, conn.socket);
        self.pages[page].sockets.retain(|(_, other)| *other != at);
        (page, socket)
    }

    /// The page detaches its handlers and closes; the gateway hears of it if the line works.
    pub(super) fn hang_up(&mut self, at: u32) {
        if self.conns[long(at)].page == PageSide::Gone {
            return;
        }
        self.leaves(at);
        let (now, slow) = (self.now, self.rates.line_slow);
        let conn = &mut self.conns[long(at)];
        let arrival = now.max(conn.stalled) + latency(&mut conn.rng, slow);
        let arrival = conn.up_at.max(arrival);
        if arrival < conn.up_dead {
            self.heap.push(arrival, Event::GateEnd(at));
        }
    }

    /// The page gives a socket a frame.
    pub(super) fn transmit(
        &mut self,
        page: usize,
        socket: SocketId,
        frame: String,
    ) -> Result<(), String> {
        let now = self.now;
        if self.pages[page].closed.contains(&socket) {
            return Err(format!("tab {page} sends on a socket that it closed"));
        }
        let Some(at) = self.pages[page].connection(socket) else {
            // It has closed, and the page will hear of it.
            return Ok(());
        };
        let conn = &mut self.conns[long(at)];
        let bytes = u32::try_from(frame.len()).unwrap_or(u32::MAX);
        match conn.page {
            PageSide::Connecting => {
                return Err(format!("tab {page} sends on a socket that is not open"));
            }
            PageSide::Open if now < conn.up_dead => {
                if now < conn.stalled {
                    conn.buffered = conn.buffered.saturating_add(bytes);
                    self.pages[page].buffered = true;
                }
                self.frame_up(at, frame);
            }
            // A dead line and CLOSING swallow it; the browser counts the bytes.
            PageSide::Open | PageSide::Closing | PageSide::Gone => {
                conn.buffered = conn.buffered.saturating_add(bytes);
                self.pages[page].buffered = true;
            }
        }
        Ok(())
    }

    /// `bufferedAmount` of a page's sockets where it is not what the core was told.
    pub(super) fn sample_buffers(&mut self, page: usize) -> Vec<(SocketId, u32)> {
        let now = self.now;
        let mut changed = Vec::new();
        let mut growing = false;
        for &(socket, at) in &self.pages[page].sockets {
            let conn = &mut self.conns[long(at)];
            if conn.stalled != 0 && now >= conn.stalled && now < conn.up_dead {
                conn.buffered = 0;
                conn.stalled = 0;
            }
            growing |= conn.stalled > now;
            if conn.buffered != conn.buffered_told {
                conn.buffered_told = conn.buffered;
                changed.push((socket, conn.buffered));
            }
        }
        self.pages[page].buffered = growing;
        changed
    }

    /// The connection is reset: what is on the line is lost.
    pub(super) fn reset(&mut self, at: u32) -> bool {
        let now = self.now;
        let conn = &mut self.conns[long(at)];
        if conn.gate == GateSide::Gone {
            return false;
        }
        conn.cut(now);
        // The page's own stack tells it: its close event needs no line.
        conn.close = CloseInfo {
            code: 1006,
            ..CloseInfo::default()
        };
        let when = now + conn.rng.range(1, 40);
        self.heap.push(when, Event::PageClose(at));
        if conn.gate == GateSide::Open {
            self.gate_end(at, 1006);
        } else {
            self.conns[long(at)].gate = GateSide::Gone;
        }
        true
    }
}
