//! One notification of a message, however many tabs the person has.
//!
//! No tab leads. Each that hears of a message claims it in the database; the one whose
//! transaction raised the conversation's place notifies. A tab that shows the message claims it
//! at once and keeps quiet; the others leave it that much time.

use leptos::prelude::Owner;
use switchboard_protocol::{ConversationId, MessageId, Seq};
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::database;
use crate::browser::notification::{self, Permission, Shown};
use crate::browser::{sound, timer};
use crate::format::plain;
use crate::later;
use crate::signal::effect;
use crate::state::App;
use crate::state::route::Route;
use crate::strings::chat as text;

/// What a tab that shows the message is given to say so, ms.
const GRACE: i32 = 300;
/// Newest messages among which one that has just arrived is sought.
const RECENT: usize = 100;
/// Characters of a message in its notification.
const BODY_CHARS: usize = 200;

/// Tells the views what the person has allowed.
pub(super) fn tell_permission(app: App) {
    let permission = notification::permission();
    // The answer may come when the page has been taken down.
    let _gone = app
        .can_ask_to_notify
        .try_set(permission == Permission::Open);
    let _gone = app.notify_denied.try_set(permission == Permission::Denied);
}

/// How to draw attention.
#[derive(Clone, Copy)]
pub(crate) struct Attention {
    notifies: bool,
    wants_sound: bool,
}

struct Note {
    title: String,
    body: String,
    tag: String,
    seq: Option<Seq>,
}

impl Driver {
    /// Asks whether notifications may be shown.
    pub(super) fn ask_to_notify(&self) {
        let app = self.app;
        spawn_local(async move {
            notification::ask().await;
            tell_permission(app);
        });
    }

    /// Somebody else's message has just arrived, at `mono`.
    pub(super) fn received(&self, conversation: &ConversationId, id: &MessageId, mono: u64) {
        let (wants_note, wants_sound) = self
            .app
            .settings
            .with_untracked(|settings| (settings.notify, settings.sound));
        let allowed = || notification::permission_lately(mono) == Permission::Granted;
        let notifies = wants_note && allowed();
        if !(notifies || wants_sound) || self.app.is_muted(conversation) {
            return;
        }
        let Some(driver) = self.me.upgrade() else {
            return;
        };
        let (conversation, id) = (conversation.clone(), id.clone());
        let attention = Attention {
            notifies,
            wants_sound,
        };
        later::then(self.app, move |later| {
            (later.notify)(&driver, &conversation, &id, attention);
        });
    }

    /// Draws attention to a message, unless another tab does.
    pub(crate) fn notify(
        &self,
        conversation: &ConversationId,
        id: &MessageId,
        attention: Attention,
    ) {
        let Attention {
            notifies,
            wants_sound,
        } = attention;
        let (Some(note), Some(driver)) = (self.note(conversation, id), self.me.upgrade()) else {
            return;
        };
        let conversation = conversation.clone();
        let session = self.session.get();
        spawn_local(async move {
            let app = driver.app;
            if !app.shows(&conversation) {
                timer::after(GRACE).await;
            }
            let store = driver.store.borrow().clone();
            let (Some(store), true) = (store, driver.session.get() == session) else {
                return;
            };
            let at = conversation.clone();
            store.claim(at, note.seq, move |is_ours| {
                if is_ours && driver.session.get() == session && !app.shows(&conversation) {
                    if wants_sound {
                        spawn_local(sound::play());
                    }
                    if !notifies {
                        return;
                    }
                    let (me, at) = (driver.clone(), conversation.clone());
                    let Note {
                        title, body, tag, ..
                    } = &note;
                    let link = Route::Conversation(conversation.clone(), None).hash();
                    let shown = notification::show(title, body, tag, &link, move || {
                        if driver.session.get() == session {
                            app.open_conversation(conversation);
                        }
                    });
                    me.show_until_read(at, shown);
                }
            });
        });
    }

    /// A notification goes once this tab knows that its conversation has been read.
    fn show_until_read(&self, conversation: ConversationId, shown: Shown) {
        let rows = self.app.conversations;
        let (mut shown, mut was_unread) = (Some(shown), false);
        let owner = Owner::new();
        owner.with(|| {
            effect(move || {
                if shown.is_none() {
                    return;
                }
                // It may be shown before its row says that there is something to read.
                let is_unread = match rows.get(conversation.as_str()) {
                    Some(row) => row.with(|row| row.summary.unread > 0),
                    None => rows.order().with(|_| false),
                };
                if was_unread && !is_unread {
                    shown = None;
                }
                was_unread |= is_unread;
            });
        });
        self.notified.borrow_mut().push(owner);
    }

    fn note(&self, conversation: &ConversationId, id: &MessageId) -> Option<Note> {
        let client = self.client.borrow();
        let log = client.log(conversation)?;
        let stored = log.messages.iter().rev();
        let stored = stored
            .map(|entry| (entry.id, entry.seq))
            .find(|(it, _)| *it == id.as_str());
        let item = client.items(conversation, RECENT);
        let item = item.into_iter().rev().find(|item| item.id == *id)?;
        let others = self.app.others(conversation);
        let name = text::title(self.app.profile(), conversation, &others);
        let is_group = conversation.is_lobby() || others.len() > 1;
        Some(Note {
            title: text::notification(&item.from, is_group.then_some(&name)),
            body: plain(&item.text).chars().take(BODY_CHARS).collect(),
            // An older system's message has another id in each tab; its place is the same.
            tag: [
                database::name(client.account()?).as_str(),
                match stored {
                    Some(_) => id.as_str(),
                    None => conversation.as_str(),
                },
            ]
            .concat(),
            seq: stored.map(|(_, seq)| seq),
        })
    }
}
