//! The one dialog that may be open. The browser keeps the focus inside a modal `<dialog>` and gives
//! it back afterwards; where what had it is gone, the composer gets it.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::announcer::region;
use super::export::export;
use super::icon::icon;
use super::message_details::{delete_question, message_details};
use super::new_message::new_message;
use super::palette::palette;
use super::search::search;
use super::settings::settings;
use super::shortcuts::sheet;
use super::sign_out::sign_out_choices;
use crate::later::ahead;
use crate::signal::{StoredValue, effect};
use crate::state::App;
use crate::state::dialog::Dialog;
use crate::strings;
use crate::view::{NodeRef, View, request_animation_frame, view};

/// The element that labels the open dialog.
pub(super) const TITLE: &str = "dialog-title";

/// The host. Escape, a press beside the dialog and [`App::close_dialog`] close it; a press beside
/// one with `data-keep` in it does not, as what was written there would be lost.
pub(crate) fn dialogs(app: App) -> View {
    let element = NodeRef::<web_sys::HtmlDialogElement>::new();
    effect(move || {
        let open = app.dialog.with(Option::is_some);
        let Some(dialog) = element.get() else { return };
        if open && !dialog.open() {
            // It throws only where the element is not in the document any more.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
        if open {
            // What stands in it is in the document by the next frame; in place of another dialog,
            // nothing has the focus by then.
            request_animation_frame(move || {
                if let Some(dialog) = element.try_get_untracked() {
                    focus_inside(&dialog);
                }
            });
        }
    });
    let closed = move |_| {
        app.close_dialog();
        if is_lost() {
            super::composer::focus();
        }
        // On a phone the composer may not be there.
        if is_lost() {
            super::sidebar::focus_row();
        }
    };
    // Where the press began: one that began on a text and ends beside the dialog selects.
    let began_beside = StoredValue::new(false);
    let is_beside = |event: &ev::MouseEvent| {
        // Its own box is all padding-free content: only the backdrop is the element itself.
        let target = event.target();
        target.is_some_and(|target| target.is_instance_of::<web_sys::HtmlDialogElement>())
    };
    view! {
        <dialog
            class="dialog" node_ref=element aria-labelledby=TITLE aria-modal="true" on:close=closed
            data-dialog=move || app.dialog.with(|dialog| dialog.as_ref().map(name))
            on:mousedown=move |event| began_beside.set_value(is_beside(&event))
            on:click=move |event| {
                let keeps = element.get_untracked()
                    .is_some_and(|it| it.query_selector("[data-keep]").ok().flatten().is_some());
                if is_beside(&event) && began_beside.get_value() && !keeps {
                    app.close_dialog();
                }
            }
        >
            {move || app.dialog.get().map(|dialog| content(app, dialog))}
            {region(app, true)}
        </dialog>
    }
}

/// For the style: what opens at the top, what is wide.
fn name(dialog: &Dialog) -> &'static str {
    match dialog {
        Dialog::Palette => "palette",
        Dialog::Settings => "settings",
        Dialog::Search => "search",
        Dialog::Shortcuts => "shortcuts",
        Dialog::NewMessage
        | Dialog::SignOut
        | Dialog::Export(_)
        | Dialog::Details(_)
        | Dialog::Delete(_) => "plain",
    }
}

/// Whether nothing has the focus.
fn is_lost() -> bool {
    let focused = document().active_element();
    focused.is_none_or(|focused| focused.tag_name() == "BODY")
}

/// Puts the focus where the dialog wants it, unless something in it has it. Many begin with the
/// button that closes them: that is the last choice.
fn focus_inside(dialog: &web_sys::HtmlDialogElement) {
    const CHOICES: [&str; 3] = [
        "[autofocus]",
        "form input, .dialog-choices button",
        "button",
    ];
    let focused = document().active_element();
    let is_inside = focused.is_some_and(|focused| {
        let dialog: &web_sys::Node = dialog;
        dialog.contains(Some(&focused)) && !focused.is_instance_of::<web_sys::HtmlDialogElement>()
    });
    let is_chosen = dialog
        .query_selector("[autofocus]")
        .ok()
        .flatten()
        .is_none_or(|it| Some(it) == document().active_element());
    if is_inside && is_chosen {
        return;
    }
    for choice in CHOICES {
        let element = dialog.query_selector(choice).ok().flatten();
        let element = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
        if element.is_some_and(|element| element.focus().is_ok()) {
            return;
        }
    }
}

pub(super) fn content(app: App, dialog: Dialog) -> View {
    let ahead = ahead::typed();
    match dialog {
        Dialog::NewMessage => new_message(app),
        Dialog::Details(id) => message_details(app, id),
        Dialog::Delete(id) => delete_question(app, id),
        Dialog::SignOut => sign_out_choices(app),
        Dialog::Palette => palette(app, ahead),
        Dialog::Shortcuts => sheet(app),
        Dialog::Search => {
            app.shell.search_for.update(|text| text.push_str(&ahead));
            search(app)
        }
        Dialog::Export(conversation) => export(app, conversation),
        Dialog::Settings => settings(app, false),
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
pub(super) fn head(app: App, title: &'static str) -> View {
    view! {
        // No `<header>`: in a search it would be the page's banner.
        <div class="dialog-head">
            <h2 id=TITLE>{title}</h2>
            <button
                class="button ghost" type="button" aria-label=strings::common::close()
                on:click=move |_| app.close_dialog()
            >
                {icon("close")}
            </button>
        </div>
    }
}
