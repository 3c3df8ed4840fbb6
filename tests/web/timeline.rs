//! The messages: whose, how far they got, and what can be done.

use switchboard::state::Intent;
use switchboard::state::viewport::FIRST;
use switchboard_client::{Earlier, Failure, ItemState};
use switchboard_protocol::ConversationId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{busy, item, message_id, signed_in};
use crate::screen::{Screen, screen, settle, text_of};
use crate::session::until;

fn sent(reached: usize, of: usize, read: usize) -> ItemState {
    ItemState::Sent { reached, of, read }
}

async fn with_state(state: ItemState) -> Screen {
    screen(|app| {
        signed_in(app, "switchboard");
        let items = vec![item("m1", "me", 0, "hello", state)];
        app.set_timeline(ConversationId::lobby(), items, Earlier::None);
    })
    .await
}

#[wasm_bindgen_test]
async fn every_state_is_said_in_words() {
    for (state, said) in [
        (ItemState::Waiting, "Waiting to be sent"),
        (ItemState::Sending, "Sending"),
        (
            ItemState::Unconfirmed,
            "No confirmation yet; it is sent again until one comes",
        ),
        (sent(0, 0, 0), "Sent"),
        (sent(0, 2, 0), "Sent"),
        (sent(1, 1, 0), "Delivered"),
        (sent(1, 2, 0), "Delivered to 1 of 2"),
        (sent(2, 2, 0), "Delivered to all 2"),
        (sent(2, 2, 1), "Read by 1 of 2"),
        (sent(2, 2, 2), "Read by all 2"),
        (sent(1, 1, 1), "Read"),
        (ItemState::HandedOver, "this system does not confirm"),
        (
            ItemState::Failed(Failure::Rejected),
            "Not sent. The server refused the text.",
        ),
    ] {
        let screen = with_state(state).await;
        let row = text_of(&screen.one(".message"));
        assert!(row.starts_with("You hello 09:00"), "{row}");
        assert!(row.contains(said), "{row}");
    }
}

#[wasm_bindgen_test]
async fn a_state_changes_in_place() {
    let screen = with_state(ItemState::Waiting).await;
    let before = screen.one(".message");
    let items = vec![item(
        "m1",
        "me",
        0,
        "hello",
        ItemState::Sent {
            reached: 1,
            of: 1,
            read: 0,
        },
    )];
    screen
        .app
        .set_timeline(ConversationId::lobby(), items, Earlier::None);
    settle().await;
    assert!(text_of(&before).contains("Delivered"));
    assert!(before.is_connected());
}

#[wasm_bindgen_test]
async fn a_failed_message_can_be_tried_again_or_discarded() {
    let screen = with_state(ItemState::Failed(Failure::Forbidden)).await;
    screen.click("Try again").await;
    screen.click("Copy text").await;
    screen.click("Discard").await;
    let id = message_id("m1");
    let copy = Intent::Copy(text_of(&screen.one(".message-text")));
    assert_eq!(
        screen.intents(),
        [Intent::Retry(id.clone()), copy, Intent::Discard(id)]
    );
    screen
        .app
        .set_timeline(ConversationId::lobby(), Vec::new(), Earlier::None);
    settle().await;
    assert!(screen.says("No messages yet."));
    let screen = with_state(ItemState::Waiting).await;
    assert!(screen.by_role("button", "Try again").is_empty());
    assert!(screen.by_role("button", "Copy text").is_empty());
}

#[wasm_bindgen_test]
async fn an_unconfirmed_message_can_be_copied_but_not_taken_back() {
    let screen = with_state(ItemState::Unconfirmed).await;
    assert!(screen.says("No confirmation yet"));
    assert_eq!(screen.by_role("button", "Copy text").len(), 1);
    assert!(screen.by_role("button", "Try again").is_empty());
    assert!(screen.by_role("button", "Discard").is_empty());
}

#[wasm_bindgen_test]
async fn messages_are_grouped_and_days_parted() {
    let screen = screen(busy).await;
    let days: Vec<String> = screen
        .shown(".day")
        .iter()
        .map(|day| text_of(day))
        .collect();
    assert_eq!(days, ["Monday, 2 November", "Tuesday, 3 November"]);
    assert_eq!(screen.all(".message.opens").len(), 6);
    assert_eq!(screen.all(".message").len(), 10);
    assert_eq!(
        screen.by_role("region", "Messages: bo, chiara, Дана").len(),
        1
    );
}

#[wasm_bindgen_test]
async fn earlier_messages_are_asked_for() {
    let screen = screen(busy).await;
    screen.click("Load earlier messages").await;
    let open = screen.app.open.get().unwrap();
    let mut intents = screen.intents();
    intents.retain(|intent| matches!(intent, Intent::LoadEarlier(_)));
    assert_eq!(intents, [Intent::LoadEarlier(open)]);
    screen.app.earlier.set(Earlier::Loading);
    settle().await;
    assert_eq!(
        screen.by_role("button", "Loading earlier messages…").len(),
        1
    );
    screen.app.earlier.set(Earlier::None);
    settle().await;
    assert!(screen.by_role("button", "Load earlier messages").is_empty());
}

#[wasm_bindgen_test]
async fn what_arrives_below_is_counted_until_one_jumps_there() {
    let screen = screen(busy).await;
    let open = screen.app.open.get().unwrap();
    assert!(!screen.says("Jump to the latest"));
    screen.app.at_bottom.set(false);
    screen.app.received(&open);
    screen.app.received(&open);
    settle().await;
    screen.click("Jump to the latest (2 new)").await;
    assert!(!screen.says("Jump to the latest"));
    screen.app.at_bottom.set(false);
    settle().await;
    assert_eq!(screen.by_role("button", "Jump to the latest").len(), 1);
}

#[wasm_bindgen_test]
async fn a_hundred_rows_come_go_and_turn_round() {
    let screen = screen(|app| signed_in(app, "switchboard")).await;
    let lobby = ConversationId::lobby();
    let items = |from: usize| {
        let row = |n: usize| {
            item(
                &format!("m{n}"),
                "bo",
                0,
                &n.to_string(),
                ItemState::Received,
            )
        };
        (from..from + 100).map(row).collect::<Vec<_>>()
    };
    for from in [0, 5, 150, 3, 900] {
        let texts = async || {
            screen
                .app
                .set_timeline(lobby.clone(), items(from), Earlier::None);
            settle().await;
            let rows = screen.all(".message-text");
            rows.iter().map(|row| text_of(row)).collect::<Vec<_>>()
        };
        let all: Vec<String> = (from..from + 100).map(|n| n.to_string()).collect();
        // A conversation is opened: those in sight are painted before the others.
        if from == 0 {
            assert_eq!(texts().await, all[100 - FIRST..]);
            until(|| screen.intents().contains(&Intent::Look)).await;
        }
        assert_eq!(texts().await, all);
    }
}
