//! A laid out list made of numbers, as a browser would lay it out.

use super::super::Key;
use super::{Layout, Window};

/// Browsers lay out in steps of this (CSS pixels), and cut off the rest.
const STEP: f64 = 1.0 / 64.0;

/// A conversation's rows with their heights, and what a browser shows of them.
#[derive(Debug)]
pub(super) struct Page {
    /// The names of the store's rows; none is used twice.
    pub(super) store: Vec<usize>,
    /// Their heights, by name.
    tall: Vec<f64>,
    /// The rows in the document: theirs are names too, as a store changes first.
    document: Vec<usize>,
    /// How far below each of them, and below an imagined one before them, the last one ends.
    under: Vec<f64>,
    pub(super) height: f64,
    /// A pixel of the screen, in CSS pixels: browsers scroll by whole ones.
    pixel: f64,
    scroll: f64,
    above: f64,
    below: f64,
}

impl Page {
    pub(super) fn new(heights: &[f64], height: f64, pixel: f64) -> Self {
        let mut page = Self {
            store: Vec::new(),
            tall: Vec::new(),
            document: Vec::new(),
            under: vec![0.0],
            height,
            pixel,
            scroll: 0.0,
            above: 0.0,
            below: 0.0,
        };
        page.insert(0, heights);
        page
    }

    /// Adds rows to the store before row `at`.
    pub(super) fn insert(&mut self, at: usize, heights: &[f64]) {
        let names = self.tall.len()..self.tall.len() + heights.len();
        self.tall.extend(heights.iter().copied().map(laid_out));
        self.store.splice(at..at, names);
    }

    /// Gives every row another height, by its name.
    pub(super) fn grow(&mut self, height: impl Fn(usize, f64) -> f64) {
        for (name, tall) in self.tall.iter_mut().enumerate() {
            *tall = laid_out(height(name, *tall));
        }
    }

    /// Gives one row another height.
    pub(super) fn grow_one(&mut self, name: usize, height: f64) {
        self.tall[name] = laid_out(height);
    }

    /// The views bring the document up to the store.
    pub(super) fn render(&mut self, window: Window) {
        self.document = self.store[window.from..window.to].to_vec();
        self.settle();
    }

    /// A browser lays out, and cuts the scroll position off.
    pub(super) fn settle(&mut self) {
        self.under.clear();
        self.under.push(0.0);
        for name in self.document.iter().rev() {
            let under = self.under[self.under.len() - 1];
            self.under.push(under + self.tall[*name]);
        }
        self.under.reverse();
        self.cut();
    }

    fn cut(&mut self) {
        self.scroll = self.scroll.clamp(0.0, self.reach());
    }

    /// A person scrolls, up where positive.
    pub(super) fn person_scrolls(&mut self, up: f64) {
        self.scroll_to(self.scroll + up);
    }

    pub(super) fn place_in_store(&self, name: usize) -> Option<usize> {
        self.store.iter().position(|other| *other == name)
    }

    pub(super) fn named(&self, row: usize) -> usize {
        self.store[row]
    }

    pub(super) fn in_document(&self) -> usize {
        self.document.len()
    }

    /// Names and tops of the rows in sight.
    pub(super) fn in_sight(&self) -> Vec<(usize, f64)> {
        (0..self.document.len())
            .filter(|row| {
                let (top, bottom) = self.place(*row);
                bottom > 0.0 && top < self.height
            })
            .map(|row| (self.document[row], self.place(row).0))
            .collect()
    }
}

fn laid_out(length: f64) -> f64 {
    (length / STEP).floor() * STEP
}

pub(super) fn key(name: usize) -> Key {
    Key::from(name.to_string())
}

impl Layout for Page {
    fn height(&self) -> f64 {
        self.height
    }

    fn scroll(&self) -> f64 {
        self.scroll
    }

    fn reach(&self) -> f64 {
        let reach = (self.above + self.under[0] + self.below - self.height).max(0.0);
        (reach / self.pixel).floor() * self.pixel
    }

    fn rows(&self) -> usize {
        self.document.len()
    }

    fn place(&self, row: usize) -> (f64, f64) {
        let end = self.height + self.scroll - self.below;
        (end - self.under[row], end - self.under[row + 1])
    }

    fn key(&self, row: usize) -> Option<Key> {
        self.document.get(row).map(|name| key(*name))
    }

    fn place_of(&self, wanted: &Key) -> Option<(f64, f64)> {
        let wanted: usize = wanted.parse().ok()?;
        let row = self.document.iter().position(|name| *name == wanted)?;
        Some(self.place(row))
    }

    fn scroll_to(&mut self, scroll: f64) {
        self.scroll = (scroll / self.pixel).round() * self.pixel;
        self.cut();
    }

    fn set_spaces(&mut self, above: f64, below: f64) {
        self.above = laid_out(above);
        self.below = laid_out(below);
        self.cut();
    }
}
