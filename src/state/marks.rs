//! Which conversations a person pinned or muted: kept in this browser for each account.
//!
//! Stored as a line for each conversation, `p`, `m` or `pm`, a blank, its id. Ids have neither line
//! breaks nor blanks at their ends.

use switchboard_protocol::ConversationId;
use switchboard_protocol::sorted::SortedMap;

/// Conversations remembered at most: storage is anybody's who can write to this site's.
const MOST: usize = 1_000;

/// What a person set for a conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// It stands above the others.
    pub pinned: bool,
    /// It does not notify.
    pub muted: bool,
}

/// What was set for each conversation.
#[derive(Debug, Clone, Default)]
pub struct Marks(SortedMap<ConversationId, Mark>);

impl Marks {
    /// What was set for a conversation.
    #[must_use]
    pub fn of(&self, conversation: &ConversationId) -> Mark {
        self.0.get(conversation).copied().unwrap_or_default()
    }

    /// Sets it.
    pub fn set(&mut self, conversation: &ConversationId, mark: Mark) {
        if mark == Mark::default() {
            self.0.remove(conversation);
        } else if self.0.len() < MOST || self.0.contains_key(conversation) {
            self.0.insert(conversation.clone(), mark);
        }
    }

    /// How storage keeps them; [`Marks::parse`] reads it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (conversation, mark) in self.0.iter() {
            if mark.pinned {
                text.push('p');
            }
            if mark.muted {
                text.push('m');
            }
            text.push(' ');
            text.push_str(conversation.as_str());
            text.push('\n');
        }
        text
    }

    /// Reads what was stored; lines that make no sense are passed over.
    #[must_use]
    pub fn parse(stored: &str) -> Self {
        let mut marks = Self::default();
        for line in stored.lines() {
            let Some((flags, id)) = line.split_once(' ') else {
                continue;
            };
            let mark = match flags {
                "p" => (true, false),
                "m" => (false, true),
                "pm" => (true, true),
                _ => continue,
            };
            let (pinned, muted) = mark;
            if let Ok(id) = ConversationId::try_from(id) {
                marks.set(&id, Mark { pinned, muted });
            }
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_protocol::UserId;

    fn with(people: &[&str]) -> ConversationId {
        let people: Vec<UserId> = people
            .iter()
            .map(|id| UserId::try_from(*id).unwrap())
            .collect();
        ConversationId::of(&people).unwrap()
    }

    #[test]
    fn marks_read_back_whatever_the_ids_are() {
        let mut marks = Marks::default();
        let pinned = Mark {
            pinned: true,
            muted: false,
        };
        let both = Mark {
            pinned: true,
            muted: true,
        };
        let odd = with(&["a b", "c,d%", "Дана", "أمل 😀"]);
        marks.set(&ConversationId::lobby(), both);
        marks.set(&odd, pinned);
        marks.set(&with(&["ana", "bo"]), pinned);
        marks.set(&with(&["ana", "bo"]), Mark::default());
        let read = Marks::parse(&marks.to_text());
        assert_eq!(read.of(&ConversationId::lobby()), both);
        assert_eq!(read.of(&odd), pinned);
        assert_eq!(read.of(&with(&["ana", "bo"])), Mark::default());
        assert_eq!(read.to_text(), marks.to_text());
        assert_eq!(marks.to_text().lines().count(), 2);
    }

    #[test]
    fn nonsense_and_floods_do_no_harm() {
        let long = format!("p {}", "x".repeat(100_000));
        for nonsense in [
            "",
            "\n\n",
            "{}",
            "p",
            "p ",
            "x lobby",
            "pp lobby",
            "p c:b,a",
            "m \u{202e}",
            &long,
        ] {
            assert_eq!(Marks::parse(nonsense).to_text(), "", "{nonsense:.20}");
        }
        let flood: String = (0..5_000).map(|n| format!("p c:u{n:04}\n")).collect();
        assert_eq!(Marks::parse(&flood).to_text().lines().count(), MOST);
        assert_eq!(Marks::parse("x y\nm lobby\r\n\0").to_text(), "m lobby\n");
    }
}
