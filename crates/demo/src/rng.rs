//! Chance from one seed.

use std::collections::BTreeMap;

/// SplitMix64 (Steele, Lea & Flood 2014), and a memory of what was said lately.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rng {
    state: u64,
    /// How many of each pool of texts have been used, by the pool's first text.
    used: BTreeMap<&'static str, usize>,
}

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            used: BTreeMap::new(),
        }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 128 bits, for a message's id.
    pub(crate) fn bits(&mut self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }

    /// A number in `from..=to`.
    pub(crate) fn range(&mut self, from: u64, to: u64) -> u64 {
        let width = to.saturating_sub(from).saturating_add(1);
        from + u64::try_from((u128::from(self.next()) * u128::from(width)) >> 64).unwrap_or(0)
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.range(1, 100) <= percent
    }

    /// The next text of a pool: all of them come before one comes again.
    pub(crate) fn next_of(&mut self, pool: &[&'static str]) -> &'static str {
        let (Some(&first), Ok(count)) = (pool.first(), u64::try_from(pool.len())) else {
            return "";
        };
        let start = match self.used.get(first) {
            Some(&used) => used + 1,
            None => usize::try_from(self.range(0, count - 1)).unwrap_or(0),
        } % pool.len();
        self.used.insert(first, start);
        pool.get(start).copied().unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_used_up_before_it_repeats() {
        let mut rng = Rng::new(7);
        let pool = ["a", "b", "c"];
        let mut said: Vec<_> = (0..3).map(|_| rng.next_of(&pool)).collect();
        said.sort_unstable();
        assert_eq!(said, pool);
        assert_eq!(Rng::new(1).next_of(&[]), "");
    }

    #[test]
    fn one_seed_is_one_stream() {
        let draw = |seed| {
            let mut rng = Rng::new(seed);
            (0..50).map(|_| rng.range(3, 9)).collect::<Vec<_>>()
        };
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
        assert!(draw(5).iter().all(|number| (3..=9).contains(number)));
    }
}
