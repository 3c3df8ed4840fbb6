//! What this browser keeps: measured, cleared, saved as a file, erased. And the page's title and
//! icon, which tell what is unread from another tab.

use switchboard_protocol::ConversationId;
use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::{erase, page};
use crate::signal::effect;
use crate::state::{App, StorageAct, Unsent};
use crate::strings::{self, chat, settings as text};

impl Driver {
    /// Carries out what a person asked for in the settings.
    pub(crate) fn upkeep(&self, act: StorageAct) {
        let app = self.app;
        match act {
            StorageAct::Measure => spawn_local(async move {
                app.storage_used.set(erase::used().await);
            }),
            StorageAct::Clear => {
                if let Some(store) = self.store.borrow().clone() {
                    let me = self.me.clone();
                    store.forget(Vec::new(), move |done| {
                        app.notice(if done {
                            text::cleared()
                        } else {
                            text::not_cleared()
                        });
                        if let Some(driver) = me.upgrade() {
                            driver.upkeep(StorageAct::Measure);
                        }
                    });
                }
            }
            StorageAct::ExportAll => self.export_all(),
            StorageAct::Erase => {
                let store = self.store.borrow().clone();
                self.sign_out(Unsent::Delete);
                if let Some(store) = store {
                    // After everything that signing out still writes.
                    store.forget(Vec::new(), move |_| {
                        spawn_local(async move {
                            if erase::everything().await {
                                page::reload();
                            } else {
                                app.tell(text::not_erased().to_owned());
                            }
                        });
                    });
                }
            }
        }
    }
}

/// Keeps the page's title and icon in step with what is open and unread.
pub(super) fn tell_the_window(app: App) {
    let mut told = (String::new(), None);
    effect(move || {
        let unread = app.unread_total();
        let name = app.open.with(|open| {
            open.as_ref()
                .map(|open| title(app, open))
                .unwrap_or_default()
        });
        let product = if name.is_empty() {
            strings::PRODUCT.to_owned()
        } else {
            strings::join(&[&name, " – ", strings::PRODUCT])
        };
        let title = if unread == 0 {
            product
        } else {
            strings::join(&["(", &strings::number(unread), ") ", &product])
        };
        // The browser takes half a millisecond even for what it knows, and this is asked with every
        // message that comes.
        if told.0 != title {
            page::set_title(&title);
            told.0 = title;
        }
        if told.1.replace(unread) != Some(unread) {
            page::set_badge(unread);
        }
    });
}

fn title(app: App, open: &ConversationId) -> String {
    chat::title(app.profile(), open, &app.others(open))
}
