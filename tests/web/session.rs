//! Signing in and out with the driver: whose messages are shown, kept and deleted.

use leptos::prelude::GetUntracked;
use switchboard::browser::database::name;
use switchboard::driver::Driver;
use switchboard::state::{App, ConnectRequest, Intent, Unsent};
use switchboard_client::Account;
use switchboard_protocol::{ConversationId, Profile};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Storage, window};

use crate::fixture::{account, user};
use crate::raw_database::{Patched, fresh, keys, put_raw, script};
use crate::screen::{Screen, screen, settle};

/// Nothing listens there, so whatever is written stays unsent.
const NOWHERE: &str = "ws://127.0.0.1:1/dev";

pub(crate) fn local_storage() -> Storage {
    window().unwrap().local_storage().unwrap().unwrap()
}

/// Waits for something the browser does in its own time; ten seconds are a failure.
pub(crate) async fn until(mut ready: impl FnMut() -> bool) {
    let now = || window().unwrap().performance().unwrap().now();
    let deadline = now() + 10_000.0;
    while !ready() {
        assert!(now() < deadline, "not within ten seconds");
        let task = js_sys::Promise::new(&mut |done, _| {
            let done = done.unchecked_ref();
            window().unwrap().set_timeout_with_callback(done).unwrap();
        });
        JsFuture::from(task).await.unwrap();
    }
}

async fn emptied(who: &str) -> Account {
    let account = Account {
        endpoint: NOWHERE.to_owned(),
        user: user(who),
        ..account("switchboard")
    };
    script(
        &name(&account),
        "await ended(indexedDB.deleteDatabase(name))",
    )
    .await;
    account
}

fn request(who: &str, profile: &str) -> ConnectRequest {
    ConnectRequest {
        endpoint: NOWHERE.to_owned(),
        typed_url: NOWHERE.to_owned(),
        user: user(who),
        profile: Profile::named(profile).unwrap(),
        query: Vec::new(),
        tickets: None,
    }
}

async fn driven() -> Screen {
    let screen = screen(|_| {}).await;
    let _driver = Driver::start(screen.app);
    screen
}

async fn sign_in(screen: &Screen, who: &str) {
    screen
        .app
        .ask(Intent::Connect(Box::new(request(who, "switchboard"))));
    until(|| !screen.app.conversations.order().get_untracked().is_empty()).await;
    settle().await;
}

/// Writes to everybody, and waits until it is stored and shown.
async fn say(screen: &Screen, text: &str) {
    let before = rows(screen.app);
    screen.app.send(ConversationId::lobby(), text.to_owned());
    until(|| rows(screen.app) > before).await;
    settle().await;
    assert!(screen.says(text));
}

fn rows(app: App) -> usize {
    app.timeline.order().get_untracked().len()
}

async fn stored(account: &Account) -> usize {
    let keys = keys(account, "outbox").await;
    js_sys::JSON::parse(&keys)
        .unwrap()
        .unchecked_into::<js_sys::Array>()
        .length() as usize
}

#[wasm_bindgen_test]
async fn unsent_messages_are_kept_for_their_writer_and_nobody_else() {
    let (ana, _) = (emptied("session-ana").await, emptied("session-bo").await);
    let screen = driven().await;
    sign_in(&screen, "session-ana").await;
    say(&screen, "from ana").await;
    assert_eq!(screen.app.unsent(), 1);
    screen.app.ask(Intent::SignOut(Unsent::Keep));
    sign_in(&screen, "session-bo").await;
    assert_eq!(rows(screen.app), 0);
    assert_eq!(screen.app.unsent(), 0);
    say(&screen, "from bo").await;
    assert!(!screen.says("from ana"));
    screen.app.ask(Intent::SignOut(Unsent::Delete));
    sign_in(&screen, "session-ana").await;
    until(|| rows(screen.app) == 1).await;
    settle().await;
    assert!(screen.says("from ana") && !screen.says("from bo"));
    assert_eq!(stored(&ana).await, 1);
    screen.app.ask(Intent::SignOut(Unsent::Delete));
    sign_in(&screen, "session-bo").await;
    assert_eq!((rows(screen.app), stored(&ana).await), (0, 0));
    screen.app.ask(Intent::SignOut(Unsent::Keep));
}

