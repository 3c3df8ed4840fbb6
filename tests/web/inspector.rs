//! The frame inspector.

use switchboard::state::Intent;
use switchboard::state::inspector::Direction;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{frames, signed_in};
use crate::screen::{Press, Screen, press, screen, set_value, settle, text_of};

const F8: Press = Press {
    key: "F8",
    shift: false,
    ctrl: false,
    alt: false,
    composing: false,
    key_code: 119,
};

async fn panel() -> Screen {
    let screen = screen(|app| {
        signed_in(app, "switchboard");
        frames(app);
    })
    .await;
    screen.click("Frames (F8)").await;
    screen
}

fn rows(screen: &Screen) -> Vec<String> {
    screen
        .shown(".frame")
        .iter()
        .map(|row| text_of(row))
        .collect()
}

#[wasm_bindgen_test]
async fn a_key_and_a_button_open_and_close_it() {
    let screen = screen(|app| signed_in(app, "switchboard")).await;
    let field = screen.role("textbox", "Message");
    assert!(press(&field, F8).await);
    assert_eq!(screen.shown("aside").len(), 1);
    press(&field, F8).await;
    assert!(screen.shown("aside").is_empty());
    screen.click("Frames (F8)").await;
    assert_eq!(crate::screen::focused(), "Filter by route, event or text");
    press(
        &screen.role("searchbox", "Filter by route, event or text"),
        Press {
            key: "Escape",
            ..Press::default()
        },
    )
    .await;
    assert!(screen.shown("aside").is_empty());
    assert_eq!(crate::screen::focused(), "Frames (F8)");
}

#[wasm_bindgen_test]
async fn frames_stand_newest_first_with_direction_route_size_and_time() {
    let screen = panel().await;
    let rows = rows(&screen);
    assert_eq!(rows.len(), 8);
    assert_eq!(rows[0], "Received pong 53 B 09:30:00.000");
    assert_eq!(rows[1], "Sent ping 23 B 09:30:00.000");
    assert_eq!(rows[2], "Received text 29 B 09:30:00.000");
    assert_eq!(rows[3], "Received page 20 KB 09:30:00.000");
    assert!(rows[4].starts_with("Received Gateway error"), "{}", rows[4]);
}

#[wasm_bindgen_test]
async fn a_frame_is_shown_pretty_and_copied_for_wscat() {
    let screen = panel().await;
    screen.shown(".frame")[1].click();
    settle().await;
    let text = screen.one("pre").text_content().unwrap();
    assert_eq!(text, "{\n  \"action\": \"ping\",\n  \"n\": 7\n}");
    assert!(screen.says("23 of 32768 bytes"));
    screen.click("Copy for wscat").await;
    let line = r#"wscat -c 'wss://abc123.execute-api.eu-west-1.amazonaws.com/dev?userId=ana' -x '{"action":"ping","n":7}'"#;
    assert_eq!(screen.intents(), [Intent::Copy(line.to_owned())]);
    screen.shown(".frame")[2].click();
    settle().await;
    screen.click("Copy for wscat").await;
    assert_eq!(
        screen.intents(),
        [Intent::Copy("< plain text of an older system".to_owned())]
    );
}

#[wasm_bindgen_test]
async fn pause_holds_the_list_and_loses_nothing() {
    let screen = panel().await;
    screen.click("Pause").await;
    screen.app.frames.record(Direction::In, 0, "while paused");
    settle().await;
    assert_eq!(rows(&screen).len(), 8);
    let pause = screen.role("button", "Pause");
    assert_eq!(pause.get_attribute("aria-pressed").as_deref(), Some("true"));
    screen.click("Pause").await;
    assert_eq!(rows(&screen).len(), 9);
}

#[wasm_bindgen_test]
async fn the_trace_can_be_exported() {
    let screen = panel().await;
    screen.click("Export trace").await;
    assert_eq!(screen.intents(), [Intent::ExportTrace]);
}

#[wasm_bindgen_test]
async fn filters_narrow_and_clear_empties() {
    let screen = panel().await;
    set_value(
        &screen.role("searchbox", "Filter by route, event or text"),
        "PONG",
    );
    settle().await;
    assert_eq!(rows(&screen).len(), 1);
    set_value(
        &screen.role("searchbox", "Filter by route, event or text"),
        "",
    );
    screen.choose("Direction", "sent").await;
    assert_eq!(rows(&screen).len(), 3);
    screen.app.frames.record(Direction::In, 0, "not shown");
    settle().await;
    assert_eq!(rows(&screen).len(), 3);
    screen.click("Clear").await;
    assert!(rows(&screen).is_empty());
    assert!(screen.says("No frames yet."));
    assert!(screen.app.frames.selected.get().is_none());
}
