//! A conversation and a person, as the sidebar shows them.

use switchboard_protocol::ConversationId;

use super::super::avatar::avatar;
use super::super::icon::icon;
use super::menu::more;
use crate::signal::{Memo, RwSignal, Signal, StoredValue};
use crate::state::{App, ConversationRow, Key};
use crate::strings::{chat, shell as text};
use crate::view::{View, view};

/// A conversation's name.
pub(in super::super) fn conversation_name(app: App, key: &Key) -> String {
    ConversationId::try_from(&**key)
        .map(|id| chat::title(app.profile(), &id, &app.others(&id)))
        .unwrap_or_default()
}

/// A conversation's picture: of the other, or of several.
pub(in super::super) fn conversation_picture(app: App, key: &Key) -> View {
    let others = ConversationId::try_from(&**key)
        .map(|id| app.others(&id))
        .unwrap_or_default();
    match &others[..] {
        [other] => avatar(other.as_str()),
        [] if &**key != ConversationId::lobby().as_str() => {
            avatar(&app.me().map(String::from).unwrap_or_default())
        }
        _ => view! { <span class="avatar group" aria-hidden="true">{icon("people")}</span> },
    }
}

/// When something was said, the nearer the more exactly.
fn when(app: App, at: u64) -> String {
    match (at, app.days_ago(at)) {
        (0, _) => String::new(),
        (_, 0) => (app.services.time)(at),
        (_, 1) => text::yesterday().to_owned(),
        (_, 2..=6) => (app.services.weekday)(at),
        _ => (app.services.date)(at),
    }
}

/// A conversation.
pub(super) fn conversation_row(app: App, key: &Key) -> View {
    let (Some(row), Ok(id)) = (app.conversations.get(key), ConversationId::try_from(&**key)) else {
        return View::default();
    };
    let row = RwSignal::from(row);
    let id = StoredValue::new(id);
    let alone = id.with_value(|id| app.others(id).len() == 1);
    let current = Memo::new(move |_| {
        let open = |id: &ConversationId| app.open.with(|open| open.as_ref() == Some(id));
        id.with_value(open)
    });
    let of = move |get: fn(&ConversationRow) -> bool| Signal::derive(move || row.with(get));
    let (pinned, muted) = (of(|row| row.mark.pinned), of(|row| row.mark.muted));
    // What happens there now, what the person began to write, or what was said last.
    let line = Memo::new(move |_| {
        let (typing, draft) = id.with_value(|id| (app.typing.people(id), app.drafts.line(id)));
        if !typing.is_empty() {
            return ("typing", text::typing(&typing));
        }
        if !draft.is_empty() && !current.get() {
            return ("draft", text::draft_line(&draft));
        }
        row.with(|row| {
            let last = row.summary.last.as_ref();
            let last = last.map(|(from, line)| chat::last_line(from, line, alone));
            ("last", last.unwrap_or_default())
        })
    });
    let count = |get: fn(&ConversationRow) -> usize| Signal::derive(move || row.with(get));
    let badge = |class: &'static str, count: Signal<usize>, spoken: fn(usize) -> String| {
        view! {
            <span class=class class:muted=muted hidden=move || count.get() == 0>
                <span aria-hidden="true">{move || crate::strings::number(count.get())}</span>
                <span class="quiet">{move || spoken(count.get())}</span>
            </span>
        }
    };
    let sign = |name: &'static str, shown: Signal<bool>, spoken: &'static str| {
        view! {
            <span class="row-sign" hidden=move || !shown.get()>
                {icon(name)}<span class="quiet">{spoken}</span>
            </span>
        }
    };
    let mentions = count(|row| row.summary.mentions);
    view! {
        <li class="row-holder">
            <button
                class="row" type="button" tabindex="-1" data-rove=""
                aria-current=move || if current.get() { "true" } else { "false" }
                on:click=move |_| app.open_conversation(id.get_value())
            >
                {conversation_picture(app, key)}
                <span class="row-name"><bdi>{conversation_name(app, key)}</bdi></span>
                <span class="row-time">{move || when(app, row.with(|row| row.summary.last_at))}</span>
                <span class="row-last" data-kind=move || line.with(|line| line.0)>
                    <bdi>{move || line.with(|line| line.1.clone())}</bdi>
                </span>
                <span class="row-marks">
                    {sign("pin", pinned, text::pinned())}
                    {sign("mute", muted, text::muted())}
                    {badge("badge danger", count(|row| row.summary.failed), chat::failed)}
                    {badge("badge soft", count(|row| row.summary.waiting), chat::waiting)}
                    <span class="badge" hidden=move || mentions.get() == 0>
                        <span aria-hidden="true">"@"</span>
                        <span class="quiet">{move || text::mentions(mentions.get())}</span>
                    </span>
                    {badge("badge", count(|row| row.summary.unread), chat::unread)}
                </span>
            </button>
            {more(app, "row-more", Signal::derive(move || Some(id.get_value())))}
        </li>
    }
}

/// A person.
pub(super) fn person_row(app: App, key: &Key) -> View {
    let Some(online) = app.shell.people.get(key) else {
        return View::default();
    };
    let online = RwSignal::from(online);
    let person = key.clone();
    view! {
        <li>
            <button
                class="row person" type="button" tabindex="-1" data-rove=""
                class:offline=move || !online.get()
                on:click=move |_| {
                    app.open_person(&person);
                }
            >
                {avatar(key)}
                <span class="row-name"><bdi>{String::from(&**key)}</bdi></span>
                <span class="quiet" hidden=online>{text::offline()}</span>
                <span class="presence" aria-hidden="true"></span>
            </button>
        </li>
    }
}
