//! The texts in use: for any language but English a compact file of `build.rs`, cut into its
//! texts once.
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
    // Its texts stand in the functions that ask for them.
    Table {
        language: Language::English,
        texts: Vec::new(),
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
#[inline(never)]
pub(super) fn text(id: usize, english: &'static str) -> &'static str {
    TABLE.with_borrow(|table| table.texts.get(id).copied().unwrap_or(english))
}

/// A text with its values put in.
pub(super) fn fill(id: usize, english: &'static str, values: &[&str]) -> String {
    put(text(id, english), values)
}

/// The form that goes with `count`, with its values put in.
pub(super) fn plural(id: usize, english: &'static str, count: usize, values: &[&str]) -> String {
    let mut forms = text(id, english).split(FORM);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strings::{chat, common};

    fn german() -> String {
        include_str!(concat!(env!("OUT_DIR"), "/de.txt")).to_owned()
    }

    fn arabic() -> String {
        include_str!(concat!(env!("OUT_DIR"), "/ar.txt")).to_owned()
    }

    #[test]
    fn english_is_there_from_the_start() {
        assert_eq!(common::close(), "Close");
        assert_eq!(chat::unread(1), "1 unread message");
        assert_eq!(chat::unread(7), "7 unread messages");
        assert_eq!(chat::remove("bo"), "Remove \u{2068}bo\u{2069}");
        assert_eq!(chat::line_of_mine("hi"), "You: hi");
    }

    #[test]
    fn another_language_takes_over_and_english_comes_back() {
        assert!(install(Language::German, german()));
        assert_eq!(current(), Language::German);
        assert_eq!(common::close(), "Schließen");
        assert_eq!(chat::state_delivered_some(2, 3), "2 von 3 zugestellt");
        assert!(install(Language::Arabic, arabic()));
        // Its singular and dual say the number in words; placeholders change places at will.
        assert_eq!(chat::unread(2), "رسالتان غير مقروءتين");
        assert_eq!(chat::unread(3), "3 رسائل غير مقروءة");
        assert_eq!(chat::unread(11), "11 رسالة غير مقروءة");
        assert!(install(Language::English, String::new()));
        assert_eq!(common::close(), "Close");
    }

    #[test]
    fn a_file_of_another_build_is_refused() {
        for file in ["", "<!doctype html>", "0123456789abcdef\u{1e}Schließen"] {
            assert!(!install(Language::German, file.to_owned()), "{file}");
            assert_eq!((current(), common::close()), (Language::English, "Close"));
        }
    }

    #[test]
    fn hostile_values_are_put_in_as_they_are() {
        let hostile = "\u{1}\u{11}{who}\u{202e}\u{1e}";
        assert_eq!(
            chat::line_of_other(hostile, hostile),
            ["\u{2068}", hostile, "\u{2069}: ", hostile].concat()
        );
    }

    #[test]
    fn numbers_are_written_as_told() {
        format_numbers_with(|number| format!("<{number}>"));
        assert_eq!(chat::unread(5), "<5> unread messages");
        format_numbers_with(plain);
    }
}
