//! The tools a fresh machine lacks: how each is recognised and how it is installed.
//!
//! Asked for at the start of every command, so looking must take milliseconds.

mod browser;
mod cross;
mod npm;
mod python;
mod rust;

use std::path::PathBuf;

use crate::{
    failure::{Failure, Outcome},
    say,
    shell::Shell,
};

pub(crate) use browser::Browser;
pub(crate) use cross::{COMPILER, TARGET};
pub(crate) use python::Python;

/// One thing to have before work starts.
struct Tool {
    name: String,
    /// What a person should know before waiting; empty where it is quick.
    takes: &'static str,
    present: bool,
    install: fn(&Shell) -> Outcome,
}

/// What `trunk serve` needs: the wasm target, trunk, wasm-bindgen, the locked crates.
pub(crate) fn for_serving(shell: &Shell) -> Outcome {
    required_by_hand(shell)?;
    install_missing(
        shell,
        vec![
            rust::wasm_target(shell),
            rust::trunk(shell),
            rust::wasm_bindgen(shell)?,
            rust::crates(shell),
        ],
    )
}

/// What a release build needs besides: the standard library's source, wasm-opt and the minifier.
pub(crate) fn for_release(shell: &Shell) -> Outcome {
    for_serving(shell)?;
    install_missing(
        shell,
        vec![
            rust::source(shell),
            rust::std_crates(shell),
            rust::wasm_split(shell),
            npm::build_tools(shell),
        ],
    )
}

/// What tests in a browser need, the fonts of the reference pictures with it; the programs to run
/// them with.
pub(crate) fn for_browser(shell: &Shell) -> Outcome<Browser> {
    install_missing(shell, vec![browser::chromium(shell), browser::fonts(shell)])?;
    Browser::find(shell).ok_or_else(|| {
        Failure::new(
            "Chromium or its driver is still missing after the installation: install both, or set \
             CHROMIUM and CHROMEDRIVER to their paths.",
        )
    })
}

/// What the end-to-end tests and the baselines of the bench import.
pub(crate) fn for_node_tests(shell: &Shell) -> Outcome {
    required_by_hand(shell)?;
    install_missing(shell, vec![npm::test_tools(shell)])
}

/// What the benches need beyond the tests' packages.
pub(crate) fn for_kits(shell: &Shell) -> Outcome {
    install_missing(shell, vec![npm::kits(shell)])
}

/// The DynamoDB that needs no Python.
pub(crate) fn for_dynoxide(shell: &Shell) -> Outcome {
    install_missing(shell, vec![rust::dynoxide(shell)])
}

/// What the tests of the AWS side run against and are linted by; none where Python is missing.
pub(crate) fn for_aws(shell: &Shell) -> Outcome<Option<Python>> {
    by_pip(shell, Python::aws(shell))
}

fn by_pip(shell: &Shell, python: Python) -> Outcome<Option<Python>> {
    if !Python::can_install(shell) {
        return Ok(None);
    }
    install_missing(shell, vec![python.tool()])?;
    Ok(Some(python))
}

/// A foreign client of the gateway: whether it is there, which it is not where npm is missing.
pub(crate) fn for_aws_sdk(shell: &Shell) -> Outcome<bool> {
    by_npm(shell, npm::aws_sdk)
}

/// The emulator that our gateway is compared with: whether it is there.
pub(crate) fn for_peer(shell: &Shell) -> Outcome<bool> {
    by_npm(shell, npm::peer)
}

fn by_npm(shell: &Shell, tool: fn(&Shell) -> Tool) -> Outcome<bool> {
    let there = ["node", "npm"]
        .iter()
        .all(|program| shell.find(program).is_some());
    if there {
        install_missing(shell, vec![tool(shell)])?;
    }
    Ok(there)
}

/// The SAM command line; none where Python is missing.
pub(crate) fn for_sam(shell: &Shell) -> Outcome<Option<Python>> {
    by_pip(shell, Python::sam(shell))
}

/// The wasm target and test runner alone, for checks that build no page.
pub(crate) fn for_wasm(shell: &Shell) -> Outcome {
    required_by_hand(shell)?;
    install_missing(
        shell,
        vec![
            rust::wasm_target(shell),
            rust::wasm_bindgen(shell)?,
            rust::crates(shell),
        ],
    )
}

/// What the functions are built with: another processor's standard library and C compiler.
pub(crate) fn for_functions(shell: &Shell) -> Outcome {
    required_by_hand(shell)?;
    install_missing(
        shell,
        vec![
            cross::target(shell),
            cross::compiler(shell),
            rust::crates(shell),
        ],
    )
}

fn install_missing(shell: &Shell, tools: Vec<Tool>) -> Outcome {
    let missing: Vec<_> = tools.into_iter().filter(|tool| !tool.present).collect();
    let count = missing.len();
    for (index, tool) in missing.into_iter().enumerate() {
        let place = if count > 1 {
            format!("{}/{count} ", index + 1)
        } else {
            String::new()
        };
        let takes = if tool.takes.is_empty() {
            String::new()
        } else {
            format!(" ({})", tool.takes)
        };
        say::step(&format!("install {place}{}{takes}", tool.name), || {
            (tool.install)(shell)
        })?;
    }
    Ok(())
}

/// What xtask cannot install: without it there is nothing to install with.
fn required_by_hand(shell: &Shell) -> Outcome {
    for (program, sentence) in [
        (
            "rustup",
            "rustup is missing, and the WebAssembly target is added with it: install Rust by \
             rustup, then run the same command again.",
        ),
        (
            "node",
            "Node.js is missing: install version 20 or later together with npm, then run the \
             same command again.",
        ),
        (
            "npm",
            "npm is missing: install it beside Node.js, then run the same command again.",
        ),
    ] {
        if shell.find(program).is_none() {
            return Err(Failure::new(sentence));
        }
    }
    Ok(())
}

/// Where the Cargo.lock is.
fn lock_file(shell: &Shell) -> PathBuf {
    shell.repo.at("Cargo.lock")
}
