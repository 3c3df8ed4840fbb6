//! Tokens, tickets and who gets in, against every way to be somebody else that is known.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

mod authorizer;
mod issuer;
mod keys;
mod tokens;

use futures_executor::block_on;
use switchboard_identity::{
    MemoryTickets,
    test_support::{provider, tickets},
};

#[test]
fn tickets_in_memory_pass_the_suite() {
    block_on(tickets::run(&MemoryTickets::default()));
}
