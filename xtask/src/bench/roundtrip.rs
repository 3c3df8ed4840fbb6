//! Send to render in the other page, beside a raw `ws` echo in the same run: a node script,
//! since it drives two pages (`e2e/bench/roundtrip.mjs`).

use crate::{
    build,
    failure::Outcome,
    say,
    shell::{self, Shell},
    tools,
};

/// The script prints its table, or its JSON with `--json`.
pub(super) fn run(shell: &Shell, json: bool) -> Outcome<String> {
    let browser = tools::for_browser(shell)?;
    tools::for_node_tests(shell)?;
    build::app(shell)?;
    build::gateway(shell)?;
    let mut node = shell.command("node");
    node.arg("e2e/bench/roundtrip.mjs")
        .env(
            "SWITCHBOARD_GATEWAY",
            shell.repo.built("release/switchboard-gateway"),
        )
        .env("SWITCHBOARD_DIST", shell.repo.dist())
        .env("CHROMIUM", browser.chromium);
    if json {
        node.arg("--json");
    }
    let document = shell::capture("the round-trip bench", &mut node)?;
    if !json {
        say::result(&document);
    }
    Ok(document)
}
