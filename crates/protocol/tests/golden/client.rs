//! What the files of `client/` say.

use switchboard_protocol::{
    ClientFrame, ConversationId,
    client::{Hello, Kind, Ping, SendMessage, Signal, Sync},
};

use crate::ids::{conv, id, seq, user};

pub(crate) fn frames() -> Vec<(&'static str, ClientFrame)> {
    let send = SendMessage {
        v: 1,
        id: id("m1"),
        to: Some(vec![user("bo")]),
        conv: None,
        kind: Kind::Text,
        content: "hi".to_owned(),
        re: None,
    };
    let sync = Sync {
        rid: 0,
        conv: ConversationId::lobby(),
        after: None,
        before: None,
        limit: None,
    };
    vec![
        (
            "hello",
            ClientFrame::Hello(Hello {
                v: 1,
                rid: 9_007_199_254_740_991,
                device: "laptop".to_owned(),
                tab: "01J9ZK".to_owned(),
            }),
        ),
        (
            "sendmessage_full",
            ClientFrame::SendMessage(SendMessage {
                id: id("01J9ZKQ3T8-_a"),
                to: Some(vec![user("bo"), user("安娜")]),
                kind: Kind::Reaction,
                content: "👍 \"quoted\"\n".to_owned(),
                re: Some(id("01J9ZKQ000")),
                ..send.clone()
            }),
        ),
        (
            "sendmessage_conv",
            ClientFrame::SendMessage(SendMessage {
                to: None,
                conv: Some(conv("c:ana,bo")),
                ..send.clone()
            }),
        ),
        ("sendmessage_minimal", ClientFrame::SendMessage(send)),
        (
            "signal",
            ClientFrame::Signal(Signal {
                conv: ConversationId::lobby(),
                kind: "typing".to_owned(),
            }),
        ),
        (
            "sync_full",
            ClientFrame::Sync(Sync {
                rid: 7,
                conv: conv("c:ana,bo"),
                after: Some(seq(41)),
                limit: Some(200),
                ..sync.clone()
            }),
        ),
        (
            "sync_before",
            ClientFrame::Sync(Sync {
                rid: 8,
                conv: conv("c:ana,bo"),
                before: Some(seq(42)),
                limit: Some(50),
                ..sync.clone()
            }),
        ),
        ("sync_minimal", ClientFrame::Sync(sync)),
        (
            "ping_full",
            ClientFrame::Ping(Ping {
                n: 3,
                heads_for: vec![conv("c:ana,bo"), ConversationId::lobby()],
            }),
        ),
        (
            "ping_minimal",
            ClientFrame::Ping(Ping {
                n: 0,
                heads_for: Vec::new(),
            }),
        ),
        ("bye", ClientFrame::Bye),
    ]
}
