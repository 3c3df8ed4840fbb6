//! The step `aws` of `cargo xtask test`: what can be proved of the AWS side without an account.

use std::{fs::File, io};

use crate::{
    failure::{Failure, Outcome},
    port, say,
    service::Service,
    shell::{self, Shell},
    test::NATIVE,
    tools::{self, Python},
};

/// The feature under which the tests against an engine are built.
pub(crate) const ENGINE: &str = "switchboard-lambda/engine";

pub(crate) fn check(shell: &Shell) -> Outcome {
    let Some(python) = tools::for_aws(shell)? else {
        say::result(
            "Skipped: the engine comes by Python, and there is no python3 that can make virtual \
             environments (on Debian: python3-venv).",
        );
        return Ok(());
    };
    let (mut engine, address) = engine(shell, &python)?;
    let mut cargo = shell.cargo(&["test", "--locked", "--features", ENGINE]);
    cargo
        .args(NATIVE)
        .args(["--test", "engine"])
        .env("SWITCHBOARD_DYNAMODB", address);
    let tested = shell::run("the tests against a DynamoDB-compatible engine", &mut cargo);
    engine.stop();
    tested
}

/// MiniStack, empty, and its address. It would listen everywhere if it were not told not to.
fn engine(shell: &Shell, python: &Python) -> Outcome<(Service, String)> {
    let port = port::free()?;
    let address = format!("http://127.0.0.1:{port}");
    let log = shell.repo.at("target/tools/ministack.log");
    let written = |error: &io::Error| Failure::file("write", &log, error);
    let out = File::create(&log).map_err(|error| written(&error))?;
    let err = out.try_clone().map_err(|error| written(&error))?;
    let mut command = shell.command(python.program("python"));
    command
        .args(["-m", "ministack"])
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .env("AWS_ENDPOINT_URL", &address)
        .stdout(out)
        .stderr(err);
    let mut service = Service::start("MiniStack", &mut command)?;
    service.until_up(port, "/_ministack/health")?;
    Ok((service, address))
}
