//! What a press, a key or a menu's choice does with a message.

use switchboard_client::{Earlier, Item, ItemState, Kind, Sender};
use switchboard_protocol::MessageId;
use web_sys::Element;

use crate::later;
use crate::state::compose::Compose;
use crate::state::dialog::Dialog;
use crate::state::{App, Intent, Key};

/// Whether something can be done with a message: what cannot is not offered.
pub(super) fn can(app: App, item: &Item, act: &str) -> bool {
    let mine = item.from == Sender::Me;
    let in_log = matches!(item.state, ItemState::Received | ItemState::Sent { .. });
    let full = app.profile().is_own() && in_log;
    match act {
        "copy" => !item.deleted,
        "react" | "pick" | "reply" => full && !item.deleted,
        "edit" | "delete" => full && mine && !item.deleted,
        "details" | "link" => full,
        "unread" => full && !mine,
        "retry" | "discard" => matches!(item.state, ItemState::Failed(_)) || item.unsaved.is_some(),
        _ => true,
    }
}

/// Does it. `from` is what was pressed, which may say more.
pub(super) fn act(app: App, name: &str, key: &Key, from: &Element) {
    let (name, key, from) = (name.to_owned(), key.clone(), from.clone());
    later::then(app, move |later| (later.act)(app, &name, &key, &from));
}

/// The same, behind the boundary.
pub(crate) fn carry_out(app: App, name: &str, key: &Key, from: &Element) {
    let Some(item) = app
        .timeline
        .get(key)
        .map(|row| row.with_untracked(|row| row.item.clone()))
    else {
        return;
    };
    if !can(app, &item, name) {
        return;
    }
    let Some(open) = app.open.get_untracked() else {
        return;
    };
    let id = item.id.clone();
    // A change that was refused has an id of its own.
    let change = item
        .unsaved
        .as_ref()
        .map_or_else(|| id.clone(), |unsaved| unsaved.id.clone());
    match name {
        "retry" => app.ask(Intent::Retry(change)),
        "discard" => app.ask(Intent::Discard(change)),
        "copy" => app.ask(Intent::Copy(item.text)),
        "copy-code" => {
            if let Some(code) = super::super::rich_text::code_beside(from) {
                app.ask(Intent::Copy(code));
            }
        }
        "link" => app.ask(Intent::CopyLink(open, Some(id))),
        "reply" => compose(app, Compose::Reply(id), ""),
        "edit" => compose(app, Compose::Edit(id), &item.text),
        "details" => {
            app.show_dialog(Dialog::Details(id));
            app.ask(Intent::Look);
        }
        "delete" => app.show_dialog(Dialog::Delete(id)),
        "unread" => app.mark_unread(key.clone()),
        "react" => {
            if let Some(emoji) = from.get_attribute("data-emoji") {
                react(app, key, &emoji);
            }
        }
        "pick" => {
            let key = key.clone();
            super::super::emoji_picker::open(app, from, move |emoji| react(app, &key, emoji));
        }
        "original" => {
            let original = from.get_attribute("data-to");
            if let Some(original) = original.and_then(|id| MessageId::try_from(id).ok()) {
                app.reading.back.set(Some(key.clone()));
                app.jump_to(open, &original);
            }
        }
        _ => {}
    }
}

fn compose(app: App, compose: Compose, was: &str) {
    if let Some(open) = app.open.get_untracked() {
        app.drafts.begin(&open, compose, was);
        app.show_compose();
        super::super::composer::focus();
    }
}

/// Sets one's reaction, or takes it back.
fn react(app: App, key: &Key, emoji: &str) {
    let (Some(open), Some(row)) = (app.open.get_untracked(), app.timeline.get(key)) else {
        return;
    };
    let (id, mine) = row.with_untracked(|row| {
        let mut reactions = row.item.reactions.iter();
        let mine = reactions.any(|it| it.emoji == emoji && it.who.contains(&Sender::Me));
        (row.item.id.clone(), mine)
    });
    let content = crate::strings::join(&[if mine { "-" } else { "" }, emoji]);
    app.send_about(open, Kind::Reaction, content, id);
}

/// Fetches older messages. Where the person `asked` for it, it is said when they are there.
pub(super) fn load(app: App, asked: bool) {
    let earlier = app.earlier.get_untracked();
    // What a server was asked for that is gone since, storage may have.
    if earlier == Earlier::None || earlier == Earlier::Loading && app.is_up_untracked() {
        return;
    }
    if let Some(open) = app.open.get_untracked() {
        app.reading.asked_for_earlier(asked);
        app.ask(Intent::LoadEarlier(open));
    }
}
