//! Builds the simulation for speed and starts it: a world in debug mode takes ten times as long.

use crate::{
    failure::Outcome,
    shell::{self, Shell},
};

/// What `cargo xtask test` runs: worlds of every kind, and every mutant until it is killed.
const CHECKS: [&[&str]; 5] = [
    &["--seeds", "0..200"],
    &["--seeds", "0..16", "--profile", "holes"],
    &["--seeds", "0..16", "--profile", "storage"],
    &["--seeds", "0..64", "--profile", "reconnects"],
    &["--seeds", "0..24", "--mutants"],
];

/// `cargo xtask soak`.
pub(crate) fn soak(shell: &Shell, options: &[String]) -> Outcome {
    build(shell)?;
    run(shell, options)
}

/// `cargo xtask replay`.
pub(crate) fn replay(shell: &Shell, file: &str) -> Outcome {
    build(shell)?;
    run(shell, &["--replay", file])
}

/// The step of `cargo xtask test`.
pub(crate) fn check(shell: &Shell) -> Outcome {
    build(shell)?;
    CHECKS.iter().try_for_each(|options| run(shell, options))
}

fn build(shell: &Shell) -> Outcome {
    let mut cargo = shell.cargo(&["build", "--locked", "--profile", "simulation"]);
    cargo.args(["--package", "switchboard-simulation"]);
    shell::run("building the simulation", &mut cargo)
}

fn run(shell: &Shell, options: &[impl AsRef<std::ffi::OsStr>]) -> Outcome {
    let mut soak = shell.command(shell.repo.built("simulation/soak"));
    shell::run("the simulation", soak.args(options))
}
