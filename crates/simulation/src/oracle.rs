//! What must hold, checked against the server's log and what people were told.
//!
//! The oracle knows nothing of how client or handlers work. It sees three things: what a person
//! sent and what the page said of it, what the store committed, and what each page shows.

mod folded;
pub(crate) mod shown;

use switchboard_client::{Client, Entry, Kind, Log, Pending, Restored};
use switchboard_protocol::{Message, MessageId};

use crate::{
    people::{People, is_content, message_number, number_of},
    store,
};

/// Stands in a log for a place that stays empty.
const HOLE: usize = usize::MAX;
/// From here on stand places that tell how far somebody has read: no person sent them.
const READS: usize = usize::MAX / 2;

/// Word of somebody's reading.
#[derive(Debug)]
struct Read {
    id: MessageId,
    user: usize,
    /// The message read.
    re: usize,
}

/// What a page told the person of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing yet: the composer still holds the text.
    Nothing,
    /// It is kept: it survives a reload.
    Durable,
    /// It is held in memory only.
    Volatile,
    /// It was not taken.
    Refused,
}

/// A message somebody sent.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) conversation: usize,
    pub(crate) user: usize,
    pub(crate) device: usize,
    pub(crate) tab: usize,
    /// Which life of the tab.
    pub(crate) life: u32,
    pub(crate) kind: Kind,
    /// The message it is about.
    pub(crate) re: Option<usize>,
    pub(crate) bytes: usize,
    pub(crate) told: Told,
    /// It was given back to the person once, or its row was evicted: its place is no longer that
    /// of its sending.
    pub(crate) displaced: bool,
    pub(crate) committed: bool,
}

/// The part of a log that a page has shown correctly so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Window {
    after: u64,
    through: u64,
    /// The farthest it went in this life.
    best: u64,
}

