//! What there is to know about a message, and the question before it is deleted.

use switchboard_client::{Item, Kind, Receipt, Sender, Version};
use switchboard_protocol::{MessageId, UserId};

use super::dialogs::head;
use super::rich_text::rich_text;
use crate::format::is_large;
use crate::state::App;
use crate::strings::{chat as text, join, timeline as words};
use crate::view::{View, view};

/// The message as it is now; `None` once it is gone.
fn item(app: App, id: &MessageId) -> Option<Item> {
    let row = app.timeline.get(id.as_str())?;
    Some(row.with(|row| row.item.clone()))
}

/// Its words, time, recipients and history.
pub(super) fn message_details(app: App, id: MessageId) -> View {
    let content = move || {
        let details = app.reading.details.get();
        item(app, &id).map(|item| {
            let receipts: Vec<View> = details.receipts.iter().map(|it| receipt(app, it)).collect();
            let place = details
                .place
                .map(|(place, of)| words::log_place_of(place, of));
            let versions: Vec<View> = versions(&item).iter().map(|it| version(app, it)).collect();
            let (no_receipts, no_history) = (receipts.is_empty(), item.edits.is_empty());
            view! {
                <dl class="facts">
                    <dt>{words::from()}</dt>
                    <dd><bdi>{text::sender(&item.from)}</bdi></dd>
                    <dt>{words::sent_at()}</dt>
                    <dd>{moment(app, item.at)}</dd>
                    <dt>{words::log_place()}</dt>
                    <dd>{place}</dd>
                </dl>
                <h3 hidden=no_receipts>{words::recipients()}</h3>
                <ul class="receipts" hidden=no_receipts>{receipts}</ul>
                <h3 hidden=no_history>{words::history()}</h3>
                <ol class="versions" hidden=no_history>{versions}</ol>
            }
        })
    };
    view! {
        <div class="dialog-body message-facts">
            {head(app, words::details_title())}
            {content}
        </div>
    }
}

/// All its texts, the present one last.
fn versions(item: &Item) -> Vec<Version> {
    let mut versions = item.edits.clone();
    versions.push(Version {
        at: 0,
        text: item.text.clone(),
    });
    versions
}

fn version(app: App, version: &Version) -> View {
    let when = if version.at == 0 {
        words::now().to_owned()
    } else {
        moment(app, version.at)
    };
    view! {
        <li>
            <p class="soft">{when}</p>
            <div class="rich" dir="auto" data-large=is_large(&version.text)>
                {rich_text(app, &version.text, "0")}
            </div>
        </li>
    }
}

fn receipt(app: App, (user, receipt): &(UserId, Receipt)) -> View {
    let (state, said) = match receipt {
        Receipt::Waiting => ("clock", words::receipt_waiting()),
        Receipt::Sent => ("check", words::receipt_sent()),
        Receipt::Delivered => ("checks", words::receipt_delivered()),
        Receipt::Read => ("read", words::receipt_read()),
        Receipt::Unreachable => ("clock", words::receipt_unreachable()),
    };
    let sign = if state == "read" { "checks" } else { state };
    let online = app
        .people
        .with(|people| people.iter().any(|key| **key == *user.as_str()));
    let presence = if online {
        words::online()
    } else {
        words::offline()
    };
    view! {
        <li>
            {super::avatar::avatar(user.as_str())}
            <span class="receipt-name">
                <bdi>{user.to_string()}</bdi>
                " "
                <small class="soft">{presence}</small>
            </span>
            <span class="mark-state" data-state=state>{super::icon::icon(sign)} {said}</span>
        </li>
    }
}

fn moment(app: App, at: u64) -> String {
    join(&[&(app.services.day)(at), ", ", &(app.services.time)(at)])
}

/// Whether a message is really to be deleted.
pub(super) fn delete_question(app: App, id: MessageId) -> View {
    let start = item(app, &id).map(|item| {
        let whole = crate::format::plain(&item.text);
        let start: String = whole.chars().take(160).collect();
        let rest = if start.len() < whole.len() { "…" } else { "" };
        debug_assert!(item.from == Sender::Me);
        join(&[&start, rest])
    });
    let delete = move |_| {
        if let Some(open) = app.open.get_untracked() {
            app.send_about(open, Kind::Delete, String::new(), id.clone());
        }
        app.close_dialog();
    };
    view! {
        <div class="dialog-body">
            {head(app, words::delete_title())}
            <blockquote class="excerpt" dir="auto">{start}</blockquote>
            <p>{words::delete_help()}</p>
            <footer class="dialog-foot">
                <button class="button" type="button" autofocus on:click=move |_| app.close_dialog()>
                    {crate::strings::common::cancel()}
                </button>
                <button class="button danger" type="button" on:click=delete>{words::delete()}</button>
            </footer>
        </div>
    }
}
