//! Addresses: which ones are links, and where one that stands in a text ends.

use super::chars::{is_space, is_unseen};

/// Whether `rest` begins with `prefix`, in letters of any size.
fn begins(rest: &str, prefix: &str) -> bool {
    rest.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Whether an address may be a link: `http` or `https` with a host, or `mailto` with an `@`.
/// Nothing else ever is, `javascript:` least of all.
#[must_use]
pub fn is_safe(address: &str) -> bool {
    if address.chars().any(ends) {
        return false;
    }
    if begins(address, "mailto:") {
        let to = address[7..].split('?').next().unwrap_or_default();
        return matches!(to.split_once('@'), Some((name, host)) if !name.is_empty() && !host.is_empty());
    }
    let host = if begins(address, "https://") {
        &address[8..]
    } else if begins(address, "http://") {
        &address[7..]
    } else {
        return false;
    };
    host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[' || !c.is_ascii())
}

/// Whether no address goes beyond it. Browsers read a backslash as a slash, so it would hide
/// the real host.
fn ends(c: char) -> bool {
    is_space(c)
        || is_unseen(c)
        || matches!(
            c,
            '<' | '>' | '"' | '`' | '\\' | '“' | '”' | '‘' | '’' | '«' | '»'
        )
        || matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}')
        || matches!(
            c,
            '！' | '（' | '）' | '，' | '：' | '；' | '？' | '［' | '］' | '｛' | '｝'
        )
}

/// The bytes of the address `rest` begins with (0: it begins with none), and how far was looked.
/// Punctuation that closes a sentence is not part of it, nor a bracket opened before it.
pub(super) fn autolink(rest: &str) -> (usize, usize) {
    if !["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| begins(rest, scheme))
    {
        return (0, 0);
    }
    let run = rest.find(ends).unwrap_or(rest.len());
    let mut end = run;
    let count = |c: char| rest[..run].matches(c).count();
    let mut brackets = [
        (')', count('('), count(')')),
        (']', count('['), count(']')),
        ('}', count('{'), count('}')),
    ];
    while let Some(last) = rest[..end].chars().next_back() {
        let bracket = brackets
            .iter_mut()
            .find(|(close, open, closed)| *close == last && closed > open);
        if let Some((_, _, closed)) = bracket {
            *closed -= 1;
        } else if !matches!(
            last,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~'
        ) && !matches!(last, '،' | '؛' | '؟' | '…')
        {
            break;
        }
        end -= last.len_utf8();
    }
    (if is_safe(&rest[..end]) { end } else { 0 }, run)
}

/// The bytes of the address in `rest`, which stands behind `](`; `None` unless it is a safe one
/// and a bracket closes it. Never looks beyond the next `[`, so that many of them take no longer.
pub(super) fn target(rest: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return is_safe(&rest[..at]).then_some(at),
            ')' => open -= 1,
            // An address of IPv6 begins so.
            '[' if at <= 8 => {}
            '[' => return None,
            c if ends(c) => return None,
            _ => {}
        }
    }
    None
}
