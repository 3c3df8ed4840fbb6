//! `cargo xtask bench`: measurements with their conditions, as tables or one JSON document.

pub(crate) mod load;
mod page;
mod sizes;

use crate::{
    args::{Bench, Part},
    failure::Outcome,
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
