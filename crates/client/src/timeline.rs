//! One conversation's messages: a contiguous window of the server's log, a buffer above gaps,
//! and what foreign profiles bring without any log.

mod entries;
mod fold;
mod index;
mod loose;
mod marks;
mod reading;
mod rows;
mod shown;

use switchboard_protocol::server::{Message, Page};
use switchboard_protocol::{Seq, UserId};

use crate::config::Config;
use crate::io::{Earlier, Now};
use crate::mutant::Mutant;
use crate::stored::{Log, Stretch};
use loose::LooseUnread;
use marks::Marks;
use rows::Rows;
use switchboard_protocol::sorted::SortedMap;

pub use entries::{Entries, Entry};
pub(crate) use fold::{Act, Folded, sender};
pub(crate) use loose::Loose;

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

/// What an input added to the known part of the log.
#[derive(Debug)]
pub(crate) struct Added {
    /// Everything in `(after, through]` is in `messages` or a permanent hole.
    pub(crate) after: Seq,
    pub(crate) through: Seq,
    pub(crate) messages: Vec<Message>,
    /// Those from here on are news, if any.
    pub(crate) news_from: Option<Seq>,
    /// What was known before was another log.
    pub(crate) replaces: bool,
}

impl Added {
    /// A message that was known before.
    pub(crate) fn one(message: Message) -> Self {
        Self {
            after: message.seq.previous(),
            through: message.seq,
            messages: vec![message],
            news_from: None,
            replaces: false,
        }
    }
}

/// What a page told.
#[derive(Debug)]
pub(crate) enum Answer {
    Page(Option<Added>),
    /// The log is not the one we knew: everything of it is forgotten and will be asked for.
    Restored,
}

#[derive(Debug)]
pub(crate) struct Timeline {
    me: UserId,
    /// The other participants; nobody in the lobby.
    others: Vec<UserId>,
    salt: u64,
    /// Whether the window has a place in the log yet.
    anchored: bool,
    /// Everything in `(floor, applied]` is known.
    floor: Seq,
    applied: Seq,
    head: Seq,
    rows: Rows,
    buffer: SortedMap<Seq, Message>,
    /// When a missing message is asked for.
    gap_at: Option<u64>,
    request: Option<Request>,
    wants_earlier: bool,
    /// Storage still holds a log that this one is not.
    replaces: bool,
    /// Messages from here on are news even if history brings them.
    news_from: Option<Seq>,
    reached: SortedMap<UserId, Seq>,
    marks: Marks,
    /// Others are told how far the person has read not before then ([`Now::mono`]).
    tell_after: u64,
    /// The server will not hear of reading up to here.
    untold: Seq,
    /// When others were last told that the person types.
    typed_at: Option<u64>,
    loose: Vec<Loose>,
    loose_unread: LooseUnread,
}

impl Timeline {
    /// An empty one of `me`. The salt keeps others from choosing ids that are slow to find.
    pub(crate) fn new(me: UserId, others: Vec<UserId>, salt: u64) -> Self {
        Self {
            me,
            others,
            salt,
            anchored: false,
            floor: Seq::ZERO,
            applied: Seq::ZERO,
            head: Seq::ZERO,
            rows: Rows::new(salt),
            buffer: SortedMap::new(),
            gap_at: None,
            request: None,
            wants_earlier: false,
            replaces: false,
            news_from: None,
            reached: SortedMap::new(),
            marks: Marks::default(),
            tell_after: 0,
            untold: Seq::ZERO,
            typed_at: None,
            loose: Vec::new(),
            loose_unread: LooseUnread::default(),
        }
    }

    /// The log as storage kept it; a stretch that contradicts itself is not used.
    pub(crate) fn restore(&mut self, stored: Stretch) {
        let mut last = stored.after;
        for message in &stored.messages {
            if message.seq <= last || message.seq > stored.through {
                return;
            }
            last = message.seq;
        }
        self.anchored = true;
        self.floor = stored.after;
        self.applied = stored.through;
        self.head = stored.through;
        // What this browser knew before it kept marks was seen.
        self.marks.establish(stored.through);
        for message in &stored.messages {
            self.push_back(message);
        }
    }

