//! `cargo xtask bench`: measurements with their conditions, as tables or one JSON document.

mod functions;
pub(crate) mod load;
mod page;
mod sizes;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    args::{Bench, Part},
    failure::{Failure, Outcome},
    say,
    shell::{Shell, listen_for_interrupt},
};

/// Runs the parts asked for, in the order of [`Part::ALL`].
pub(crate) fn run(shell: &Shell, bench: &Bench) -> Outcome {
    listen_for_interrupt()?;
    let mut results = Vec::new();
    for part in Part::ALL {
        if !bench.parts.contains(&part) {
            continue;
        }
        let json = say::step(&format!("bench: {}", part.name()), || match part {
            Part::Size => sizes::run(shell, bench.json),
            Part::Load => load::run(shell, bench),
            Part::Functions => functions::run(shell, bench.json),
            Part::Roundtrip | Part::Rendering | Part::Typing | Part::Cold | Part::Lighthouse => {
                page::run(shell, part, bench.json)
            }
        })?;
        results.push(format!("\"{}\":{json}", part.name()));
    }
    if bench.json {
        say::result(format!("{{{}}}", results.join(",")));
    }
    Ok(())
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
