//! What a page must show of a log, folded once more and in another way: for each message, what is
//! about it is looked up from the whole log.

use switchboard_client::{Client, Item, ItemState, Kind, Sender};

use super::{HOLE, Oracle, READS};
use crate::people::{EMOJIS, content, message_number};

impl Oracle {
    /// Checks every row of a page that has everything of a conversation.
    pub(crate) fn folded(
        &self,
        conversation: usize,
        user: usize,
        client: &Client,
    ) -> Result<(), String> {
        let name = &self.people.conversations[conversation];
        let after = client.log(name).map_or(0, |log| log.after.get());
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        let log = &self.logs[conversation];
        let items = client.slice(name, 0..client.len(name));
        let confirmed =
            |item: &&Item| matches!(item.state, ItemState::Received | ItemState::Sent { .. });
        let mut shown = items.iter().filter(confirmed);
        for (place, number) in log.iter().enumerate().skip(after) {
            if *number >= READS || self.messages[*number].kind != Kind::Text {
                continue;
            }
            let Some(item) = shown.next() else {
                return Err(format!("{name}: m{number} is not shown"));
            };
            if message_number(&item.id) != Some(*number) {
                return Err(format!("{name}: {} is shown for m{number}", item.id));
            }
            self.item(item, *number, &log[place + 1..], user)
                .map_err(|what| format!("{name}: m{number}: {what}"))?;
        }
        match shown.next() {
            Some(item) => Err(format!("{name}: {} is shown and in no log", item.id)),
            None => Ok(()),
        }
    }

    /// Checks a message by what stands behind it.
    fn item(&self, item: &Item, number: usize, later: &[usize], user: usize) -> Result<(), String> {
        let author = self.messages[number].user;
        let about: Vec<usize> = later
            .iter()
            .copied()
            .filter(|n| *n < READS && self.messages[*n].re == Some(number))
            .collect();
        let by_author = |kind: Kind| {
            about
                .iter()
                .copied()
                .filter(move |n| self.messages[*n].user == author && self.messages[*n].kind == kind)
        };
        let deleted = by_author(Kind::Delete).next();
        if item.deleted != deleted.is_some() {
            return Err(format!("deleted: {}", item.deleted));
        }
        if item.deleted {
            return if item.text.is_empty() && item.edits.is_empty() && item.reactions.is_empty() {
                Ok(())
            } else {
                Err(format!("says more than that it was deleted: {item:?}"))
            };
        }
        let edits: Vec<usize> = by_author(Kind::Edit).collect();
        let last = *edits.last().unwrap_or(&number);
        let sent = &self.messages[last];
        if item.text != content(&sent.kind, last, sent.bytes) {
            return Err(format!("not the text of m{last}: {:?}", item.text));
        }
        if item.edits.len() != edits.len().min(50) {
            return Err(format!("{} of {} edits", item.edits.len(), edits.len()));
        }
        for (emoji, back) in EMOJIS[..2].iter().zip(&EMOJIS[2..]) {
            // Who is on it: each person's last word, in the order of the first of the last run.
            let mut who: Vec<usize> = Vec::new();
            for &n in &about {
                let said = &self.messages[n];
                let content = content(&said.kind, n, 0);
                if said.kind == Kind::Reaction && content == *back {
                    who.retain(|other| *other != said.user);
                } else if said.kind == Kind::Reaction
                    && content == *emoji
                    && !who.contains(&said.user)
                {
                    who.push(said.user);
                }
            }
            let expected: Vec<Sender> = who.iter().map(|it| self.sender(*it, user)).collect();
            let shown = item.reactions.iter().find(|it| it.emoji == *emoji);
            if shown.map_or(&[][..], |it| &it.who) != expected {
                return Err(format!("{emoji} of {expected:?}: {:?}", item.reactions));
            }
        }
        let re = item.reply.as_ref().map(|reply| message_number(&reply.id));
        if re != self.messages[number].re.map(Some) {
            return Err(format!("replies to {re:?}"));
        }
        self.read_of(item, number, later, user)
    }

    fn sender(&self, who: usize, user: usize) -> Sender {
        if who == user {
            Sender::Me
        } else {
            Sender::Other(self.people.users[who].clone())
        }
    }

    /// Checks how many have read an own message: those who have said so of it or of a later one.
    fn read_of(
        &self,
        item: &Item,
        number: usize,
        later: &[usize],
        user: usize,
    ) -> Result<(), String> {
        let ItemState::Sent { of, read, .. } = item.state else {
            return Ok(());
        };
        if self.messages[number].user != user {
            return Err("is shown as sent by who did not".to_owned());
        }
        let mut readers: Vec<usize> = later
            .iter()
            .filter(|n| **n >= READS && **n != HOLE)
            .map(|n| &self.reads[n - READS])
            .filter(|it| it.re == number || later.contains(&it.re))
            .map(|it| it.user)
            .filter(|reader| *reader != user)
            .collect();
        readers.sort_unstable();
        readers.dedup();
        let expected = if of == 0 { 0 } else { readers.len() };
        if read == expected {
            Ok(())
        } else {
            Err(format!("read by {read} of {of}, not by {expected}"))
        }
    }
}
