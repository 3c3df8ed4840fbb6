//! The sidebar's filter, menu and arrow keys, the quick switcher, the keys, and the focus, which is
//! never lost.

use leptos::prelude::document;
use switchboard::state::dialog::Dialog;
use switchboard::state::marks::Mark;
use switchboard::state::{App, Intent};
use switchboard_client::Summary;
use switchboard_protocol::ConversationId;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use crate::fixture::{busy, signed_in, summary, user, with};
use crate::screen::{Press, Screen, dispatch, press, screen, set_value, settle, text_of};

fn key(key: &'static str) -> Press {
    Press {
        key,
        ..Press::default()
    }
}

fn ctrl(key: &'static str) -> Press {
    Press {
        key,
        ctrl: true,
        ..Press::default()
    }
}

fn alt(key: &'static str, shift: bool) -> Press {
    Press {
        key,
        shift,
        alt: true,
        ..Press::default()
    }
}

fn active() -> Element {
    document().active_element().unwrap()
}

/// The focus is on something that shows.
fn has_focus() -> bool {
    let active = active();
    active.tag_name() != "BODY"
        && active
            .closest("[hidden], dialog:not([open])")
            .unwrap()
            .is_none()
}

/// Waits for a frame, as the page does where it corrects the focus.
async fn frame() {
    let next = js_sys::Promise::new(&mut |done, _| {
        let window = web_sys::window().unwrap();
        window.request_animation_frame(&done).unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(next).await.unwrap();
    settle().await;
}

fn conversations(screen: &Screen) -> Vec<String> {
    names(screen, "ul[aria-labelledby=conversations]")
}

fn names(screen: &Screen, list: &str) -> Vec<String> {
    let rows = screen.shown(&format!("{list} .row-name"));
    rows.iter().map(|row| text_of(row)).collect()
}

async fn filter(screen: &Screen, text: &str) {
    set_value(&screen.one("#filter"), text);
    settle().await;
}

#[wasm_bindgen_test]
async fn the_filter_finds_both_lists_whatever_the_accents_and_capitals() {
    let screen = screen(busy).await;
    filter(&screen, "GRA").await;
    assert_eq!(conversations(&screen), ["grace"]);
    assert_eq!(names(&screen, "ul[aria-labelledby=people]"), ["grace"]);
    filter(&screen, "fatima zoe").await;
    assert_eq!(names(&screen, "ul[aria-labelledby=people]"), ["Fàtima-Zöe"]);
    filter(&screen, "дана bo").await;
    assert_eq!(conversations(&screen), ["bo, chiara, Дана"]);
    filter(&screen, "zed").await;
    assert!(screen.says("No conversation or person matches."));
    screen.click("Search messages for “zed”").await;
    assert_eq!(screen.app.dialog.get_untracked(), Some(Dialog::Search));
    let asked = screen.intents();
    assert!(
        matches!(&asked[..], [Intent::Search(query, None)] if query.words == ["zed"]),
        "{asked:?}"
    );
    screen.app.close_dialog();
    settle().await;
    screen.click("Message “zed”").await;
    assert_eq!(screen.intents(), [Intent::Open(with(&["zed"]))]);
    assert_eq!(conversations(&screen).len(), 6, "and the filter is empty");
}

#[wasm_bindgen_test]
async fn escape_empties_the_filter_and_enter_opens_the_first() {
    let screen = screen(busy).await;
    let field = screen.one("#filter");
    field.focus().unwrap();
    filter(&screen, "\u{202e}<b>").await;
    assert!(conversations(&screen).is_empty());
    assert!(press(&field, key("Escape")).await);
    assert_eq!(conversations(&screen).len(), 6);
    filter(&screen, "ever").await;
    assert!(press(&field, key("Enter")).await);
    assert_eq!(screen.intents(), [Intent::Open(ConversationId::lobby())]);
    assert_eq!(crate::screen::focused(), "Message");
    let composing = Press {
        composing: true,
        ..key("Enter")
    };
    assert!(!press(&field, composing).await);
}

#[wasm_bindgen_test]
async fn arrows_move_in_a_list_and_tab_reaches_one_row() {
    let screen = screen(busy).await;
    frame().await;
    let rows = screen.shown("ul[aria-labelledby=conversations] .row");
    let reached =
        |screen: &Screen| screen.shown("ul[aria-labelledby=conversations] .row[tabindex='0']");
    assert_eq!(reached(&screen).len(), 1);
    rows[0].focus().unwrap();
    assert!(press(&rows[0], key("ArrowDown")).await);
    assert_eq!(active(), *rows[1].unchecked_ref::<Element>());
    assert!(press(&rows[1], key("End")).await);
    assert_eq!(active(), *rows[5].unchecked_ref::<Element>());
    assert!(!press(&rows[5], key("ArrowDown")).await);
    assert!(press(&rows[5], key("Home")).await);
    assert_eq!(active(), *rows[0].unchecked_ref::<Element>());
    assert_eq!(reached(&screen), [rows[0].clone()]);
}

#[wasm_bindgen_test]
async fn a_row_keeps_the_focus_when_the_order_changes() {
    let screen = screen(busy).await;
    frame().await;
    let last = screen.shown("ul[aria-labelledby=conversations] .row")[5].clone();
    last.focus().unwrap();
    let mut list: Vec<Summary> = summaries(screen.app);
    let mut moved = list.pop().unwrap();
    moved.last_at += 100_000_000;
    list.insert(0, moved);
    screen.app.set_conversations(list);
    settle().await;
    frame().await;
    let first = screen.shown("ul[aria-labelledby=conversations] .row")[0].clone();
    assert_eq!(first, last, "it has moved");
    assert_eq!(active(), *last.unchecked_ref::<Element>());
}

fn summaries(app: App) -> Vec<Summary> {
    let order = app.conversations.order().get();
    order
        .iter()
        .map(|key| app.conversations.get(key).unwrap().get().summary)
        .collect()
}

#[wasm_bindgen_test]
async fn the_menu_of_a_row_pins_and_mutes_and_gives_the_focus_back() {
    let screen = screen(busy).await;
    let row = |place: usize| screen.shown("ul[aria-labelledby=conversations] .row")[place].clone();
    row(2).focus().unwrap();
    // As Shift+F10, a long press and a right click do.
    dispatch(&row(2), "contextmenu");
    settle().await;
    // The first time it has to be made.
    frame().await;
    assert_eq!(crate::screen::focused(), "Pin to the top");
    screen.click("Pin to the top").await;
    frame().await;
    let bo = with(&["bo"]);
    let pinned = Mark {
        pinned: true,
        muted: false,
    };
    assert_eq!(screen.intents(), [Intent::Mark(bo.clone(), pinned)]);
    assert_eq!(conversations(&screen)[0], "bo");
    assert!(has_focus());
    assert!(text_of(&row(0)).contains("Pinned"));
    assert_eq!(screen.app.unread_total(), 4);
    screen.app.mark(bo.clone(), |mark| mark.muted = true);
    settle().await;
    assert!(screen.app.is_muted(&bo));
    assert_eq!(screen.app.unread_total(), 3, "a muted one does not call");
    assert!(text_of(&row(0)).contains("Muted 1 unread message"));
    screen.app.mark(bo, |mark| *mark = Mark::default());
    settle().await;
    assert_eq!(conversations(&screen)[2], "bo");
}

#[wasm_bindgen_test]
async fn people_who_are_away_stand_last_and_say_so() {
    let screen = screen(|app| {
        signed_in(app, "switchboard");
        app.set_online(&[user("bo"), user("cy")]);
        app.set_conversations(vec![summary(
            with(&["dora", "bo"]),
            1,
            Some(("dora", "hi")),
        )]);
    })
    .await;
    let people = |screen: &Screen| -> Vec<String> {
        let rows = screen.shown("ul[aria-labelledby=people] .row");
        rows.iter().map(|row| text_of(row)).collect()
    };
    assert_eq!(people(&screen), ["bo", "cy", "dora Offline"]);
    screen.app.set_online(&[user("dora")]);
    settle().await;
    assert_eq!(people(&screen), ["dora", "bo Offline"]);
}

#[wasm_bindgen_test]
async fn the_quick_switcher_goes_to_whatever_is_typed() {
    let screen = screen(busy).await;
    let message = screen.role("textbox", "Message");
    message.focus().unwrap();
    assert!(press(&message, ctrl("k")).await);
    frame().await;
    let field = screen.one(".palette input");
    assert_eq!(active(), *field.unchecked_ref::<Element>());
    let chosen = |screen: &Screen| {
        let id = screen
            .one(".palette input")
            .get_attribute("aria-activedescendant");
        let option = document().get_element_by_id(&id.unwrap()).unwrap();
        assert_eq!(
            option.get_attribute("aria-selected").as_deref(),
            Some("true")
        );
        assert_eq!(screen.shown("[role=option][aria-selected=true]").len(), 1);
        text_of(&option)
    };
    // The open one is last of the conversations.
    assert_eq!(chosen(&screen), "Everyone Conversation");
    set_value(&field, "EMRE");
    settle().await;
    assert_eq!(chosen(&screen), "emre.yılmaz Conversation");
    assert!(press(&field, key("ArrowDown")).await);
    assert!(
        chosen(&screen).starts_with("Message “"),
        "{}",
        chosen(&screen)
    );
    assert!(press(&field, key("ArrowUp")).await);
    assert!(press(&field, key("Enter")).await);
    assert_eq!(screen.intents(), [Intent::Open(with(&["emre.yılmaz"]))]);
    assert!(screen.shown("dialog").is_empty());
    assert_eq!(crate::screen::focused(), "Message");
    // An id nobody has talked to.
    press(&message, ctrl("k")).await;
    let field = screen.one(".palette input");
    set_value(&field, "nobody-yet");
    settle().await;
    assert!(press(&field, key("Enter")).await);
    assert_eq!(screen.intents(), [Intent::Open(with(&["nobody-yet"]))]);
}

#[wasm_bindgen_test]
async fn the_quick_switcher_does_what_is_named() {
    let screen = screen(busy).await;
    let message = screen.role("textbox", "Message");
    let run = async |name: &'static str| {
        press(&message, ctrl("k")).await;
        let field = screen.one(".palette input");
        set_value(&field, name);
        settle().await;
        press(&field, key("Enter")).await;
        frame().await;
    };
    run("mute").await;
    let trip = with(&["bo", "chiara", "Дана"]);
    assert!(screen.app.is_muted(&trip));
    assert!(has_focus());
    run("keyboard shortcuts").await;
    assert_eq!(screen.app.dialog.get_untracked(), Some(Dialog::Shortcuts));
    assert!(has_focus(), "in place of another dialog too");
    press(&active().unchecked_into(), ctrl("k")).await;
    frame().await;
    assert_eq!(
        active(),
        *screen.one(".palette input").unchecked_ref::<Element>()
    );
    set_value(&screen.one(".palette input"), "new message");
    settle().await;
    press(&screen.one(".palette input"), key("Enter")).await;
    frame().await;
    assert_eq!(active(), *screen.one("#ids").unchecked_ref::<Element>());
    screen.app.close_dialog();
    frame().await;
    assert!(has_focus());
}

#[wasm_bindgen_test]
async fn keys_walk_through_the_conversations() {
    let screen = screen(busy).await;
    let message = screen.role("textbox", "Message");
    press(&message, alt("ArrowDown", false)).await;
    assert_eq!(screen.intents(), [Intent::Open(ConversationId::lobby())]);
    press(&message, alt("ArrowUp", false)).await;
    press(&message, alt("ArrowUp", false)).await;
    assert_eq!(screen.intents().last(), Some(&Intent::Open(with(&["أمل"]))));
    press(&message, alt("ArrowDown", true)).await;
    assert_eq!(screen.intents(), [Intent::Open(with(&["bo"]))]);
    press(&message, alt("ArrowDown", true)).await;
    assert!(screen.intents().is_empty(), "nothing else is unread");
}

#[wasm_bindgen_test]
async fn the_sheet_shows_what_the_keys_do_and_letters_stay_letters() {
    let screen = screen(busy).await;
    frame().await;
    let message = screen.role("textbox", "Message");
    assert!(!press(&message, key("?")).await);
    assert!(!press(&message, key("/")).await);
    let row = screen.shown(".row[tabindex='0']")[0].clone();
    assert!(press(&row, key("/")).await);
    assert_eq!(active(), *screen.one("#filter").unchecked_ref::<Element>());
    assert!(press(&row, key("?")).await);
    assert_eq!(screen.by_role("heading", "Keyboard shortcuts").len(), 1);
    assert!(screen.says("Previous unread conversation Alt Shift ↑"));
    assert!(screen.says("Mark everything as read Shift Esc"));
    screen.app.close_dialog();
    settle().await;
    let read = Press {
        key: "Escape",
        shift: true,
        ..Press::default()
    };
    press(&message, read).await;
    assert!(!screen.says("unread message"));
    let asked = screen.intents();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked.contains(&Intent::ReadAll(with(&["bo"]))));
}

