//! What an event asks for, read from the file that the tests hold to what they count.

use std::collections::BTreeMap;

use super::{prices::Bill, room::BOUND};

const FILE: &str = include_str!("../../../serverless/operations.txt");
/// Partitions of the roster (`crates/lambda/src/store/keys.rs`).
const SHARDS: f64 = 4.0;
/// Bytes of a row of the roster, keys and names included: measured on rows of the tests, rounded up.
const ROW_BYTES: f64 = 250.0;
/// Rows that a transaction writes, each at twice the price.
const TRANSACTION_ROWS: f64 = 3.0;
const READ_UNIT_BYTES: f64 = 4096.0;

/// What stands for the words of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) people: f64,
    pub(super) connections: f64,
    pub(super) own: f64,
    pub(super) author: f64,
    pub(super) online: f64,
    pub(super) members: f64,
    pub(super) batches: f64,
    pub(super) partners: f64,
    pub(super) theirs: f64,
}

/// Event, operation, times: a sum of numbers and words.
pub(super) struct Operations(Vec<(&'static str, &'static str, &'static str)>);

impl Operations {
    pub(super) fn read() -> Self {
        let lines = FILE.lines().filter(|line| !line.starts_with('#'));
        Self(
            lines
                .filter_map(|line| {
                    let (event, rest) = line.split_once(' ')?;
                    let (operation, times) = rest.trim_start().split_once(' ')?;
                    Some((event, operation, times.trim()))
                })
                .collect(),
        )
    }

    /// One event of this name, without what invokes it.
    pub(super) fn of(&self, event: &str, scope: &Scope, conversations: f64) -> Bill {
        let mut bill = Bill::default();
        for (_, operation, times) in self.0.iter().filter(|(name, ..)| *name == event) {
            let sum = sum(times, scope);
            // A query of everyone reads a partition; any other, a few rows.
            let partitions = match times.contains("shards") {
                true => SHARDS,
                false => 0.0,
            };
            match *operation {
                "post" => bill.messages += sum,
                "PutItem" | "DeleteItem" => bill.writes += sum,
                "TransactWriteItems" => bill.writes += sum * TRANSACTION_ROWS * 2.0,
                "GetItem" => bill.reads += sum,
                // The sender's row and the conversation's counter; of others' batches, the counters.
                "BatchGetItem" if matches!(event, "send" | "crowd") => bill.reads += sum * 2.0,
                "BatchGetItem" => bill.reads += sum * conversations,
                "SendMessageBatch" => bill.queue_requests += sum,
                "Query" if times == &"part" => bill.reads += units(scope.members),
                "Query" => {
                    let mut rows = (scope.online + 1.0) / SHARDS;
                    // A look at the roster ends there.
                    if event.contains("crowd") {
                        rows = rows.min(f64::from(BOUND + 1));
                    }
                    bill.reads += sum - partitions + partitions * units(rows);
                }
                _ => {}
            }
        }
        bill
    }
}

/// To read so many rows of the roster that stand together.
fn units(rows: f64) -> f64 {
    (rows * ROW_BYTES / READ_UNIT_BYTES).ceil().max(1.0)
}

fn sum(times: &str, scope: &Scope) -> f64 {
    let words = BTreeMap::from([
        ("people", scope.people),
        ("connections", scope.connections),
        ("own", scope.own),
        ("others", scope.connections - scope.own),
        ("author", scope.author),
        ("online", scope.online),
        ("shards", SHARDS),
        ("part", 1.0),
        ("members", scope.members),
        ("batches", scope.batches),
        ("partners", scope.partners),
        ("theirs", scope.theirs),
    ]);
    times
        .split('+')
        .map(str::trim)
        .filter_map(|term| term.parse().ok().or_else(|| words.get(term).copied()))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word that nobody knows would count as nothing.
    #[test]
    fn every_line_of_the_file_is_understood() {
        let lines = FILE
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let operations = Operations::read();
        assert_eq!(operations.0.len(), lines.count());
        let words = [
            "people",
            "connections",
            "own",
            "others",
            "author",
            "online",
            "shards",
            "part",
            "members",
            "batches",
            "partners",
            "theirs",
        ];
        let known = [
            "post",
            "PutItem",
            "DeleteItem",
            "TransactWriteItems",
            "GetItem",
            "BatchGetItem",
            "Query",
            "SendMessageBatch",
        ];
        for (event, operation, times) in operations.0 {
            assert!(known.contains(&operation), "{event} {operation}");
            for term in times.split('+').map(str::trim) {
                assert!(
                    term.parse::<f64>().is_ok() || words.contains(&term),
                    "{term}"
                );
            }
        }
        let keys = include_str!("../../../crates/lambda/src/store/keys.rs");
        assert!(keys.contains(&format!("SHARDS: u8 = {SHARDS};")));
    }
}
