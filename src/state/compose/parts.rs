//! A text too long for one message, in parts that fit.
//!
//! Parts end where the text has a border: at best between lines, else between words, else between
//! characters as people count them. A fence that is cut is closed and opened again.

use super::open_fence;

/// Where borders within a text are; the browser's `Intl.Segmenter` knows.
///
/// Given a text, a place in it in bytes and whether words are meant (rather than what a person takes
/// for one character): the last border at or before the place.
pub type Border<'f> = &'f dyn Fn(&str, usize, bool) -> usize;

/// Most parts in which a text is sent: who pastes more has pasted the wrong thing.
pub const MOST: usize = 50;

/// Bytes before a cut among which a border of a line is taken, as a part of what fits: a quarter.
const LINE_SHARE: usize = 4;
/// Bytes before a cut among which a border of words or characters is sought.
const NEAR: usize = 512;
/// Bytes behind a cut that may belong to the character before it.
const BEYOND: usize = 128;
/// Most times a message is written out to find where it ends.
const LOOKS: usize = 24;
/// A longer line is not repeated in every part, bytes.
const OPENING: usize = 64;

/// A part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// How many bytes of the whole text it stands for, white space at its end included.
    pub taken: usize,
    /// What is sent; empty where it would be nothing but white space.
    pub text: String,
}

/// The parts of `text`, in order, each of which takes no more than `room` of `bytes`; together they
/// take all of the text. A text that fits is one part. A longer text takes more bytes, at least one
/// for each of its own.
///
/// Where not even one character fits, or it would be more than [`MOST`], there is no way: an empty
/// list.
#[must_use]
pub fn split(
    text: &str,
    room: usize,
    bytes: &dyn Fn(&str) -> usize,
    border: Border<'_>,
) -> Vec<Part> {
    let wire = Wire {
        room,
        bytes,
        border,
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = text;
    let mut opening = String::new();
    while !rest.is_empty() {
        if parts.len() == MOST || rest.len() > (MOST - parts.len()) * room {
            return Vec::new();
        }
        let (mut taken, mut closes) = wire.next(rest, &opening, true);
        if taken == 0 {
            // No room for a fence: the text alone, then.
            opening.clear();
            (taken, closes) = (wire.next(rest, "", false).0, false);
        }
        let Some(piece) = rest.get(..taken).filter(|piece| !piece.is_empty()) else {
            return Vec::new();
        };
        let mut sent = [&opening, trimmed(piece)].concat();
        opening.clear();
        if closes && let Some(line) = open_fence(&sent).filter(|line| line.len() <= OPENING) {
            opening = [line, "\n"].concat();
            sent.push_str(&closing(&opening));
        }
        if trimmed(piece).trim().is_empty() {
            sent.clear();
        }
        parts.push(Part { taken, text: sent });
        rest = &rest[taken..];
    }
    parts
}

struct Wire<'f> {
    room: usize,
    bytes: &'f dyn Fn(&str) -> usize,
    border: Border<'f>,
}

impl Wire<'_> {
    /// Bytes of the message that `piece` would be. `closes`: a fence it ends in is closed.
    fn cost(&self, opening: &str, piece: &str, closes: bool) -> usize {
        let mut sent = [opening, trimmed(piece)].concat();
        if closes && let Some(line) = open_fence(&sent) {
            sent.push_str(&closing(line));
        }
        (self.bytes)(&sent)
    }

    /// How much of `rest` the next part takes, and whether more follows.
    fn next(&self, rest: &str, opening: &str, closes: bool) -> (usize, bool) {
        let holds = |cut: usize| self.cost(opening, &rest[..cut], closes) <= self.room;
        if rest.len() <= self.room && self.cost(opening, rest, false) <= self.room {
            return (rest.len(), false);
        }
        let most = self.most(rest, opening, closes);
        let line = rest[..most].rfind('\n').map(|at| at + 1);
        let cuts = [
            line.filter(|at| *at > most - most / LINE_SHARE),
            self.near(rest, most, true),
            line.filter(|at| *at > most / 2),
            self.near(rest, most, false),
        ];
        let cut = cuts
            .into_iter()
            .flatten()
            .find(|cut| *cut > 0 && *cut <= most && holds(*cut));
        (cut.unwrap_or(most), true)
    }

    /// About as much of `rest` as fits. Each look writes the message out, so few are taken: one
    /// where it would end if no byte was escaped, then one where the last two say it ends.
    fn most(&self, rest: &str, opening: &str, closes: bool) -> usize {
        let cost = |cut: usize| self.cost(opening, &rest[..cut], closes);
        let (mut low, mut high) = (0, rest.len());
        let mut left = self.room.saturating_sub((self.bytes)(""));
        let mut guess = left;
        for _ in 0..LOOKS {
            let cut = rest.floor_char_boundary((low + guess).min(high));
            if cut <= low {
                break;
            }
            let taken = cost(cut);
            if taken <= self.room {
                low = cut;
                left = self.room - taken;
                guess = left.min(high - low);
            } else {
                high = cut - 1;
                let over = taken - self.room;
                // Bytes and what they take, from `low` to here.
                guess = (cut - low) * left / (left + over);
                if guess == 0 {
                    guess = (high - low).div_ceil(2);
                }
            }
        }
        low
    }

    /// The last border before `most` that is near.
    fn near(&self, text: &str, most: usize, words: bool) -> Option<usize> {
        let from = text.floor_char_boundary(most.saturating_sub(NEAR));
        let to = text.floor_char_boundary((most + BEYOND).min(text.len()));
        let at = (self.border)(text.get(from..to)?, most - from, words);
        (at > 0 && text.is_char_boundary(from + at)).then_some(from + at)
    }
}

