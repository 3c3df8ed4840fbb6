//! Codes such as `:smile:` where they are typed.

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

#[cfg(test)]
mod tests {
    use super::*;

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
