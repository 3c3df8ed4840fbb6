//! Reads `languages/*.txt` and holds the languages against each other. Used by `build.rs`; its
//! tests run with the app's.

use std::collections::BTreeMap;

/// A language: its name in file names, and its plural forms in the order of CLDR.
pub(crate) struct Language {
    pub(crate) code: &'static str,
    pub(crate) forms: &'static [&'static str],
    /// As the attribute `dir` has it.
    pub(crate) direction: &'static str,
}

/// The language that decides which texts there are.
pub(crate) const ENGLISH: Language = Language {
    code: "en",
    forms: &["one", "other"],
    direction: "ltr",
};

/// The others. Their plural rules are in `src/strings/language.rs`.
pub(crate) const TRANSLATIONS: [Language; 3] = [
    Language {
        code: "de",
        forms: &["one", "other"],
        direction: "ltr",
    },
    Language {
        code: "ja",
        forms: &["other"],
        direction: "ltr",
    },
    Language {
        code: "ar",
        forms: &["zero", "one", "two", "few", "many", "other"],
        direction: "rtl",
    },
];

/// What is put in for a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text, isolated from the direction of what is around it.
    Text,
    /// A text as it is.
    Plain,
    /// A number.
    Number,
    /// The number that chooses the form.
    Count,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// A placeholder; without a kind where a translation leaves it to English.
    Value(String, Option<Kind>),
}

/// One text in one language.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) section: String,
    pub(crate) key: String,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Under the empty name, or under the names of its plural forms.
    pub(crate) forms: BTreeMap<String, Vec<Piece>>,
    /// As written, of the last form read.
    pub(crate) text: String,
}

impl Entry {
    pub(crate) fn is_plural(&self) -> bool {
        !self.forms.contains_key("")
    }

    /// Its placeholders in the order of their first appearance, the counting one first.
    pub(crate) fn values(&self) -> Vec<(String, Option<Kind>)> {
        let mut values: Vec<(String, Option<Kind>)> = Vec::new();
        if self.is_plural() {
            values.push(("count".to_owned(), Some(Kind::Count)));
        }
        for piece in self.forms.values().flatten() {
            if let Piece::Value(name, kind) = piece
                && !values.iter().any(|(other, _)| other == name)
            {
                values.push((name.clone(), *kind));
            }
        }
        values
    }

    fn name(&self) -> String {
        format!("[{}] {}", self.section, self.key)
    }
}

/// Reads a language's file; `errors` gets what is wrong, with the line.
pub(crate) fn read(language: &Language, file: &str, errors: &mut Vec<String>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut section = String::new();
    for (index, line) in file.lines().enumerate() {
        let number = index + 1;
        let mut fail =
            |what: String| errors.push(format!("languages/{}.txt:{number}: {what}", language.code));
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            if !is_name(name) {
                fail(format!(
                    "“{name}” is no section: write small letters, digits and _"
                ));
            }
            name.clone_into(&mut section);
            continue;
        }
        let Some((key, text)) = line.split_once('=') else {
            fail("write `key = text`, `[section]` or `# comment`; the = is missing".to_owned());
            continue;
        };
        let (key, text) = (key.trim(), text.trim());
        let (key, form) = key.split_once('.').unwrap_or((key, ""));
        if section.is_empty() {
            fail(format!("“{key}” stands before the first [section]"));
        }
        if !is_name(key) {
            fail(format!(
                "“{key}” is no key: write small letters, digits and _, beginning with a letter"
            ));
        }
        if text.is_empty() {
            fail(format!("“{key}” has no text: write it after the ="));
        }
        if !form.is_empty() && !language.forms.contains(&form) {
            fail(format!(
                "“{key}.{form}”: the plural forms here are {}",
                language.forms.join(", ")
            ));
        }
        let pieces = match pieces(text) {
            Ok(pieces) => pieces,
            Err(what) => {
                fail(format!("“{key}”: {what}"));
                continue;
            }
        };
        let known = entries
            .iter_mut()
            .find(|entry| entry.section == section && entry.key == key);
        if let Some(entry) = known {
            if entry.forms.contains_key(form) {
                fail(format!(
                    "“{key}” is there already, in line {}: remove one",
                    entry.line
                ));
            } else if form.is_empty() || !entry.is_plural() {
                fail(format!(
                    "“{key}” has a text with and one without plural forms"
                ));
            }
            entry.forms.insert(form.to_owned(), pieces);
            text.clone_into(&mut entry.text);
        } else {
            entries.push(Entry {
                section: section.clone(),
                key: key.to_owned(),
                line: number,
                forms: BTreeMap::from([(form.to_owned(), pieces)]),
                text: text.to_owned(),
            });
        }
    }
    for entry in &entries {
        check_forms(language, entry, errors);
    }
    entries
}

