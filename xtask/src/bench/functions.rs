//! The functions as they are deployed, but for this machine: how long they take to start, and a message in
//! the gateway's runtime mode over a DynamoDB that takes little of it.

use super::Measured;
use crate::{
    aws, build,
    failure::Outcome,
    port,
    service::Service,
    shell::{self, Shell},
    tools,
};

/// What the functions are told beside the emulator's address; it keeps accounts and regions apart.
const VARIABLES: [(&str, &str); 5] = [
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("TABLE_NAME", "bench"),
    ("LOG_LEVEL", "warn"),
];

/// The script prints its table, or its JSON with `--json`.
pub(super) fn run(shell: &Shell, json: bool) -> Outcome<Measured> {
    tools::for_node_tests(shell)?;
    build::gateway(shell)?;
    let mut cargo = shell.cargo(&["build", "--locked", "--profile", "function"]);
    cargo.args(["--package", "switchboard-lambda", "--bins"]);
    shell::run("building the functions", &mut cargo)?;
    let functions = shell.repo.built("function");

    let (_engine, endpoint) = aws::dynoxide(shell)?;
    let data = super::Scratch::new()?;
    let port = port::free()?;
    let mut command = shell.command(shell.repo.built("release/switchboard-gateway"));
    command
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .args(["--stage", "dev", "--log", "warn", "--data"])
        .arg(data.path())
        .arg("--functions")
        .arg(&functions)
        .env("AWS_ENDPOINT_URL", &endpoint)
        .envs(VARIABLES);
    let mut gateway = Service::start("the gateway", &mut command)?;
    gateway.until_up(port, "/health")?;
    let mut node = shell.command("node");
    node.arg("e2e/bench/functions.mjs")
        .arg(&functions)
        .arg(format!("ws://127.0.0.1:{port}/dev"))
        .env("AWS_ENDPOINT_URL", &endpoint)
        .envs(VARIABLES);
    super::measured("functions", &mut node, json)
}
