//! Random histories of a conversation and of its reader, on a simulated layout.

use proptest::prelude::*;

use super::simulated::{Page, key};
use super::{LEAVE, Layout, MOST, Place, RETURN, Viewport};

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
    Take,
    Release,
}

fn heights(most: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(
        (80_u32..1_600).prop_map(|height| f64::from(height) / 8.0),
        1..most,
    )
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
        1 => (-40_000_i32..40_000).prop_map(|by| Act::Scroll(f64::from(by), true)),
        1 => Just(Act::Take),
        1 => Just(Act::Release),
    ]
}

struct Reader {
    page: Page,
    view: Viewport,
    hands: bool,
    /// Whether the browser may have cut the scroll position off in the last act.
    cut: bool,
}

impl Reader {
    fn new(heights: &[f64], height: f64) -> Self {
        let mut reader = Self {
            page: Page::new(heights, height),
            view: Viewport::default(),
            hands: false,
            cut: false,
        };
        reader.view.open(reader.page.store.len());
        reader.page.render(reader.view.window());
        reader.settle();
        reader
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
            Act::Grow(row, height) => self.page.tall[self.page.store[at(*row)]] = *height,
            Act::Reflow(seed) => {
                for (name, height) in self.page.tall.iter_mut().enumerate() {
                    let random = u64::try_from(name)
                        .unwrap_or(0)
                        .wrapping_add(*seed)
                        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    *height =
                        f64::from(u32::try_from(random >> 40).unwrap_or(0) % 2_000 + 160) / 8.0;
                }
            }
            Act::Resize(height) => self.page.height = *height,
            Act::Remove(row) if count > 1 => {
                let row = at(*row);
                self.change(|page| {
                    let name = page.store.remove(row);
                    page.tall[name] = 0.0;
                });
            }
            Act::Remove(_) => {}
            Act::Scroll(up, heard) => {
                self.page.person_scrolls(*up);
                if *heard {
                    self.scrolled();
                }
                return;
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_in_sight_stays_within_a_pixel(
        start in heights(400),
        height in 150_u32..1_200,
        acts in prop::collection::vec(act(), 1..40),
    ) {
        let mut reader = Reader::new(&start, f64::from(height));
        // What a person did that the page has not heard of.
        let mut unheard = false;
        for act in &acts {
            let follows = reader.view.is_following() && !reader.hands;
            let sight = reader.page.in_sight();
            let anchor = sight.iter().find(|(_, top)| *top >= 1.0).or(sight.first()).copied();
            let scroll = reader.page.scroll();
            reader.act(act);
            let now = reader.page.scroll();
            if let Act::Scroll(up, heard) = act {
                // Only a person moved anything: exactly as far as they wanted, or to an end.
                if !heard {
                    unheard = true;
                } else if !unheard && up.abs() < 1_000.0 && let Some((name, top)) = anchor
                    && let Some((stands, _)) = reader.page.place_of(&key(name))
                    && now > 0.0 && now < reader.page.reach()
                    && scroll + up > 0.0
                {
                    prop_assert!((stands - top - up).abs() <= 1.001, "{act:?}: {stands} instead of {}", top + up);
                }
                if *heard {
                    unheard = false;
                }
                continue;
            }
            if follows {
                if matches!(act, Act::Append(_)) {
                    prop_assert_eq!(now, 0.0, "{:?}: the newest message is in sight", act);
                } else if !unheard && !matches!(act, Act::Remove(_)) && now < reader.page.reach() {
                    prop_assert_eq!(now, scroll, "{:?}: the distance from the newest stays", act);
                }
            } else if !(unheard && reader.cut) {
                // Which row is held after a scroll nobody heard of is open; one is. At the far end
                // that scroll cannot be told from what the browser cut off.
                let close = sight.iter().filter(|(_, top)| top.abs() < 1.0);
                let rows: Vec<_> = if unheard {
                    sight
                } else {
                    anchor.iter().chain(close).copied().collect()
                };
                let off = |(name, top): &(usize, f64)| Some(reader.page.place_of(&key(*name))?.0 - top);
                let offs: Vec<f64> = rows.iter().filter_map(off).collect();
                let held = offs.iter().any(|off| {
                    off.abs() <= 1.001 || (now <= 0.0 && *off > 0.0) || (now >= reader.page.reach() && *off < 0.0)
                });
                prop_assert!(held || offs.is_empty(), "{act:?}: off by {offs:?}, at {now}");
            }
            unheard = false;
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
        target in 0..1_000_usize,
        before in -20_000_i32..20_000,
        grown in 10.0..900.0_f64,
    ) {
        let mut reader = Reader::new(&start, f64::from(height));
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
            middle.abs() < 1.0 || (tall && top.abs() < 1.0)
                || (scroll <= 0.0 && middle > 0.0) || (scroll >= reach && middle < 0.0),
            "{middle} px from the middle, {scroll} of {reach}"
        );
        // It stays there while something above it grows.
        if !reader.view.is_following() && at > 0 && scroll < reach && scroll > 0.0 {
            let above = reader.page.named(at - 1);
            reader.page.tall[above] = grown;
            reader.page.settle();
            reader.settle();
            let (now, _) = reader.page.place_of(&key(name)).unwrap();
            prop_assert!((now - top).abs() < 1.0 || reader.page.scroll() >= reader.page.reach());
        }
    }
}

fn even(count: usize) -> Vec<f64> {
    vec![60.0; count]
}

#[test]
fn at_the_bottom_is_left_at_200_pixels_and_found_again_at_24() {
    let mut reader = Reader::new(&even(100), 600.0);
    assert!(reader.view.is_following());
    reader.act(&Act::Scroll(LEAVE - 1.0, true));
    assert!(reader.view.is_following());
    reader.act(&Act::Scroll(1.0, true));
    assert!(!reader.view.is_following());
    reader.act(&Act::Scroll(RETURN - LEAVE, true));
    assert!(!reader.view.is_following());
    reader.act(&Act::Scroll(-1.0, true));
    assert!(reader.view.is_following());
}

#[test]
fn a_new_message_is_scrolled_to_unless_the_person_is_scrolling() {
    let mut reader = Reader::new(&even(100), 600.0);
    reader.act(&Act::Scroll(90.0, true));
    reader.act(&Act::Append(even(1)));
    assert!(reader.page.scroll() < 1.0);
    reader.act(&Act::Take);
    reader.act(&Act::Scroll(90.0, true));
    reader.act(&Act::Append(even(1)));
    assert!((reader.page.scroll() - 150.0).abs() < 1.0);
    // Letting go does not scroll by itself: only the next message does.
    reader.act(&Act::Release);
    assert!((reader.page.scroll() - 150.0).abs() < 1.0);
    reader.act(&Act::Append(even(1)));
    assert!(reader.page.scroll() < 1.0);
}

#[test]
fn a_persons_scroll_ends_a_jump() {
    let mut reader = Reader::new(&even(1_000), 600.0);
    let name = reader.page.named(10);
    reader.view.jump(10, key(name), Place::Middle);
    reader.view.taken();
    reader.page.render(reader.view.window());
    reader.page.person_scrolls(30.0);
    reader.settle();
    assert!(!reader.view.is_jumping());
    // Where they were, by a row.
    assert!((reader.page.scroll() - 30.0).abs() <= 60.0);
}

#[test]
fn fractions_of_pixels_do_not_add_up() {
    let mut reader = Reader::new(&even(100), 600.0);
    reader.act(&Act::Scroll(600.0, true));
    let (name, top) = reader.page.in_sight()[3];
    for _ in 0..2_000 {
        reader.act(&Act::Append(vec![20.375]));
        if let Some((now, _)) = reader.page.place_of(&key(name)) {
            assert!((now - top).abs() < 1.0, "{now} instead of {top}");
        } else {
            panic!("the row in sight has left the document");
        }
    }
}

#[test]
fn a_hundred_thousand_rows_are_passed_both_ways_without_a_jerk() {
    let heights: Vec<f64> = (0..100_000_u32)
        .map(|n| 24.0 + f64::from(n * 7_919 % 97))
        .collect();
    let mut reader = Reader::new(&heights, 800.0);
    let mut slides = 0;
    for (by, times) in [(170.0, 300), (-170.0, 200), (3_000.0, 50), (-3_000.0, 30)] {
        for _ in 0..times {
            let before = reader.view.window();
            let sight = reader.page.in_sight();
            let scroll = reader.page.scroll();
            reader.act(&Act::Scroll(by, true));
            slides += u32::from(before != reader.view.window());
            let (name, top) = sight[sight.len() / 2];
            if by.abs() < 1_000.0
                && let Some((now, _)) = reader.page.place_of(&key(name))
            {
                assert!(
                    (now - top - by).abs() < 1.0,
                    "{now} instead of {}",
                    top + by
                );
                // Nothing but the person moved the scroll position.
                assert!((reader.page.scroll() - scroll - by).abs() < 1.0);
            }
            assert!(!reader.page.in_sight().is_empty());
        }
    }
    assert!((20..400).contains(&slides), "{slides} slides");
    reader.view.jump_to_newest();
    reader.page.render(reader.view.window());
    reader.settle();
    assert!(reader.page.scroll() < 1.0 && reader.view.is_following());
    let last = reader.page.named(99_999);
    assert!(reader.page.in_sight().iter().any(|(name, _)| *name == last));
}
