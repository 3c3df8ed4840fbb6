//! People suggested while one types.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use crate::composer::{ENTER, sent};
use crate::fixture::{signed_in, user, with};
use crate::screen::{Press, Screen, press, screen, set_value, settle, value};

fn key(key: &'static str) -> Press {
    Press {
        key,
        ..Press::default()
    }
}

async fn chat() -> (Screen, HtmlElement) {
    let screen = screen(|app| {
        signed_in(app, "switchboard");
        app.set_online(&["Fàtima-Zöe", "bob", "emre.yılmaz", "أمل"].map(user));
        app.open_conversation(with(&["bo", "chiara"]));
    })
    .await;
    let field = screen.role("textbox", "Message");
    field.focus().unwrap();
    (screen, field)
}

async fn type_in(field: &HtmlElement, text: &str) {
    set_value(field, text);
    settle().await;
}

fn shown(screen: &Screen) -> Vec<String> {
    let options = screen.shown("[role=option] bdi");
    options
        .iter()
        .map(|option| option.text_content().unwrap())
        .collect()
}

#[wasm_bindgen_test]
async fn people_of_the_conversation_come_first_then_who_is_online() {
    let (screen, field) = chat().await;
    assert!(shown(&screen).is_empty());
    assert_eq!(field.get_attribute("aria-controls"), None);
    type_in(&field, "ask @b").await;
    assert_eq!(shown(&screen), ["bo", "bob"]);
    let controls = field.get_attribute("aria-controls").unwrap();
    assert_eq!(screen.one("[role=listbox]").id(), controls);
    assert_eq!(
        field.get_attribute("role"),
        None,
        "a textarea is no combobox"
    );
    assert!(screen.says("2 suggestions"));
    type_in(&field, "@fatima-zoe").await;
    assert_eq!(
        shown(&screen),
        ["Fàtima-Zöe"],
        "capitals and accents do not matter"
    );
    type_in(&field, "@yıl").await;
    assert_eq!(shown(&screen), ["emre.yılmaz"]);
    type_in(&field, "@أ").await;
    assert_eq!(shown(&screen), ["أمل"]);
    type_in(&field, "ana@b").await;
    assert!(shown(&screen).is_empty());
    type_in(&field, "@nobody").await;
    assert!(shown(&screen).is_empty());
}

#[wasm_bindgen_test]
async fn arrows_choose_and_only_then_is_one_named() {
    let (screen, field) = chat().await;
    type_in(&field, "@b").await;
    assert_eq!(field.get_attribute("aria-activedescendant"), None);
    let selected = |screen: &Screen| screen.one("[aria-selected=true]");
    assert!(selected(&screen).text_content().unwrap().ends_with("bo"));
    assert!(press(&field, key("ArrowDown")).await);
    assert_eq!(
        field.get_attribute("aria-activedescendant"),
        Some(selected(&screen).id())
    );
    press(&field, key("ArrowDown")).await;
    assert!(selected(&screen).text_content().unwrap().ends_with("bob"));
    assert_eq!(
        field.get_attribute("aria-activedescendant"),
        Some(selected(&screen).id())
    );
    press(&field, key("ArrowDown")).await;
    press(&field, key("ArrowUp")).await;
    assert!(press(&field, ENTER).await);
    settle().await;
    assert_eq!(value(&field), "@bob ");
    assert!(shown(&screen).is_empty());
    assert_eq!(field.get_attribute("aria-activedescendant"), None);
    assert!(sent(&screen).is_empty());
}

#[wasm_bindgen_test]
async fn tab_takes_escape_puts_away_and_what_follows_stays() {
    let (screen, field) = chat().await;
    type_in(&field, "hi @ch and all").await;
    let area: &HtmlTextAreaElement = field.unchecked_ref();
    area.set_selection_range(6, 6).unwrap();
    crate::screen::dispatch(&field, "input");
    settle().await;
    assert_eq!(shown(&screen), ["chiara"]);
    assert!(press(&field, key("Tab")).await);
    assert_eq!(value(&field), "hi @chiara  and all");
    assert_eq!(area.selection_start().unwrap(), Some(11));
    type_in(&field, "@b").await;
    assert!(press(&field, key("Escape")).await);
    assert!(shown(&screen).is_empty());
    assert_eq!(value(&field), "@b");
    assert!(
        !press(&field, key("Tab")).await,
        "Tab leaves the field again"
    );
}

#[wasm_bindgen_test]
async fn the_sign_alone_or_a_whole_name_does_not_take_enter() {
    let (screen, field) = chat().await;
    type_in(&field, "see you @").await;
    assert_eq!(shown(&screen).len(), 6);
    assert!(press(&field, ENTER).await);
    assert_eq!(sent(&screen)[0].2, "see you @");
    type_in(&field, "see you @@chiara").await;
    type_in(&field, "@chiara").await;
    assert!(shown(&screen).is_empty(), "nothing to add");
    assert!(press(&field, ENTER).await);
    assert_eq!(sent(&screen).len(), 1);
}

#[wasm_bindgen_test]
async fn a_press_takes_one_and_the_focus_stays() {
    let (screen, field) = chat().await;
    type_in(&field, "@b").await;
    let option = screen.shown("[role=option]").remove(1);
    option.click();
    settle().await;
    assert_eq!(value(&field), "@bob ");
    assert_eq!(crate::screen::focused(), "Message");
}
