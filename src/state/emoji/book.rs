//! The book of emoji, which is a file, and finding them by code, name or word; in other languages than
//! English a second file has names and words of theirs.

/// One emoji of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emoji<'b> {
    /// The emoji, with a `+` where tones go.
    pub form: &'b str,
    /// Its codes without colons, the best known first; perhaps none.
    codes: &'b str,
    name: &'b str,
    words: &'b str,
    /// Its name in the page's language, where that is not English.
    told: Option<&'b str>,
    /// That name and further words, folded.
    folded: &'b str,
}

impl<'b> Emoji<'b> {
    fn of(line: &'b str, told: Option<&'b str>, folded: &'b str) -> Self {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        Self {
            form: next(),
            codes: next(),
            name: next(),
            words: next(),
            told: told.and_then(|told| told.split('\t').next()),
            folded,
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

    /// Its name: in the book's language, or in English.
    #[must_use]
    pub fn name(self) -> String {
        match (self.told, self.name) {
            (Some(told), _) => told.to_owned(),
            (None, "") => self.code().replace('_', " "),
            (None, name) => name.to_owned(),
        }
    }

    /// How well one small word, folded, fits: 0 best, `None` not at all.
    fn fits(self, word: &str) -> Option<u8> {
        let begins = |text: &str| {
            text.split([' ', '_', '-', ':', '\t'])
                .any(|other| begins_with(other, word))
        };
        if self.codes().any(|code| code == word) {
            Some(0)
        } else if self.codes().any(|code| code.starts_with(word)) {
            Some(1)
        } else if begins(self.name) || begins(self.codes) || begins(self.folded) {
            Some(2)
        } else if begins(self.words) || self.folded.contains(word) {
            // Within a word too: not every language divides them.
            Some(3)
        } else {
            None
        }
    }
}

/// Where each line lies in a text.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut at = 0;
    let lines = text.split('\n').map(|line| {
        let from = at;
        at += line.len() + 1;
        (from, from + line.len())
    });
    lines.collect()
}

fn line<'t>(text: &'t str, lines: &[(usize, usize)], number: usize) -> &'t str {
    let line = lines.get(number);
    line.and_then(|(from, to)| text.get(*from..*to))
        .unwrap_or_default()
}

/// Names and words in a language: a line for each emoji.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    text: String,
    lines: Vec<(usize, usize)>,
    folded: String,
    folded_lines: Vec<(usize, usize)>,
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
    told: Option<Told>,
}

impl Book {
    /// Reads `assets/emoji.txt`.
    #[must_use]
    pub fn read(text: String) -> Self {
        let (mut emoji, mut groups) = (Vec::new(), Vec::new());
        for (from, to) in lines(&text) {
            let line = text.get(from..to).unwrap_or_default();
            if let Some(group) = line.strip_prefix('=') {
                groups.push((group.to_owned(), emoji.len()));
            } else if !line.is_empty() {
                emoji.push((from, to));
            }
        }
        Self {
            text,
            lines: emoji,
            groups,
            told: None,
        }
    }

    /// The book with names in another language, by a file of `assets/emoji`. A file of another book, which
    /// has more or fewer lines, changes nothing.
    #[must_use]
    pub fn told(mut self, text: String, fold: impl Fn(&str) -> String) -> Self {
        let folded = fold(&text);
        let (lines, folded_lines) = (lines(&text), lines(&folded));
        // The last line is empty.
        if lines.len() == self.len() + 1 && folded_lines.len() == lines.len() {
            self.told = Some(Told {
                text,
                lines,
                folded,
                folded_lines,
            });
        }
        self
    }

    /// Whether the names are English.
    #[must_use]
    pub fn is_english(&self) -> bool {
        self.told.is_none()
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
        let told = self.told.as_ref();
        Emoji::of(
            line(&self.text, &self.lines, place),
            told.map(|told| line(&told.text, &told.lines, place)),
            told.map_or("", |told| line(&told.folded, &told.folded_lines, place)),
        )
    }

    /// The places of those that fit every word, the best first, `limit` at most. The query is folded.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize) -> Vec<usize> {
        let words: Vec<&str> = query
            .split([' ', '_', ':', '\u{3000}'])
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

    /// The places of those with a code, name or word that begins with `prefix`, which is folded; the one
    /// with that code first.
    #[must_use]
    pub fn complete(&self, prefix: &str, limit: usize) -> Vec<usize> {
        self.best(limit, |emoji| {
            emoji
                .fits(prefix)
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
        let first = |query: &str| {
            let found = book.search(&query.to_ascii_lowercase(), 1);
            forms(&book, &found).concat()
        };
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
    fn it_is_told_in_every_other_language() {
        let languages = [
            ("ar", include_str!("../../../assets/emoji/ar.txt")),
            ("de", include_str!("../../../assets/emoji/de.txt")),
            ("ja", include_str!("../../../assets/emoji/ja.txt")),
        ];
        for language in crate::strings::Language::ALL {
            let code = language.code();
            let told = languages.iter().find(|(other, _)| *other == code);
            let Some((_, text)) = told else {
                assert_eq!(code, "en");
                continue;
            };
            let book = book().told((*text).to_owned(), str::to_lowercase);
            assert!(!book.is_english(), "{code}");
            for place in 0..book.len() {
                let emoji = book.get(place);
                let name = emoji.name();
                assert!(
                    !name.is_empty() && !name.contains('\t'),
                    "{code}: {}",
                    emoji.form
                );
                assert!(
                    emoji.folded.starts_with(&name.to_lowercase()),
                    "{code}: {name}"
                );
            }
        }
        let told = |code: &str| {
            let text = languages
                .iter()
                .find(|(other, _)| *other == code)
                .unwrap()
                .1;
            book().told(text.to_owned(), str::to_lowercase)
        };
        for (code, query, emoji) in [
            ("de", "freudentränen", "😂"),
            // Within a word.
            ("de", "tränen", "😂"),
            ("de", "schneemann", "⛄"),
            ("de", "tada", "🎉"),
            ("ja", "泣き", "😂"),
            ("ja", "ロケット", "🚀"),
            ("ar", "صاروخ", "🚀"),
        ] {
            let book = told(code);
            let found = forms(&book, &book.search(query, 20));
            assert!(
                found.iter().any(|found| found == emoji),
                "{code} {query}: {found:?}"
            );
        }
        assert_eq!(told("ja").name("🎉").as_deref(), Some("クラッカー"));
    }

    #[test]
    fn names_of_another_book_are_not_taken() {
        let lines = "a\n".repeat(book().len());
        let is_english = |text: &str| book().told(text.to_owned(), str::to_owned).is_english();
        assert!(!is_english(&lines));
        for text in ["", "\n", "<html>", &lines[2..], &format!("{lines}a\n")] {
            assert!(is_english(text));
        }
        let folded_away = book().told(lines, |_| String::new());
        assert!(folded_away.is_english());
    }
}
