//! The texts in use: a compact file of `build.rs`, cut into its texts once.
//!
//! A language's texts are kept for ever once it is chosen: there are few, and so every text is
//! `&'static str`, in whatever view it still stands.

use std::cell::{Cell, RefCell};

use super::Language;
use super::texts::FINGERPRINT;

/// Before each text of a file, after the fingerprint.
const TEXT: char = '\u{1e}';
/// Between the forms of a plural.
const FORM: char = '\u{1f}';
/// In a placeholder: the value is isolated.
const ISOLATED: u8 = 0x10;
/// In a placeholder: the value's place, from 1.
const PLACE: u8 = 0x07;

struct Table {
    language: Language,
    texts: Vec<&'static str>,
}

thread_local! {
    static TABLE: RefCell<Table> = RefCell::new(english());
    static NUMBER: Cell<fn(usize) -> String> = const { Cell::new(plain) };
}

fn english() -> Table {
    let file = include_str!(concat!(env!("OUT_DIR"), "/en.txt"));
    Table {
        language: Language::English,
        texts: file.split(TEXT).skip(1).collect(),
    }
}

/// The language in use.
#[must_use]
pub fn current() -> Language {
    TABLE.with_borrow(|table| table.language)
}

/// Puts a language into use; `file` is what lies at [`super::file`], and nothing for English.
/// `false` where the file belongs to another build or is none at all: all stays as it was.
#[must_use]
pub fn install(language: Language, file: String) -> bool {
    let table = if language == Language::English {
        english()
    } else {
        if !file.starts_with(FINGERPRINT) {
            return false;
        }
        let file: &'static str = file.leak();
        Table {
            language,
            texts: file.split(TEXT).skip(1).collect(),
        }
    };
    TABLE.set(table);
    true
}

/// From now on numbers are written by `format`; until then in plain digits.
pub fn format_numbers_with(format: fn(usize) -> String) {
    NUMBER.set(format);
}

fn plain(number: usize) -> String {
    number.to_string()
}

/// A number as the language writes it.
#[must_use]
pub fn number(number: usize) -> String {
    NUMBER.get()(number)
}

/// A text without placeholders.
pub(super) fn text(id: usize) -> &'static str {
    TABLE.with_borrow(|table| table.texts.get(id).copied().unwrap_or_default())
}

/// A text with its values put in.
pub(super) fn fill(id: usize, values: &[&str]) -> String {
    put(text(id), values)
}

/// The form that goes with `count`, with its values put in.
pub(super) fn plural(id: usize, count: usize, values: &[&str]) -> String {
    let mut forms = text(id).split(FORM);
    put(
        forms.nth(current().plural(count)).unwrap_or_default(),
        values,
    )
}

fn put(template: &str, values: &[&str]) -> String {
    let mut text = String::new();
    for c in template.chars() {
        let code = u8::try_from(c).unwrap_or(u8::MAX);
        let place = usize::from(code & PLACE);
        if code & !(ISOLATED | PLACE) != 0 || place == 0 {
            text.push(c);
            continue;
        }
        let value = values.get(place - 1).copied().unwrap_or_default();
        let is_isolated = code & ISOLATED != 0;
        if is_isolated {
            text.push('\u{2068}');
        }
        text.push_str(value);
        if is_isolated {
            text.push('\u{2069}');
        }
    }
    text
}
