//! Posts: lost, doubled, late, throttled, 410.

use std::sync::Arc;

use switchboard_backend::PostError;
use switchboard_protocol::limits::MAX_MESSAGE_BYTES;

use super::{Event, World, long};
use crate::{conn::GateSide, mutants::ServerMutant, platform::Ticket, rng::Rng};

/// A post on its way to the gateway.
#[derive(Debug)]
pub(crate) struct Posted {
    conn: u32,
    data: Arc<str>,
    ticket: Option<Ticket>,
    lost: bool,
    throttled: bool,
}

impl World<'_> {
    /// A handler posts.
    pub(super) fn post(&mut self, rng: &mut Rng, ticket: Ticket, conn: u32, data: Arc<str>) {
        let rates = self.rates;
        let mut lost = rng.chance(rates.lost) || self.now < self.blackout_until;
        let mut data = data;
        if self.server_mutants.has(ServerMutant::NoHeadsInPong) {
            data = without_heads(data);
        }
        if self.server_mutants.has(ServerMutant::DuplicateAckDropped) {
            lost |= data.starts_with(r#"{"event":"ack""#) && data.contains(r#""duplicate":true"#);
        }
        if lost {
            self.report.fault("post lost");
        }
        let throttled = self.now < self.throttled_until || rng.chance(rates.throttled);
        let latency = if rng.chance(rates.late) {
            self.report.fault("post late");
            rng.range(30, 10_000)
        } else {
            rng.range(2, 30)
        };
        if rng.chance(rates.twice) {
            self.report.fault("post twice");
            let again = self.posts.put(Posted {
                conn,
                data: Arc::clone(&data),
                ticket: None,
                lost: false,
                throttled,
            });
            let later = latency + rng.range(0, 2_000);
            self.heap.push(self.now + later, Event::Post(again));
        }
        let post = self.posts.put(Posted {
            conn,
            data,
            ticket: Some(ticket),
            lost,
            throttled,
        });
        self.heap.push(self.now + latency, Event::Post(post));
    }

    /// A post reaches the gateway.
    pub(super) fn posted(&mut self, at: u32) -> Result<bool, String> {
        let Some(post) = self.posts.take(at) else {
            return Ok(false);
        };
        let answer = match self.conns.get_mut(long(post.conn)) {
            _ if post.throttled => Err(PostError::Throttled),
            Some(conn) if conn.gate == GateSide::Open => {
                if post.data.len() > MAX_MESSAGE_BYTES {
                    Err(PostError::TooLarge)
                } else {
                    conn.active_at = self.now;
                    if !post.lost {
                        self.send_down(post.conn, post.data);
                    }
                    Ok(())
                }
            }
            Some(_) | None => Err(PostError::Gone),
        };
        if let Some(ticket) = post.ticket {
            self.answer(ticket, answer)?;
        }
        Ok(true)
    }
}

/// A `pong` that names no heads.
fn without_heads(data: Arc<str>) -> Arc<str> {
    if !data.starts_with(r#"{"event":"pong""#) {
        return data;
    }
    match data.split_once(r#""heads":{"#) {
        Some((start, _)) => format!(r#"{start}"heads":{{}}}}"#).into(),
        None => data,
    }
}
