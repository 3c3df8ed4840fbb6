//! API Gateway's rules: handshakes, routes, invocations, posts, limits.

use switchboard_backend::{
    Event as HandlerEvent,
    event::{EventType, RequestContext, SourceIdentity, principal},
};
use switchboard_client::CloseInfo;
use switchboard_protocol::limits::MAX_FRAME_BYTES;

use super::{Event, World, executor::Purpose, long};
use crate::{
    conn::{GateSide, PageSide},
    ports::EPOCH,
    rng::Rng,
};

const MINUTE: u64 = 60_000;
/// A connection's longest life.
const LIFE: u64 = 120 * MINUTE;
/// Without a frame in either direction.
const IDLE: u64 = 10 * MINUTE;

/// An invocation that has not begun.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) conn: u32,
    pub(crate) purpose: Purpose,
    pub(crate) body: Option<String>,
    /// When its frame reaches the gateway.
    pub(crate) arrival: u64,
    /// The platform invokes it once more: the frame has arrived long ago.
    pub(crate) again: bool,
}

impl World<'_> {
    /// A handshake reaches the gateway: `$connect` runs before the socket opens.
    pub(super) fn dialled(&mut self, at: u32) -> Result<bool, String> {
        let throttled = self.now < self.throttled_until;
        let refuse = self.rates.refuse;
        let conn = &mut self.conns[long(at)];
        if conn.gate != GateSide::Dialling || self.now >= conn.up_dead {
            return Ok(false);
        }
        if throttled || conn.rng.chance(refuse) {
            conn.gate = GateSide::Gone;
            self.report.fault("handshake refused");
            self.page_hears_close(at, 1006);
            return Ok(true);
        }
        conn.gate = GateSide::Handshake;
        self.call_soon(at, Purpose::Connect, None, self.now);
        Ok(true)
    }

    /// Schedules an invocation for a frame that arrives at `arrival`.
    pub(super) fn call_soon(
        &mut self,
        at: u32,
        purpose: Purpose,
        body: Option<String>,
        arrival: u64,
    ) {
        let slow = self.rates.slow;
        let again = self.rates.again;
        let rng = &mut self.conns[long(at)].rng;
        let latency = if rng.chance(slow) {
            rng.range(85, 29_000)
        } else {
            rng.range(5, 85)
        };
        let repeat = purpose == Purpose::Message && rng.chance(again);
        let later = rng.range(1_000, 30 * MINUTE) >> rng.range(0, 3);
        let mut call = |body: Option<String>, when: u64, again: bool| {
            let call = self.calls.put(Call {
                conn: at,
                purpose,
                body,
                arrival,
                again,
            });
            self.heap.push(when, Event::Call(call));
        };
        if repeat
            && body
                .as_deref()
                .is_some_and(|body| route(body) == "sendmessage")
        {
            call(body.clone(), arrival + latency + later, true);
        }
        call(body, arrival + latency, false);
    }

    /// An invocation begins.
    pub(super) fn called(&mut self, at: u32) -> Result<bool, String> {
        let Some(call) = self.calls.take(at) else {
            return Ok(false);
        };
        let conn = &mut self.conns[long(call.conn)];
        if call.purpose == Purpose::Message {
            // A cut after the frame had arrived does not stop its invocation.
            if call.arrival >= conn.up_dead {
                return Ok(false);
            }
            conn.active_at = conn.active_at.max(call.arrival);
        }
        if call.again {
            self.report.fault("invoked again");
        }
        let rng = conn.rng.split();
        let event = HandlerEvent {
            request_context: RequestContext {
                route_key: match (call.purpose, call.body.as_deref()) {
                    (Purpose::Connect, _) => "$connect",
                    (Purpose::Disconnect, _) => "$disconnect",
                    (Purpose::Message, body) => route(body.unwrap_or_default()),
                }
                .to_owned(),
                event_type: match call.purpose {
                    Purpose::Connect => EventType::Connect,
                    Purpose::Message => EventType::Message,
                    Purpose::Disconnect => EventType::Disconnect,
                },
                connection_id: conn.id.clone(),
                connected_at: Some(EPOCH + conn.opened_at),
                request_time_epoch: Some(EPOCH + self.now),
                identity: SourceIdentity::default(),
                authorizer: Some(principal(Some(
                    self.oracle.people().users[conn.user].as_str(),
                ))),
                disconnect_status_code: None,
                disconnect_reason: None,
                request_id: None,
            },
            query_string_parameters: None,
            headers: None,
            body: call.body,
            is_base64_encoded: false,
        };
        self.invoke(call.conn, call.purpose, event, rng)?;
        Ok(true)
    }

    /// `$connect` has answered.
    pub(super) fn handshaken(&mut self, at: u32, accepted: bool) {
        let now = self.now;
        let conn = &mut self.conns[long(at)];
        if conn.gate != GateSide::Handshake {
            // A restart ended it meanwhile; the row of `$connect` stays until it expires.
            return;
        }
        if !accepted {
            conn.gate = GateSide::Gone;
            self.page_hears_close(at, 1006);
            return;
        }
        conn.gate = GateSide::Open;
        conn.opened_at = now;
        conn.active_at = now;
        let latency = conn.rng.range(5, 40);
        conn.down_at = now + latency;
        self.heap.push(now + LIFE, Event::Limit(at));
        self.heap.push(now + IDLE, Event::Idle(at));
        if conn.page == PageSide::Gone {
            // The page has given up; its end reaches the gateway unless the line is cut.
            if now < conn.up_dead {
                self.heap.push(now + 1, Event::GateEnd(at));
            }
        } else if now < conn.down_dead {
            self.heap.push(now + latency, Event::Opened(at));
        }
    }

    /// A frame from the page is on its way.
    pub(super) fn frame_up(&mut self, at: u32, frame: String) {
        let (now, slow) = (self.now, self.rates.line_slow);
        let conn = &mut self.conns[long(at)];
        let arrival = now.max(conn.stalled) + latency(&mut conn.rng, slow);
        let arrival = conn.up_at.max(arrival);
        conn.up_at = arrival;
        if frame.len() > MAX_FRAME_BYTES {
            self.gate_close(at, 1009);
            return;
        }
        self.call_soon(at, Purpose::Message, Some(frame), arrival);
    }

    /// The connection has ended for the gateway. `$disconnect` is best effort.
    pub(super) fn gate_end(&mut self, at: u32, _code: u16) -> bool {
        let (now, unheard) = (self.now, self.rates.unheard);
        let conn = &mut self.conns[long(at)];
        if conn.gate != GateSide::Open {
            return false;
        }
        conn.gate = GateSide::Gone;
        conn.up_dead = conn.up_dead.min(now);
        if conn.rng.chance(unheard) {
            self.report.fault("$disconnect lost");
        } else {
            self.call_soon(at, Purpose::Disconnect, None, now);
        }
        true
    }

    /// The gateway closes with a close frame; what it sent before still arrives.
    pub(super) fn gate_close(&mut self, at: u32, code: u16) -> bool {
        if !self.gate_end(at, code) {
            return false;
        }
        self.page_hears_close(at, code);
        true
    }

    /// The idle limit, or when it is due next.
    pub(super) fn idle(&mut self, at: u32) -> bool {
        let conn = &self.conns[long(at)];
        if conn.gate != GateSide::Open {
            return false;
        }
        let due = conn.active_at + IDLE;
        if due > self.now {
            self.heap.push(due, Event::Idle(at));
            return false;
        }
        self.report.fault("idle limit");
        self.gate_close(at, 1001)
    }

    /// The close event as the page will hear it, after everything that is on the line.
    pub(super) fn page_hears_close(&mut self, at: u32, code: u16) {
        let now = self.now;
        let conn = &mut self.conns[long(at)];
        conn.close = CloseInfo {
            code,
            reason: String::new(),
            clean: code != 1006,
        };
        let latency = conn.rng.range(5, 40);
        if now < conn.down_dead {
            let when = conn.down_at.max(now.max(conn.stalled) + latency);
            self.heap.push(when, Event::PageClose(at));
        }
    }
}

/// One way on the line.
pub(super) fn latency(rng: &mut Rng, slow: u32) -> u64 {
    if rng.chance(slow) {
        rng.range(40, 3_000)
    } else {
        rng.range(5, 40)
    }
}

/// The route key of a frame: `$request.body.action`.
fn route(body: &str) -> &str {
    // Our client writes `action` first. Anything else is not ours and goes to `$default`.
    body.strip_prefix(r#"{"action":""#)
        .and_then(|rest| rest.split_once('"'))
        .map_or("$default", |(action, _)| action)
}
