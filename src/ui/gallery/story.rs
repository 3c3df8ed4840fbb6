//! The state the gallery's components stand on.

use switchboard_client::{
    Account, Earlier, Failure, Item, ItemState, Phase, Reaction, ReadyState, Receipt, Reply,
    Sender, Status, Summary, Version,
};
use switchboard_protocol::{ConversationId, MessageId, Profile, UserId};

use crate::state::reading::Details;
use crate::state::{App, ConnectDefaults, Services};

/// A Thursday morning in March 2026.
pub(super) const NOW: u64 = 1_773_307_445_000;
pub(super) const MINUTE: u64 = 60_000;

pub(super) fn user(id: &str) -> UserId {
    UserId::try_from(id).unwrap_or_else(|_| unreachable!("a name of this file"))
}

pub(super) fn id(id: &str) -> MessageId {
    MessageId::try_from(id).unwrap_or_else(|_| unreachable!("an id of this file"))
}

pub(super) fn conversation(people: &[&str]) -> ConversationId {
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

pub(super) fn items() -> Vec<Item> {
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
