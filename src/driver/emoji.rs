//! The book of emoji: fetched when it is first needed, never before.

use std::sync::Arc;

use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::file;
use crate::browser::storage::Setting;
use crate::state::emoji::Book;
use crate::strings::Language;

/// Where it lies, beside the page; names in other languages than English beside it.
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
        let (language, fold) = (self.app.language.get_untracked(), self.app.services.fold);
        spawn_local(async move {
            let mut book = fetch().await;
            emoji.failed.set(book.is_none());
            let mut named = Language::default();
            if language != named {
                let path = ["emoji/", language.code(), ".txt"].concat();
                if let Some(told) = file::text(&path, PATIENCE).await {
                    book = book.map(|book| book.told(told, fold));
                    named = language;
                }
            }
            // Without the names it is English until it is asked for again: to tell the same anew
            // would be to ask at once.
            let is_known = emoji.book.with_untracked(Option::is_some)
                && emoji.language.get_untracked() == named;
            if book.is_some() && (named == language || !is_known) {
                emoji.language.set(named);
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
