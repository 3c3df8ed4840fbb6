//! The sidebar: conversations with their marks, people, and what each profile allows.

use switchboard::state::{Choice, Intent, Theme, Unsent};
use switchboard::ui::avatar::initial;
use switchboard_protocol::ConversationId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{busy, signed_in, with};
use crate::screen::{screen, settle, text_of};

#[wasm_bindgen_test]
async fn conversations_show_last_line_unread_waiting_and_failed() {
    let screen = screen(busy).await;
    let rows: Vec<String> = screen
        .shown(".row:not(.person)")
        .iter()
        .map(|row| text_of(row))
        .collect();
    assert_eq!(rows.len(), 6);
    assert_eq!(
        rows[0],
        "bo, chiara, Дана 09:32 You: Booked. Platform 4, at quarter past nine."
    );
    assert!(rows[1].starts_with("Everyone 09:31"), "{}", rows[1]);
    assert!(
        rows[1].contains("grace: Is the build green again?"),
        "{}",
        rows[1]
    );
    assert!(rows[1].ends_with("3 unread messages"), "{}", rows[1]);
    assert!(rows[2].ends_with("1 unread message"), "{}", rows[2]);
    assert!(rows[3].ends_with("2 messages wait"), "{}", rows[3]);
    assert!(rows[4].ends_with("1 message failed"), "{}", rows[4]);
}

#[wasm_bindgen_test]
fn a_picture_shows_the_first_letter_or_digit_as_a_capital() {
    for (id, shown) in [
        ("ana", "A"),
        ("Дана", "Д"),
        ("дана", "Д"),
        ("élan", "É"),
        ("_-7x", "7"),
        ("ßa", "SS"),
        ("安娜", "安"),
        ("😀 𐐨", "𐐀"),
        ("٣", "٣"),
        ("😀", "·"),
        ("", "·"),
    ] {
        assert_eq!(initial(id), shown, "{id}");
    }
}

#[wasm_bindgen_test]
async fn opening_a_conversation_reads_it() {
    let screen = screen(busy).await;
    screen.shown(".row")[1].click();
    settle().await;
    assert_eq!(screen.intents(), [Intent::Open(ConversationId::lobby())]);
    assert!(!screen.says("3 unread"));
    let row = &screen.shown(".row")[1];
    assert_eq!(row.get_attribute("aria-current").as_deref(), Some("true"));
    assert_eq!(screen.by_role("heading", "Everyone").len(), 1);
}

#[wasm_bindgen_test]
async fn what_comes_while_the_page_is_hidden_is_unread_until_it_is_seen() {
    let screen = screen(busy).await;
    let open = screen.app.open.get().unwrap();
    let mut summary = crate::fixture::summary(open, 0, Some(("bo", "hi")));
    summary.unread = 1;
    screen.app.set_conversations(vec![summary.clone()]);
    settle().await;
    assert!(!screen.says("unread"), "it is in sight");
    screen.app.set_visible(false);
    screen.app.set_conversations(vec![summary]);
    settle().await;
    assert!(screen.says("1 unread message"));
    screen.app.set_visible(true);
    settle().await;
    assert!(!screen.says("unread"));
}

#[wasm_bindgen_test]
async fn a_person_online_is_a_conversation_away() {
    let screen = screen(busy).await;
    screen.click("grace").await;
    assert_eq!(screen.intents(), [Intent::Open(with(&["grace"]))]);
    assert_eq!(screen.by_role("heading", "grace").len(), 1);
}

#[wasm_bindgen_test]
async fn each_profile_hides_or_explains_what_it_cannot_do() {
    for (profile, said, can_start, can_write) in [
        ("switchboard", "Nobody else is online.", true, true),
        ("s1", "Type a connection id.", true, false),
        ("s2", "This system tells nobody who is online.", true, false),
        (
            "s3",
            "This system only announces: nothing can be sent.",
            false,
            false,
        ),
        ("s4", "sends every message to everybody", false, true),
        ("s5", "sends every message to everybody", false, true),
    ] {
        let screen = screen(|app| signed_in(app, profile)).await;
        assert!(screen.says(said), "{profile}");
        assert_eq!(
            !screen.by_role("button", "New message").is_empty(),
            can_start,
            "{profile}"
        );
        assert_eq!(
            !screen.by_role("textbox", "Message").is_empty(),
            can_write,
            "{profile}"
        );
    }
}

#[wasm_bindgen_test]
async fn the_theme_goes_round_and_is_remembered() {
    let screen = screen(busy).await;
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    let root = root.unwrap();
    for (name, theme) in [
        ("Theme: as the system", Theme::Light),
        ("Theme: light", Theme::Dark),
        ("Theme: dark", Theme::Auto),
    ] {
        screen.click(name).await;
        assert_eq!(screen.intents(), [Intent::Save]);
        assert_eq!(
            root.get_attribute("data-theme").as_deref(),
            Some(theme.name())
        );
    }
}

#[wasm_bindgen_test]
async fn signing_out_shows_the_form_again() {
    let screen = screen(|app| signed_in(app, "switchboard")).await;
    screen.click("Sign out").await;
    assert_eq!(screen.intents(), [Intent::SignOut(Unsent::Keep)]);
    screen.app.signed_out(crate::fixture::defaults());
    settle().await;
    assert_eq!(screen.by_role("textbox", "WebSocket URL").len(), 1);
    assert!(screen.by_role("textbox", "Message").is_empty());
    // And in again, as somebody with nothing of the last session left.
    signed_in(screen.app, "s5");
    settle().await;
    assert!(screen.says("No messages yet."));
    assert!(!screen.says("Booked"));
}
