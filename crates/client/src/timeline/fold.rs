//! What became of a message: edits, deletion and reactions, laid over it in order.
//!
//! A pure function of the message and what is about it, so that every page that has both shows
//! the same, whichever came first.

use switchboard_protocol::UserId;
use switchboard_protocol::client::Kind;

use super::entries::Entry;
use crate::io::{Item, Reaction, Sender, Version};

/// Earlier texts that are kept.
const VERSIONS: usize = 50;
/// Different emojis on one message.
const EMOJIS: usize = 50;
/// Bytes of an emoji; the longest sequences have about 40.
const EMOJI_BYTES: usize = 64;

/// Something done to a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act<'a> {
    pub(crate) from: &'a UserId,
    pub(crate) kind: &'a Kind,
    pub(crate) content: &'a str,
    /// When, ms since the Unix epoch.
    pub(crate) at: u64,
}

impl<'a> From<Entry<'a>> for Act<'a> {
    fn from(entry: Entry<'a>) -> Self {
        Self {
            from: entry.from,
            kind: entry.kind,
            content: entry.content,
            at: entry.at,
        }
    }
}

/// A message with what was done to it so far.
#[derive(Debug)]
pub(crate) struct Folded<'a> {
    author: Option<&'a UserId>,
    /// Its texts and when each began; the last one is shown.
    texts: Vec<(u64, &'a str)>,
    deleted: bool,
    reactions: Vec<(&'a str, Vec<&'a UserId>)>,
}

/// A text to which nothing was done.
impl<'a> From<Entry<'a>> for Folded<'a> {
    fn from(text: Entry<'a>) -> Self {
        Self::new(Some(text.from), text.at, text.content)
    }
}

impl<'a> Folded<'a> {
    pub(crate) fn new(author: Option<&'a UserId>, at: u64, text: &'a str) -> Self {
        Self {
            author,
            texts: vec![(at, text)],
            deleted: false,
            reactions: Vec::new(),
        }
    }

    /// Whether it is to be taken seriously; if so, it is done.
    pub(crate) fn apply(&mut self, act: Act<'a>) -> bool {
        if self.deleted {
            return false;
        }
        match act.kind {
            Kind::Edit if self.is_by(act.from) => {
                let is_new = self.text() != act.content && !act.content.trim().is_empty();
                if is_new {
                    self.texts.push((act.at, act.content));
                }
                is_new
            }
            Kind::Delete if self.is_by(act.from) => {
                self.deleted = true;
                self.texts.clear();
                self.reactions.clear();
                true
            }
            Kind::Reaction => match act.content.strip_prefix('-') {
                Some(emoji) => self.take_back(act.from, emoji),
                None => self.react(act.from, act.content),
            },
            Kind::Edit | Kind::Delete | Kind::Text | Kind::Read | Kind::Other(_) => false,
        }
    }

    fn is_by(&self, user: &UserId) -> bool {
        self.author == Some(user)
    }

    fn react(&mut self, user: &'a UserId, emoji: &'a str) -> bool {
        let at = self.reactions.iter().position(|(other, _)| *other == emoji);
        let at = match at {
            Some(at) => at,
            None if self.reactions.len() < EMOJIS && is_emoji(emoji) => {
                self.reactions.push((emoji, Vec::new()));
                self.reactions.len() - 1
            }
            None => return false,
        };
        let Some((_, who)) = self.reactions.get_mut(at) else {
            return false;
        };
        let is_new = !who.contains(&user);
        if is_new {
            who.push(user);
        }
        is_new
    }

    fn take_back(&mut self, user: &UserId, emoji: &str) -> bool {
        let Some(at) = self.reactions.iter().position(|(other, _)| *other == emoji) else {
            return false;
        };
        let who = &mut self.reactions[at].1;
        let before = who.len();
        who.retain(|other| *other != user);
        let is_gone = who.len() < before;
        if who.is_empty() {
            self.reactions.remove(at);
        }
        is_gone
    }

    /// What it says now; nothing once deleted.
    pub(crate) fn text(&self) -> &'a str {
        self.texts.last().map_or("", |(_, text)| text)
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.deleted
    }

    /// Puts it into an item.
    pub(crate) fn show(&self, item: &mut Item, me: &UserId) {
        item.text = self.text().to_owned();
        item.deleted = self.deleted;
        let earlier = self.texts.len().saturating_sub(1);
        item.edits = self.texts[earlier.saturating_sub(VERSIONS)..earlier]
            .iter()
            .map(|(at, text)| Version {
                at: *at,
                text: (*text).to_owned(),
            })
            .collect();
        item.reactions = self
            .reactions
            .iter()
            .map(|(emoji, who)| Reaction {
                emoji: (*emoji).to_owned(),
                who: who.iter().map(|user| sender(user, me)).collect(),
            })
            .collect();
    }
}

