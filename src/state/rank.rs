//! How well a name matches what was typed. Both come folded (`ui/fold.rs`): without capitals and
//! accents.

/// How well a name matches; the earlier, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Nothing else stands in it.
    Whole,
    /// It begins so.
    Start,
    /// A word of it begins so.
    Word,
    /// It stands somewhere in it.
    Within,
    /// Its letters stand in it, in order.
    Scattered,
}

/// The ranks, best first.
const RANKS: [Rank; 5] = [
    Rank::Whole,
    Rank::Start,
    Rank::Word,
    Rank::Within,
    Rank::Scattered,
];

/// How well `name` matches `typed`; `None` where it does not. Each word typed must match; the one
/// that matches worst decides.
#[must_use]
pub fn rank(name: &str, typed: &str) -> Option<Rank> {
    let typed = typed.trim();
    if typed.is_empty() || name == typed {
        return Some(Rank::Whole);
    }
    if let Some(rank) = found(name, typed) {
        return Some(rank);
    }
    let mut worst = Rank::Word;
    for word in typed.split_whitespace() {
        worst = worst.max(found(name, word).or_else(|| scattered(name, word))?);
    }
    Some(worst)
}

/// Whether `name` holds each word typed: what a filter of a list asks.
#[must_use]
pub fn holds(name: &str, typed: &str) -> bool {
    typed.split_whitespace().all(|word| name.contains(word))
}

fn found(name: &str, word: &str) -> Option<Rank> {
    let mut rank = None;
    for (at, _) in name.match_indices(word) {
        if at == 0 {
            return Some(Rank::Start);
        }
        if begins_word(name, at) {
            return Some(Rank::Word);
        }
        rank = Some(Rank::Within);
    }
    rank
}

fn begins_word(name: &str, at: usize) -> bool {
    let before = name[..at].chars().next_back();
    before.is_none_or(|before| {
        before.is_whitespace() || before.is_ascii_punctuation() || before == '\u{2068}'
    })
}

/// The first letter begins a word, the others follow in order.
fn scattered(name: &str, word: &str) -> Option<Rank> {
    let first = word.chars().next()?;
    let starts = name
        .match_indices(first)
        .filter(|(at, _)| begins_word(name, *at));
    for (at, _) in starts {
        let mut rest = name[at..].chars();
        if word.chars().all(|letter| rest.any(|other| other == letter)) {
            return Some(Rank::Scattered);
        }
    }
    None
}

/// The best of `names`, at most `most`; among equals the order stays.
#[must_use]
pub fn best<T>(names: impl IntoIterator<Item = (T, String)>, typed: &str, most: usize) -> Vec<T> {
    let mut ranked: Vec<(Rank, T)> = Vec::new();
    for (value, name) in names {
        if let Some(rank) = rank(&name, typed) {
            ranked.push((rank, value));
        }
    }
    // Five passes rather than a sort, which would cost kilobytes.
    let mut best = Vec::new();
    for wanted in RANKS {
        let mut rest = Vec::with_capacity(ranked.len());
        for (rank, value) in ranked {
            if rank == wanted && best.len() < most {
                best.push(value);
            } else {
                rest.push((rank, value));
            }
        }
        ranked = rest;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_the_better() {
        for (name, typed, expected) in [
            ("ana", "ana", Some(Rank::Whole)),
            ("ana", "  ", Some(Rank::Whole)),
            ("ana maria", "ana", Some(Rank::Start)),
            ("bo, ana", "ana", Some(Rank::Word)),
            ("bo-ana", "ana", Some(Rank::Word)),
            ("chiana", "ana", Some(Rank::Within)),
            ("anna maria", "an ma", Some(Rank::Word)),
            ("anna maria", "ma an", Some(Rank::Word)),
            ("new message", "nm", Some(Rank::Scattered)),
            ("new message", "msg", Some(Rank::Scattered)),
            ("new message", "xm", None),
            ("new message", "new foo", None),
            ("дана", "да", Some(Rank::Start)),
            ("ana", "anaa", None),
            ("", "a", None),
        ] {
            assert_eq!(rank(name, typed), expected, "{typed} in {name}");
        }
    }

    #[test]
    fn the_best_come_first_and_equals_keep_their_order() {
        let names = ["bo, ana", "hanna", "ana", "anabel", "cy", "anatol", "a n a"];
        let named = || names.iter().map(|name| (*name, (*name).to_owned()));
        assert_eq!(
            best(named(), "ana", 10),
            ["ana", "anabel", "anatol", "bo, ana", "a n a"]
        );
        assert_eq!(best(named(), "ana", 2), ["ana", "anabel"]);
        assert_eq!(best(named(), "", 3), ["bo, ana", "hanna", "ana"]);
        assert!(best(named(), &"x".repeat(10_000), 10).is_empty());
    }

    #[test]
    fn a_filter_wants_every_word() {
        assert!(holds("bo, chiara", "chi bo"));
        assert!(holds("bo", ""));
        assert!(!holds("bo, chiara", "chi x"));
    }
}
