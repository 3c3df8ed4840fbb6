//! The one dialog that may be open. The browser keeps the focus inside a modal `<dialog>` and gives
//! it back afterwards; where what had it is gone, the composer gets it.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::announcer::region;
use super::export::export;
use super::icon::icon;
use super::new_message::new_message;
use super::search::search;
use super::settings::settings;
use super::sign_out::sign_out_choices;
use crate::state::dialog::Dialog;
use crate::state::{App, use_app};
use crate::strings;

/// The element that labels the open dialog.
pub(super) const TITLE: &str = "dialog-title";

/// The host. Escape, a press beside the dialog and [`App::close_dialog`] close it.
#[component]
pub fn Dialogs() -> impl IntoView {
    let app = use_app();
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = app.dialog.with(Option::is_some);
        let Some(dialog) = element.get() else { return };
        if open && !dialog.open() {
            // It throws only where the element is not in the document any more.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    let closed = move |_| {
        app.close_dialog();
        let focused = document().active_element();
        if focused.is_none_or(|focused| focused.tag_name() == "BODY") {
            super::composer::focus();
        }
    };
    view! {
        <dialog
            class="dialog" node_ref=element aria-labelledby=TITLE on:close=closed
            on:click=move |event| {
                // Its own box is all padding-free content: only the backdrop is the element itself.
                let target = event.target();
                if target.is_some_and(|target| target.is_instance_of::<web_sys::HtmlDialogElement>()) {
                    app.close_dialog();
                }
            }
        >
            {move || app.dialog.get().map(|dialog| content(app, dialog))}
            {region(app, true)}
        </dialog>
    }
}

pub(super) fn content(app: App, dialog: Dialog) -> AnyView {
    match dialog {
        Dialog::NewMessage => new_message(app),
        Dialog::SignOut => sign_out_choices(app),
        Dialog::Search => search(app),
        Dialog::Export(conversation) => export(app, conversation),
        Dialog::Settings => settings(app),
        Dialog::Palette | Dialog::Shortcuts | Dialog::Details(_) | Dialog::Delete(_) => {
            ().into_any()
        }
    }
}

/// Closes the dialog at once, so that the focus can go elsewhere: while it is open, all else is
/// inert.
pub(super) fn close_now(app: App) {
    app.close_dialog();
    let open = document().query_selector("dialog[open]").ok().flatten();
    if let Some(dialog) = open.and_then(|open| open.dyn_into::<web_sys::HtmlDialogElement>().ok()) {
        dialog.close();
    }
}

/// A dialog's head: its title and the button that closes it.
pub(super) fn head(app: App, title: &'static str) -> impl IntoView + use<> {
    view! {
        <header class="dialog-head">
            <h2 id=TITLE>{title}</h2>
            <button
                class="button ghost" type="button" aria-label=strings::common::close()
                on:click=move |_| app.close_dialog()
            >
                {icon("close")}
            </button>
        </header>
    }
}
