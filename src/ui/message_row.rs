//! One message. Its text becomes nodes, never HTML, whatever it holds.

use leptos::prelude::*;
use switchboard_client::{ItemState, Sender};

use super::avatar::avatar;
use super::icon::icon;
use super::rich_text::rich_text;
use crate::state::{App, Key, Row};
use crate::strings::chat as text;

/// The row of the message `key`, with the day above it where one begins.
pub(super) fn message_row(app: App, key: &Key) -> AnyView {
    let Some(row) = app.timeline.get(key) else {
        return ().into_any();
    };
    let row = RwSignal::from(row);
    // A message keeps its id, sender and text; its state, time and neighbours change.
    let Row { item, .. } = row.get_untracked();
    let mine = item.from == Sender::Me;
    let name = text::sender(&item.from);
    let state = Memo::new(move |_| row.with(|row| row.item.state));
    let failed = move || matches!(state.get(), ItemState::Failed(_));
    let uncertain = move || failed() || state.get() == ItemState::Unconfirmed;
    let words = Signal::derive(move || row.with(|row| row.item.text.clone()));
    let day = move || row.with(|row| row.day.clone().unwrap_or_default());
    let id = String::from(&**key);
    let actions = mine.then(|| {
        // An unconfirmed one may be in the log already: it cannot be taken back, only copied.
        let button = |act: &'static str, label: &'static str| {
            let hidden = move || act != "copy" && !failed();
            view! {
                <button class="button small" type="button" data-act=act data-id=id.clone() hidden=hidden>
                    {label}
                </button>
            }
        };
        view! {
            <span class="message-actions" hidden=move || !uncertain()>
                {button("retry", text::retry())}
                {button("copy", text::copy())}
                {button("discard", text::discard())}
            </span>
        }
    });
    let mark = mine.then(|| {
        view! {
            <span class="mark-state" data-state=move || mark_name(state.get())>
                {move || icon(mark_name(state.get()))}
                <span class="mark-text">{move || text::state(state.get())}</span>
            </span>
        }
    });
    view! {
        <li
            class="message" class:mine=mine
            class:opens=move || row.with(|row| row.opens_group)
            class:failed=failed
        >
            <p class="day" hidden=move || row.with(|row| row.day.is_none())><span>{day}</span></p>
            <div class="message-body">
                <span class="message-avatar">{(!mine).then(|| avatar(&name))}</span>
                <p class="message-head">
                    <bdi class="message-name">{name}</bdi>
                    " "
                </p>
                <div class="bubble" dir="auto">
                    <div class="message-text rich" use:rich_text=words></div>
                    " "
                    <span class="message-foot" dir="ltr">
                        <span class="message-time">
                            {move || row.with(|row| (app.services.time)(row.item.at))}
                        </span>
                        {mark}
                    </span>
                </div>
                {actions}
            </div>
        </li>
    }
    .into_any()
}

/// The icon and style of a state.
fn mark_name(state: ItemState) -> &'static str {
    match state {
        ItemState::Received => "none",
        ItemState::Waiting | ItemState::Sending => "clock",
        ItemState::Unconfirmed => "question",
        ItemState::Sent { reached: 0, .. } | ItemState::Sent { of: 0, .. } => "check",
        ItemState::Sent { .. } => "checks",
        ItemState::HandedOver => "handed",
        ItemState::Failed(_) => "alert",
    }
}
