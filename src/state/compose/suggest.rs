//! What is suggested while one types: people after `@`, emoji after `:`.

use crate::state::Key;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody's id, after `@`.
    Person,
    /// An emoji by its code or its name, in whatever letters, after `:`.
    Emoji,
}

/// What stands before the caret and asks for suggestions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<'a> {
    /// What is looked for.
    pub kind: Kind,
    /// Where the sign stands, in bytes.
    pub start: usize,
    /// What follows it, up to the caret.
    pub text: &'a str,
}

/// Most suggestions shown.
pub const MOST: usize = 8;
/// Longest text after the sign, in bytes: no id is longer.
const LONGEST: usize = 64;
/// Letters after a colon before emoji are suggested: `:D` and `8:30` are what they are.
const LETTERS: usize = 2;

/// What is asked for at the end of `before`, the text in front of the caret.
#[must_use]
pub fn query(before: &str) -> Option<Query<'_>> {
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let start = line + before[line..].rfind(['@', ':', ' ', '\t', '\u{3000}'])?;
    let kind = match before[start..].chars().next() {
        Some('@') => Kind::Person,
        Some(':') => Kind::Emoji,
        _ => return None,
    };
    let text = &before[start + 1..];
    // Not in `ana@example.org`, `10:30` or `http://`.
    let follows_word = before[..start]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_ascii_alphanumeric() || !c.is_ascii() || c == ':' || c == '@');
    let fits = match kind {
        Kind::Person => text.len() <= LONGEST,
        Kind::Emoji => {
            text.len() >= LETTERS
                && text.len() <= LONGEST
                && text.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric()
                        || matches!(byte, b'_' | b'-' | b'+')
                        || !byte.is_ascii()
                })
        }
    };
    (!follows_word && fits).then_some(Query { kind, start, text })
}

/// The people whose id begins with or contains `text`, those of the conversation first. `fold`
/// makes texts alike that differ in capitals and accents only.
#[must_use]
pub fn people<'a>(
    text: &str,
    here: impl Iterator<Item = &'a str>,
    online: impl Iterator<Item = &'a str>,
    fold: impl Fn(&str) -> String,
) -> Vec<Key> {
    let wanted = fold(text);
    let mut begin: Vec<Key> = Vec::new();
    let mut contain: Vec<Key> = Vec::new();
    for id in here.chain(online) {
        let known = |list: &[Key]| list.iter().any(|key| **key == *id);
        if known(&begin) || known(&contain) {
            continue;
        }
        let folded = fold(id);
        if folded == wanted && !text.is_empty() {
            // What is written in full stands first.
            begin.insert(0, Key::from(id));
        } else if folded.starts_with(&wanted) {
            begin.push(Key::from(id));
        } else if folded.contains(&wanted) {
            contain.push(Key::from(id));
        }
    }
    begin.append(&mut contain);
    begin.truncate(MOST);
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_at_a_words_start_asks() {
        for (before, asked) in [
            ("@", Some((Kind::Person, 0, ""))),
            ("hello @bo", Some((Kind::Person, 6, "bo"))),
            ("hello\n(@Дан", Some((Kind::Person, 7, "Дан"))),
            ("mail ana@example", None),
            ("日本@bo", None),
            ("@bo hello", None),
            ("@@", None),
            (":smi", Some((Kind::Emoji, 0, "smi"))),
            ("well :+1", Some((Kind::Emoji, 5, "+1"))),
            (":D", None),
            ("at 10:30", None),
            ("http://example", None),
            ("::smile", None),
            (":né", Some((Kind::Emoji, 0, "né"))),
            (":笑顔", Some((Kind::Emoji, 0, "笑顔"))),
            ("né:né", None),
            ("", None),
            ("hello", None),
        ] {
            let found = query(before).map(|q| (q.kind, q.start, q.text));
            assert_eq!(found, asked, "{before:?}");
        }
        assert_eq!(query(&["@", &"x".repeat(65)].concat()), None);
    }

    #[test]
    fn people_here_come_first_and_nobody_twice() {
        let found = |text: &str| -> Vec<String> {
            let here = ["chiara", "Bo"];
            let online = ["bob", "bo", "Bo", "emre.bo", "zoe"];
            people(
                text,
                here.into_iter(),
                online.into_iter(),
                str::to_lowercase,
            )
            .iter()
            .map(|key| key.to_string())
            .collect()
        };
        assert_eq!(found("b"), ["Bo", "bob", "bo", "emre.bo"]);
        assert_eq!(found("bob"), ["bob"]);
        assert_eq!(found("c"), ["chiara"]);
        assert_eq!(found("x"), Vec::<String>::new());
        assert_eq!(found("").len(), 6);
        let many: Vec<String> = (0..50).map(|n| format!("u{n}")).collect();
        let many = people(
            "u",
            [].into_iter(),
            many.iter().map(String::as_str),
            str::to_owned,
        );
        assert_eq!(many.len(), MOST);
    }
}
