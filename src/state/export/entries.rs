//! From a log's entries, oldest first, to messages with all that happened to them.

use switchboard_client::{Item, ItemState, Sender};
use switchboard_protocol::client::Kind;
use switchboard_protocol::server::Message;
use switchboard_protocol::sorted::SortedMap;

use super::Entry;

/// The messages of one log. Feed it from the oldest to the newest.
#[derive(Debug, Default)]
pub struct Entries {
    entries: Vec<Entry>,
    places: SortedMap<String, usize>,
}

impl Entries {
    /// Takes the next entry.
    pub fn take(&mut self, message: Message) {
        let from = String::from(message.from);
        if message.kind == Kind::Text {
            let id = String::from(message.id);
            self.places.insert(id.clone(), self.entries.len());
            self.entries.push(Entry {
                id,
                at: message.at,
                from,
                text: message.content,
                reply: message.re.map(String::from),
                ..Entry::default()
            });
            return;
        }
        let about = message.re.map(String::from).unwrap_or_default();
        let entry = self
            .places
            .get(&about)
            .and_then(|at| self.entries.get_mut(*at));
        let Some(entry) = entry.filter(|entry| !entry.deleted) else {
            return;
        };
        match message.kind {
            Kind::Edit if entry.from == from => {
                let at = entry.edits.last().map_or(entry.at, |_| message.at);
                let before = std::mem::replace(&mut entry.text, message.content);
                entry.edits.push((at, before));
            }
            Kind::Delete if entry.from == from => {
                entry.deleted = true;
                entry.text.clear();
                entry.edits.clear();
                entry.reactions.clear();
            }
            Kind::Reaction => react(entry, &message.content, from),
            Kind::Edit | Kind::Delete | Kind::Text | Kind::Read | Kind::Other(_) => {}
        }
    }

    /// All of them, oldest first.
    #[must_use]
    pub fn finish(self) -> Vec<Entry> {
        self.entries
    }
}

/// An emoji is put on a message, or taken back with a minus before it.
fn react(entry: &mut Entry, content: &str, from: String) {
    let (emoji, put) = match content.strip_prefix('-') {
        Some(emoji) => (emoji, false),
        None => (content, true),
    };
    let at = entry.reactions.iter().position(|(other, _)| other == emoji);
    match (at, put) {
        (Some(at), put) => {
            let who = &mut entry.reactions[at].1;
            who.retain(|other| *other != from);
            if put {
                who.push(from);
            } else if who.is_empty() {
                entry.reactions.remove(at);
            }
        }
        (None, true) => entry.reactions.push((emoji.to_owned(), vec![from])),
        (None, false) => {}
    }
}

/// A row as it is shown.
pub(super) fn of_item(item: &Item, me: &str) -> Entry {
    let name = |sender: &Sender| match sender {
        Sender::Me => me.to_owned(),
        Sender::Other(user) => user.as_str().to_owned(),
        Sender::Unknown => String::new(),
    };
    Entry {
        id: item.id.as_str().to_owned(),
        at: item.at,
        from: name(&item.from),
        text: item.text.clone(),
        edits: item
            .edits
            .iter()
            .map(|version| (version.at, version.text.clone()))
            .collect(),
        deleted: item.deleted,
        reply: item
            .reply
            .as_ref()
            .map(|reply| reply.id.as_str().to_owned()),
        reactions: item
            .reactions
            .iter()
            .map(|reaction| {
                (
                    reaction.emoji.clone(),
                    reaction.who.iter().map(&name).collect(),
                )
            })
            .collect(),
        unsent: matches!(
            item.state,
            ItemState::Waiting | ItemState::Sending | ItemState::Unconfirmed | ItemState::Failed(_)
        ),
    }
}
