//! Text frames of a hostile server into a client that is up, or greeting.
#![no_main]

#[path = "../../crates/client/tests/support/mod.rs"]
mod support;

libfuzzer_sys::fuzz_target!(|data: &[u8]| support::attack::inbound(data));
