//! Rows in sight are held: where they belong is remembered, and they are put back there.

use super::super::Key;
use super::Viewport;
use super::layout::{Layout, first};

/// As many rows in sight are remembered: where the first is gone, another one is held.
const MARKS: usize = 24;

/// As far from where they belong rows may stand (CSS pixels): a place to scroll to is that far
/// from the nearest whole pixel.
const ROUNDED: f64 = 0.5;

/// As exact as engines tell lengths (CSS pixels).
const EXACT: f64 = 0.01;

/// A row in sight, and where it belongs: fractions of pixels that could not be reached are kept,
/// so that they do not add up.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    key: Key,
    top: f64,
    bottom: f64,
}

impl Viewport {
    /// How far the person has scrolled since `marks` were made.
    pub(super) fn by_person(&self, layout: &impl Layout) -> f64 {
        let (scroll, reach) = (layout.scroll(), layout.reach());
        // What the browser had to cut off is not a person's doing.
        if self.within > reach + EXACT && scroll + EXACT >= reach {
            0.0
        } else {
            scroll - self.scroll
        }
    }

    /// Holds the first row in sight that is still there, by as much farther down as the person
    /// has scrolled.
    pub(super) fn hold(&mut self, layout: &mut impl Layout, person: f64) {
        let height = layout.height();
        let begins = |mark: &Mark| (0.0..height).contains(&(mark.top + person));
        let ends = |mark: &Mark| mark.bottom + person > 0.0 && mark.top + person < height;
        let held = [Some(&begins as &dyn Fn(&Mark) -> bool), Some(&ends), None]
            .into_iter()
            .find_map(|wanted| {
                let mut marks = self.marks.iter();
                marks.find_map(|mark| {
                    let is_wanted = wanted.is_none_or(|wanted| wanted(mark));
                    let stands = is_wanted.then(|| layout.place_of(&mark.key)).flatten()?;
                    Some((mark.key.clone(), mark.top + person, stands.0))
                })
            });
        let off = held.map_or(0.0, |(key, top, stands)| {
            self.put(layout, &key, stands, top)
        });
        self.mark(layout, off);
    }

    /// Moves a row that stands at `stands` to `top`: by the space below, or else by scrolling.
    /// How much lower than that it stands then: half a pixel at most, or `top` is out of reach.
    pub(super) fn put(
        &mut self,
        layout: &mut impl Layout,
        key: &Key,
        stands: f64,
        top: f64,
    ) -> f64 {
        let mut rest = stands - top;
        let below = if self.at_newest() {
            0.0
        } else if rest.abs() <= ROUNDED {
            return rest;
        } else {
            (self.below + rest).max(0.0)
        };
        if below.to_bits() != self.below.to_bits() {
            self.below = below;
            layout.set_spaces(self.above, below);
            // Measured: engines cut fractions off, and a shrunk space may have cut the scroll
            // position off.
            rest = lower(layout, key, top);
        }
        if rest.abs() > ROUNDED {
            layout.scroll_to(layout.scroll() - rest);
            rest = lower(layout, key, top);
        }
        rest
    }

    /// Remembers the scroll position and the rows in sight; they stand `off` pixels lower than
    /// they should.
    pub(super) fn mark(&mut self, layout: &impl Layout, off: f64) {
        self.scroll = layout.scroll();
        self.within = self.scroll.min(layout.reach());
        // What could not be reached is given up; only what rounding has left may be put right later.
        let off = off.clamp(-ROUNDED, ROUNDED);
        self.marks.clear();
        let count = layout.rows();
        let start = first(count, |row| layout.place(row).1 > 0.0);
        let height = layout.height();
        // With nothing but a space in sight it is the row next to it.
        let start = start.min(count.saturating_sub(1));
        for row in start..count.min(start + MARKS) {
            let (top, bottom) = layout.place(row);
            if top >= height && row > start {
                break;
            }
            if let Some(key) = layout.key(row) {
                self.marks.push(Mark {
                    key,
                    top: top - off,
                    bottom: bottom - off,
                });
            }
        }
        let dear = self.dear.as_ref();
        if let Some(at) = self.marks.iter().position(|mark| Some(&mark.key) == dear) {
            self.marks.swap(0, at);
        }
    }
}

/// How much lower than `top` a row stands.
fn lower(layout: &impl Layout, key: &Key, top: f64) -> f64 {
    layout.place_of(key).map_or(0.0, |place| place.0 - top)
}
