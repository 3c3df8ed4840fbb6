//! Emoji: the book of them, which is a file fetched on first use, and finding them by code, name
//! or word. Knows nothing of the page.

use std::sync::Arc;

use super::{App, Intent};
use crate::signal::RwSignal;

/// Most emoji remembered as used last.
const RECENT: usize = 24;

/// A skin tone: none, or from light to dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tone(u8);

impl Tone {
    /// None, then light to dark.
    pub const ALL: [Self; 6] = [Self(0), Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// Its place in [`Tone::ALL`].
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// The one at a place; none for any other.
    #[must_use]
    pub fn at(place: usize) -> Self {
        Self::ALL.get(place).copied().unwrap_or_default()
    }

    /// An emoji of the book, which has a `+` where tones go, in this tone.
    #[must_use]
    pub fn of(self, form: &str) -> String {
        let Some(tone) = char::from_u32(0x1_f3fa + u32::from(self.0)).filter(|_| self.0 > 0) else {
            return form.replace('+', "");
        };
        let mut toned = String::with_capacity(form.len() + 4);
        let mut rest = form.chars().peekable();
        while let Some(c) = rest.next() {
            if c == '+' {
                toned.push(tone);
                // It asked for a picture; a tone does so itself.
                rest.next_if_eq(&'\u{fe0f}');
            } else {
                toned.push(c);
            }
        }
        toned
    }
}

/// One emoji of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emoji<'b> {
    /// The emoji, with a `+` where tones go.
    pub form: &'b str,
    /// Its codes without colons, the best known first; perhaps none.
    codes: &'b str,
    name: &'b str,
    words: &'b str,
}

impl<'b> Emoji<'b> {
    fn of(line: &'b str) -> Self {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        Self {
            form: next(),
            codes: next(),
            name: next(),
            words: next(),
        }
    }

    /// Its first code, without colons.
    #[must_use]
    pub fn code(self) -> &'b str {
        self.codes().next().unwrap_or_default()
    }

    fn codes(self) -> impl Iterator<Item = &'b str> {
        self.codes.split(' ').filter(|code| !code.is_empty())
    }

    /// Its English name.
    #[must_use]
    pub fn name(self) -> String {
        if self.name.is_empty() {
            self.code().replace('_', " ")
        } else {
            self.name.to_owned()
        }
    }

    /// How well one small word fits: 0 best, `None` not at all.
    fn fits(self, word: &str) -> Option<u8> {
        let begins = |text: &str| {
            text.split([' ', '_', '-', ':'])
                .any(|other| begins_with(other, word))
        };
        if self.codes().any(|code| code == word) {
            Some(0)
        } else if self.codes().any(|code| code.starts_with(word)) {
            Some(1)
        } else if begins(self.name) || begins(self.codes) {
            Some(2)
        } else if begins(self.words) {
            Some(3)
        } else {
            None
        }
    }
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|part| part.eq_ignore_ascii_case(start))
}

/// Every emoji, in groups.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Book {
    text: String,
    /// Where each emoji's line lies in the text.
    lines: Vec<(usize, usize)>,
    /// Each group's name in the file, and its first emoji.
    groups: Vec<(String, usize)>,
}

impl Book {
    /// Reads `assets/emoji.txt`.
    #[must_use]
    pub fn read(text: String) -> Self {
        let (mut lines, mut groups) = (Vec::new(), Vec::new());
        let mut at = 0;
        for line in text.split('\n') {
            if let Some(group) = line.strip_prefix('=') {
                groups.push((group.to_owned(), lines.len()));
            } else if !line.is_empty() {
                lines.push((at, at + line.len()));
            }
            at += line.len() + 1;
        }
        Self {
            text,
            lines,
            groups,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The groups' names in the file, each with the places of its emoji.
    pub fn groups(&self) -> impl Iterator<Item = (&str, std::ops::Range<usize>)> {
        self.groups.iter().enumerate().map(|(at, (name, from))| {
            let next = self.groups.get(at + 1).map(|(_, from)| *from);
            (name.as_str(), *from..next.unwrap_or(self.len()))
        })
    }

    /// The emoji at a place; an empty one beyond the last.
    #[must_use]
    pub fn get(&self, place: usize) -> Emoji<'_> {
        let line = self.lines.get(place);
        Emoji::of(line.map_or("", |(from, to)| {
            self.text.get(*from..*to).unwrap_or_default()
        }))
    }

    /// The places of those that fit every word, the best first, `limit` at most.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize) -> Vec<usize> {
        let query = query.to_ascii_lowercase();
        let words: Vec<&str> = query
            .split([' ', '_', ':'])
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return Vec::new();
        }
        self.best(limit, |emoji| {
            let whole = emoji
                .fits(query.trim().trim_matches(':'))
                .filter(|fit| *fit < 2);
            whole.or_else(|| {
                words
                    .iter()
                    .map(|word| emoji.fits(word))
                    .max_by_key(|fit| fit.unwrap_or(u8::MAX))?
            })
        })
    }

    /// The places of those with a code that begins with `prefix`, the exact one first.
    #[must_use]
    pub fn complete(&self, prefix: &str, limit: usize) -> Vec<usize> {
        let prefix = prefix.to_ascii_lowercase();
        self.best(limit, |emoji| {
            emoji
                .fits(&prefix)
                .filter(|fit| *fit < 2 || prefix.len() > 2)
        })
    }

    /// The place of the one with exactly this code.
    #[must_use]
    pub fn exact(&self, code: &str) -> Option<usize> {
        (0..self.len()).find(|place| self.get(*place).codes().any(|other| other == code))
    }

    /// The name of an emoji as it is written, in whatever tone.
    #[must_use]
    pub fn name(&self, written: &str) -> Option<String> {
        let place = (0..self.len()).find(|place| bare(self.get(*place).form).eq(bare(written)))?;
        Some(self.get(place).name())
    }

    fn best<'b>(&'b self, limit: usize, fits: impl Fn(Emoji<'b>) -> Option<u8>) -> Vec<usize> {
        let mut found = [const { Vec::new() }; 4];
        for place in 0..self.len() {
            if let Some(fit) = fits(self.get(place))
                && let Some(found) = found.get_mut(usize::from(fit))
            {
                found.push(place);
            }
        }
        let mut best = found.concat();
        best.truncate(limit);
        best
    }
}

