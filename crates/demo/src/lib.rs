//! The demo without a server: the real handlers over the store in memory, and a few people who
//! talk through them as any client does.
//!
//! No browser, no clock and no chance of its own: [`Demo::handle`] takes what happened and when,
//! [`Demo::poll_output`] gives what the page's sockets hear, [`Demo::poll_timeout`] says when
//! [`Input::Timer`] is due. The worker's `main.rs` connects that to a page; tests run it on
//! virtual time. A seed and the inputs decide everything.

mod agenda;
mod cast;
mod demo;
mod director;
mod history;
mod mind;
mod platform;
mod rng;
mod script;
mod sums;
mod texts;

pub use demo::{Demo, Input, Output, SocketId};