/// Without the white space at its end: it would only be blank lines between two messages.
fn trimmed(piece: &str) -> &str {
    piece.trim_end_matches([' ', '\n', '\t', '\r'])
}

/// What closes the fence that `line` opened.
fn closing(line: &str) -> String {
    let quote = line.len() - line.trim_start_matches([' ', '>']).len();
    let ticks = super::length(line);
    ["\n", &line[..quote], &"`".repeat(ticks)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Borders of words at spaces, and of characters before anything but a combining mark.
    fn border(text: &str, at: usize, words: bool) -> usize {
        let is_border = |at: usize| {
            at == 0
                || at == text.len()
                || text.is_char_boundary(at)
                    && if words {
                        text[..at].ends_with([' ', '\n'])
                    } else {
                        !text[at..].starts_with('\u{301}')
                    }
        };
        (0..=at).rev().find(|at| is_border(*at)).unwrap_or(0)
    }

    fn texts(text: &str, room: usize) -> Vec<String> {
        let parts = split(text, room, &str::len, &border);
        assert_eq!(
            parts.iter().map(|part| part.taken).sum::<usize>(),
            text.len()
        );
        parts.into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn what_fits_is_one_part_as_it_is() {
        assert_eq!(texts("one line\nanother", 100), ["one line\nanother"]);
        assert_eq!(texts("", 100), Vec::<String>::new());
    }

    #[test]
    fn lines_stay_whole_then_words_then_characters() {
        assert_eq!(texts("aaaa bbb\ncccc ddd\n", 10), ["aaaa bbb", "cccc ddd"]);
        assert_eq!(texts("aaa bbb ccc ddd", 10), ["aaa bbb", "ccc ddd"]);
        assert_eq!(
            texts(&"x".repeat(25), 10),
            ["x".repeat(10), "x".repeat(10), "x".repeat(5)]
        );
        // é as two characters is never parted.
        assert_eq!(
            texts(&"e\u{301}".repeat(5), 7),
            ["e\u{301}e\u{301}", "e\u{301}e\u{301}", "e\u{301}"]
        );
    }

    #[test]
    fn a_cut_fence_is_closed_and_opened_again() {
        let code = format!("```rust\n{}```\nend", "let a = 1;\n".repeat(6));
        let parts = texts(&code, 40);
        assert!(parts.len() > 2);
        for part in &parts {
            assert!(part.len() <= 40, "{part:?}");
            assert_eq!(open_fence(part), None, "{part:?}");
        }
        assert!(parts[1].starts_with("```rust\nlet a"), "{parts:?}");
    }

    #[test]
    fn white_space_alone_is_no_message_and_no_room_is_no_way() {
        let text = ["a", &"\n".repeat(30), "b"].concat();
        let parts: Vec<String> = texts(&text, 10)
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect();
        assert_eq!(parts, ["a", "b"]);
        assert_eq!(texts(&"x".repeat(10 * MOST), 10).len(), MOST);
        let many = "x".repeat(10 * MOST + 1);
        assert_eq!(split(&many, 10, &str::len, &border), []);
        assert_eq!(split("abc", 10, &|_| 11, &border), []);
    }

    #[test]
    fn whatever_stands_there_fits_and_nothing_of_it_is_lost() {
        let mut seed = 0x5eed_u64;
        let mut random = move |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % below as u64).unwrap()
        };
        let words = [
            "word",
            " ",
            "\n",
            "é",
            "e\u{301}",
            "😀",
            "```\n",
            "```",
            "\"",
            "\u{1}",
            "日本語",
            "  ",
            "> ",
        ];
        for round in 0..2_000 {
            let text: String = (0..random(60))
                .map(|_| words[random(words.len())])
                .collect();
            let room = 24 + random(40);
            let bytes = |part: &str| switchboard_protocol::json::quote(part).len();
            let parts = split(&text, room, &bytes, &border);
            let taken: usize = parts.iter().map(|part| part.taken).sum();
            assert_eq!(taken, text.len(), "round {round}: {text:?} in {room}");
            let mut from = 0;
            for part in &parts {
                assert!(bytes(&part.text) <= room, "round {round}: {part:?}");
                let piece = trimmed(&text[from..from + part.taken]);
                assert!(
                    part.text.contains(piece) || piece.trim().is_empty(),
                    "{piece:?}"
                );
                from += part.taken;
            }
        }
    }
}
