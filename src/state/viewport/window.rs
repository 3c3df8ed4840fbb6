//! Which rows of a conversation stand in the document.

use std::ops::Range;

/// Most rows in the document.
pub const MOST: usize = 300;

/// Rows in the document when a conversation has opened at its newest message.
pub const NEWEST: usize = 120;

/// Those of them that are painted first: more than is in sight on most screens.
pub const FIRST: usize = 40;

/// With fewer rows than this beyond what is in sight, the window moves.
const MARGIN: usize = 30;

/// Rows beyond what is in sight, on either side, after it has moved: it moves again only when
/// [`REACH`] − [`MARGIN`] rows have passed, whichever way.
const REACH: usize = 60;

/// A stretch of rows, counted from the oldest message: `from` stands in the document, `to` does
/// not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// The first row.
    pub from: usize,
    /// The row after the last.
    pub to: usize,
}

impl Window {
    /// The newest `count` rows of `len`.
    #[must_use]
    pub fn newest(count: usize, len: usize) -> Self {
        Self {
            from: len.saturating_sub(count),
            to: len,
        }
    }

    /// The rows about `row`, of `len`.
    #[must_use]
    pub fn around(row: usize, len: usize) -> Self {
        Self::about(&(row..row.saturating_add(1)), len)
    }

    /// How many rows.
    #[must_use]
    pub fn len(self) -> usize {
        self.to - self.from
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.from == self.to
    }

    /// Whether a row stands in the document.
    #[must_use]
    pub fn has(self, row: usize) -> bool {
        (self.from..self.to).contains(&row)
    }

    /// Whether they have rows in common.
    #[must_use]
    pub fn joins(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// Where the window belongs while the rows `seen` of `len` are in sight: it stays as long as
    /// there is enough beyond them.
    #[must_use]
    pub fn follow(self, seen: &Range<usize>, len: usize) -> Self {
        let enough_above = self.from == 0 || self.from + MARGIN <= seen.start;
        let enough_below = self.to >= len || seen.end + MARGIN <= self.to;
        let most = seen.len() + 2 * (REACH + MARGIN);
        if enough_above && enough_below && self.to <= len && self.len() <= most.min(MOST) {
            return self;
        }
        Self::about(seen, len)
    }

    /// The rows `seen` of `len` and what belongs beyond them.
    #[must_use]
    pub fn about(seen: &Range<usize>, len: usize) -> Self {
        let seen = seen.start.min(len)..seen.end.min(len);
        let spare = MOST.saturating_sub(seen.len()) / 2;
        let reach = spare.min(REACH);
        let from = seen.start.saturating_sub(reach);
        Self {
            from,
            to: (seen.end + reach).min(len).min(from + MOST),
        }
    }

    /// These rows and those `wanted`, where they join and may stand in the document together;
    /// otherwise those alone.
    #[must_use]
    pub fn with(self, wanted: Self, len: usize) -> Self {
        let both = Self {
            from: self.from.min(wanted.from),
            to: self.to.max(wanted.to),
        };
        let fits = both.to <= len && both.len() <= MOST;
        if fits && self.joins(wanted) {
            both
        } else {
            wanted
        }
    }

    /// Follows the newest `count` rows of `len`, with older ones cut off only now and then.
    #[must_use]
    pub fn newest_of(self, count: usize, len: usize) -> Self {
        let newest = Self::newest(count, len);
        let keeps = self.from <= newest.from && newest.from - self.from <= MARGIN;
        Self {
            from: if keeps { self.from } else { newest.from },
            to: len,
        }
    }

    /// The same rows after `by` rows came (or, negative, went) before them, of `len`.
    #[must_use]
    pub fn moved(self, by: isize, len: usize) -> Self {
        let from = self.from.saturating_add_signed(by).min(len);
        Self {
            from,
            to: self.to.saturating_add_signed(by).clamp(from, len),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_stays_until_little_is_left_beyond_what_is_in_sight() {
        let window = Window::around(1_000, 100_000);
        assert_eq!((window.from, window.to), (940, 1_061));
        // Thirty rows either way: nothing happens.
        for start in 970..=1_021 {
            assert_eq!(window.follow(&(start..start + 10), 100_000), window);
        }
        let up = window.follow(&(969..979), 100_000);
        assert_eq!((up.from, up.to), (909, 1_039));
        // And back down at once: it does not move to and fro.
        assert_eq!(up.follow(&(971..981), 100_000), up);
        let down = window.follow(&(1_022..1_032), 100_000);
        assert_eq!((down.from, down.to), (962, 1_092));
    }

    #[test]
    fn what_joins_stands_together_up_to_the_limit() {
        let window = Window { from: 50, to: 170 };
        let wanted = Window { from: 0, to: 120 };
        let both = Window { from: 0, to: 170 };
        assert_eq!(window.with(wanted, 500), both);
        assert_eq!(wanted.with(window, 170), both);
        assert_eq!(wanted.with(wanted, 500), wanted);
        // Rows are gone; nothing is in common; too many.
        assert_eq!(window.with(wanted, 169), wanted);
        assert_eq!(window.with(Window { from: 0, to: 50 }, 500).to, 50);
        let long = Window {
            from: 100,
            to: MOST,
        };
        assert_eq!(long.with(wanted, 500).len(), MOST);
        let longer = Window {
            from: 100,
            to: MOST + 1,
        };
        assert_eq!(longer.with(wanted, 500), wanted);
    }

    #[test]
    fn a_window_never_passes_the_ends_or_the_limit() {
        assert_eq!(Window::newest(NEWEST, 7), Window { from: 0, to: 7 });
        assert_eq!(Window::around(5, 3), Window { from: 0, to: 3 });
        assert_eq!(Window::default().follow(&(0..0), 0), Window::default());
        let tall = Window { from: 0, to: 50 }.follow(&(10_000..10_290), 100_000);
        assert_eq!(tall.len(), 300);
        assert!(tall.has(10_000) && tall.has(10_289));
        let beyond = Window { from: 0, to: 50 }.follow(&(0..1_000), 100_000);
        assert_eq!(beyond.len(), MOST);
    }

    #[test]
    fn the_newest_are_followed_and_older_ones_are_cut_off_together() {
        let mut window = Window::newest(NEWEST, 100_000);
        let mut cuts = 0;
        for len in 100_001..100_301 {
            let next = window.newest_of(NEWEST, len);
            assert_eq!(next.to, len);
            assert!(next.len() >= NEWEST && next.len() <= NEWEST + MARGIN);
            cuts += usize::from(next.from != window.from);
            window = next;
        }
        assert_eq!(cuts, 9);
    }

    #[test]
    fn rows_that_come_before_take_the_window_along() {
        let window = Window { from: 0, to: 50 };
        assert_eq!(window.moved(50, 100), Window { from: 50, to: 100 });
        assert_eq!(window.moved(-10, 40), Window { from: 0, to: 40 });
        assert_eq!(window.moved(5, 20), Window { from: 5, to: 20 });
    }
}
