//! The parsers a client's bytes meet first, for `fuzz/` and the test that runs its corpus.
//!
//! Not part of the interface: it exists because a parser is best attacked from inside.

use bytes::BytesMut;
use serde_json::Value;

use crate::{
    head::{self, Head},
    ids::ConnectionId,
    origin::AllowedOrigin,
    routes::{Route, Routes},
    selection::Selection,
    websocket::{
        close::Violation,
        frame::FrameRules,
        handshake, inflate,
        message::{Assembler, Incoming},
    },
};

const MAX_FRAME: usize = 32 * 1024;
const MAX_MESSAGE: usize = 128 * 1024;

/// What a connection makes of its bytes up to the first violation.
type Heard = (Vec<Incoming>, Option<Violation>);

/// Feeds `data` to the parser that its first byte names.
///
/// # Panics
///
/// If a parser breaks one of its promises: that is what the fuzzer looks for.
pub fn parser(data: &[u8]) {
    let Some((kind, data)) = data.split_first() else {
        return;
    };
    match kind % 3 {
        0 => frames(data, kind & 0x80 != 0),
        1 => request_head(data),
        _ => selection(&String::from_utf8_lossy(data)),
    }
}

/// Frames mean the same however the network splits them, and nobody gets more than the quota.
fn frames(data: &[u8], deflate: bool) {
    let (whole, error) = heard(std::iter::once(data), deflate);
    let piece = data.first().map_or(1, |byte| usize::from(byte % 7) + 1);
    let (pieces, pieces_error) = heard(data.chunks(piece), deflate);
    assert_eq!(whole, pieces, "in pieces of {piece}");
    assert_eq!(error, pieces_error, "in pieces of {piece}");
    for incoming in &whole {
        match incoming {
            Incoming::Text(text) => assert!(text.len() <= MAX_MESSAGE),
            Incoming::Ping(payload) => assert!(payload.len() <= 125),
            Incoming::Close(close) => assert!(close.payload().len() <= 125),
            Incoming::Pong => {}
        }
    }
}

fn heard<'a>(pieces: impl Iterator<Item = &'a [u8]>, deflate: bool) -> Heard {
    let rules = FrameRules {
        max_bytes: MAX_FRAME,
        deflate,
    };
    let mut assembler = Assembler::new(rules, MAX_MESSAGE);
    let mut buffer = BytesMut::new();
    let mut incoming = Vec::new();
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            match assembler.next(&mut buffer) {
                Ok(Some(next)) => incoming.push(next),
                Ok(None) => break,
                Err(violation) => return (incoming, Some(violation)),
            }
        }
    }
    (incoming, None)
}

/// Names and parameters of a handshake are taken apart, and nothing is made up.
fn request_head(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for name in Head::from(data.to_vec()).names() {
        assert!(
            text.contains(&name) && !name.contains(['\n', ':']),
            "{name:?}"
        );
        assert_eq!(
            head::title_case(&name).to_ascii_lowercase(),
            name.to_ascii_lowercase()
        );
    }
    for line in text.lines() {
        for (name, value) in handshake::query(line) {
            assert!(name.len() + value.len() <= 3 * line.len());
        }
        if let Some(answer) = inflate::accept(line) {
            assert!(answer.starts_with("permessage-deflate;"));
            assert_eq!(inflate::accept(&answer).as_deref(), Some(answer.as_str()));
        }
        if let Some(id) = ConnectionId::parse(line) {
            assert_eq!(id.as_str(), line);
        }
        if let Ok(origin) = line.parse::<AllowedOrigin>() {
            assert_eq!(
                line.to_ascii_uppercase().parse(),
                Ok(origin),
                "case says nothing"
            );
        }
    }
}

/// The first line is an expression, the rest a message.
fn selection(text: &str) {
    let (expression, message) = text
        .split_once('\n')
        .unwrap_or(("$request.body.action", text));
    if let (Ok(selection), Ok(value)) = (
        Selection::parse(expression),
        serde_json::from_str::<Value>(message),
    ) {
        assert_eq!(selection.evaluate(&value), selection.evaluate(&value));
    }
    let routes = Routes::new("$request.body.action").map(|routes| {
        routes
            .with("$connect", Route::one_way("connect"))
            .with("sendmessage", Route::one_way("send"))
            .with("$default", Route::one_way("default"))
    });
    if let Ok(routes) = routes {
        let selected = routes.select(message).map(|(key, _)| key);
        assert!(
            matches!(selected, Some("sendmessage" | "$default")),
            "{selected:?}"
        );
    }
}
