//! Lines: quotes, lists and fences; everything else is text.

use super::inline::{inline, seen};
use super::{Mentions, Piece, Tag};

/// Quotes in quotes, and lists in lists; deeper ones are text, or of the deepest.
const NESTED: usize = 3;

/// Fences longer than this are as good as this long.
const FENCE: usize = 8;

/// A line without its quote marks.
struct Line<'a> {
    /// The break before it, as it stands in the message.
    gap: &'a str,
    quotes: usize,
    text: &'a str,
}

struct Blocks<'a, 'm> {
    mentions: Mentions<'m>,
    out: Vec<Piece<'a>>,
    quotes: usize,
    /// The open lists: how far their marks are indented, and whether they have numbers.
    lists: Vec<(usize, bool)>,
    /// Whether no text stands between the last block's border and here.
    fresh: bool,
    /// Fences as long as this are not closed any more in this quote.
    unclosed: usize,
}

/// Reads a message.
pub(super) fn blocks<'a>(text: &'a str, mentions: Mentions<'_>) -> Vec<Piece<'a>> {
    let lines = lines(text);
    let mut state = Blocks {
        mentions,
        out: Vec::new(),
        quotes: 0,
        lists: Vec::new(),
        fresh: true,
        unclosed: FENCE + 1,
    };
    let mut rest: &[Line<'a>] = &lines;
    while let [line, after @ ..] = rest {
        state.quote(line.quotes);
        if let Some(end) = state.fence(line, after) {
            rest = after.get(end + 1..).unwrap_or_default();
            continue;
        }
        state.line(line);
        rest = after;
    }
    state.end_lists(0);
    state.quote(0);
    state.out
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for raw in text.split('\n') {
        let gap = text.get(start.max(1) - 1..start).unwrap_or_default();
        start += raw.len() + 1;
        let (mut quotes, mut rest) = (0, raw);
        while quotes < NESTED
            && let Some(inner) = rest.strip_prefix('>')
            && (inner.is_empty() || inner.starts_with(' '))
        {
            quotes += 1;
            rest = inner.strip_prefix(' ').unwrap_or(inner);
        }
        lines.push(Line {
            gap,
            quotes,
            text: rest,
        });
    }
    lines
}

impl<'a> Blocks<'a, '_> {
    fn open(&mut self, tag: Tag<'a>) {
        self.out.push(Piece::Open(tag));
    }

    fn close(&mut self) {
        self.out.push(Piece::Close);
        self.fresh = true;
    }

    /// Goes to a depth of quotes.
    fn quote(&mut self, depth: usize) {
        if depth != self.quotes {
            self.unclosed = FENCE + 1;
            self.end_lists(0);
        }
        while self.quotes > depth {
            self.close();
            self.quotes -= 1;
        }
        while self.quotes < depth {
            self.open(Tag::Quote);
            self.fresh = true;
            self.quotes += 1;
        }
    }

    /// Ends all lists but the `left` outer ones.
    fn end_lists(&mut self, left: usize) {
        while self.lists.len() > left {
            self.lists.pop();
            self.close();
            self.close();
        }
    }

    /// Reads a fence; `after` are the lines behind its first. Tells how many are in it. What is
    /// never closed is no fence: a forgotten mark swallows nothing.
    fn fence(&mut self, line: &Line<'a>, after: &[Line<'a>]) -> Option<usize> {
        let text = line.text.trim_start_matches(' ');
        let length = ticks(text);
        let language = text[length..].trim();
        if length < 3 || language.contains('`') {
            return None;
        }
        let length = length.min(FENCE);
        if length >= self.unclosed {
            return None;
        }
        let end = after
            .iter()
            .take_while(|other| other.quotes == line.quotes)
            .position(|other| {
                let text = other.text.trim();
                ticks(text) >= length && text.bytes().all(|b| b == b'`')
            });
        let Some(end) = end else {
            self.unclosed = length;
            return None;
        };
        self.end_lists(0);
        self.open(Tag::Fence(language));
        for (at, line) in after[..end].iter().enumerate() {
            if at > 0 {
                self.out.push(Piece::Text(line.gap));
            }
            seen(line.text, &mut self.out);
        }
        self.close();
        Some(end)
    }

    fn line(&mut self, line: &Line<'a>) {
        let text = line.text.trim_start_matches(' ');
        let indent = line.text.len() - text.len();
        if let Some((number, content)) = item(text) {
            self.item(indent, number);
            inline(content, self.mentions, &mut self.out);
            self.fresh = false;
            return;
        }
        // An indented line goes on with the item above it.
        let goes_on = indent >= 2 && !text.is_empty() && !self.lists.is_empty();
        if !goes_on {
            self.end_lists(0);
            if self.fresh && text.trim().is_empty() {
                return;
            }
        }
        if !self.fresh {
            self.out.push(Piece::Text(line.gap));
        }
        let text = if goes_on { text } else { line.text };
        inline(text, self.mentions, &mut self.out);
        self.fresh = false;
    }

    /// Begins an item, in the list where it belongs.
    fn item(&mut self, indent: usize, number: Option<u32>) {
        let ordered = number.is_some();
        let left = self
            .lists
            .iter()
            .filter(|(other, _)| *other <= indent)
            .count();
        self.end_lists(left.max(1));
        let is_inner = matches!(self.lists.last(), Some((outer, _)) if *outer + 2 <= indent);
        if self.lists.is_empty() || is_inner && self.lists.len() < NESTED {
            self.lists.push((indent, ordered));
            self.open(Tag::List { ordered });
        } else {
            self.close();
            if let Some(list) = self.lists.last_mut()
                && list.1 != ordered
            {
                list.1 = ordered;
                self.close();
                self.open(Tag::List { ordered });
            }
        }
        self.open(Tag::Item(number));
    }
}

/// How many backticks `text` begins with.
fn ticks(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'`').count()
}

/// The number and text of an item; its mark is `-`, `*` or a number with a full stop or bracket.
fn item(text: &str) -> Option<(Option<u32>, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = if digits == 0 {
        (None, text.strip_prefix(['-', '*'])?)
    } else {
        let number = &text[..digits];
        // As typed it must come back: no zeros in front.
        if digits > 9 || digits > 1 && number.starts_with('0') {
            return None;
        }
        (
            number.parse().ok(),
            text[digits..].strip_prefix(['.', ')'])?,
        )
    };
    let content = rest.strip_prefix(' ')?.trim_start_matches(' ');
    (!content.is_empty()).then_some((number, content))
}
