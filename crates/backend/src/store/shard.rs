//! Parts of the roster that are read without the others.
//!
//! Every connection has a place on a ring, by a hash of its id: ids of the platform look alike in
//! part, so ranges of ids would differ in size. A shard is a range of places, and a store that
//! keeps its rows by place reads it alone.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use switchboard_protocol::ConnectionId;

use super::Connection;

/// Most shards of a roster: of 512 connections each, two millions.
const MAX_SHARDS: u32 = 4096;
const PLACES: u32 = 1 << 16;

/// A connection's place on the ring.
#[must_use]
pub fn place(id: &ConnectionId) -> u16 {
    // FNV-1a, and its bits mixed: the last bytes of an id reach its upper bits only then.
    let hash = id
        .as_str()
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let [high, low, ..] = mixed.to_be_bytes();
    u16::from_be_bytes([high, low])
}

/// One of equal ranges of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Shard {
    number: u32,
    of: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    number: u32,
    of: u32,
}

impl TryFrom<Parts> for Shard {
    type Error = String;

    fn try_from(parts: Parts) -> Result<Self, String> {
        let Parts { number, of } = parts;
        if of.is_power_of_two() && of <= MAX_SHARDS && number < of {
            Ok(Self { number, of })
        } else {
            Err(format!("there is no shard {number} of {of}"))
        }
    }
}

impl From<Shard> for Parts {
    fn from(shard: Shard) -> Self {
        let Shard { number, of } = shard;
        Self { number, of }
    }
}

impl Shard {
    /// The whole roster.
    pub(crate) const WHOLE: Self = Self { number: 0, of: 1 };

    /// As many shards as hold about `size` connections each at most, where there are about `crowd`.
    ///
    /// A power of two, so that none lies in two partitions of a store that has fewer.
    pub fn all(crowd: usize, size: usize) -> impl Iterator<Item = Self> {
        let count = u32::try_from(crowd.div_ceil(size.max(1))).unwrap_or(MAX_SHARDS);
        let of = count.clamp(1, MAX_SHARDS).next_power_of_two();
        (0..of).map(move |number| Self { number, of })
    }

    /// The places in it.
    #[must_use]
    pub fn places(self) -> RangeInclusive<u16> {
        let width = PLACES / self.of;
        let first = self.number * width;
        // Below `PLACES`, because the number is below the count.
        let place = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
        place(first)..=place(first + (width - 1))
    }

    /// Whether a connection is in it.
    #[must_use]
    pub fn holds(self, id: &ConnectionId) -> bool {
        self.places().contains(&place(id))
    }
}

/// Everyone connected, or how many they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gathering {
    /// All of them, by id.
    All(Vec<Connection>),
    /// More than asked for; about so many.
    Crowd(usize),
}

impl Gathering {
    /// Of all connections, where there are at most `most`.
    #[must_use]
    pub fn up_to(most: usize, all: Vec<Connection>) -> Self {
        match all.len() {
            few if few <= most => Self::All(all),
            many => Self::Crowd(many),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shards(crowd: usize, size: usize) -> Vec<Shard> {
        Shard::all(crowd, size).collect()
    }

    #[test]
    fn shards_cover_the_ring_without_overlapping() {
        for crowd in [1, 513, 5_000, 100_000, usize::MAX] {
            let mut next = 0_u32;
            for shard in shards(crowd, 512) {
                assert_eq!(u32::from(*shard.places().start()), next);
                next = u32::from(*shard.places().end()) + 1;
            }
            assert_eq!(next, PLACES, "{crowd}");
        }
    }

    #[test]
    fn there_are_as_many_as_it_takes() {
        let counts = [1, 512, 513, 1024, 1025, 100_000].map(|crowd| shards(crowd, 512).len());
        assert_eq!(counts, [1, 1, 2, 2, 4, 256]);
        assert_eq!(shards(usize::MAX, 0).len(), 4096);
    }

    /// Ids of the platform share their end and often their beginning.
    #[test]
    fn ids_that_look_alike_are_spread() {
        let mut sizes = vec![0_usize; 256];
        for number in 0..100_000 {
            let id = ConnectionId::try_from(format!("L0SM{number:05}CIhw=")).unwrap();
            sizes[usize::from(place(&id) >> 8)] += 1;
        }
        let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
        assert!(*least > 300 && *most < 480, "{least} to {most}");
    }

    #[test]
    fn a_shard_that_there_is_not_is_not_read() {
        let read = |text: &str| serde_json::from_str::<Shard>(text);
        assert!(read(r#"{"number":3,"of":4}"#).is_ok());
        for text in [
            r#"{"number":4,"of":4}"#,
            r#"{"number":0,"of":0}"#,
            r#"{"number":0,"of":3}"#,
            r#"{"number":0,"of":8192}"#,
            r#"{"number":-1,"of":4}"#,
            r#"{"number":0,"of":4,"x":1}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
