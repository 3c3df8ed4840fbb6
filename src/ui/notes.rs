//! Thin notes above everything: that this is the demo, and that a newer build waits.

use crate::signal::Signal;
use crate::state::{App, Intent, Unsent};
use crate::strings;
use crate::view::{View, view};

/// A line of text and what can be done about it.
fn note(
    hidden: Signal<bool>,
    text: &'static str,
    action: &'static str,
    act: impl Fn() + 'static,
) -> View {
    view! {
        <p class="page-note" role="status" hidden=hidden>
            <span>{text}</span>
            <button class="link" type="button" on:click=move |_| act()>{action}</button>
        </p>
    }
}

/// Says that this is the demo, and leads out of it.
pub(super) fn demo_note(app: App) -> View {
    let is_demo = app
        .account
        .with_untracked(|account| account.as_ref().is_some_and(|account| account.is_demo()));
    note(
        Signal::stored(!is_demo),
        strings::demo::note(),
        strings::demo::leave(),
        move || app.ask(Intent::SignOut(Unsent::Delete)),
    )
}

/// Offers the newer build.
pub(super) fn update_note(app: App) -> View {
    note(
        Signal::derive(move || !app.update.get()),
        strings::update::ready(),
        strings::update::reload(),
        move || app.ask(Intent::Reload),
    )
}
