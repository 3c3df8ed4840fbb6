//! The fault catalogue, row by row: `docs/faults.md` names the rows, `fault_NN_…` plays one.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../support/mod.rs"]
mod support;

mod change;
mod close_codes;
mod connecting;
mod frames;
mod lifecycle;
mod losing;
mod order;
mod server;
mod storage;
mod table;
