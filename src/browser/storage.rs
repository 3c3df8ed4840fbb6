//! A few settings in `localStorage`, and the outboxes that are not in IndexedDB.
//!
//! One key per message: a write is atomic and done when the call returns. A full or forbidden
//! storage is an error the caller hears of.

use switchboard_client::{Account, Pending, StoreError};
use web_sys::{Storage, window};

/// A small value that outlives the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// What the person set about the page.
    Settings,
    /// The connect form as last used.
    Connect,
    /// Skin tone and the emoji used last.
    Emoji,
    /// Names this browser profile to the server.
    Device,
    /// The connect form this tab is signed in with; gone with the tab.
    Session,
}

impl Setting {
    fn key(self) -> &'static str {
        match self {
            Self::Settings => "switchboard.settings",
            Self::Connect => "switchboard.connect",
            Self::Emoji => "switchboard.emoji",
            Self::Device => "switchboard.device",
            Self::Session => "switchboard.session",
        }
    }

    /// The stored value; `None` where there is none or storage is forbidden.
    #[must_use]
    pub fn load(self) -> Option<String> {
        self.area()?.get_item(self.key()).ok()?
    }

    /// Stores `value` if storage lets us; a setting lost is no harm.
    pub fn save(self, value: &str) {
        if let Some(storage) = self.area() {
            let _saved = storage.set_item(self.key(), value);
        }
    }

    /// Forgets the stored value.
    pub fn remove(self) {
        if let Some(storage) = self.area() {
            let _removed = storage.remove_item(self.key());
        }
    }

    fn area(self) -> Option<Storage> {
        match self {
            Self::Settings | Self::Connect | Self::Emoji | Self::Device => local(),
            Self::Session => of_this_tab(),
        }
    }
}

pub(super) fn local() -> Option<Storage> {
    window()?.local_storage().ok()?
}

fn of_this_tab() -> Option<Storage> {
    window()?.session_storage().ok()?
}

/// What a person pinned and muted as this account.
pub struct AccountMarks(String);

impl AccountMarks {
    /// Of `account`; another's is never seen.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        Self(["switchboard.marks\u{0}", &who(account)].concat())
    }

    /// The stored text; `None` where there is none or storage is forbidden.
    #[must_use]
    pub fn load(&self) -> Option<String> {
        local()?.get_item(&self.0).ok()?
    }

    /// Stores `text` if storage lets us: pins lost are no harm.
    pub fn save(&self, text: &str) {
        if let Some(storage) = local() {
            let _saved = storage.set_item(&self.0, text);
        }
    }
}

fn who(account: &Account) -> String {
    [account.profile.id, &account.endpoint, account.user.as_str()].join("\u{0}")
}

/// The rows whose key begins with `prefix`: the rest of the key, and the value.
pub(super) fn rows_of(storage: &Storage, prefix: &str) -> Vec<(String, String)> {
    let count = storage.length().unwrap_or(0);
    (0..count)
        .filter_map(|index| storage.key(index).ok()?)
        .filter_map(|key| {
            let id = key.strip_prefix(prefix)?;
            Some((id.to_owned(), storage.get_item(&key).ok()??))
        })
        .collect()
}

/// An account's outbox in one of the two simple storages.
pub struct Outbox {
    storage: Option<Storage>,
    prefix: String,
}

impl Outbox {
    /// Where this tab keeps messages to a system whose ids cannot be deduplicated: no other tab
    /// may send them too. Another account's is never seen.
    #[must_use]
    pub fn of_tab(account: &Account) -> Self {
        Self::new(of_this_tab(), account)
    }

    /// Where this app kept them before it used IndexedDB.
    #[must_use]
    pub fn older(account: &Account) -> Self {
        Self::new(local(), account)
    }

    fn new(storage: Option<Storage>, account: &Account) -> Self {
        Self {
            storage,
            prefix: ["switchboard.outbox\u{0}", &who(account), "\u{0}"].concat(),
        }
    }

    /// Its rows: id and text.
    #[must_use]
    pub fn rows(&self) -> Vec<(String, String)> {
        let storage = self.storage.as_ref();
        storage.map_or_else(Vec::new, |storage| rows_of(storage, &self.prefix))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When storage is absent, forbidden or full.
    pub fn put(&self, pending: &Pending) -> Result<(), StoreError> {
        let key = self.key(pending.id.as_str());
        self.storage
            .as_ref()
            .and_then(|storage| storage.set_item(&key, &pending.to_json()).ok())
            .ok_or_else(|| StoreError("the tab’s storage is absent, full or forbidden".to_owned()))
    }

    /// Removes a row, if it is there.
    pub fn remove(&self, id: &str) {
        if let Some(storage) = &self.storage {
            let _removed = storage.remove_item(&self.key(id));
        }
    }

    fn key(&self, id: &str) -> String {
        [&self.prefix, id].concat()
    }
}
