//! Cuts a page to its limits, the same way for every store.

use switchboard_protocol::{Message, Seq};

use super::{LogPage, PageRequest, Place};

/// Takes the messages of a page one by one and knows when it is full.
///
/// Forward pages take them oldest first, the others newest first.
#[derive(Debug)]
pub struct PageBuilder {
    place: Place,
    head: Seq,
    limit: usize,
    bytes_left: usize,
    messages: Vec<Message>,
    full: bool,
}

impl PageBuilder {
    /// A page of a log whose last place is `head`.
    #[must_use]
    pub fn new(request: &PageRequest, head: Seq) -> Self {
        Self {
            place: request.place,
            head,
            limit: request.limit.max(1),
            bytes_left: request.max_bytes,
            messages: Vec::new(),
            full: false,
        }
    }

    /// Whether messages come oldest first.
    #[must_use]
    pub fn is_forward(&self) -> bool {
        matches!(self.place, Place::After(_))
    }

    /// The places that can be on it: from the first, to the last, both included.
    #[must_use]
    pub fn bounds(&self) -> (Seq, Seq) {
        match self.place {
            Place::After(after) => (after.next(), self.head),
            Place::Before(before) => (Seq::ZERO.next(), before.previous().min(self.head)),
            Place::Newest => (Seq::ZERO.next(), self.head),
        }
    }

    /// Adds a message; `false` when it does not fit, and then nothing more does.
    pub fn push(&mut self, message: Message) -> bool {
        let bytes = serde_json::to_string(&message).map_or(usize::MAX, |text| text.len() + 1);
        let first = self.messages.is_empty();
        if self.full || self.messages.len() == self.limit || (!first && bytes > self.bytes_left) {
            self.full = true;
            return false;
        }
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
        self.messages.push(message);
        true
    }

    /// The page: what it covers follows from whether it was cut.
    #[must_use]
    pub fn finish(mut self) -> LogPage {
        let last_taken = self.messages.last().map(|message| message.seq);
        let (after, covered) = match self.place {
            Place::After(after) => match last_taken {
                Some(last) if self.full => (after, last),
                _ => (after, self.head),
            },
            Place::Before(_) | Place::Newest => {
                self.messages.reverse();
                let (_, last) = self.bounds();
                match last_taken {
                    Some(first) if self.full => (first.previous(), last),
                    _ => (Seq::ZERO, last),
                }
            }
        };
        LogPage {
            after,
            messages: self.messages,
            covered,
            head: self.head,
        }
    }
}
