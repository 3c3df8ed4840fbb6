//! One conversation's messages: a contiguous window of the server's log, a buffer above gaps,
//! and what foreign profiles bring without any log.

use std::collections::VecDeque;

use switchboard_protocol::server::{Message, Page};
use switchboard_protocol::{Seq, UserId};

use crate::config::Config;
use crate::io::{Earlier, Item, ItemState, Now, Sender};
use switchboard_protocol::sorted::SortedMap;

/// What a request for history wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Newest,
    After(Seq),
    Before(Seq),
}

/// A request for history under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request {
    rid: u64,
    want: Want,
    deadline: u64,
}

/// A message without a log: foreign, or own and handed over to a foreign backend.
#[derive(Debug, Clone)]
pub(crate) struct Loose {
    pub(crate) item: Item,
    /// Own: its echo may come until then ([`Now::mono`]).
    pub(crate) echo_until: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// Whether the window has a place in the log yet.
    anchored: bool,
    /// Everything in `(floor, applied]` is known.
    floor: Seq,
    applied: Seq,
    head: Seq,
    window: VecDeque<Message>,
    buffer: SortedMap<Seq, Message>,
    /// When a missing message is asked for.
    gap_at: Option<u64>,
    request: Option<Request>,
    wants_earlier: bool,
    /// Messages from here on are news even if history brings them.
    news_from: Option<Seq>,
    reached: SortedMap<UserId, Seq>,
    pub(crate) loose: Vec<Loose>,
}

impl Timeline {
    /// The server says the log ends at `head`. `news` tells that a view should hear of what
    /// comes, even though the conversation was unknown.
    pub(crate) fn note_head(&mut self, head: Seq, news: bool, now: Now) {
        self.head = self.head.max(head);
        if news && !self.anchored {
            self.news_from.get_or_insert(Seq::ZERO);
        }
        self.arm(now.mono);
    }

    /// A log entry arrived: pushed, or own and acknowledged.
    pub(crate) fn receive(&mut self, message: Message, now: Now, config: &Config) -> Vec<Message> {
        if self.anchored && message.seq <= self.applied {
            return Vec::new();
        }
        self.head = self.head.max(message.seq);
        if !self.anchored {
            let seq = message.seq;
            self.news_from = Some(self.news_from.map_or(seq, |from| from.min(seq)));
        }
        if self.buffer.len() >= config.buffer {
            self.buffer.clear();
        }
        self.buffer.insert(message.seq, message);
        let fresh = self.drain();
        self.arm(now.mono + if self.anchored { config.gap } else { 0 });
        fresh
    }

    /// The answer to a request; `None` when nobody asked (any more).
    pub(crate) fn page(&mut self, page: Page, now: Now) -> Option<Vec<Message>> {
        let request = self.request.take_if(|request| request.rid == page.rid)?;
        self.head = self.head.max(page.head);
        let mut fresh = Vec::new();
        match request.want {
            Want::Before(before) => {
                if self.anchored && before == self.floor.next() && page.after < self.floor {
                    let mut lowest = before;
                    for message in page.messages.into_iter().rev() {
                        if message.seq < lowest && message.seq > page.after {
                            lowest = message.seq;
                            self.window.push_front(message);
                        }
                    }
                    self.floor = page.after;
                }
            }
            Want::Newest if !self.anchored => {
                self.anchored = true;
                self.floor = page.after;
                self.applied = page.after;
                let from = self.news_from.take();
                let applied = self.absorb(page);
                if let Some(from) = from {
                    fresh.extend(applied.into_iter().filter(|message| message.seq >= from));
                }
            }
            Want::Newest => {}
            // A page for another cursor than ours proves nothing about what lies between.
            Want::After(after) if after == page.after && page.after <= self.applied => {
                fresh = self.absorb(page);
            }
            Want::After(_) => {}
        }
        self.gap_at = None;
        self.arm(now.mono);
        Some(fresh)
    }

    fn absorb(&mut self, page: Page) -> Vec<Message> {
        let mut fresh = Vec::new();
        for message in page.messages {
            if message.seq > self.applied && message.seq <= page.covered {
                self.buffer.remove(&message.seq);
                self.applied = message.seq;
                fresh.push(message.clone());
                self.window.push_back(message);
            }
        }
        // Numbers up to `covered` that the page leaves out are permanent holes.
        self.applied = self.applied.max(page.covered);
        self.buffer.remove_below(&self.applied.next());
        fresh.extend(self.drain());
        fresh
    }

    fn drain(&mut self) -> Vec<Message> {
        let mut fresh = Vec::new();
        while self.anchored
            && let Some(message) = self.buffer.remove(&self.applied.next())
        {
            self.applied = message.seq;
            fresh.push(message.clone());
            self.window.push_back(message);
        }
        fresh
    }

    /// Something is missing: ask at `at`, unless asking is under way.
    fn arm(&mut self, at: u64) {
        if !self.anchored || self.head > self.applied {
            self.gap_at = Some(self.gap_at.map_or(at, |earlier| earlier.min(at)));
        } else {
            self.gap_at = None;
        }
    }

    /// The person wants older messages.
    pub(crate) fn load_earlier(&mut self) {
        self.wants_earlier = self.anchored && self.floor > Seq::ZERO;
    }

