//! The page's address follows the open conversation, and the other way round.

use leptos::prelude::*;

use crate::browser::address;
use crate::state::{App, Route};

/// Keeps both alike as long as the page lives.
pub(super) fn follow(app: App) {
    address::listen(move || {
        // Anything but `#/…` is an anchor within the page.
        let hash = address::hash();
        if hash.is_empty() || hash.starts_with("#/") {
            app.navigate(Route::parse(&hash));
        }
    });
    Effect::new(move |before: Option<Option<Route>>| {
        let before = before.flatten();
        let now = app.account.with(Option::is_some).then(|| app.route());
        let shown = Route::parse(&address::hash());
        match &now {
            Some(Route::Conversation(here, _)) => {
                if !matches!(shown, Route::Conversation(there, _) if there == *here) {
                    let hash = now.as_ref().map(Route::hash).unwrap_or_default();
                    address::go(&hash, before.is_none_or(|before| before == Route::List));
                }
            }
            Some(Route::List) if shown != Route::List => address::leave(&Route::List.hash()),
            // A link that was opened before signing in stays; signing out leaves none behind.
            None if before.is_some() => address::forget(&Route::List.hash()),
            Some(Route::List) | None => {}
        }
        now
    });
}

/// Opens what the address names, if that is a conversation of the person who has just signed in.
pub(super) fn open(app: App) {
    let route = Route::parse(&address::hash());
    if route != Route::List {
        app.navigate(route);
    }
}
