//! The sidebar: who one is, the connection, the conversations and the people online.

use std::sync::Arc;

use leptos::prelude::*;
use switchboard_protocol::{ConversationId, UserId};

use super::avatar::avatar;
use super::icon::icon;
use super::list::{List, MakeRow};
use super::status::StatusChip;
use crate::state::dialog::Dialog;
use crate::state::{App, Intent, Key, recipients, use_app};
use crate::strings;
use crate::strings::chat as text;

/// The left pane; on a phone the first of two.
#[component]
pub fn Sidebar() -> impl IntoView {
    let app = use_app();
    let profile = app.profile();
    let me = app.me().map(String::from).unwrap_or_default();
    let conversation: MakeRow = Arc::new(move |key| conversation_row(app, &key));
    let person: MakeRow = Arc::new(move |key| person_row(app, key));
    let people = text::no_presence(profile).is_none();
    let can_start = can_start(app);
    let theme = move || app.settings.with(|settings| settings.theme);
    view! {
        <nav class="sidebar" aria-label=text::sidebar()>
            <header class="sidebar-head">
                {avatar(&me)}
                <div class="who">
                    <p class="who-name"><bdi>{me}</bdi></p>
                    <StatusChip />
                </div>
                <button
                    class="button ghost" type="button" title=text::notify() aria-label=text::notify()
                    hidden=move || !app.can_ask_to_notify.get()
                    on:click=move |_| app.ask(Intent::Notify)
                >
                    {icon("bell")}
                </button>
            </header>
            <button
                class="button wide" type="button" hidden=!can_start
                on:click=move |_| app.show_dialog(Dialog::NewMessage)
            >
                {icon("pencil")}{text::new()}
            </button>
            <div class="sidebar-lists">
                <h2 class="heading" id="conversations">{text::conversations()}</h2>
                <ul class="rows" aria-labelledby="conversations">
                    <List keys=app.conversations.order() row=conversation />
                </ul>
                <h2 class="heading" id="people">{text::people()}</h2>
                <ul class="rows" aria-labelledby="people" hidden=!people>
                    <List keys=app.people row=person />
                </ul>
                <p
                    class="hint"
                    hidden=move || people && !app.people.with(Vec::is_empty)
                >
                    {move || text::no_presence(profile).unwrap_or_else(|| text::nobody(app.is_up()))}
                </p>
            </div>
            <footer class="sidebar-foot">
                <button
                    class="button ghost" type="button" title=move || text::theme(theme())
                    aria-label=move || text::theme(theme())
                    on:click=move |_| {
                        app.settings.update(|settings| settings.theme = settings.theme.next());
                        app.ask(Intent::Save);
                    }
                >
                    {icon("theme")}
                </button>
                <button
                    class="button ghost frames-toggle" type="button" title=strings::frames::toggle()
                    aria-label=strings::frames::toggle() aria-keyshortcuts=strings::frames::KEY
                    aria-expanded=move || if app.frames.open.get() { "true" } else { "false" }
                    on:click=move |_| app.frames.toggle()
                >
                    {icon("frames")}
                </button>
                <button
                    class="button ghost push" type="button"
                    on:click=move |_| super::sign_out::sign_out(app)
                >
                    {icon("leave")}{text::sign_out()}
                </button>
            </footer>
        </nav>
    }
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

fn conversation_row(app: App, key: &Key) -> AnyView {
    let (Some(row), Ok(id)) = (app.conversations.get(key), ConversationId::try_from(&**key)) else {
        return ().into_any();
    };
    let row = RwSignal::from(row);
    let others = app.others(&id);
    let title = text::title(app.profile(), &id, &others);
    let alone = others.len() == 1;
    let picture = if id.is_lobby() || others.len() > 1 {
        view! { <span class="avatar group" aria-hidden="true">{icon("people")}</span> }.into_any()
    } else {
        avatar(&title).into_any()
    };
    let time = move || {
        row.with(|row| match row.summary.last_at {
            0 => String::new(),
            at => (app.services.time)(at),
        })
    };
    let last = move || {
        row.with(|row| {
            let last = row.summary.last.as_ref();
            last.map(|(from, line)| text::last_line(from, line, alone))
                .unwrap_or_default()
        })
    };
    let count =
        |get: fn(&crate::state::ConversationRow) -> usize| Signal::derive(move || row.with(get));
    let badge = |class: &'static str, count: Signal<usize>, spoken: fn(usize) -> String| {
        view! {
            <span class=class hidden=move || count.get() == 0>
                <span aria-hidden="true">{move || strings::number(count.get())}</span>
                <span class="quiet">{move || spoken(count.get())}</span>
            </span>
        }
    };
    let current = {
        let id = id.clone();
        Memo::new(move |_| app.open.with(|open| open.as_ref() == Some(&id)))
    };
    view! {
        <li>
            <button
                class="row" type="button"
                aria-current=move || if current.get() { "true" } else { "false" }
                on:click=move |_| app.open_conversation(id.clone())
            >
                {picture}
                <span class="row-name"><bdi>{title}</bdi></span>
                <span class="row-time">{time}</span>
                <span class="row-last"><bdi>{last}</bdi></span>
                <span class="row-marks">
                    {badge("badge danger", count(|row| row.summary.failed), text::failed)}
                    {badge("badge soft", count(|row| row.summary.waiting), text::waiting)}
                    {badge("badge", count(|row| row.unread), text::unread)}
                </span>
            </button>
        </li>
    }
    .into_any()
}

fn person_row(app: App, key: Key) -> AnyView {
    let open = {
        let key = key.clone();
        move |_| {
            let person = UserId::try_from(&*key).ok();
            if let (Some(me), Some(person)) = (app.me(), person)
                && let Ok(conversation) = recipients::conversation(&me, &[person])
            {
                app.open_conversation(conversation);
            }
        }
    };
    view! {
        <li>
            <button class="row person" type="button" on:click=open>
                {avatar(&key)}
                <span class="row-name"><bdi>{String::from(&*key)}</bdi></span>
                <span class="presence" aria-hidden="true"></span>
            </button>
        </li>
    }
    .into_any()
}
