//! Prices in USD, us-east-1, as published in autumn 2026, without free tiers and without the lower rate
//! above a billion messages.

const MILLION: f64 = 1e6;
/// A message in or out, up to 32 KB.
const MESSAGE: f64 = 1.00 / MILLION;
const CONNECTION_MINUTE: f64 = 0.25 / MILLION;
/// A request of an HTTP API.
const HTTP_REQUEST: f64 = 1.00 / MILLION;
const INVOCATION: f64 = 0.20 / MILLION;
/// A GB-second on arm64.
const GB_SECOND: f64 = 0.000_013_333_4;
/// Memory of a function, GB.
const MEMORY: f64 = 0.25;
/// A write of a kilobyte, on demand.
const WRITE: f64 = 0.625 / MILLION;
/// A strongly consistent read of four.
const READ: f64 = 0.125 / MILLION;
/// A request of a queue.
const QUEUE_REQUEST: f64 = 0.40 / MILLION;

/// What is paid for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bill {
    pub(super) messages: f64,
    pub(super) connection_minutes: f64,
    pub(super) http_requests: f64,
    pub(super) invocations: f64,
    pub(super) gb_seconds: f64,
    pub(super) writes: f64,
    pub(super) reads: f64,
    pub(super) queue_requests: f64,
}

impl Bill {
    pub(super) const HEADS: [&'static str; 5] =
        ["messages", "minutes", "lambda", "dynamodb", "other"];

    pub(super) fn invoked(&mut self, times: f64, milliseconds: f64) {
        self.invocations += times;
        self.gb_seconds += times * MEMORY * milliseconds / 1000.0;
    }

    pub(super) fn times(self, times: f64) -> Self {
        Self {
            messages: self.messages * times,
            connection_minutes: self.connection_minutes * times,
            http_requests: self.http_requests * times,
            invocations: self.invocations * times,
            gb_seconds: self.gb_seconds * times,
            writes: self.writes * times,
            reads: self.reads * times,
            queue_requests: self.queue_requests * times,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.connection_minutes += other.connection_minutes;
        self.http_requests += other.http_requests;
        self.invocations += other.invocations;
        self.gb_seconds += other.gb_seconds;
        self.writes += other.writes;
        self.reads += other.reads;
        self.queue_requests += other.queue_requests;
    }

    /// In dollars, as [`Self::HEADS`] names them.
    pub(super) fn parts(&self) -> [f64; 5] {
        [
            self.messages * MESSAGE,
            self.connection_minutes * CONNECTION_MINUTE,
            self.invocations * INVOCATION + self.gb_seconds * GB_SECOND,
            self.writes * WRITE + self.reads * READ,
            self.http_requests * HTTP_REQUEST + self.queue_requests * QUEUE_REQUEST,
        ]
    }

    pub(crate) fn dollars(&self) -> f64 {
        self.parts().iter().sum()
    }
}
