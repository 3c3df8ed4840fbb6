//! A message as plain text: for a line of the sidebar, a notification, a screen reader.

use super::{Mentions, Piece, Tag, parse};

/// Nobody: whether `@id` is somebody makes no difference to the words.
const NOBODY: Mentions<'static> = &|_| 0;

/// The words of a message in one line, without markup.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    // A bit for everything open: whether it stands on lines of its own.
    let mut blocks = 0_u32;
    for piece in parse(text, NOBODY) {
        match piece {
            Piece::Text(text) => {
                for word in text.split_inclusive(['\n', '\t', ' ']) {
                    let bare = word.trim_end_matches(['\n', '\t', ' ']);
                    plain.push_str(bare);
                    if bare.len() < word.len() {
                        space(&mut plain);
                    }
                }
            }
            Piece::Unseen(c) => plain.push(c),
            Piece::Open(tag) => {
                let is_block = match tag {
                    Tag::Quote | Tag::List { .. } | Tag::Item(_) | Tag::Fence(_) => true,
                    Tag::Bold | Tag::Italic | Tag::Strike => false,
                    Tag::Code | Tag::Link(_) | Tag::Mention(_) => false,
                };
                blocks = blocks << 1 | u32::from(is_block);
                if is_block {
                    space(&mut plain);
                }
                match tag {
                    Tag::Item(Some(number)) => {
                        plain.push_str(&number.to_string());
                        plain.push_str(". ");
                    }
                    Tag::Item(None) => plain.push_str("• "),
                    _ => {}
                }
            }
            Piece::Close => {
                if blocks & 1 == 1 {
                    space(&mut plain);
                }
                blocks >>= 1;
            }
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// One between words, none before the first.
fn space(plain: &mut String) {
    if !plain.is_empty() && !plain.ends_with(' ') {
        plain.push(' ');
    }
}
