//! The outbox and a few settings in `localStorage`.
//!
//! One key per message: a write is atomic, done when the call returns, and two tabs never
//! overwrite each other's. A full or forbidden storage is an error the caller hears of.

use switchboard_client::{Account, Pending, StoreError, StoreOperation};
use wasm_bindgen::JsValue;
use web_sys::{Storage, window};

/// A small value that outlives the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The theme's name.
    Theme,
    /// The connect form as last used.
    Connect,
    /// Names this browser profile to the server.
    Device,
    /// The connect form this tab is signed in with; gone with the tab.
    Session,
}

impl Setting {
    fn key(self) -> &'static str {
        match self {
            Self::Theme => "switchboard.theme",
            Self::Connect => "switchboard.connect",
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
            Self::Theme | Self::Connect | Self::Device => local(),
            Self::Session => of_this_tab(),
        }
    }
}

fn local() -> Option<Storage> {
    window()?.local_storage().ok()?
}

fn of_this_tab() -> Option<Storage> {
    window()?.session_storage().ok()?
}

/// One account's outbox.
pub struct Outbox {
    storage: Option<Storage>,
    prefix: String,
}

impl Outbox {
    /// The outbox of this account: its user, endpoint and profile. Another's is never seen.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        let storage = if account.profile.is_own() {
            local()
        } else {
            // Older systems have no ids to tell a repeat by, so another tab must not send it too.
            of_this_tab()
        };
        let who = [account.profile.id, &account.endpoint, account.user.as_str()].join("\u{0}");
        Self {
            storage,
            prefix: format!("switchboard.outbox\u{0}{who}\u{0}"),
        }
    }

    /// Everything in it. A row that cannot be read stays where it is.
    #[must_use]
    pub fn load(&self) -> Vec<Pending> {
        let Some(storage) = &self.storage else {
            return Vec::new();
        };
        let count = storage.length().unwrap_or(0);
        (0..count)
            .filter_map(|index| storage.key(index).ok()?)
            .filter(|key| key.starts_with(&self.prefix))
            .filter_map(|key| Pending::parse(&storage.get_item(&key).ok()??))
            .collect()
    }

    /// Carries out one write.
    ///
    /// # Errors
    /// When storage is absent, forbidden or full.
    pub fn apply(&self, operation: &StoreOperation) -> Result<(), StoreError> {
        let storage = self
            .storage
            .as_ref()
            .ok_or_else(|| StoreError("no storage".to_owned()))?;
        let key = |id: &str| format!("{}{id}", self.prefix);
        let thrown = |_: JsValue| StoreError("storage is full or forbidden".to_owned());
        match operation {
            StoreOperation::Put(pending) => storage
                .set_item(&key(pending.id.as_str()), &pending.encode())
                .map_err(thrown),
            StoreOperation::Log(_) => Ok(()),
            StoreOperation::Remove(id) => storage.remove_item(&key(id.as_str())).map_err(thrown),
        }
    }
}
