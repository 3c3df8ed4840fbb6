//! Chance from one seed, in streams that do not disturb each other.
//!
//! Every actor (a tab's life, a connection, a storage, the schedule) draws from a stream of its
//! own, named by what it is. So a step taken out of a schedule changes what follows from it and
//! nothing else, which is what shrinking needs.

/// SplitMix64 (Steele, Lea & Flood 2014).
#[derive(Debug, Clone, Default)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream of `what` number `which` in the world of `seed`.
    pub(crate) fn stream(seed: u64, what: Stream, which: u64) -> Self {
        let mut rng = Self(seed.wrapping_mul(0xA24B_AED4_963E_E407) ^ ((what as u64) << 56));
        let first = rng.next();
        Self(first ^ which.wrapping_mul(0x9FB2_1C65_1E98_DF25))
    }

    /// A stream that goes on by itself.
    pub(crate) fn split(&mut self) -> Self {
        Self(self.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `from..=to`.
    pub(crate) fn range(&mut self, from: u64, to: u64) -> u64 {
        let width = to.saturating_sub(from).saturating_add(1);
        // The high half of a product: no bias worth a division.
        from + u64::try_from((u128::from(self.next()) * u128::from(width)) >> 64).unwrap_or(0)
    }

    /// An index below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let last = u64::try_from(count.saturating_sub(1)).unwrap_or(0);
        usize::try_from(self.range(0, last)).unwrap_or(0)
    }

    /// True in `chance` of 10,000 cases.
    pub(crate) fn chance(&mut self, chance: u32) -> bool {
        chance > 0 && self.range(0, 9_999) < u64::from(chance)
    }

    /// A waiting time with this mean, at most eight times as long.
    pub(crate) fn gap(&mut self, mean: u64) -> u64 {
        // A geometric law by halves: close enough to an exponential one, and whole numbers.
        let halvings = u64::from(self.next().trailing_zeros().min(7));
        let unit = mean / 2;
        unit * halvings + self.range(0, mean)
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len())).copied()
    }
}

/// Whose stream it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Rates = 1,
    Schedule = 2,
    Tab = 3,
    Client = 4,
    Connection = 5,
    Storage = 6,
    Probe = 7,
}