#[wasm_bindgen_test]
async fn f6_walks_through_the_panes_and_then_leaves_it_to_the_browser() {
    let screen = screen(busy).await;
    frame().await;
    let filter = screen.one("#filter");
    filter.focus().unwrap();
    assert!(press(&filter, key("F6")).await);
    assert!(active().closest(".timeline").unwrap().is_some());
    assert!(press(&active().unchecked_into::<HtmlElement>(), key("F6")).await);
    assert_eq!(crate::screen::focused(), "Message");
    assert!(!press(&screen.role("textbox", "Message"), key("F6")).await);
    let back = Press {
        key: "F6",
        shift: true,
        ..Press::default()
    };
    assert!(press(&screen.role("textbox", "Message"), back).await);
    assert!(active().closest(".timeline").unwrap().is_some());
}

#[wasm_bindgen_test]
async fn a_press_beside_a_dialog_closes_it_unless_a_choice_would_be_lost() {
    let screen = screen(busy).await;
    let beside = async |screen: &Screen| {
        let dialog = screen.one("dialog");
        dispatch(&dialog, "mousedown");
        dispatch(&dialog, "click");
        frame().await;
    };
    let compose = screen.one("nav .compose");
    compose.focus().unwrap();
    compose.click();
    frame().await;
    assert_eq!(active(), *screen.one("#ids").unchecked_ref::<Element>());
    // A selection that ends beside the dialog.
    dispatch(&screen.one("#ids"), "mousedown");
    dispatch(&screen.one("dialog"), "click");
    frame().await;
    assert_eq!(screen.shown("dialog").len(), 1);
    screen.type_into("User ids", "bo,").await;
    beside(&screen).await;
    assert_eq!(screen.shown("dialog").len(), 1);
    screen.click("Remove bo").await;
    assert_eq!(active(), *screen.one("#ids").unchecked_ref::<Element>());
    beside(&screen).await;
    assert!(screen.shown("dialog").is_empty());
    assert_eq!(active(), *compose.unchecked_ref::<Element>());
}
