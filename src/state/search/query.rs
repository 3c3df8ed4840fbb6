//! What a person asks for, in one line: words, "a phrase", `from:ana`, `after:2026-11-01`,
//! `before:2026-12-01`. Days are local; `before` leaves its day out, `after` takes it in.

use super::Fold;

/// What is asked for. Everything must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Folded words and phrases the text has.
    pub words: Vec<String>,
    /// Folded start of the sender's id.
    pub from: Option<String>,
    /// Not older, ms since the Unix epoch.
    pub after: Option<u64>,
    /// Older, ms since the Unix epoch.
    pub before: Option<u64>,
}

/// A part of a query with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The sender.
    From,
    /// The first day.
    After,
    /// The day after the last.
    Before,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::From, Self::After, Self::Before];

    /// How it is written, with its colon; the same in every language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::From => "from:",
            Self::After => "after:",
            Self::Before => "before:",
        }
    }
}

impl Query {
    /// Reads a line. `midnight` gives the beginning of a day such as `2026-11-01`; what is no day
    /// is looked for as a word.
    #[must_use]
    pub fn parse(line: &str, fold: Fold, midnight: fn(&str) -> Option<u64>) -> Self {
        let mut query = Self::default();
        for part in parts(line) {
            match part {
                Part::Phrase(phrase) => query.word(phrase, fold),
                Part::Word(word) => {
                    let field = Field::ALL.into_iter().find_map(|field| {
                        let value = word.strip_prefix(field.name())?;
                        query.set(field, value, fold, midnight).then_some(())
                    });
                    if field.is_none() {
                        query.word(word, fold);
                    }
                }
            }
        }
        query
    }

    fn word(&mut self, word: &str, fold: Fold) {
        let word = fold(word.trim());
        if !word.is_empty() && !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    /// Sets a field; whether the value is one.
    pub fn set(
        &mut self,
        field: Field,
        value: &str,
        fold: Fold,
        midnight: fn(&str) -> Option<u64>,
    ) -> bool {
        let value = value.trim();
        let (place, day) = match field {
            Field::From => {
                let id = fold(value.trim_start_matches('@'));
                let is_one = !id.is_empty();
                if is_one {
                    self.from = Some(id);
                }
                return is_one;
            }
            Field::After => (&mut self.after, midnight(value)),
            Field::Before => (&mut self.before, midnight(value)),
        };
        if day.is_some() {
            *place = day;
        }
        day.is_some()
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a message fits.
    #[must_use]
    pub fn fits(&self, from: &str, at: u64, text: &str, fold: Fold) -> bool {
        if self.after.is_some_and(|after| at < after)
            || self.before.is_some_and(|before| at >= before)
        {
            return false;
        }
        if let Some(wanted) = &self.from
            && !fold(from).starts_with(wanted.as_str())
        {
            return false;
        }
        if self.words.is_empty() {
            return true;
        }
        let text = if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            fold(text)
        };
        self.words.iter().all(|word| text.contains(word.as_str()))
    }
}

enum Part<'a> {
    Word(&'a str),
    Phrase(&'a str),
}

/// Words at spaces; what stands between quotation marks is one.
fn parts(line: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\u{3000}', '\u{a0}']);
        if rest.is_empty() {
            return parts;
        }
        let quoted = rest.strip_prefix(['"', '“', '”', '„', '«', '「']);
        if let Some(inner) = quoted {
            let end = inner
                .find(['"', '“', '”', '»', '」'])
                .unwrap_or(inner.len());
            parts.push(Part::Phrase(&inner[..end]));
            let mut after = inner[end..].chars();
            after.next();
            rest = after.as_str();
        } else {
            let end = rest
                .find([' ', '\t', '\u{3000}', '\u{a0}'])
                .unwrap_or(rest.len());
            parts.push(Part::Word(&rest[..end]));
            rest = &rest[end..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold_for_tests as fold;
    use super::*;

    const DAY: u64 = 86_400_000;

    fn midnight(day: &str) -> Option<u64> {
        day.strip_prefix("2026-11-")?
            .parse::<u64>()
            .ok()
            .map(|day| day * DAY)
    }

    fn query(line: &str) -> Query {
        Query::parse(line, fold, midnight)
    }

    #[test]
    fn a_line_has_words_phrases_a_person_and_days() {
        let all = query("Über \"two words\"  from:@Ana after:2026-11-02 before:2026-11-05 uber");
        assert_eq!(all.words, ["uber", "two words"]);
        assert_eq!(
            (all.from.as_deref(), all.after, all.before),
            (Some("ana"), Some(2 * DAY), Some(5 * DAY))
        );
        assert!(query("").is_empty() && query("  \t ").is_empty() && query("\"\"").is_empty());
        assert_eq!(query("„offen").words, ["offen"]);
        assert_eq!(query("「二 語」 x").words, ["二 語", "x"]);
        for (line, word) in [
            ("after:soon", "after:soon"),
            ("from:", "from:"),
            ("https://a", "https://a"),
        ] {
            assert_eq!(query(line).words, [word]);
        }
    }

    #[test]
    fn everything_must_fit() {
        let fits =
            |line: &str, from: &str, at: u64, text: &str| query(line).fits(from, at, text, fold);
        assert!(fits("cafe noir", "bo", 0, "Noir, CAFÉ"));
        assert!(!fits("cafe noir", "bo", 0, "Noir"));
        assert!(fits("\"a b\"", "bo", 0, "x A B y") && !fits("\"a b\"", "bo", 0, "b a"));
        assert!(
            fits("from:bo", "Bo", 0, "")
                && fits("from:b", "bo", 0, "")
                && !fits("from:bo", "ana", 0, "bo")
        );
        let days = "after:2026-11-02 before:2026-11-03";
        assert!(fits(days, "", 2 * DAY, "") && fits(days, "", 3 * DAY - 1, ""));
        assert!(!fits(days, "", 2 * DAY - 1, "") && !fits(days, "", 3 * DAY, ""));
    }

    #[test]
    fn no_line_panics() {
        for line in [
            "\"",
            "\"\"\"",
            "from:\"a b\"",
            ":",
            "after:",
            "\u{3000}\u{202e}",
            "🎉\"🎉",
            &"\"x ".repeat(9_000),
        ] {
            let _ = query(line).fits("a", 0, "b\u{0}", fold);
        }
    }
}
