//! The sidebar: who one is, the connection, the conversations and the people.

mod lists;
mod menu;
mod row;

use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use switchboard_protocol::UserId;
use wasm_bindgen::JsCast;

use super::avatar::avatar;
use super::dom::is_composing;
use super::icon::icon;
use super::status::status_chip;
use crate::later;
use crate::signal::{Memo, RwSignal, effect};
use crate::state::dialog::Dialog;
use crate::state::{App, Intent};
use crate::strings::{self, chat, shell as text};
use crate::view::{NodeRef, View, view};

pub(crate) use menu::menu;
pub(super) use menu::{act_on, more, mute_label, pin_label};
pub(super) use row::{conversation_name, conversation_picture};

/// The filter's element id, a skip link's target.
pub(super) const FILTER: &str = "filter";

/// The left pane; on a phone the first of two.
pub fn sidebar(app: App) -> View {
    let profile = app.profile();
    let me = app.me().map(String::from).unwrap_or_default();
    let has_people = chat::no_presence(profile).is_none();
    let can_start = can_start(app);
    let theme = move || app.settings.with(|settings| settings.theme);
    let conversations = RwSignal::new(Vec::new());
    let people = RwSignal::new(Vec::new());
    let filter = app.shell.filter;
    let filters = Memo::new(move |_| filter.with(|typed| !typed.trim().is_empty()));
    let typed = move || filter.with(|typed| typed.trim().to_owned());
    let nobody = move || has_people && (filters.get() || !app.people.with(Vec::is_empty));
    let nothing = move || {
        !filters.get()
            || !conversations.with(Vec::is_empty)
            || has_people && !people.with(Vec::is_empty)
    };
    // An id that is no row yet.
    let stranger = Memo::new(move |_| {
        let typed = typed();
        let known = |it: &str| {
            app.shell.people.get(it).is_some() || app.me().is_some_and(|me| me.as_str() == it)
        };
        can_start && filters.get() && UserId::try_from(typed.as_str()).is_ok() && !known(&typed)
    });
    view! {
        <nav class="sidebar" aria-label=chat::sidebar()>
            <header class="sidebar-head">
                {avatar(&me)}
                <div class="who">
                    <p class="who-name"><bdi>{me}</bdi></p>
                    {status_chip(app)}
                </div>
                <button
                    class="button ghost" type="button" title=chat::notify() aria-label=chat::notify()
                    hidden=move || !app.can_ask_to_notify.get()
                    on:click=move |_| app.ask(Intent::Notify)
                >
                    {icon("bell")}
                </button>
            </header>
            <div class="sidebar-find">
                {filter_field(app)}
                <button
                    class="button ghost compose" type="button" hidden=!can_start
                    title=chat::new() aria-label=chat::new()
                    on:click=move |_| app.show_dialog(Dialog::NewMessage)
                >
                    {icon("compose")}
                </button>
            </div>
            <div class="sidebar-lists">
                <h2 class="heading" id="conversations">{chat::conversations()}</h2>
                {lists::rows(
                    app,
                    app.conversations.order(),
                    "conversations",
                    conversations,
                    conversation_name,
                    Rc::new(move |key| row::conversation_row(app, &key)),
                )}
                <h2 class="heading" id="people">{text::people()}</h2>
                <div hidden=!has_people>
                    {lists::rows(
                        app,
                        app.shell.people.order(),
                        "people",
                        people,
                        |_, key| String::from(&**key),
                        Rc::new(move |key| row::person_row(app, &key)),
                    )}
                </div>
                <p class="hint" hidden=nobody>
                    {move || chat::no_presence(profile).unwrap_or_else(|| chat::nobody(app.is_up()))}
                </p>
                <p class="hint" role="status" hidden=nothing>{text::nothing_found()}</p>
                <div class="sidebar-more" hidden=move || !filters.get()>
                    <button
                        class="row plain" type="button" hidden=move || !stranger.get()
                        on:click=move |_| {
                            if app.open_person(&typed()) {
                                filter.set(String::new());
                                super::composer::focus();
                            }
                        }
                    >
                        {icon("compose")}<span>{move || text::message_to(&typed())}</span>
                    </button>
                    <button
                        class="row plain" type="button"
                        on:click=move |_| app.search_for(typed())
                    >
                        {icon("search")}<span>{move || text::search_messages(&typed())}</span>
                    </button>
                </div>
            </div>
            <footer class="sidebar-foot">
                <button
                    class="button ghost" type="button" title=text::settings()
                    aria-label=text::settings()
                    on:click=move |_| app.show_dialog(Dialog::Settings)
                >
                    {icon("settings")}
                </button>
                <button
                    class="button ghost" type="button" title=move || chat::theme(theme())
                    aria-label=move || chat::theme(theme())
                    on:click=move |_| next_theme(app)
                >
                    {icon("theme")}
                </button>
                <button
                    class="button ghost frames-toggle" type="button" title=strings::frames::toggle()
                    aria-label=strings::frames::toggle() aria-keyshortcuts="F8"
                    aria-expanded=move || if app.frames.open.get() { "true" } else { "false" }
                    on:click=move |_| app.frames.toggle()
                >
                    {icon("frames")}
                </button>
                <button
                    class="button ghost push" type="button"
                    on:click=move |_| super::sign_out::sign_out(app)
                >
                    {icon("leave")}{chat::sign_out()}
                </button>
            </footer>
            {later::once(app, move || app.shell.menu.with(Option::is_some), move |later| (later.conversation_menu)(app))}
        </nav>
    }
}

