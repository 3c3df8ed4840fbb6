//! One message. Its text becomes nodes, never HTML, whatever it holds.
//!
//! What one can do with a message is not here: the list has one set of tools (`timeline/tools.rs`)
//! and hears all presses: `data-act` marks what is pressed.

use switchboard_client::{Item, ItemState, Kind, Reaction, Reply, Sender};

use super::avatar::avatar;
use super::icon::icon;
use super::rich_text::rich_text;
use crate::format::is_large;
use crate::state::{App, Key, Row};
use crate::strings::{chat as text, join, timeline as words_for};
use crate::view::{View, view};

/// The id of a message's row.
pub(super) const ROW: &str = "m-";

/// The row of the message `key`. The whole row is one reader of its message: every row would pay for
/// a reader for each place that may change.
pub(super) fn message_row(app: App, key: &Key) -> View {
    match app.timeline.get(key) {
        Some(row) => row.with(|row| shown(app, key, row)),
        None => View::default(),
    }
}

fn shown(app: App, key: &Key, row: &Row) -> View {
    let item = &row.item;
    let mine = item.from == Sender::Me;
    let name = text::sender(&item.from);
    let (head, bubble) = (join(&["h-", key]), join(&["b-", key]));
    let label = join(&[&head, " ", &bubble]);
    let is_large = is_large(&item.text);
    view! {
        <li id=join(&[ROW, key]) tabindex="-1" aria-labelledby=label class=class(row, mine, is_large)>
            {row.first_unread.then(new_line)}
            <div class="message-body">
                {(row.opens_group && !mine).then(|| avatar(&name))}
                <p class="message-head" id=head>
                    <bdi class="message-name">{name}</bdi>
                    " "
                </p>
                <div class="bubble" dir="auto" id=bubble>
                    {item.reply.as_ref().map(quote)}
                    <div class="message-text rich" data-large=is_large>
                        {rich_text(app, &item.text, "-1")}
                    </div>
                    {item.deleted.then(gone)}
                    " "
                    <span class="message-foot">
                        {(!item.edits.is_empty()).then(edited)}
                        <bdi class="message-time">{(app.services.time)(item.at)}</bdi>
                        {mine.then(|| mark(item))}
                    </span>
                </div>
                {below(item, mine)}
            </div>
        </li>
    }
}

/// What stands below the bubble. One place for both: every row pays for each.
fn below(item: &Item, mine: bool) -> Option<Vec<View>> {
    let remedies = if mine { remedies(item) } else { None };
    let all: Vec<View> = reactions(&item.reactions)
        .into_iter()
        .chain(remedies)
        .collect();
    (!all.is_empty()).then_some(all)
}

fn new_line() -> View {
    view! {
        <p class="new-line" role="separator"><span>{words_for::new_messages()}</span></p>
    }
}

fn class(row: &Row, mine: bool, is_large: bool) -> String {
    let item = &row.item;
    join(&[
        "message",
        if mine { " mine" } else { "" },
        if row.opens_group { " opens" } else { "" },
        if row.closes_group { " closes" } else { "" },
        if is_large { " large" } else { "" },
        if item.mentions_me { " mentions" } else { "" },
        if item.deleted { " deleted" } else { "" },
        if matches!(item.state, ItemState::Failed(_)) {
            " failed"
        } else {
            ""
        },
    ])
}

/// What it replies to; pressed, the list goes there.
fn quote(reply: &Reply) -> View {
    let (head, start) = match &reply.from {
        None => (words_for::reply_not_here().to_owned(), String::new()),
        Some(from) => {
            let start = crate::format::plain(&reply.text);
            let gone = reply.text.is_empty();
            let start = if gone {
                words_for::reply_deleted().to_owned()
            } else {
                start
            };
            (words_for::reply_to(&text::sender(from)), start)
        }
    };
    view! {
        <button class="quote" type="button" tabindex="-1" data-act="original" data-to=reply.id.to_string()>
            <b>{head}</b>
            " "
            <span dir="auto">{start}</span>
        </button>
        " "
    }
}

