//! Switchboard: a browser chat client for AWS API Gateway WebSocket APIs.
//!
//! - [`driver`]: the only loop, round the client core.
//! - [`browser`]: what the app asks of the browser.
//! - [`state`]: what the views read and what a person asks for; no browser service.
//! - [`format`]: from a message's text to what is shown, and back to plain text.
//! - `later`: what is fetched only when it is opened.
//! - [`ui`]: the views; they touch the DOM and nothing else of the browser.
//! - [`strings`]: every text a person sees.

pub mod browser;
pub mod driver;
pub mod format;
mod later;
pub mod remembered;
pub mod signal;
pub mod state;
pub mod strings;
pub mod ui;
pub mod view;

// `view!` names the crate, in tests and in `main.rs` as here.
extern crate self as switchboard;
