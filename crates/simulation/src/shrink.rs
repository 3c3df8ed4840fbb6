//! Makes the schedule of a failing run short enough to be read.

use crate::{Plan, Report, run};

/// A failing plan made smaller, and what came of running it.
#[derive(Debug, Clone)]
pub struct Shrunk {
    /// The smaller plan.
    pub plan: Plan,
    /// Its report: broken in the same way.
    pub report: Report,
    /// Runs it took.
    pub runs: u32,
}

/// Drops chunks of the schedule, then single steps, as long as the run fails the same way; at
/// most `budget` runs. `report` is that of `plan`; `None` if it did not fail.
#[must_use]
pub fn shrink(plan: &Plan, report: &Report, budget: u32) -> Option<Shrunk> {
    let broken = report.broken.as_ref()?;
    let kind = kind(&broken.what);
    let mut best = Shrunk {
        plan: plan.clone(),
        report: report.clone(),
        runs: 0,
    };
    // What was to happen later has no part in it.
    let until = broken.at;
    best.plan.schedule.retain(|(at, _)| *at <= until);
    let mut chunk = best.plan.schedule.len().div_ceil(2).max(1);
    loop {
        let mut from = 0;
        let mut dropped = false;
        while from < best.plan.schedule.len() && best.runs < budget {
            let mut plan = best.plan.clone();
            let to = (from + chunk).min(plan.schedule.len());
            plan.schedule.drain(from..to);
            best.runs += 1;
            let report = run(&plan);
            let same = report
                .broken
                .as_ref()
                .is_some_and(|broken| self::kind(&broken.what) == kind);
            if same {
                (best.plan, best.report, dropped) = (plan, report, true);
            } else {
                from = to;
            }
        }
        if best.runs >= budget || (chunk == 1 && !dropped) {
            return Some(best);
        }
        if !dropped || chunk > 1 {
            chunk = (chunk / 2).max(1);
        }
    }
}

/// A broken promise without the names of messages, tabs and places.
fn kind(what: &str) -> String {
    what.chars()
        .filter(|c| c.is_alphabetic() || *c == ' ')
        .take(200)
        .collect::<String>()
        .split(' ')
        .filter(|word| word.len() > 1 && !word.starts_with("cana") && !word.starts_with("cbo"))
        .filter(|word| !matches!(*word, "ccy" | "lobby" | "cycdi" | "ccydi"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn names_and_numbers_do_not_matter() {
        assert_eq!(
            kind("tab 4: c:ana,bo,cy,di: shown up to 13, then only to 0"),
            kind("tab 11: lobby: shown up to 9, then only to 8")
        );
        assert_ne!(kind("m1 was committed twice"), kind("m1 is shown twice"));
    }
}
