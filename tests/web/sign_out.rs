//! Nothing unsent is left behind without a question.

use switchboard::state::{Intent, Unsent};
use switchboard_protocol::ConversationId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{busy, summary};
use crate::screen::{Screen, screen, settle};

/// The question about two waiting messages and a failed one.
async fn asked() -> Screen {
    let screen = screen(busy).await;
    screen.click("Sign out").await;
    assert!(screen.intents().is_empty());
    assert_eq!(
        screen
            .by_role("heading", "3 messages are not sent yet")
            .len(),
        1
    );
    screen
}

#[wasm_bindgen_test]
async fn staying_changes_nothing() {
    let screen = asked().await;
    screen.click("Stay").await;
    assert!(screen.shown("dialog").is_empty());
    assert!(screen.intents().is_empty());
}

#[wasm_bindgen_test]
async fn what_is_not_sent_is_kept_or_deleted_as_one_chooses() {
    for (choice, unsent) in [
        ("Sign out and keep them on this device", Unsent::Keep),
        ("Sign out and delete them", Unsent::Delete),
    ] {
        let screen = asked().await;
        screen.click(choice).await;
        assert_eq!(screen.intents(), [Intent::SignOut(unsent)]);
    }
}

#[wasm_bindgen_test]
async fn the_question_counts_along() {
    let screen = asked().await;
    let mut row = summary(ConversationId::lobby(), 1, Some(("me", "x")));
    row.waiting = 1;
    screen.app.set_conversations(vec![row.clone()]);
    settle().await;
    assert!(screen.says("1 message is not sent yet"));
    row.waiting = 0;
    screen.app.set_conversations(vec![row]);
    settle().await;
    assert!(screen.says("Everything is sent now"));
}

#[wasm_bindgen_test]
async fn notifications_are_offered_while_nothing_is_decided() {
    const OFFER: &str = "Notify me of new messages";
    let screen = screen(busy).await;
    assert!(screen.by_role("button", OFFER).is_empty());
    screen.app.can_ask_to_notify.set(true);
    settle().await;
    screen.click(OFFER).await;
    assert_eq!(screen.intents(), [Intent::Notify]);
}
