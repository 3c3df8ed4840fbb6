//! Every component in every state, on one page at `#/gallery`: the real components, on made-up
//! state. In development builds only, so its own words are plain English.

mod basics;
mod panes;
mod states;
mod story;

use switchboard_client::{CloseInfo, Phase, ReadyState, Status, Stop};

use super::connect_form::connect_form;
use super::dialogs::content;
use super::inspector::inspector_panel;
use super::notes::{demo_note, update_note};
use super::palette::palette;
use super::status::{banner, quiet_chip, status_chip, storage_warning};
use super::{new_message, settings};
use crate::state::connect::ConnectDefaults;
use crate::state::dialog::Dialog;
use crate::state::outage::Truth;
use crate::state::{App, Services};
use crate::view::{View, view};

/// The page. It asks no driver for anything.
pub fn gallery(services: Services) -> View {
    view! {
        // Here, so that the release's style sheet is without it.
        <style>{include_str!("../../style/gallery.css")}</style>
        {super::icon::later()}
        <div class="page gallery">
            <main>
                <h1>"Gallery"</h1>
                {part("basics", basics::all())}
                {part("connection", view! {
                    {connection(services)}
                    {notes(services)}
                })}
                {part("panes", panes::all(services))}
                {part("composer", view! {
                    {panes::composers(services)}
                    {panes::over(services)}
                })}
                {part("dialogs", dialogs(services))}
                {part("dialogs-otherwise", dialogs_otherwise(services))}
                {part("forms", view! {
                    {specimen("Connect", App::new(story::form(), services), "tall", connect_form)}
                    {specimen("Connect, told of a problem", broken_form(services), "tall", connect_form)}
                    {specimen("Frames", states::with_frames(services), "tall", inspector_panel)}
                })}
            </main>
        </div>
    }
}

/// What a picture is taken of by itself: a picture of all of it would be too tall for its format.
fn part(name: &'static str, what: View) -> View {
    view! { <section data-part=name>{what}</section> }
}

/// A component on a state of its own, under its name.
fn specimen(
    name: &'static str,
    app: App,
    class: &'static str,
    what: impl FnOnce(App) -> View,
) -> View {
    view! {
        <section class="specimen">
            <h2>{name}</h2>
            <div class=class>{what(app)}</div>
        </section>
    }
}

/// The chip and the banner in every phase.
fn connection(services: Services) -> View {
    let now = (services.now)().mono;
    let stopped = |stop| (Phase::Stopped(stop), ReadyState::Closed);
    let phases = [
        ("Ticket", (Phase::Ticket, ReadyState::Closed)),
        ("Connecting", (Phase::Connecting, ReadyState::Connecting)),
        ("Greeting", (Phase::Greeting, ReadyState::Open)),
        ("Up", (Phase::Up, ReadyState::Open)),
        ("Closing", (Phase::Closing, ReadyState::Closing)),
        (
            "Waiting",
            (
                Phase::Waiting {
                    retry_at: now + 8_000,
                },
                ReadyState::Closed,
            ),
        ),
        ("Stopped: URL", stopped(Stop::BadUrl)),
        ("Stopped: sign in", stopped(Stop::SignIn)),
        ("Stopped: forbidden", stopped(Stop::Forbidden)),
        ("Stopped: replaced", stopped(Stop::Replaced)),
        ("Stopped: outdated", stopped(Stop::Outdated)),
        ("Stopped: protocol", stopped(Stop::Protocol)),
    ];
    let mut all: Vec<View> = phases
        .into_iter()
        .map(|(name, (phase, ready_state))| {
            let app = story::app(services);
            let is_down = matches!(phase, Phase::Waiting { .. } | Phase::Stopped(_));
            app.set_status(Status {
                phase,
                ready_state,
                last_close: is_down.then(|| {
                    (
                        CloseInfo {
                            code: 1006,
                            ..CloseInfo::default()
                        },
                        story::NOW,
                    )
                }),
                attempt: 3,
                waiting: 2,
                ..Status::default()
            });
            // For long enough to be mentioned.
            app.judge(now + 2_000);
            app.now.set(now);
            specimen(name, app, "", |app| {
                view! {
                    {status_chip(app)}
                    {banner(app)}
                }
            })
        })
        .collect();
    let warned = story::app(services);
    warned
        .warning
        .set("This browser keeps nothing: what waits to be sent is gone with the page.".to_owned());
    all.push(specimen("Storage", warned, "", storage_warning));
    view! { <div class="specimens">{all}</div> }
}

