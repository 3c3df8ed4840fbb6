//! The book of emoji: fetched when it is first needed, never before.

use std::sync::Arc;

use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::file;
use crate::browser::storage::Setting;
use crate::state::emoji::Book;

/// Where it lies, beside the page.
const FILE: &str = "emoji.txt";

/// How long it may take, ms.
const PATIENCE: u32 = 20_000;

impl Driver {
    /// Fetches it, once at a time; a failure is tried again when it is next asked for.
    pub(crate) fn load_emoji(&self) {
        if self.loading_emoji.replace(true) {
            return;
        }
        let driver = self.me.clone();
        let emoji = self.app.emoji;
        emoji.failed.set(false);
        emoji.restore(&Setting::Emoji.load().unwrap_or_default());
        spawn_local(async move {
            let book = fetch().await;
            emoji.failed.set(book.is_none());
            if book.is_some() {
                emoji.book.set(book.map(Arc::new));
            }
            if let Some(driver) = driver.upgrade() {
                driver.loading_emoji.set(false);
            }
        });
    }
}

async fn fetch() -> Option<Book> {
    let book = Book::read(file::text(FILE, PATIENCE).await?);
    (!book.is_empty()).then_some(book)
}
