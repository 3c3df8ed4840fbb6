//! Drafts: read on signing in, kept after a pause and whenever the page may go, and removed when
//! what they hold is sent.

use switchboard_client::{Account, Change, Client, Input};
use switchboard_protocol::{ConversationId, MessageId};

use super::Driver;
use crate::browser::clock;
use crate::browser::drafts::{Shelf, Told};
use crate::state::{Intent, Unsent};

/// A pause in typing after which the draft is stored, ms.
const PAUSE: u64 = 400;

impl Driver {
    /// Takes over what storage holds for `account`.
    pub(super) fn open_drafts(&self, account: &Account) {
        if account.is_demo() {
            // It is gone with the page, and what is written there with it.
            return;
        }
        let app = self.app;
        let drafts = app.drafts;
        let shelf = Shelf::of(account, move |told| match told {
            // A test's page may be gone by then.
            _ if drafts.is_disposed() => {}
            Told::Row(place, old, new) => {
                drafts.stored_elsewhere(place, old, new);
                app.show_compose();
            }
            // What this tab knows would be stored again.
            Told::Erased => app.ask(Intent::SignOut(Unsent::Delete)),
        });
        let mut rows = shelf.rows();
        rows.retain(|(place, _)| {
            let place = ConversationId::try_from(place.as_str());
            place.is_ok_and(|place| place.includes(&account.user))
        });
        drafts.restore(rows);
        *self.shelf.borrow_mut() = Some(shelf);
        self.app.show_compose();
    }

    /// Once the client knows what was stored: a text that was being sent when the page went is
    /// either in the outbox or the log, or it was not taken.
    pub(super) fn settle_drafts(&self) {
        for sent in self.app.drafts.on_their_way() {
            let known = is_known(&self.client.borrow(), &sent.place, &sent.id)
                || sent.edit.is_some_and(|(of, text)| {
                    let client = self.client.borrow();
                    let place = client.place(&sent.place, &of);
                    place.is_some_and(|at| {
                        let rows = client.slice(&sent.place, at..at + 1);
                        rows.iter().any(|row| row.text == text)
                    })
                });
            self.app.settled(&sent.id, known);
        }
        self.keep_drafts();
        // A conversation that only has a draft stands in the list too.
        let known: Vec<ConversationId> = {
            let client = self.client.borrow();
            client
                .conversations()
                .into_iter()
                .map(|row| row.id)
                .collect()
        };
        for place in self.app.drafts.places() {
            if !known.contains(&place) {
                self.feed(Input::Open(place));
            }
        }
    }

    /// The person changed what stands in a composer.
    pub(super) fn typing(&self, conversation: ConversationId) {
        if let Some(timer) = &mut *self.pause.borrow_mut() {
            timer.arm(Some(PAUSE));
        }
        let tells = self
            .app
            .settings
            .with_untracked(|settings| settings.tell_typing);
        let is_empty = self.app.drafts.unsent(&conversation).is_empty();
        if tells && !is_empty && !conversation.is_lobby() {
            self.feed(Input::Typing(conversation));
        }
    }

    /// Stores what changed.
    pub(super) fn keep_drafts(&self) {
        if self.app.drafts.is_disposed() {
            return;
        }
        if let Some(shelf) = &*self.shelf.borrow() {
            for (place, row) in self.app.drafts.take_changed() {
                // A draft that could not be stored lives as long as the page.
                if shelf.put(place.as_str(), row.as_deref()).is_err() {
                    self.app.drafts.not_kept(&place);
                }
            }
        }
    }

    /// Leaves the account's drafts where they are, or removes them.
    pub(super) fn close_drafts(&self, delete: bool) {
        if !delete {
            self.keep_drafts();
        }
        let shelf = self.shelf.take();
        if let (Some(shelf), true) = (shelf, delete) {
            for (place, _) in shelf.rows() {
                let _removed = shelf.put(&place, None);
            }
        }
    }

    /// Who is typing, and who has written what they typed.
    pub(super) fn watch_typing(&self, changes: &[Change]) {
        let typing = self.app.typing;
        for change in changes {
            match change {
                Change::Signal(place, user, kind) if kind == "typing" => {
                    typing.heard(place, user, clock::now().mono);
                }
                Change::Received(place, id) if typing.next().is_some() => {
                    if let Some(user) = sender(&self.client.borrow(), place, id) {
                        typing.wrote(place, &user);
                    }
                }
                _ => {}
            }
        }
    }
}

fn is_known(client: &Client, place: &ConversationId, id: &MessageId) -> bool {
    client.place(place, id).is_some()
}

fn sender(
    client: &Client,
    place: &ConversationId,
    id: &MessageId,
) -> Option<switchboard_protocol::UserId> {
    let at = client.place(place, id)?;
    match client.slice(place, at..at + 1).pop()?.from {
        switchboard_client::Sender::Other(user) => Some(user),
        switchboard_client::Sender::Me | switchboard_client::Sender::Unknown => None,
    }
}
