//! From a message's id to where it stands: a hash table of numbers.
//!
//! Ids come in no order, so a sorted list would move half of itself for each; the standard hash
//! map costs the app 8 KB for each pair of types. This one holds hashes and numbers only: whether
//! the ids are equal is for its owner to say.

/// Stands where nothing does.
const EMPTY: u32 = u32::MAX;

/// Several numbers may stand under one hash.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// Ids are chosen by people: with a salt nobody can choose many that meet in one place.
    salt: u64,
    slots: Vec<(u32, u32)>,
    len: usize,
}

impl Index {
    pub(super) fn new(salt: u64) -> Self {
        Self {
            salt,
            ..Self::default()
        }
    }

    /// FNV-1a from the salt on, with its halves folded.
    pub(super) fn hash(&self, key: &str) -> u32 {
        let hash = key
            .bytes()
            .fold(self.salt ^ 0xCBF2_9CE4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
            });
        let [a, b, c, d, e, f, g, h] = hash.to_le_bytes();
        u32::from_le_bytes([a, b, c, d]) ^ u32::from_le_bytes([e, f, g, h])
    }

    fn start(&self, hash: u32) -> usize {
        // The number of slots is a power of two.
        usize::try_from(hash).unwrap_or(0) & (self.slots.len().wrapping_sub(1))
    }

    /// The numbers under a hash, in no order.
    pub(super) fn of(&self, hash: u32) -> Numbers<'_> {
        Numbers {
            slots: &self.slots,
            at: self.start(hash),
            hash,
        }
    }

    pub(super) fn insert(&mut self, hash: u32, value: u32) {
        // Seven eighths full at the most: runs stay short, and there is always an end to them.
        if (self.len + 1) * 8 > self.slots.len() * 7 {
            let larger = (self.slots.len() * 2).max(16);
            let old = std::mem::replace(&mut self.slots, vec![(0, EMPTY); larger]);
            for (hash, value) in old {
                if value != EMPTY {
                    self.put(hash, value);
                }
            }
        }
        self.put(hash, value);
        self.len += 1;
    }

    fn put(&mut self, hash: u32, value: u32) {
        let mut at = self.start(hash);
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == EMPTY {
                *slot = (hash, value);
                return;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

/// See [`Index::of`].
pub(super) struct Numbers<'a> {
    slots: &'a [(u32, u32)],
    at: usize,
    hash: u32,
}

impl Iterator for Numbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        loop {
            let (hash, value) = *self.slots.get(self.at)?;
            if value == EMPTY {
                return None;
            }
            self.at = (self.at + 1) & (self.slots.len() - 1);
            if hash == self.hash {
                return Some(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_found_again_equals_too() {
        let mut index = Index::new(7);
        assert_eq!(index.of(index.hash("m1")).count(), 0);
        for n in 0..5_000_u32 {
            let hash = index.hash(&format!("m{}", n % 2_500));
            index.insert(hash, n);
        }
        for n in 0..2_500 {
            let mut found: Vec<u32> = index.of(index.hash(&format!("m{n}"))).collect();
            found.sort_unstable();
            assert_eq!(found, [n, n + 2_500]);
        }
        assert_eq!(index.of(index.hash("m2500")).count(), 0);
        assert!(index.slots.len() <= 8_192);
    }

    #[test]
    fn another_salt_is_another_order() {
        let (one, other) = (Index::new(1), Index::new(2));
        assert_ne!(one.hash("m1"), other.hash("m1"));
    }

    #[test]
    fn a_run_goes_round_the_end() {
        let mut index = Index::new(0);
        for value in 0..9 {
            index.insert(u32::MAX, value);
        }
        let found: Vec<u32> = index.of(u32::MAX).collect();
        assert_eq!(found, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        index.insert(1, 9);
        assert_eq!(index.of(1).collect::<Vec<_>>(), [9]);
    }
}
