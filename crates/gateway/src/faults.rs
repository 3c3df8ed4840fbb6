//! What may go wrong on purpose. A post is throttled, or accepted and then lost, doubled, or late and so
//! out of order; a connection ends and its `$disconnect` never runs. Drawn by seed, off by default.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// How often it does. The platform promises none of it away (reference §7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Names the sequence of draws.
    pub seed: u64,
    /// Of 100 posts, so many are answered 429, whatever the rate.
    pub throttled: u8,
    /// Of 100 accepted posts, so many never arrive.
    pub dropped: u8,
    /// Of 100 posts that arrive, so many arrive twice.
    pub duplicated: u8,
    /// Each post arrives up to this much late.
    pub delay: Duration,
    /// Of 100 connections that end, however they do, so many end without a `$disconnect`.
    pub untold: u8,
}

/// What happens to one post: when each copy of it arrives.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fate(pub(crate) Vec<Duration>);

/// Draws one fate after the other.
#[derive(Debug)]
pub(crate) struct Dice {
    faults: Faults,
    state: AtomicU64,
}

impl Dice {
    pub(crate) fn new(faults: Faults) -> Self {
        let state = AtomicU64::new(faults.seed);
        Self { faults, state }
    }

    /// The next post's fate; `None` for a plain delivery.
    pub(crate) fn fate(&self) -> Option<Fate> {
        let Faults {
            dropped,
            duplicated,
            delay,
            ..
        } = self.faults;
        if (dropped, duplicated, delay) == (0, 0, Duration::ZERO) {
            return None;
        }
        if self.percent() < dropped {
            return Some(Fate(Vec::new()));
        }
        let copies = if self.percent() < duplicated { 2 } else { 1 };
        Some(Fate((0..copies).map(|_| self.late(delay)).collect()))
    }

    /// Whether the next post is answered 429.
    pub(crate) fn throttles(&self) -> bool {
        self.happens(self.faults.throttled)
    }

    /// Whether the next connection to end does so without a `$disconnect`.
    pub(crate) fn leaves_untold(&self) -> bool {
        self.happens(self.faults.untold)
    }

    /// Draws nothing for what never happens: the other faults' sequence stays.
    fn happens(&self, rate: u8) -> bool {
        rate > 0 && self.percent() < rate
    }

    fn percent(&self) -> u8 {
        u8::try_from(self.draw() % 100).unwrap_or(0)
    }

    fn late(&self, most: Duration) -> Duration {
        let micros = u64::try_from(most.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.draw() % micros.saturating_add(1).max(1))
    }

    /// SplitMix64 (Steele, Lea & Flood 2014).
    fn draw(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self
            .state
            .fetch_add(STEP, Ordering::Relaxed)
            .wrapping_add(STEP);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_faults_nothing_is_drawn() {
        let dice = Dice::new(Faults::default());
        assert_eq!(dice.fate(), None);
        assert!(!dice.throttles() && !dice.leaves_untold());
        assert_eq!(dice.state.into_inner(), 0);
    }

    #[test]
    fn fates_follow_their_rates_and_their_seed() {
        let faults = Faults {
            seed: 7,
            dropped: 10,
            duplicated: 20,
            delay: Duration::from_millis(5),
            ..Faults::default()
        };
        let fates = |faults: &Faults| -> Vec<Fate> {
            let dice = Dice::new(faults.clone());
            (0..10_000).map(|_| dice.fate().unwrap()).collect()
        };
        let drawn = fates(&faults);
        let copies = |n: usize| drawn.iter().filter(|fate| fate.0.len() == n).count();
        assert!((900..1_100).contains(&copies(0)), "{}", copies(0));
        assert!((1_650..1_950).contains(&copies(2)), "{}", copies(2));
        let late = drawn.iter().flat_map(|fate| &fate.0).max().unwrap();
        assert!(*late <= faults.delay && *late > faults.delay * 9 / 10);
        assert_eq!(drawn, fates(&faults));
        assert_ne!(drawn, fates(&Faults { seed: 8, ..faults }));
    }

    #[test]
    fn throttling_and_silence_follow_their_rates() {
        let dice = Dice::new(Faults {
            seed: 7,
            throttled: 10,
            untold: 100,
            ..Faults::default()
        });
        let throttled = (0..10_000).filter(|_| dice.throttles()).count();
        assert!((900..1_100).contains(&throttled), "{throttled}");
        assert!((0..100).all(|_| dice.leaves_untold()));
    }
}
