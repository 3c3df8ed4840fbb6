//! Signing out with messages that are not sent yet: the person decides what becomes of them.

use leptos::html;
use leptos::prelude::*;

use crate::state::{App, Intent, Unsent, use_app};
use crate::strings::chat as text;

/// Signs out, or asks first where something would be left behind.
pub(super) fn sign_out(app: App, dialog: NodeRef<html::Dialog>) {
    if untrack(|| app.unsent()) == 0 {
        app.ask(Intent::SignOut(Unsent::Keep));
    } else {
        super::new_message::show(dialog);
    }
}

/// The question. Escape stays.
#[component]
pub fn SignOut(
    /// Itself, for those who open it.
    dialog: NodeRef<html::Dialog>,
) -> impl IntoView {
    let app = use_app();
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let choice = move |class: &'static str, label: &'static str, unsent: Option<Unsent>| {
        view! {
            <button
                class=class type="button"
                hidden=move || unsent == Some(Unsent::Delete) && app.unsent() == 0
                on:click=move |_| {
                    close();
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
        <dialog class="dialog" node_ref=dialog aria-labelledby="unsent" aria-describedby="unsent-help">
            <div class="dialog-choices">
                <h2 id="unsent">{move || text::unsent(app.unsent())}</h2>
                <p id="unsent-help" class="soft">
                    {move || if app.status.with(|status| status.volatile > 0) {
                        text::LOST_HELP
                    } else {
                        text::KEEP_HELP
                    }}
                </p>
                {choice("button primary", text::STAY, None)}
                {choice("button", text::SIGN_OUT_KEEP, Some(Unsent::Keep))}
                {choice("button danger", text::SIGN_OUT_DELETE, Some(Unsent::Delete))}
            </div>
        </dialog>
    }
}
