//! Drafts in `localStorage`, a row for each conversation of an account, and what other tabs do to
//! them.

use switchboard_client::{Account, StoreError};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Storage, StorageEvent, window};

use super::storage::{local, rows_of};

/// Written and removed where a person erases everything: other tabs hear of it as of any row.
pub(super) const ERASED: &str = "switchboard.erased";

/// An account's drafts; as long as it lives, it tells what other tabs store.
pub struct Shelf {
    storage: Option<Storage>,
    prefix: String,
    told: Closure<dyn FnMut(StorageEvent)>,
}

/// What another tab did.
pub enum Told<'a> {
    /// It stored a draft, or removed it: the conversation, what was there, what is there now.
    Row(String, Option<&'a str>, Option<&'a str>),
    /// The person erases everything there.
    Erased,
}

impl Shelf {
    /// The drafts of `account`. Another account's are never seen.
    #[must_use]
    pub fn of(account: &Account, tell: impl Fn(Told<'_>) + 'static) -> Self {
        let who = [account.profile.id, &account.endpoint, account.user.as_str()].join("\u{0}");
        let prefix = ["switchboard.draft\u{0}", &who, "\u{0}"].concat();
        let wanted = prefix.clone();
        let told = Closure::new(move |event: StorageEvent| {
            let key = event.key();
            if key.as_deref() == Some(ERASED) && event.new_value().is_some() {
                tell(Told::Erased);
            } else if let Some(place) = key.as_deref().and_then(|key| key.strip_prefix(&wanted)) {
                let (old, new) = (event.old_value(), event.new_value());
                tell(Told::Row(place.to_owned(), old.as_deref(), new.as_deref()));
            }
        });
        if let Some(window) = window() {
            let listener = told.as_ref().unchecked_ref();
            let _bound = window.add_event_listener_with_callback("storage", listener);
        }
        Self {
            storage: local(),
            prefix,
            told,
        }
    }

    /// Its rows: conversation and draft.
    #[must_use]
    pub fn rows(&self) -> Vec<(String, String)> {
        let storage = self.storage.as_ref();
        storage.map_or_else(Vec::new, |storage| rows_of(storage, &self.prefix))
    }

    /// Writes a row, or removes it.
    ///
    /// # Errors
    /// When storage is absent, forbidden or full.
    pub fn put(&self, conversation: &str, row: Option<&str>) -> Result<(), StoreError> {
        let key = [&self.prefix, conversation].concat();
        self.storage
            .as_ref()
            .and_then(|storage| {
                match row {
                    Some(row) => storage.set_item(&key, row),
                    None => storage.remove_item(&key),
                }
                .ok()
            })
            .ok_or_else(|| {
                StoreError("the browser’s storage is absent, full or forbidden".to_owned())
            })
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        if let Some(window) = window() {
            let listener = self.told.as_ref().unchecked_ref();
            let _gone = window.remove_event_listener_with_callback("storage", listener);
        }
    }
}
