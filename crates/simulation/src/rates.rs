//! How often what goes wrong by itself, drawn for each seed.

use crate::rng::{Rng, Stream};

/// Chances in 10,000 of faults that are not steps of the schedule.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rates {
    /// An invocation that starts up to 29 s late.
    pub(crate) slow: u32,
    /// A process that dies before a store operation.
    pub(crate) crash_before: u32,
    /// A process that dies after a commit.
    pub(crate) crash_after: u32,
    /// A commit where somebody else was faster.
    pub(crate) contended: u32,
    /// A store operation that fails; a commit half of the time after writing.
    pub(crate) unavailable: u32,
    /// A place of a log that stays empty for ever, before a commit.
    pub(crate) hole: u32,
    /// A send that is invoked once more, up to 30 minutes later.
    pub(crate) again: u32,
    /// A post that is accepted and never arrives.
    pub(crate) lost: u32,
    /// A post that arrives twice.
    pub(crate) twice: u32,
    /// A post up to 10 s late.
    pub(crate) late: u32,
    /// A post answered 429.
    pub(crate) throttled: u32,
    /// A handshake that hangs for ever.
    pub(crate) hang: u32,
    /// A handshake that is refused.
    pub(crate) refuse: u32,
    /// A `WebSocket` constructor that throws.
    pub(crate) constructor: u32,
    /// An end of a connection of which the handlers hear nothing.
    pub(crate) unheard: u32,
    /// A close event that comes 60 s late or never.
    pub(crate) close_late: u32,
    /// A ticket that is not given.
    pub(crate) ticket: u32,
    /// A write to the browser's storage that fails.
    pub(crate) write_fails: u32,
    /// A write that takes up to 2 s.
    pub(crate) write_slow: u32,
    /// A frame on the line that is up to 3 s late.
    pub(crate) line_slow: u32,
}

impl Rates {
    /// The rates of a seed: each fault is at home in most worlds, rare in some, absent in a few.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut rng = Rng::stream(seed, Stream::Rates, 0);
        let mut rate = |usual: u32| match rng.range(0, 9) {
            0 => 0,
            1 => usual * 3,
            2 => usual / 4,
            _ => usual,
        };
        let mut rates = Self {
            slow: rate(300),
            crash_before: rate(60),
            crash_after: rate(200),
            contended: rate(500),
            unavailable: rate(50),
            again: rate(200),
            lost: rate(300),
            twice: rate(300),
            late: rate(200),
            throttled: rate(100),
            hang: rate(300),
            refuse: rate(300),
            constructor: rate(100),
            unheard: rate(1_500),
            close_late: rate(1_500),
            ticket: rate(800),
            write_fails: rate(100),
            write_slow: rate(100),
            line_slow: rate(50),
            hole: 0,
        };
        // A store without transactions leaves holes in its sequence: one world in eight has one.
        if rng.chance(1_250) {
            rates.hole = 300;
        }
        rates
    }
}
