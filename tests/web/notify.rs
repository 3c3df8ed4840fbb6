//! One notification of a message, however many tabs there are, and none where it is seen.

use leptos::prelude::Owner;
use switchboard::browser::database::{Database, Job, name};
use switchboard::browser::notification::Permission;
use switchboard::driver::Driver;
use switchboard::state::{App, Intent, Unsent};
use switchboard_protocol::ConversationId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake_socket::FakeSockets;
use crate::fixture::with;
use crate::left::Undo;
use crate::raw_database::{Patched, script};
use crate::session::{emptied, request, until};

/// The browser's notifications, allowed, and what was shown, as `title|body|tag`.
struct FakeNotifications {
    _undo: Undo,
}

impl FakeNotifications {
    async fn new() -> Self {
        script(
            "",
            "globalThis.realNotification = globalThis.Notification;
             globalThis.shown = [];
             globalThis.Notification = class {
               static permission = 'granted';
               constructor(title, { body, tag }) { shown.push([title, body, tag].join('|')); globalThis.newest = this; }
               close() {}
             };",
        )
        .await;
        // Asked, it forgets what was decided before.
        let allowed = switchboard::browser::notification::ask().await;
        assert_eq!(allowed, Permission::Granted);
        Self {
            _undo: Undo::by(|| {
                js_sys::eval("globalThis.Notification = realNotification").unwrap();
            }),
        }
    }

    fn shown() -> Vec<String> {
        let shown = js_sys::eval("shown.join('\\n')").unwrap();
        let shown = shown.as_string().unwrap();
        shown.lines().map(str::to_owned).collect()
    }
}

/// Counts the tabs that have asked whether they may notify.
fn count_claims() -> Patched {
    js_sys::eval("globalThis.claims = 0").unwrap();
    Patched::new(
        "IDBObjectStore",
        "get",
        "if (self.name === 'notified') claims += 1; return original.apply(self, args);",
    )
}

fn claims() -> f64 {
    js_sys::eval("claims").unwrap().as_f64().unwrap()
}

async fn tab(who: &str) -> App {
    let (app, _) = crate::fixture::app();
    let _driver = Driver::start(app);
    app.ask(Intent::Connect(Box::new(request(who, "switchboard"))));
    until(|| app.status.get_untracked().phase == switchboard_client::Phase::Up).await;
    app.set_visible(false);
    app
}

fn message(conversation: &ConversationId, seq: u64, text: &str) -> String {
    format!(
        r#"{{"event":"message","conv":"{conversation}","seq":{seq},"id":"n{seq}","from":"bo","at":1,"kind":"text","content":"{text}"}}"#
    )
}

#[wasm_bindgen_test]
async fn one_tab_notifies_and_none_where_it_is_seen() {
    let owner = Owner::new();
    owner.set();
    let ana = emptied("ana").await;
    let _notifications = FakeNotifications::new().await;
    let sockets = FakeSockets::greeting();
    let _counting = count_claims();
    let tabs = [tab("ana").await, tab("ana").await];
    // Both have asked, and both have been answered: ours comes after theirs.
    let answered = async |count: f64| {
        until(|| claims() >= count).await;
        let after = Database::of(&ana).run(&Job::Forget(Vec::new())).await;
        assert!(after.is_ok());
    };
    let bo = with(&["bo"]);
    sockets.post(&message(&bo, 1, "hello"));
    answered(2.0).await;
    // The tag names the account too: another's message must not take its place.
    let tagged = |text: &str| [text, &name(&ana), "n1"].concat();
    assert_eq!(FakeNotifications::shown(), [tagged("bo|hello|")]);
    js_sys::eval("newest.onclick({})").unwrap();
    let open = tabs.map(|app| app.open.get_untracked());
    assert_eq!(
        open.iter()
            .filter(|open| **open == Some(bo.clone()))
            .count(),
        1
    );
    // The other tab shows it, so nobody says it again.
    let [one, two] = tabs;
    one.open_conversation(bo.clone());
    one.set_visible(true);
    sockets.post(&message(&bo, 2, "again"));
    answered(4.0).await;
    assert_eq!(FakeNotifications::shown().len(), 1);
    // Another conversation than the one that is seen.
    sockets.post(&message(&ConversationId::lobby(), 1, "to all"));
    answered(6.0).await;
    let to_all = tagged("\u{2068}bo\u{2069} – \u{2068}Everyone\u{2069}|to all|");
    assert_eq!(FakeNotifications::shown()[1..], [to_all]);
    for app in [one, two] {
        app.ask(Intent::SignOut(Unsent::Keep));
    }
}

#[wasm_bindgen_test]
async fn nothing_is_shown_that_was_not_allowed() {
    let owner = Owner::new();
    owner.set();
    emptied("ana").await;
    let _notifications = FakeNotifications::new().await;
    js_sys::eval("Notification.permission = 'default'").unwrap();
    let sockets = FakeSockets::greeting();
    let app = tab("ana").await;
    assert!(app.can_ask_to_notify.get_untracked());
    js_sys::eval(
        "Notification.requestPermission = async () => { Notification.permission = 'denied'; }",
    )
    .unwrap();
    let _counting = count_claims();
    app.ask(Intent::Notify);
    until(|| !app.can_ask_to_notify.get_untracked()).await;
    sockets.post(&message(&ConversationId::lobby(), 1, "hello"));
    assert_eq!(claims(), 0.0);
    assert!(FakeNotifications::shown().is_empty());
    app.ask(Intent::SignOut(Unsent::Keep));
}