    /// The confirmed, contiguous part.
    pub(crate) fn log(&self) -> Log<'_> {
        Log {
            after: self.floor,
            through: self.applied,
            messages: self.rows.entries(),
        }
    }

    /// The server, newly connected to, says the log ends at `head`. Below what we have, either a
    /// message has come since, or the log was restored from a backup under the same name: asked
    /// for what follows, it tells.
    pub(crate) fn greeted(&mut self, head: Seq, now: Now) {
        if self.anchored && head < self.applied {
            self.gap_at = Some(now.mono);
        }
    }

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
    pub(crate) fn receive(&mut self, message: Message, now: Now, config: &Config) -> Option<Added> {
        if self.anchored && message.seq <= self.applied {
            if config.is(Mutant::ShowAgain) {
                self.push_back(&message);
            }
            return None;
        }
        let seq = message.seq;
        self.head = self.head.max(seq);
        if !self.anchored && self.gap_at.is_none() && seq == Seq::ZERO.next() {
            // Where the log begins, and nothing of it was known or asked for: nobody has to be.
            self.anchored = true;
            self.marks.establish(Seq::ZERO);
        } else if !self.anchored {
            self.news_from = Some(self.news_from.map_or(seq, |from| from.min(seq)));
        }
        if self.buffer.len() >= config.buffer {
            self.buffer.clear();
        }
        self.buffer.insert(seq, message);
        if config.is(Mutant::MaxCursor) && self.anchored {
            self.applied = seq.previous();
        }
        let after = self.applied;
        let mut messages = Vec::new();
        self.drain(&mut messages);
        self.arm(now.mono + if self.anchored { config.gap } else { 0 });
        (self.applied > after).then_some(Added {
            after,
            through: self.applied,
            messages,
            news_from: Some(Seq::ZERO),
            replaces: false,
        })
    }

    /// Whether the request `rid` is still unanswered.
    pub(crate) fn awaits(&self, rid: u64) -> bool {
        self.request.is_some_and(|request| request.rid == rid)
    }

    /// The answer to a request; `None` when nobody asked (any more).
    pub(crate) fn page(&mut self, page: Page, now: Now, config: &Config) -> Option<Answer> {
        let request = self.request.take_if(|request| request.rid == page.rid)?;
        if matches!(request.want, Want::After(after) if page.head < after) {
            // Asked after our cursor, a log that ends before it is not the one we know.
            self.forget();
            return Some(Answer::Restored);
        }
        // What was heard of the head may have been another log's, or nonsense.
        let highest = self.buffer.iter().next_back().map(|(seq, _)| *seq);
        self.head = page.head.max(self.applied).max(highest.unwrap_or_default());
        let before = self.applied;
        let rows = self.rows.len();
        let was_anchored = self.anchored;
        let added = match request.want {
            Want::Before(before) => {
                if config.is(Mutant::ForgetChanges) {
                    self.rows.forget_changes();
                }
                let joins = before == self.floor.next();
                joins
                    .then(|| self.prepend(page.after, page.covered, page.messages))
                    .flatten()
            }
            // Far behind what is known now, or nothing is known.
            Want::Newest if !self.anchored || page.after > self.applied => {
                self.anchor(&page);
                let news_from = self.news_from.take();
                // History is read, news are not.
                let read = news_from.map_or(page.covered, Seq::previous);
                self.marks.establish(read.min(page.covered));
                self.absorb(page, news_from, config)
            }
            Want::Newest => self.absorb(page, Some(Seq::ZERO), config),
            // A page for another cursor than ours proves nothing about what lies between.
            Want::After(after) if after == page.after && page.after <= self.applied => {
                self.absorb(page, Some(Seq::ZERO), config)
            }
            Want::After(_) => None,
        };
        // A page that brought nothing is not asked for again at once.
        let stuck = matches!(request.want, Want::After(_) | Want::Newest)
            && was_anchored
            && self.applied == before;
        // Reactions and the like alone are nothing to see: whoever asked wants messages.
        let brought = added
            .as_ref()
            .is_some_and(|added| !added.messages.is_empty());
        let is_unseen = match request.want {
            Want::Newest => self.rows.len() == 0,
            Want::Before(_) => self.rows.len() == rows,
            Want::After(_) => false,
        };
        if brought && is_unseen {
            self.load_earlier();
        }
        self.gap_at = None;
        self.arm(now.mono + if stuck { config.sync } else { 0 });
        Some(Answer::Page(added))
    }

    /// The window is to start with a page. One there is gives way only now: until the page is here,
    /// its rows are better than none. What was pushed beyond it stays.
    fn anchor(&mut self, page: &Page) {
        if self.anchored {
            let buffer = std::mem::take(&mut self.buffer);
            self.restart();
            self.news_from = buffer.iter().next().map(|(seq, _)| *seq);
            self.buffer = buffer;
        }
        self.anchored = true;
        self.floor = page.after;
        self.applied = page.after;
    }

    /// What storage holds below the window; whether it joins it.
    pub(crate) fn load_stored(&mut self, stored: Stretch) -> bool {
        let added = self.prepend(stored.after, stored.through, stored.messages);
        added.is_some()
    }

    /// Everything in `(after, covered]` is in `older` or a permanent hole.
    fn prepend(&mut self, after: Seq, covered: Seq, older: Vec<Message>) -> Option<Added> {
        if !self.anchored || after >= self.floor || covered < self.floor {
            return None;
        }
        let through = self.floor;
        let mut messages = Vec::new();
        for message in older {
            let last = messages.last().map_or(after, |m: &Message| m.seq);
            if message.seq > last && message.seq <= through {
                messages.push(message);
            }
        }
        for message in messages.iter().rev() {
            self.push_front(message);
        }
        self.floor = after;
        Some(Added {
            after,
            through,
            messages,
            news_from: None,
            replaces: false,
        })
    }

    fn absorb(&mut self, page: Page, news_from: Option<Seq>, config: &Config) -> Option<Added> {
        let after = self.applied;
        let mut messages = Vec::new();
        for message in page.messages {
            if message.seq > self.applied && message.seq <= page.covered {
                self.applied = message.seq;
                self.push_back(&message);
                messages.push(message);
            }
        }
        // Numbers up to `covered` that the page leaves out are permanent holes.
        if !config.is(Mutant::NoHoles) {
            self.applied = self.applied.max(page.covered);
        }
        self.buffer.remove_below(&self.applied.next());
        self.drain(&mut messages);
        Some(Added {
            after,
            through: self.applied,
            messages,
            news_from,
            replaces: std::mem::take(&mut self.replaces),
        })
    }

    /// Takes out of the buffer what follows without a gap.
    fn drain(&mut self, fresh: &mut Vec<Message>) {
        if !self.anchored {
            return;
        }
        let applied = &mut self.applied;
        let next = self.buffer.iter().take_while(|(seq, _)| {
            let follows = **seq == applied.next();
            if follows {
                *applied = **seq;
            }
            follows
        });
        let count = next.count();
        let next: Vec<Message> = self.buffer.drain_first(count).map(|(_, m)| m).collect();
        for message in next {
            self.push_back(&message);
            fresh.push(message);
        }
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
        self.wants_earlier |= self.earlier() == Earlier::Available;
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
        let due = self.gap_at.is_some_and(|at| at <= now.mono)
            && !(config.is(Mutant::NoSync) && self.anchored);
        let want = if due && !self.anchored {
            Want::Newest
        } else if due {
            if self.missing() > config.far_behind {
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
    fn restart(&mut self) {
        let others = std::mem::take(&mut self.others);
        let mut fresh = Self::new(self.me.clone(), others, self.salt);
        std::mem::swap(self, &mut fresh);
        self.replaces = fresh.replaces;
        self.head = fresh.head;
        self.reached = fresh.reached;
        self.marks = fresh.marks;
        self.marks.reloaded();
        self.typed_at = fresh.typed_at;
        self.loose = fresh.loose;
        self.loose_unread = fresh.loose_unread;
        self.gap_at = Some(0);
    }

    /// Another epoch: the old numbers mean nothing.
    pub(crate) fn forget(&mut self) {
        self.restart();
        self.replaces = true;
        self.head = Seq::ZERO;
        self.reached.clear();
        self.marks = Marks::default();
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

    pub(crate) fn deadline(&self, config: &Config) -> Option<u64> {
        match self.request {
            Some(request) => Some(request.deadline),
            None if self.wants_earlier => Some(0),
            None if config.is(Mutant::NoSync) && self.anchored => None,
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

    /// What must hold after every input.
    pub(crate) fn invariants(&self) -> Result<(), &'static str> {
        self.rows.invariants()?;
        self.marks.invariants()?;
        let entries = self.rows.entries();
        let mut entries = entries.iter().map(|entry| entry.seq);
        let first = entries.next();
        if let Some(first) = first
            && let last = entries.next_back().unwrap_or(first)
            && (first <= self.floor || last > self.applied)
        {
            return Err("the window passes its bounds");
        }
        if self.anchored && self.marks.through().is_none() {
            return Err("a log without a mark");
        }
        // The buffer is sorted: its first entry tells.
        if self.anchored
            && let Some((seq, _)) = self.buffer.iter().next()
            && *seq <= self.applied.next()
        {
            return Err("the buffer holds what the window could take");
        }
        Ok(())
    }
}
