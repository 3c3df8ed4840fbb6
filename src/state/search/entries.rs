//! From entries of a log, newest first, to messages as they now read.

use switchboard_client::Sender;
use switchboard_protocol::client::Kind;
use switchboard_protocol::server::Message;
use switchboard_protocol::sorted::SortedMap;
use switchboard_protocol::{MessageId, UserId};

/// A message of the log as it reads now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The entry itself.
    pub message: Message,
    /// Its text as it was last edited.
    pub text: String,
}

/// What later entries of one log did to earlier ones. Feed it from the newest to the oldest.
#[derive(Debug, Default)]
pub struct Entries {
    /// By message: who changed it, and to what; `None` for deleted.
    changes: SortedMap<MessageId, Vec<(UserId, Option<String>)>>,
}

impl Entries {
    /// Takes the next older entry; gives the message if it is one that still stands.
    pub fn take(&mut self, entry: Message) -> Option<Found> {
        match (&entry.kind, &entry.re) {
            (Kind::Edit | Kind::Delete, Some(re)) => {
                let deleted = entry.kind == Kind::Delete;
                let changes = self.changes.get_or_default(re.clone());
                // The newest of each person stands; a deletion stands above all.
                match changes.iter_mut().find(|(user, _)| *user == entry.from) {
                    Some((_, text)) if deleted => *text = None,
                    Some(_) => {}
                    None => changes.push((entry.from, (!deleted).then_some(entry.content))),
                }
                None
            }
            (Kind::Text, _) => {
                let changes = self.changes.remove(&entry.id).unwrap_or_default();
                // Nobody changes what somebody else wrote.
                let change = changes.into_iter().find(|(user, _)| *user == entry.from);
                let text = match change {
                    Some((_, changed)) => changed?,
                    None => entry.content.clone(),
                };
                Some(Found {
                    message: entry,
                    text,
                })
            }
            (Kind::Edit | Kind::Delete | Kind::Reaction | Kind::Read | Kind::Other(_), _) => None,
        }
    }
}

impl Found {
    /// Who sent it.
    #[must_use]
    pub fn sender(&self, me: &str) -> Sender {
        if self.message.from.as_str() == me {
            Sender::Me
        } else {
            Sender::Other(self.message.from.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: u64, id: &str, from: &str, kind: &str, content: &str, re: &str) -> Message {
        let re = if re.is_empty() {
            String::new()
        } else {
            format!(r#","re":"{re}""#)
        };
        Message::parse(&format!(
            r#"{{"conv":"lobby","seq":{seq},"id":"{id}","from":"{from}","at":{seq},"kind":"{kind}","content":"{content}"{re}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn the_newest_text_is_found_and_the_deleted_is_not() {
        let log = [
            entry(1, "a", "ana", "text", "first", ""),
            entry(2, "b", "bo", "text", "gone", ""),
            entry(3, "c", "ana", "text", "kept", ""),
            entry(4, "d", "ana", "edit", "second", "a"),
            entry(5, "e", "bo", "edit", "not mine", "c"),
            entry(6, "f", "ana", "edit", "third", "a"),
            entry(7, "g", "bo", "delete", "", "b"),
            entry(8, "h", "bo", "edit", "too late", "b"),
            entry(9, "i", "bo", "delete", "", "c"),
            entry(10, "j", "bo", "reaction", "👍", "a"),
        ];
        let mut entries = Entries::default();
        let found: Vec<String> = log
            .into_iter()
            .rev()
            .filter_map(|entry| entries.take(entry))
            .map(|found| found.text)
            .collect();
        assert_eq!(found, ["kept", "third"]);
    }
}
