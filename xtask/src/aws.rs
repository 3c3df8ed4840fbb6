//! The step `aws` of `cargo xtask test`: what can be proved of the AWS side without an account.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

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

const TEMPLATE: &str = "serverless/template.yaml";

pub(crate) fn check(shell: &Shell) -> Outcome {
    let Some(python) = tools::for_aws(shell)? else {
        say::result(
            "Skipped: the engine comes by Python, and there is no python3 that can make virtual \
             environments (on Debian: python3-venv).",
        );
        return Ok(());
    };
    let template = template(shell, &python)?;
    let (mut engine, address) = engine(shell, &python)?;
    let mut cargo = shell.cargo(&["test", "--locked", "--features", ENGINE]);
    cargo
        .args(NATIVE)
        .args(["--test", "engine"])
        .env("SWITCHBOARD_DYNAMODB", address)
        .env("SWITCHBOARD_TEMPLATE", template);
    let tested = shell::run("the tests against a DynamoDB-compatible engine", &mut cargo);
    engine.stop();
    tested
}

/// Lints the template as it is written and as CloudFormation gets it, and gives the latter: a typo
/// in a reference shows only there.
fn template(shell: &Shell, python: &Python) -> Outcome<PathBuf> {
    let lint = |file: &Path| {
        let mut command = shell.command(python.program("cfn-lint"));
        shell::run("linting the template", command.arg(file))
    };
    lint(Path::new(TEMPLATE))?;
    let mut command = shell.command(python.program("python"));
    command.args(["xtask/python/expand.py", TEMPLATE]);
    let expanded = shell::capture("expanding the template", &mut command)?;
    let file = shell.repo.at("target/tools/template.json");
    fs::write(&file, expanded).map_err(|error| Failure::file("write", &file, &error))?;
    lint(&file)?;
    Ok(file)
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
