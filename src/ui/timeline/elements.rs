//! The list's elements, as the viewport asks for them.

use js_sys::{Number, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCollection, HtmlElement};

use super::super::message_row::ROW;
use crate::state::Key;
use crate::state::viewport::Layout;
use crate::strings::join;

/// The scrolling element and what is in it.
#[derive(Clone)]
pub(super) struct Elements {
    pub(super) scroller: HtmlElement,
    /// The messages in the document, always as they are.
    rows: HtmlCollection,
    above: HtmlElement,
    below: HtmlElement,
    /// Where what is in sight begins, in the window, and its height.
    top: f64,
    height: f64,
    spaces: (f64, f64),
}

impl Elements {
    pub(super) fn new(scroller: HtmlElement, above: HtmlElement, below: HtmlElement) -> Self {
        Self {
            rows: scroller.get_elements_by_class_name("message"),
            scroller,
            above,
            below,
            top: 0.0,
            height: 0.0,
            spaces: (0.0, 0.0),
        }
    }

    /// Call it before the others are asked: the page may have moved.
    pub(super) fn look(&mut self) {
        let place = self.scroller.get_bounding_client_rect();
        (self.top, self.height) = (place.top(), place.height());
    }

    pub(super) fn row(&self, key: &str) -> Option<HtmlElement> {
        let row = self.scroller.query_selector(&join(&["#", ROW, key]));
        row.ok().flatten()?.dyn_into().ok()
    }

    fn at(&self, row: usize) -> Option<Element> {
        self.rows.item(u32::try_from(row).ok()?)
    }

    fn place_in_sight(&self, row: &Element) -> (f64, f64) {
        let place = row.get_bounding_client_rect();
        (place.top() - self.top, place.bottom() - self.top)
    }
}

/// The message that an element belongs to.
pub(super) fn key_of(row: &Element) -> Option<Key> {
    row.id().strip_prefix(ROW).map(Key::from)
}

/// The row of a message in which something happened.
pub(super) fn row_of(target: Option<web_sys::EventTarget>) -> Option<HtmlElement> {
    let target = target?.dyn_into::<Element>().ok()?;
    target.closest(".message").ok()??.dyn_into().ok()
}

/// What has the focus, if it is in a message.
pub(super) fn focused_row() -> Option<HtmlElement> {
    row_of(document().active_element().map(Into::into))
}

impl Layout for Elements {
    fn height(&self) -> f64 {
        self.height
    }

    fn scroll(&self) -> f64 {
        // Fractions of pixels, which web-sys cuts off. Negative in a reversed column; the sign is
        // dropped in case an engine differs.
        let scroll = Reflect::get(&self.scroller, &"scrollTop".into());
        scroll
            .ok()
            .and_then(|scroll| scroll.as_f64())
            .unwrap_or(0.0)
            .abs()
    }

    fn reach(&self) -> f64 {
        let inner = self.scroller.first_element_child();
        let inner = inner.map_or(0.0, |inner| inner.get_bounding_client_rect().height());
        // Browsers scroll by whole pixels of the screen. What is in sight is measured inexactly.
        let pixels = window().device_pixel_ratio();
        ((inner - self.height) * pixels + 0.01).floor() / pixels
    }

    fn rows(&self) -> usize {
        self.rows.length() as usize
    }

    fn place(&self, row: usize) -> (f64, f64) {
        self.at(row)
            .map_or((0.0, 0.0), |row| self.place_in_sight(&row))
    }

    fn key(&self, row: usize) -> Option<Key> {
        key_of(&self.at(row)?)
    }

    fn place_of(&self, key: &Key) -> Option<(f64, f64)> {
        Some(self.place_in_sight(self.row(key)?.as_ref()))
    }

    fn scroll_to(&mut self, scroll: f64) {
        // Engines take the nearest pixel of the screen, or cut fractions off.
        let pixels = window().device_pixel_ratio();
        let pixels = if pixels.fract() == 0.0 { 1.0 } else { pixels };
        let scroll = (scroll * pixels).round() / pixels;
        // It fails only for a property that is read-only.
        let _set = Reflect::set(&self.scroller, &"scrollTop".into(), &(-scroll).into());
    }

    fn set_spaces(&mut self, above: f64, below: f64) {
        if self.spaces.0.to_bits() != above.to_bits() {
            set_height(&self.above, above);
        }
        if self.spaces.1.to_bits() != below.to_bits() {
            set_height(&self.below, below);
        }
        self.spaces = (above, below);
    }
}

fn set_height(element: &HtmlElement, pixels: f64) {
    // Written by JavaScript: Rust's printing of fractions is 24 KB.
    let pixels = Number::from(pixels).to_string_with_radix(10);
    let pixels = join(&[&pixels.map(String::from).unwrap_or_default(), "px"]);
    // It fails only for a property that is read-only.
    let _set = element.style().set_property("height", &pixels);
}
