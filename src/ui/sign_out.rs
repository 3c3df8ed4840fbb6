//! Signing out with messages that are not sent yet: the person decides what becomes of them.

use leptos::prelude::*;

use super::dialogs::TITLE;
use crate::state::dialog::Dialog;
use crate::state::{App, Intent, Unsent};
use crate::strings::chat as text;
use crate::view::{View, view};

/// Signs out, or asks first where something would be left behind.
pub(super) fn sign_out(app: App) {
    if untrack(|| app.unsent()) == 0 {
        app.ask(Intent::SignOut(Unsent::Keep));
    } else {
        app.show_dialog(Dialog::SignOut);
    }
}

/// The question. Escape stays.
pub(super) fn sign_out_choices(app: App) -> View {
    let choice = move |class: &'static str, label: &'static str, unsent: Option<Unsent>| {
        view! {
            <button
                class=class type="button"
                hidden=move || unsent == Some(Unsent::Delete) && app.unsent() == 0
                on:click=move |_| {
                    app.close_dialog();
                    if let Some(unsent) = unsent {
                        app.ask(Intent::SignOut(unsent));
                    }
                }
            >
                {label}
            </button>
        }
    };
    view! {
            <div class="dialog-choices">
                <h2 id=TITLE>{move || text::unsent(app.unsent())}</h2>
                <p id="unsent-help" class="soft">
                    {move || if app.status.with(|status| status.volatile > 0) {
                        text::lost_help()
                    } else {
                        text::keep_help()
                    }}
                </p>
                {choice("button primary", text::stay(), None)}
                {choice("button", text::sign_out_keep(), Some(Unsent::Keep))}
                {choice("button danger", text::sign_out_delete(), Some(Unsent::Delete))}
            </div>
    }
}
