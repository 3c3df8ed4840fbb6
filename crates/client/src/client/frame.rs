//! A message as the account's profile frames it.

use switchboard_protocol::client::{ClientFrame, SendMessage};
use switchboard_protocol::{UserId, VERSION};

use crate::account::Account;
use crate::outbox::Draft;

/// The frame that carries a message in the account's profile; empty where it cannot.
pub(super) fn frame(account: &Account, draft: &Draft) -> String {
    let me = &account.user;
    let people = draft.conversation.participants();
    if account.profile.is_own() {
        let to = people.map(|people| {
            let others: Vec<UserId> = people.iter().filter(|user| *user != me).cloned().collect();
            // A note to oneself is still addressed to somebody.
            if others.is_empty() { people } else { others }
        });
        let conv = to.is_none().then(|| draft.conversation.clone());
        let frame = ClientFrame::SendMessage(SendMessage {
            v: VERSION,
            id: draft.id.clone(),
            to,
            conv,
            kind: draft.kind.clone(),
            content: draft.content.clone(),
            re: draft.re.clone(),
        });
        return frame.to_json();
    }
    let people = people.unwrap_or_default();
    let others: Vec<&str> = people
        .iter()
        .filter(|user| *user != me)
        .map(UserId::as_str)
        .collect();
    account
        .profile
        .frame(&others, &draft.content)
        .unwrap_or_default()
}
