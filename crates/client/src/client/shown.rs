//! The rows of one conversation: texts of the window, own ones above a gap, those without a log,
//! own ones that wait; each with what was done to it, own changes that wait included.

use switchboard_protocol::client::Kind;
use switchboard_protocol::{ConversationId, MessageId, Seq, UserId};

use super::Session;
use crate::io::{Failure, Item, ItemState, Pending, Receipt, Reply, Sender, Unsaved};
use crate::mention::names;
use crate::timeline::{Act, Entry, Folded, Timeline, sender};

/// Characters of a message in a summary or a reply to it.
const START_CHARS: usize = 120;

/// The start of a text.
pub(super) fn start(text: &str) -> &str {
    let end = text.char_indices().nth(START_CHARS);
    end.map_or(text, |(end, _)| &text[..end])
}

/// What the person does to a message and the window does not have yet.
struct Own<'a> {
    re: &'a MessageId,
    act: Act<'a>,
    how: How<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How<'a> {
    /// It is in the log, above a gap.
    Known,
    Waits,
    Failed(&'a MessageId, Failure),
}

/// See the module.
pub(super) struct Shown<'a> {
    me: &'a UserId,
    timeline: &'a Timeline,
    /// How far each of the others has it, and how far each has read.
    progress: Vec<(Seq, Seq)>,
    ahead: Vec<Entry<'a>>,
    waiting: Vec<(&'a Pending, ItemState)>,
    changes: Vec<Own<'a>>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(session: &'a Session, conversation: &'a ConversationId) -> Option<Self> {
        let timeline = session.timelines.get(conversation)?;
        let me = &session.account.user;
        let mut shown = Self {
            me,
            timeline,
            progress: Vec::new(),
            ahead: Vec::new(),
            waiting: Vec::new(),
            changes: Vec::new(),
        };
        for entry in timeline.ahead() {
            match (entry.kind, entry.re) {
                (Kind::Text, _) => shown.ahead.push(entry),
                (_, Some(re)) => shown.changes.push(Own {
                    re,
                    act: Act::from(entry),
                    how: How::Known,
                }),
                (_, None) => {}
            }
        }
        for (pending, state) in session.outbox.of(conversation) {
            match (&pending.kind, &pending.re) {
                (Kind::Text, _) => shown.waiting.push((pending, state)),
                (_, Some(re)) => shown.changes.push(Own {
                    re,
                    act: Act {
                        from: me,
                        kind: &pending.kind,
                        content: &pending.text,
                        at: pending.at,
                    },
                    how: match state {
                        ItemState::Failed(failure) => How::Failed(&pending.id, failure),
                        _ => How::Waits,
                    },
                }),
                (_, None) => {}
            }
        }
        Some(shown)
    }

    /// The same, with how far own messages got.
    pub(super) fn with_progress(mut self) -> Self {
        self.progress = self.timeline.progress().collect();
        self
    }

    pub(super) fn len(&self) -> usize {
        let loose = self.timeline.loose().len();
        self.timeline.len() + self.ahead.len() + loose + self.waiting.len()
    }

    /// Whether nothing of what is shown stands above a gap, or in no log.
    pub(super) fn ends_with_log(&self) -> bool {
        let is_above = |own: &Own<'_>| own.how == How::Known;
        self.len() == self.timeline.len() && !self.changes.iter().any(is_above)
    }

    /// A row; the oldest is row 0.
    pub(super) fn item(&self, row: usize) -> Option<Item> {
        if let Some(text) = self.timeline.text(row) {
            return self.in_log(text, self.timeline.folded(text));
        }
        let row = row - self.timeline.len();
        if let Some(text) = self.ahead.get(row) {
            return self.in_log(*text, (*text).into());
        }
        let row = row - self.ahead.len();
        let loose = self.timeline.loose();
        if let Some(loose) = loose.get(row) {
            return Some(loose.item.clone());
        }
        let (pending, state) = self.waiting.get(row - loose.len())?;
        let id = pending.id.clone();
        let mut item = Item::new(id, Sender::Me, pending.at, String::new(), *state);
        let folded = Folded::new(Some(self.me), pending.at, &pending.text);
        self.finish(&mut item, folded, pending.re.as_ref(), None);
        Some(item)
    }

    fn in_log(&self, text: Entry<'a>, folded: Folded<'a>) -> Option<Item> {
        let from = sender(text.from, self.me);
        let state = match from {
            Sender::Me => self.sent(text.seq),
            Sender::Other(_) | Sender::Unknown => ItemState::Received,
        };
        let id = text.id.try_into().ok()?;
        let mut item = Item::new(id, from, text.at, String::new(), state);
        self.finish(&mut item, folded, text.re, Some(text.seq));
        item.mentions_me = state == ItemState::Received && names(&item.text, self.me.as_str());
        Some(item)
    }

    fn sent(&self, seq: Seq) -> ItemState {
        let reached = self.progress.iter().filter(|(reached, _)| *reached >= seq);
        let read = self.progress.iter().filter(|(_, read)| *read >= seq);
        ItemState::Sent {
            reached: reached.count(),
            of: self.progress.len(),
            read: read.count(),
        }
    }

    /// Lays own changes over it and looks up what it replies to.
    fn finish(
        &self,
        item: &mut Item,
        mut folded: Folded<'a>,
        re: Option<&'a MessageId>,
        seq: Option<Seq>,
    ) {
        let mut unsaved = None;
        for own in self.changes.iter().filter(|own| *own.re == item.id) {
            match own.how {
                How::Known => {
                    folded.apply(own.act);
                }
                How::Waits => item.pending |= folded.apply(own.act),
                How::Failed(id, failure) => {
                    unsaved = Some(Unsaved {
                        id: id.clone(),
                        kind: own.act.kind.clone(),
                        text: own.act.content.to_owned(),
                        failure,
                    });
                }
            }
        }
        folded.show(item, self.me);
        if !item.deleted {
            item.reply = re.map(|re| self.reply(re, seq));
            item.unsaved = unsaved;
        }
    }

    fn reply(&self, id: &MessageId, below: Option<Seq>) -> Reply {
        let highest = Seq::MAX;
        let found = self.timeline.find(id, below.unwrap_or(highest));
        let target = found.map(|text| (text.from, self.timeline.folded(text)));
        let target = target.or_else(|| {
            let ahead = self.ahead.iter().find(|text| text.id == id.as_str());
            let waiting = || self.waiting.iter().find(|(pending, _)| pending.id == *id);
            let folded = ahead.map(|text| Folded::from(*text)).or_else(|| {
                waiting().map(|(pending, _)| Folded::new(Some(self.me), pending.at, &pending.text))
            });
            folded.map(|folded| (self.me, folded))
        });
        let Some((from, mut folded)) = target else {
            return Reply {
                id: id.clone(),
                from: None,
                text: String::new(),
            };
        };
        for own in self.changes.iter().filter(|own| *own.re == *id) {
            if !matches!(own.how, How::Failed(..)) {
                folded.apply(own.act);
            }
        }
        Reply {
            id: id.clone(),
            from: Some(sender(from, self.me)),
            text: start(folded.text()).to_owned(),
        }
    }

    /// The row of a message.
    pub(super) fn place(&self, id: &MessageId) -> Option<usize> {
        if let Some(row) = self.timeline.row(id) {
            return Some(row);
        }
        let mut before = self.timeline.len();
        if let Some(at) = self.ahead.iter().position(|text| text.id == id.as_str()) {
            return Some(before + at);
        }
        before += self.ahead.len();
        let loose = self.timeline.loose();
        // What is looked for is usually new.
        if let Some(at) = loose.iter().rposition(|loose| loose.item.id == *id) {
            return Some(before + at);
        }
        before += loose.len();
        let at = self
            .waiting
            .iter()
            .position(|(pending, _)| pending.id == *id);
        at.map(|at| before + at)
    }

    /// How far an own message got with each of the others. Who is not `online` is not connected,
    /// as far as anybody is known to be.
    pub(super) fn receipts(&self, id: &MessageId, online: &[UserId]) -> Vec<(UserId, Receipt)> {
        let in_log = self.timeline.find(id, Seq::MAX);
        let in_log = in_log.or_else(|| {
            self.ahead
                .iter()
                .copied()
                .find(|text| text.id == id.as_str())
        });
        let is_own = match in_log {
            Some(text) => text.from == self.me,
            None => self.waiting.iter().any(|(pending, _)| pending.id == *id),
        };
        if !is_own {
            return Vec::new();
        }
        let receipt = |(user, (reached, read)): (&UserId, (Seq, Seq))| {
            let receipt = match in_log {
                None => Receipt::Waiting,
                Some(text) if read >= text.seq => Receipt::Read,
                Some(text) if reached >= text.seq => Receipt::Delivered,
                Some(_) if !online.is_empty() && !online.contains(user) => Receipt::Unreachable,
                Some(_) => Receipt::Sent,
            };
            (user.clone(), receipt)
        };
        let others = self.timeline.others().iter();
        others.zip(self.timeline.progress()).map(receipt).collect()
    }
}
