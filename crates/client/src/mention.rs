//! Who is named in a text: `@` and an id, as the composer writes it.

/// Whether `text` names `id`: `@` and the id, with neither running on into another word.
#[must_use]
pub fn names(text: &str, id: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text[from..].find('@') {
        let at = from + at;
        if is_named(text, at, id) {
            return true;
        }
        from = at + 1;
    }
    false
}

/// Whether the `@` at byte `at` of `text` begins a mention of `id`.
#[must_use]
pub fn is_named(text: &str, at: usize, id: &str) -> bool {
    let (Some(before), Some(rest)) = (text.get(..at), text.get(at..)) else {
        return false;
    };
    let after = rest
        .strip_prefix('@')
        .and_then(|rest| rest.strip_prefix(id));
    // An address has a name before its @.
    let is_address = before.chars().next_back().is_some_and(is_word);
    !is_address && after.is_some_and(ends)
}

/// Whether a name ends before `rest`.
fn ends(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        // In the middle of a word they are part of it, at its end they are not.
        Some('.' | '-' | '\'' | '’' | '@' | '+') => {
            let s = chars.next();
            // "@ana's turn" is about ana.
            !s.is_some_and(is_word) || is_possessive(rest)
        }
        Some(c) => !is_word(c),
        None => true,
    }
}

fn is_possessive(rest: &str) -> bool {
    let after = rest.strip_prefix("'s").or_else(|| rest.strip_prefix("’s"));
    after.is_some_and(|after| !after.chars().next().is_some_and(is_word))
}

/// Letters and digits of scripts that part their words. Japanese and Chinese do not, so a name
/// ends before them; tables of letters would cost more than they tell.
fn is_word(c: char) -> bool {
    match c {
        '_' => true,
        '\0'..='\x7F' => c.is_ascii_alphanumeric(),
        '\u{C0}'..='\u{1FFF}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_name_is_whole() {
        for text in [
            "@ana",
            "hi @ana!",
            "(@ana)",
            "@bo @ana: look",
            "@ana.",
            "@ana, @bo",
            "@ana's turn",
            "@ana’s",
            "@anaさん",
            "@@ana",
            "@ana@",
            "x @anab @ana",
            "😀@ana😀",
            "مرحبا @ana",
        ] {
            assert!(names(text, "ana"), "{text}");
        }
        for text in [
            "", "@", "ana", "@Ana", "@anab", "@ana_b", "@ana-b", "@ana.b", "@anaé", "@ana's2",
            "mail@ana", "@ ana", "@an",
        ] {
            assert!(!names(text, "ana"), "{text}");
        }
    }

    #[test]
    fn any_id_can_be_named() {
        assert!(names("hey @Ana Bo, look", "Ana Bo"));
        assert!(names("@安娜你好", "安娜"));
        assert!(names("@user@example.org!", "user@example.org"));
        assert!(!names("@user@example.org!", "user"));
        assert!(names("@😀", "😀"));
    }
}
