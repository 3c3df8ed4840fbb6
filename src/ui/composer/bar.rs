//! Above the field: what a reply is about, or that an own message is written anew. And who types.

use switchboard_client::Sender;
use switchboard_protocol::{MessageId, UserId};

use super::Composer;
use crate::format::plain;
use crate::signal::{Memo, StoredValue};
use crate::state::App;
use crate::state::compose::Compose;
use crate::strings::composer as text;
use crate::ui::icon::icon;
use crate::view::{View, view};

/// Characters of the message that are shown; the style sheet cuts at one line.
const CHARS: usize = 160;

/// The bar; hidden where a plain message is written.
pub(crate) fn bar(app: App, composer: StoredValue<Composer>) -> View {
    let compose = app.compose;
    let parts = Memo::new(move |_| {
        // A message that is loaded later is shown as soon as it is there.
        app.timeline.order().track();
        compose.with(|compose| about(app, compose))
    });
    let label = move || {
        let is_edit = compose.with(|compose| matches!(compose, Compose::Edit(_)));
        if is_edit {
            text::cancel_edit()
        } else {
            text::cancel_reply()
        }
    };
    view! {
        <div class="compose-bar" hidden=move || compose.with(|compose| *compose == Compose::New)>
            <span class="compose-icon" data-kind=move || compose.with(kind)>{icon("reply")}{icon("pencil")}</span>
            <p id="compose-about">
                <strong>{move || parts.with(|parts| parts.0.clone())}</strong>
                " "
                <bdi class="soft">{move || parts.with(|parts| parts.1.clone())}</bdi>
            </p>
            <button
                class="button ghost" type="button" title=label aria-label=label
                on:click=move |_| composer.get_value().cancel()
            >
                {icon("close")}
            </button>
        </div>
    }
}

fn kind(compose: &Compose) -> &'static str {
    match compose {
        Compose::New => "new",
        Compose::Reply(_) => "reply",
        Compose::Edit(_) => "edit",
    }
}

/// What is done, and the start of the message it is about.
fn about(app: App, compose: &Compose) -> (String, String) {
    match compose {
        Compose::New => (String::new(), String::new()),
        Compose::Edit(id) => (text::edit().to_owned(), shown(app, id).1),
        Compose::Reply(id) => {
            let (from, start) = shown(app, id);
            let what = match from {
                Some(Sender::Other(user)) => text::reply_to(user.as_str()),
                Some(Sender::Me) => text::reply_to_you().to_owned(),
                Some(Sender::Unknown) | None => text::reply().to_owned(),
            };
            (what, start)
        }
    }
}

fn shown(app: App, id: &MessageId) -> (Option<Sender>, String) {
    let row = app.timeline.get(id.as_str());
    row.map_or((None, String::new()), |row| {
        row.with(|row| {
            let start = plain(&row.item.text).chars().take(CHARS).collect();
            (Some(row.item.from.clone()), start)
        })
    })
}

/// Who is typing in the open conversation. Its line is always there, so that nothing jumps.
pub(super) fn typing(app: App) -> View {
    let who = Memo::new(move |_| {
        let open = app.open.get();
        let people = open.map(|open| app.typing.people(&open));
        let people = people.unwrap_or_default();
        let names: Vec<&str> = people.iter().map(UserId::as_str).collect();
        match names[..] {
            [] => String::new(),
            [one] => text::typing_one(one),
            [one, other] => text::typing_two(one, other),
            [_, _, ..] => text::typing_many().to_owned(),
        }
    });
    view! {
        <p class="typing" data-on=move || if who.with(String::is_empty) { "no" } else { "yes" }>
            <span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>
            <span>{who}</span>
        </p>
    }
}
