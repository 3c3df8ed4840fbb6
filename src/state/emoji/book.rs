//! The book of emoji, which is a file, and finding them by code, name or word.

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

#[cfg(test)]
mod tests {
    use super::super::Tone;
    use super::*;

    fn book() -> Book {
        Book::read(include_str!("../../../assets/emoji.txt").to_owned())
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
        assert!(include_str!("../../../assets/emoji.txt").len() <= 60 * 1024);
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
}