/// The forms of one text agree with the language and with each other.
fn check_forms(language: &Language, entry: &Entry, errors: &mut Vec<String>) {
    let mut fail = |what: String| {
        errors.push(format!(
            "languages/{}.txt:{}: “{}” {what}",
            language.code, entry.line, entry.key
        ));
    };
    if !entry.is_plural() {
        let counts = entry.values().iter().any(|(name, _)| name == "count");
        if counts {
            fail(format!(
                "has {{count}} but no plural forms: write {}.{} and so on, or give the number another name, e.g. {{total:number}}",
                entry.key,
                language.forms.join(&format!(", {}.", entry.key))
            ));
        }
        return;
    }
    for form in language.forms {
        let Some(pieces) = entry.forms.get(*form) else {
            fail(format!(
                "lacks a plural form: add “{}.{form} = …”",
                entry.key
            ));
            continue;
        };
        for (name, _) in entry.values() {
            let has = pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Value(other, _) if *other == name));
            if !has && name != "count" {
                fail(format!(
                    "has {{{name}}} in some of its plural forms only: put it into .{form} too"
                ));
            }
        }
    }
}

/// Holds a translation against English: the same texts, with the same placeholders.
pub(crate) fn compare(
    language: &Language,
    english: &[Entry],
    translated: &[Entry],
    errors: &mut Vec<String>,
) {
    let file = format!("languages/{}.txt", language.code);
    let find = |list: &[Entry], wanted: &Entry| {
        list.iter()
            .position(|entry| entry.section == wanted.section && entry.key == wanted.key)
    };
    for entry in english {
        let Some(place) = find(translated, entry) else {
            errors.push(format!(
                "{file}: {} is missing: add it (English: “{}”)",
                entry.name(),
                entry.text
            ));
            continue;
        };
        let other = &translated[place];
        let mut fail =
            |what: String| errors.push(format!("{file}:{}: “{}” {what}", other.line, other.key));
        if entry.is_plural() != other.is_plural() {
            fail(if entry.is_plural() {
                format!(
                    "has plural forms in English: write {}.{} = … here",
                    entry.key,
                    language.forms.join(&format!(" = …, {}.", entry.key))
                )
            } else {
                "has no plural forms in English: write one text, or add forms to English".to_owned()
            });
            continue;
        }
        let (wanted, found) = (entry.values(), other.values());
        for (name, kind) in &wanted {
            match found.iter().find(|(other, _)| other == name) {
                None => fail(format!("lacks {{{name}}}: put it where it belongs")),
                Some((_, Some(other))) if Some(*other) != *kind => fail(format!(
                    "has another kind of {{{name}}} than English: write {{{name}}} alone"
                )),
                Some(_) => {}
            }
        }
        for (name, _) in &found {
            if !wanted.iter().any(|(other, _)| other == name) {
                fail(format!(
                    "has {{{name}}}, which English has not: remove it, or add it there"
                ));
            }
        }
    }
    for entry in translated {
        if find(english, entry).is_none() {
            errors.push(format!(
                "{file}:{}: {} is not in languages/en.txt: remove it, or add it there",
                entry.line,
                entry.name()
            ));
        }
    }
}