fn gone() -> View {
    view! { <i class="message-gone">{words_for::deleted()}</i> }
}

fn edited() -> View {
    view! {
        <button
            class="edited" type="button" tabindex="-1" data-act="details" title=words_for::edited_help()
        >
            {words_for::edited()}
        </button>
        " "
    }
}

/// How far an own message got.
fn mark(item: &Item) -> View {
    let state = item.state;
    let name = mark_name(state);
    let said = if item.pending {
        words_for::saving().to_owned()
    } else {
        text::state(state)
    };
    let name = if item.pending { "clock" } else { name };
    let sign = if name == "read" { "checks" } else { name };
    view! {
        <span class="mark-state" data-state=name>
            {icon(sign)}
            <bdi class="mark-text">{said}</bdi>
        </span>
    }
}

/// Its reactions: each a switch for one's own.
fn reactions(all: &[Reaction]) -> Option<View> {
    if all.is_empty() {
        return None;
    }
    let switches: Vec<View> = all.iter().map(reaction).collect();
    Some(view! {
        <div class="reactions">
            {switches}
            <button
                class="reaction add" type="button" tabindex="-1" data-act="pick"
                aria-label=words_for::react() title=words_for::react()
            >
                {icon("smile")}
            </button>
        </div>
    })
}

fn reaction(reaction: &Reaction) -> View {
    let mine = reaction.who.contains(&Sender::Me);
    let mut names = String::new();
    for who in &reaction.who {
        let name = text::sender(who);
        names = if names.is_empty() {
            name
        } else {
            text::names(&names, &name)
        };
    }
    let emoji = reaction.emoji.clone();
    view! {
        <button
            class="reaction" type="button" tabindex="-1" data-act="react" data-emoji=emoji.clone()
            aria-pressed=if mine { "true" } else { "false" }
            title=words_for::reacted(&emoji, &names)
        >
            <span class="emoji">{emoji.clone()}</span>
            " "
            {crate::strings::number(reaction.who.len())}
        </button>
    }
}

/// What can be done about an own message, or a change of one, that did not go through.
fn remedies(item: &Item) -> Option<View> {
    let failed = matches!(item.state, ItemState::Failed(_));
    let (of, problem) = match &item.unsaved {
        Some(unsaved) => {
            let reason = text::reason(unsaved.failure);
            let problem = if unsaved.kind == Kind::Delete {
                words_for::not_deleted(reason)
            } else {
                words_for::not_edited(reason)
            };
            (unsaved.id.to_string(), problem)
        }
        // An unconfirmed one may be in the log already: it cannot be taken back, only copied.
        None if failed || item.state == ItemState::Unconfirmed => {
            (item.id.to_string(), String::new())
        }
        None => return None,
    };
    let repeats = failed || item.unsaved.is_some();
    let button = |act: &'static str, label: &'static str| {
        view! {
            <button
                class="button small" type="button" data-act=act data-of=of.clone()
                hidden=act != "copy" && !repeats
            >
                {label}
            </button>
        }
    };
    Some(view! {
        <span class="message-actions">
            <span class="message-problem">{problem}</span>
            {button("retry", text::retry())}
            {button("copy", text::copy())}
            {button("discard", text::discard())}
        </span>
    })
}

/// The style of a state, and its icon but for `read`.
fn mark_name(state: ItemState) -> &'static str {
    match state {
        ItemState::Received => "none",
        ItemState::Waiting | ItemState::Sending => "clock",
        ItemState::Unconfirmed => "question",
        ItemState::Sent { read, of, .. } if read > 0 && read >= of => "read",
        ItemState::Sent { reached: 0, .. } | ItemState::Sent { of: 0, .. } => "check",
        ItemState::Sent { .. } => "checks",
        ItemState::HandedOver => "handed",
        ItemState::Failed(_) => "alert",
    }
}
