//! Runs many worlds and says what came of it; `cargo xtask soak` builds and starts it.

mod args;
mod pool;
mod totals;

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::{Command as Process, ExitCode},
};

use args::{Command, Soak};
use pool::Ran;
use switchboard_client::trace;
use switchboard_simulation::{Entry, Expected, MUTANTS, Plan, Profile, Record, Replayed, shrink};
use totals::Totals;

/// Most runs to make a failing schedule short.
const SHRINK_RUNS: u32 = 400;
/// Failures written out; more would be more of the same.
const MOST_RECORDS: usize = 3;

fn main() -> ExitCode {
    let outcome = match args::parse(env::args().skip(1)) {
        Ok(Command::Help) => say(args::USAGE.trim_end()).map(|()| true),
        Ok(Command::Soak(soak)) => run_soak(&soak),
        Ok(Command::Mutants { soak, count }) => run_mutants(&soak, count),
        Ok(Command::Replay(file)) => replay(&file),
        Err(sentence) => {
            let _ = writeln!(io::stderr(), "{sentence}.\n\n{}", args::USAGE.trim_end());
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn say(text: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}

fn plan(soak: &Soak, seed: u64) -> Plan {
    let entry = soak.mutant.and_then(Entry::named);
    let profile = soak
        .profile
        .or(entry.map(|entry| entry.profile))
        .unwrap_or(Profile::Stormy);
    let plan = Plan::new(seed, profile, soak.hours);
    match soak.mutant {
        Some(name) => plan.with_mutant(name),
        None => plan,
    }
}

fn run_soak(soak: &Soak) -> io::Result<bool> {
    let mut totals = Totals::default();
    let mut failures: Vec<Ran> = Vec::new();
    let all = soak.seeds.end - soak.seeds.start;
    pool::each(
        soak.seeds.clone(),
        pool::jobs(soak.jobs),
        |seed| plan(soak, seed),
        |ran| {
            totals.add(&ran);
            if let Some(broken) = &ran.report.broken {
                let _ = say(format!(
                    "seed {} at {} ms: {}",
                    ran.seed, broken.at, broken.what
                ));
                failures.push(ran);
            }
            if totals.runs % 100 == 0 {
                let _ = writeln!(io::stderr(), "{} of {all}", totals.runs);
            }
            true
        },
    );
    failures.sort_by_key(|ran| ran.seed);
    for ran in failures.iter().take(MOST_RECORDS) {
        record(soak, ran)?;
    }
    say(&totals)?;
    Ok(totals.failed == 0)
}

/// Shrinks a failure and writes it down.
fn record(soak: &Soak, ran: &Ran) -> io::Result<()> {
    let Some(shrunk) = shrink(&ran.plan, &ran.report, SHRINK_RUNS) else {
        return Ok(());
    };
    let steps = (ran.plan.schedule.len(), shrunk.plan.schedule.len());
    let Some(record) = Record::new(commit(), shrunk.plan, &shrunk.report) else {
        return Ok(());
    };
    fs::create_dir_all(&soak.out)?;
    let name = soak.mutant.map_or(String::new(), |name| format!("{name}-"));
    let file = soak.out.join(format!("{name}{}.json", ran.seed));
    let text = serde_json::to_string_pretty(&record).map_err(io::Error::other)?;
    fs::write(&file, text)?;
    say(format!(
        "\nseed {} on commit {}\n  broken: {}\n  schedule: {} of {} steps are left after {} runs\n  \
         again: cargo xtask replay {}\n",
        ran.seed,
        record.commit,
        record.what,
        steps.1,
        steps.0,
        shrunk.runs,
        file.display()
    ))
}

/// The commit that is run, for whoever reads the record.
fn commit() -> String {
    let output = |arguments: &[&str]| {
        Process::new("git")
            .args(arguments)
            .output()
            .ok()
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = output(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_default();
    let changed = output(&["status", "--porcelain", "--untracked-files=no"]).unwrap_or_default();
    match (commit.is_empty(), changed.is_empty()) {
        (true, _) => "unknown".to_owned(),
        (false, true) => commit,
        (false, false) => format!("{commit} with changes"),
    }
}

/// Every mutant, or the one asked for, over the seeds, until one fails or all are counted, and how the first does.
fn run_mutants(soak: &Soak, count: bool) -> io::Result<bool> {
    let mut fine = true;
    say("| mutant | worlds | failing seeds | the first failure |\n|---|---|---|---|")?;
    let asked = |entry: &&Entry| soak.mutant.is_none_or(|name| name == entry.name);
    for entry in MUTANTS.iter().filter(asked) {
        let soak = Soak {
            mutant: Some(entry.name),
            ..soak.clone()
        };
        let (mut runs, mut failures) = (0_u64, Vec::new());
        pool::each(
            soak.seeds.clone(),
            pool::jobs(soak.jobs),
            |seed| plan(&soak, seed),
            |ran| {
                runs += 1;
                if let Some(broken) = ran.report.broken {
                    failures.push((ran.seed, broken.what));
                }
                count || failures.is_empty()
            },
        );
        failures.sort();
        let as_expected = match entry.expected {
            Expected::Killed => !failures.is_empty(),
            Expected::Covered => failures.is_empty(),
        };
        fine &= as_expected;
        let first = match (as_expected, failures.first()) {
            (true, Some((_, what))) => what.clone(),
            (true, None) => "none: another mechanism covers for it".to_owned(),
            (false, Some((seed, what))) => format!("NOT COVERED FOR, seed {seed}: {what}"),
            (false, None) => "SURVIVED".to_owned(),
        };
        say(format!(
            "| {} | {} | {} of {runs} | {first} |",
            entry.name,
            entry.profile.name(),
            failures.len()
        ))?;
    }
    Ok(fine)
}

fn replay(file: &Path) -> io::Result<bool> {
    let text = fs::read_to_string(file)
        .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
    if text.starts_with(trace::MAGIC) {
        return replay_trace(&text, file);
    }
    let record: Record = serde_json::from_str(&text)
        .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
    match record.replay() {
        Replayed::Same => {
            say(format!(
                "the same after {} events, at {} ms: {}",
                record.events, record.at, record.what
            ))?;
            Ok(true)
        }
        Replayed::Other(report) => {
            let now = report
                .broken
                .as_ref()
                .map_or("nothing is broken".to_owned(), |broken| {
                    format!("at {} ms: {}", broken.at, broken.what)
                });
            say(format!(
                "not the same: {} events, {now}\nrecorded on commit {}: {} events, at {} ms: {}",
                report.events, record.commit, record.events, record.at, record.what
            ))?;
            Ok(false)
        }
    }
}

/// A trace that a page exported: the production core alone, fed the same inputs.
fn replay_trace(text: &str, file: &Path) -> io::Result<bool> {
    match trace::replay(text) {
        Ok(client) => {
            let status = client.status();
            say(format!(
                "the page's own state, {:016x}, after {} lines: {:?}, {} waiting",
                client.state_hash(),
                text.lines().count(),
                status.phase,
                status.waiting
            ))?;
            Ok(true)
        }
        Err(error) => {
            say(format!("{}: {error}", file.display()))?;
            Ok(false)
        }
    }
}

/// Worlds allocate all the time: a frame is a string several times on its way.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
