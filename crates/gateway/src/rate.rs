//! A token bucket, as the platform throttles: so many requests per second and a burst.

use std::sync::{Mutex, PoisonError};

/// A bucket that fills at `per_second` and holds half as many tokens (the account quota of the
/// platform is 10 000 a second with a burst of 5 000).
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: u64,
    state: Mutex<State>,
}

/// Tokens are counted in thousandths, so that one millisecond adds `per_second` of them.
#[derive(Debug)]
struct State {
    millitokens: u64,
    at_ms: u64,
}

impl Bucket {
    pub(crate) fn new(per_second: u32, now_ms: u64) -> Self {
        let per_second = u64::from(per_second.max(1));
        Self {
            per_second,
            state: Mutex::new(State {
                millitokens: capacity(per_second),
                at_ms: now_ms,
            }),
        }
    }

    /// Takes one token; false if there is none.
    pub(crate) fn take(&self, now_ms: u64) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let gained = now_ms
            .saturating_sub(state.at_ms)
            .saturating_mul(self.per_second);
        state.at_ms = state.at_ms.max(now_ms);
        state.millitokens = state
            .millitokens
            .saturating_add(gained)
            .min(capacity(self.per_second));
        match state.millitokens.checked_sub(1000) {
            Some(rest) => {
                state.millitokens = rest;
                true
            }
            None => false,
        }
    }
}

fn capacity(per_second: u64) -> u64 {
    (per_second * 500).max(1000)
}

#[cfg(test)]
mod tests {
    use super::Bucket;

    #[test]
    fn a_burst_is_half_a_second_and_time_refills_it() {
        let bucket = Bucket::new(4, 0);
        assert_eq!([(); 3].map(|()| bucket.take(0)), [true, true, false]);
        assert!(!bucket.take(249));
        assert!(bucket.take(250));
        assert_eq!([(); 3].map(|()| bucket.take(9000)), [true, true, false]);
    }
}
