//! The one clock of the gateway: idle and lifetime limits, integration timeouts, event times.
//!
//! Everything that measures time asks this clock, so that a test can move it and wait for
//! nothing, and so that `--time-scale` can show a two-hour limit in a minute.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::{sync::watch, time::Instant};

/// A clock that is either the machine's or one that a test moves.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    Real,
    Scaled {
        base_ms: u64,
        start: Instant,
        scale: u32,
    },
    Manual(watch::Sender<u64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn real() -> Self {
        Self(Arc::new(Kind::Real))
    }

    /// A clock that starts at the machine's time and runs `scale` times as fast (at least 1).
    #[must_use]
    pub fn scaled(scale: u32) -> Self {
        match scale {
            0 | 1 => Self::real(),
            scale => Self(Arc::new(Kind::Scaled {
                base_ms: wall_ms(),
                start: Instant::now(),
                scale,
            })),
        }
    }

    /// A clock that stands at `now_ms` (ms since the Unix epoch) until [`Clock::advance`].
    #[must_use]
    pub fn manual(now_ms: u64) -> Self {
        Self(Arc::new(Kind::Manual(watch::Sender::new(now_ms))))
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        match &*self.0 {
            Kind::Real => wall_ms(),
            Kind::Scaled {
                base_ms,
                start,
                scale,
            } => base_ms.saturating_add(millis(start.elapsed().saturating_mul(*scale))),
            Kind::Manual(now) => *now.borrow(),
        }
    }

    /// Waits until the clock shows `deadline_ms` (ms since the Unix epoch).
    pub async fn sleep_until(&self, deadline_ms: u64) {
        match &*self.0 {
            Kind::Real => {
                let wait = deadline_ms.saturating_sub(wall_ms());
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            Kind::Scaled { scale, .. } => {
                let wait = Duration::from_millis(deadline_ms.saturating_sub(self.now_ms()));
                tokio::time::sleep(wait / *scale).await;
            }
            Kind::Manual(now) => {
                let mut now = now.subscribe();
                // The sender lives in `self`, so this ends only by the time having come.
                let _ = now.wait_for(|now| *now >= deadline_ms).await;
            }
        }
    }

    /// Waits for `duration` of this clock's time.
    pub async fn sleep(&self, duration: Duration) {
        self.sleep_until(self.now_ms().saturating_add(millis(duration)))
            .await;
    }

    /// Moves a manual clock forward; any other clock moves by itself.
    pub fn advance(&self, duration: Duration) {
        if let Kind::Manual(now) = &*self.0 {
            now.send_modify(|now| *now = now.saturating_add(millis(duration)));
        }
    }
}

/// Whole milliseconds of `duration`, saturating.
#[must_use]
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn wall_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, millis)
}
