//! The template deployed, without an account: into MiniStack, which runs our programs behind its
//! own gateway, queue and table and enforces their roles. `cargo xtask test --only aws` starts it.
//!
//! It proves that the parts fit. How the platform behaves on the wire is the business of the
//! gateway's conformance tests: this emulator differs there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

#[path = "../support/mod.rs"]
mod support;

/// The gateway's own.
#[path = "../../../gateway/tests/support/mod.rs"]
mod gateway_support;

mod foreign;
mod permissions;
mod socket;
mod stack;
mod systems;
