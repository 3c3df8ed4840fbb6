//! Time and chance of the machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use switchboard_backend::Clock;

/// The machine's clock, and the operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> u64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|time| u64::try_from(time.as_millis()).ok())
            .unwrap_or_default()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// Without random numbers Linux would not have started TLS either; the time is then as good.
    fn random(&self) -> u64 {
        getrandom::u64().unwrap_or_else(|_| self.now_ms())
    }
}
