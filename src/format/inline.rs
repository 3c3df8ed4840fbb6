//! One line: emphasis, code, links, mentions.

use super::chars::{is_space, is_unseen, is_word};
use super::{Mentions, Piece, Tag, link};

/// Longest run of backticks that begins code.
const TICKS: usize = 8;

/// The delimiters, each of which may be open once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Star,
    Underscore,
    Stars,
    Tildes,
    ThreeStars,
}

struct Line<'a, 'o> {
    line: &'a str,
    out: &'o mut Vec<Piece<'a>>,
    /// Where text begins that is not handed out yet.
    pending: usize,
    at: usize,
    /// Where in `out` each delimiter was opened.
    open: [Option<usize>; 5],
    /// Lengths of backtick runs that do not come again.
    missing: [bool; TICKS + 1],
    /// The next `](`, if it has been looked for.
    label_end: Option<usize>,
}

/// Reads a line into `out`.
pub(super) fn inline<'a>(line: &'a str, mentions: Mentions<'_>, out: &mut Vec<Piece<'a>>) {
    let mut state = Line {
        line,
        out,
        pending: 0,
        at: 0,
        open: [None; 5],
        missing: [false; TICKS + 1],
        label_end: None,
    };
    while let Some(byte) = line.as_bytes().get(state.at) {
        let is_taken = match byte {
            b'`' => state.code(),
            b'*' | b'_' | b'~' => state.delimiter(*byte),
            b'[' => state.labelled(),
            b'h' | b'H' | b'm' | b'M' => state.autolink(),
            b'@' => state.mention(mentions),
            b'\\' => {
                // What it protects is text.
                let next = line.as_bytes().get(state.at + 1);
                state.at += usize::from(next.is_some_and(u8::is_ascii_punctuation));
                false
            }
            _ => false,
        };
        if !is_taken {
            state.at += 1;
        }
    }
    state.flush(line.len());
}

