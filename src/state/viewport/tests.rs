//! Random histories of a conversation and of its reader, on a simulated layout.
//!
//! The seed is fixed, so that CI draws the same cases each time; `PROPTEST_CASES` and
//! `PROPTEST_RNG_SEED` in the environment look longer and elsewhere.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

use super::simulated::{Page, key};
use super::{LEAVE, Layout, MOST, Place, Viewport};

mod examples;

/// What happens to a page.
#[derive(Debug, Clone)]
enum Act {
    Prepend(Vec<f64>),
    Append(Vec<f64>),
    /// A row (by its place in the store, in thousandths) gets another height: an image, an edit.
    Grow(usize, f64),
    /// The window gets another width: every row another height.
    Reflow(u64),
    Resize(f64),
    /// A row leaves the store.
    Remove(usize),
    /// The person scrolls up, or down where negative; whether the page has heard of it before the
    /// next thing happens.
    Scroll(f64, bool),
    /// What was opened is painted.
    Paint,
    Take,
    Release,
}

fn heights(most: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(
        (80_u32..1_600).prop_map(|height| f64::from(height) / 8.0),
        1..most,
    )
}

/// A pixel of screens as they are, in CSS pixels.
fn pixel() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![1.0, 1.0 / 1.25, 1.0 / 1.5, 0.5])
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => heights(60).prop_map(Act::Prepend),
        3 => heights(8).prop_map(Act::Append),
        2 => (0..1_000_usize, 10.0..900.0_f64).prop_map(|(row, height)| Act::Grow(row, height)),
        1 => any::<u64>().prop_map(Act::Reflow),
        2 => (150_u32..1_200).prop_map(|height| Act::Resize(f64::from(height))),
        1 => (0..1_000_usize).prop_map(Act::Remove),
        3 => (-900_i32..900).prop_map(|by| Act::Scroll(f64::from(by), true)),
        2 => (-70_i32..70).prop_map(|by| Act::Scroll(f64::from(by), false)),
        1 => (-40_000_i32..40_000).prop_map(|by| Act::Scroll(f64::from(by), false)),
        1 => (-40_000_i32..40_000).prop_map(|by| Act::Scroll(f64::from(by), true)),
        1 => Just(Act::Paint),
        1 => Just(Act::Take),
        1 => Just(Act::Release),
    ]
}

struct Reader {
    page: Page,
    view: Viewport,
    hands: bool,
    /// How far the person's last scroll went: the browser cuts it off at the ends.
    moved: f64,
    /// Whether the browser may have cut the scroll position off in the last act.
    cut: bool,
}

impl Reader {
    fn new(heights: &[f64], height: f64) -> Self {
        Self::on_screen(heights, height, 1.0)
    }

    /// On a screen whose pixel is so many CSS pixels wide.
    fn on_screen(heights: &[f64], height: f64, pixel: f64) -> Self {
        let mut reader = Self {
            page: Page::new(heights, height, pixel),
            view: Viewport::default(),
            hands: false,
            moved: 0.0,
            cut: false,
        };
        reader.view.open(reader.page.store.len());
        reader.page.render(reader.view.window());
        reader.settle();
        reader
    }

    /// Whether a row that is so much lower than it should be is where it belongs, or at least as
    /// near as the ends allow.
    fn is_held(&self, off: f64) -> bool {
        let scroll = self.page.scroll();
        off.abs() <= 1.001
            || (scroll <= 0.0 && off > 0.0)
            || (scroll >= self.page.reach() && off < 0.0)
    }

    /// Lays out until the page is as it should be.
    fn settle(&mut self) {
        let mut moves = self.view.laid_out(&mut self.page);
        let mut times = 0;
        while moves {
            times += 1;
            assert!(times < 6, "the window does not come to rest");
            self.page.render(self.view.window());
            moves = self.view.laid_out(&mut self.page);
        }
        assert!(self.page.in_document() <= MOST);
        assert_eq!(self.page.in_document(), self.view.window().len());
    }

