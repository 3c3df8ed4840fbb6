//! `cargo xtask build`: the release app in `dist/` and the gateway that serves it.

use std::fs;

use crate::{
    failure::{Failure, Outcome},
    say,
    shell::{self, Shell},
    size, tools,
};

pub(crate) fn run(shell: &Shell) -> Outcome {
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

/// Builds `dist/`, minifies the glue and compresses every file.
pub(crate) fn app(shell: &Shell) -> Outcome {
    tools::for_release(shell)?;
    say::step("build the release app", || {
        let mut trunk = shell.command("trunk");
        trunk
            // trunk reads NO_COLOR as a boolean option of its own and ends at `NO_COLOR=1`.
            .env_remove("NO_COLOR")
            .args(["--offline", "--skip-version-check", "build", "--release"])
            .args(["--locked", "--dist", "dist"]);
        shell::run("building the release app", &mut trunk)?;
        minify_glue(shell)?;
        let mut compress = shell.command("node");
        compress
            .arg("xtask/npm/compress.mjs")
            .arg(shell.repo.dist());
        shell::run("compressing dist/", &mut compress)
    })
}

pub(crate) fn gateway(shell: &Shell) -> Outcome {
    say::step("build the release gateway", || {
        let mut cargo = shell.cargo(&["build", "--release", "--locked"]);
        cargo.args(["--package", "switchboard-gateway"]);
        shell::run("building the release gateway", &mut cargo)
    })
}

/// wasm-bindgen's glue, which trunk 0.21's own minifier cannot parse. The file keeps its
/// name: a hash of the input, and the minifier's version is locked.
fn minify_glue(shell: &Shell) -> Outcome {
    let dist = shell.repo.dist();
    let files = fs::read_dir(&dist).map_err(|error| Failure::file("read", &dist, &error))?;
    for path in files.flatten().map(|file| file.path()) {
        if path.extension().is_some_and(|extension| extension == "js") {
            let mut terser = shell.command("terser");
            terser
                .arg(&path)
                .args(["--module", "--compress", "passes=2", "--mangle", "--output"])
                .arg(&path);
            shell::run("minifying the glue", &mut terser)?;
        }
    }
    Ok(())
}