/// An emoji without tones, marks and signs.
fn bare(written: &str) -> impl Iterator<Item = char> {
    written
        .chars()
        .filter(|c| !matches!(c, '+' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'))
}

/// What is being typed at the caret: the start of a code, behind a colon at the border of a word.
/// At least two characters, so that `:)` and `1: x` offer nothing.
#[must_use]
pub fn begun(before_caret: &str) -> Option<&str> {
    let colon = before_caret.rfind(':')?;
    let prefix = &before_caret[colon + 1..];
    let before = before_caret[..colon].chars().next_back();
    (prefix.len() >= 2
        && prefix.chars().all(is_of_code)
        && !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == ':'))
    .then_some(prefix)
}

/// The code that a colon has just closed at the caret, and where its first colon stands.
#[must_use]
pub fn finished(before_caret: &str) -> Option<(usize, &str)> {
    let opened = before_caret.strip_suffix(':')?;
    let code = begun(opened)?;
    Some((opened.len() - code.len() - 1, code))
}

fn is_of_code(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-')
}

/// What is done with the emoji a person picks.
pub type Pick = Arc<dyn Fn(&str) + Send + Sync>;

/// The emoji of the page.
#[derive(Clone, Copy)]
pub struct Emojis {
    /// The book, once it has been fetched.
    pub book: RwSignal<Option<Arc<Book>>>,
    /// Whether the book could not be fetched.
    pub failed: RwSignal<bool>,
    /// The skin tone chosen.
    pub tone: RwSignal<Tone>,
    /// Those used last, the newest first, as they are written.
    pub recent: RwSignal<Vec<String>>,
    /// While the picker is open: what it is for.
    pub picking: RwSignal<Option<Pick>>,
}

impl Emojis {
    pub(super) fn new() -> Self {
        Self {
            book: RwSignal::new(None),
            failed: RwSignal::new(false),
            tone: RwSignal::new(Tone::default()),
            recent: RwSignal::new(Vec::new()),
            picking: RwSignal::new(None),
        }
    }

    /// Takes over what [`Emojis::to_stored`] gave.
    pub fn restore(self, stored: &str) {
        let mut parts = stored.split(' ');
        let tone = parts.next().and_then(|tone| tone.parse().ok());
        self.tone.set(Tone::at(tone.unwrap_or(0)));
        let recent = parts.filter(|emoji| crate::format::is_large(emoji));
        self.recent
            .set(recent.take(RECENT).map(str::to_owned).collect());
    }

    /// Tone and recent ones, in one line.
    #[must_use]
    pub fn to_stored(self) -> String {
        let mut stored = self.tone.get_untracked().place().to_string();
        self.recent.with_untracked(|recent| {
            for emoji in recent {
                stored.push(' ');
                stored.push_str(emoji);
            }
        });
        stored
    }
}

impl App {
    /// Asks for the book of emoji, unless it is there.
    pub fn want_emoji(self) {
        if self.emoji.book.with_untracked(Option::is_none) {
            self.ask(Intent::LoadEmoji);
        }
    }

    /// Up to `limit` emoji whose code begins with `prefix`, each as it would be written, with its
    /// code. Asks for the book where it is not there yet, and tracks it.
    #[must_use]
    pub fn complete_emoji(self, prefix: &str, limit: usize) -> Vec<(String, String)> {
        self.want_emoji();
        let tone = self.emoji.tone.get();
        self.emoji.book.with(|book| {
            let Some(book) = book else { return Vec::new() };
            let places = book.complete(prefix, limit);
            places
                .into_iter()
                .map(|place| book.get(place))
                .map(|emoji| (tone.of(emoji.form), emoji.code().to_owned()))
                .collect()
        })
    }

    /// The emoji of a code, as it would be written.
    #[must_use]
    pub fn emoji_of(self, code: &str) -> Option<String> {
        let tone = self.emoji.tone.get_untracked();
        self.emoji.book.with_untracked(|book| {
            let book = book.as_ref()?;
            Some(tone.of(book.get(book.exact(code)?).form))
        })
    }

    /// Remembers that an emoji was used.
    pub fn used_emoji(self, emoji: &str) {
        self.emoji.recent.update(|recent| {
            recent.retain(|other| other != emoji);
            recent.insert(0, emoji.to_owned());
            recent.truncate(RECENT);
        });
        self.ask(Intent::KeepEmoji);
    }

    /// Chooses a skin tone.
    pub fn choose_tone(self, tone: Tone) {
        self.emoji.tone.set(tone);
        self.ask(Intent::KeepEmoji);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> Book {
        Book::read(include_str!("../../assets/emoji.txt").to_owned())
    }

    fn forms(book: &Book, places: &[usize]) -> Vec<String> {
        places
            .iter()
            .map(|place| Tone::default().of(book.get(*place).form))
            .collect()
    }

    #[test]
    fn the_file_is_whole() {
        let book = book();
        assert_eq!(book.groups().count(), 9);
        assert!(book.len() > 1_800, "{}", book.len());
        assert_eq!(
            book.groups().map(|(_, places)| places.len()).sum::<usize>(),
            book.len()
        );
        let mut codes = Vec::new();
        for place in 0..book.len() {
            let emoji = book.get(place);
            assert!(
                crate::format::is_large(&Tone::default().of(emoji.form)),
                "{}",
                emoji.form
            );
            assert!(!emoji.name().is_empty(), "{}", emoji.form);
            codes.extend(emoji.codes());
        }
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all, "a code means one emoji");
        assert!(include_str!("../../assets/emoji.txt").len() <= 60 * 1024);
    }

    #[test]
    fn the_best_comes_first() {
        let book = book();
        let first = |query: &str| forms(&book, &book.search(query, 1)).concat();
        for (query, emoji) in [
            ("tada", "🎉"),
            ("smile", "😄"),
            ("+1", "👍"),
            ("thumbs up", "👍"),
            (":heart:", "❤️"),
            ("Party", "🥳"),
            ("germany", "🇩🇪"),
            ("woman teacher", "👩‍🏫"),
            ("ROCKET", "🚀"),
        ] {
            assert_eq!(first(query), emoji, "{query}");
        }
        assert!(book.search("zzzz", 9).is_empty());
        assert!(book.search("", 9).is_empty());
        assert!(book.search("日本 🎉 \u{0}", 9).is_empty());
        assert_eq!(book.search("face", 7).len(), 7);
        assert_eq!(forms(&book, &book.complete("tad", 1)), ["🎉"]);
        assert_eq!(book.get(book.exact("tada").unwrap()).name(), "party popper");
        assert_eq!(book.exact("tad"), None);
        assert_eq!(book.name("👍🏽").as_deref(), Some("thumbs up"));
        assert_eq!(book.name("❤").as_deref(), Some("red heart"));
        assert_eq!(book.name("x"), None);
    }

    #[test]
    fn tones_go_where_unicode_says() {
        let book = book();
        let toned =
            |code: &str, tone: usize| Tone::at(tone).of(book.get(book.exact(code).unwrap()).form);
        assert_eq!(toned("+1", 0), "👍");
        assert_eq!(toned("+1", 3), "👍🏽");
        assert_eq!(toned("point_up", 0), "☝️");
        assert_eq!(toned("point_up", 1), "☝🏻");
        assert_eq!(toned("woman_teacher", 5), "👩🏿‍🏫");
        assert_eq!(toned("tada", 5), "🎉");
    }

    #[test]
    fn codes_are_seen_at_the_caret_only_where_one_is_meant() {
        assert_eq!(begun("so :smi"), Some("smi"));
        assert_eq!(begun("(:+1"), Some("+1"));
        for text in [
            "", ":", ":s", "10:30", "a:bc", "::ab", ":a b", ":日本", "http://x",
        ] {
            assert_eq!(begun(text), None, "{text}");
        }
        assert_eq!(finished("so :smile:"), Some((3, "smile")));
        assert_eq!(finished("é:tada:"), Some((2, "tada")));
        for text in [":", "::", ":a:", "12:30:", "std::vec:", ":no"] {
            assert_eq!(finished(text), None, "{text}");
        }
    }
}
