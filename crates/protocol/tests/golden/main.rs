//! Every frame both ways as JSON files.
//!
//! A file changes only together with `docs/protocol.md`: clients and servers of other versions
//! are in use.

#![allow(
    clippy::unwrap_used,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

mod client;
mod files;
mod ids;
mod server;

use switchboard_protocol::{ClientFrame, Inbound, PlatformFrame, ServerFrame};

use files::{file, files};

#[test]
fn client_frames_are_their_files() {
    let frames = client::frames();
    for (name, frame) in &frames {
        let text = file("client", name);
        let read: ClientFrame = serde_json::from_str(&text).unwrap();
        assert_eq!(read, *frame, "{name}");
        let written = serde_json::to_string(frame).unwrap();
        assert_eq!(frame.to_json(), written, "{name}");
        let again: ClientFrame = serde_json::from_str(&written).unwrap();
        assert_eq!(again, *frame, "{name}");
        files::assert_written(name, &written, &text);
    }
    assert_eq!(
        files("client"),
        frames.iter().map(|(name, _)| (*name).to_owned()).collect()
    );
}

#[test]
fn server_frames_are_their_files() {
    let frames = server::frames();
    for (name, frame) in &frames {
        let text = file("server", name);
        let expected = Inbound::Frame(Box::new(frame.clone()));
        assert_eq!(Inbound::parse(&text), expected, "{name}");
        let written = serde_json::to_string(frame).unwrap();
        assert_eq!(Inbound::parse(&written), expected, "{name}");
        if let ServerFrame::Message(message) = frame {
            let written = serde_json::to_string(message).unwrap();
            assert_eq!(message.to_json(), written, "{name}");
        }
        files::assert_written(name, &written, &text);
    }
    assert_eq!(
        files("server"),
        frames.iter().map(|(name, _)| (*name).to_owned()).collect()
    );
}

#[test]
fn the_gateways_own_frames_are_never_chat() {
    for name in files("platform") {
        let text = file("platform", &name);
        let frame = PlatformFrame::parse(&text).unwrap();
        assert_eq!(Inbound::parse(&text), Inbound::Platform(frame.clone()));
        let written = serde_json::to_string(&frame).unwrap();
        files::assert_written(&name, &written, &text);
    }
}
