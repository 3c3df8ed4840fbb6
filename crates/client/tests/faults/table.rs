//! Holds `docs/faults.md` and the tests together: every row has a test in each file it names,
//! and every numbered test has a row.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROWS: u32 = 92;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files each row names, and the numbers of the rows in their order.
fn table() -> (Vec<u32>, BTreeMap<u32, BTreeSet<String>>) {
    let text = fs::read_to_string(root().join("docs/faults.md")).unwrap();
    let mut order = Vec::new();
    let mut files = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let Some(number) = cells.first().and_then(|cell| cell.parse().ok()) else {
            continue;
        };
        assert_eq!(cells.len(), 4, "row {number} has four cells: {line}");
        assert!(cells.iter().all(|cell| !cell.is_empty()), "row {number}");
        let named = cells[3].split('`').skip(1).step_by(2).map(str::to_owned);
        order.push(number);
        files.insert(number, named.collect());
    }
    (order, files)
}

/// Every file that may hold numbered tests, as a path from the root.
fn sources() -> Vec<String> {
    let mut folders = vec![
        root().join("e2e"),
        root().join("tests"),
        root().join("crates"),
    ];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && !["node_modules", "target", "results"].contains(&name.as_str()) {
                folders.push(path);
            } else if name.ends_with(".rs") || name.ends_with(".test.mjs") {
                let path = path.strip_prefix(root()).unwrap().to_str().unwrap();
                found.push(path.replace('\\', "/"));
            }
        }
    }
    found
}

/// The rows a file has tests for: `fn fault_41_42_…` in Rust, `fault 41: …` or
/// `fault 41, 42: …` as a title in the browser's, written out where the text begins.
fn numbers(path: &str) -> BTreeSet<u32> {
    let text = fs::read_to_string(root().join(path)).unwrap();
    let mut found = BTreeSet::new();
    let rust = path.ends_with(".rs");
    let marks: &[&str] = if rust {
        &["fn fault_"]
    } else {
        &["'fault ", "\"fault ", "`fault "]
    };
    for mark in marks {
        for after in text.split(mark).skip(1) {
            let stop = |c: char| !(c.is_ascii_digit() || "_, ".contains(c));
            let list = after.split(stop).next().unwrap();
            found.extend(
                list.split(['_', ',', ' '])
                    .filter_map(|n| n.parse::<u32>().ok()),
            );
        }
    }
    found
}

#[test]
fn every_row_has_its_tests_and_every_test_its_row() {
    let (order, named) = table();
    assert_eq!(
        order,
        (1..=ROWS).collect::<Vec<_>>(),
        "rows 1 to {ROWS}, in order"
    );
    let mut present: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for path in sources() {
        for number in numbers(&path) {
            present.entry(number).or_default().insert(path.clone());
        }
    }
    let mut wrong = Vec::new();
    for (number, named) in &named {
        let present = present.remove(number).unwrap_or_default();
        if named.is_empty() || !named.is_subset(&present) {
            wrong.push(format!(
                "row {number} names {named:?}, its tests are in {present:?}"
            ));
        }
    }
    for (number, files) in present {
        wrong.push(format!("there is no row {number}, but a test in {files:?}"));
    }
    assert!(wrong.is_empty(), "docs/faults.md:\n{}", wrong.join("\n"));
}
