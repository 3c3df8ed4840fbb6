//! The conformance cases that any gateway can be asked, from outside: ours must pass them all, and
//! serverless-offline is asked the same. `cargo xtask peers` runs it and prints the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod target;

use std::{
    collections::BTreeMap,
    io::{self, Write},
    panic,
    sync::Arc,
    time::Duration,
};

use target::{Api, Target, Who};

/// For what comes within milliseconds or not at all; a function's first start takes half a second.
const PATIENCE: Duration = Duration::from_secs(6);

/// Why a case failed; none where it passed.
type Verdict = Option<String>;

async fn ask(who: Who) -> BTreeMap<u8, Verdict> {
    let mut verdicts = BTreeMap::new();
    for (api, cases) in cases::all() {
        let target = Arc::new(Target::start(who, &api).await);
        for case in cases {
            target.reset().await;
            let running = tokio::spawn((case.run)(Arc::clone(&target)));
            let abort = running.abort_handle();
            let verdict = match tokio::time::timeout(PATIENCE, running).await {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(reason(error.into_panic().as_ref())),
                Err(_) => Some("what should come does not".to_owned()),
            };
            abort.abort();
            verdicts.insert(case.number, verdict);
        }
    }
    verdicts
}

/// What a panic says, in a line.
fn reason(said: &dyn std::any::Any) -> String {
    let text = said
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| said.downcast_ref::<&str>().copied())
        .unwrap_or("?");
    let part = |name: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| line.trim().strip_prefix(name))
    };
    let line = match (part("left: "), part("right: ")) {
        (Some(left), Some(right)) => format!("{left}, not {right}"),
        _ => text.lines().next().unwrap_or_default().to_owned(),
    };
    let line = line.replace('|', "\\|");
    let cut: String = line.chars().take(120).collect();
    if cut == line {
        line
    } else {
        format!("{cut}…")
    }
}

fn cell(verdict: &Verdict) -> String {
    match verdict {
        None => "passes".to_owned(),
        Some(why) => format!("**fails**: `{why}`"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_passes_what() {
    // A failed case of the other is a line of the table.
    panic::set_hook(Box::new(|_| {}));
    let ours = ask(Who::Ours).await;
    let theirs = ask(Who::ServerlessOffline).await;
    let _ = panic::take_hook();
    let passed = |verdicts: &BTreeMap<u8, Verdict>| {
        verdicts
            .values()
            .filter(|verdict| verdict.is_none())
            .count()
    };
    let mut table = format!(
        "| case | | our gateway ({} of {}) | serverless-offline ({} of {}) |\n|---|---|---|---|\n",
        passed(&ours),
        ours.len(),
        passed(&theirs),
        theirs.len(),
    );
    let mut all: Vec<_> = cases::all()
        .into_iter()
        .flat_map(|(_, cases)| cases)
        .collect();
    all.sort_by_key(|case| case.number);
    for case in all {
        let number = case.number;
        let (own, other) = (cell(&ours[&number]), cell(&theirs[&number]));
        table.push_str(&format!("| {number} | {} | {own} | {other} |\n", case.what));
    }
    writeln!(io::stdout(), "{table}").unwrap();
    let failed: Vec<_> = ours
        .iter()
        .filter(|(_, verdict)| verdict.is_some())
        .collect();
    assert!(failed.is_empty(), "our gateway fails: {failed:?}");
}

/// One of the reference's cases.
struct Case {
    number: u8,
    what: &'static str,
    run: fn(Arc<Target>) -> futures_util::future::BoxFuture<'static, ()>,
}
