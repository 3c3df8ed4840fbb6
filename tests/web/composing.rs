//! Input methods in the browser: every order of events that browsers tell, and that nothing is
//! written into the field meanwhile.

use switchboard::state::compose::Compose;
use switchboard_client::ItemState;
use switchboard_protocol::ConversationId;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CompositionEvent, HtmlElement, HtmlTextAreaElement, InputEvent, InputEventInit};

use crate::composer::{ENTER, chat, sent};
use crate::fixture::{item, message_id, user, with};
use crate::ime::{TABLES, What};
use crate::screen::{Press, Screen, compose, press, set_value, settle, value};

fn input(field: &HtmlElement, kind: &str, how: &str, composing: bool) {
    let init = InputEventInit::new();
    init.set_bubbles(true);
    init.set_input_type(how);
    init.set_is_composing(composing);
    let event = InputEvent::new_with_event_init_dict(kind, &init).unwrap();
    field.dispatch_event(&event).unwrap();
}

/// Plays a browser's events; `before` stands in the field already.
async fn play(field: &HtmlElement, before: &str, events: &[crate::ime::Event]) {
    let area: &HtmlTextAreaElement = field.unchecked_ref();
    for event in events {
        match event.what {
            What::KeyDown(key, key_code, composing) => {
                let down = Press {
                    key,
                    key_code,
                    composing,
                    ..Press::default()
                };
                let taken = press(field, down).await;
                assert!(!taken || event.ours, "{key} was the input method's");
            }
            What::KeyUp(..) => {}
            What::Start => compose(field, "compositionstart"),
            What::Update(text) => {
                let event = CompositionEvent::new("compositionupdate").unwrap();
                field.dispatch_event(&event).unwrap();
                area.set_value(&[before, text].concat());
            }
            What::End(text) => {
                area.set_value(&[before, text].concat());
                compose(field, "compositionend");
            }
            What::Before(how, composing) => input(field, "beforeinput", how, composing),
            What::Input(how, composing) => input(field, "input", how, composing),
        }
        settle().await;
    }
}

/// Every situation in which Enter, Tab, Escape or an arrow means something.
async fn situations() -> Vec<(&'static str, Screen, HtmlElement)> {
    let mut all = Vec::new();
    for situation in ["plain", "suggestions", "reply", "edit"] {
        let (screen, field) = chat().await;
        let own = ItemState::Sent {
            reached: 0,
            of: 0,
            read: 0,
        };
        let lobby = ConversationId::lobby();
        let items = vec![item("m1", "me", 0, "own", own)];
        screen
            .app
            .set_timeline(lobby, items, switchboard_client::Earlier::None);
        match situation {
            "suggestions" => {
                screen.app.set_online(&[user("ni"), user("二"), user("bo")]);
                set_value(&field, "@");
            }
            "reply" => screen.app.compose.set(Compose::Reply(message_id("m1"))),
            "edit" => screen.app.compose.set(Compose::Edit(message_id("m1"))),
            _ => {}
        }
        settle().await;
        all.push((situation, screen, field));
        // One page at a time: ids are the page's.
        break_up(&mut all).await;
    }
    all
}

/// Plays every table in the newest situation, then lets its page go.
async fn break_up(all: &mut Vec<(&'static str, Screen, HtmlElement)>) {
    let Some((situation, screen, field)) = all.pop() else {
        return;
    };
    let lobby = ConversationId::lobby();
    for table in TABLES {
        let before = if situation == "suggestions" { "@" } else { "" };
        let compose_before = screen.app.compose.get_untracked();
        set_value(&field, before);
        screen.intents();
        let ours = table.events.iter().position(|event| event.ours);
        let (its, own) = table.events.split_at(ours.unwrap_or(table.events.len()));
        play(&field, before, its).await;
        let what = [table.name, " / ", situation].concat();
        assert_eq!(sent(&screen), [], "{what}");
        assert_eq!(screen.app.compose.get_untracked(), compose_before, "{what}");
        assert_eq!(screen.app.drafts.text(&lobby), value(&field), "{what}");
        if situation == "plain" {
            // A text that dictation or a phone typed.
            if table.sends > 0 && value(&field).is_empty() {
                set_value(&field, "spoken");
            }
            let text = value(&field);
            play(&field, before, own).await;
            let sent = sent(&screen);
            assert_eq!(sent.len(), table.sends, "{what}");
            for (_, id, was) in sent {
                assert_eq!(was, text, "{what}");
                screen.app.answered(&id, None);
                settle().await;
                assert_eq!(value(&field), "", "{what}");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn no_key_of_an_input_method_does_anything_in_any_browser() {
    assert!(situations().await.is_empty());
}

#[wasm_bindgen_test]
async fn a_sent_text_does_not_come_back_while_one_composes_on() {
    let (screen, field) = chat().await;
    set_value(&field, "one");
    press(&field, ENTER).await;
    let (_, id, _) = sent(&screen).remove(0);
    compose(&field, "compositionstart");
    set_value(&field, "oneに");
    screen.app.answered(&id, None);
    settle().await;
    // It is composed on: the field still holds the sent text, the draft must not.
    set_value(&field, "oneにほ");
    settle().await;
    assert_eq!(value(&field), "oneにほ", "not written yet");
    assert_eq!(screen.app.drafts.text(&ConversationId::lobby()), "にほ");
    compose(&field, "compositionend");
    settle().await;
    assert_eq!(value(&field), "にほ");
}

#[wasm_bindgen_test]
async fn an_emoji_or_a_mention_waits_for_the_end_of_a_composition() {
    let (screen, field) = chat().await;
    screen.app.open_conversation(with(&["bo"]));
    settle().await;
    let area: &HtmlTextAreaElement = field.unchecked_ref();
    compose(&field, "compositionstart");
    set_value(&field, "に");
    screen.app.insertion.set("😀".to_owned());
    settle().await;
    assert_eq!(value(&field), "に");
    area.set_value("日");
    compose(&field, "compositionend");
    settle().await;
    assert_eq!(value(&field), "日😀");
    // A name picked with the mouse while a phone composes it.
    set_value(&field, "");
    compose(&field, "compositionstart");
    set_value(&field, "@b");
    settle().await;
    screen.one("[role=option]").click();
    settle().await;
    assert_eq!(value(&field), "@b");
    compose(&field, "compositionend");
    settle().await;
    assert_eq!(value(&field), "@bo ");
}
