//! The golden files and their comparison.

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::Value;

fn folder(side: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden", side]
        .iter()
        .collect()
}

pub(crate) fn file(side: &str, name: &str) -> String {
    let path = folder(side).join(format!("{name}.json"));
    fs::read_to_string(path).unwrap()
}

/// The names of a side's files: a test fails over one that nothing reads.
pub(crate) fn files(side: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(side)).unwrap();
    entries
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".json").unwrap().to_owned()
        })
        .collect()
}

/// What is written equals the file; of a `_minimal` one, which leaves defaults out, it may have
/// more.
pub(crate) fn assert_written(name: &str, written: &str, file: &str) {
    let written: Value = serde_json::from_str(written).unwrap();
    let file: Value = serde_json::from_str(file).unwrap();
    if name.ends_with("_minimal") {
        for (field, value) in file.as_object().unwrap() {
            assert_eq!(written.get(field), Some(value), "{name}: {field}");
        }
    } else {
        assert_eq!(written, file, "{name}");
    }
}