    fn scrolled(&mut self) {
        if self.view.scrolled(&mut self.page) {
            self.page.render(self.view.window());
        }
        self.settle();
    }

    /// Changes the store, and tells as the state does.
    fn change(&mut self, change: impl FnOnce(&mut Page)) {
        let window = self.view.window();
        let names = |page: &Page| page.store.clone();
        let before = names(&self.page);
        change(&mut self.page);
        let after = names(&self.page);
        let moved = before[window.from..window.to]
            .iter()
            .enumerate()
            .find_map(|(at, name)| {
                let now = self.page.place_in_store(*name)?;
                Some(now.cast_signed() - (window.from + at).cast_signed())
            });
        let appended = before.last() != after.last();
        self.view.changed(after.len(), moved.unwrap_or(0), appended);
        self.page.render(self.view.window());
    }

    fn act(&mut self, act: &Act) {
        let count = self.page.store.len();
        let at = |row: usize| row * count / 1_000;
        match act {
            Act::Prepend(heights) => self.change(|page| page.insert(0, heights)),
            Act::Append(heights) => self.change(|page| page.insert(count, heights)),
            Act::Grow(row, height) => self.page.grow_one(self.page.store[at(*row)], *height),
            Act::Reflow(seed) => self.page.grow(|name, _| {
                let random = u64::try_from(name)
                    .unwrap_or(0)
                    .wrapping_add(*seed)
                    .wrapping_mul(0x9e37_79b9_7f4a_7c15);
                f64::from(u32::try_from(random >> 40).unwrap_or(0) % 2_000 + 160) / 8.0
            }),
            Act::Resize(height) => self.page.height = *height,
            Act::Remove(row) if count > 1 => {
                let row = at(*row);
                self.change(|page| {
                    let name = page.store.remove(row);
                    page.grow_one(name, 0.0);
                });
            }
            Act::Remove(_) => {}
            Act::Scroll(up, heard) => {
                let scroll = self.page.scroll();
                self.page.person_scrolls(*up);
                self.moved = self.page.scroll() - scroll;
                if *heard {
                    self.scrolled();
                }
                return;
            }
            Act::Paint => {
                self.view.painted(&mut self.page);
                self.change(|_| {});
            }
            Act::Take => {
                self.view.taken();
                self.hands = true;
            }
            Act::Release => {
                self.view.released();
                self.hands = false;
            }
        }
        // The browser lays out before anybody is asked.
        self.page.settle();
        self.cut = self.page.scroll() >= self.page.reach();
        self.settle();
    }
}

const SEED: u64 = 0x0073_7769_7463_6862;

