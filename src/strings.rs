//! Every text a person sees, in the language chosen.
//!
//! The texts stand in `languages/*.txt`; `build.rs` makes a typed function of each, in a module
//! for each section. Where a text depends on more than numbers and names, a function here chooses.
//! A text says what happened and what to do.

pub mod announce;
pub mod chat;
pub mod connect;
pub mod frames;
mod language;
pub mod settings;
pub mod shell;
pub mod status;
mod table;

pub use language::Language;
pub use table::{current, format_numbers_with, install, number};
// Sections that need no function of their own; the modules above hand the rest out.
pub use texts::*;

/// The functions made of `languages/en.txt`.
#[allow(
    unreachable_pub,
    reason = "a section with a module above is handed out by that"
)]
mod texts {
    use super::table::{fill, number, plural, text};
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// What reads them, for its tests alone: cargo runs none of a build script's.
#[cfg(test)]
#[path = "../build/texts.rs"]
mod reader;

/// The product: a name, the same in every language.
pub const PRODUCT: &str = "Switchboard";

/// Where the file of a language lies, seen from the page; `None` for English, which is compiled in.
#[must_use]
pub fn file(language: Language) -> Option<String> {
    let place = Language::ALL.iter().position(|other| *other == language)?;
    let name = texts::FILES.get(place.checked_sub(1)?)?;
    Some(join(&["languages/", name]))
}

/// The parts in a row.
pub(crate) fn join(parts: &[&str]) -> String {
    parts.concat()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::Language;
    use super::reader::{ENGLISH, TRANSLATIONS, read};

    fn code(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                code(&path, all);
            } else {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }

    /// The page's own script takes the direction from what the build wrote.
    #[test]
    fn the_build_knows_the_languages_as_the_app_does() {
        let built = [&ENGLISH].into_iter().chain(&TRANSLATIONS);
        let built: Vec<_> = built.map(|it| (it.code, it.direction)).collect();
        let known = Language::ALL.map(|language| (language.code(), language.direction()));
        assert_eq!(built, known);
    }

    #[test]
    fn every_text_is_used() {
        let mut all = String::new();
        code(Path::new("src"), &mut all);
        let words: Vec<&str> = all
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .collect();
        let entries = read(
            &ENGLISH,
            include_str!("../languages/en.txt"),
            &mut Vec::new(),
        );
        let unused: Vec<String> = entries
            .iter()
            // Those of the page itself: `build/page.rs` looks for them.
            .filter(|entry| entry.section != "start")
            .filter(|entry| !words.contains(&entry.key.as_str()))
            .map(|entry| [&entry.section, ".", &entry.key].concat())
            .collect();
        assert!(unused.is_empty(), "remove from languages/*.txt: {unused:?}");
    }
}