/// How `me` sees a user.
pub(crate) fn sender(user: &UserId, me: &UserId) -> Sender {
    if user == me {
        Sender::Me
    } else {
        Sender::Other(user.clone())
    }
}

/// Short, and nothing that would stretch a line. What is an emoji changes every year.
fn is_emoji(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= EMOJI_BYTES
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::ItemState;
    use switchboard_protocol::MessageId;

    fn user(name: &str) -> UserId {
        UserId::try_from(name).unwrap()
    }

    /// ana's message after these acts of (who, what, content), as bo sees it, and which counted.
    fn fold(acts: &[(&str, Kind, &str)]) -> (Item, Vec<bool>) {
        let (ana, bo) = (user("ana"), user("bo"));
        let who: Vec<UserId> = acts.iter().map(|(who, ..)| user(who)).collect();
        let mut folded = Folded::new(Some(&ana), 1, "hi");
        let counted = acts.iter().zip(&who).zip(2..);
        let counted = counted.map(|(((_, kind, content), from), at)| {
            folded.apply(Act {
                from,
                kind,
                content,
                at,
            })
        });
        let counted = counted.collect();
        let id = MessageId::from_random(1);
        let mut item = Item::new(
            id,
            Sender::Other(ana.clone()),
            1,
            String::new(),
            ItemState::Received,
        );
        folded.show(&mut item, &bo);
        (item, counted)
    }

    #[test]
    fn only_the_sender_edits_and_the_newest_wins() {
        let (item, counted) = fold(&[
            ("ana", Kind::Edit, "one"),
            ("bo", Kind::Edit, "not bo's"),
            ("ana", Kind::Edit, "  "),
            ("ana", Kind::Edit, "two"),
            ("ana", Kind::Edit, "two"),
        ]);
        assert_eq!(counted, [true, false, false, true, false]);
        assert_eq!(item.text, "two");
        let earlier: Vec<(u64, &str)> = item.edits.iter().map(|v| (v.at, &v.text[..])).collect();
        assert_eq!(earlier, [(1, "hi"), (2, "one")]);
    }

    #[test]
    fn nothing_follows_a_deletion() {
        let (item, counted) = fold(&[
            ("ana", Kind::Edit, "one"),
            ("bo", Kind::Delete, ""),
            ("cy", Kind::Reaction, "👍"),
            ("ana", Kind::Delete, ""),
            ("ana", Kind::Edit, "two"),
            ("bo", Kind::Reaction, "👍"),
        ]);
        assert_eq!(counted, [true, false, true, true, false, false]);
        assert!(item.deleted && item.text.is_empty());
        assert!(item.edits.is_empty() && item.reactions.is_empty());
    }

    #[test]
    fn reactions_count_once_a_person_and_stand_in_order_of_first_use() {
        let (item, _) = fold(&[
            ("bo", Kind::Reaction, "👍"),
            ("cy", Kind::Reaction, "🎉"),
            ("cy", Kind::Reaction, "👍"),
            ("cy", Kind::Reaction, "👍"),
            ("di", Kind::Reaction, "-🎉"),
            ("cy", Kind::Reaction, "😀"),
            ("cy", Kind::Reaction, "-😀"),
            ("ana", Kind::Reaction, "🎉"),
            ("bo", Kind::Reaction, "-👍"),
            ("bo", Kind::Reaction, "👍"),
        ]);
        let cy = Sender::Other(user("cy"));
        let ana = Sender::Other(user("ana"));
        let shown: Vec<(&str, &[Sender])> = item
            .reactions
            .iter()
            .map(|it| (&it.emoji[..], &it.who[..]))
            .collect();
        assert_eq!(
            shown,
            [
                ("👍", &[cy.clone(), Sender::Me][..]),
                ("🎉", &[cy, ana][..])
            ]
        );
    }

    #[test]
    fn hostile_reactions_are_no_reactions() {
        let long = "👍".repeat(17);
        let many: Vec<String> = (0..200).map(|n| format!("e{n}")).collect();
        let mut acts = vec![
            ("bo", Kind::Reaction, ""),
            ("bo", Kind::Reaction, "-"),
            ("bo", Kind::Reaction, "two words"),
            ("bo", Kind::Reaction, "line\n"),
            ("bo", Kind::Reaction, long.as_str()),
        ];
        assert!(!fold(&acts).1.contains(&true));
        acts.extend(many.iter().map(|it| ("bo", Kind::Reaction, it.as_str())));
        assert_eq!(fold(&acts).0.reactions.len(), EMOJIS);
    }

    #[test]
    fn a_history_has_an_end() {
        let texts: Vec<String> = (0..200).map(|n| n.to_string()).collect();
        let acts: Vec<_> = texts
            .iter()
            .map(|it| ("ana", Kind::Edit, &it[..]))
            .collect();
        let (item, _) = fold(&acts);
        assert_eq!(item.text, "199");
        assert_eq!(item.edits.len(), VERSIONS);
        assert_eq!(item.edits[VERSIONS - 1].text, "198");
    }
}
