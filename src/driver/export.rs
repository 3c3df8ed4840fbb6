//! Saving a conversation: everything this browser has of it, gathered and handed to the browser.

use switchboard_protocol::ConversationId;
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::{clock, page};
use crate::state::export::{Entries, Export, Format, add_items};
use crate::strings::{chat, export as text};

impl Driver {
    /// Gathers and saves.
    pub(super) fn export(&self, conversation: ConversationId, format: Format) {
        let Some(driver) = self.me.upgrade() else {
            return;
        };
        let session = self.session.get();
        spawn_local(async move {
            // What is stored below what is loaded, the newest page first.
            let mut pages = Vec::new();
            let mut through = {
                let client = driver.client.borrow();
                client.log(&conversation).map(|log| log.after)
            };
            let store = driver.store.borrow().clone();
            while let (Some(place), Some(store)) = (through, &store) {
                let page = store.scan(conversation.clone(), place).await;
                through = page.below;
                pages.push(page.messages);
            }
            if driver.session.get() != session {
                return;
            }
            let mut entries = Entries::default();
            pages
                .into_iter()
                .rev()
                .flatten()
                .for_each(|entry| entries.take(entry));
            let client = driver.client.borrow();
            if let Some(log) = client.log(&conversation) {
                log.messages
                    .iter()
                    .for_each(|entry| entries.take(entry.clone()));
            }
            let app = driver.app;
            let me = app.me().map(String::from).unwrap_or_default();
            let mut messages = entries.finish();
            let items = client.slice(&conversation, 0..client.len(&conversation));
            add_items(&mut messages, &items, &me);
            let export = Export {
                title: chat::title(app.profile(), &conversation, &app.others(&conversation)),
                conversation,
                me,
                at: clock::now().wall,
                messages,
                day: app.services.day,
                time: app.services.time,
            };
            page::download(&export.file_name(format), &export.write(format));
            app.notice(text::saved());
        });
    }
}