/// Gives the placeholders of English without a kind theirs.
pub(crate) fn with_kinds(mut entries: Vec<Entry>) -> Vec<Entry> {
    for piece in entries
        .iter_mut()
        .flat_map(|entry| entry.forms.values_mut())
        .flatten()
    {
        if let Piece::Value(name, kind @ None) = piece {
            *kind = Some(if name == "count" {
                Kind::Count
            } else {
                Kind::Text
            });
        }
    }
    entries
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('n') => plain.push('\n'),
                Some(c @ ('\\' | '{' | '}')) => plain.push(c),
                _ => return Err(r"after \ comes n, {, } or \".to_owned()),
            },
            // U+2066 and U+2069 in a form that can be seen.
            '{' if rest.as_str().starts_with('"') => {
                let (apart, after) = rest.as_str()[1..]
                    .split_once("\"}")
                    .ok_or("{\" ends with \"}")?;
                plain.push('\u{2066}');
                plain.push_str(apart);
                plain.push('\u{2069}');
                rest = after.chars();
            }
            '{' => {
                let inside: String = rest.by_ref().take_while(|c| *c != '}').collect();
                let (name, kind) = match inside.split_once(':') {
                    None => (inside.as_str(), None),
                    Some((name, "plain")) => (name, Some(Kind::Plain)),
                    Some((name, "number")) => (name, Some(Kind::Number)),
                    Some((_, kind)) => {
                        return Err(format!("{{…:{kind}}} is neither :plain nor :number"));
                    }
                };
                if !is_name(name) || name == "count" && kind.is_some() {
                    return Err(format!(
                        "{{{inside}}} is no placeholder: write {{name}}, {{name:plain}}, {{name:number}} or {{count}}"
                    ));
                }
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Value(name.to_owned(), kind));
            }
            '}' => return Err(r"a } without {: write \} for the character".to_owned()),
            c if c.is_control() || "\u{200e}\u{200f}\u{061c}\u{2066}\u{2069}".contains(c) => {
                return Err(
                    "it has a character that cannot be seen: remove it, or write {\"…\"}"
                        .to_owned(),
                );
            }
            c => plain.push(c),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with `german` beside `english`; both are given a section.
    fn problems(english: &str, german: &str) -> Vec<String> {
        let mut errors = Vec::new();
        let section = |texts: &str| format!("[a]\n{texts}");
        let english = with_kinds(read(&ENGLISH, &section(english), &mut errors));
        let german = read(&TRANSLATIONS[0], &section(german), &mut errors);
        compare(&TRANSLATIONS[0], &english, &german, &mut errors);
        errors
    }

    #[test]
    fn what_agrees_is_no_problem() {
        let english =
            "# c\nx = {n:number} of {who}\ny.one = one {who}\ny.other = {count} of {who}\n";
        let german = "y.one = {who}: eins\ny.other = {who}: {count}\n\nx = {who}: {n}\n";
        assert!(problems(english, german).is_empty());
    }

    #[test]
    fn each_disagreement_is_named_with_its_line_and_remedy() {
        for (english, german, said) in [
            (
                "x = X",
                "",
                "de.txt: [a] x is missing: add it (English: “X”)",
            ),
            ("", "x = X", "de.txt:2: [a] x is not in languages/en.txt"),
            ("x = {who}", "x = X", "de.txt:2: “x” lacks {who}"),
            (
                "x = X",
                "x = {who}",
                "de.txt:2: “x” has {who}, which English has not",
            ),
            ("x = {n:number}", "x = {n:plain}", "another kind of {n}"),
            (
                "x.one = X\nx.other = X",
                "x = X",
                "has plural forms in English",
            ),
            (
                "x = X",
                "x.one = X\nx.other = X",
                "has no plural forms in English",
            ),
            (
                "x.one = X\nx.other = X",
                "x.one = X",
                "lacks a plural form: add “x.other = …”",
            ),
            (
                "x.one = X\nx.other = X",
                "x.few = X",
                "de.txt:2: “x.few”: the plural forms here are one, other",
            ),
            (
                "x.one = X\nx.other = {who}",
                "",
                "has {who} in some of its plural forms only: put it into .one too",
            ),
            (
                "x = {count}",
                "x = {count}",
                "has {count} but no plural forms",
            ),
            (
                "x = X\nx = Y",
                "x = X",
                "en.txt:3: “x” is there already, in line 2",
            ),
            (
                "x = X\nx.one = Y",
                "x = X",
                "with and one without plural forms",
            ),
            ("X = x", "", "“X” is no key"),
            ("x =", "", "“x” has no text"),
            ("x", "", "the = is missing"),
            ("x = {", "", "{} is no placeholder"),
            ("x = {Who}", "", "{Who} is no placeholder"),
            ("x = {a:b}", "", "{…:b} is neither :plain nor :number"),
            ("x = a}", "", "a } without {"),
            (r"x = \t", "", r"after \ comes n, {, } or \"),
            ("x = {\"a}", "", "{\" ends with \"}"),
            ("x = a\u{200f}b", "", "cannot be seen"),
        ] {
            let found = problems(english, german);
            assert!(
                found.iter().any(|error| error.contains(said)),
                "{english:?} and {german:?}: {found:#?}"
            );
        }
    }

    #[test]
    fn a_text_outside_a_section_is_a_problem() {
        let mut errors = Vec::new();
        read(&ENGLISH, "x = X", &mut errors);
        assert!(
            errors[0].contains("before the first [section]"),
            "{errors:?}"
        );
    }

    #[test]
    fn escapes_and_what_is_kept_apart() {
        let text = pieces(r#"a\n\{b\}\\{"c/d"}{e}"#).unwrap();
        assert_eq!(
            text,
            [
                Piece::Text("a\n{b}\\\u{2066}c/d\u{2069}".to_owned()),
                Piece::Value("e".to_owned(), None)
            ]
        );
    }
}
