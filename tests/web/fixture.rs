//! A page in any state, without a driver: what a client core would tell, written by hand.

use std::cell::RefCell;
use std::rc::Rc;

use switchboard::state::inspector::Direction;
use switchboard::state::{App, ConnectDefaults, Hands, Intent, Services};
use switchboard_client::{
    Account, CloseInfo, Earlier, Failure, Item, ItemState, Now, Phase, ReadyState, Sender, Status,
    Summary,
};
use switchboard_protocol::{ConversationId, MessageId, Profile, UserId};

use crate::left::Undo;

/// 3 November 2026, 09:00 UTC.
pub(crate) const MORNING: u64 = 1_793_696_400_000;
const MINUTE: u64 = 60_000;

pub(crate) fn user(id: &str) -> UserId {
    UserId::try_from(id).unwrap()
}

pub(crate) fn message_id(id: &str) -> MessageId {
    MessageId::try_from(id).unwrap()
}

/// The conversation of `me` (Ana) and these people.
pub(crate) fn with(people: &[&str]) -> ConversationId {
    let people: Vec<UserId> = people.iter().chain(&["ana"]).map(|id| user(id)).collect();
    ConversationId::of(&people).unwrap()
}

thread_local! {
    static HANDS: std::cell::Cell<Hands> = const { std::cell::Cell::new(NO_HANDS) };
}
const NO_HANDS: Hands = Hands {
    touch: false,
    mac: false,
    sizes: false,
};

/// What the next page believes to be under the person's hands; back to a plain keyboard when this
/// is dropped.
pub(crate) struct Under {
    _undo: Undo,
}

impl Under {
    pub(crate) fn hands(hands: Hands) -> Self {
        HANDS.set(hands);
        Self {
            _undo: Undo::by(|| HANDS.set(NO_HANDS)),
        }
    }
}

pub(crate) fn services() -> Services {
    Services {
        now: Now::default,
        time: |at| {
            let minutes = at / MINUTE % 1440;
            format!("{:02}:{:02}", minutes / 60, minutes % 60)
        },
        instant: |at| {
            let seconds = at / 1_000 % 86_400;
            let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
            format!(
                "{hours:02}:{minutes:02}:{:02}.{:03}",
                seconds % 60,
                at % 1_000
            )
        },
        day: |at| {
            if at / 86_400_000 == MORNING / 86_400_000 {
                "Tuesday, 3 November".to_owned()
            } else {
                "Monday, 2 November".to_owned()
            }
        },
        local_day: |at| at.unwrap_or(MORNING) / 86_400_000,
        weekday: |_| "Sun".to_owned(),
        date: |at| (at / 86_400_000).to_string(),
        fold: switchboard::browser::text::fold,
        midnight: switchboard::browser::intl::midnight,
        border: switchboard::browser::text::border,
        hands: || HANDS.get(),
        mint: || {
            thread_local! {
                static LAST: RefCell<u128> = const { RefCell::new(0) };
            }
            LAST.with_borrow_mut(|last| {
                *last += 1;
                MessageId::from_random(*last)
            })
        },
    }
}

pub(crate) fn defaults() -> ConnectDefaults {
    ConnectDefaults {
        url: "/dev".to_owned(),
        origin: "http://127.0.0.1:8787".to_owned(),
        ..ConnectDefaults::default()
    }
}

/// A state nobody is signed in to, and the intents it hands out.
pub(crate) fn app() -> (App, Rc<RefCell<Vec<Intent>>>) {
    let app = App::new(defaults(), services());
    let intents: Rc<RefCell<Vec<Intent>>> = Rc::default();
    let log = intents.clone();
    app.on_intent(move |intent| log.borrow_mut().push(intent));
    (app, intents)
}

pub(crate) fn account(profile: &str) -> Account {
    Account {
        endpoint: "wss://abc123.execute-api.eu-west-1.amazonaws.com/dev".to_owned(),
        user: user("ana"),
        profile: Profile::named(profile).unwrap(),
        query: Vec::new(),
        tickets: None,
        device: "device".to_owned(),
        tab: "tab".to_owned(),
    }
}

pub(crate) fn up() -> Status {
    Status {
        ready_state: ReadyState::Open,
        phase: Phase::Up,
        connection: Some("BFaT_fALIAMCKug=".to_owned()),
        ..Status::default()
    }
}

/// Disconnected; the next attempt in four seconds.
pub(crate) fn down(app: App) -> Status {
    app.now.set(10_000);
    Status {
        ready_state: ReadyState::Closed,
        phase: Phase::Waiting { retry_at: 13_600 },
        last_close: Some((
            CloseInfo {
                code: 1006,
                ..CloseInfo::default()
            },
            MORNING + 30 * MINUTE,
        )),
        ticket_refusal: None,
        attempt: 3,
        connection: None,
        waiting: 2,
        volatile: 0,
    }
}

pub(crate) fn item(id: &str, from: &str, minute: u64, text: &str, state: ItemState) -> Item {
    let from = match from {
        "me" => Sender::Me,
        "?" => Sender::Unknown,
        other => Sender::Other(user(other)),
    };
    let at = MORNING + minute * MINUTE;
    Item::new(message_id(id), from, at, text.to_owned(), state)
}

