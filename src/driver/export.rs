//! Saving conversations: everything this browser has of it, gathered and handed to the browser.

use switchboard_protocol::ConversationId;
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::{clock, page};
use crate::state::export::{Entries, Export, Format, add_items};
use crate::strings::{chat, export as text, frames, settings};

impl Driver {
    /// Saves one conversation.
    pub(crate) fn export(&self, conversation: ConversationId, format: Format) {
        let Some(driver) = self.me.upgrade() else {
            return;
        };
        spawn_local(async move {
            if let Some(export) = driver.gather(conversation).await {
                page::download(&export.file_name(format), &export.write(format));
                driver.app.notice(text::saved());
            }
        });
    }

    /// Saves the trace of everything that went into the core: a bug report.
    pub(crate) fn export_trace(&self) {
        let trace = self.trace.borrow();
        let trace = trace.export(self.client.borrow().state_hash());
        page::download(frames::TRACE_FILE, &trace);
    }

    /// Saves every conversation in one file, each as its own JSON file would have it.
    pub(super) fn export_all(&self) {
        let Some(driver) = self.me.upgrade() else {
            return;
        };
        spawn_local(async move {
            let all = driver.client.borrow().conversations();
            let mut exports = Vec::with_capacity(all.len());
            for summary in all {
                let Some(export) = driver.gather(summary.id).await else {
                    return;
                };
                exports.push(export.write(Format::Json));
            }
            let file = ["[", &exports.join(",\n"), "]"].concat();
            page::download(settings::EXPORT_FILE, &file);
            driver.app.notice(text::saved());
        });
    }

    /// Everything this browser has of a conversation; `None` once somebody else is signed in.
    async fn gather(&self, conversation: ConversationId) -> Option<Export> {
        let session = self.session.get();
        // What is stored below what is loaded, the newest page first.
        let mut pages = Vec::new();
        let mut through = {
            let client = self.client.borrow();
            client.log(&conversation).map(|log| log.after)
        };
        let store = self.store.borrow().clone();
        while let (Some(place), Some(store)) = (through, &store) {
            let page = store.scan(conversation.clone(), place).await;
            through = page.below;
            pages.push(page.messages);
        }
        if self.session.get() != session {
            return None;
        }
        let mut entries = Entries::default();
        pages
            .into_iter()
            .rev()
            .flatten()
            .for_each(|entry| entries.take(entry));
        let client = self.client.borrow();
        if let Some(log) = client.log(&conversation) {
            log.messages
                .iter()
                .filter_map(|entry| entry.to_message(&conversation))
                .for_each(|entry| entries.take(entry));
        }
        let app = self.app;
        let me = app.me().map(String::from).unwrap_or_default();
        let mut messages = entries.finish();
        let items = client.slice(&conversation, 0..client.len(&conversation));
        add_items(&mut messages, &items, &me);
        Some(Export {
            title: chat::title(app.profile(), &conversation, &app.others(&conversation)),
            conversation,
            me,
            at: clock::now().wall,
            messages,
            day: app.services.day,
            time: app.services.time,
        })
    }
}
