//! What a run is: a seed, and the schedule of what people do and what breaks.

use serde::{Deserialize, Serialize};

use crate::schedule::{Step, schedule};

/// A kind of world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Everything that can go wrong does.
    Stormy,
    /// The same, and the store leaves places in its logs empty.
    Holes,
    /// The same, with storage that fails and pages that are loaded and duplicated all the time.
    Storage,
    /// Minutes instead of hours: connections break all the time, nothing that was posted is lost.
    Reconnects,
    /// Nothing goes wrong.
    Quiet,
}

/// Everything a run depends on. The same plan gives the same run, event for event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Decides what is not in the schedule: latencies, losses, configurations.
    pub seed: u64,
    /// The kind of world.
    pub profile: Profile,
    /// How long things go wrong, virtual ms; then they heal.
    pub storm: u64,
    /// How long the world is watched after healing, virtual ms; 0 ends it once it has converged.
    pub quiet: u64,
    /// The mechanism that is switched off, by its name in the table of mutants.
    pub mutant: Option<String>,
    /// What happens when, in order of time.
    pub schedule: Vec<(u64, Step)>,
}

/// 2.5 hours: every connection reaches its platform limit of two.
const QUIET: u64 = 150 * 60_000;

impl Profile {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Stormy,
        Self::Holes,
        Self::Storage,
        Self::Reconnects,
        Self::Quiet,
    ];

    /// As the command line takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stormy => "stormy",
            Self::Holes => "holes",
            Self::Storage => "storage",
            Self::Reconnects => "reconnects",
            Self::Quiet => "quiet",
        }
    }
}

impl Plan {
    /// The plan of a seed. One in eight is watched in quiet afterwards, and each of
    /// [`Profile::Quiet`].
    #[must_use]
    pub fn new(seed: u64, profile: Profile, hours: u64) -> Self {
        // What is missed while connecting shows only until more is said: short worlds, many of them.
        let storm = match profile {
            Profile::Reconnects => hours * 60_000,
            Profile::Stormy | Profile::Holes | Profile::Storage | Profile::Quiet => {
                hours * 60 * 60_000
            }
        };
        let watched = profile == Profile::Quiet || seed.is_multiple_of(8);
        Self {
            seed,
            profile,
            storm,
            quiet: if watched { QUIET } else { 0 },
            mutant: None,
            schedule: schedule(seed, profile, storm),
        }
    }

    /// The same with a mechanism switched off.
    #[must_use]
    pub fn with_mutant(mut self, name: &str) -> Self {
        self.mutant = Some(name.to_owned());
        self
    }
}
