//! What people bring that state to.

use switchboard_client::{DEMO, Earlier, Sender, Status};
use switchboard_protocol::ConversationId;

use super::story::{MINUTE, NOW, app, conversation, group, id, items, user};
use crate::state::inspector::Direction;
use crate::state::reading::Details;
use crate::state::search::{Hit, Search};
use crate::state::{App, Key, Services};

/// With a conversation pinned, one muted, a draft in one and somebody who types in another.
pub(super) fn marked(services: Services) -> App {
    let app = app(services);
    app.mark(ConversationId::lobby(), |mark| mark.pinned = true);
    app.mark(conversation(&["健二"]), |mark| mark.muted = true);
    app.drafts
        .typed(&conversation(&["آية"]), "Not said yet".to_owned());
    // As if it were stored now: rows tell of drafts from then on.
    let _stored = app.drafts.take_changed();
    app.typing
        .heard(&conversation(&["Tomás"]), &user("Tomás"), 0);
    app
}

/// The same in the demo.
pub(super) fn demo(services: Services) -> App {
    let app = app(services);
    app.account.update(|account| {
        if let Some(account) = account {
            DEMO.clone_into(&mut account.endpoint);
        }
    });
    app
}

/// In the middle of a conversation: older messages are on their way, newer ones are missing, and there are ways
/// to where one was, to the first unread one and to the newest.
pub(super) fn midway(services: Services) -> App {
    let app = app(services);
    app.earlier.set(Earlier::Loading);
    app.reading.missing.set(3);
    app.at_bottom.set(false);
    app.below.set(2);
    app.reading.back.set(Some(Key::from("m1")));
    // Not in the document, it is above.
    app.reading.first_unread.set(Some(Key::from("m0")));
    app
}

/// Where the details of somebody else's message are shown.
pub(super) fn of_others(services: Services) -> App {
    let app = app(services);
    app.reading.details.set(Details {
        receipts: Vec::new(),
        place: Some((9, 17)),
    });
    app
}

/// Whose sidebar is filtered by what nothing fits.
pub(super) fn filtered(services: Services) -> App {
    let app = app(services);
    app.shell.filter.set("nobody".to_owned());
    app
}

/// In a conversation in which nobody has said anything.
pub(super) fn silent(services: Services) -> App {
    let app = app(services);
    app.open.set(Some(conversation(&["健二"])));
    app.set_timeline(conversation(&["健二"]), Vec::new(), Earlier::None);
    app
}

/// Where no conversation is open.
pub(super) fn nowhere(services: Services) -> App {
    let app = app(services);
    app.close_conversation();
    app
}

/// With the tools at a message, and some of the others unread.
pub(super) fn acting(services: Services, id: &str) -> App {
    let app = app(services);
    app.reading.first_unread.set(Some(Key::from("m9")));
    app.set_timeline(group(), items(), Earlier::Available);
    app.reading.acting.set(Some(Key::from(id)));
    app
}

/// Whose open conversation is pinned and muted.
pub(super) fn marked_open(services: Services) -> App {
    let app = app(services);
    app.mark(group(), |mark| {
        mark.pinned = true;
        mark.muted = true;
    });
    app
}

/// With two messages that are not sent yet, so many of which no storage has.
pub(super) fn unsent(services: Services, volatile: usize) -> App {
    let app = app(services);
    app.set_status(Status {
        waiting: 2,
        volatile,
        ..app.status.get_untracked()
    });
    app
}

/// Whose browser forbids to notify, and tells how much is stored.
pub(super) fn denied(services: Services) -> App {
    let app = app(services);
    app.notify_denied.set(true);
    app.storage_used.set(Some(81_000));
    app
}

/// A search that found messages in two conversations.
pub(super) fn found(search: Search) {
    let hit = |conversation: ConversationId, name: &str, from: &str, text: &str| Hit {
        conversation,
        id: id(name),
        from: Sender::Other(user(from)),
        at: NOW - 50 * MINUTE,
        text: text.to_owned(),
    };
    search.words.set(vec!["stage".to_owned()]);
    search.hits.set(vec![
        hit(
            group(),
            "m2",
            "Maya",
            "The new **stage** is up: https://chat.example/staging",
        ),
        hit(
            conversation(&["Tomás"]),
            "m20",
            "Tomás",
            "Before lunch, if you can: what the old one still does for us has to be on the new stage by two, and nobody knows all of it.",
        ),
    ]);
}

/// While something is looked for.
pub(super) fn finding(services: Services) -> App {
    let app = app(services);
    app.find.open.set(true);
    app
}

pub(super) fn with_frames(services: Services) -> App {
    let app = app(services);
    app.frames.open.set(true);
    let record = |direction, text: &str| app.frames.record(direction, NOW, text);
    record(
        Direction::Out,
        r#"{"action":"hello","v":1,"rid":1,"device":"d","tab":"t"}"#,
    );
    record(
        Direction::In,
        r#"{"event":"pong","n":7,"now":1773307445000,"heads":{}}"#,
    );
    record(
        Direction::In,
        r#"{"message":"Forbidden","connectionId":"TXz","requestId":"BFa"}"#,
    );
    record(Direction::In, &"plain text ".repeat(1_500));
    app
}
