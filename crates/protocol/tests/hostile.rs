//! Text that is no frame of ours, or hardly one: classified, never a panic.

use switchboard_protocol::{ClientFrame, Inbound, ServerFrame, server::NackCode};

fn kind(text: &str) -> &'static str {
    match Inbound::parse(text) {
        Inbound::Frame(_) => "frame",
        Inbound::Platform(_) => "platform",
        Inbound::UnknownEvent(_) => "unknown",
        Inbound::Foreign => "foreign",
        Inbound::Malformed => "malformed",
    }
}

#[test]
fn what_is_no_object_is_foreign() {
    let deep = "[".repeat(1024 * 1024);
    let nested = "{\"event\":".repeat(200_000);
    let long = "x".repeat(1024 * 1024);
    for text in [
        "",
        " ",
        "\n",
        "null",
        "true",
        "0",
        "1e999",
        "\"event\"",
        "[]",
        "[[[[",
        "[{\"event\":\"ack\"}]",
        "{",
        "}",
        "{}",
        "{\"a\":1}",
        "{\"event\":",
        "{'event':'ack'}",
        "{\"event\":null}",
        "{\"event\":7}",
        "{\"event\":[\"ack\"]}",
        "{\"event\":\"ack\"}{}",
        "{\"event\":\"\\ud800\"}",
        // A lone surrogate anywhere makes the text no JSON that can be read.
        r#"{"event":"message","content":"\ud83d"}"#,
        r#"{"event":"goaway","reconnect_in_ms":5,"because":"\ud800"}"#,
        "\u{FEFF}{\"event\":\"goaway\"}",
        "\u{0}",
        "hello world",
        "{\"content\":\"hi\"}",
        "{\"message\":\"a= says: hi\"}",
        &deep,
        &nested,
        &long,
    ] {
        let shown: String = text.chars().take(40).collect();
        assert_eq!(kind(text), "foreign", "{shown}");
    }
}

#[test]
fn an_unknown_event_is_counted_by_name() {
    for name in ["", "Ack", "ACK", "ack ", "hello", "sendmessage"] {
        let text = serde_json::json!({"event": name}).to_string();
        assert_eq!(
            Inbound::parse(&text),
            Inbound::UnknownEvent(name.to_owned())
        );
    }
}

#[test]
fn a_known_event_without_its_fields_is_malformed() {
    for text in [
        r#"{"event":"welcome"}"#,
        r#"{"event":"ack","id":"m1","conv":"lobby","seq":1}"#,
        r#"{"event":"ack","id":"m 1","conv":"lobby","seq":1,"at":0}"#,
        r#"{"event":"ack","id":"m1","conv":"c:bo,ana","seq":1,"at":0}"#,
        r#"{"event":"nack","id":"m1","code":"forbidden","retry":"no"}"#,
        r#"{"event":"nack","code":7,"retry":false}"#,
        r#"{"event":"message","conv":"lobby","seq":1,"id":"m1","at":0,"content":"x"}"#,
        r#"{"event":"message","conv":"lobby","seq":1,"id":"m1","from":"a\u202eb","at":0,"content":"x"}"#,
        r#"{"event":"message","conv":"lobby","seq":1,"id":"m1","from":"ana","at":0,"content":null}"#,
        r#"{"event":"page","rid":1,"conv":"lobby","after":0,"messages":[{}],"covered":0,"head":0,"epoch":"e"}"#,
        r#"{"event":"page","rid":1,"conv":"lobby","after":0,"messages":{},"covered":0,"head":0,"epoch":"e"}"#,
        r#"{"event":"pong","n":-1,"now":0}"#,
        r#"{"event":"pong","n":1,"now":0,"heads":{"nowhere":1}}"#,
        r#"{"event":"presence","online":["ana",""]}"#,
        r#"{"event":"delivery","conv":"lobby","seq":1,"to":"bo"}"#,
        r#"{"event":"signal","conv":"lobby","kind":"typing"}"#,
        r#"{"event":"goaway"}"#,
    ] {
        assert_eq!(kind(text), "malformed", "{text}");
    }
}

#[test]
fn a_place_beyond_what_json_readers_hold_is_refused() {
    for seq in [
        "9007199254740992",
        "18446744073709551616",
        "-1",
        "1.5",
        "1e3",
        "\"1\"",
        "null",
    ] {
        let text = format!(r#"{{"event":"ack","id":"m1","conv":"lobby","seq":{seq},"at":0}}"#);
        assert_eq!(kind(&text), "malformed", "{seq}");
        let text = format!(r#"{{"event":"pong","n":1,"now":0,"heads":{{"lobby":{seq}}}}}"#);
        assert_eq!(kind(&text), "malformed", "{seq}");
    }
}

#[test]
fn extra_fields_and_unknown_codes_are_no_trouble() {
    let text = r#" {"event":"goaway","reconnect_in_ms":5,"because":{"deep":[1,null]}}"#;
    assert_eq!(kind(text), "frame");
    let text = r#"{"event":"nack","id":"m1","code":"from_the_future","retry":false}"#;
    let Inbound::Frame(frame) = Inbound::parse(text) else {
        panic!("no frame");
    };
    assert!(matches!(*frame, ServerFrame::Nack(nack) if nack.code == NackCode::Unknown));
}

#[test]
fn hostile_text_in_a_message_round_trips() {
    let combining = format!("a{}", "\u{301}".repeat(10_000));
    for content in [
        "\u{0}",
        "\u{202E}abc",
        "\u{2028}",
        "\\\"</script>",
        "\u{FFFF}",
        &combining,
    ] {
        let text = serde_json::json!({
            "event": "message", "conv": "lobby", "seq": 1, "id": "m1", "from": "ana", "at": 0,
            "content": content,
        })
        .to_string();
        let Inbound::Frame(frame) = Inbound::parse(&text) else {
            panic!("no frame: {text}");
        };
        let again = serde_json::to_string(&*frame).unwrap();
        assert_eq!(Inbound::parse(&again), Inbound::Frame(frame));
    }
}

#[test]
fn hostile_client_frames_do_not_parse() {
    let deep = format!("{{\"action\":{}", "[".repeat(1024 * 1024));
    for text in [
        "",
        "null",
        "[]",
        "[[[[",
        "{}",
        &deep,
        r#"{"action":"Hello","v":1,"rid":1,"device":"d","tab":"t"}"#,
        r#"{"action":"hello","v":1,"rid":1.5,"device":"d","tab":"t"}"#,
        r#"{"action":"sendmessage","v":1,"id":"a b","to":["bo"],"content":"x"}"#,
        r#"{"action":"sendmessage","v":1,"id":"m1","to":"bo","content":"x"}"#,
        r#"{"action":"sendmessage","v":1,"id":"m1","to":["bo"],"content":"\udc00"}"#,
        r#"{"action":"sync","rid":1,"conv":"lobby","after":9007199254740992}"#,
        r#"{"action":"sync","rid":1,"conv":"lobby","limit":4294967296}"#,
        r#"{"action":"ping","n":1,"heads_for":[""]}"#,
        r#"{"action":"signal","kind":"typing"}"#,
    ] {
        assert!(serde_json::from_str::<ClientFrame>(text).is_err());
    }
}