impl Sent {
    /// Whether a row says what it says.
    fn is(&self, row: Entry<'_>, number: usize) -> bool {
        *row.kind == self.kind
            && row.re.and_then(message_number) == self.re
            && is_content(row.content, &self.kind, number, self.bytes)
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Oracle {
    pub(crate) messages: Vec<Sent>,
    /// By conversation: message numbers in order of their places; [`HOLE`] where nothing stands.
    pub(crate) logs: Vec<Vec<usize>>,
    reads: Vec<Read>,
    /// By conversation: the places where nothing stands, in order.
    holes: Vec<Vec<u64>>,
    /// By tab, user and conversation: the last message committed, plus one.
    last: Vec<usize>,
    people: People,
}

impl Oracle {
    pub(crate) fn new(people: People, tabs: usize) -> Self {
        let conversations = people.conversations.len();
        Self {
            messages: Vec::new(),
            logs: vec![Vec::new(); conversations],
            reads: Vec::new(),
            holes: vec![Vec::new(); conversations],
            last: vec![0; tabs * people.users.len() * conversations],
            people,
        }
    }

    pub(crate) fn people(&self) -> &People {
        &self.people
    }

    pub(crate) fn head(&self, conversation: usize) -> u64 {
        count(self.logs[conversation].len())
    }

    /// A place was committed. `lives` are the tabs' present lives.
    pub(crate) fn committed(&mut self, row: &Message, lives: &[u32]) -> Result<(), String> {
        let Some(conversation) = self.people.place(&row.conv) else {
            return Err(format!("a message was committed to {}", row.conv));
        };
        let log = &mut self.logs[conversation];
        if row.seq.get() != count(log.len()) + 1 {
            let (conv, seq) = (&row.conv, row.seq.get());
            return Err(format!("{conv}: place {seq} follows place {}", log.len()));
        }
        if row.id.as_str().starts_with(store::HOLE) {
            log.push(HOLE);
            self.holes[conversation].push(row.seq.get());
            return Ok(());
        }
        if row.kind == Kind::Read {
            log.push(READS + self.reads.len());
            return self.read(row);
        }
        let number = message_number(&row.id).unwrap_or(usize::MAX);
        let Some(sent) = self.messages.get_mut(number) else {
            return Err(format!("{} was committed, and nobody sent it", row.id));
        };
        if sent.committed {
            return Err(format!("m{number} was committed twice"));
        }
        if sent.conversation != conversation || row.from != self.people.users[sent.user] {
            return Err(format!(
                "m{number} was committed to {} as a message of {}",
                row.conv, row.from
            ));
        }
        if !sent.is(row.into(), number) {
            return Err(format!("m{number} was committed as something else"));
        }
        sent.committed = true;
        log.push(number);
        let users = self.people.users.len();
        let place = (sent.tab * users + sent.user) * self.logs.len() + conversation;
        if place >= self.last.len() {
            self.last.resize(place + 1, 0);
        }
        let last = &mut self.last[place];
        // What a person was told is kept, or what its page still holds, has to keep its order.
        let solid = sent.told == Told::Durable || lives.get(sent.tab) == Some(&sent.life);
        let later = *last;
        *last = later.max(number + 1);
        if number + 1 < later && solid && !sent.displaced {
            return Err(format!(
                "m{number} was committed after m{}, which the same tab sent later",
                later - 1
            ));
        }
        Ok(())
    }

    /// Somebody's page told how far they have read: once, and of a message there is.
    fn read(&mut self, row: &Message) -> Result<(), String> {
        let user = self.people.users.iter().position(|user| *user == row.from);
        let re = row.re.as_ref().and_then(message_number);
        let is_new = self.reads.iter().rev().take(50).all(|it| it.id != row.id);
        let (Some(user), Some(re), true) = (user, re, is_new && row.content.is_empty()) else {
            return Err(format!("{row:?} was committed, which no page says"));
        };
        let target = self.messages.get(re);
        if target.is_none_or(|it| it.kind != Kind::Text || !it.committed || it.user == user) {
            return Err(format!(
                "{} has read m{re}, which is nothing to read",
                row.from
            ));
        }
        self.reads.push(Read {
            id: row.id.clone(),
            user,
            re,
        });
        Ok(())
    }

    /// The page said what became of a message.
    pub(crate) fn told(&mut self, number: usize, told: Told) -> Result<(), String> {
        match self.messages.get_mut(number) {
            Some(sent) if sent.told == Told::Nothing => {
                sent.told = told;
                Ok(())
            }
            // A write repeated by a retry may be reported again.
            Some(_) => Ok(()),
            None => Err(format!("m{number} was accepted, and nobody sent it")),
        }
    }

    /// A message was given back to its person: it keeps no place, nor do changes of it.
    pub(crate) fn displaced(&mut self, number: usize) {
        self.messages[number].displaced = true;
        for sent in self.messages.iter_mut().skip(number) {
            sent.displaced |= sent.re == Some(number) && sent.kind != Kind::Text;
        }
    }

    /// Storage of a device was deleted: what it held lives on in memory at most, and another tab
    /// may find and send what was written there since first.
    pub(crate) fn evicted(&mut self, device: usize) {
        for sent in &mut self.messages {
            if sent.device == device && sent.told == Told::Durable {
                sent.told = Told::Volatile;
                sent.displaced |= !sent.committed;
            }
        }
    }

    /// A starting page finds whatever its device said it would keep: in the outbox, or in a log up
    /// to where that is stored. Without a network it has nothing else to show.
    pub(crate) fn finds(
        &self,
        device: usize,
        user: usize,
        restored: &Restored,
    ) -> Result<(), String> {
        for &place in &self.people.of_user[user] {
            let name = &self.people.conversations[place];
            let stored = restored.logs.iter().find(|log| log.conversation == *name);
            let through = stored.map_or(0, |log| log.through.get());
            let above = self.logs[place].iter().skip(index(through));
            for &number in above.filter(|number| **number < READS) {
                let sent = &self.messages[number];
                let is_kept =
                    sent.device == device && sent.user == user && sent.told == Told::Durable;
                let is_number = |row: &Pending| message_number(&row.id) == Some(number);
                if is_kept && !restored.outbox.iter().any(is_number) {
                    return Err(format!(
                        "{name}: m{number} was accepted, and storage has neither its row nor the log to it"
                    ));
                }
            }
        }
        Ok(())
    }

    /// Checks what is new in a page's confirmed part of a log.
    pub(crate) fn window(
        &self,
        conversation: usize,
        seen: &mut Window,
        log: &Log<'_>,
    ) -> Result<(), String> {
        let (after, through) = (log.after.get(), log.through.get());
        if (after, through) == (seen.after, seen.through) {
            return Ok(());
        }
        let name = &self.people.conversations[conversation];
        if through == 0 && log.messages.is_empty() {
            // Far behind, the page starts again from the newest.
            (seen.after, seen.through) = (0, 0);
            return Ok(());
        }
        if through > self.head(conversation) {
            return Err(format!(
                "{name}: shown up to {through}, beyond the log's end"
            ));
        }
        if through < seen.best {
            let before = seen.best;
            return Err(format!(
                "{name}: shown up to {before}, then only to {through}"
            ));
        }
        let holes = self.holes_in(conversation, after, through);
        if count(log.messages.len()) + holes != through.saturating_sub(after) {
            return Err(format!(
                "{name}: {} messages shown of the places after {after} through {through}",
                log.messages.len()
            ));
        }
        let overlaps = after <= seen.through && seen.after <= through && seen.through > 0;
        if overlaps {
            self.rows(conversation, log, after, seen.after.min(through))?;
            self.rows(conversation, log, seen.through.max(after), through)?;
        } else {
            self.rows(conversation, log, after, through)?;
        }
        *seen = Window {
            after,
            through,
            best: through,
        };
        Ok(())
    }

    /// Checks the rows of the places after `from` through `to`.
    fn rows(&self, conversation: usize, log: &Log<'_>, from: u64, to: u64) -> Result<(), String> {
        let after = log.after.get();
        let skipped = from.saturating_sub(after) - self.holes_in(conversation, after, from);
        let mut rows = log.messages.range(index(skipped)..log.messages.len());
        for place in from + 1..=to {
            let number = self.logs[conversation].get(index(place - 1));
            if number == Some(&HOLE) {
                continue;
            }
            let (Some(&number), Some(row)) = (number, rows.next()) else {
                return Err(format!("place {place} is missing"));
            };
            let is_same = if number >= READS {
                let read = &self.reads[number - READS];
                row.id == read.id.as_str() && *row.from == self.people.users[read.user]
            } else {
                let sent = &self.messages[number];
                number_of(row.id) == Some(number)
                    && *row.from == self.people.users[sent.user]
                    && sent.is(row, number)
            };
            if row.seq.get() != place || !is_same {
                let name = &self.people.conversations[conversation];
                return Err(format!(
                    "{name}: place {place} is m{number} in the log and {} on the page",
                    row.id
                ));
            }
        }
        Ok(())
    }

    /// How many places after `after` through `through` stay empty.
    fn holes_in(&self, conversation: usize, after: u64, through: u64) -> u64 {
        let holes = &self.holes[conversation];
        if holes.is_empty() {
            return 0;
        }
        let below = |place: u64| holes.partition_point(|hole| *hole <= place);
        count(below(through).saturating_sub(below(after)))
    }

    /// Whether a page has everything: `None` if so, else what it lacks.
    pub(crate) fn lacks(&self, user: usize, client: &Client) -> Option<String> {
        for &place in &self.people.of_user[user] {
            let head = self.head(place);
            let conversation = &self.people.conversations[place];
            let through = client.log(conversation).map_or(0, |log| log.through.get());
            if through != head {
                return Some(format!("{conversation}: at {through} of {head}"));
            }
        }
        None
    }

    /// Whether a message is in the log.
    pub(crate) fn is_committed(&self, id: &MessageId) -> bool {
        message_number(id)
            .and_then(|number| self.messages.get(number))
            .is_some_and(|sent| sent.committed)
    }

    /// What was promised and is not in the log.
    pub(crate) fn lost(&self, lives: &[u32]) -> Option<String> {
        let lost = self.messages.iter().enumerate().find(|(_, sent)| {
            let kept = match sent.told {
                Told::Durable => true,
                Told::Volatile => lives.get(sent.tab) == Some(&sent.life),
                Told::Nothing | Told::Refused => false,
            };
            kept && !sent.committed
        });
        lost.map(|(number, sent)| {
            format!(
                "m{number} of tab {} was accepted and is not in the log",
                sent.tab
            )
        })
    }
}

pub(crate) fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

fn index(place: u64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
