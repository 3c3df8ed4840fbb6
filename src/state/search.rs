//! Search over what this browser has: what a person asks for, what fits it, and where in the text.
//!
//! Pure: texts come in, hits come out. The driver brings the texts, in portions.

mod entries;
mod query;

use switchboard_client::{Item, Sender};
use switchboard_protocol::{ConversationId, MessageId};

pub use entries::Entries;
pub use query::{Field, Query};

use super::{App, Intent};
use crate::signal::RwSignal;

/// Most hits shown; a query that has more should say more.
pub const MOST: usize = 200;

/// Makes texts alike that differ in capitals and accents only.
pub type Fold = fn(&str) -> String;

/// A message that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where it is.
    pub conversation: ConversationId,
    /// Which one.
    pub id: MessageId,
    /// Who sent it.
    pub from: Sender,
    /// When, ms since the Unix epoch.
    pub at: u64,
    /// Its text as it was last edited.
    pub text: String,
}

impl Hit {
    /// The hit that a row is, if it fits.
    #[must_use]
    pub fn of(
        query: &Query,
        conversation: &ConversationId,
        item: &Item,
        me: &str,
        fold: Fold,
    ) -> Option<Self> {
        if item.deleted {
            return None;
        }
        let from = match &item.from {
            Sender::Me => me,
            Sender::Other(user) => user.as_str(),
            Sender::Unknown => "",
        };
        query.fits(from, item.at, &item.text, fold).then(|| Self {
            conversation: conversation.clone(),
            id: item.id.clone(),
            from: item.from.clone(),
            at: item.at,
            text: item.text.clone(),
        })
    }
}

/// Where each of `words`, which are folded, stands in `text`; in order, none across another.
#[must_use]
pub fn places(text: &str, words: &[String], fold: Fold) -> Vec<(usize, usize)> {
    // Folded letter by letter, so that each keeps its place.
    let mut folded = String::with_capacity(text.len());
    let mut origins = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            folded.push_str(&fold(c.encode_utf8(&mut buffer)));
        }
        origins.resize(folded.len(), at);
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        let mut from = 0;
        while let Some(at) = folded.get(from..).and_then(|rest| rest.find(word.as_str())) {
            let (start, end) = (from + at, from + at + word.len());
            // Marks that fold to nothing belong to the letter before them.
            let next = origins[end..].iter().find(|at| **at > origins[end - 1]);
            let last = next.copied().unwrap_or(text.len());
            found.push((origins[start], last));
            from = end;
        }
    }
    found.sort_unstable();
    let mut apart: Vec<(usize, usize)> = Vec::new();
    for (start, end) in found {
        match apart.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => apart.push((start, end)),
        }
    }
    apart
}

/// Letters shown before the first place found.
const BEFORE: usize = 40;
/// Letters shown in all.
const SHOWN: usize = 160;

/// The part of `text` round the first of `places`: where it begins and ends.
#[must_use]
pub fn excerpt(text: &str, places: &[(usize, usize)]) -> (usize, usize) {
    let first = places.first().map_or(0, |(start, _)| *start);
    let start = text[..first].char_indices().rev().take(BEFORE).last();
    let start = start.map_or(first, |(at, _)| at);
    let end = text[start..].char_indices().nth(SHOWN);
    (start, end.map_or(text.len(), |(at, _)| start + at))
}

/// A search as the page shows it.
#[derive(Clone, Copy)]
pub struct Search {
    /// What was found so far, by conversation and newest first.
    pub hits: RwSignal<Vec<Hit>>,
    /// Whether there may be more to come.
    pub running: RwSignal<bool>,
    /// What is looked for, to be highlighted.
    pub words: RwSignal<Vec<String>>,
    /// Which hit the person is at.
    pub at: RwSignal<usize>,
    /// Whether its field is shown.
    pub open: RwSignal<bool>,
}

impl Search {
    pub(super) fn new() -> Self {
        Self {
            hits: RwSignal::new(Vec::new()),
            running: RwSignal::new(false),
            words: RwSignal::new(Vec::new()),
            at: RwSignal::new(0),
            open: RwSignal::new(false),
        }
    }
}

impl App {
    /// Shows a message found in the open conversation; the focus stays where it is.
    pub fn show_found(self, hit: &Hit) {
        self.seek(super::Key::from(hit.id.as_str()), false);
    }

    /// Goes to a message that was found.
    pub fn go_to(self, hit: &Hit) {
        self.jump_to(hit.conversation.clone(), &hit.id);
    }

    /// Searches anew, in one conversation or in all; what was being searched for is given up.
    pub fn look_for(self, query: Query, within: Option<ConversationId>) {
        let search = if within.is_some() {
            self.find
        } else {
            self.search
        };
        search.words.set(query.words.clone());
        search.at.set(0);
        search.running.set(!query.is_empty());
        if query.is_empty() {
            search.hits.set(Vec::new());
        }
        self.ask(Intent::Search(Box::new(query), within));
    }
}

#[cfg(test)]
pub(crate) fn fold_for_tests(text: &str) -> String {
    // Enough of what the browser does: small letters, and marks gone.
    text.to_lowercase()
        .chars()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}'))
        .map(|c| match c {
            'à' | 'á' | 'ä' => 'a',
            'é' | 'è' => 'e',
            'ö' => 'o',
            'ü' => 'u',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut shown = String::new();
        let mut at = 0;
        for (start, end) in places(text, &words, fold_for_tests) {
            shown.push_str(&text[at..start]);
            shown.push('[');
            shown.push_str(&text[start..end]);
            shown.push(']');
            at = end;
        }
        shown + &text[at..]
    }

    #[test]
    fn places_are_of_the_text_as_it_is_written() {
        for (text, words, expected) in [
            (
                "Über den Wolken",
                &["uber", "wolk"][..],
                "[Über] den [Wolk]en",
            ),
            ("Cafe\u{301} noir", &["cafe"], "[Cafe\u{301}] noir"),
            ("e\u{301}e\u{301}", &["e"], "[e\u{301}][e\u{301}]"),
            ("aaa", &["aa"], "[aa]a"),
            ("abcab", &["abc", "bca"], "[abca]b"),
            ("日本語と日本", &["日本"], "[日本]語と[日本]"),
            ("İstanbul", &["stan"], "İ[stan]bul"),
            ("nothing", &["x", ""], "nothing"),
            ("", &["x"], ""),
            ("🎉 tada 🎉", &["🎉"], "[🎉] tada [🎉]"),
        ] {
            assert_eq!(marked(text, words), expected);
        }
    }

    #[test]
    fn an_excerpt_shows_what_was_found() {
        let long = "é".repeat(500) + "needle" + &"ü".repeat(500);
        let found = places(&long, &["needle".to_owned()], fold_for_tests);
        let (start, end) = excerpt(&long, &found);
        let shown = &long[start..end];
        assert!(shown.contains("needle"));
        assert_eq!(shown.chars().count(), SHOWN);
        assert_eq!(excerpt("short", &[]), (0, 5));
        assert_eq!(excerpt("", &[]), (0, 0));
    }
}