fn config() -> Config {
    let asked = Config::default();
    Config {
        rng_seed: match asked.rng_seed {
            RngSeed::Random => RngSeed::Fixed(SEED),
            fixed @ RngSeed::Fixed(_) => fixed,
        },
        // The default one takes twice as long as all of the test.
        rng_algorithm: RngAlgorithm::XorShift,
        cases: asked.cases.max(3_000),
        ..asked
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_in_sight_stays_within_a_pixel(
        start in heights(400),
        height in 150_u32..1_200,
        pixel in pixel(),
        acts in prop::collection::vec(act(), 1..40),
    ) {
        let mut reader = Reader::on_screen(&start, f64::from(height), pixel);
        // What a person did that the page has not heard of; and whether what was in sight before it may
        // be out of sight.
        let (mut unheard, mut far) = (false, false);
        for act in &acts {
            let follows = reader.view.is_following() && !reader.hands;
            let sight = reader.page.in_sight();
            // Nearer to an edge, rounding decides whether a row is in sight.
            let edge = reader.page.height - 1.0;
            let is_close = |top: f64| top.abs() < 1.0 || top > edge;
            let anchor = sight.iter().find(|(_, top)| (1.0..=edge).contains(top));
            let anchor = anchor.or(sight.first()).copied();
            let scroll = reader.page.scroll();
            reader.act(act);
            let now = reader.page.scroll();
            if let Act::Scroll(_, heard) = act {
                // Only a person moved anything: exactly as far as they wanted, or to an end.
                if !heard {
                    unheard = true;
                    far |= reader.moved.abs() > 70.0;
                } else if !unheard && let Some((name, top)) = anchor
                    && let Some((stands, _)) = reader.page.place_of(&key(name))
                {
                    let off = stands - top - reader.moved;
                    prop_assert!(
                        reader.is_held(off),
                        "{act:?}: {stands} instead of {}", top + reader.moved
                    );
                }
                if *heard {
                    (unheard, far) = (false, false);
                }
                continue;
            }
            if follows && !(unheard && scroll >= LEAVE) {
                if matches!(act, Act::Append(_)) {
                    prop_assert_eq!(now, 0.0, "{:?}: the newest message is in sight", act);
                } else if !unheard && !matches!(act, Act::Remove(_)) && now < reader.page.reach() {
                    prop_assert_eq!(now, scroll, "{:?}: the distance from the newest stays", act);
                }
            } else if !(far || (unheard && reader.cut)) {
                // Which row is held after a scroll nobody heard of is open; one is. At the far end
                // that scroll cannot be told from what the browser cut off. Where the row that
                // would be held has left, another one is.
                let close = sight.iter().filter(|(_, top)| is_close(*top));
                let has_left = anchor.is_none_or(|(name, _)| reader.page.place_of(&key(name)).is_none());
                let rows: Vec<_> = if unheard || has_left {
                    sight
                } else {
                    anchor.iter().chain(close).copied().collect()
                };
                let off = |(name, top): &(usize, f64)| Some(reader.page.place_of(&key(*name))?.0 - top);
                let offs: Vec<f64> = rows.iter().filter_map(off).collect();
                let held = offs.iter().any(|off| reader.is_held(*off));
                prop_assert!(held || offs.is_empty(), "{act:?}: off by {offs:?}, at {now}");
            }
            (unheard, far) = (false, false);
            // Rows fill what is in sight.
            let sight = reader.page.in_sight();
            prop_assert!(!sight.is_empty());
            let seen = reader.view.seen();
            let window = reader.view.window();
            prop_assert!(window.from <= seen.start && seen.end <= window.to);
        }
    }

    #[test]
    fn a_jump_puts_its_row_in_the_middle_wherever_it_is(
        start in heights(900),
        height in 150_u32..1_200,
        pixel in pixel(),
        target in 0..1_000_usize,
        before in -20_000_i32..20_000,
        grown in 10.0..900.0_f64,
    ) {
        let mut reader = Reader::on_screen(&start, f64::from(height), pixel);
        reader.act(&Act::Scroll(f64::from(before), true));
        let at = target * start.len() / 1_000;
        let name = reader.page.named(at);
        reader.view.jump(at, key(name), Place::Middle);
        reader.page.render(reader.view.window());
        reader.settle();
        let (top, bottom) = reader.page.place_of(&key(name)).unwrap();
        let middle = f64::midpoint(top, bottom) - reader.page.height / 2.0;
        let tall = bottom - top > reader.page.height;
        let (scroll, reach) = (reader.page.scroll(), reader.page.reach());
        prop_assert!(
            middle.abs() <= 1.001 || (tall && top.abs() < 1.0)
                || (scroll <= 0.0 && middle > 0.0) || (scroll >= reach && middle < 0.0),
            "{middle} px from the middle, {scroll} of {reach}"
        );
        // It stays there while something above it grows.
        if !reader.view.is_following() && at > 0 && scroll < reach && scroll > 0.0 {
            let above = reader.page.named(at - 1);
            reader.page.grow_one(above, grown);
            reader.page.settle();
            reader.settle();
            let (now, _) = reader.page.place_of(&key(name)).unwrap();
            prop_assert!((now - top).abs() < 1.0 || reader.page.scroll() >= reader.page.reach());
        }
    }
}
