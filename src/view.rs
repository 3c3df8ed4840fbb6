//! How views get into the document: Leptos' signals and owners, and a renderer of our own.
//!
//! Leptos' renderer compiles its machinery anew for each type of view; that was half of the app's
//! code (docs/size.md). Here [`view!`](switchboard_view::view) makes of every view one static
//! [program](program) and the [parts](Part) that fill its places, and the same few functions show
//! them all: what a view shows at first is [packed](pack) and goes over to JavaScript in one call,
//! where its program's elements are cloned and their places filled; later each place is for itself.

mod document;
mod list;
mod mount;
mod node_ref;
mod pack;
mod part;
mod place;
mod program;
mod shown;
mod time;

pub use list::{MakeRow, each};
pub use mount::{Mounted, mount};
pub use node_ref::NodeRef;
pub use part::{IntoPart, Part, handler, hook};
pub use switchboard_view::view;
pub use time::{
    TimeoutHandle, on_key, queue_microtask, request_animation_frame, set_timeout_with_handle,
};

/// What `view!` gives: not in the document yet.
#[must_use]
pub struct View {
    program: &'static str,
    parts: Vec<Part>,
}

impl Default for View {
    /// One that shows nothing.
    fn default() -> Self {
        build(program::NOTHING, Vec::new())
    }
}

/// For `view!` alone: what the program says, its places filled with the parts in their order.
pub fn build(program: &'static str, parts: Vec<Part>) -> View {
    View { program, parts }
}
