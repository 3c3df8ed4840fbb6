//! What stays where it is in sight while rows come, go and grow: decided here, on numbers.
//!
//! The list scrolls from its newest end ([`Layout::scroll`] 0 is the bottom), so that whatever
//! happens above what is in sight moves nothing, and the newest message stays in sight by itself.
//! The rest is done here: the first row in sight is held by its key and its offset. Rows that are
//! not in the document are stood for by two spaces. What a change of rows would move, the space
//! below takes up where there is one, so that scrolling under way (a fling, a dragged bar) is
//! never touched; only at the newest end is the scroll position itself corrected.
//!
//! A person's own scroll always wins: it ends a jump that is under way, and while it lasts the
//! newest message is not scrolled to.

mod window;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod simulated;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use std::ops::Range;

pub use window::{MOST, NEWEST, Window};

use super::Key;

/// Farther from the newest message than this, the person reads older ones (CSS pixels).
pub const LEAVE: f64 = 200.0;

/// Nearer than this, the person is back.
pub const RETURN: f64 = 24.0;

/// As many rows in sight are remembered: where the first is gone, another one is held.
const MARKS: usize = 24;

/// A laid out list. Lengths are CSS pixels; a row's place is its top and bottom edge, counted
/// downwards from the top edge of what is in sight.
pub trait Layout {
    /// Height of what is in sight.
    fn height(&self) -> f64;
    /// How far what is in sight is from the newest end, upwards.
    fn scroll(&self) -> f64;
    /// The greatest [`Layout::scroll`].
    fn reach(&self) -> f64;
    /// Rows in the document.
    fn rows(&self) -> usize;
    /// The place of a row, counted within the document.
    fn place(&self, row: usize) -> (f64, f64);
    /// Its key.
    fn key(&self, row: usize) -> Option<Key>;
    /// The place of the row with this key, if it is in the document.
    fn place_of(&self, key: &Key) -> Option<(f64, f64)>;
    /// Scrolls to a distance from the newest end.
    fn scroll_to(&mut self, scroll: f64);
    /// Sets the heights of the spaces above and below the rows.
    fn set_spaces(&mut self, above: f64, below: f64);
}

/// Where a row that is jumped to comes to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the middle; with its beginning in sight where it is too tall.
    Middle,
    /// A quarter from the top: the first unread one, with some of what was read above it.
    Unread,
}

#[derive(Debug, Clone)]
enum Aim {
    /// A row to bring into sight by scrolling.
    Row(Key, Place),
    /// A place in a space was scrolled to: the row that was guessed to be there comes there.
    Guess(usize),
}

#[derive(Debug, Clone)]
struct Mark {
    key: Key,
    top: f64,
    bottom: f64,
}

/// What is in sight of one conversation.
#[derive(Debug, Clone)]
pub struct Viewport {
    window: Window,
    /// Rows of the conversation.
    len: usize,
    /// The rows that were last in sight.
    seen: Range<usize>,
    /// Heights of the spaces.
    above: f64,
    below: f64,
    /// The height of a row, on average.
    average: f64,
    /// The rows in sight, and where they belong.
    marks: Vec<Mark>,
    /// The scroll position for which `marks` says so.
    scroll: f64,
    following: bool,
    /// Whether a new message is to be scrolled to.
    pin: bool,
    aim: Option<Aim>,
    /// The row that was jumped to: until the person scrolls, it is held rather than another.
    dear: Option<Key>,
    /// Whether the person is scrolling.
    hands: bool,
}

impl Default for Viewport {
    fn default() -> Self {
        Self {
            window: Window::default(),
            len: 0,
            seen: 0..0,
            above: 0.0,
            below: 0.0,
            average: 0.0,
            marks: Vec::new(),
            scroll: 0.0,
            following: true,
            pin: true,
            aim: None,
            dear: None,
            hands: false,
        }
    }
}

impl Viewport {
    /// The rows that belong in the document.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// The rows that were last in sight.
    #[must_use]
    pub fn seen(&self) -> Range<usize> {
        self.seen.clone()
    }

    /// Whether the person looks at the newest message and goes along with it.
    #[must_use]
    pub fn is_following(&self) -> bool {
        self.following
    }

    /// Whether a jump is under way.
    #[must_use]
    pub fn is_jumping(&self) -> bool {
        matches!(self.aim, Some(Aim::Row(..)))
    }

    /// Whether the person is scrolling.
    #[must_use]
    pub fn has_hands(&self) -> bool {
        self.hands
    }

    /// Opens a conversation of `len` rows at its newest message.
    pub fn open(&mut self, len: usize) {
        *self = Self {
            window: Window::newest(len),
            len,
            average: self.average,
            ..Self::default()
        };
    }

