//! The loaded part of a log, and what finds rows in it: which entries are texts, where an id
//! stands, what is about what.

use std::collections::VecDeque;

use switchboard_protocol::client::Kind;
use switchboard_protocol::server::Message;
use switchboard_protocol::sorted::SortedMap;
use switchboard_protocol::{MessageId, Seq, UserId};

use super::entries::{Entries, Entry};
use super::index::Index;

/// What was done to a message, by the numbers of the entries, in order.
#[derive(Debug)]
struct Changes {
    target: MessageId,
    entries: Vec<u32>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Rows {
    entries: Entries,
    /// The texts' numbers.
    texts: VecDeque<u32>,
    /// Texts by their ids.
    by_id: Index,
    /// Places in `changes` by the ids of what they are about.
    about: Index,
    changes: Vec<Changes>,
    /// Everybody who speaks here, once: entries share their names.
    people: Vec<UserId>,
    /// How far each person has said to have read.
    read: SortedMap<UserId, Seq>,
}

impl Rows {
    pub(super) fn new(salt: u64) -> Self {
        Self {
            entries: Entries::default(),
            texts: VecDeque::new(),
            by_id: Index::new(salt),
            about: Index::new(salt),
            changes: Vec::new(),
            people: Vec::new(),
            read: SortedMap::new(),
        }
    }

    pub(super) fn entries(&self) -> &Entries {
        &self.entries
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    fn entry(&self, number: u32) -> Option<Entry<'_>> {
        self.entries.numbered(number)
    }

    /// The text in a row; the oldest is row 0.
    pub(super) fn text(&self, row: usize) -> Option<Entry<'_>> {
        self.entry(*self.texts.get(row)?)
    }

