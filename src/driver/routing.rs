//! The page's address follows the open conversation, and the other way round.

use std::rc::Weak;

use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::{address, clock, timer};
use crate::signal::effect;
use crate::state::{App, Route};

/// Keeps both alike as long as the page lives.
pub(super) fn follow(app: App, driver: Weak<Driver>) {
    address::listen(move || {
        // Anything but `#/…` is an anchor within the page.
        let hash = address::hash();
        let is_here = driver.upgrade().is_some();
        if is_here && (hash.is_empty() || hash.starts_with("#/")) {
            app.navigate(Route::parse(&hash));
        }
    });
    let mut last: Option<Route> = None;
    effect(move || {
        let before = last.take();
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
        last = now;
    });
}

/// Opens what the address names, if that is a conversation of the person who has just signed in.
pub(super) fn open(app: App) {
    let route = Route::parse(&address::hash());
    if route != Route::List {
        app.navigate(route);
    }
}

/// How often it is looked whether a new day has begun, ms: in no time zone it begins elsewhere
/// than on a quarter of an hour.
const QUARTER: u64 = 900_000;

/// A page that is left open overnight writes the times of yesterday's messages as such.
pub(super) fn watch_calendar(app: App, driver: Weak<Driver>) {
    spawn_local(async move {
        loop {
            let left = QUARTER - clock::now().wall % QUARTER;
            timer::after(i32::try_from(left).unwrap_or(i32::MAX)).await;
            if driver.upgrade().is_none() {
                return;
            }
            app.look_at_calendar();
        }
    });
}
