//! Every component in every state, on one page at `#/gallery`: the real components, on made-up
//! state. In development builds only, so its own words are plain English.

mod basics;
mod story;

use switchboard_client::{CloseInfo, Phase, ReadyState, Status, Stop};

use super::composer::composer;
use super::connect_form::connect_form;
use super::dialogs::content;
use super::emoji_picker;
use super::find_bar::find_bar;
use super::inspector::inspector_panel;
use super::notes::{demo_note, update_note};
use super::sidebar::sidebar;
use super::status::{banner, quiet_chip, status_chip, storage_warning};
use super::timeline::timeline;
use crate::signal::Memo;
use crate::state::compose::Compose;
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
                {basics::all()}
                {connection(services)}
                {notes(services)}
                {specimen("Sidebar", story::app(services), "tall", sidebar)}
                {specimen("Sidebar, with marks", story::marked(services), "tall", sidebar)}
                {specimen("Timeline", story::app(services), "tall", |app| {
                    timeline(app, Memo::new(|_| "Maya, Tomás".to_owned()))
                })}
                {specimen("Timeline, with more above and below", story::midway(services), "tall", |app| {
                    timeline(app, Memo::new(|_| "Maya, Tomás".to_owned()))
                })}
                {composers(services)}
                {specimen("Find", story::finding(services), "", find_bar)}
                {specimen("Emoji", story::app(services), "emoji-picker", |_| emoji_picker::sample())}
                {dialogs(services)}
                {specimen("Connect", App::new(story::form(), services), "tall", connect_form)}
                {specimen("Connect, told of a problem", broken_form(services), "tall", connect_form)}
                {specimen("Frames", story::with_frames(services), "tall", inspector_panel)}
            </main>
        </div>
    }
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
    let stopped = |stop| (Phase::Stopped(stop), ReadyState::Closed);
    let phases = [
        ("Ticket", (Phase::Ticket, ReadyState::Closed)),
        ("Connecting", (Phase::Connecting, ReadyState::Connecting)),
        ("Greeting", (Phase::Greeting, ReadyState::Open)),
        ("Up", (Phase::Up, ReadyState::Open)),
        ("Closing", (Phase::Closing, ReadyState::Closing)),
        (
            "Waiting",
            (Phase::Waiting { retry_at: 4_000 }, ReadyState::Closed),
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
            app.judge((services.now)().mono + 2_000);
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
            {specimen("Demo", story::demo(services), "", demo_note)}
            {specimen("A newer build", updated, "", update_note)}
            {chips.into_iter().collect::<Vec<_>>()}
        </div>
    }
}

fn composers(services: Services) -> View {
    let with = |name: &'static str, change: fn(App)| {
        let app = story::app(services);
        change(app);
        specimen(name, app, "", composer)
    };
    view! {
        <div class="specimens">
            {with("Composer", |_| {})}
            {with("Composer, a draft", |app| story::draft(app, "Can we move it to three?"))}
            {with("Composer, answering", |app| app.compose.set(Compose::Reply(story::id("m3"))))}
            {with("Composer, editing", |app| {
                app.compose.set(Compose::Edit(story::id("m4")));
                story::draft(app, "On it. Connecting from my phone.");
            })}
            {with("Composer, while others type", |app| {
                for who in ["Maya", "Tomás"] {
                    app.typing.heard(&story::group(), &story::user(who), 0);
                }
            })}
            {with("Composer, too long", |app| story::draft(app, &"x".repeat(40_000)))}
        </div>
    }
}

/// The dialogs' contents in frames that are not modal.
fn dialogs(services: Services) -> View {
    let all: Vec<View> = [
        ("New message", Dialog::NewMessage),
        ("Sign out", Dialog::SignOut),
        ("Palette", Dialog::Palette),
        ("Shortcuts", Dialog::Shortcuts),
        ("Settings", Dialog::Settings),
        ("Search", Dialog::Search),
        ("Export", Dialog::Export(story::group())),
        ("Details", Dialog::Details(story::id("m4"))),
        ("Delete", Dialog::Delete(story::id("m4"))),
    ]
    .into_iter()
    .map(|(name, dialog)| {
        let app = story::app(services);
        specimen(name, app, "dialog", move |app| content(app, dialog))
    })
    .collect();
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
