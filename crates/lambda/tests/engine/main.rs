//! What only an engine can show: the store, the special cases of the table, the requests of each
//! route. `cargo xtask test --only aws` runs this against MiniStack.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

#[path = "../support/mod.rs"]
mod support;

/// The gateway's own: its client, and the suite of the five older systems.
#[path = "../../../gateway/tests/support/mod.rs"]
mod gateway_support;

mod binaries;
mod races;
mod routes;
mod rows;
mod runtime_api;
mod runtime_mode;
mod suite;
mod table;
mod template;
mod words;

use std::future::Future;

/// A runtime for one test.
fn run<F: Future<Output = ()>>(case: F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(case);
}
