//! To whom? One, several or everyone: ticked among the people online, or typed.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::{ev, html};
use switchboard_protocol::profile::Recipients;
use switchboard_protocol::{ConversationId, UserId};

use super::avatar::avatar;
use super::dialogs::{close_now, head};
use super::icon::icon;
use super::list::{List, MakeRow};
use crate::state::{App, Key, recipients};
use crate::strings::chat as text;

/// What stands in the dialog.
pub(super) fn new_message(app: App) -> AnyView {
    let profile = app.profile();
    let chosen = RwSignal::new(Vec::<Key>::new());
    let error = RwSignal::new(String::new());
    let field = NodeRef::<html::Input>::new();
    let single = profile.recipients == Recipients::Connection;

    // Takes what was typed; whether all of it was ids.
    let add = move || -> bool {
        let Some(field) = field.get_untracked() else {
            return true;
        };
        let typed = recipients::read(&field.value());
        if let Some((what, why)) = typed.bad {
            error.set(text::recipients_error(Some(&what), why));
            // Focusing is best effort.
            let _ = field.focus();
            return false;
        }
        error.set(String::new());
        field.set_value("");
        chosen.update(|chosen| {
            for id in typed.ids {
                if single {
                    chosen.clear();
                }
                let key = Key::from(id.as_str());
                if !chosen.contains(&key) {
                    chosen.push(key);
                }
            }
        });
        true
    };
    let start = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !add() {
            return;
        }
        let people: Vec<UserId> = chosen.with_untracked(|chosen| {
            chosen
                .iter()
                .filter_map(|key| UserId::try_from(&**key).ok())
                .collect()
        });
        let Some(me) = app.me() else { return };
        match recipients::conversation(&me, &people) {
            Ok(conversation) => {
                close_now(app);
                app.open_conversation(conversation);
                super::composer::focus();
            }
            Err(why) => error.set(text::recipients_error(None, why)),
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        let typed = !event_target_value(&event).trim().is_empty();
        // Enter adds what was typed, and starts once nothing more is.
        if typed && event.key() == "Enter" && !event.is_composing() && event.key_code() != 229 {
            event.prevent_default();
            add();
        }
    };
    let toggle = move |key: &Key| {
        error.set(String::new());
        chosen.update(
            |chosen| match chosen.iter().position(|other| other == key) {
                Some(place) => {
                    chosen.remove(place);
                }
                None => chosen.push(key.clone()),
            },
        );
    };
    let chip: MakeRow = Arc::new(move |key| {
        let name = String::from(&*key);
        let label = text::remove(&name);
        view! {
            <li class="chip">
                <bdi>{name}</bdi>
                <button class="chip-remove" type="button" aria-label=label on:click=move |_| toggle(&key)>
                    {icon("close")}
                </button>
            </li>
        }
        .into_any()
    });
    let person: MakeRow = Arc::new(move |key| {
        let ticked = {
            let key = key.clone();
            move || chosen.with(|chosen| chosen.contains(&key))
        };
        let name = String::from(&*key);
        view! {
            <li>
                <label class="row person">
                    <input type="checkbox" prop:checked=ticked on:change={
                        let key = key.clone();
                        move |_| toggle(&key)
                    } />
                    {avatar(&key)}
                    <span class="row-name"><bdi>{name}</bdi></span>
                </label>
            </li>
        }
        .into_any()
    });
    let lobby = profile.recipients == Recipients::UsersAndLobby;
    let hint = text::no_presence(profile);
    view! {
        <form novalidate on:submit=start>
            {head(app, text::to_whom())}
                <div class="field">
                    <label for="ids">{text::id_label(profile)}</label>
                    <ul class="chips" aria-label=text::to_whom() hidden=move || chosen.with(Vec::is_empty)>
                        <List keys=chosen row=chip />
                    </ul>
                    <div class="with-button">
                        <input
                            node_ref=field id="ids" dir="auto" autocomplete="off" autocapitalize="none"
                            spellcheck="false" aria-describedby="ids-error ids-help"
                            aria-invalid=move || if error.with(String::is_empty) { "false" } else { "true" }
                            on:keydown=keys
                        />
                        <button class="button" type="button" on:click=move |_| { add(); }>{text::add()}</button>
                    </div>
                    <p class="error" id="ids-error" role="alert">{error}</p>
                    <p class="help" id="ids-help">{text::id_help(profile)}</p>
                </div>
                <div class="dialog-list" hidden=hint.is_some()>
                    <h3 class="heading" id="ticks">{text::people()}</h3>
                    <ul class="rows" aria-labelledby="ticks">
                        <List keys=app.people row=person />
                    </ul>
                    <p class="hint" hidden=move || !app.people.with(Vec::is_empty)>
                        {move || text::nobody(app.is_up())}
                    </p>
                </div>
                <p class="hint" hidden=hint.is_none()>{hint.unwrap_or_default()}</p>
                <footer class="dialog-foot">
                    <button
                        class="button" type="button" hidden=!lobby title=text::everyone_help()
                        on:click=move |_| {
                            close_now(app);
                            app.open_conversation(ConversationId::lobby());
                            super::composer::focus();
                        }
                    >
                        {icon("people")}{text::everyone()}
                    </button>
                    <button class="button primary push" type="submit">{text::start()}</button>
                </footer>
        </form>
    }
    .into_any()
}
