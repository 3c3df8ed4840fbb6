//! The connection, told truthfully: a quiet chip while it is up, a banner while it is not.

use leptos::ev;
use leptos::prelude::untrack;
use switchboard_client::{Phase, ReadyState, Status, Stop};

use crate::later;
use crate::signal::{Memo, Signal};
use crate::state::outage::Truth;
use crate::state::{App, Intent};
use crate::strings;
use crate::strings::{connect, status as text};
use crate::view::{NodeRef, View, view};

/// How the chip and the banner are coloured.
fn tone(phase: Phase) -> &'static str {
    match phase {
        Phase::Up => "up",
        Phase::Ticket | Phase::Connecting | Phase::Greeting | Phase::Closing => "busy",
        Phase::Waiting { .. } => "down",
        Phase::Stopped(_) | Phase::SignedOut => "stopped",
    }
}

/// The chip in the sidebar's head; it opens to the details.
pub fn status_chip(app: App) -> View {
    let status = app.status;
    let details = NodeRef::<web_sys::HtmlDetailsElement>::new();
    let escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(details) = details.get_untracked()
        {
            details.set_open(false);
        }
    };
    let detail = |label: &'static str, value: Signal<String>| {
        view! { <div><dt>{label}</dt><dd><bdi>{value}</bdi></dd></div> }
    };
    let of = move |read: fn(&Status) -> String| Signal::derive(move || status.with(read));
    let account = move |read: fn(&switchboard_client::Account) -> String| {
        Signal::derive(move || {
            app.account
                .with(|account| account.as_ref().map(read).unwrap_or_default())
        })
    };
    let last_close = Signal::derive(move || {
        status.with(|status| match &status.last_close {
            Some((info, at)) => {
                text::time_and_close(&(app.services.time)(*at), &text::close_of(info))
            }
            None => text::none().to_owned(),
        })
    });
    // In passing a short interruption is not mentioned; opened, the details tell of it.
    let shown = move || {
        if app.voice.is_calm() {
            (ReadyState::Open, Phase::Up)
        } else {
            status.with(|status| (status.ready_state, status.phase))
        }
    };
    // Where no conversation's head says it.
    let word = move || match app.voice.truth.get() {
        Truth::Back { sent, caught_up } if app.open.with(Option::is_none) => {
            strings::announce::back(sent, caught_up)
        }
        _ => text::phase(shown().1).to_owned(),
    };
    view! {
        <details class="status" node_ref=details on:keydown=escape data-tone=move || tone(shown().1)>
            <summary>
                <span class="dot" aria-hidden="true"></span>
                <span class="quiet">{text::details()}" "</span>
                <span class="ready-state">
                    {move || text::ready_state(shown().0)}
                </span>
                " "
                <span class="soft">{word}</span>
                {super::icon::icon("chevron")}
            </summary>
            <dl class="details">
                {detail(
                    text::state(),
                    of(|status| {
                        text::state_and_sentence(text::ready_state(status.ready_state), text::sentence(status))
                    }),
                )}
                {detail(text::endpoint(), account(|account| account.endpoint.clone()))}
                {detail(text::kind(), account(|account| connect::profile_name(account.profile).to_owned()))}
                {detail(
                    text::connection_id(),
                    of(|status| status.connection.clone().unwrap_or_else(|| text::none().to_owned())),
                )}
                {detail(text::last_close(), last_close)}
                {detail(
                    text::waiting_label(),
                    of(|status| {
                        let waiting = text::waiting(status.waiting);
                        if waiting.is_empty() { text::none().to_owned() } else { waiting }
                    }),
                )}
            </dl>
        </details>
    }
}

/// The banner above the messages while they do not flow. Not live: the announcer
/// speaks.
pub fn banner(app: App) -> View {
    let status = app.status;
    let phase = Memo::new(move |_| status.with(|status| status.phase));
    let countdown = move || match phase.get() {
        Phase::Waiting { retry_at } => {
            text::countdown(retry_at.saturating_sub(app.now.get()).div_ceil(1000))
        }
        _ => String::new(),
    };
    let attempts = move || match phase.get() {
        Phase::Waiting { .. } => text::attempts(status.with(|status| status.attempt)),
        _ => String::new(),
    };
    let closed = move || {
        status.with(|status| {
            if !matches!(status.phase, Phase::Waiting { .. } | Phase::Stopped(_)) {
                return String::new();
            }
            // No socket was opened since.
            match (status.ticket_refusal, &status.last_close) {
                (Some(refusal), _) => text::ticket_refused(refusal),
                (None, Some((info, _))) => text::close_of(info),
                (None, None) => String::new(),
            }
        })
    };
    let can_try = move || {
        matches!(
            phase.get(),
            Phase::Waiting { .. }
                | Phase::Stopped(Stop::Replaced | Stop::Forbidden | Stop::Protocol)
        )
    };
    let stop = move || match phase.get() {
        Phase::Stopped(stop) if stop != Stop::Replaced => Some(stop),
        _ => None,
    };
    let mend = move || match stop()? {
        Stop::SignIn => Some(text::sign_in_again()),
        Stop::Outdated => Some(strings::update::reload()),
        _ => Some(strings::chat::sign_out()),
    };
    let mended = move |_| match untrack(stop) {
        Some(Stop::SignIn) => later::then(app, move |later| (later.sign_in)(app)),
        Some(Stop::Outdated) => app.ask(Intent::Reload),
        _ => super::sign_out::sign_out(app),
    };
    view! {
        <section
            class="banner"
            aria-label=text::details()
            data-tone=move || tone(phase.get())
            hidden=move || app.voice.truth.get() != Truth::Loud
        >
            <div class="banner-text">
                <p class="banner-what">
                    <strong>{move || text::ready_state(status.with(|status| status.ready_state))}</strong>
                    " "
                    {move || status.with(text::matter)}
                </p>
                <p class="banner-why">
                    <span class="countdown">{countdown}" "<span class="soft">{attempts}</span></span>
                    <span>{move || status.with(|status| text::waiting(status.waiting))}</span>
                    <span class="soft">{closed}</span>
                </p>
            </div>
            <button
                class="button" type="button" hidden=move || !can_try()
                on:click=move |_| app.ask(Intent::TryNow)
            >
                {text::try_now()}
            </button>
            <button class="button" type="button" hidden=move || stop().is_none() on:click=mended>
                {mend}
            </button>
        </section>
    }
}

/// While an interruption may still be a short one: a word beside the conversation's name. And once
/// a long one is over: what became of what waited.
pub fn quiet_chip(app: App) -> View {
    let truth = app.voice.truth;
    let word = move || match truth.get() {
        Truth::Quiet => text::reconnecting().to_owned(),
        Truth::Back { sent, caught_up } => strings::announce::back(sent, caught_up),
        Truth::First | Truth::Silent | Truth::Loud => String::new(),
    };
    view! {
        <p
            class="quiet-chip" data-tone=move || if truth.get() == Truth::Quiet { "busy" } else { "up" }
            hidden=move || word().is_empty()
        >
            <span class="dot" aria-hidden="true"></span>
            {word}
        </p>
    }
}

/// What the person must know of the browser's storage, until they put it away.
pub fn storage_warning(app: App) -> View {
    let warning = app.warning;
    view! {
        <section
            class="banner" data-tone="busy" aria-label=text::storage()
            hidden=move || warning.with(String::is_empty)
        >
            <p class="banner-text" role="alert">{warning}</p>
            <button
                class="button ghost" type="button" aria-label=strings::common::close()
                on:click=move |_| warning.set(String::new())
            >
                {super::icon::icon("close")}
            </button>
        </section>
    }
}
