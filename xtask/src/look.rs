//! `cargo xtask look`: a picture of every screen in every look, held against the reference pictures.

use std::path::PathBuf;

use crate::{
    failure::Outcome,
    shell::{self, Shell},
    tools,
};

/// Builds a development page, takes the pictures and compares them; `options` go to `e2e/look/look.mjs`.
pub(crate) fn run(shell: &Shell, options: &[String]) -> Outcome {
    tools::for_node_tests(shell)?;
    let browser = tools::for_browser(shell)?;
    let page = build(shell)?;
    let mut node = shell.command("node");
    node.arg("e2e/look/look.mjs")
        .args(options)
        .env("SWITCHBOARD_DIST", &page)
        .env("CHROMIUM", browser.chromium);
    shell::run("looking at every screen", &mut node)
}

/// Builds a page with the gallery, which a release is without; tells its folder.
pub(crate) fn build(shell: &Shell) -> Outcome<PathBuf> {
    tools::for_serving(shell)?;
    let page = shell.repo.at("target/look");
    let mut trunk = shell.command("trunk");
    trunk
        // trunk reads NO_COLOR as a boolean option of its own and ends at `NO_COLOR=1`.
        .env_remove("NO_COLOR")
        .args(["--offline", "--skip-version-check", "build", "--dist"])
        .arg(&page);
    shell::run("building the page", &mut trunk)?;
    Ok(page)
}