pub(crate) fn summary(id: ConversationId, minute: u64, last: Option<(&str, &str)>) -> Summary {
    Summary {
        last_at: if last.is_some() {
            MORNING + minute * MINUTE
        } else {
            0
        },
        last: last.map(|(from, text)| {
            let from = match from {
                "me" => Sender::Me,
                "?" => Sender::Unknown,
                other => Sender::Other(user(other)),
            };
            (from, text.to_owned())
        }),
        ..Summary::new(id)
    }
}

/// Signed in with `profile`, connected, the lobby there, nothing written.
pub(crate) fn signed_in(app: App, profile: &str) {
    app.signed_in(account(profile));
    app.set_status(up());
    app.set_conversations(vec![summary(ConversationId::lobby(), 0, None)]);
}

/// A lively afternoon: several conversations, people, every message state.
pub(crate) fn busy(app: App) {
    signed_in(app, "switchboard");
    let people = [
        "bo",
        "chiara",
        "Дана",
        "emre.yılmaz",
        "أمل",
        "Fàtima-Zöe",
        "grace",
    ];
    let online: Vec<UserId> = people.iter().map(|id| user(id)).collect();
    app.set_online(&online);
    let bo = with(&["bo"]);
    let trip = with(&["bo", "chiara", "Дана"]);
    app.open_conversation(trip.clone());
    let lobby = ConversationId::lobby();
    let mut everyone = summary(lobby, 31, Some(("grace", "Is the build green again?")));
    everyone.unread = 3;
    let mut invoice = summary(bo, 25, Some(("bo", "One question about the invoice")));
    invoice.unread = 1;
    let mut waiting = summary(
        with(&["grace"]),
        20,
        Some(("me", "See you at the station then")),
    );
    waiting.waiting = 2;
    let mut failed = summary(
        with(&["emre.yılmaz"]),
        8,
        Some(("me", "The whole log, pasted")),
    );
    failed.failed = 1;
    app.set_conversations(vec![
        summary(
            trip.clone(),
            32,
            Some(("me", "Booked. Platform 4, at quarter past nine.")),
        ),
        everyone,
        invoice,
        waiting,
        failed,
        summary(with(&["أمل"]), 2, Some(("أمل", "مرحبا، كيف حالك؟"))),
    ]);
    let all = ItemState::Sent {
        reached: 3,
        of: 3,
        read: 0,
    };
    let items = vec![
        Item {
            at: MORNING - 14 * 60 * MINUTE,
            ..item(
                "m0",
                "chiara",
                0,
                "Shall we take the early train on Thursday?",
                ItemState::Received,
            )
        },
        item(
            "m1",
            "bo",
            0,
            "Morning! The early one is fine with me.",
            ItemState::Received,
        ),
        item(
            "m2",
            "bo",
            1,
            "There are still seats in the quiet coach, I looked just now. Two by the window, two across the aisle.",
            ItemState::Received,
        ),
        item("m3", "me", 3, "Perfect, let me book them.", all),
        item("m4", "Дана", 5, "Мне тоже подходит 👍", ItemState::Received),
        item(
            "m5",
            "chiara",
            9,
            "Connection details, so that nobody has to look:\n\n  08:47  tram 11\n  09:15  train, platform 4\n  12:02  arrival",
            ItemState::Received,
        ),
        item(
            "m6",
            "me",
            30,
            "Booked. Platform 4, at quarter past nine.",
            ItemState::Sent {
                reached: 2,
                of: 3,
                read: 0,
            },
        ),
        item(
            "m7",
            "me",
            31,
            "I will bring coffee.",
            ItemState::Unconfirmed,
        ),
        item(
            "m8",
            "me",
            32,
            "And the tickets, of course.",
            ItemState::Waiting,
        ),
        item(
            "m9",
            "me",
            32,
            "Here is the whole timetable …",
            ItemState::Failed(Failure::TooLarge),
        ),
    ];
    app.set_timeline(trip, items, Earlier::Available);
}

/// Frames of every kind.
pub(crate) fn frames(app: App) {
    let at = MORNING + 30 * MINUTE;
    let record = |direction, text: &str| app.frames.record(direction, at, text);
    record(
        Direction::Out,
        r#"{"action":"hello","v":1,"rid":1,"device":"d","tab":"t"}"#,
    );
    record(
        Direction::In,
        r#"{"event":"welcome","rid":1,"connection":"BFaT_fALIAMCKug=","now":1793696400000,"epoch":"e1","heads":{"lobby":12},"limits":{"max_bytes":32768},"min_version":1}"#,
    );
    record(
        Direction::Out,
        r#"{"action":"sendmessage","v":1,"id":"0123456789abcdef0123456789abcdef","to":["bo","chiara"],"kind":"text","content":"It's booked: \"platform 4\""}"#,
    );
    record(
        Direction::In,
        r#"{"message":"Internal server error","connectionId":"BFaT_fALIAMCKug=","requestId":"BFaUEF_xIAMFxKA="}"#,
    );
    record(
        Direction::In,
        &format!(r#"{{"event":"page","x":"{}"}}"#, "x".repeat(20_000)),
    );
    record(Direction::In, "plain text of an older system");
    record(Direction::Out, r#"{"action":"ping","n":7}"#);
    record(
        Direction::In,
        r#"{"event":"pong","n":7,"now":1793696400000,"heads":{}}"#,
    );
}
