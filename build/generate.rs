//! Writes what `texts.rs` read: the typed functions, and each language as one compact file.
//!
//! In a compact file stand, between [`TEXT`] marks: the fingerprint of the English keys, then the
//! texts in their order. Plural forms are divided by [`FORM`] marks; a placeholder is one
//! character, [`PLAIN`] or [`ISOLATED`] plus its place among the values.

use std::fmt::Write as _;

use crate::texts::{ENGLISH, Entry, Kind, Language, Piece};

/// Before each text.
pub(crate) const TEXT: char = '\u{1e}';
/// Between the forms of a plural.
pub(crate) const FORM: char = '\u{1f}';
/// The first value, put in as it is; the seventh is the last.
pub(crate) const PLAIN: u8 = 0x01;
/// The first value, isolated.
pub(crate) const ISOLATED: u8 = 0x11;
/// Most values of one text: one more would be a tab.
const MOST: usize = 7;

/// A language's compact file; `english` decides the order.
pub(crate) fn compact(language: &Language, english: &[Entry], translated: &[Entry]) -> String {
    let mut file = fingerprint(english);
    for entry in english {
        file.push(TEXT);
        file.push_str(&text(language, entry, translated));
    }
    file
}

/// One text of a compact file.
fn text(language: &Language, entry: &Entry, translated: &[Entry]) -> String {
    let mut file = String::new();
    let Some(other) = translated
        .iter()
        .find(|other| other.section == entry.section && other.key == entry.key)
    else {
        return file;
    };
    let values = entry.values();
    let forms: &[&str] = if entry.is_plural() {
        language.forms
    } else {
        &[""]
    };
    for (index, form) in forms.iter().enumerate() {
        if index > 0 {
            file.push(FORM);
        }
        for piece in other.forms.get(*form).into_iter().flatten() {
            match piece {
                Piece::Text(text) => file.push_str(text),
                Piece::Value(name, _) => {
                    let place = values.iter().position(|(other, _)| other == name);
                    let place = place.unwrap_or(0);
                    let first = match values.get(place) {
                        Some((_, Some(Kind::Text))) => ISOLATED,
                        _ => PLAIN,
                    };
                    file.push(char::from(first + u8::try_from(place).unwrap_or(0)));
                }
            }
        }
    }
    file
}

/// Changes with the texts there are, their order and their placeholders: a file with another one
/// belongs to another build.
pub(crate) fn fingerprint(english: &[Entry]) -> String {
    let keys: Vec<String> = english
        .iter()
        .map(|entry| format!("{}.{}{:?}", entry.section, entry.key, entry.values()))
        .collect();
    hash(&keys.join("\n"))
}

/// 64 bits in hexadecimal (FNV-1a).
pub(crate) fn hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// The Rust module that hands the texts out. `files` are the translations' names.
pub(crate) fn rust(english: &[Entry], files: &[String], errors: &mut Vec<String>) -> String {
    let mut code = String::new();
    let _infallible = writeln!(
        code,
        "/// Of the texts' keys, order and placeholders.\npub(crate) const FINGERPRINT: &str = {:?};\n\
         /// The translations' files in the order of `Language`.\npub(crate) const FILES: [&str; {}] = {files:?};",
        fingerprint(english),
        files.len()
    );
    let mut sections: Vec<&str> = Vec::new();
    for entry in english {
        if !sections.contains(&entry.section.as_str()) {
            sections.push(&entry.section);
        }
    }
    for section in sections {
        let _infallible = writeln!(code, "/// Texts of `[{section}]`.\npub mod {section} {{");
        for (id, entry) in english.iter().enumerate() {
            if entry.section == section {
                let text = text(&ENGLISH, entry, english);
                function(&mut code, id, entry, &text, errors);
            }
        }
        code.push_str("}\n");
    }
    code
}

/// The English text stands in the function, so that it is wherever the function is: what only the
/// second wasm calls is there (src/later.rs).
fn function(code: &mut String, id: usize, entry: &Entry, english: &str, errors: &mut Vec<String>) {
    let values = entry.values();
    if values.len() > MOST {
        errors.push(format!(
            "languages/en.txt:{}: “{}” has more than {MOST} placeholders: divide it",
            entry.line, entry.key
        ));
        return;
    }
    let mut parameters = Vec::new();
    let mut arguments = Vec::new();
    for (name, kind) in &values {
        match kind {
            Some(Kind::Number | Kind::Count) => {
                parameters.push(format!("{name}: usize"));
                arguments.push(format!("&super::number({name})"));
            }
            _ => {
                parameters.push(format!("{name}: &str"));
                arguments.push(name.clone());
            }
        }
    }
    let (parameters, arguments) = (parameters.join(", "), arguments.join(", "));
    let key = &entry.key;
    let (result, body) = if values.is_empty() {
        ("&'static str", format!("super::text({id}, {english:?})"))
    } else if entry.is_plural() {
        (
            "String",
            format!("super::plural({id}, {english:?}, count, &[{arguments}])"),
        )
    } else {
        (
            "String",
            format!("super::fill({id}, {english:?}, &[{arguments}])"),
        )
    };
    let _infallible = writeln!(
        code,
        "/// “{}”\n#[must_use]\npub fn {key}({parameters}) -> {result} {{ {body} }}",
        entry.text.replace('[', "\\[").replace(']', "\\]")
    );
}
