//! The spaces that stand for the rows which are not in the document.

use super::layout::Layout;
use super::{Aim, Viewport, Window};

impl Viewport {
    /// Moves the window to other rows.
    pub(super) fn move_to(&mut self, window: Window) {
        self.window = window;
        self.below = self.average * rows(self.len - window.to);
    }

    /// The last rows in the document are about to go: the space takes their place before they do, as
    /// the browser would cut the scroll position off.
    pub(super) fn stand_for(&mut self, layout: &mut impl Layout, gone: usize) {
        let count = layout.rows();
        if gone == 0 || gone >= count {
            return;
        }
        self.below += layout.place(count - 1).1 - layout.place(count - 1 - gone).1;
        layout.set_spaces(self.above, self.below);
    }

    /// Nothing but a space is in sight: the rows that may be there, by their average height.
    pub(super) fn guess(&mut self, layout: &impl Layout, height: f64) -> bool {
        let count = layout.rows();
        let above = layout.place(0).0;
        let below = -layout.place(count - 1).1;
        let row = if above >= height && self.window.from > 0 {
            self.window.from.saturating_sub(self.rows_in(above).max(1))
        } else if below >= 0.0 && self.window.to < self.len {
            (self.window.to + self.rows_in(below)).min(self.len - 1)
        } else {
            return false;
        };
        let window = Window::around(row, self.len);
        self.seen = row..row + 1;
        if window.joins(self.window) {
            // No need to guess: what is marked will be held.
            self.window = window;
        } else {
            self.move_to(window);
            self.marks.clear();
            self.aim = Some(Aim::Guess(row));
        }
        true
    }

    fn rows_in(&self, pixels: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a guess, and never negative"
        )]
        let rows = (pixels / self.average.max(1.0)) as usize;
        rows
    }

    /// Learns how tall rows are: slowly, as the scroll bar shows it.
    pub(super) fn measure(&mut self, layout: &impl Layout) {
        let count = layout.rows();
        if count < 10 {
            return;
        }
        let now = (layout.place(count - 1).1 - layout.place(0).0) / rows(count);
        self.average = if self.average > 0.0 {
            self.average + (now - self.average) / 8.0
        } else {
            now
        };
    }

    pub(super) fn spaces(&mut self, layout: &mut impl Layout) {
        let above = (self.average * rows(self.window.from)).round();
        if above.to_bits() != self.above.to_bits() {
            self.above = above;
        }
        layout.set_spaces(self.above, self.below);
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 rows")]
fn rows(count: usize) -> f64 {
    count as f64
}
