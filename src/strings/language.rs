//! The languages there are: their names, their direction and their plural rules.

/// A language of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English, compiled in.
    #[default]
    English,
    /// German.
    German,
    /// Japanese.
    Japanese,
    /// Arabic, from right to left.
    Arabic,
}

impl Language {
    /// All of them, in the order they are offered; `build.rs` has the same order.
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::Japanese, Self::Arabic];

    /// Its tag (BCP 47), e.g. `de`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Japanese => "ja",
            Self::Arabic => "ar",
        }
    }

    /// The language of a tag, whatever its region, e.g. of `de-AT`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.split('-').next().unwrap_or_default();
        let found = |known: &Self| language.eq_ignore_ascii_case(known.code());
        Self::ALL.into_iter().find(found)
    }

    /// Its own name for itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Japanese => "日本語",
            Self::Arabic => "العربية",
        }
    }

    /// The direction it is written in, as the `dir` attribute has it.
    #[must_use]
    pub fn direction(self) -> &'static str {
        match self {
            Self::English | Self::German | Self::Japanese => "ltr",
            Self::Arabic => "rtl",
        }
    }

    /// Which of its plural forms goes with `count`: its place among those of `languages/*.txt`.
    /// These are the rules of CLDR for whole numbers; a test holds them against the browser's.
    #[must_use]
    pub fn plural(self, count: usize) -> usize {
        match self {
            Self::English | Self::German => usize::from(count != 1),
            Self::Japanese => 0,
            Self::Arabic => match (count, count % 100) {
                (0..=2, _) => count,
                (_, 3..=10) => 3,
                (_, 11..=99) => 4,
                _ => 5,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_tag_is_matched_by_its_language_alone() {
        assert_eq!(Language::of_tag("de"), Some(Language::German));
        assert_eq!(Language::of_tag("AR-eg"), Some(Language::Arabic));
        assert_eq!(
            Language::of_tag("ja-JP-u-ca-japanese"),
            Some(Language::Japanese)
        );
        for unknown in ["", "-", "d", "deu", "fr-CA", "e\u{301}n", "und"] {
            assert_eq!(Language::of_tag(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn plural_forms_of_arabic() {
        let forms = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111, 200, 1000];
        let places = forms.map(|count| Language::Arabic.plural(count));
        assert_eq!(places, [0, 1, 2, 3, 3, 4, 4, 5, 5, 3, 4, 5, 5]);
    }
}
