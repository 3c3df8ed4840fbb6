//! Who is typing where. A signal holds for six seconds, and until that person's message arrives.

use crate::signal::RwSignal;
use switchboard_protocol::sorted::SortedMap;
use switchboard_protocol::{ConversationId, UserId};

/// How long a signal holds, ms: twice what lies between two of somebody who goes on typing.
pub const HOLDS: u64 = 6_000;
/// Most people kept of a conversation: more are not told apart anyway.
const MOST: usize = 16;

/// Somebody, and until when.
type Typist = (UserId, u64);

/// Everybody who is typing.
#[derive(Clone, Copy)]
pub struct Typing(RwSignal<SortedMap<ConversationId, Vec<Typist>>>);

impl Typing {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(SortedMap::new()))
    }

    /// Who is typing in a conversation, in the order they began. Tracked.
    #[must_use]
    pub fn people(self, conversation: &ConversationId) -> Vec<UserId> {
        self.0.with(|all| {
            let people = all.get(conversation).into_iter().flatten();
            people.map(|(user, _)| user.clone()).collect()
        })
    }

    /// Somebody signalled at `now`, on the monotonic clock in ms.
    pub fn heard(self, conversation: &ConversationId, user: &UserId, now: u64) {
        let until = now + HOLDS;
        let change = |all: &mut SortedMap<ConversationId, Vec<Typist>>| {
            let people = all.get_or_default(conversation.clone());
            if let Some(known) = people.iter_mut().find(|(other, _)| other == user) {
                known.1 = until;
                return false;
            }
            let has_room = people.len() < MOST;
            if has_room {
                people.push((user.clone(), until));
            }
            has_room
        };
        self.0.maybe_update(change);
    }

    /// Their message arrived.
    pub fn wrote(self, conversation: &ConversationId, user: &UserId) {
        self.keep(|place, (other, _)| place != conversation || other != user);
    }

    /// Forgets what does not hold any more.
    pub fn expire(self, now: u64) {
        self.keep(|_, (_, until)| *until > now);
    }

    /// When [`Typing::expire`] is due next.
    #[must_use]
    pub fn next(self) -> Option<u64> {
        self.0.with_untracked(|all| {
            let all = all.iter().flat_map(|(_, people)| people);
            all.map(|(_, until)| *until).min()
        })
    }

    pub(super) fn forget(self) {
        self.keep(|_, _| false);
    }

    fn keep(self, keeps: impl Fn(&ConversationId, &Typist) -> bool) {
        self.0.maybe_update(|all| {
            let mut changed = false;
            for (place, people) in all.iter_mut() {
                let before = people.len();
                people.retain(|typist| keeps(place, typist));
                changed |= people.len() != before;
            }
            changed
        });
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;

    use super::*;

    fn user(id: &str) -> UserId {
        UserId::try_from(id).unwrap()
    }

    #[test]
    fn a_signal_holds_until_it_expires_or_the_message_is_there() {
        let owner = Owner::new();
        owner.set();
        let typing = Typing::new();
        let lobby = ConversationId::lobby();
        let other = ConversationId::try_from("c:ana,bo").unwrap();
        assert_eq!(typing.next(), None);
        typing.heard(&lobby, &user("bo"), 1_000);
        typing.heard(&lobby, &user("ana"), 2_000);
        typing.heard(&other, &user("bo"), 3_000);
        typing.heard(&lobby, &user("bo"), 4_000);
        assert_eq!(typing.people(&lobby), [user("bo"), user("ana")]);
        assert_eq!(typing.next(), Some(8_000));
        typing.expire(7_999);
        assert_eq!(typing.people(&lobby).len(), 2);
        typing.expire(8_000);
        assert_eq!(typing.people(&lobby), [user("bo")]);
        typing.wrote(&lobby, &user("bo"));
        assert_eq!(typing.people(&lobby), []);
        assert_eq!(typing.people(&other), [user("bo")]);
        typing.forget();
        assert_eq!(typing.next(), None);
    }

    #[test]
    fn a_crowd_is_bounded() {
        let owner = Owner::new();
        owner.set();
        let typing = Typing::new();
        let lobby = ConversationId::lobby();
        for n in 0..1_000 {
            typing.heard(&lobby, &user(&n.to_string()), 0);
        }
        assert_eq!(typing.people(&lobby).len(), MOST);
    }
}
