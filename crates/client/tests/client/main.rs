//! The client core against a server the tests play by hand, on a clock that jumps.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod connection;
mod folding;
mod foreign;
mod found;
mod reading;
mod receiving;
mod replaying;
mod rig;
mod sending;
mod storing;
