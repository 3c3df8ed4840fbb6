//! Emoji: the book of them, which is fetched on first use, and what the person uses of it.

mod book;
mod code;
mod tone;

use std::sync::Arc;

pub use book::{Book, Emoji};
pub use code::{begun, finished};
pub use tone::Tone;

use super::{App, Intent};
use crate::signal::RwSignal;
use crate::strings::Language;

/// Most emoji remembered as used last.
const RECENT: usize = 24;

/// What is done with the emoji a person picks.
pub type Pick = Arc<dyn Fn(&str) + Send + Sync>;

/// The emoji of the page.
#[derive(Clone, Copy)]
pub struct Emojis {
    /// The book, once it has been fetched.
    pub book: RwSignal<Option<Arc<Book>>>,
    /// The language that it was asked for in.
    pub language: RwSignal<Language>,
    /// Whether the book could not be fetched.
    pub failed: RwSignal<bool>,
    /// The skin tone chosen.
    pub tone: RwSignal<Tone>,
    /// Those used last, the newest first, as they are written.
    pub recent: RwSignal<Vec<String>>,
    /// While the picker is open: what it is for.
    pub picking: RwSignal<Option<Pick>>,
}

impl Emojis {
    pub(super) fn new() -> Self {
        Self {
            book: RwSignal::new(None),
            language: RwSignal::new(Language::default()),
            failed: RwSignal::new(false),
            tone: RwSignal::new(Tone::default()),
            recent: RwSignal::new(Vec::new()),
            picking: RwSignal::new(None),
        }
    }

    /// Takes over what [`Emojis::to_stored`] gave.
    pub fn restore(self, stored: &str) {
        let mut parts = stored.split(' ');
        let tone = parts.next().and_then(|tone| tone.parse().ok());
        self.tone.set(Tone::at(tone.unwrap_or(0)));
        let recent = parts.filter(|emoji| crate::format::is_large(emoji));
        self.recent
            .set(recent.take(RECENT).map(str::to_owned).collect());
    }

    /// Tone and recent ones, in one line.
    #[must_use]
    pub fn to_stored(self) -> String {
        let mut stored = self.tone.get_untracked().place().to_string();
        self.recent.with_untracked(|recent| {
            for emoji in recent {
                stored.push(' ');
                stored.push_str(emoji);
            }
        });
        stored
    }
}

impl App {
    /// Asks for the book of emoji, unless it is there, in the page's language.
    pub fn want_emoji(self) {
        let language = self.language.get_untracked();
        let is_here = self.emoji.book.with_untracked(Option::is_some);
        if !is_here || self.emoji.language.get_untracked() != language {
            self.ask(Intent::LoadEmoji);
        }
    }

    /// Up to `limit` emoji whose code, name or word begins with `prefix`, each as it would be written, with its
    /// code. Asks for the book where it is not there yet, and tracks it.
    #[must_use]
    pub fn complete_emoji(self, prefix: &str, limit: usize) -> Vec<(String, String)> {
        self.want_emoji();
        let tone = self.emoji.tone.get();
        self.emoji.book.with(|book| {
            let Some(book) = book else { return Vec::new() };
            let places = book.complete(&(self.services.fold)(prefix), limit);
            places
                .into_iter()
                .map(|place| book.get(place))
                .map(|emoji| (tone.of(emoji.form), emoji.code().to_owned()))
                .collect()
        })
    }

    /// The emoji of a code, as it would be written.
    #[must_use]
    pub fn emoji_of(self, code: &str) -> Option<String> {
        let tone = self.emoji.tone.get_untracked();
        self.emoji.book.with_untracked(|book| {
            let book = book.as_ref()?;
            Some(tone.of(book.get(book.exact(code)?).form))
        })
    }

    /// Remembers that an emoji was used.
    pub fn used_emoji(self, emoji: &str) {
        self.emoji.recent.update(|recent| {
            recent.retain(|other| other != emoji);
            recent.insert(0, emoji.to_owned());
            recent.truncate(RECENT);
        });
        self.ask(Intent::KeepEmoji);
    }

    /// Chooses a skin tone.
    pub fn choose_tone(self, tone: Tone) {
        self.emoji.tone.set(tone);
        self.ask(Intent::KeepEmoji);
    }
}
