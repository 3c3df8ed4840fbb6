//! Signing in and out with the driver: whose messages are shown, kept and deleted.

use leptos::prelude::untrack;
use switchboard::browser::database::name;
use switchboard::driver::Driver;
use switchboard::state::{App, ConnectRequest, Intent, Unsent};
use switchboard_client::trace::replay;
use switchboard_client::{Account, Mark, Phase, Stop};
use switchboard_protocol::{ConversationId, Profile};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Storage, window};

use crate::fake_socket::FakeSockets;
use crate::fixture::{account, user};
use crate::raw_database::{Patched, fresh, keys, load, put_raw, script};
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

pub(crate) async fn emptied(who: &str) -> Account {
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

pub(crate) fn request(who: &str, profile: &str) -> ConnectRequest {
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
    assert_eq!(untrack(|| screen.app.unsent()), 1);
    screen.app.ask(Intent::SignOut(Unsent::Keep));
    sign_in(&screen, "session-bo").await;
    assert_eq!(rows(screen.app), 0);
    assert_eq!(untrack(|| screen.app.unsent()), 0);
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
    assert_eq!(untrack(|| screen.app.unsent()), 1);
    screen.app.ask(Intent::SignOut(Unsent::Delete));
    assert_eq!(outbox(), 0);
}

#[wasm_bindgen_test]
async fn a_refused_ticket_leaves_the_outbox_for_its_owner_alone() {
    let (ana, _) = (emptied("session-a").await, emptied("session-b").await);
    let sockets = FakeSockets::greeting();
    let screen = driven().await;
    sign_in(&screen, "session-a").await;
    until(|| phase(&screen) == Phase::Up).await;
    say(&screen, "only for a to send").await;
    until(|| {
        sockets
            .sent()
            .iter()
            .any(|frame| frame.contains("only for a"))
    })
    .await;
    // Nobody acknowledges it, and the server will not have this person any more. Once might be an
    // old ticket: it is tried once more.
    let refuse = || {
        sockets.run(
            "for (const socket of sockets) if (socket.readyState === 1) {
               socket.readyState = 3;
               socket.onclose?.({ code: 4401, reason: '', wasClean: true });
             }",
            "",
        );
    };
    refuse();
    until(|| matches!(phase(&screen), Phase::Waiting { .. })).await;
    screen.app.ask(Intent::TryNow);
    until(|| phase(&screen) == Phase::Up).await;
    refuse();
    until(|| phase(&screen) == Phase::Stopped(Stop::SignIn)).await;
    settle().await;
    screen.click("Sign in again").await;
    until(|| screen.app.account.with_untracked(Option::is_none)).await;
    sign_in(&screen, "session-b").await;
    until(|| phase(&screen) == Phase::Up).await;
    say(&screen, "from b").await;
    until(|| sockets.sent().iter().any(|frame| frame.contains("from b"))).await;
    assert!(!screen.says("only for a"));
    assert!(!sockets.sent().concat().contains("only for a"));
    assert_eq!(stored(&ana).await, 1);
    screen.app.ask(Intent::SignOut(Unsent::Delete));
    sign_in(&screen, "session-a").await;
    until(|| {
        sockets
            .sent()
            .iter()
            .any(|frame| frame.contains("only for a"))
    })
    .await;
    screen.app.ask(Intent::SignOut(Unsent::Delete));
}

#[wasm_bindgen_test]
async fn what_is_marked_as_unread_is_so_after_a_reload() {
    let account = emptied("session-unread").await;
    let sockets = FakeSockets::greeting();
    let screen = driven().await;
    sign_in(&screen, "session-unread").await;
    until(|| phase(&screen) == Phase::Up).await;
    for (seq, id) in [(1, "m1"), (2, "m2"), (3, "m3")] {
        sockets.post(&format!(
            r#"{{"event":"message","conv":"c:bo,session-unread","seq":{seq},"id":"{id}","from":"bo","at":1,"kind":"text","content":"hello"}}"#,
        ));
    }
    let total = |screen: &Screen| untrack(|| screen.app.unread_total());
    until(|| total(&screen) == 3).await;
    let bo = ConversationId::of(&[user("bo"), user("session-unread")]).unwrap();
    screen.app.open_conversation(bo);
    // The others are told that it is read.
    until(|| sockets.sent().concat().contains(r#""re":"m3""#)).await;
    assert_eq!(total(&screen), 0);
    screen.app.mark_unread("m2".into());
    until(|| total(&screen) == 2).await;
    // It stays although it is in sight, and over a reload.
    settle().await;
    screen.app.open_conversation(ConversationId::lobby());
    settle().await;
    assert_eq!(total(&screen), 2);
    // A reload opens what the address names, which is written after the paint.
    let hash = || window().unwrap().location().hash().unwrap();
    until(|| hash() == "#/c/lobby").await;
    let is_lowered = |mark: &Mark| mark.lowered == 1;
    while !load(&account).await.restored.marks.iter().any(is_lowered) {}
    drop(screen);
    let screen = driven().await;
    sign_in(&screen, "session-unread").await;
    until(|| total(&screen) == 2).await;
    screen.app.ask(Intent::SignOut(Unsent::Delete));
}

#[wasm_bindgen_test]
async fn the_exported_trace_replays_to_the_same_state() {
    emptied("session-trace").await;
    let sockets = FakeSockets::greeting();
    let screen = driven().await;
    sign_in(&screen, "session-trace").await;
    until(|| phase(&screen) == Phase::Up).await;
    say(&screen, "a secret").await;
    sockets.post(
        r#"{"event":"message","conv":"lobby","seq":1,"id":"t1","from":"bo","at":1,"kind":"text","content":"another"}"#,
    );
    until(|| rows(screen.app) == 2).await;
    let _caught = Patched::new(
        "HTMLAnchorElement",
        "click",
        "globalThis.saved = fetch(self.href).then((file) => file.text()).then((text) => [self.download, text])",
    );
    screen.app.ask(Intent::ExportTrace);
    let saved: js_sys::Array = script("", "return await saved").await.unchecked_into();
    assert_eq!(saved.get(0), "switchboard-trace.txt");
    let trace = saved.get(1).as_string().unwrap();
    assert!(replay(&trace).is_ok(), "{trace}");
    for secret in ["secret", "session-trace", "another", "bo\""] {
        assert!(!trace.contains(secret), "{secret}: {trace}");
    }
    screen.app.ask(Intent::SignOut(Unsent::Delete));
}

fn phase(screen: &Screen) -> Phase {
    screen.app.status.get_untracked().phase
}
