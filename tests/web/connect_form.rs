//! The connect form: nothing is asked for until everything is right, and what is wrong is said.

use switchboard::state::{ConnectDefaults, Intent};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::defaults;
use crate::screen::{Screen, description, dispatch, focused, screen, settle, value};

const USER: &str = "Your user id";
const URL: &str = "WebSocket URL";

async fn submit(screen: &Screen) {
    dispatch(&screen.one("form"), "submit");
    settle().await;
}

fn is_invalid(screen: &Screen, field: &str) -> bool {
    screen
        .role("textbox", field)
        .get_attribute("aria-invalid")
        .as_deref()
        == Some("true")
}

#[wasm_bindgen_test]
async fn a_good_form_asks_to_connect() {
    let screen = screen(|_| {}).await;
    screen.type_into(USER, " ana ").await;
    submit(&screen).await;
    let intents = screen.intents();
    let [Intent::Connect(request)] = intents.as_slice() else {
        panic!("one request to connect, not {}", intents.len());
    };
    assert_eq!(request.user.as_str(), "ana");
    assert_eq!(request.endpoint, "ws://127.0.0.1:8787/dev");
    assert_eq!(request.profile.id, "switchboard");
}

#[wasm_bindgen_test]
async fn an_empty_id_is_explained_beside_the_field_which_gets_the_focus() {
    let screen = screen(|_| {}).await;
    submit(&screen).await;
    assert!(screen.intents().is_empty());
    assert!(is_invalid(&screen, USER) && !is_invalid(&screen, URL));
    assert!(description(&screen.role("textbox", USER)).starts_with("Enter your user id."));
    assert_eq!(focused(), USER);
}

#[wasm_bindgen_test]
async fn a_bad_url_is_explained_and_its_text_kept() {
    let screen = screen(|_| {}).await;
    screen.type_into(USER, "ana").await;
    for (typed, said) in [
        ("", "Enter the URL"),
        ("javascript:alert(1)", "Begin with wss://"),
        ("wss://", "Add the host"),
        ("wss://a b/dev", "Remove spaces"),
        ("wss://<img src=x>/dev", "Remove spaces"),
        ("wss://host/dev#x", "Remove the #"),
    ] {
        screen.type_into(URL, typed).await;
        submit(&screen).await;
        assert!(is_invalid(&screen, URL), "{typed}");
        let field = screen.role("textbox", URL);
        assert!(description(&field).starts_with(said), "{typed}");
        assert_eq!(value(&field), typed);
        assert_eq!(focused(), URL);
    }
    assert!(screen.intents().is_empty());
}

#[wasm_bindgen_test]
async fn hostile_ids_are_refused() {
    let screen = screen(|_| {}).await;
    for typed in ["a\u{202e}b", "a\u{0}b", &"x".repeat(65)] {
        screen.type_into(USER, typed).await;
        submit(&screen).await;
        assert!(is_invalid(&screen, USER));
    }
    assert!(screen.intents().is_empty());
}

#[wasm_bindgen_test]
async fn bad_further_parameters_open_their_part_of_the_form() {
    let screen = screen(|_| {}).await;
    screen.type_into(USER, "ana").await;
    screen
        .type_into("Further query parameters", "ticket=1\nnonsense")
        .await;
    submit(&screen).await;
    assert!(screen.one("details").has_attribute("open"));
    assert_eq!(focused(), "Further query parameters");
    assert!(screen.says("Line 2: write name=value; the = is missing."));
}

#[wasm_bindgen_test]
async fn each_profile_says_what_it_cannot_do() {
    let screen = screen(|_| {}).await;
    screen.type_into(USER, "ana").await;
    assert!(screen.says("Without tickets, anybody"));
    for (profile, said) in [
        ("s1", "No presence, history or delivery state"),
        ("s2", "No presence, history or delivery state"),
        ("s3", "Nothing can be sent"),
        ("s4", "No direct messages, presence"),
        ("s5", "No direct messages, presence"),
    ] {
        screen.choose("Kind of system", profile).await;
        assert!(screen.says(said), "{profile}");
    }
    // S5 knows no users: the name is optional, and the warning about ids has no object.
    assert!(!screen.says("Without tickets, anybody"));
    assert_eq!(
        value(&screen.role("textbox", "Your name (optional)")),
        "ana"
    );
}

#[wasm_bindgen_test]
async fn defaults_that_come_late_fill_the_form() {
    let screen = screen(|_| {}).await;
    screen.app.connect.set(ConnectDefaults {
        url: "wss://late.example/prod".to_owned(),
        user: "bo".to_owned(),
        error: Some("config.json was odd.".to_owned()),
        ..defaults()
    });
    settle().await;
    assert_eq!(
        value(&screen.role("textbox", URL)),
        "wss://late.example/prod"
    );
    assert_eq!(value(&screen.role("textbox", USER)), "bo");
    assert!(screen.says("config.json was odd."));
}
