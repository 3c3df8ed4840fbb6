//! Runs the fuzzers' corpora through the same functions: what was found once is tried each time.

use std::fs;
use std::path::Path;

use crate::support::attack;

fn run(target: &str, attack: impl Fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let mut inputs = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        // Shown when the test fails: the input to run alone.
        eprintln!("{}", path.display());
        attack(&fs::read(path).unwrap());
        inputs += 1;
    }
    assert!(inputs >= 20, "{inputs} inputs");
}

#[test]
fn every_hostile_server_of_the_corpus_is_survived() {
    run("inbound", attack::inbound);
}

#[test]
fn every_schedule_of_the_corpus_heals() {
    run("schedule", attack::schedule);
}
