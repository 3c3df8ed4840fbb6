//! The page's address follows the open conversation, and the other way round.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;

use super::Driver;
use crate::browser::timer::{self, Timer};
use crate::browser::{address, clock};
use crate::signal::effect;
use crate::state::timeline::QUARTER_HOUR_MS;
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
    let wanted = Rc::<RefCell<Option<Route>>>::default();
    let now = wanted.clone();
    let mut last = None;
    let mut soon = Timer::new(move || {
        let before = std::mem::replace(&mut last, now.borrow().clone());
        write(before.as_ref(), last.as_ref());
    });
    effect(move || {
        let now = app.account.with(Option::is_some).then(|| app.route());
        let is_open = |it: &Option<Route>| matches!(it, Some(Route::Conversation(..)));
        let before = wanted.replace(now);
        let is_switch = is_open(&before) && is_open(&wanted.borrow());
        soon.arm(Some(if is_switch { PAINTED } else { 0 }));
    });
}

/// After so many ms another conversation is on the screen, and only then is its address written:
/// that takes the browser two milliseconds.
const PAINTED: u64 = 50;

fn write(before: Option<&Route>, now: Option<&Route>) {
    let shown = Route::parse(&address::hash());
    match now {
        Some(now @ Route::Conversation(here, _)) => {
            if !matches!(&shown, Route::Conversation(there, _) if there == here) {
                address::go(
                    &now.hash(),
                    before.is_none_or(|before| *before == Route::List),
                );
            }
        }
        Some(Route::List) if shown != Route::List => address::leave(&Route::List.hash()),
        // A link that was opened before signing in stays; signing out leaves none behind.
        None if before.is_some() => address::put(&Route::List.hash()),
        Some(Route::List) | None => {}
    }
}

/// Opens what the address names, if that is a conversation of the person who has just signed in.
pub(super) fn open(app: App) {
    let route = Route::parse(&address::hash());
    if route != Route::List {
        app.navigate(route);
    }
}

/// A page that is left open overnight writes the times of yesterday's messages as such.
pub(super) fn watch_calendar(app: App, driver: Weak<Driver>) {
    spawn_local(async move {
        loop {
            let left = QUARTER_HOUR_MS - clock::now().wall % QUARTER_HOUR_MS;
            timer::after(i32::try_from(left).unwrap_or(i32::MAX)).await;
            if driver.upgrade().is_none() {
                return;
            }
            app.look_at_calendar();
        }
    });
}
