//! Drafts in the browser's storage: kept, found again, followed across tabs, removed.

use switchboard::browser::drafts::Shelf;
use switchboard::driver::Driver;
use switchboard::state::compose::Compose;
use switchboard::state::{Intent, Unsent};
use switchboard_client::Account;
use switchboard_protocol::ConversationId;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{StorageEvent, StorageEventInit, window};

use crate::fake_socket::FakeSockets;
use crate::fixture::with;
use crate::screen::{Screen, dispatch, screen, set_value, settle, value};
use crate::session::{emptied, local_storage, request, until};

fn shelf(account: &Account) -> Shelf {
    Shelf::of(account, |_| {})
}

fn clear(account: &Account) {
    let shelf = shelf(account);
    for (place, _) in shelf.rows() {
        shelf.put(&place, None).unwrap();
    }
}

fn rows(account: &Account) -> Vec<(String, String)> {
    let mut rows = shelf(account).rows();
    rows.sort();
    rows
}

async fn sign_in(who: &str) -> Screen {
    let screen = screen(|_| {}).await;
    let _driver = Driver::start(screen.app);
    let connect = Intent::Connect(Box::new(request(who, "switchboard")));
    screen.app.ask(connect);
    until(|| !screen.app.conversations.order().get_untracked().is_empty()).await;
    settle().await;
    screen
}

fn hide_page() {
    window()
        .unwrap()
        .dispatch_event(&web_sys::Event::new("pagehide").unwrap())
        .unwrap();
}

#[wasm_bindgen_test]
async fn what_is_written_survives_the_page_and_what_is_sent_does_not() {
    let _sockets = FakeSockets::silent();
    let account = emptied("drafter").await;
    clear(&account);
    {
        let screen = sign_in("drafter").await;
        let field = screen.role("textbox", "Message");
        set_value(&field, "half a thought");
        settle().await;
        assert_eq!(rows(&account), [], "not at every key");
        hide_page();
        assert_eq!(rows(&account).len(), 1);
        screen.app.open_conversation(with(&["bo"]));
        settle().await;
    }
    {
        let screen = sign_in("drafter").await;
        let field = screen.role("textbox", "Message");
        assert_eq!(value(&field), "half a thought");
        assert_eq!(
            screen.app.drafts.line(&ConversationId::lobby()),
            "half a thought"
        );
        dispatch(&screen.one("form.composer"), "submit");
        until(|| value(&field).is_empty()).await;
        assert_eq!(rows(&account), []);
    }
    let screen = sign_in("drafter").await;
    assert_eq!(value(&screen.role("textbox", "Message")), "");
}

