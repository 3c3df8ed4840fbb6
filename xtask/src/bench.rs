//! `cargo xtask bench`: measurements with their conditions, as tables or one JSON document.

mod functions;
pub(crate) mod load;
mod page;
mod sizes;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    args::{Bench, Part},
    failure::{Failure, Outcome},
    say,
    shell::{self, Shell, listen_for_interrupt},
};

/// How a script ends that has measured and misses a bar (`e2e/bench/bars.mjs`).
const MISSED: i32 = 3;

/// What a part came to.
struct Measured {
    /// Its JSON, where that is asked for.
    json: String,
    /// Whether it kept its bars.
    keeps: bool,
}

impl From<String> for Measured {
    fn from(json: String) -> Self {
        Self { json, keeps: true }
    }
}

/// Runs the parts asked for, in the order of [`Part::ALL`]. Fails in the end where a bar is missed.
pub(crate) fn run(shell: &Shell, bench: &Bench) -> Outcome {
    listen_for_interrupt()?;
    let (mut results, mut missed) = (Vec::new(), Vec::new());
    for part in Part::ALL {
        if !bench.parts.contains(&part) {
            continue;
        }
        let name = part.name();
        let measured = say::step(&format!("bench: {name}"), || match part {
            Part::Size => sizes::run(shell, bench.json).map(Measured::from),
            Part::Load => load::run(shell, bench).map(Measured::from),
            Part::Functions => functions::run(shell, bench.json),
            Part::Roundtrip | Part::Rendering | Part::Typing | Part::Cold | Part::Lighthouse => {
                page::run(shell, part, bench.json)
            }
        })?;
        results.push(format!("\"{name}\":{}", measured.json));
        if !measured.keeps {
            missed.push(name);
        }
    }
    if bench.json {
        say::result(format!("{{{}}}", results.join(",")));
    }
    if missed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "a bar is missed in {}: the lines above that begin with \"missed\" name it. With other work on this \
         machine it is no wonder; run it again with none.",
        missed.join(" and ")
    )))
}

/// Runs a script that prints a table, or its JSON.
fn measured(name: &str, node: &mut Command, json: bool) -> Outcome<Measured> {
    if json {
        node.arg("--json");
    }
    let (document, missed) = shell::capture_or(&format!("the bench {name}"), node, MISSED)?;
    if !json {
        say::result(&document);
    }
    let keeps = !missed;
    Ok(Measured {
        json: document,
        keeps,
    })
}

/// A folder for the gateway's store, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Outcome<Self> {
        let path = env::temp_dir().join(format!("switchboard-bench-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| Failure::file("create", &path, &error))?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
