//! Writes what was said before the visitor came.

use std::collections::BTreeMap;

use switchboard_backend::store::NewMessage;
use switchboard_protocol::{ConversationId, MessageId, client::Kind};

use crate::{
    cast::{Cast, Who},
    platform::Platform,
    rng::Rng,
    texts::past::{Entry, Past},
};

const MINUTE: u64 = 60_000;

/// Whose a message is: a reply to it is theirs to answer.
pub(crate) type Authors = BTreeMap<MessageId, Who>;

/// Where the past is written to.
pub(crate) struct Archive<'a> {
    pub(crate) platform: &'a Platform,
    pub(crate) cast: &'a Cast,
    pub(crate) visitor: &'a str,
    /// The visitor comes now, ms since the Unix epoch.
    pub(crate) now: u64,
}

impl Archive<'_> {
    /// Puts `past` into `conversation`.
    pub(crate) fn write(
        &self,
        conversation: &ConversationId,
        past: Past,
        rng: &mut Rng,
        authors: &mut Authors,
    ) {
        let ids: Vec<MessageId> = past
            .iter()
            .map(|_| MessageId::from_random(rng.bits()))
            .collect();
        let mut last = 0;
        for (id, (minutes, who, entry)) in ids.iter().zip(past) {
            let (kind, content, re) = match *entry {
                Entry::Said(text) => (Kind::Text, text, None),
                Entry::Reply(to, text) => (Kind::Text, text, ids.get(to)),
                Entry::Reaction(to, emoji) => (Kind::Reaction, emoji, ids.get(to)),
                Entry::Edit(of, text) => (Kind::Edit, text, ids.get(of)),
            };
            let Some(person) = self.cast.get(*who) else {
                continue;
            };
            // Nobody writes on the full minute.
            let seconds = rng.range(0, MINUTE / 2);
            let at = self.now.saturating_sub(minutes * MINUTE - seconds);
            last = at.max(last);
            let at = last;
            if kind == Kind::Text {
                authors.insert(id.clone(), *who);
            }
            self.platform.commit(&NewMessage {
                conv: conversation.clone(),
                id: id.clone(),
                from: person.user.clone(),
                at,
                kind,
                content: self.cast.say(content, self.visitor),
                re: re.cloned(),
                dedupe_until: at,
            });
        }
    }
}