#[wasm_bindgen_test]
async fn a_conversation_with_nothing_but_a_draft_is_listed() {
    let _sockets = FakeSockets::silent();
    let account = emptied("drafter").await;
    clear(&account);
    let place = ConversationId::try_from("c:bo,drafter").unwrap();
    let shelf = shelf(&account);
    shelf
        .put(place.as_str(), Some(r#"{"text":"to bo"}"#))
        .unwrap();
    let screen = sign_in("drafter").await;
    let listed = || screen.app.conversations.get(place.as_str()).is_some();
    until(listed).await;
    screen.app.open_conversation(place);
    settle().await;
    assert_eq!(value(&screen.role("textbox", "Message")), "to bo");
    clear(&account);
}

#[wasm_bindgen_test]
async fn hostile_and_strange_rows_are_passed_over() {
    let _sockets = FakeSockets::silent();
    let account = emptied("drafter").await;
    clear(&account);
    let shelf = shelf(&account);
    let huge = ["{\"text\":\"", &"x".repeat(1_000_000), "\"}"].concat();
    for (place, row) in [
        ("lobby", "{\"text\":"),
        ("", r#"{"text":"nowhere"}"#),
        ("c:ana,bo", r#"{"text":"where one does not take part"}"#),
        ("c:bo,drafter", huge.as_str()),
        ("c:drafter,x", r#"{"text":["a"],"re":7}"#),
    ] {
        shelf.put(place, Some(row)).unwrap();
    }
    let screen = sign_in("drafter").await;
    assert_eq!(value(&screen.role("textbox", "Message")), "");
    assert_eq!(screen.app.drafts.places(), []);
    // What this version cannot read may be a newer one's: it stays.
    assert_eq!(rows(&account).len(), 5);
    clear(&account);
}

#[wasm_bindgen_test]
async fn signing_out_keeps_drafts_unless_all_is_deleted() {
    let _sockets = FakeSockets::silent();
    let account = emptied("drafter").await;
    clear(&account);
    let screen = sign_in("drafter").await;
    set_value(&screen.role("textbox", "Message"), "kept");
    settle().await;
    screen.app.ask(Intent::SignOut(Unsent::Keep));
    settle().await;
    assert_eq!(rows(&account).len(), 1);
    drop(screen);
    let screen = sign_in("drafter").await;
    assert_eq!(value(&screen.role("textbox", "Message")), "kept");
    set_value(&screen.role("textbox", "Message"), "deleted");
    screen.app.ask(Intent::SignOut(Unsent::Delete));
    settle().await;
    assert_eq!(rows(&account), []);
    hide_page();
    assert_eq!(rows(&account), [], "for good");
}

/// What the browser tells this tab when another has stored something.
fn told(account: &Account, place: &str, old: Option<&str>, new: Option<&str>) {
    let storage = local_storage();
    let prefix = [account.profile.id, &account.endpoint, account.user.as_str()].join("\u{0}");
    let key = ["switchboard.draft\u{0}", &prefix, "\u{0}", place].concat();
    match new {
        Some(new) => storage.set_item(&key, new).unwrap(),
        None => storage.remove_item(&key).unwrap(),
    }
    let init = StorageEventInit::new();
    init.set_key(Some(&key));
    init.set_old_value(old);
    init.set_new_value(new);
    let event = StorageEvent::new_with_event_init_dict("storage", &init).unwrap();
    window().unwrap().dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn another_tab_is_followed_but_never_over_what_is_being_typed() {
    let _sockets = FakeSockets::silent();
    let account = emptied("drafter").await;
    clear(&account);
    let screen = sign_in("drafter").await;
    let field = screen.role("textbox", "Message");
    let reply = r#"{"text":"from there","re":"m1"}"#;
    told(&account, "lobby", None, Some(reply));
    settle().await;
    assert_eq!(value(&field), "from there");
    assert!(
        screen
            .app
            .compose
            .with_untracked(|it| matches!(it, Compose::Reply(_)))
    );
    told(&account, "lobby", Some(reply), None);
    settle().await;
    assert_eq!(
        (value(&field), screen.app.compose.get_untracked()),
        (String::new(), Compose::New)
    );
    set_value(&field, "typed here");
    told(&account, "lobby", None, Some(reply));
    told(&account, "lobby", Some(reply), None);
    settle().await;
    assert_eq!(value(&field), "typed here");
    hide_page();
    assert_eq!(rows(&account).len(), 1, "the last writer wins");
    clear(&account);
}

#[wasm_bindgen_test]
async fn where_storage_is_forbidden_one_writes_all_the_same() {
    let _sockets = FakeSockets::silent();
    let account = emptied("drafter").await;
    clear(&account);
    let _full = crate::raw_database::Patched::new(
        "Storage",
        "setItem",
        "throw new DOMException('full', 'QuotaExceededError')",
    );
    let screen = sign_in("drafter").await;
    let field = screen.role("textbox", "Message");
    set_value(&field, "in memory");
    hide_page();
    screen.app.open_conversation(with(&["bo"]));
    settle().await;
    screen.app.open_conversation(ConversationId::lobby());
    settle().await;
    assert_eq!(value(&field), "in memory");
}
