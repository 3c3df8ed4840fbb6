//! Choosing recipients: one, several, everyone, ticked or typed.

use switchboard::state::Intent;
use switchboard_protocol::{ConversationId, UserId};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{busy, signed_in, user, with};
use crate::screen::{Press, Screen, dispatch, press, screen, settle, text_of, value};

const ENTER: Press = Press {
    key: "Enter",
    shift: false,
    ctrl: false,
    alt: false,
    composing: false,
    key_code: 13,
};

async fn dialog(profile: &str) -> Screen {
    let screen = screen(|app| {
        if profile == "switchboard" {
            busy(app);
        } else {
            signed_in(app, profile);
        }
    })
    .await;
    screen.shown("nav button.compose")[0].click();
    settle().await;
    screen
}

/// Picks an option of the list.
async fn pick(screen: &Screen, name: &str) {
    let options = screen.shown("[role=option]");
    let option = options.iter().find(|it| text_of(it).starts_with(name));
    option.unwrap().click();
    settle().await;
}

async fn start(screen: &Screen) {
    dispatch(&screen.one("dialog form"), "submit");
    settle().await;
}

fn opened(screen: &Screen) -> Option<ConversationId> {
    screen
        .intents()
        .into_iter()
        .find_map(|intent| match intent {
            Intent::Open(conversation) => Some(conversation),
            _ => None,
        })
}

#[wasm_bindgen_test]
async fn ticked_people_make_a_conversation() {
    let screen = dialog("switchboard").await;
    for name in ["bo", "grace", "chiara"] {
        pick(&screen, name).await;
    }
    screen.click("Remove chiara").await;
    start(&screen).await;
    assert_eq!(opened(&screen), Some(with(&["bo", "grace"])));
    assert!(screen.shown("dialog").is_empty());
    assert_eq!(crate::screen::focused(), "Message");
}

#[wasm_bindgen_test]
async fn pasted_ids_become_chips_and_enter_adds_before_it_starts() {
    let screen = dialog("s2").await;
    let field = screen.role("textbox", "User ids");
    screen.type_into("User ids", "bo, cy;bo").await;
    assert!(press(&field, ENTER).await, "Enter adds what was typed");
    assert_eq!(value(&field), "");
    assert_eq!(screen.shown(".chip").len(), 2);
    assert!(!press(&field, ENTER).await, "then it is the form's");
    screen.type_into("User ids", "dora").await;
    start(&screen).await;
    assert_eq!(opened(&screen), Some(with(&["bo", "cy", "dora"])));
}

#[wasm_bindgen_test]
async fn a_choice_that_cannot_be_is_explained() {
    let screen = dialog("s2").await;
    start(&screen).await;
    assert!(screen.says("Choose somebody first"));
    screen
        .type_into("User ids", &format!("bo,{}", "x".repeat(65)))
        .await;
    start(&screen).await;
    assert!(screen.says("is too long for an id: at most 64 bytes."));
    let field = screen.role("textbox", "User ids");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    let crowd: Vec<String> = (0..60).map(|n| format!("p{n}")).collect();
    screen.type_into("User ids", &crowd.join(",")).await;
    start(&screen).await;
    assert!(screen.says("Choose fewer people: at most 50, you included."));
    assert_eq!(opened(&screen), None);
}

#[wasm_bindgen_test]
async fn everyone_is_one_press() {
    let screen = dialog("switchboard").await;
    screen.role("button", "Everyone").click();
    settle().await;
    assert_eq!(opened(&screen), Some(ConversationId::lobby()));
}

#[wasm_bindgen_test]
async fn one_connection_id_at_a_time_in_s1() {
    let screen = dialog("s1").await;
    screen
        .type_into("Connection id", "BFaT_fALIAMCKug=,CGbU_gBMJBNDLvh=")
        .await;
    start(&screen).await;
    let people: Option<Vec<UserId>> = opened(&screen).and_then(|open| open.participants());
    assert_eq!(people, Some(vec![user("CGbU_gBMJBNDLvh="), user("ana")]));
    assert!(screen.by_role("button", "Everyone").is_empty());
}

#[wasm_bindgen_test]
async fn a_list_is_pasted_whatever_parts_the_ids() {
    let screen = dialog("switchboard").await;
    let field = screen.role("textbox", "User ids");
    paste(&field, "bo\r\ngrace; x y,\u{202e}bad\tbo\n").await;
    let chips: Vec<String> = screen.shown(".chip").iter().map(|it| text_of(it)).collect();
    assert_eq!(chips, ["bo", "grace", "x", "y"]);
    assert_eq!(value(&field), "\u{202e}bad", "nothing is lost");
    assert!(screen.says("“bo” is chosen already."));
    assert!(screen.says("invisible characters"));
    // Part of an id is the browser's to paste.
    assert!(!paste(&field, "abc").await);
    screen.type_into("User ids", "").await;
    for left in [3, 2] {
        let last = Press {
            key: "Backspace",
            ..Press::default()
        };
        assert!(press(&field, last).await);
        assert_eq!(screen.shown(".chip").len(), left);
    }
    start(&screen).await;
    assert_eq!(opened(&screen), Some(with(&["bo", "grace"])));
}

#[wasm_bindgen_test]
async fn people_are_offered_as_one_types() {
    let screen = dialog("switchboard").await;
    let field = screen.role("textbox", "User ids");
    let offered = |screen: &Screen| -> Vec<String> {
        let options = screen.shown("[role=option] bdi");
        options.iter().map(|it| text_of(it)).collect()
    };
    assert_eq!(offered(&screen).len(), 7);
    screen.type_into("User ids", "FAT").await;
    assert_eq!(offered(&screen), ["Fàtima-Zöe"]);
    let composing = Press {
        composing: true,
        ..ENTER
    };
    assert!(!press(&field, composing).await);
    assert!(press(&field, ENTER).await);
    assert_eq!(screen.shown(".chip").len(), 1);
    assert_eq!(
        offered(&screen).len(),
        6,
        "whoever is chosen is not offered"
    );
    assert!(!press(&field, ENTER).await, "then it is the form's");
    start(&screen).await;
    assert_eq!(opened(&screen), Some(with(&["Fàtima-Zöe"])));
}

/// Pastes into a field; whether the page took it.
async fn paste(field: &web_sys::Element, text: &str) -> bool {
    let data = web_sys::DataTransfer::new().unwrap();
    data.set_data("text", text).unwrap();
    let init = web_sys::ClipboardEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_clipboard_data(Some(&data));
    let event = web_sys::ClipboardEvent::new_with_event_init_dict("paste", &init).unwrap();
    let taken = !field.dispatch_event(&event).unwrap();
    settle().await;
    taken
}
