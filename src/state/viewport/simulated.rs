//! A laid out list made of numbers, as a browser would lay it out.

use std::ops::Range;

use super::super::Key;
use super::{Layout, Window};

/// A conversation's rows with their heights, and what a browser shows of them.
#[derive(Debug)]
pub(super) struct Page {
    /// The names of the store's rows; none is used twice.
    pub(super) store: Vec<usize>,
    /// Their heights, by name.
    pub(super) tall: Vec<f64>,
    /// The rows in the document: theirs are names too, as a store changes first.
    document: Vec<usize>,
    pub(super) height: f64,
    scroll: f64,
    above: f64,
    below: f64,
}

impl Page {
    pub(super) fn new(heights: &[f64], height: f64) -> Self {
        let mut page = Self {
            store: Vec::new(),
            tall: Vec::new(),
            document: Vec::new(),
            height,
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
        self.tall.extend(heights);
        self.store.splice(at..at, names);
    }

    /// The views bring the document up to the store.
    pub(super) fn render(&mut self, window: Window) {
        self.document = self.store[window.from..window.to].to_vec();
        self.settle();
    }

    /// A browser cuts the scroll position off when it lays out.
    pub(super) fn settle(&mut self) {
        self.scroll = self.scroll.clamp(0.0, self.reach());
    }

    /// A person scrolls, up where positive.
    pub(super) fn person_scrolls(&mut self, up: f64) {
        self.scroll = (self.scroll + up).round();
        self.settle();
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

    fn heights(&self, rows: Range<usize>) -> f64 {
        self.document[rows]
            .iter()
            .map(|name| self.tall[*name])
            .sum()
    }
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
        let rows = self.heights(0..self.document.len());
        // Browsers scroll by whole pixels.
        (self.above + rows + self.below - self.height)
            .max(0.0)
            .floor()
    }

    fn rows(&self) -> usize {
        self.document.len()
    }

    fn place(&self, row: usize) -> (f64, f64) {
        let under = self.heights(row + 1..self.document.len()) + self.below;
        let bottom = self.height + self.scroll - under;
        (bottom - self.tall[self.document[row]], bottom)
    }

    fn key(&self, row: usize) -> Option<Key> {
        self.document.get(row).map(|name| key(*name))
    }

    fn place_of(&self, wanted: &Key) -> Option<(f64, f64)> {
        let row = self
            .document
            .iter()
            .position(|name| key(*name) == *wanted)?;
        Some(self.place(row))
    }

    fn scroll_to(&mut self, scroll: f64) {
        self.scroll = scroll.round();
        self.settle();
    }

    fn set_spaces(&mut self, above: f64, below: f64) {
        self.above = above;
        self.below = below;
        self.settle();
    }
}