/// What comes over the page, and beside a conversation's name.
fn notes(services: Services) -> View {
    let truths = [
        ("Interrupted", Truth::Quiet),
        (
            "Back",
            Truth::Back {
                sent: 3,
                caught_up: 12,
            },
        ),
    ];
    let chips = truths.map(|(name, truth)| {
        let app = story::app(services);
        app.voice.truth.set(truth);
        specimen(name, app, "", quiet_chip)
    });
    let updated = story::app(services);
    updated.update.set(true);
    view! {
        <div class="specimens">
            {specimen("Demo", states::demo(services), "", demo_note)}
            {specimen("A newer build", updated, "", update_note)}
            {chips.into_iter().collect::<Vec<_>>()}
        </div>
    }
}

/// The dialogs' contents in frames that are not modal.
fn dialogs(services: Services) -> View {
    let all = [
        ("New message", Dialog::NewMessage),
        ("Palette", Dialog::Palette),
        ("Shortcuts", Dialog::Shortcuts),
        ("Settings", Dialog::Settings),
        ("Search", Dialog::Search),
        ("Export", Dialog::Export(story::group())),
        ("Details", Dialog::Details(story::id("m4"))),
        ("Delete", Dialog::Delete(story::id("m4"))),
    ];
    let all = all.map(|(name, dialog)| shown_in_dialog(name, story::app(services), dialog));
    view! { <div class="specimens">{all}</div> }
}

fn shown_in_dialog(name: &'static str, app: App, dialog: Dialog) -> View {
    specimen(name, app, "dialog", move |app| content(app, dialog))
}

/// The same in the states that a person brings them to.
fn dialogs_otherwise(services: Services) -> View {
    let app = || story::app(services);
    let unsent = |name: &'static str, volatile| {
        shown_in_dialog(name, states::unsent(services, volatile), Dialog::SignOut)
    };
    let mut all = vec![
        shown_in_dialog(
            "Details of somebody else’s",
            states::of_others(services),
            Dialog::Details(story::id("m9")),
        ),
        unsent("Sign out", 0),
        unsent("Sign out, where nothing is kept", 2),
    ];
    all.push(specimen(
        "New message, with people and a mistake",
        app(),
        "dialog",
        new_message::sample,
    ));
    all.push(specimen("Palette, asked", app(), "dialog", |app| {
        palette(app, "ma".to_owned())
    }));
    all.push(specimen("Search, with hits", app(), "dialog", |app| {
        let view = content(app, Dialog::Search);
        states::found(app.search);
        view
    }));
    all.push(specimen("Search, without", app(), "dialog", |app| {
        let view = content(app, Dialog::Search);
        app.search.words.set(vec!["nowhere".to_owned()]);
        view
    }));
    all.push(specimen(
        "Settings, before all is erased",
        states::denied(services),
        "dialog",
        // A form of its own, as its choices would be the other settings' too.
        |app| view! { <form>{settings::settings(app, true)}</form> },
    ));
    view! { <div class="specimens">{all}</div> }
}

fn broken_form(services: Services) -> App {
    App::new(
        ConnectDefaults {
            error: Some(
                "config.json could not be read: the built-in defaults are used.".to_owned(),
            ),
            ..story::form()
        },
        services,
    )
}
