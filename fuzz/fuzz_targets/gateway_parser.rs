//! Bytes of a hostile client into the gateway's parsers.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| switchboard_gateway::fuzzing::parser(data));
