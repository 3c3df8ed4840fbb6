//! Text is text, whatever it holds.

use switchboard_client::{Earlier, ItemState};
use switchboard_protocol::ConversationId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{item, signed_in, summary};
use crate::screen::screen;

#[wasm_bindgen_test]
async fn no_text_becomes_markup() {
    let marks = format!("Z{}", "\u{0301}".repeat(10_000));
    let texts = [
        "<img src=x onerror=alert(1)>",
        "</li></ol><script>alert(1)</script>",
        "&lt;b&gt; &amp; &#60;",
        "\u{202e}gnitset\u{2066}\u{2067}",
        &marks,
        "a\u{0}b\u{7f}\u{1b}[31m",
        "{{constructor}} ${x} %s %n",
        "𝕏\u{fffd}\u{ffff}\u{10ffff}",
        "\u{feff}\u{200b}",
        "line\nbreak\r\n\ttab",
    ];
    let screen = screen(|app| {
        signed_in(app, "switchboard");
        let items = texts
            .iter()
            .enumerate()
            .map(|(n, text)| item(&format!("m{n}"), "<b>bo</b>", 0, text, ItemState::Received))
            .collect();
        app.set_timeline(ConversationId::lobby(), items, Earlier::None);
        let last = Some(("<i>x</i>", texts[0]));
        app.set_conversations(vec![summary(ConversationId::lobby(), 0, last)]);
    })
    .await;
    let shown: Vec<String> = screen
        .all(".message-text")
        .iter()
        .map(|text| text.text_content().unwrap())
        .collect();
    assert_eq!(shown, texts);
    for tag in ["img", "script", ".messages b", ".rows i"] {
        assert!(screen.all(tag).is_empty(), "{tag}");
    }
    for text in screen.all(".message-text") {
        let bubble = text.parent_element().unwrap();
        assert_eq!(bubble.get_attribute("dir").as_deref(), Some("auto"));
        assert_eq!(text.child_element_count(), 0);
    }
    assert_eq!(screen.all("bdi.message-name").len(), texts.len());
}