/// The field that filters both lists.
fn filter_field(app: App) -> View {
    let field = NodeRef::<web_sys::HtmlInputElement>::new();
    let filter = app.shell.filter;
    let keys = move |event: ev::KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                if filter.with_untracked(String::is_empty) {
                    super::composer::focus();
                }
                filter.set(String::new());
            }
            "ArrowDown" => {
                event.prevent_default();
                focus_row();
            }
            "Enter" => {
                event.prevent_default();
                if let Some(first) = first_row() {
                    first.click();
                    filter.set(String::new());
                    super::composer::focus();
                }
            }
            _ => {}
        }
    };
    // Written only when it was changed elsewhere: an input method may be composing.
    effect(move || {
        let typed = filter.get();
        if let Some(field) = field.get()
            && field.value() != typed
        {
            field.set_value(&typed);
        }
    });
    view! {
        <input
            class="filter" type="search" id=FILTER node_ref=field dir="auto" autocomplete="off"
            autocapitalize="none" spellcheck="false" enterkeyhint="go"
            aria-label=text::filter() placeholder=text::find()
            on:input=move |event| filter.set(event_target_value(&event))
            on:keydown=keys
        />
    }
}

/// The first thing in the lists that can be pressed.
fn first_row() -> Option<web_sys::HtmlElement> {
    let row = document()
        .query_selector(".sidebar-lists .row:not([hidden])")
        .ok()??;
    row.dyn_into().ok()
}

/// Puts the focus into the lists, where Tab would.
pub(super) fn focus_row() -> bool {
    let here = document()
        .query_selector(".sidebar-lists .row[tabindex='0']")
        .ok()
        .flatten();
    let row = here.and_then(|row| row.dyn_into().ok()).or_else(first_row);
    row.is_some_and(|row: web_sys::HtmlElement| row.focus().is_ok())
}

/// The theme after this one.
pub(super) fn next_theme(app: App) {
    app.settings
        .update(|settings| settings.theme = settings.theme.next());
    app.ask(Intent::Save);
}

/// Whether the profile in use lets a person choose recipients.
#[must_use]
pub(super) fn can_start(app: App) -> bool {
    use switchboard_protocol::profile::Recipients;
    match app.profile().recipients {
        Recipients::UsersAndLobby | Recipients::Users | Recipients::Connection => true,
        Recipients::Everyone | Recipients::Nobody => false,
    }
}
