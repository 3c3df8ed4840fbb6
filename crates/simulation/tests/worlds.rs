//! A few small worlds in every `cargo test`; `cargo xtask test --only sim` runs hundreds.

use switchboard_simulation::{
    Entry, Expected, MUTANTS, Plan, Profile, Record, Replayed, run, shrink,
};

/// One hour of storms.
fn stormy(seed: u64) -> Plan {
    Plan {
        quiet: 0,
        ..Plan::new(seed, Profile::Stormy, 1)
    }
}

#[test]
fn no_promise_is_broken() {
    let mut reads = 0;
    for seed in 1000..1002 {
        let report = run(&stormy(seed));
        assert_eq!(report.broken, None, "seed {seed}");
        assert!(report.accepted > 100, "seed {seed}: nobody wrote");
        assert!(report.converged_ms.is_some_and(|ms| ms <= 60_000));
        reads += report.reads;
    }
    // 2 to 22 a world; the soak has thousands.
    assert!(reads > 0, "nothing was read out of storage");
}

#[test]
fn a_plan_decides_everything() {
    let plan = stormy(1004);
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(run(&plan), run(&serde_json::from_str(&text).unwrap()));
}

#[test]
fn a_step_that_is_dropped_changes_nothing_before_it() {
    let plan = stormy(1005);
    let broken = plan.clone().with_mutant("no-dedupe");
    let first = run(&broken).broken.unwrap();
    let mut shorter = broken.clone();
    shorter.schedule.retain(|(at, _)| *at <= first.at);
    assert_eq!(run(&shorter).broken, Some(first));
}

#[test]
fn a_failure_is_shrunk_written_down_and_replayed() {
    let plan = stormy(1006).with_mutant("max-cursor");
    let report = run(&plan);
    let shrunk = shrink(&plan, &report, 40).unwrap();
    assert!(shrunk.plan.schedule.len() * 4 < plan.schedule.len());
    let record = Record::new("test".to_owned(), shrunk.plan, &shrunk.report).unwrap();
    let text = serde_json::to_string(&record).unwrap();
    let mut read: Record = serde_json::from_str(&text).unwrap();
    assert_eq!(read.replay(), Replayed::Same);
    read.plan.mutant = None;
    let Replayed::Other(report) = read.replay() else {
        panic!("the mutant made no difference");
    };
    assert_eq!(report.broken, None);
}

#[test]
fn a_quiet_world_has_no_gap_in_reception() {
    let report = run(&Plan::new(1007, Profile::Quiet, 1));
    assert_eq!((report.broken, report.gaps), (None, 0));
    // Every connection was replaced before the platform's two hours were over.
    assert!(report.quiet_connections > 0);
}

#[test]
fn every_mutant_has_a_name_of_its_own() {
    for entry in MUTANTS {
        assert_eq!(Entry::named(entry.name).unwrap().expected, entry.expected);
    }
    let killed = MUTANTS.iter().filter(|e| e.expected == Expected::Killed);
    assert!(killed.count() > 20);
}
