//! What is asked of the laid out list.

use super::super::Key;

/// A laid out list. Lengths are CSS pixels; a row's place is its top and bottom edge, counted
/// downwards from the top edge of what is in sight.
pub trait Layout {
    /// Height of what is in sight.
    fn height(&self) -> f64;
    /// How far what is in sight is from the newest end, upwards.
    fn scroll(&self) -> f64;
    /// The greatest [`Layout::scroll`]; engines that round up go beyond, by less than a pixel.
    fn reach(&self) -> f64;
    /// Rows in the document.
    fn rows(&self) -> usize;
    /// The place of a row, counted within the document.
    fn place(&self, row: usize) -> (f64, f64);
    /// Its key.
    fn key(&self, row: usize) -> Option<Key>;
    /// The place of the row with this key, if it is in the document.
    fn place_of(&self, key: &Key) -> Option<(f64, f64)>;
    /// Scrolls to the place nearest to a distance from the newest end.
    fn scroll_to(&mut self, scroll: f64);
    /// Sets the heights of the spaces above and below the rows.
    fn set_spaces(&mut self, above: f64, below: f64);
}

/// Whether there is a layout at all: a pane that is not displayed has none.
pub(super) fn is_shown(layout: &impl Layout) -> bool {
    let count = layout.rows();
    layout.height() > 0.0 && (count == 0 || layout.place(count - 1).1 > layout.place(0).0)
}

/// The first of `count` rows for which `holds`, which holds for all after it too; or `count`.
pub(super) fn first(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = usize::midpoint(from, to);
        if holds(middle) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    from
}
