//! What is measured in a browser: node scripts (`e2e/bench/`), since they drive pages.

use super::Measured;
use crate::{args::Part, build, failure::Outcome, shell::Shell, tools};

/// The script prints its table, or its JSON with `--json`.
pub(super) fn run(shell: &Shell, part: Part, json: bool) -> Outcome<Measured> {
    let browser = tools::for_browser(shell)?;
    tools::for_node_tests(shell)?;
    if matches!(part, Part::Rendering | Part::Lighthouse) {
        tools::for_kits(shell)?;
    }
    build::app(shell)?;
    build::gateway(shell)?;
    let mut node = shell.command("node");
    node.arg(format!("e2e/bench/{}.mjs", part.name()))
        .env(
            "SWITCHBOARD_GATEWAY",
            shell.repo.built("release/switchboard-gateway"),
        )
        .env("SWITCHBOARD_DIST", shell.repo.dist())
        .env("CHROMIUM", browser.chromium);
    super::measured(part.name(), &mut node, json)
}
