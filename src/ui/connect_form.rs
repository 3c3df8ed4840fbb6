//! The connect form: who, where, and which kind of system.

use leptos::ev;
use leptos::prelude::*;
use switchboard_protocol::Profile;
use switchboard_protocol::profile::PROFILES;

use crate::signal::{Memo, RwSignal, Signal, effect};
use crate::state::connect::{Problems, check};
use crate::state::{App, Intent};
use crate::strings;
use crate::strings::connect as text;
use crate::view::{NodeRef, View, view};

/// The form. It checks everything before it asks to connect.
pub fn connect_form(app: App) -> View {
    let form = app.connect;
    let problems = RwSignal::new(Problems::default());
    let user = NodeRef::<web_sys::HtmlInputElement>::new();
    let url = NodeRef::<web_sys::HtmlInputElement>::new();
    let query = NodeRef::<web_sys::HtmlTextAreaElement>::new();
    let advanced = NodeRef::<web_sys::HtmlDetailsElement>::new();
    let choice = NodeRef::<web_sys::HtmlSelectElement>::new();

    // The fields are the person's: they are read as they change, and written only where new
    // defaults arrive (`config.json` comes after the first paint).
    let read = move || {
        let value = |input: NodeRef<web_sys::HtmlInputElement>| {
            input
                .get_untracked()
                .map(|input| input.value())
                .unwrap_or_default()
        };
        form.update_untracked(|form| {
            form.user = value(user);
            form.url = value(url);
            form.query = query
                .get_untracked()
                .map(|area| area.value())
                .unwrap_or_default();
        });
    };
    effect(move || {
        form.with(|form| {
            if let Some(user) = user.get() {
                user.set_value(&form.user);
            }
            if let Some(url) = url.get() {
                url.set_value(&form.url);
            }
            if let Some(query) = query.get() {
                query.set_value(&form.query);
            }
            if let Some(profile) = choice.get() {
                profile.set_value(form.profile.id);
            }
        });
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        read();
        match form.with_untracked(check) {
            Ok(request) => {
                problems.set(Problems::default());
                app.ask(Intent::Connect(Box::new(request)));
            }
            Err(found) => {
                let first = (found.user.is_some(), found.url.is_some());
                let in_advanced = found.query.is_some();
                problems.set(found);
                // Focusing is best effort: without it the errors are still described.
                let _ = match first {
                    (true, _) => user.get_untracked().map(|input| input.focus()),
                    (_, true) => url.get_untracked().map(|input| input.focus()),
                    _ if in_advanced => {
                        if let Some(details) = advanced.get_untracked() {
                            details.set_open(true);
                        }
                        query.get_untracked().map(|area| area.focus())
                    }
                    _ => None,
                };
            }
        }
    };
    let profile = Memo::new(move |_| form.with(|form| form.profile.id));
    let current = move || Profile::named(profile.get()).unwrap_or(Profile::own());
    let named = move || current().identity.is_some();
    let choose = move |event: ev::Event| {
        if let Some(profile) = Profile::named(&event_target_value(&event)) {
            form.update(|form| form.profile = profile);
            problems.set(Problems::default());
        }
    };
    let open_at_start = form.with_untracked(|form| !form.query.is_empty());

    let user_error = Signal::derive(move || {
        problems.with(|problems| {
            problems
                .user
                .map(text::user_error)
                .unwrap_or_default()
                .to_owned()
        })
    });
    let url_error = Signal::derive(move || {
        problems.with(|problems| {
            problems
                .url
                .map(text::url_error)
                .unwrap_or_default()
                .to_owned()
        })
    });
    let query_error = Signal::derive(move || {
        problems.with(|problems| problems.query.map(text::query_error).unwrap_or_default())
    });

    view! {
        <main class="connect">
            <form class="card" novalidate on:submit=submit on:input=move |_| read()>
                <header class="card-head">
                    <span class="mark" aria-hidden="true">{super::icon::icon("mark")}</span>
                    <div>
                        <h1>{strings::PRODUCT}</h1>
                        <p class="soft">{text::lead()}</p>
                    </div>
                </header>
                <div class="offer">
                    <button class="button primary wide" type="button" on:click=move |_| { read(); app.open_demo() }>
                        {super::icon::icon("plug")}{strings::demo::open()}
                    </button>
                    <p class="help">{strings::demo::help()}</p>
                </div>
                <p class="or" aria-hidden="true">{strings::demo::or()}</p>
                <p class="callout danger" role="alert" hidden=move || form.with(|form| form.error.is_none())>
                    {move || form.with(|form| form.error.clone().unwrap_or_default())}
                </p>
                <div class="field">
                    <label for="user">
                        {move || if named() { text::user() } else { text::name() }}
                    </label>
                    <input
                        node_ref=user id="user" name="user" dir="auto"
                        autocomplete="username" autocapitalize="none" spellcheck="false"
                        aria-describedby="user-error user-help"
                        aria-invalid=invalid(user_error)
                        aria-required=move || if named() { "true" } else { "false" }
                    />
                    {error_line("user-error", user_error)}
                    <p class="help" id="user-help">
                        {move || if named() { text::user_help() } else { text::name_help() }}
                    </p>
                </div>
                <div class="field">
                    <label for="url">{text::url()}</label>
                    <input
                        node_ref=url id="url" name="url" dir="ltr" inputmode="url"
                        autocomplete="url" autocapitalize="none" spellcheck="false"
                        aria-describedby="url-error url-help" aria-required="true"
                        aria-invalid=invalid(url_error)
                    />
                    {error_line("url-error", url_error)}
                    <p class="help" id="url-help">{text::url_help()}</p>
                </div>
                <div class="field">
                    <label for="profile">{text::profile()}</label>
                    <select node_ref=choice id="profile" name="profile" aria-describedby="profile-help" on:change=choose>
                        {PROFILES
                            .iter()
                            .map(|profile| {
                                view! {
                                    <option value=profile.id>
                                        {text::profile_name(profile)}
                                    </option>
                                }
                            })
                            .collect::<Vec<_>>()}
                    </select>
                    <p class="help" id="profile-help">{move || text::profile_help(current())}</p>
                </div>
                <details class="advanced" node_ref=advanced open=open_at_start>
                    <summary>{super::icon::icon("chevron")}{text::advanced()}</summary>
                    <div class="field">
                        <label for="query">{text::query()}</label>
                        <textarea
                            node_ref=query id="query" name="query" rows="3" dir="ltr"
                            autocomplete="off" autocapitalize="none" spellcheck="false"
                            aria-describedby="query-error query-help"
                            aria-invalid=invalid(query_error)
                        ></textarea>
                        {error_line("query-error", query_error)}
                        <p class="help" id="query-help">{text::query_help()}</p>
                    </div>
                </details>
                <button class="button primary wide" type="submit">{text::submit()}</button>
                <p class="help note" hidden=move || !named()>{text::identity()}</p>
            </form>
            {super::language_choice::language_choice(app)}
        </main>
    }
}

/// `aria-invalid` of a field with this error.
fn invalid(error: Signal<String>) -> impl Fn() -> &'static str + Copy {
    move || {
        if error.with(String::is_empty) {
            "false"
        } else {
            "true"
        }
    }
}

/// The line below a field that says what is wrong with it.
fn error_line(id: &'static str, error: Signal<String>) -> View {
    view! { <p class="error" id=id hidden=move || error.with(String::is_empty)>{error}</p> }
}
