//! A schedule of the client against the reference server: network, disk, person, time.
#![no_main]

#[path = "../../crates/client/tests/support/mod.rs"]
mod support;

libfuzzer_sys::fuzz_target!(|data: &[u8]| support::attack::schedule(data));
