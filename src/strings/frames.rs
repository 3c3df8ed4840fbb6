//! Texts of the frame inspector.

use switchboard_protocol::limits::MAX_FRAME_BYTES;

use crate::state::inspector::{Direction, Frame};

pub use super::texts::frames::*;

/// The key that opens and closes the panel.
pub const KEY: &str = "F8";
/// The trace's file name.
pub const TRACE_FILE: &str = "switchboard-trace.txt";

/// A direction.
#[must_use]
pub fn direction_of(direction: Direction) -> &'static str {
    match direction {
        Direction::Out => sent(),
        Direction::In => received(),
    }
}

/// What a frame is: its route or event, or that the gateway itself made it.
#[must_use]
pub fn name(frame: &Frame) -> String {
    if frame.is_platform_error() {
        return platform().to_owned();
    }
    frame.name().unwrap_or_else(|| text().to_owned())
}

/// A size, e.g. `312 B` or `4 KB`.
#[must_use]
pub fn size(bytes: usize) -> String {
    if bytes < 1024 {
        super::texts::frames::bytes(bytes)
    } else {
        kilobytes(bytes.div_ceil(1024))
    }
}

/// A frame's size against the limit, in a sentence.
#[must_use]
pub fn size_of(frame: &Frame) -> String {
    let size = size_of_limit(frame.bytes, MAX_FRAME_BYTES);
    if frame.is_cut() {
        size_cut(&size)
    } else {
        size
    }
}