#[wasm_bindgen_test]
async fn deleting_takes_only_what_this_tab_knows() {
    let ana = emptied("session-tabs").await;
    let screen = driven().await;
    sign_in(&screen, "session-tabs").await;
    put_raw(&ana, "outbox", "'another tab'", "'{}'").await;
    say(&screen, "mine").await;
    screen.app.ask(Intent::SignOut(Unsent::Delete));
    // The queue is in order: when the next load is there, the deletion is done.
    sign_in(&screen, "session-tabs").await;
    assert_eq!(keys(&ana, "outbox").await, r#"["another tab"]"#);
    settle().await;
    assert!(screen.says("1 unsent message in this browser’s storage cannot be read."));
    screen.app.ask(Intent::SignOut(Unsent::Keep));
}

#[wasm_bindgen_test]
async fn a_sign_in_overtaken_by_another_is_not_heard() {
    let (ana, bo) = (
        emptied("session-first").await,
        emptied("session-second").await,
    );
    let screen = driven().await;
    sign_in(&screen, "session-first").await;
    say(&screen, "of the first").await;
    screen.app.ask(Intent::SignOut(Unsent::Keep));
    for who in ["session-first", "session-second"] {
        screen
            .app
            .ask(Intent::Connect(Box::new(request(who, "switchboard"))));
        // Written before storage is read: it waits, and goes to whoever is signed in then.
        screen
            .app
            .send(ConversationId::lobby(), format!("by {who}"));
    }
    until(|| rows(screen.app) == 1).await;
    settle().await;
    assert!(screen.says("by session-second"));
    assert_eq!((stored(&ana).await, stored(&bo).await), (1, 1));
    // And signed out before it was read: nothing follows.
    screen.app.ask(Intent::SignOut(Unsent::Delete));
    screen.app.ask(Intent::Connect(Box::new(request(
        "session-first",
        "switchboard",
    ))));
    screen.app.ask(Intent::SignOut(Unsent::Keep));
    assert_eq!((stored(&ana).await, stored(&bo).await), (1, 0));
    settle().await;
    assert!(screen.app.account.get_untracked().is_none());
    assert!(screen.app.conversations.order().get_untracked().is_empty());
}

#[wasm_bindgen_test]
async fn without_storage_the_chat_goes_on_and_says_so() {
    fresh("session-volatile").await;
    let screen = driven().await;
    let _none = Patched::new("IDBFactory", "open", "throw new Error('forbidden')");
    sign_in(&screen, "session-volatile").await;
    settle().await;
    assert!(screen.says("This browser’s storage cannot be used."));
    say(&screen, "in memory").await;
    assert!(screen.app.volatile.get_untracked());
    screen.click("Close").await;
    assert!(!screen.says("This browser’s storage cannot be used."));
    assert!(screen.says("Keep this page open until everything is sent"));
    screen.app.ask(Intent::SignOut(Unsent::Keep));
}

#[wasm_bindgen_test]
async fn older_systems_keep_their_outbox_in_the_tab() {
    let session = window().unwrap().session_storage().unwrap().unwrap();
    session.clear().unwrap();
    let screen = driven().await;
    let connect = Intent::Connect(Box::new(request("session-s5", "s5")));
    screen.app.ask(connect.clone());
    settle().await;
    say(&screen, "to the room").await;
    let outbox = || {
        (0..session.length().unwrap())
            .filter_map(|at| session.key(at).unwrap())
            .filter(|key| key.starts_with("switchboard.outbox"))
            .count()
    };
    assert_eq!(outbox(), 1);
    screen.app.ask(Intent::SignOut(Unsent::Keep));
    screen.app.ask(connect);
    until(|| rows(screen.app) == 1).await;
    assert_eq!(screen.app.unsent(), 1);
    screen.app.ask(Intent::SignOut(Unsent::Delete));
    assert_eq!(outbox(), 0);
}
