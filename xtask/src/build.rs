//! `cargo xtask build`: the release app in `dist/` and the gateway that serves it.

use crate::{
    args::Target,
    failure::Outcome,
    say,
    shell::{self, Shell},
    size, small, tools,
};

pub(crate) fn run(shell: &Shell, target: Target) -> Outcome {
    match target {
        Target::Deployment => deployment(shell),
        Target::Demo => demo(shell),
    }
}

/// A site for any file server.
fn demo(shell: &Shell) -> Outcome {
    release(shell, &["--demo"])?;
    say::result(
        "
demo     dist/   for any file server, at any path; it opens the demo at once

  python3 -m http.server --bind 127.0.0.1 --directory dist 8080",
    );
    Ok(())
}

fn deployment(shell: &Shell) -> Outcome {
    app(shell)?;
    gateway(shell)?;
    let weights = size::weigh(&shell.repo.dist())?;
    let binary = shell.repo.built("release/switchboard-gateway");
    say::result(format!("\n{}", size::table(&weights)));
    say::result(format!(
        "
app      dist/   (.br and .gz beside each file)
gateway  {gateway}

A complete deployment on this machine:

  {gateway} --app dist --listen 127.0.0.1:8787 --stage dev --data data

page http://127.0.0.1:8787/   WebSocket ws://127.0.0.1:8787/dev",
        gateway = shell.repo.short(&binary)
    ));
    Ok(())
}

/// Builds `dist/`, joins and minifies what trunk leaves, compresses every file.
pub(crate) fn app(shell: &Shell) -> Outcome {
    release(shell, &[])
}

fn release(shell: &Shell, options: &[&str]) -> Outcome {
    tools::for_release(shell)?;
    say::step("build the release app", || {
        let mut trunk = shell.command("trunk");
        trunk
            // trunk reads NO_COLOR as a boolean option of its own and ends at `NO_COLOR=1`.
            .env_remove("NO_COLOR")
            .args(["--offline", "--skip-version-check", "build", "--release"])
            .args(["--locked", "--dist", "dist"]);
        shell::run("building the release app", small::release_app(&mut trunk))?;
        split(shell)?;
        let mut finish = shell.command("node");
        finish
            .arg("xtask/npm/finish.mjs")
            .args([shell.repo.dist(), shell.repo.built("split")]);
        finish.args(options);
        shell::run("finishing dist/", &mut finish)
    })
}

/// Parts what trunk has built in what a visit begins with and what is fetched later, and puts the
/// first in the place of the whole.
fn split(shell: &Shell) -> Outcome {
    let whole = shell
        .repo
        .built("wasm32-unknown-unknown/web/switchboard.wasm");
    let parts = shell.repo.built("split");
    let mut split = shell.command("wasm-split-cli");
    split.arg(whole).arg(&parts);
    shell::run("splitting the wasm", &mut split)?;
    let mut bindgen = shell.command("wasm-bindgen");
    bindgen
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
        .args(["--out-name", "switchboard", "--out-dir"])
        .args([parts.join("bound"), parts.join("main.wasm")]);
    shell::run("binding the first part", &mut bindgen)
}

pub(crate) fn gateway(shell: &Shell) -> Outcome {
    say::step("build the release gateway", || {
        let mut cargo = shell.cargo(&["build", "--release", "--locked"]);
        cargo.args(["--package", "switchboard-gateway"]);
        shell::run("building the release gateway", &mut cargo)
    })
}
