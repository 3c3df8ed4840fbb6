//! The gateway under load, beside another server doing the same: starts both, and hands their
//! addresses and process ids to the load generator (`crates/bench`).

use std::{env, fs, path::PathBuf, process::Command};

use crate::{
    args::Bench,
    build,
    failure::{Failure, Outcome},
    port, say,
    service::Service,
    shell::{self, Shell},
    tools,
};

/// Beside node's `ws`. Returns what the generator prints: a table, or JSON with `--json`.
pub(super) fn run(shell: &Shell, bench: &Bench) -> Outcome<String> {
    tools::for_node_tests(shell)?;
    let port = port::free()?;
    let mut command = shell.command("node");
    command.args(["e2e/bench/ws-baseline.mjs", &port.to_string()]);
    let mut other = Other {
        name: "node-ws",
        command,
        port,
        health: port,
    };
    beside(shell, bench, &mut other)
}

/// A server that does what the gateway is measured at.
pub(crate) struct Other {
    pub(crate) name: &'static str,
    pub(crate) command: Command,
    /// Of its sockets.
    pub(crate) port: u16,
    /// Of its `/health`.
    pub(crate) health: u16,
}

/// The gateway and another server, one after the other.
pub(crate) fn beside(shell: &Shell, bench: &Bench, other: &mut Other) -> Outcome<String> {
    build::gateway(shell)?;
    let mut cargo = shell.cargo(&["build", "--release", "--locked"]);
    cargo.args(["--package", "switchboard-bench"]);
    shell::run("building the load generator", &mut cargo)?;

    let data = Scratch::new()?;
    let port = port::free()?;
    let mut gateway = Service::start(
        "the gateway",
        shell
            .command(shell.repo.built("release/switchboard-gateway"))
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--stage", "dev", "--log", "warn", "--data"])
            .arg(&data.0),
    )?;
    let mut baseline = Service::start(other.name, &mut other.command)?;
    gateway.until_up(port, "/health")?;
    baseline.until_up(other.health, "/health")?;

    let mut generator = shell.command(shell.repo.built("release/switchboard-bench"));
    generator
        .args(["--server", "gateway"])
        .arg(format!("ws://127.0.0.1:{port}/dev"))
        .arg(gateway.id().to_string())
        .args(["--server", other.name])
        .arg(format!("ws://127.0.0.1:{}/dev", other.port))
        .arg(baseline.id().to_string())
        .args(["--connections", &bench.connections.to_string()])
        .args(["--fan-out", &bench.fan_out.to_string()])
        .args(["--messages", &bench.messages.to_string()]);
    if bench.json {
        generator.arg("--json");
    }
    let document = shell::capture("the load bench", &mut generator)?;
    if !bench.json {
        say::result(&document);
    }
    Ok(document)
}

/// A folder for the gateway's store, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Outcome<Self> {
        let path = env::temp_dir().join(format!("switchboard-bench-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| Failure::file("create", &path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
