//! The gateway under load, with rooms of more than its bound in shards and without, beside another server
//! doing the same: starts them, and hands their addresses and process ids to the load generator (`crates/bench`).

use std::process::Command;

use crate::{
    args::Bench,
    build,
    failure::Outcome,
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

/// The gateway, with shards and without, and another server, one after the other.
pub(crate) fn beside(shell: &Shell, bench: &Bench, other: &mut Other) -> Outcome<String> {
    build::gateway(shell)?;
    let mut cargo = shell.cargo(&["build", "--release", "--locked"]);
    cargo.args(["--package", "switchboard-bench"]);
    shell::run("building the load generator", &mut cargo)?;

    let data = super::Scratch::new()?;
    let (port, direct_port) = (port::free()?, port::free()?);
    let start = |name: &'static str, port: u16, bound: &str| {
        let mut command = shell.command(shell.repo.built("release/switchboard-gateway"));
        command
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--stage", "dev", "--log", "warn", "--fan-out-bound", bound])
            .arg("--connections-per-address")
            .arg(bench.connections.max(bench.fan_out).to_string())
            .arg("--data")
            .arg(data.path().join(bound));
        Service::start(name, &mut command)
    };
    let mut gateway = start("the gateway", port, "512")?;
    let mut direct = start("the gateway without shards", direct_port, "4294967295")?;
    let mut baseline = Service::start(other.name, &mut other.command)?;
    gateway.until_up(port, "/health")?;
    direct.until_up(direct_port, "/health")?;
    baseline.until_up(other.health, "/health")?;

    let mut generator = shell.command(shell.repo.built("release/switchboard-bench"));
    generator
        .args(["--server", "gateway"])
        .arg(format!("ws://127.0.0.1:{port}/dev"))
        .arg(gateway.id().to_string())
        .args(["--server", "no shards"])
        .arg(format!("ws://127.0.0.1:{direct_port}/dev"))
        .arg(direct.id().to_string())
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
