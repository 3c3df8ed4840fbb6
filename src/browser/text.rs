//! What the browser knows of texts, so that no Unicode table is in the wasm.

use js_sys::{Array, Function, JsString, Object, Reflect, RegExp, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// From so many UTF-16 units on a text comes by way of its bytes: wasm-bindgen reads one unit after
/// the other, which takes most of a millisecond for a page of messages.
const LONG: u32 = 1024;

thread_local! {
    static ENCODER: Option<JsValue> = encoder();
    static WORDS: Option<JsValue> = segmenter("word");
    static CHARACTERS: Option<JsValue> = segmenter("grapheme");
    /// Marks over and under letters, once they are taken apart.
    static MARKS: RegExp = RegExp::new("\\p{M}", "gu");
}

fn encoder() -> Option<JsValue> {
    let made = Reflect::get(&js_sys::global(), &"TextEncoder".into());
    let made: Function = made.ok()?.dyn_into().ok()?;
    Reflect::construct(&made, &Array::new()).ok()
}

/// The text that a value is; half a character is U+FFFD.
#[must_use]
pub fn of(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    let bytes = ENCODER.with(|encoder| match encoder {
        Some(encoder) if text.length() >= LONG => call(encoder, "encode", value),
        _ => None,
    });
    match bytes {
        Some(bytes) => String::from_utf8(bytes.unchecked_into::<Uint8Array>().to_vec()).ok(),
        None => Some(text.into()),
    }
}

/// `Intl.Segmenter`; `None` where the browser has none.
fn segmenter(granularity: &str) -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let made: Function = Reflect::get(&intl, &"Segmenter".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = Object::new();
    Reflect::set(&options, &"granularity".into(), &granularity.into()).ok()?;
    let words = Array::of2(&JsValue::UNDEFINED, &options);
    Reflect::construct(&made, &words).ok()
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Option<JsValue> {
    let method: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    method.call1(object, argument).ok()
}

/// The last border at or before the place `at` (in bytes) of `text`: of words, or of what a person
/// takes for one character.
#[must_use]
pub fn border(text: &str, at: usize, words: bool) -> usize {
    if at == 0 || at >= text.len() {
        return at.min(text.len());
    }
    let Some(before) = text.get(..at) else {
        return border(text, text.floor_char_boundary(at), words);
    };
    let units = u32::try_from(before.encode_utf16().count()).unwrap_or(0);
    let found = if words { &WORDS } else { &CHARACTERS }.with(|segmenter| {
        let segments = call(segmenter.as_ref()?, "segment", &text.into())?;
        let segment = call(&segments, "containing", &units.into())?;
        let start = Reflect::get(&segment, &"index".into()).ok()?.as_f64()?;
        (0_u32..=units).rev().find(|unit| f64::from(*unit) <= start)
    });
    match found {
        Some(unit) => bytes(text, unit),
        None if words => before.rfind([' ', '\n']).map_or(0, |space| space + 1),
        None => at,
    }
}

/// Where the UTF-16 place `unit` of `text` is in bytes.
fn bytes(text: &str, unit: u32) -> usize {
    let mut left = unit as usize;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

/// `text` without the differences of capitals, accents and compatible forms.
#[must_use]
pub fn fold(text: &str) -> String {
    let apart = JsString::from(text).normalize("NFKD");
    let bare = MARKS.with(|marks| apart.replace_by_pattern(marks, ""));
    String::from(bare.to_lower_case())
}
