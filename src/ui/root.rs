//! The page: the connect form, or the chat with its panes.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::announcer::announcer;
use super::connect_form::connect_form;
use super::conversation::conversation;
use super::dom::set;
use super::notes::{demo_note, update_note};
use super::shortcuts;
use super::sidebar::{FILTER, sidebar};
use super::status::{banner, storage_warning};
use crate::later;
use crate::signal::{Memo, effect_now};
use crate::state::{App, Choice, Settings};
use crate::strings;
use crate::view::{View, on_key, view};

/// Everything. `main.rs` mounts it, tests too.
pub fn root(app: App) -> View {
    effect_now(move || app.settings.with(wear));
    let signed_in = Memo::new(move |_| app.account.with(Option::is_some));
    view! {
        <div class="page">
            {move || {
                app.later.track();
                later::here().map(|later| (later.icons)())
            }}
            {update_note(app)}
            {move || {
                // Texts are no signals: in another language the views are made anew.
                app.language.track();
                if signed_in.get() { chat(app) } else { connect_form(app) }
            }}
            {announcer(app)}
        </div>
    }
}

/// The root of the document shows what was set. Were it the page's own element, the style sheet would
/// ask the root for it with `:has()`, which looks through everything whenever anything changes.
fn wear(settings: &Settings) {
    if let Some(root) = document().document_element() {
        set(&root, "data-theme", settings.theme.name());
        set(&root, "data-density", settings.density.name());
        set(&root, "data-text-size", settings.text_size.name());
    }
}

fn chat(app: App) -> View {
    on_key(move |event| shortcuts::hear(app, &event));
    let pane = move || {
        if app.open.with(Option::is_some) {
            "conversation"
        } else {
            "list"
        }
    };
    view! {
        {skip(FILTER, strings::shell::skip_to_list())}
        {skip("messages", strings::shell::skip_to_messages())}
        {skip("message", strings::common::skip_to_composer())}
        {banner(app)}
        {storage_warning(app)}
        {demo_note(app)}
        <div class="chat" data-pane=pane class:with-frames=move || app.frames.open.get()>
            <main class="panes">
                <h1 class="quiet">{strings::PRODUCT}</h1>
                {sidebar(app)}
                {conversation(app)}
            </main>
            {later::once(app, move || app.frames.open.get(), move |later| (later.inspector)(app))}
        </div>
        {later::once(app, move || app.emoji.picking.with(Option::is_some), move |later| (later.emoji_picker)(app))}
        {later::once(app, move || app.dialog.with(Option::is_some), move |later| (later.dialogs)(app))}
    }
}

/// A link past everything before the element `id`. The address stays: it says where one is.
fn skip(id: &'static str, label: &'static str) -> View {
    let go = move |event: ev::MouseEvent| {
        event.prevent_default();
        let target = document().get_element_by_id(id);
        let target = target.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(target) = target {
            let _ = target.focus();
        }
    };
    view! { <a class="skip" href=strings::join(&["#", id]) on:click=go>{label}</a> }
}
