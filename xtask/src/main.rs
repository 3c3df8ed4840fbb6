//! Set-up, builds and checks: `cargo xtask dev | test | look | build | package | deploy | bench | peers | soak`.
//!
//! One module per command; what they share is in `tools` (what a fresh machine lacks),
//! `shell` (running programs), `service` (programs that stay) and `failure` (the one error).

mod args;
mod aws;
mod bench;
mod build;
mod cost;
mod deploy;
mod dev;
mod failure;
mod lockfile;
mod look;
mod package;
mod paths;
mod peers;
mod port;
mod say;
mod service;
mod shell;
mod simulation;
mod size;
mod small;
mod test;
mod tools;

use std::{env, process::ExitCode};

use args::Command;
use failure::{Failure, Outcome};
use paths::Repo;
use shell::Shell;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::progress(format!("\n{} {failure}", say::bold("error:")));
            ExitCode::from(failure.code())
        }
    }
}

fn run() -> Outcome {
    let command = args::parse(env::args().skip(1)).map_err(Failure::new)?;
    let shell = Shell::new(Repo::find())?;
    match command {
        Command::Help => {
            say::result(args::USAGE.trim_end());
            Ok(())
        }
        Command::Setup => {
            tools::for_release(&shell)?;
            tools::for_node_tests(&shell)?;
            tools::for_browser(&shell)?;
            say::result("Everything that `cargo xtask dev` and `cargo xtask test` need is there.");
            Ok(())
        }
        Command::Dev(ports) => dev::run(&shell, ports),
        Command::Test(steps) => test::run(&shell, &steps),
        Command::Build(target) => build::run(&shell, target),
        Command::Package { with_site } => package::run(&shell, with_site),
        Command::Deploy(deployment) => deploy::run(&shell, &deployment),
        Command::Cost(case) => cost::run(&case),
        Command::Look(options) => look::run(&shell, &options),
        Command::Bench(bench) => bench::run(&shell, &bench),
        Command::Peers => peers::run(&shell),
        Command::Soak(options) => simulation::soak(&shell, &options),
        Command::Replay(file) => simulation::replay(&shell, &file),
    }
}
