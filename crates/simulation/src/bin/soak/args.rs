//! The command line.

use std::{ops::Range, path::PathBuf};

use switchboard_simulation::{Entry, MUTANTS, Profile};

pub(crate) const USAGE: &str = "\
soak [--seeds A..B] [--hours H] [--profile NAME] [--mutant NAME] [--jobs N] [--out FOLDER]
soak --mutants [--mutant NAME] [--count] [--seeds A..B] [--hours H] [--jobs N]
soak --replay FILE

  --seeds A..B    the seeds to run, B left out (0..200)
  --hours H       virtual hours in which things go wrong (3)
  --profile NAME  stormy, holes, storage, reconnects or quiet (stormy, or where the mutant
                  shows best)
  --mutant NAME   switch a mechanism off
  --mutants       run every mutant, or the one named, until a seed fails; one that survives them all is an error
  --count         run every mutant over all seeds and count those that fail
  --jobs N        threads (as many as there are cores)
  --out FOLDER    where the schedules of failures go (target/soak)
  --replay FILE   run the schedule of a failure again, or the trace that a page exported
";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Soak(Soak),
    Mutants { soak: Soak, count: bool },
    Replay(PathBuf),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Soak {
    pub(crate) seeds: Range<u64>,
    pub(crate) hours: u64,
    pub(crate) profile: Option<Profile>,
    pub(crate) mutant: Option<&'static str>,
    pub(crate) jobs: Option<usize>,
    pub(crate) out: PathBuf,
}

pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut words = words.into_iter();
    let mut soak = Soak {
        seeds: 0..200,
        hours: 3,
        profile: None,
        mutant: None,
        jobs: None,
        out: PathBuf::from("target/soak"),
    };
    let (mut mutants, mut count) = (false, false);
    while let Some(option) = words.next() {
        let mut value = || {
            words
                .next()
                .ok_or_else(|| format!("{option} lacks a value"))
        };
        match option.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "--seeds" => soak.seeds = seeds(&value()?)?,
            "--hours" => soak.hours = number(&option, &value()?)?,
            "--profile" => soak.profile = Some(profile(&value()?)?),
            "--mutant" => soak.mutant = Some(mutant(&value()?)?),
            "--mutants" => mutants = true,
            "--count" => count = true,
            "--jobs" => soak.jobs = Some(usize::try_from(number(&option, &value()?)?).unwrap_or(1)),
            "--out" => soak.out = value()?.into(),
            "--replay" => return Ok(Command::Replay(value()?.into())),
            _ => return Err(format!("there is no option {option}")),
        }
    }
    Ok(if mutants {
        Command::Mutants { soak, count }
    } else {
        Command::Soak(soak)
    })
}

fn seeds(word: &str) -> Result<Range<u64>, String> {
    let range = match word.split_once("..") {
        Some((from, to)) => from.parse().ok().zip(to.parse().ok()),
        None => word.parse().ok().map(|seed: u64| (seed, seed + 1)),
    };
    match range {
        Some((from, to)) if from < to => Ok(from..to),
        Some(_) | None => Err(format!("--seeds takes A..B or one seed, not `{word}`")),
    }
}

fn profile(word: &str) -> Result<Profile, String> {
    Profile::ALL
        .into_iter()
        .find(|profile| profile.name() == word)
        .ok_or_else(|| {
            let names = Profile::ALL.map(Profile::name).join(", ");
            format!("--profile takes one of {names}, not `{word}`")
        })
}

fn mutant(word: &str) -> Result<&'static str, String> {
    Entry::named(word).map(|entry| entry.name).ok_or_else(|| {
        let names: Vec<_> = MUTANTS.iter().map(|entry| entry.name).collect();
        format!("--mutant takes one of {}, not `{word}`", names.join(", "))
    })
}

fn number(option: &str, word: &str) -> Result<u64, String> {
    match word.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{option} needs a number above 0, not `{word}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn seeds_are_a_range_or_one() {
        let seeds = |line: &str| match parsed(line) {
            Ok(Command::Soak(soak)) => soak.seeds,
            other => panic!("{other:?}"),
        };
        assert_eq!(seeds(""), 0..200);
        assert_eq!(seeds("--seeds 5..9"), 5..9);
        assert_eq!(seeds("--seeds 7"), 7..8);
        for bad in ["9..5", "a..b", "..", "5..5"] {
            assert!(parsed(&format!("--seeds {bad}")).unwrap_err().contains(bad));
        }
    }

    #[test]
    fn what_is_not_known_is_said() {
        assert!(parsed("--mutant x").unwrap_err().contains("max-cursor"));
        assert!(parsed("--profile x").unwrap_err().contains("stormy"));
        assert!(parsed("--fast").unwrap_err().contains("--fast"));
        assert!(parsed("--hours 0").unwrap_err().contains("`0`"));
        assert_eq!(
            parsed("--replay f.json"),
            Ok(Command::Replay("f.json".into()))
        );
    }
}
