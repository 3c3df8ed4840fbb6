//! Whatever a stranger sends: an answer, never a panic, never somebody else's trouble.

use serde_json::json;
use switchboard_backend::ROUTES;

use crate::support::{World, body};

fn bodies() -> Vec<String> {
    let mut bodies: Vec<String> = [
        "",
        " ",
        "null",
        "true",
        "7",
        "\"text\"",
        "[]",
        "[1,2]",
        "{}",
        "{",
        "}",
        "{]",
        "\u{0}",
        "\u{FEFF}{}",
        "{\"action\":null}",
        "{\"action\":{}}",
        "{\"id\":\"a\",\"id\":\"b\"}",
        r#"{"action":"sendmessage","v":1,"id":"m1","to":["bo"],"content":"\ud83d"}"#,
        r#"{"action":"sendmessage","v":1,"id":"\ud800","to":["bo"],"content":"x"}"#,
        r#"{"action":"sendmessage","v":1,"id":null,"to":["bo"],"content":"x"}"#,
        r#"{"action":"sendmessage","v":-1,"id":"m1","to":["bo"],"content":"x"}"#,
        r#"{"action":"hello","v":1,"rid":1e400,"device":"d","tab":"t"}"#,
        r#"{"action":"sync","rid":1,"conv":"c:%00,bo","after":-1}"#,
        r#"{"action":"ping","n":18446744073709551616}"#,
        "['a']",
        "<script>",
        "\u{202E}\u{2066}",
        "a\u{301}\u{301}\u{301}",
    ]
    .map(str::to_owned)
    .into();
    bodies.push("[".repeat(1024 * 1024));
    bodies.push("{\"a\":".repeat(100_000));
    bodies.push("x".repeat(1024 * 1024));
    bodies.push(format!("{{\"id\":\"{}\"}}", "x".repeat(1024 * 1024)));
    bodies.push(format!(
        "{{\"to\":[{}\"b\"],\"content\":\"x\",\"id\":\"m\"}}",
        "\"a\",".repeat(100_000)
    ));
    bodies
}

#[test]
fn every_route_answers_every_body() {
    let world = World::new();
    world.online("a=", "ana");
    world.online("b=", "bo");
    world.older("n=", None);
    for route in ROUTES
        .iter()
        .filter(|route| !matches!(**route, "$connect" | "$disconnect"))
    {
        for text in bodies() {
            for id in ["a=", "n=", "unlisted="] {
                let answer = world.try_route(id, route, &text).unwrap();
                let shown: String = text.chars().take(60).collect();
                assert!((200..600).contains(&answer.status_code), "{route} {shown}");
                let said = body(&answer);
                assert!(
                    !said.is_empty() && said.len() < 300,
                    "{route} {shown}: {said}"
                );
            }
        }
    }
    assert!(!world.store.counts().contains_key("commit"));
}

#[test]
fn a_broken_own_frame_is_nacked_by_its_id() {
    let world = World::new();
    world.online("a=", "ana");
    for text in [
        r#"{"action":"sendmessage","v":1,"id":"m1","to":["bo"],"content":"\ud83d"}"#,
        r#"{"action":"sendmessage","v":1,"id":"m1","to":["bo"]}"#,
        r#"{"action":"sendmessage","id":"m1","to":["bo"],"content":"x"}"#,
        r#"{"action":"sendmessage","v":1,"id":"m1","to":{},"content":[]}"#,
    ] {
        assert_eq!(
            world
                .try_route("a=", "sendmessage", text)
                .unwrap()
                .status_code,
            400
        );
        let expected = json!({"event": "nack", "id": "m1", "code": "malformed", "retry": false});
        assert_eq!(world.frames("a="), [expected], "{text}");
    }
    // Without a readable id, and for frames of other routes.
    for (route, text) in [
        (
            "sendmessage",
            r#"{"action":"sendmessage","v":1,"id":"a b","to":["bo"],"content":"x"}"#,
        ),
        ("sendmessage", r#"{"action":"sendmessage"}"#),
        ("hello", "{}"),
        ("sync", "[]"),
        ("signal", "null"),
        ("ping", r#"{"action":"ping"}"#),
    ] {
        assert_eq!(world.try_route("a=", route, text).unwrap().status_code, 400);
        let expected = json!({"event": "nack", "code": "malformed", "retry": false});
        assert_eq!(world.frames("a="), [expected], "{route} {text}");
    }
}

#[test]
fn an_older_client_never_gets_a_nack_for_a_broken_frame() {
    let world = World::new();
    world.older("n=", None);
    for text in [
        r#"{"action":"sendmessage"}"#,
        r#"{"action":"sendmessage","content":"x"}"#,
    ] {
        assert_eq!(world.text("n=", text).status_code, 400);
    }
    assert_eq!(world.post.attempts(), 0);
}
