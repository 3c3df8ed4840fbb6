//! The step `aws` of `cargo xtask test`: what can be proved of the AWS side without an account.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    port, say,
    service::Service,
    shell::{self, Shell},
    test::NATIVE,
    tools::{self, Python},
};

/// The feature under which the tests against an emulator are built.
pub(crate) const ENGINE: &str = "switchboard-lambda/engine";

/// Why no more is asked of an emulator.
const WITHOUT_PYTHON: &str = "Skipped: the emulator of AWS comes by Python, and there is no \
    python3 that can make virtual environments (on Debian: python3-venv).";

/// What the tests that need node are called.
const JAVASCRIPT: &str = "the_sdk_for_javascript";

pub(crate) const TEMPLATE: &str = "serverless/template.yaml";

pub(crate) fn check(shell: &Shell) -> Outcome {
    let (mut dynoxide, address) = dynoxide(shell)?;
    let tested = store(shell, "dynoxide", &address, &[]);
    dynoxide.stop();
    tested?;
    let Some(python) = tools::for_aws(shell)? else {
        say::result(WITHOUT_PYTHON);
        return Ok(());
    };
    let javascript = tools::for_aws_sdk(shell)?;
    let template = template(shell, &python)?;
    let (mut emulator, address) = emulator(shell, &python)?;
    let mut cargo = shell.cargo(&["test", "--locked", "--features", ENGINE]);
    cargo
        .args(NATIVE)
        .args(["--test", "engine", "--test", "deployed"])
        .env("SWITCHBOARD_EMULATOR", address)
        .env("SWITCHBOARD_PYTHON", python.program("python"))
        .env("SWITCHBOARD_TEMPLATE", template);
    if !javascript {
        say::result(
            "Left out: AWS's SDK for JavaScript as a client of the gateway, for there is no node with npm.",
        );
        cargo.args(["--", "--skip", JAVASCRIPT]);
    }
    let tested = shell::run("the tests against an emulator", &mut cargo);
    emulator.stop();
    tested?;
    second(shell, &python)
}

/// What of the store's tests moto fails, and why; `xtask/python/moto_server.py` has what else it lacks.
/// Cancellation reasons with the old row and answers that end at 1 MB it has.
const NOT_ON_MOTO: [(&str, &str); 2] = [
    ("the_epoch_is_stable", "tables have no id"),
    ("another_table_is_another_epoch", "tables have no id"),
];

/// The store against moto, written by others than MiniStack.
fn second(shell: &Shell, python: &Python) -> Outcome {
    let port = port::free()?;
    let mut command = shell.command(python.program("python"));
    command.args(["xtask/python/moto_server.py", &port.to_string()]);
    let log = shell.repo.at("target/tools/moto.log");
    logged(&mut command, &log)?;
    let mut moto = Service::start("moto", &mut command)?;
    moto.until_up(port, "/moto-api/")?;
    let address = format!("http://127.0.0.1:{port}");
    let tested = store(shell, "moto", &address, &NOT_ON_MOTO);
    moto.stop();
    tested
}

/// The store's tests against one more engine, but those that it fails.
fn store(shell: &Shell, engine: &str, address: &str, without: &[(&str, &str)]) -> Outcome {
    let mut cargo = shell.cargo(&["test", "--locked", "--features", ENGINE]);
    cargo
        .args(NATIVE)
        .args(["--test", "engine", "--", "suite::", "races::", "rows::"])
        .env("SWITCHBOARD_EMULATOR", address);
    for (test, why) in without {
        say::progress(format!("not on {engine}: {test} ({why})"));
        cargo.args(["--skip", test]);
    }
    shell::run(&format!("the store's tests against {engine}"), &mut cargo)
}

/// A DynamoDB without the rest of AWS, quick and strict (its authors hold it against the real one), empty;
/// and its address.
pub(crate) fn dynoxide(shell: &Shell) -> Outcome<(Service, String)> {
    tools::for_dynoxide(shell)?;
    let port = port::free()?;
    let mut command = shell.command("dynoxide");
    command.args(["serve", "--host", "127.0.0.1", "--port", &port.to_string()]);
    let log = shell.repo.at("target/tools/dynoxide.log");
    logged(&mut command, &log)?;
    let mut service = Service::start("dynoxide", &mut command)?;
    service.until_up(port, "/")?;
    Ok((service, format!("http://127.0.0.1:{port}")))
}

/// Has it write to a file what it would print.
fn logged(command: &mut Command, log: &Path) -> Outcome {
    let written = |error: &io::Error| Failure::file("write", log, error);
    fs::create_dir_all(log.parent().unwrap_or(log)).map_err(|error| written(&error))?;
    let out = File::create(log).map_err(|error| written(&error))?;
    let err = out.try_clone().map_err(|error| written(&error))?;
    command.stdout(out).stderr(err);
    Ok(())
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

/// MiniStack, empty, and its address. It would listen everywhere and let everybody do everything if it were
/// not told not to.
fn emulator(shell: &Shell, python: &Python) -> Outcome<(Service, String)> {
    let port = port::free()?;
    let address = format!("http://127.0.0.1:{port}");
    let log = shell.repo.at("target/tools/ministack.log");
    // It unpacks functions into the temporary folder and leaves them there.
    let scratch = shell.repo.at("target/tools/ministack");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch).map_err(|error| Failure::file("create", &scratch, &error))?;
    let mut command = shell.command(python.program("python"));
    command
        .args(["-m", "ministack"])
        .env("TMPDIR", &scratch)
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .env("AWS_ENDPOINT_URL", &address)
        .env("AUTH", "true");
    logged(&mut command, &log)?;
    let mut service = Service::start("MiniStack", &mut command)?;
    service.until_up(port, "/_ministack/health")?;
    Ok((service, address))
}
