//! Sums over many runs, and the words for them.

use std::{collections::BTreeMap, fmt};

use crate::pool::Ran;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) runs: u64,
    pub(crate) failed: u64,
    events: u64,
    cpu_ns: u64,
    virtual_ms: u64,
    messages: u64,
    accepted: u64,
    reads: u64,
    connections: u64,
    duplicates: u64,
    gaps: u64,
    watched: u64,
    quiet_connections: u64,
    converged: Vec<u64>,
    faults: BTreeMap<&'static str, u64>,
}

impl Totals {
    pub(crate) fn add(&mut self, ran: &Ran) {
        let report = &ran.report;
        self.runs += 1;
        self.failed += u64::from(report.broken.is_some());
        self.events += report.events;
        self.cpu_ns += ran.cpu_ns;
        self.virtual_ms += report.virtual_ms;
        self.messages += report.messages;
        self.accepted += report.accepted;
        self.reads += report.reads;
        self.connections += report.connections;
        self.duplicates += report.duplicates;
        self.gaps += report.gaps;
        self.watched += u64::from(ran.plan.quiet > 0);
        self.quiet_connections += report.quiet_connections;
        self.converged.extend(report.converged_ms);
        for (name, times) in &report.faults {
            *self.faults.entry(name).or_default() += times;
        }
    }

    fn percentile(&self, percent: usize) -> u64 {
        let mut sorted = self.converged.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        sorted.get(last * percent / 100).copied().unwrap_or(0)
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cpu_ms = self.cpu_ns / 1_000_000;
        let rate = self.events * 1_000 / cpu_ms.max(1);
        writeln!(f, "{} of {} runs failed", self.failed, self.runs)?;
        writeln!(
            f,
            "{} events in {} virtual hours, {}.{:01} s of processor time: {rate} events/s a core",
            self.events,
            self.virtual_ms / 3_600_000,
            cpu_ms / 1_000,
            cpu_ms % 1_000 / 100,
        )?;
        writeln!(
            f,
            "{} messages sent, {} accepted; {} pages read out of storage; {} connections; {} duplicated tabs",
            self.messages, self.accepted, self.reads, self.connections, self.duplicates
        )?;
        writeln!(
            f,
            "converged after (ms): median {}, 99th percentile {}, most {}",
            self.percentile(50),
            self.percentile(99),
            self.percentile(100)
        )?;
        writeln!(
            f,
            "{} worlds watched in quiet for 2.5 h: {} connections changed, {} gaps in reception",
            self.watched, self.quiet_connections, self.gaps
        )?;
        let faults: Vec<String> = self
            .faults
            .iter()
            .map(|(name, times)| format!("{name} {times}"))
            .collect();
        write!(f, "faults: {}", faults.join(", "))
    }
}