    /// The newest text with this id below a place. Two people may have used one id; of what is
    /// loaded at all, all pages find the same.
    pub(super) fn find(&self, id: &str, below: Seq) -> Option<Entry<'_>> {
        let mut found: Option<Entry<'_>> = None;
        for entry in self.named(id) {
            if entry.seq < below && found.is_none_or(|it| it.seq < entry.seq) {
                found = Some(entry);
            }
        }
        found
    }

    /// The texts with this id, in no order.
    fn named<'a, 'b>(&'a self, id: &'b str) -> impl Iterator<Item = Entry<'a>> + use<'a, 'b> {
        let numbers = self.by_id.of(self.by_id.hash(id));
        let entries = numbers.filter_map(|number| self.entry(number));
        entries.filter(move |entry| entry.id == id)
    }

    /// How many texts stand at or below a place: the row of the next one.
    pub(super) fn rows_through(&self, seq: Seq) -> usize {
        self.texts
            .partition_point(|number| self.entry(*number).is_some_and(|entry| entry.seq <= seq))
    }

    /// What was done to a text, oldest first.
    pub(super) fn changes_of(&self, text: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
        let (from, until) = (text.seq, self.next_of_name(text));
        self.changes_about(text.id)
            .unwrap_or_default()
            .iter()
            .filter_map(|number| self.entry(*number))
            .filter(move |entry| entry.seq > from && until.is_none_or(|until| entry.seq < until))
    }

    /// Where the next text with the same id stands: what comes after is about that one.
    fn next_of_name(&self, text: Entry<'_>) -> Option<Seq> {
        let places = self.named(text.id).map(|entry| entry.seq);
        places.filter(|seq| *seq > text.seq).min()
    }

    fn changes_at(&self, target: &str) -> Option<usize> {
        self.about
            .of(self.about.hash(target))
            .map(index)
            .find(|at| {
                self.changes
                    .get(*at)
                    .is_some_and(|it| it.target.as_str() == target)
            })
    }

    fn changes_about(&self, target: &str) -> Option<&[u32]> {
        let changes = self.changes.get(self.changes_at(target)?)?;
        Some(&changes.entries)
    }

    /// How far a person has said to have read; nowhere at first.
    pub(super) fn read_by(&self, user: &UserId) -> Seq {
        self.read.get(user).copied().unwrap_or_default()
    }

    /// A newer entry.
    pub(super) fn push_back(&mut self, entry: &Message) {
        let from = self.shared(&entry.from);
        let number = self.entries.push_back(entry, from);
        match (&entry.kind, &entry.re) {
            (Kind::Text, _) => {
                self.texts.push_back(number);
                self.index(entry, number);
            }
            (Kind::Read, Some(re)) => {
                match self.find(re.as_str(), entry.seq).map(|text| text.seq) {
                    Some(seq) => self.raise(&entry.from, seq),
                    None => self.note(re, number, true),
                }
            }
            (Kind::Edit | Kind::Delete | Kind::Reaction, Some(re)) => {
                self.note(re, number, true);
            }
            (Kind::Edit | Kind::Delete | Kind::Reaction | Kind::Read | Kind::Other(_), _) => {}
        }
    }

    /// An older entry.
    pub(super) fn push_front(&mut self, entry: &Message) {
        let from = self.shared(&entry.from);
        let number = self.entries.push_front(entry, from);
        match (&entry.kind, &entry.re) {
            (Kind::Text, _) => {
                self.texts.push_front(number);
                self.index(entry, number);
                self.read_meanwhile(&entry.id, entry.seq);
            }
            (Kind::Edit | Kind::Delete | Kind::Reaction | Kind::Read, Some(re)) => {
                // Whatever it is about is older still.
                self.note(re, number, false);
            }
            (Kind::Edit | Kind::Delete | Kind::Reaction | Kind::Read | Kind::Other(_), _) => {}
        }
    }

    fn index(&mut self, text: &Message, number: u32) {
        let hash = self.by_id.hash(text.id.as_str());
        self.by_id.insert(hash, number);
    }

    /// People said to have read a text before it was loaded.
    fn read_meanwhile(&mut self, id: &MessageId, seq: Seq) {
        let about = self.changes_about(id.as_str()).unwrap_or_default();
        let entries = about.iter().filter_map(|number| self.entry(*number));
        let readers: Vec<UserId> = entries
            .filter(|entry| *entry.kind == Kind::Read)
            .map(|entry| entry.from.clone())
            .collect();
        for user in readers {
            self.raise(&user, seq);
        }
    }

    fn raise(&mut self, user: &UserId, seq: Seq) {
        let mark = self.read.get_or_default(user.clone());
        *mark = seq.max(*mark);
    }

    fn note(&mut self, target: &MessageId, number: u32, is_newest: bool) {
        let at = self.changes_at(target.as_str()).unwrap_or_else(|| {
            let at = self.changes.len();
            let hash = self.about.hash(target.as_str());
            self.about.insert(hash, u32::try_from(at).unwrap_or(0));
            self.changes.push(Changes {
                target: target.clone(),
                entries: Vec::new(),
            });
            at
        });
        if let Some(changes) = self.changes.get_mut(at) {
            let at = if is_newest { changes.entries.len() } else { 0 };
            changes.entries.insert(at, number);
        }
    }

    /// For the simulator: a mechanism that does not work.
    pub(super) fn forget_changes(&mut self) {
        self.about = Index::new(0);
        self.changes.clear();
    }

    /// The same name, shared with the other entries.
    fn shared(&mut self, from: &UserId) -> UserId {
        match self.people.binary_search(from) {
            Ok(at) => self.people[at].clone(),
            Err(at) => {
                self.people.insert(at, from.clone());
                from.clone()
            }
        }
    }

    /// What must hold after every input. Rows come in at the two ends alone, so that looking there
    /// each time finds whatever comes in out of order.
    pub(super) fn invariants(&self) -> Result<(), &'static str> {
        const ENDS: usize = 4;
        let len = self.entries.len();
        let ends = [0..len.min(ENDS), len.saturating_sub(ENDS)..len];
        let ascending = |rows: std::ops::Range<usize>| {
            let rows = self.entries.range(rows);
            rows.map(|entry| entry.seq).is_sorted_by(|a, b| a < b)
        };
        if !ends.into_iter().all(ascending) {
            return Err("the window is out of order");
        }
        let rows = self.texts.len();
        for row in (0..rows.min(ENDS)).chain(rows.saturating_sub(ENDS)..rows) {
            let Some(text) = self.text(row) else {
                return Err("a row has no entry");
            };
            if *text.kind != Kind::Text || self.rows_through(text.seq) != row + 1 {
                return Err("a row is not where it is said to be");
            }
            if self.find(text.id, text.seq.next()).map(|it| it.seq) != Some(text.seq) {
                return Err("a row is not found by its id");
            }
        }
        Ok(())
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