    /// The rows of the store have changed: there are `len` now, what stood at the window's
    /// beginning is `moved` rows further, and the newest row is another one where `appended`.
    pub fn changed(&mut self, len: usize, moved: isize, appended: bool) {
        self.len = len;
        self.window = self.window.moved(moved, len);
        if self.following && !self.hands {
            self.window = self.window.newest_of(len);
            self.below = 0.0;
            self.pin |= appended;
            return;
        }
        let seen = Window {
            from: self.seen.start,
            to: self.seen.end,
        };
        let seen = seen.moved(moved, len);
        self.seen = seen.from..seen.to;
        self.window = self.window.follow(&self.seen, len);
    }

    /// Brings the row `at` with this key into sight, once it is in the document.
    pub fn jump(&mut self, at: usize, key: Key, place: Place) {
        self.following = false;
        self.hands = false;
        self.marks.clear();
        self.seen = at..at + 1;
        let window = self.window.follow(&self.seen, self.len);
        if window != self.window {
            self.move_to(window);
        }
        self.aim = Some(Aim::Row(key, place));
    }

    /// Goes to a row, whatever its key.
    pub fn jump_to_row(&mut self, at: usize) {
        self.following = false;
        self.hands = false;
        self.marks.clear();
        self.move_to(Window::around(at, self.len));
        self.seen = at..at + 1;
        self.aim = Some(Aim::Guess(at));
    }

    /// Goes to the newest message.
    pub fn jump_to_newest(&mut self) {
        self.following = true;
        self.pin = true;
        self.hands = false;
        self.aim = None;
        self.marks.clear();
        self.window = self.window.newest_of(self.len);
        self.below = 0.0;
        self.seen = self.window.to..self.window.to;
    }

    /// The person scrolls, or is about to: wheel, touch, key, scroll bar.
    pub fn taken(&mut self) {
        self.hands = true;
        self.pin = false;
        self.aim = None;
        self.dear = None;
    }

    /// What was jumped to does not exist.
    pub fn give_up(&mut self) {
        self.aim = None;
    }

    /// The person has stopped scrolling.
    pub fn released(&mut self) {
        self.hands = false;
    }

    /// After a scroll event. Whether other rows belong in the document now.
    pub fn scrolled(&mut self, layout: &mut impl Layout) -> bool {
        if !is_shown(layout) {
            return false;
        }
        let scroll = layout.scroll();
        // What was done here is not heard as a person's doing.
        if (scroll - self.scroll).abs() >= 1.0 && self.aim.is_none() {
            let limit = if self.following { LEAVE } else { RETURN };
            self.following = self.at_newest() && scroll < limit;
            self.dear = None;
            // Something may have grown in the same frame.
            self.hold(layout, self.by_person(layout));
        }
        self.look(layout)
    }

    /// After rows, heights or the window's size have changed: puts what is in sight back where it
    /// belongs. Whether other rows belong in the document now.
    pub fn laid_out(&mut self, layout: &mut impl Layout) -> bool {
        if !is_shown(layout) {
            return false;
        }
        let person = self.by_person(layout);
        self.measure(layout);
        self.spaces(layout);
        match self.aim.clone() {
            Some(Aim::Row(key, place)) => {
                if let Some((top, bottom)) = layout.place_of(&key) {
                    let free = (layout.height() - (bottom - top)).max(0.0);
                    let wanted = match place {
                        Place::Middle => free / 2.0,
                        Place::Unread => (layout.height() / 4.0).min(free),
                    };
                    layout.scroll_to(layout.scroll() + wanted - top);
                    self.dear = Some(key);
                    self.landed(layout);
                }
            }
            Some(Aim::Guess(row)) => {
                if self.window.has(row) {
                    let (top, _) = layout.place(row - self.window.from);
                    self.take_up(layout, top);
                    self.aim = None;
                    self.scroll = layout.scroll();
                    self.mark(layout, 0.0);
                }
            }
            None if self.following && !self.hands => {
                // The browser keeps the distance from the newest end by itself.
                if std::mem::take(&mut self.pin) && layout.scroll() > 0.0 {
                    layout.scroll_to(0.0);
                }
                self.scroll = layout.scroll();
                self.mark(layout, 0.0);
            }
            None => self.hold(layout, person),
        }
        self.look(layout)
    }

    /// A row that was jumped to is in sight: it is held there from now on.
    fn landed(&mut self, layout: &mut impl Layout) {
        self.scroll = layout.scroll();
        self.following = self.at_newest() && self.scroll < RETURN;
        self.mark(layout, 0.0);
        self.aim = None;
    }

    fn at_newest(&self) -> bool {
        self.window.to >= self.len
    }

    fn move_to(&mut self, window: Window) {
        self.window = window;
        self.below = self.average * rows(self.len - window.to);
    }

