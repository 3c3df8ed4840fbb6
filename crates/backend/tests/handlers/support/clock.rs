//! A clock that jumps: no test waits.

use std::{
    future::poll_fn,
    sync::atomic::{AtomicU64, Ordering},
    task::Poll,
    time::Duration,
};

use switchboard_backend::Clock;

#[derive(Debug)]
pub(crate) struct FakeClock {
    now: AtomicU64,
    random: AtomicU64,
}

impl Default for FakeClock {
    fn default() -> Self {
        Self {
            now: AtomicU64::new(1_800_000_000_000),
            random: AtomicU64::new(1),
        }
    }
}

impl FakeClock {
    pub(crate) fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    pub(crate) fn advance(&self, ms: u64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for FakeClock {
    fn now_ms(&self) -> u64 {
        self.now()
    }

    /// Ready once everything else has had its turn; time is then at its end.
    async fn sleep(&self, duration: Duration) {
        let end = self.now() + u64::try_from(duration.as_millis()).unwrap();
        let mut turns = 0;
        poll_fn(|context| {
            turns += 1;
            if turns > 3 {
                self.now.fetch_max(end, Ordering::Relaxed);
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    fn random(&self) -> u64 {
        // Any sequence without a short period does.
        let last = self
            .random
            .fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        last ^ (last >> 29)
    }
}
