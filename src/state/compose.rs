//! What the composer writes: a new message, an answer to one, or one's own message anew.

pub mod keys;
pub mod parts;
pub mod suggest;

use switchboard_protocol::MessageId;

/// What the text in the composer will be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Compose {
    /// A message.
    #[default]
    New,
    /// A message in answer to this one.
    Reply(MessageId),
    /// A new text for this own message.
    Edit(MessageId),
}

/// The line that opened the fence (```` ``` ````) in which `text` ends, if it ends in one.
#[must_use]
pub fn open_fence(text: &str) -> Option<&str> {
    let mut open: Option<&str> = None;
    for line in text.split('\n') {
        let bare = line.trim_start_matches([' ', '>']);
        let ticks = bare.len() - bare.trim_start_matches('`').len();
        let word = &bare[ticks..];
        open = match open {
            // What closes a fence is as long at least, and nothing else stands in its line.
            Some(opening) if ticks >= length(opening) && word.trim().is_empty() => None,
            None if ticks >= 3 && !word.contains('`') => Some(line),
            open => open,
        };
    }
    open
}

/// The backticks a fence's line begins with.
fn length(line: &str) -> usize {
    let bare = line.trim_start_matches([' ', '>']);
    bare.len() - bare.trim_start_matches('`').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_open_until_a_line_as_long_closes_it() {
        for (text, open) in [
            ("", None),
            ("a ``` b", None),
            ("```", Some("```")),
            ("hello\n```rust\nlet", Some("```rust")),
            ("```\ncode\n```", None),
            ("```\ncode\n```\nand", None),
            ("````\n```\n", Some("````")),
            ("````\n```\n````", None),
            ("```one line```", None),
            ("> ```\n> code", Some("> ```")),
            ("```\n``` no end", Some("```")),
            ("```\ncode\n```\n```js\n", Some("```js")),
        ] {
            assert_eq!(open_fence(text), open, "{text:?}");
        }
    }
}
