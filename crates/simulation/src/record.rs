//! A failing run as a file that can be run again.

use serde::{Deserialize, Serialize};

use crate::{Plan, Report, run};

/// See the module. The file is JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The commit whose code failed; other code may do something else.
    pub commit: String,
    /// The promise that was broken.
    pub what: String,
    /// When, virtual ms since the run began.
    pub at: u64,
    /// How many events that took.
    pub events: u64,
    /// What was run.
    pub plan: Plan,
}

/// What came of running a record again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replayed {
    /// The same promise at the same event.
    Same,
    /// Something else: the code is not the one of the record.
    Other(Box<Report>),
}

impl Record {
    /// The record of a failed run; `None` if nothing was broken.
    #[must_use]
    pub fn new(commit: String, plan: Plan, report: &Report) -> Option<Self> {
        let broken = report.broken.as_ref()?;
        Some(Self {
            commit,
            what: broken.what.clone(),
            at: broken.at,
            events: report.events,
            plan,
        })
    }

    /// Runs it again.
    #[must_use]
    pub fn replay(&self) -> Replayed {
        let report = run(&self.plan);
        let same = report.events == self.events
            && report
                .broken
                .as_ref()
                .is_some_and(|broken| broken.what == self.what && broken.at == self.at);
        if same {
            Replayed::Same
        } else {
            Replayed::Other(Box::new(report))
        }
    }
}
