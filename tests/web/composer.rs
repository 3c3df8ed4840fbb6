//! The composer: what sends, what must not, and when the text goes.

use switchboard::state::compose::Compose;
use switchboard::state::dialog::Dialog;
use switchboard::state::{Hands, Intent};
use switchboard_client::{Earlier, Failure, ItemState, Kind};
use switchboard_protocol::{ConversationId, MessageId};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use crate::fixture::{Under, down, item, message_id, signed_in, user, with};
use crate::screen::{
    Press, Screen, compose, description, dispatch, press, screen, set_value, settle, value,
};

pub(crate) const ENTER: Press = Press {
    key: "Enter",
    shift: false,
    ctrl: false,
    alt: false,
    composing: false,
    key_code: 13,
};

pub(crate) async fn chat() -> (Screen, HtmlElement) {
    let screen = screen(|app| signed_in(app, "switchboard")).await;
    let field = screen.role("textbox", "Message");
    (screen, field)
}

pub(crate) fn sent(screen: &Screen) -> Vec<(ConversationId, MessageId, String)> {
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
    screen.app.set_status(status);
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

/// What the page says, without the marks that keep names apart.
fn said(screen: &Screen) -> String {
    screen.text().replace(['\u{2068}', '\u{2069}'], "")
}

/// What was sent about another message: kind, content, and which.
fn sent_about(screen: &Screen) -> Vec<(Kind, String, Option<MessageId>)> {
    let intents = screen.intents().into_iter();
    intents
        .filter_map(|intent| match intent {
            Intent::Send {
                kind, content, re, ..
            } => Some((kind, content, re)),
            _ => None,
        })
        .collect()
}

async fn talk() -> (Screen, HtmlElement) {
    let (screen, field) = chat().await;
    let own = ItemState::Sent {
        reached: 1,
        of: 1,
        read: 0,
    };
    let items = vec![
        item("m1", "me", 0, "first of mine", own),
        item(
            "m2",
            "bo",
            1,
            "a question,\nin two lines",
            ItemState::Received,
        ),
        item("m3", "me", 2, "last of mine", own),
        item(
            "m4",
            "me",
            3,
            "never sent",
            ItemState::Failed(Failure::Rejected),
        ),
    ];
    let lobby = ConversationId::lobby();
    screen.app.set_timeline(lobby, items, Earlier::None);
    settle().await;
    (screen, field)
}

fn key(key: &'static str) -> Press {
    Press {
        key,
        ..Press::default()
    }
}

#[wasm_bindgen_test]
async fn with_the_setting_enter_starts_a_line_and_control_enter_sends() {
    let (screen, field) = chat().await;
    let settings = screen.app.settings;
    settings.update(|settings| settings.enter_sends = false);
    settle().await;
    assert_eq!(
        field.get_attribute("enterkeyhint").as_deref(),
        Some("enter")
    );
    assert!(description(&field).contains("Ctrl+Enter sends"));
    set_value(&field, "hello");
    assert!(!press(&field, ENTER).await);
    assert!(sent(&screen).is_empty());
    assert!(
        press(
            &field,
            Press {
                ctrl: true,
                ..ENTER
            }
        )
        .await
    );
    assert_eq!(sent(&screen).len(), 1);
}

#[wasm_bindgen_test]
async fn under_a_finger_enter_starts_a_line() {
    let _hands = Under::hands(Hands {
        touch: true,
        ..Hands::default()
    });
    let (screen, field) = chat().await;
    assert_eq!(
        field.get_attribute("enterkeyhint").as_deref(),
        Some("enter")
    );
    set_value(&field, "hello");
    assert!(!press(&field, ENTER).await);
    assert!(sent(&screen).is_empty());
    screen.click("Send").await;
    assert_eq!(sent(&screen).len(), 1);
}

#[wasm_bindgen_test]
async fn in_an_open_fence_enter_starts_a_line() {
    let (screen, field) = chat().await;
    set_value(&field, "```rust\nlet a = 1;");
    assert!(!press(&field, ENTER).await);
    set_value(&field, "```rust\nlet a = 1;\n```");
    assert!(press(&field, ENTER).await);
    assert_eq!(sent(&screen).len(), 1);
}

#[wasm_bindgen_test]
async fn white_space_around_a_message_is_not_sent_but_leaves_the_field() {
    let (screen, field) = chat().await;
    set_value(&field, "\n\n  indented\n\n");
    press(&field, ENTER).await;
    let sent = sent(&screen);
    assert_eq!(sent[0].2, "  indented");
    accept(&screen, &sent[0].1).await;
    assert_eq!(value(&field), "");
}

#[wasm_bindgen_test]
async fn up_edits_the_last_own_message_and_gives_the_draft_back() {
    let (screen, field) = talk().await;
    set_value(&field, "half a thought");
    assert!(!press(&field, key("ArrowUp")).await, "the caret moves");
    set_value(&field, "");
    assert!(press(&field, key("ArrowUp")).await);
    assert_eq!(value(&field), "last of mine");
    assert!(screen.says("Editing your message"));
    assert_eq!(screen.by_role("button", "Save the change").len(), 1);
    // Unchanged: nothing is sent.
    assert!(press(&field, ENTER).await);
    assert!(sent_about(&screen).is_empty());
    assert_eq!(screen.app.compose.get_untracked(), Compose::New);
    press(&field, key("ArrowUp")).await;
    set_value(&field, "last of mine, better");
    press(&field, ENTER).await;
    press(&field, ENTER).await;
    let sent = sent_about(&screen);
    let re = Some(message_id("m3"));
    assert_eq!(sent, [(Kind::Edit, "last of mine, better".to_owned(), re)]);
    assert_eq!(value(&field), "last of mine, better", "not written yet");
}

#[wasm_bindgen_test]
async fn an_edit_that_is_written_or_given_up_brings_the_draft_back() {
    let (screen, field) = talk().await;
    set_value(&field, "half a thought");
    screen.app.compose.set(Compose::Edit(message_id("m1")));
    settle().await;
    assert_eq!(value(&field), "first of mine");
    set_value(&field, "first, better");
    assert!(press(&field, key("Escape")).await);
    assert_eq!(value(&field), "half a thought");
    screen.app.compose.set(Compose::Edit(message_id("m1")));
    settle().await;
    set_value(&field, "first, better");
    press(&field, ENTER).await;
    let id = screen
        .intents()
        .into_iter()
        .find_map(|intent| match intent {
            Intent::Send { id, .. } => Some(id),
            _ => None,
        });
    accept(&screen, &id.unwrap()).await;
    assert_eq!(value(&field), "half a thought");
    assert!(!screen.says("Editing your message"));
}

#[wasm_bindgen_test]
async fn an_empty_edit_asks_whether_the_message_is_to_go() {
    let (screen, field) = talk().await;
    press(&field, key("ArrowUp")).await;
    set_value(&field, " ");
    press(&field, ENTER).await;
    assert!(sent_about(&screen).is_empty());
    let asked = screen.app.dialog.get_untracked();
    assert_eq!(asked, Some(Dialog::Delete(message_id("m3"))));
    screen.app.close_dialog();
}

#[wasm_bindgen_test]
async fn a_reply_says_what_it_is_about_and_is_sent_with_it() {
    let (screen, field) = talk().await;
    set_value(&field, "because");
    screen.app.compose.set(Compose::Reply(message_id("m2")));
    settle().await;
    assert!(said(&screen).contains("Replying to bo a question, in two lines"));
    assert!(description(&field).contains("Replying to"));
    // It belongs to the conversation's draft.
    screen.app.open_conversation(with(&["bo"]));
    settle().await;
    assert!(!screen.says("Replying to"));
    screen.app.open_conversation(ConversationId::lobby());
    settle().await;
    assert_eq!(value(&field), "because");
    assert!(screen.says("Replying"));
    press(&field, ENTER).await;
    let re = Some(message_id("m2"));
    assert_eq!(
        sent_about(&screen),
        [(Kind::Text, "because".to_owned(), re)]
    );
    assert!(!screen.says("Replying"));
}

#[wasm_bindgen_test]
async fn a_reply_can_be_given_up_by_key_and_button() {
    let (screen, field) = talk().await;
    for by_key in [true, false] {
        screen.app.compose.set(Compose::Reply(message_id("m2")));
        settle().await;
        if by_key {
            assert!(press(&field, key("Escape")).await);
        } else {
            screen.click("Cancel the reply (Esc)").await;
        }
        settle().await;
        assert!(!screen.says("Replying"));
    }
    assert!(!press(&field, key("Escape")).await, "nothing to give up");
}

#[wasm_bindgen_test]
async fn older_systems_have_nothing_to_edit() {
    let screen = screen(|app| signed_in(app, "s4")).await;
    let own = ItemState::HandedOver;
    let items = vec![item("m1", "me", 0, "gone", own)];
    screen
        .app
        .set_timeline(ConversationId::lobby(), items, Earlier::None);
    let field = screen.role("textbox", "Message");
    assert!(!press(&field, key("ArrowUp")).await);
    assert_eq!(screen.app.compose.get_untracked(), Compose::New);
}

#[wasm_bindgen_test]
async fn a_text_too_long_goes_in_parts_in_order() {
    let (screen, field) = talk().await;
    screen.app.compose.set(Compose::Reply(message_id("m2")));
    settle().await;
    let text: String = (0..8_000).map(|n| format!("line {n}\n")).collect();
    set_value(&field, &text);
    settle().await;
    screen.click("Send in 3 parts").await;
    let sent = sent_about(&screen);
    assert_eq!(sent.len(), 3);
    let joined: Vec<&str> = sent
        .iter()
        .map(|(_, content, _)| content.as_str())
        .collect();
    assert_eq!(joined.join("\n"), text.trim_end());
    let replies: Vec<bool> = sent.iter().map(|(_, _, re)| re.is_some()).collect();
    assert_eq!(replies, [true, false, false]);
    assert!(screen.by_role("button", "Send in 3 parts").is_empty());
}

#[wasm_bindgen_test]
async fn shortcuts_put_marks_around_and_take_them_away() {
    let (_screen, field) = chat().await;
    field.focus().unwrap();
    let area: &HtmlTextAreaElement = field.unchecked_ref();
    set_value(&field, "make it bold");
    area.set_selection_range(8, 12).unwrap();
    let bold = || Press {
        key: "b",
        ctrl: true,
        ..Press::default()
    };
    assert!(press(&field, bold()).await);
    assert_eq!(value(&field), "make it **bold**");
    press(&field, bold()).await;
    assert_eq!(value(&field), "make it bold");
    area.set_selection_range(0, 0).unwrap();
    press(&field, Press { key: "e", ..bold() }).await;
    assert_eq!(value(&field), "``make it bold");
    assert_eq!(
        area.selection_start().unwrap(),
        Some(1),
        "between the marks"
    );
}

#[wasm_bindgen_test]
async fn what_is_put_in_goes_to_the_caret() {
    let (screen, field) = chat().await;
    set_value(&field, "a c");
    let area: &HtmlTextAreaElement = field.unchecked_ref();
    area.set_selection_range(2, 2).unwrap();
    screen.app.insertion.set("😀".to_owned());
    settle().await;
    assert_eq!(value(&field), "a 😀c");
    assert_eq!(area.selection_start().unwrap(), Some(4));
    assert_eq!(screen.app.drafts.text(&ConversationId::lobby()), "a 😀c");
}

#[wasm_bindgen_test]
async fn the_caret_stays_where_one_types_when_a_sent_text_goes() {
    let (screen, field) = chat().await;
    set_value(&field, "one");
    press(&field, ENTER).await;
    let (_, id, _) = sent(&screen).remove(0);
    set_value(&field, "one two");
    let area: &HtmlTextAreaElement = field.unchecked_ref();
    area.set_selection_range(5, 5).unwrap();
    accept(&screen, &id).await;
    assert_eq!(value(&field), " two");
    assert_eq!(area.selection_start().unwrap(), Some(2));
}

#[wasm_bindgen_test]
async fn others_are_told_that_one_types_and_one_sees_who_does() {
    let (screen, field) = chat().await;
    let bo = with(&["bo", "chiara", "dana"]);
    screen.app.open_conversation(bo.clone());
    settle().await;
    screen.intents();
    set_value(&field, "h");
    assert!(screen.intents().contains(&Intent::Typing(bo.clone())));
    let typing = screen.app.typing;
    for (who, says) in [
        ("bo", "bo is typing…"),
        ("chiara", "bo and chiara are typing…"),
        ("dana", "Several people are typing…"),
    ] {
        typing.heard(&bo, &user(who), 0);
        settle().await;
        assert!(said(&screen).contains(says), "{who}: {}", screen.text());
    }
    screen.app.open_conversation(ConversationId::lobby());
    settle().await;
    assert!(!screen.says("typing"));
    screen.app.open_conversation(bo);
    typing.expire(6_000);
    settle().await;
    assert!(!screen.says("typing"));
}

#[wasm_bindgen_test]
async fn pasted_files_are_refused_with_a_reason() {
    let (screen, field) = chat().await;
    let paste = |files: bool, text: bool| {
        let data = web_sys::DataTransfer::new().unwrap();
        if files {
            let bits = js_sys::Array::of1(&"bits".into());
            let file = web_sys::File::new_with_str_sequence(&bits, "a.png").unwrap();
            data.items().add_with_file(&file).unwrap();
        }
        if text {
            data.set_data("text/plain", "words").unwrap();
        }
        let init = web_sys::ClipboardEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_clipboard_data(Some(&data));
        let event = web_sys::ClipboardEvent::new_with_event_init_dict("paste", &init).unwrap();
        !field.dispatch_event(&event).unwrap()
    };
    assert!(!paste(false, true), "a text is the browser's to paste");
    assert!(!paste(true, true), "so is one with a picture");
    assert!(paste(true, false));
    settle().await;
    assert!(description(&field).contains("Files cannot be sent"));
    set_value(&field, "words");
    settle().await;
    assert!(!screen.says("Files cannot be sent"));
}

#[wasm_bindgen_test]
async fn without_field_sizing_the_field_is_measured() {
    let (_screen, field) = chat().await;
    // This page's style sheet is not there: heights are the browser's own.
    let height = || {
        web_sys::HtmlElement::style(&field)
            .get_property_value("block-size")
            .unwrap()
    };
    assert_eq!(height(), "");
    set_value(&field, "one\ntwo\nthree\nfour\nfive");
    let tall: f64 = height().trim_end_matches("px").parse().unwrap();
    set_value(&field, "one");
    let short: f64 = height().trim_end_matches("px").parse().unwrap();
    assert!(tall > short, "{tall} {short}");
    set_value(&field, "");
    assert_eq!(height(), "");
}
