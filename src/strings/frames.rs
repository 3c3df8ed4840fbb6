//! Texts of the frame inspector.

use switchboard_protocol::limits::MAX_FRAME_BYTES;

use super::{count, join};
use crate::state::inspector::{Direction, Frame};

/// The panel's name.
pub const TITLE: &str = "Frames";
/// The key that opens and closes it.
pub const KEY: &str = "F8";
/// The button that opens and closes it.
pub const TOGGLE: &str = "Frames (F8)";
/// Stops the list.
pub const PAUSE: &str = "Pause";
/// Saves the trace.
pub const TRACE: &str = "Export trace";
/// What the trace is.
pub const TRACE_HELP: &str =
    "A file for a bug report: what happened to this page and when, without names and texts";
/// The file's name.
pub const TRACE_FILE: &str = "switchboard-trace.txt";
/// Forgets the frames.
pub const CLEAR: &str = "Clear";
/// The text filter.
pub const FILTER: &str = "Filter by route, event or text";
/// The direction filter.
pub const DIRECTION: &str = "Direction";
/// Both directions.
pub const BOTH: &str = "Both ways";
/// From here to the server.
pub const SENT: &str = "Sent";
/// From the server to here.
pub const RECEIVED: &str = "Received";
/// Copies the chosen frame.
pub const COPY: &str = "Copy for wscat";
/// Confirms it.
pub const COPIED: &str = "Copied.";
/// Says that the browser refused.
pub const NOT_COPIED: &str =
    "Not copied: this browser allows the clipboard on https and localhost pages only.";
/// Names the list.
pub const LIST: &str = "Frames, newest first";
/// Shown where there is no frame.
pub const EMPTY: &str = "No frames yet.";
/// Marks the gateway's own error frames.
pub const PLATFORM: &str = "Gateway error";
/// Shown for a frame without route or event.
pub const TEXT: &str = "text";
/// What the panel keeps.
pub const BOUNDS: &str = "The newest 500 frames, at most 2 MB.";

/// A direction.
#[must_use]
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Out => SENT,
        Direction::In => RECEIVED,
    }
}

/// What a frame is: its route or event, or that the gateway itself made it.
#[must_use]
pub fn name(frame: &Frame) -> String {
    if frame.platform_error {
        return PLATFORM.to_owned();
    }
    frame.name.clone().unwrap_or_else(|| TEXT.to_owned())
}

/// A size, e.g. `312 B` or `4 KB`.
#[must_use]
pub fn size(bytes: usize) -> String {
    if bytes < 1024 {
        join(&[&bytes.to_string(), " B"])
    } else {
        join(&[&bytes.div_ceil(1024).to_string(), " KB"])
    }
}

/// A frame's size against the limit, in a sentence.
#[must_use]
pub fn size_of_limit(frame: &Frame) -> String {
    let size = join(&[
        &frame.bytes.to_string(),
        " of ",
        &count(MAX_FRAME_BYTES, "byte", "bytes"),
    ]);
    if frame.is_cut() {
        join(&[&size, "; only the start is kept"])
    } else {
        size
    }
}
