//! Runs the fuzzer's corpus through the parsers: what was found once is tried each time.

#![allow(
    clippy::unwrap_used,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

use std::{fs, path::Path};

#[test]
fn every_input_of_the_corpus_is_taken_apart() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/gateway_parser");
    let mut inputs = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        eprintln!("{}", path.display());
        switchboard_gateway::fuzzing::parser(&fs::read(path).unwrap());
        inputs += 1;
    }
    assert!(inputs >= 20, "{inputs} inputs");
}
