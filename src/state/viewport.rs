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

mod hold;
mod layout;
mod spaces;
mod window;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod simulated;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use std::ops::Range;

use hold::Mark;
pub use layout::Layout;
use layout::{first, is_shown};
pub use window::{FIRST, MOST, NEWEST, Window};

use super::Key;

/// Farther from the newest message than this, the person reads older ones (CSS pixels).
pub const LEAVE: f64 = 200.0;

/// Nearer than this, the person is back.
pub const RETURN: f64 = 24.0;

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
    /// The part of it that is within reach: an engine that rounds up goes beyond.
    within: f64,
    following: bool,
    /// Whether a new message is to be scrolled to.
    pin: bool,
    aim: Option<Aim>,
    /// The row that was jumped to: until the person scrolls, it is held rather than another.
    dear: Option<Key>,
    /// Whether the person is scrolling.
    hands: bool,
    /// Whether only the first few rows stand in the document until they are painted.
    few: bool,
    /// Whether rows that nobody is near any more stand in it until what came is painted.
    spare: bool,
    /// Whether the paint is waited for.
    asked: bool,
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
            // Whatever it is, nobody scrolled there.
            scroll: f64::NAN,
            within: 0.0,
            following: true,
            pin: true,
            aim: None,
            dear: None,
            hands: false,
            few: false,
            spare: false,
            asked: false,
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

    /// Opens a conversation of `len` rows at its newest message, with the first few of them.
    pub fn open(&mut self, len: usize) {
        self.replaced(len);
        self.few = len > FIRST;
        self.window = Window::newest(FIRST, len);
    }

    /// Other rows have taken the place of all: goes to the newest of `len`.
    pub fn replaced(&mut self, len: usize) {
        *self = Self {
            window: Window::newest(NEWEST, len),
            len,
            average: self.average,
            ..Self::default()
        };
    }

    /// Whether to call [`painted`](Self::painted) once what is there is painted, as rows come or go
    /// then that nobody waits for. Says so once.
    pub fn awaits_paint(&mut self) -> bool {
        (self.few || self.spare) && !std::mem::replace(&mut self.asked, true)
    }

    /// They do so with the next change. Whether there are any.
    pub fn painted(&mut self, layout: &mut impl Layout) -> bool {
        // What a person has done until now is looked at while everything is still there.
        let moves = self.scrolled(layout);
        self.asked = false;
        let (few, window) = (std::mem::take(&mut self.few), self.window);
        if std::mem::take(&mut self.spare) {
            self.window = Window::about(&self.seen, self.len);
            self.stand_for(layout, window.to.saturating_sub(self.window.to));
        }
        moves || few || self.window != window
    }

    /// Has the rows about those in sight come.
    fn extend(&mut self) {
        let wanted = self.window.follow(&self.seen, self.len);
        self.window = self.window.with(wanted, self.len);
        self.spare |= self.window != wanted;
    }

    fn newest(&self) -> Window {
        let count = if self.few { FIRST } else { NEWEST };
        self.window.newest_of(count, self.len)
    }

    /// The rows of the store have changed: there are `len` now, what stood at the window's
    /// beginning is `moved` rows further, and the newest row is another one where `appended`.
    pub fn changed(&mut self, len: usize, moved: isize, appended: bool) {
        self.len = len;
        self.window = self.window.moved(moved, len);
        if self.following && !self.hands {
            self.window = self.newest();
            self.spare = false;
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
        self.extend();
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
        self.spare = false;
        self.aim = None;
        self.marks.clear();
        self.scroll = f64::NAN;
        self.window = self.newest();
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
        // A scroll away that is not told of yet is one all the same.
        let leaves = person.abs() >= 1.0 && layout.scroll() >= LEAVE;
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
                    let at = row - self.window.from;
                    if let Some(key) = layout.key(at) {
                        let (top, _) = layout.place(at);
                        self.put(layout, &key, top, 0.0);
                    }
                    self.aim = None;
                    self.mark(layout, 0.0);
                }
            }
            None if self.following && !self.hands && !leaves => {
                // The browser keeps the distance from the newest end by itself.
                if std::mem::take(&mut self.pin) && layout.scroll() > 0.0 {
                    layout.scroll_to(0.0);
                }
                self.mark(layout, 0.0);
            }
            None => {
                self.hold(layout, person);
                // Held on to, it is left behind by what arrives.
                self.following &= self.at_newest() && layout.scroll() < LEAVE;
            }
        }
        self.look(layout)
    }

    /// A row that was jumped to is in sight: it is held there from now on.
    fn landed(&mut self, layout: &mut impl Layout) {
        self.mark(layout, 0.0);
        self.following = self.at_newest() && self.scroll < RETURN;
        self.aim = None;
    }

    fn at_newest(&self) -> bool {
        self.window.to >= self.len
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
            // They do not fill a tall window.
            self.few &= start > 0;
            self.spare = false;
            let window = self.newest();
            let moves = window != self.window;
            self.window = window;
            return moves;
        }
        if start >= end && count > 0 {
            return self.guess(layout, height);
        }
        let window = self.window;
        self.extend();
        window != self.window
    }
}
