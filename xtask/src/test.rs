//! `cargo xtask test`: everything that has to hold, cheapest first, stopping at the first
//! step that does not.

use std::{fs, path::PathBuf, time::Instant};

use crate::{
    aws, build,
    failure::{Failure, Outcome},
    look, peers, say,
    shell::{self, Shell},
    simulation, size, tools,
};

/// A part of the tests that can be run by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Fmt,
    Clippy,
    Native,
    Sim,
    Aws,
    Peers,
    Browser,
    Size,
    E2e,
}

impl Step {
    pub(crate) const ALL: [Self; 9] = [
        Self::Fmt,
        Self::Clippy,
        Self::Native,
        Self::Sim,
        Self::Aws,
        Self::Peers,
        Self::Browser,
        Self::Size,
        Self::E2e,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Native => "native",
            Self::Sim => "sim",
            Self::Aws => "aws",
            Self::Peers => "peers",
            Self::Browser => "browser",
            Self::Size => "size",
            Self::E2e => "e2e",
        }
    }

    const fn heading(self) -> &'static str {
        match self {
            Self::Fmt => "fmt: formatting",
            Self::Clippy => "clippy: native and wasm, warnings denied",
            Self::Native => "native: tests without a browser",
            Self::Sim => "sim: the production code on virtual time, and its mutants",
            Self::Aws => "aws: the store, the functions and the template, without an account",
            Self::Peers => "peers: the SAM command line, and serverless-offline beside ours",
            Self::Browser => "browser: component tests in headless Chrome",
            Self::Size => "size: the release app and its budget",
            Self::E2e => "e2e: real browsers and foreign clients on the real gateway",
        }
    }
}

pub(crate) fn run(shell: &Shell, steps: &[Step]) -> Outcome {
    let started = Instant::now();
    for &step in steps {
        say::step(step.heading(), || match step {
            Step::Fmt => fmt(shell),
            Step::Clippy => clippy(shell),
            Step::Native => native(shell),
            Step::Sim => simulation::check(shell),
            Step::Aws => aws::check(shell),
            Step::Peers => peers::check(shell),
            Step::Browser => browser(shell),
            Step::Size => size(shell),
            Step::E2e => e2e(shell, !steps.contains(&Step::Size)),
        })?;
    }
    let names: Vec<_> = steps.iter().map(|step| step.name()).collect();
    say::result(format!(
        "\nAll of it holds ({}), in {}.",
        names.join(", "),
        say::duration(started.elapsed())
    ));
    Ok(())
}

fn fmt(shell: &Shell) -> Outcome {
    shell::run(
        "the formatting check (`cargo fmt --all` mends it)",
        &mut shell.cargo(&["fmt", "--all", "--check"]),
    )
}

fn clippy(shell: &Shell) -> Outcome {
    tools::for_wasm(shell)?;
    let lint = |scope: &[&str]| {
        let mut cargo = shell.cargo(&["clippy", "--locked", "--all-targets"]);
        cargo.args(scope).args(["--", "-D", "warnings"]);
        shell::run("clippy", &mut cargo)
    };
    let features = ["--features", aws::ENGINE, "--features", peers::FEATURE];
    lint(&[&["--workspace"], &features[..]].concat())?;
    lint(&["-p", "switchboard", "--target", "wasm32-unknown-unknown"])?;
    lint(&[
        "-p",
        "switchboard-demo",
        "--target",
        "wasm32-unknown-unknown",
    ])
}

/// Always together: alone a crate's dependencies have other features and are compiled anew.
pub(crate) const NATIVE: &[&str] = &["--workspace", "--exclude", "switchboard"];

fn native(shell: &Shell) -> Outcome {
    let test = |scope: &[&str]| {
        let mut cargo = shell.cargo(&["test", "--locked"]);
        shell::run("the native tests", cargo.args(scope))
    };
    test(NATIVE)?;
    test(&["--package", "switchboard", "--lib"])
}

fn browser(shell: &Shell) -> Outcome {
    tools::for_wasm(shell)?;
    let browser = tools::for_browser(shell)?;
    let mut cargo = shell.cargo(&["test", "--locked", "--package", "switchboard"]);
    cargo
        .args(["--target", "wasm32-unknown-unknown"])
        .env("CHROMEDRIVER", browser.driver)
        // For all of them together, in seconds; 20 by default, too few on a busy machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    shell::run("the component tests", &mut cargo)
}

fn size(shell: &Shell) -> Outcome {
    build::app(shell)?;
    let weights = size::weigh(&shell.repo.dist())?;
    say::result(format!("\n{}", size::table(&weights)));
    let sentence = size::judge(size::first_visit_bytes(&weights), size::FIRST_VISIT_BUDGET)?;
    say::result(sentence);
    Ok(())
}

fn e2e(shell: &Shell, build_app: bool) -> Outcome {
    tools::for_node_tests(shell)?;
    let browser = tools::for_browser(shell)?;
    if build_app {
        build::app(shell)?;
    }
    let mut cargo = shell.cargo(&["build", "--locked", "--package", "switchboard-gateway"]);
    shell::run("building the gateway", &mut cargo)?;
    let gallery = look::build(shell)?;
    let failures = shell.repo.built("e2e-failures.txt");
    // None before the first run.
    let _removed = fs::remove_file(&failures);
    let mut node = shell.command("node");
    // One file after another: each has a browser of its own, and their deadlines are for one.
    node.args(["--test", "--test-concurrency=1", E2E_TIMEOUT])
        .args(["--test-reporter", "spec", "--test-reporter-destination"])
        .arg("stdout")
        .arg("--test-reporter")
        .arg(shell.repo.at("e2e/support/failures.mjs"))
        .arg("--test-reporter-destination")
        .arg(&failures)
        .args(e2e_files(shell)?)
        .env(
            "SWITCHBOARD_GATEWAY",
            shell.repo.built("debug/switchboard-gateway"),
        )
        .env("SWITCHBOARD_DIST", shell.repo.dist())
        .env("SWITCHBOARD_DEVELOPMENT", gallery)
        .env("CHROMIUM", browser.chromium);
    shell::run("the end-to-end tests", &mut node).map_err(|failure| {
        // Last of all, where half an hour of output is read from its end.
        match fs::read_to_string(&failures).unwrap_or_default().trim() {
            "" => failure,
            said => failure.followed_by(said),
        }
    })
}

/// For a file, ms: what hangs is to fail and be named.
const E2E_TIMEOUT: &str = "--test-timeout=900000";

/// `e2e/*.test.mjs` and those one folder deeper, named one by one: node 20 knows no patterns.
fn e2e_files(shell: &Shell) -> Outcome<Vec<PathBuf>> {
    let root = shell.repo.at("e2e");
    let list = |folder: &PathBuf| {
        fs::read_dir(folder)
            .map(|entries| {
                entries
                    .flatten()
                    .map(|entry| entry.path())
                    .collect::<Vec<_>>()
            })
            .map_err(|error| Failure::file("read", folder, &error))
    };
    let mut files = Vec::new();
    for path in list(&root)? {
        if path.is_dir() && !path.ends_with("node_modules") {
            files.extend(list(&path)?);
        } else {
            files.push(path);
        }
    }
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(
            "there is no end-to-end test: e2e/ holds no file named *.test.mjs.",
        ));
    }
    Ok(files)
}
