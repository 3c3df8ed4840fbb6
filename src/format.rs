//! From a message's text to what is shown.
//!
//! A small, chat-like part of Markdown, made for people rather than for documents: what is no
//! markup stays as typed, to the last character. No rule looks beyond its line but the fence, no
//! construct nests in its own kind, and a delimiter counts at the border of a word only, so
//! `snake_case`, `2*3*4` and `¯\_(ツ)_/¯` are safe. A backslash protects what follows and stays.
//!
//! The result is a flat list of [`Piece`]s, borrowed from the text: opened and closed like tags,
//! at most [`DEPTH`] deep. Reading it takes time linear in the text, whatever stands there.

mod block;
mod chars;
mod inline;
mod link;
mod plain;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub use chars::{is_large, is_unseen, is_word};
pub use link::is_safe;
pub use plain::plain;

/// Nothing is nested deeper: three quotes, three lists with their items, seven of a line.
pub const DEPTH: usize = 16;

/// A part of a message, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// What follows, to the matching [`Piece::Close`], is this.
    Open(Tag<'a>),
    /// The end of what was opened last.
    Close,
    /// Text as it stands; line breaks count.
    Text(&'a str),
    /// A character in code or in a link's label that nobody sees although it changes what is
    /// seen, such as U+202E. To be made visible.
    Unseen(char),
}

/// What a part of a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag<'a> {
    /// Lines after `> `.
    Quote,
    /// Items after `- ` or `1. `.
    List {
        /// Whether its items carry numbers.
        ordered: bool,
    },
    /// An item of a list, with its number as typed.
    Item(Option<u32>),
    /// Lines of code, and the word after the fence; it may be empty.
    Fence(&'a str),
    /// `**bold**`
    Bold,
    /// `*italic*` or `_italic_`
    Italic,
    /// `~~strike~~`
    Strike,
    /// `` `code` ``
    Code,
    /// A link to this `http`, `https` or `mailto` address. Where what it holds is not the address
    /// itself, the real host must be shown beside it.
    Link(&'a str),
    /// `@id`, of somebody who exists.
    Mention(&'a str),
}

/// Given what stands behind an `@`: how many bytes of it are the id of somebody; 0 for nobody.
pub type Mentions<'m> = &'m dyn Fn(&str) -> usize;

/// Reads a message.
#[must_use]
pub fn parse<'a>(text: &'a str, mentions: Mentions<'_>) -> Vec<Piece<'a>> {
    merge(text, block::blocks(text, mentions))
}

/// The bytes of the longest of `ids` that `rest` begins with and that ends where a word does.
#[must_use]
pub fn longest<'i>(ids: impl Iterator<Item = &'i str>, rest: &str) -> usize {
    ids.filter(|id| {
        rest.strip_prefix(id)
            .is_some_and(|after| !after.chars().next().is_some_and(is_word))
    })
    .map(str::len)
    .max()
    .unwrap_or(0)
}

/// Makes one of texts that stand side by side in the message.
fn merge<'a>(text: &'a str, pieces: Vec<Piece<'a>>) -> Vec<Piece<'a>> {
    let origin = text.as_ptr().addr();
    let mut merged: Vec<Piece<'a>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if let Piece::Text(next) = piece {
            if next.is_empty() {
                continue;
            }
            if let Some(Piece::Text(last)) = merged.last_mut() {
                let from = last.as_ptr().addr() - origin;
                let end = from + last.len();
                if end + origin == next.as_ptr().addr()
                    && let Some(both) = text.get(from..end + next.len())
                {
                    *last = both;
                    continue;
                }
            }
        }
        merged.push(piece);
    }
    merged
}
