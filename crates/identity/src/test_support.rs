//! What tests of this crate and of its adapters share.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "what a test's helper cannot do has failed the test"
)]

pub mod provider;
pub mod tickets;
