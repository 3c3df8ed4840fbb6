//! What `index.html` says by itself, before the app is there and after it broke: English stands in it, other
//! languages in two files that are fetched where they are needed.

use crate::texts::{Entry, Language};

/// The section, and its texts in the order in which the page's script takes them.
const SECTION: &str = "start";
const ORDER: [&str; 6] = [
    "broke",
    "unreachable",
    "unable",
    "opening",
    "loading",
    "reload",
];
/// What is said without any script.
const SCRIPT: &str = "script";

/// The page's own texts, and all others.
pub(crate) fn apart(entries: Vec<Entry>) -> (Vec<Entry>, Vec<Entry>) {
    entries
        .into_iter()
        .partition(|entry| entry.section == SECTION)
}

/// The page says each of them in English, and each is one that it takes.
pub(crate) fn check(english: &[Entry], page: &str, errors: &mut Vec<String>) {
    for entry in english {
        let (key, text, line) = (entry.key.as_str(), &entry.text, entry.line);
        let mut fail = |what| errors.push(format!("languages/en.txt:{line}: “{key}” {what}"));
        if key != SCRIPT && !ORDER.contains(&key) {
            fail("is no text of index.html: see build/page.rs");
        }
        if entry.is_plural() || !entry.values().is_empty() {
            fail("has a placeholder or forms, which index.html does not fill in");
        }
        if !page.contains(text.as_str()) {
            fail("is not what index.html says: make them the same");
        }
    }
}

fn text<'e>(entries: &'e [Entry], key: &str) -> &'e str {
    let found = entries.iter().find(|entry| entry.key == key);
    found.map_or("", |entry| &entry.text)
}

/// A string of JSON, and of a style sheet.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// By the language's tag: the texts in their order, then the direction.
pub(crate) fn shell(pages: &[(&Language, Vec<Entry>)]) -> String {
    let languages = pages.iter().map(|(language, entries)| {
        let texts = ORDER.iter().map(|key| text(entries, key));
        let all: Vec<String> = texts.chain([language.direction]).map(quoted).collect();
        format!("{}:[{}]", quoted(language.code), all.join(","))
    });
    format!("{{{}}}", languages.collect::<Vec<_>>().join(","))
}

/// Without scripts nobody knows the language: all are said, under the English one.
pub(crate) fn noscript(pages: &[(&Language, Vec<Entry>)]) -> String {
    let lines = pages
        .iter()
        .map(|(_, entries)| quoted(text(entries, SCRIPT)));
    let lines: Vec<String> = lines.map(|line| format!("\"\\A\" {line}")).collect();
    format!(
        "noscript p::after{{white-space:pre-line;unicode-bidi:plaintext;content:{}}}",
        lines.join(" ")
    )
}