    /// How far the person has scrolled since `marks` were made.
    fn by_person(&self, layout: &impl Layout) -> f64 {
        let (scroll, reach) = (layout.scroll(), layout.reach());
        // What the browser had to cut off is not a person's doing.
        if scroll + 1.0 < reach {
            scroll - self.scroll
        } else {
            scroll - self.scroll.min(reach)
        }
    }

    /// Holds the first row in sight that is still there, by as much farther down as the person
    /// has scrolled.
    fn hold(&mut self, layout: &mut impl Layout, person: f64) {
        let height = layout.height();
        let begins = |mark: &Mark| (0.0..height).contains(&(mark.top + person));
        let ends = |mark: &Mark| mark.bottom + person > 0.0 && mark.top + person < height;
        let shift = [Some(&begins as &dyn Fn(&Mark) -> bool), Some(&ends), None]
            .into_iter()
            .find_map(|wanted| {
                let mut marks = self.marks.iter();
                marks.find_map(|mark| {
                    let is_wanted = wanted.is_none_or(|wanted| wanted(mark));
                    let stands = is_wanted.then(|| layout.place_of(&mark.key)).flatten()?;
                    Some(stands.0 - (mark.top + person))
                })
            })
            .unwrap_or(0.0);
        let rest = self.take_up(layout, shift);
        self.scroll = layout.scroll();
        self.mark(layout, rest);
    }

    /// Moves the rows up by `shift`: by the space below, or else by scrolling. What is left of it
    /// is half a pixel at most, or out of reach.
    fn take_up(&mut self, layout: &mut impl Layout, shift: f64) -> f64 {
        let below = if self.at_newest() {
            0.0
        } else if shift.abs() < 0.5 {
            return shift;
        } else {
            (self.below + shift).max(0.0)
        };
        let scroll = layout.scroll();
        let rest = shift - (below - self.below);
        if below.to_bits() != self.below.to_bits() {
            self.below = below;
            layout.set_spaces(self.above, below);
        }
        let now = layout.scroll();
        // A shrunk space may have cut the scroll position off.
        let rest = rest + now - scroll;
        if rest.abs() < 0.5 {
            return rest;
        }
        // Engines round fractions each in their way.
        layout.scroll_to((now - rest).round());
        rest - (now - layout.scroll())
    }

    /// Remembers the rows in sight; they stand `off` pixels lower than they should.
    fn mark(&mut self, layout: &impl Layout, off: f64) {
        // What could not be reached is given up; fractions are kept, so that they do not add up.
        let off = if off.abs() < 1.0 { off } else { 0.0 };
        self.marks.clear();
        let count = layout.rows();
        let start = first(count, |row| layout.place(row).1 > 0.0);
        let height = layout.height();
        for row in start..count.min(start + MARKS) {
            let (top, bottom) = layout.place(row);
            if top >= height {
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

    /// Which rows are in sight, and whether the window has to move for them.
    fn look(&mut self, layout: &impl Layout) -> bool {
        let count = layout.rows();
        if self.aim.is_some() || count != self.window.len() {
            return false;
        }
        let height = layout.height();
        let start = first(count, |row| layout.place(row).1 > 0.0);
        let end = first(count, |row| layout.place(row).0 >= height);
        let from = self.window.from;
        self.seen = from + start.min(end)..from + end;
        if self.following && !self.hands {
            let window = self.window.newest_of(self.len);
            let moves = window != self.window;
            self.window = window;
            return moves;
        }
        if start >= end && count > 0 {
            return self.guess(layout, height);
        }
        let window = self.window.follow(&self.seen, self.len);
        let moves = window != self.window;
        self.window = window;
        moves
    }

    /// Nothing but a space is in sight: the rows that may be there, by their average height.
    fn guess(&mut self, layout: &impl Layout, height: f64) -> bool {
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
        self.move_to(Window::around(row, self.len));
        self.marks.clear();
        self.seen = row..row + 1;
        self.aim = Some(Aim::Guess(row));
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
    fn measure(&mut self, layout: &impl Layout) {
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

    fn spaces(&mut self, layout: &mut impl Layout) {
        let above = (self.average * rows(self.window.from)).round();
        if above.to_bits() != self.above.to_bits() {
            self.above = above;
        }
        layout.set_spaces(self.above, self.below);
    }
}

/// Whether there is a layout at all: a pane that is not displayed has none.
fn is_shown(layout: &impl Layout) -> bool {
    let count = layout.rows();
    layout.height() > 0.0 && (count == 0 || layout.place(count - 1).1 > layout.place(0).0)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 rows")]
fn rows(count: usize) -> f64 {
    count as f64
}

/// The first of `count` rows for which `holds`, which holds for all after it too; or `count`.
fn first(count: usize, holds: impl Fn(usize) -> bool) -> usize {
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