impl<'a> Line<'a, '_> {
    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> Option<char> {
        self.line.get(..self.at)?.chars().next_back()
    }

    /// Hands out the text up to `to`.
    fn flush(&mut self, to: usize) {
        if let Some(text) = self.line.get(self.pending..to)
            && !text.is_empty()
        {
            self.out.push(Piece::Text(text));
        }
        self.pending = to;
    }

    /// Goes on behind `to`; what was before it has been handed out.
    fn skip(&mut self, to: usize) {
        self.at = to;
        self.pending = to;
    }

    /// How often the byte here comes in a row.
    fn run(&self, byte: u8) -> usize {
        self.rest()
            .bytes()
            .take_while(|other| *other == byte)
            .count()
    }

    fn code(&mut self) -> bool {
        let ticks = self.run(b'`');
        let from = self.at + ticks;
        let Some(end) = self.closing(ticks, from) else {
            // As text: the run is not looked at again from within.
            self.at = from;
            return true;
        };
        self.flush(self.at);
        let mut code = &self.line[from..end];
        if let Some(inner) = code
            .strip_prefix(' ')
            .and_then(|code| code.strip_suffix(' '))
            && ticks > 1
        {
            code = inner;
        }
        self.out.push(Piece::Open(Tag::Code));
        seen(code, self.out);
        self.out.push(Piece::Close);
        self.skip(end + ticks);
        true
    }

    /// Where the run begins that closes one of `ticks` backticks.
    fn closing(&mut self, ticks: usize, from: usize) -> Option<usize> {
        if *self.missing.get(ticks)? {
            return None;
        }
        let mut at = from;
        while let Some(next) = self.line[at..].find('`') {
            let start = at + next;
            let found = self.line[start..]
                .bytes()
                .take_while(|b| *b == b'`')
                .count();
            if found == ticks {
                return Some(start);
            }
            at = start + found;
        }
        self.missing[ticks] = true;
        None
    }

    fn delimiter(&mut self, byte: u8) -> bool {
        let length = self.run(byte);
        let end = self.at + length;
        let kind = match (byte, length) {
            (b'*', 1) => Delimiter::Star,
            (b'*', 2) => Delimiter::Stars,
            (b'*', 3) => Delimiter::ThreeStars,
            (b'_', 1) => Delimiter::Underscore,
            (b'~', 2) => Delimiter::Tildes,
            _ => {
                self.at = end;
                return true;
            }
        };
        let (before, after) = (self.before(), self.line[end..].chars().next());
        let closes = before.is_some_and(|c| !is_space(c)) && !after.is_some_and(is_word);
        let opens = after.is_some_and(|c| !is_space(c)) && !before.is_some_and(is_word);
        self.flush(self.at);
        let opened = self.open[kind as usize].filter(|at| closes && at + 1 < self.out.len());
        let tags = [Tag::Italic, Tag::Italic, Tag::Bold, Tag::Strike, Tag::Bold];
        if let Some(at) = opened {
            self.out[at] = Piece::Open(tags[kind as usize]);
            if kind == Delimiter::ThreeStars {
                self.out[at + 1] = Piece::Open(Tag::Italic);
                self.out.push(Piece::Close);
            }
            self.out.push(Piece::Close);
            // What was opened within stays text.
            for other in &mut self.open {
                *other = other.filter(|other| *other < at);
            }
            self.skip(end);
            return true;
        }
        if opens {
            // Text as long as nothing closes it.
            self.open[kind as usize] = Some(self.out.len());
            if kind == Delimiter::ThreeStars {
                self.flush(self.at + 2);
            }
            self.flush(end);
        }
        self.at = end;
        true
    }

    fn labelled(&mut self) -> bool {
        let start = self.at;
        if self.label_end.is_none_or(|end| end < start) {
            let next = self.rest().find("](").map(|next| start + next);
            self.label_end = Some(next.unwrap_or(usize::MAX));
        }
        let Some(end) = self.label_end.filter(|end| *end < self.line.len()) else {
            return false;
        };
        let label = &self.line[start + 1..end];
        if label.contains('[') || label.chars().all(|c| is_space(c) || is_unseen(c)) {
            return false;
        }
        let from = end + 2;
        let Some(length) = link::target(&self.line[from..]) else {
            return false;
        };
        self.flush(start);
        self.out
            .push(Piece::Open(Tag::Link(&self.line[from..from + length])));
        seen(label, self.out);
        self.out.push(Piece::Close);
        self.skip(from + length + 1);
        true
    }

    fn autolink(&mut self) -> bool {
        if self.before().is_some_and(is_word) {
            return false;
        }
        let (length, looked) = link::autolink(self.rest());
        if length == 0 {
            // What was looked through is not looked through again.
            self.at += looked;
            return looked > 0;
        }
        let address = &self.rest()[..length];
        self.wrap(Tag::Link(address), length)
    }

    fn mention(&mut self, mentions: Mentions<'_>) -> bool {
        if self.before().is_some_and(is_word) {
            return false;
        }
        let behind = &self.rest()[1..];
        let Some(id) = behind.get(..mentions(behind)).filter(|id| !id.is_empty()) else {
            return false;
        };
        self.wrap(Tag::Mention(id), id.len() + 1)
    }

    /// Puts the next `length` bytes into `tag`.
    fn wrap(&mut self, tag: Tag<'a>, length: usize) -> bool {
        self.flush(self.at);
        self.out.push(Piece::Open(tag));
        self.flush(self.at + length);
        self.out.push(Piece::Close);
        self.at = self.pending;
        true
    }
}

/// Hands out `text` with what nobody sees set apart.
pub(super) fn seen<'a>(text: &'a str, out: &mut Vec<Piece<'a>>) {
    let mut rest = text;
    while let Some(at) = rest.find(is_unseen) {
        let (before, from) = rest.split_at(at);
        let mut chars = from.chars();
        out.push(Piece::Text(before));
        out.extend(chars.next().map(Piece::Unseen));
        rest = chars.as_str();
    }
    out.push(Piece::Text(rest));
}