    /// The request to send now, if any.
    pub(crate) fn ask(&mut self, now: Now, config: &Config, rid: &mut u64) -> Option<(u64, Want)> {
        if self
            .request
            .is_some_and(|request| now.mono < request.deadline)
        {
            return None;
        }
        if let Some(Request {
            want: Want::Before(_),
            ..
        }) = self.request.take()
        {
            self.wants_earlier = true;
        }
        let due = self.gap_at.is_some_and(|at| at <= now.mono);
        let want = if due && !self.anchored {
            Want::Newest
        } else if due {
            if self.head.get().saturating_sub(self.applied.get()) > config.far_behind {
                self.restart();
                Want::Newest
            } else {
                Want::After(self.applied)
            }
        } else if self.wants_earlier {
            self.wants_earlier = false;
            Want::Before(self.floor.next())
        } else {
            return None;
        };
        *rid += 1;
        self.request = Some(Request {
            rid: *rid,
            want,
            deadline: now.mono + config.sync,
        });
        Some((*rid, want))
    }

    /// Forgets the log but not what stands outside it: far behind, or another epoch.
    pub(crate) fn restart(&mut self) {
        let loose = std::mem::take(&mut self.loose);
        let (head, reached) = (self.head, std::mem::take(&mut self.reached));
        *self = Self {
            head,
            reached,
            loose,
            gap_at: Some(0),
            ..Self::default()
        };
    }

    /// Another epoch: the old numbers mean nothing.
    pub(crate) fn forget(&mut self) {
        self.restart();
        self.head = Seq::ZERO;
        self.reached.clear();
    }

    /// The socket is gone: nobody answers what was asked on it.
    pub(crate) fn disconnected(&mut self) {
        if let Some(request) = self.request.take() {
            match request.want {
                Want::Before(_) => self.wants_earlier = true,
                Want::Newest | Want::After(_) => self.gap_at = Some(0),
            }
        }
    }

    pub(crate) fn deadline(&self) -> Option<u64> {
        match self.request {
            Some(request) => Some(request.deadline),
            None if self.wants_earlier => Some(0),
            None => self.gap_at,
        }
    }

    /// People who have everything up to `seq`.
    pub(crate) fn delivered(&mut self, seq: Seq, to: Vec<UserId>) {
        for user in to {
            let mark = self.reached.get_or_default(user);
            *mark = seq.max(*mark);
        }
    }

    pub(crate) fn earlier(&self) -> Earlier {
        match self.request {
            Some(Request {
                want: Want::Before(_),
                ..
            }) => Earlier::Loading,
            _ if self.wants_earlier => Earlier::Loading,
            _ if self.anchored && self.floor > Seq::ZERO => Earlier::Available,
            _ => Earlier::None,
        }
    }

    /// The newest confirmed rows, oldest first, then own acknowledged ones that stand above a gap.
    pub(crate) fn items(&self, me: &UserId, others: &[UserId], newest: usize) -> Vec<Item> {
        let ahead = self
            .buffer
            .iter()
            .map(|(_, message)| message)
            .filter(|message| message.from == *me);
        let mut items: Vec<Item> = ahead
            .rev()
            .chain(self.window.iter().rev())
            .filter(|message| message.kind == switchboard_protocol::client::Kind::Text)
            .take(newest)
            .map(|message| self.item(message, me, others))
            .collect();
        items.extend(
            self.loose
                .iter()
                .rev()
                .take(newest.saturating_sub(items.len()))
                .map(|l| l.item.clone()),
        );
        items.reverse();
        items
    }

    fn item(&self, message: &Message, me: &UserId, others: &[UserId]) -> Item {
        let own = message.from == *me;
        let reached = |user: &&UserId| {
            self.reached
                .get(*user)
                .is_some_and(|mark| *mark >= message.seq)
        };
        Item {
            id: message.id.clone(),
            from: if own {
                Sender::Me
            } else {
                Sender::Other(message.from.clone())
            },
            at: message.at,
            text: message.content.clone(),
            state: if own {
                ItemState::Sent {
                    reached: others.iter().filter(reached).count(),
                    of: others.len(),
                }
            } else {
                ItemState::Received
            },
        }
    }

    /// The newest row.
    pub(crate) fn last(&self, me: &UserId) -> Option<Item> {
        self.items(me, &[], 1).pop()
    }

    /// Marks the oldest own message that waits for its echo with this text; whether there is one.
    pub(crate) fn echo(&mut self, text: &str, now: Now) -> bool {
        let waits = |loose: &&mut Loose| {
            loose.echo_until.is_some_and(|until| now.mono <= until) && loose.item.text == text
        };
        let Some(loose) = self.loose.iter_mut().find(waits) else {
            return false;
        };
        loose.echo_until = None;
        loose.item.state = ItemState::Sent { reached: 0, of: 0 };
        true
    }

    /// What must hold after every input.
    pub(crate) fn invariants(&self) -> Result<(), &'static str> {
        let ascending = self
            .window
            .iter()
            .zip(self.window.iter().skip(1))
            .all(|(a, b)| a.seq < b.seq);
        if !ascending {
            return Err("the window is out of order");
        }
        let bounds = (self.window.front(), self.window.back());
        if let (Some(first), Some(last)) = bounds
            && (first.seq <= self.floor || last.seq > self.applied)
        {
            return Err("the window passes its bounds");
        }
        if self.anchored
            && self
                .buffer
                .iter()
                .map(|(seq, _)| seq)
                .any(|seq| *seq <= self.applied.next())
        {
            return Err("the buffer holds what the window could take");
        }
        Ok(())
    }
}
