//! The composer: what sends, what must not, and when the text goes.

use leptos::prelude::{Get, Set};
use switchboard::state::Intent;
use switchboard_client::Failure;
use switchboard_protocol::{ConversationId, MessageId};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::fixture::{down, signed_in, with};
use crate::screen::{
    Press, Screen, compose, description, dispatch, press, screen, set_value, settle, value,
};

const ENTER: Press = Press {
    key: "Enter",
    shift: false,
    ctrl: false,
    alt: false,
    composing: false,
    key_code: 13,
};

async fn chat() -> (Screen, HtmlElement) {
    let screen = screen(|app| signed_in(app, "switchboard")).await;
    let field = screen.role("textbox", "Message");
    (screen, field)
}

fn sent(screen: &Screen) -> Vec<(ConversationId, MessageId, String)> {
    screen
        .intents()
        .into_iter()
        .filter_map(|intent| match intent {
            Intent::Send {
                conversation,
                id,
                content: text,
                ..
            } => Some((conversation, id, text)),
            _ => None,
        })
        .collect()
}

/// What the driver does when the message is written.
async fn accept(screen: &Screen, id: &MessageId) {
    screen.app.answered(id, None);
    settle().await;
}

#[wasm_bindgen_test]
async fn enter_sends_and_the_text_goes_once_it_is_written() {
    let (screen, field) = chat().await;
    set_value(&field, "hello");
    assert!(press(&field, ENTER).await);
    let sent = sent(&screen);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].0, ConversationId::lobby());
    assert_eq!(sent[0].2, "hello");
    assert_eq!(value(&field), "hello", "not written yet");
    accept(&screen, &sent[0].1).await;
    assert_eq!(value(&field), "");
}

#[wasm_bindgen_test]
async fn what_is_typed_before_the_answer_stays_and_is_sent_alone() {
    let (screen, field) = chat().await;
    set_value(&field, "one");
    press(&field, ENTER).await;
    assert!(
        press(&field, ENTER).await,
        "a second press sends nothing twice"
    );
    set_value(&field, "onetwo");
    press(&field, ENTER).await;
    let sent = sent(&screen);
    let texts: Vec<&str> = sent.iter().map(|(_, _, text)| text.as_str()).collect();
    assert_eq!(texts, ["one", "two"]);
    accept(&screen, &sent[0].1).await;
    assert_eq!(value(&field), "two");
    accept(&screen, &sent[1].1).await;
    assert_eq!(value(&field), "");
}

#[wasm_bindgen_test]
async fn a_refusal_keeps_the_text_and_gives_the_reason() {
    let (screen, field) = chat().await;
    set_value(&field, "hello");
    press(&field, ENTER).await;
    let (_, id, _) = sent(&screen).remove(0);
    screen.app.answered(&id, Some(Failure::Forbidden));
    settle().await;
    assert_eq!(value(&field), "hello");
    assert!(description(&field).starts_with("The server says you may not write here."));
    set_value(&field, "hello!");
    settle().await;
    assert!(!screen.says("The server says"));
}

#[wasm_bindgen_test]
async fn shift_enter_breaks_the_line_and_blank_text_is_not_sent() {
    let (screen, field) = chat().await;
    set_value(&field, "hello");
    assert!(
        !press(
            &field,
            Press {
                shift: true,
                ..ENTER
            }
        )
        .await
    );
    set_value(&field, " \n\t");
    press(&field, ENTER).await;
    assert!(sent(&screen).is_empty());
}

#[wasm_bindgen_test]
async fn enter_never_sends_while_an_input_method_composes() {
    let (screen, field) = chat().await;
    set_value(&field, "にほ");
    // Chrome and Firefox: Enter that ends a composition is part of it.
    assert!(
        !press(
            &field,
            Press {
                composing: true,
                key_code: 229,
                ..ENTER
            }
        )
        .await
    );
    assert!(
        !press(
            &field,
            Press {
                composing: true,
                ..ENTER
            }
        )
        .await
    );
    // Safari: it comes after compositionend, marked by the key code alone.
    compose(&field, "compositionstart");
    compose(&field, "compositionend");
    assert!(
        !press(
            &field,
            Press {
                key_code: 229,
                ..ENTER
            }
        )
        .await
    );
    // A dead key is no Enter.
    assert!(
        !press(
            &field,
            Press {
                key: "Dead",
                key_code: 229,
                ..Press::default()
            }
        )
        .await
    );
    assert!(sent(&screen).is_empty());
    assert!(press(&field, ENTER).await);
    assert_eq!(sent(&screen).len(), 1);
}

#[wasm_bindgen_test]
async fn the_field_is_not_written_during_a_composition() {
    let (screen, field) = chat().await;
    set_value(&field, "one");
    press(&field, ENTER).await;
    let (_, id, _) = sent(&screen).remove(0);
    compose(&field, "compositionstart");
    set_value(&field, "oneに");
    accept(&screen, &id).await;
    assert_eq!(value(&field), "oneに");
    compose(&field, "compositionend");
    settle().await;
    assert_eq!(value(&field), "に");
}

#[wasm_bindgen_test]
async fn each_conversation_has_its_own_draft() {
    let (screen, field) = chat().await;
    set_value(&field, "for everyone");
    screen.app.open_conversation(with(&["bo"]));
    settle().await;
    assert_eq!(value(&field), "");
    set_value(&field, "for bo");
    screen.app.open_conversation(ConversationId::lobby());
    settle().await;
    assert_eq!(value(&field), "for everyone");
    press(&field, ENTER).await;
    let (_, id, _) = sent(&screen).remove(0);
    screen.app.open_conversation(with(&["bo"]));
    settle().await;
    accept(&screen, &id).await;
    assert_eq!(value(&field), "for bo");
}

#[wasm_bindgen_test]
async fn the_button_sends_too_also_without_a_connection() {
    let (screen, field) = chat().await;
    let status = down(screen.app);
    screen.app.status.set(status);
    settle().await;
    assert!(description(&field).contains("Will be sent when connected"));
    set_value(&field, "later");
    dispatch(&screen.one("form.composer"), "submit");
    settle().await;
    assert_eq!(sent(&screen).len(), 1);
}

#[wasm_bindgen_test]
async fn the_byte_budget_shows_near_the_limit_and_stops_what_is_over() {
    let (screen, field) = chat().await;
    set_value(&field, &"é".repeat(10_000));
    settle().await;
    assert!(!screen.says("bytes left"));
    set_value(&field, &"é".repeat(15_500));
    settle().await;
    assert!(screen.says("bytes left"));
    set_value(&field, &"é".repeat(16_400));
    settle().await;
    assert!(description(&field).contains("bytes too many: API Gateway takes 32 KB."));
    press(&field, ENTER).await;
    assert!(sent(&screen).is_empty());
    assert!(screen.app.open.get().is_some());
}
