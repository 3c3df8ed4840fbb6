//! What is measured in a browser: node scripts (`e2e/bench/`), since they drive pages.

use crate::{
    args::Part,
    build,
    failure::Outcome,
    say,
    shell::{self, Shell},
    tools,
};

/// The script prints its table, or its JSON with `--json`.
pub(super) fn run(shell: &Shell, part: Part, json: bool) -> Outcome<String> {
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
    if json {
        node.arg("--json");
    }
    let document = shell::capture(&format!("the bench {}", part.name()), &mut node)?;
    if !json {
        say::result(&document);
    }
    Ok(document)
}
