//! What the files of `server/` say.

use switchboard_protocol::{
    ConnectionId, ConversationId, Message, Seq, ServerFrame,
    client::Kind,
    server::{
        Ack, Delivery, Goaway, Limits, Nack, NackCode, Page, Pong, Presence, SignalEvent, Welcome,
    },
};

use crate::ids::{conv, id, seq, user};

pub(crate) fn frames() -> Vec<(&'static str, ServerFrame)> {
    [answers(), refusals(), pushes()].concat()
}

fn message() -> Message {
    Message {
        conv: conv("c:ana,bo"),
        seq: seq(42),
        id: id("m2"),
        from: user("ana"),
        at: 1_708_326_702_790,
        kind: Kind::Text,
        content: "hi".to_owned(),
        re: None,
    }
}

fn nack(code: NackCode) -> ServerFrame {
    ServerFrame::Nack(Nack {
        id: Some(id("m1")),
        code,
        retry: code == NackCode::Unavailable,
        retry_after_ms: None,
    })
}

fn answers() -> Vec<(&'static str, ServerFrame)> {
    let welcome = Welcome {
        rid: 7,
        connection: ConnectionId::try_from("TXzPWdnOjoECGjA=").unwrap(),
        now: 1_708_326_702_790,
        epoch: "5f3a".to_owned(),
        heads: [
            (conv("c:ana,bo"), seq(42)),
            (ConversationId::lobby(), seq(9_007_199_254_740_991)),
        ]
        .into(),
        limits: Limits { max_bytes: 32_768 },
        min_version: 1,
    };
    let ack = Ack {
        id: id("m1"),
        conv: conv("c:ana,bo"),
        seq: seq(42),
        at: 1_708_326_702_790,
        duplicate: true,
    };
    let page = Page {
        rid: 0,
        conv: ConversationId::lobby(),
        after: Seq::ZERO,
        messages: Vec::new(),
        covered: Seq::ZERO,
        head: Seq::ZERO,
        epoch: "e".to_owned(),
    };
    let pong = Pong {
        n: 3,
        now: 1_708_326_702_790,
        heads: [(conv("c:ana,bo"), seq(42))].into(),
    };
    vec![
        ("welcome_full", ServerFrame::Welcome(welcome.clone())),
        (
            "welcome_minimal",
            ServerFrame::Welcome(Welcome {
                rid: 0,
                connection: ConnectionId::try_from("a").unwrap(),
                now: 0,
                epoch: String::new(),
                heads: [].into(),
                ..welcome
            }),
        ),
        ("ack_full", ServerFrame::Ack(ack.clone())),
        (
            "ack_minimal",
            ServerFrame::Ack(Ack {
                seq: seq(1),
                at: 0,
                duplicate: false,
                ..ack
            }),
        ),
        (
            "page_full",
            ServerFrame::Page(Page {
                rid: 7,
                conv: conv("c:ana,bo"),
                after: seq(40),
                messages: vec![
                    message(),
                    Message {
                        seq: seq(44),
                        id: id("m3"),
                        from: user("bo"),
                        kind: Kind::Other("poll".to_owned()),
                        re: Some(id("m2")),
                        ..message()
                    },
                ],
                covered: seq(45),
                head: seq(50),
                epoch: "5f3a".to_owned(),
            }),
        ),
        ("page_minimal", ServerFrame::Page(page)),
        ("pong_full", ServerFrame::Pong(pong)),
        (
            "pong_minimal",
            ServerFrame::Pong(Pong {
                n: 0,
                now: 0,
                heads: [].into(),
            }),
        ),
    ]
}

fn refusals() -> Vec<(&'static str, ServerFrame)> {
    vec![
        (
            "nack_full",
            ServerFrame::Nack(Nack {
                id: Some(id("m1")),
                code: NackCode::Unavailable,
                retry: true,
                retry_after_ms: Some(1000),
            }),
        ),
        (
            "nack_minimal",
            ServerFrame::Nack(Nack {
                id: None,
                code: NackCode::Malformed,
                retry: false,
                retry_after_ms: None,
            }),
        ),
        ("nack_malformed", nack(NackCode::Malformed)),
        ("nack_anonymous", nack(NackCode::Anonymous)),
        ("nack_forbidden", nack(NackCode::Forbidden)),
        ("nack_bad_recipients", nack(NackCode::BadRecipients)),
        ("nack_bad_content", nack(NackCode::BadContent)),
        ("nack_unavailable", nack(NackCode::Unavailable)),
    ]
}

fn pushes() -> Vec<(&'static str, ServerFrame)> {
    vec![
        (
            "message_full",
            ServerFrame::Message(Message {
                kind: Kind::Edit,
                content: "e\u{301} 👩\u{200d}👩\u{200d}👧 \u{202e}".to_owned(),
                re: Some(id("m1")),
                ..message()
            }),
        ),
        (
            "message_minimal",
            ServerFrame::Message(Message {
                conv: ConversationId::lobby(),
                seq: seq(1),
                id: id("m1"),
                at: 0,
                content: String::new(),
                ..message()
            }),
        ),
        (
            "presence_full",
            ServerFrame::Presence(Presence {
                all: true,
                online: vec![user("ana"), user("安娜")],
                offline: vec![user("bo")],
            }),
        ),
        (
            "presence_minimal",
            ServerFrame::Presence(Presence {
                all: false,
                online: Vec::new(),
                offline: Vec::new(),
            }),
        ),
        (
            "delivery",
            ServerFrame::Delivery(Delivery {
                conv: conv("c:ana,bo,cy"),
                seq: seq(42),
                to: vec![user("bo"), user("cy")],
            }),
        ),
        (
            "signal",
            ServerFrame::Signal(SignalEvent {
                conv: conv("c:ana,bo"),
                from: user("ana"),
                kind: "typing".to_owned(),
            }),
        ),
        (
            "goaway",
            ServerFrame::Goaway(Goaway {
                reconnect_in_ms: 5000,
            }),
        ),
    ]
}
