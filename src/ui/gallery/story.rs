//! The state the gallery's components stand on.

use switchboard_client::{
    Account, DEMO, Earlier, Failure, Item, ItemState, Phase, Reaction, ReadyState, Receipt, Reply,
    Sender, Status, Summary, Version,
};
use switchboard_protocol::{ConversationId, MessageId, Profile, UserId};

use crate::state::inspector::Direction;
use crate::state::reading::Details;
use crate::state::search::{Hit, Search};
use crate::state::{App, ConnectDefaults, Key, Services};

/// A Thursday morning in March 2026.
pub(super) const NOW: u64 = 1_773_307_445_000;
const MINUTE: u64 = 60_000;

pub(super) fn user(id: &str) -> UserId {
    UserId::try_from(id).unwrap_or_else(|_| unreachable!("a name of this file"))
}

pub(super) fn id(id: &str) -> MessageId {
    MessageId::try_from(id).unwrap_or_else(|_| unreachable!("an id of this file"))
}

fn conversation(people: &[&str]) -> ConversationId {
    let people: Vec<UserId> = people.iter().chain(&["Ines"]).map(|it| user(it)).collect();
    ConversationId::of(&people).unwrap_or_else(|_| ConversationId::lobby())
}

pub(super) fn group() -> ConversationId {
    conversation(&["Tomás", "Maya"])
}

pub(super) fn form() -> ConnectDefaults {
    ConnectDefaults {
        url: "/dev".to_owned(),
        origin: "https://chat.example".to_owned(),
        ..ConnectDefaults::default()
    }
}

/// Signed in and connected, with conversations, people and messages in every state.
pub(super) fn app(services: Services) -> App {
    let app = App::new(form(), services);
    if let Some(profile) = Profile::named("switchboard") {
        app.account.set(Some(Account {
            endpoint: "wss://chat.example/dev".to_owned(),
            user: user("Ines"),
            profile,
            query: Vec::new(),
            tickets: None,
            device: "device".to_owned(),
            tab: "tab".to_owned(),
        }));
    }
    app.set_status(Status {
        ready_state: ReadyState::Open,
        phase: Phase::Up,
        connection: Some("TXzPWdnOjoECGjA=".to_owned()),
        ..Status::default()
    });
    app.set_online(&["健二", "Maya", "Tomás"].map(user));
    app.set_conversations(summaries());
    app.open.set(Some(group()));
    app.set_timeline(group(), items(), Earlier::Available);
    app.reading.details.set(Details {
        receipts: [
            ("Tomás", Receipt::Read),
            ("Maya", Receipt::Delivered),
            ("健二", Receipt::Sent),
            ("Zoë", Receipt::Waiting),
            ("emre.yılmaz", Receipt::Unreachable),
        ]
        .map(|(who, receipt)| (user(who), receipt))
        .into(),
        place: Some((4, 17)),
    });
    app
}

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

/// What stands in the composer.
pub(super) fn draft(app: App, text: &str) {
    app.drafts.typed(&group(), text.to_owned());
}

fn summaries() -> Vec<Summary> {
    let with = |people: &[&str], minutes: u64, last: &str| Summary {
        last_at: NOW - minutes * MINUTE,
        last: people
            .first()
            .map(|from| (Sender::Other(user(from)), last.to_owned())),
        ..Summary::new(conversation(people))
    };
    vec![
        with(
            &["Tomás", "Maya"],
            5,
            "Best infrastructure announcement of the week.",
        ),
        Summary {
            unread: 3,
            mentions: 1,
            ..with(&["Tomás"], 9, "Can you review it before lunch?")
        },
        Summary {
            waiting: 2,
            failed: 1,
            ..with(&["健二"], 40, "日本語の入力も問題なく動きました。")
        },
        with(&["آية"], 1_500, "ممتاز، شكرًا جزيلًا"),
        Summary::new(ConversationId::lobby()),
    ]
}

fn items() -> Vec<Item> {
    let sent = |reached, read| ItemState::Sent {
        reached,
        of: 2,
        read,
    };
    let item = |name: &str, from: &str, minutes: u64, text: &str, state| {
        let from = if from == "Ines" {
            Sender::Me
        } else {
            Sender::Other(user(from))
        };
        Item::new(
            id(name),
            from,
            NOW - minutes * MINUTE,
            text.to_owned(),
            state,
        )
    };
    let tomas = || Sender::Other(user("Tomás"));
    let received = ItemState::Received;
    vec![
        item(
            "m1",
            "Tomás",
            1_500,
            "The lift test is still open.",
            received,
        ),
        Item {
            reactions: vec![
                Reaction {
                    emoji: "👍".to_owned(),
                    who: vec![tomas(), Sender::Me],
                },
                Reaction {
                    emoji: "🎉".to_owned(),
                    who: vec![tomas()],
                },
            ],
            ..item(
                "m2",
                "Maya",
                50,
                "The new stage is up: https://chat.example/staging",
                received,
            )
        },
        item(
            "m3",
            "Maya",
            49,
            "Can **somebody** try it from `outside`?",
            received,
        ),
        Item {
            edits: vec![Version {
                at: NOW,
                text: "On it.".to_owned(),
            }],
            ..item(
                "m4",
                "Ines",
                48,
                "On it. Connecting from my phone.",
                sent(2, 2),
            )
        },
        Item {
            reply: Some(Reply {
                id: id("m3"),
                from: Some(Sender::Other(user("Maya"))),
                text: "Can somebody try it from outside?".to_owned(),
            }),
            reactions: vec![Reaction {
                emoji: "❤️".to_owned(),
                who: vec![tomas()],
            }],
            ..item(
                "m5",
                "Ines",
                47,
                "Works, and it survived the lift.",
                sent(2, 0),
            )
        },
        item("m6", "Ines", 47, "41 ms to the first welcome.", sent(1, 0)),
        Item {
            mentions_me: true,
            ..item(
                "m7",
                "Tomás",
                40,
                "@Ines, then let’s switch at two.",
                received,
            )
        },
        Item {
            deleted: true,
            ..item("m8", "Tomás", 39, "", received)
        },
        item(
            "m9",
            "Tomás",
            30,
            "```sh\nwscat -c wss://chat.example/dev\n```\n> And cake.\n- one\n- two",
            received,
        ),
        item("m10", "Tomás", 30, "🎉", received),
        item(
            "m11",
            "آية",
            20,
            "صباح الخير! هل تعمل القناة الجديدة من الهاتف أيضًا؟",
            received,
        ),
        item("m12", "Ines", 5, "Just sent.", sent(0, 0)),
        item("m13", "Ines", 4, "Handed over.", ItemState::HandedOver),
        item("m14", "Ines", 4, "Not confirmed.", ItemState::Unconfirmed),
        item("m15", "Ines", 3, "Waits.", ItemState::Waiting),
        item("m17", "Ines", 3, "On its way.", ItemState::Sending),
        item(
            "m16",
            "Ines",
            3,
            "Too large.",
            ItemState::Failed(Failure::TooLarge),
        ),
    ]
}
