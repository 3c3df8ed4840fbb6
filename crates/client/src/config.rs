//! Every number of the client's timing; the reasons stand in `docs/protocol.md`.

use crate::mutant::Mutant;

/// Durations in milliseconds.
#[derive(Debug, Clone)]
pub struct Config {
    /// From asking for a ticket to having it.
    pub ticket: u64,
    /// From opening a socket to its `open` event; Chromium itself waits 240 s.
    pub connect: u64,
    /// From `hello` to `welcome`: an open socket is not yet a registered one.
    pub hello: u64,
    /// Between two pings while the page is visible, however busy the connection is.
    pub ping_visible: u64,
    /// The same while hidden, below the platform's idle limit of 600 s.
    pub ping_hidden: u64,
    /// From `ping` to `pong`.
    pub pong: u64,
    /// The same for a probe after a hint that the connection may be dead.
    pub probe: u64,
    /// A deadline met later than this was delayed by the browser: probe, do not give up.
    pub late: u64,
    /// From a message to its `ack`, for the first, second and all further attempts.
    pub ack: [u64; 3],
    /// From `sync` to `page`.
    pub sync: u64,
    /// How long a missing message may still arrive by itself.
    pub gap: u64,
    /// How long a closing socket may take to tell its close code; Chromium waits 60 s.
    pub closing: u64,
    /// Age at which a socket is replaced, drawn between these two: the platform ends it at two hours.
    pub change: (u64, u64),
    /// From one failed attempt at a replacement to the next.
    pub change_retry: u64,
    /// How long a replaced socket is still listened to.
    pub drain: u64,
    /// Unsent bytes in the browser above which nothing more is handed to it.
    pub buffered: u32,
    /// How long these bytes may stay without growing fewer.
    pub stall: u64,
    /// How often they are looked at meanwhile.
    pub look: u64,
    /// So many frames in a row that nobody understands start a probe.
    pub junk: u32,
    /// A connection without pings is not believed after so long without any input: the platform ends
    /// it after ten minutes.
    pub idle: u64,
    /// The two clocks drifting apart by more than this between two inputs mean that the machine slept.
    pub sleep: u64,
    /// First step of the backoff, doubled on each failure.
    pub backoff_base: u64,
    /// Its ceiling.
    pub backoff_cap: u64,
    /// Least wait before any attempt.
    pub backoff_floor: u64,
    /// Time up after which the next failure counts as the first.
    pub stable: u64,
    /// Age at which an unsent message is given back to the person: less than the server's 30-day memory of ids.
    pub outbox_age: u64,
    /// Age of an id above which it is not sent any more, whoever asks: a margin below the server's 30 days.
    pub id_age: u64,
    /// Messages asked for in one page.
    pub page: u32,
    /// Further behind than this, the newest page is fetched first and the rest on demand.
    pub far_behind: u64,
    /// Most messages held above a gap.
    pub buffer: usize,
    /// A mechanism switched off, for the simulator.
    #[cfg(feature = "mutants")]
    pub mutant: Option<Mutant>,
}

impl Config {
    #[cfg(feature = "mutants")]
    pub(crate) fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    #[cfg(not(feature = "mutants"))]
    #[expect(clippy::unused_self, reason = "with the feature, it is used")]
    pub(crate) const fn is(&self, _: Mutant) -> bool {
        false
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ticket: 10_000,
            connect: 10_000,
            hello: 10_000,
            ping_visible: 30_000,
            ping_hidden: 240_000,
            pong: 10_000,
            probe: 5_000,
            late: 1_500,
            ack: [10_000, 20_000, 30_000],
            sync: 10_000,
            gap: 500,
            closing: 2_000,
            change: (105 * 60_000, 115 * 60_000),
            change_retry: 60_000,
            drain: 5_000,
            buffered: 64 * 1024,
            stall: 10_000,
            look: 1_000,
            junk: 20,
            idle: 600_000,
            sleep: 5_000,
            backoff_base: 500,
            backoff_cap: 30_000,
            backoff_floor: 50,
            stable: 10_000,
            outbox_age: 14 * 24 * 60 * 60 * 1000,
            id_age: 28 * 24 * 60 * 60 * 1000,
            page: 50,
            far_behind: 500,
            buffer: 2_000,
            #[cfg(feature = "mutants")]
            mutant: None,
        }
    }
}
