//! What others have built, on ours and beside ours: the step `peers` of `cargo xtask test`, and `cargo xtask
//! peers`, which measures too. What is missing for a part of it is said, and the part left out.

use std::process::Stdio;

use crate::{
    args::Bench,
    aws,
    bench::load::{self, Other},
    failure::Outcome,
    port, say,
    shell::{self, Shell},
    test::NATIVE,
    tools,
};

/// The feature under which the cases are built.
pub(crate) const FEATURE: &str = "switchboard-gateway/peers";

/// The check, and then how quick serverless-offline is.
pub(crate) fn run(shell: &Shell) -> Outcome {
    say::step("peers: the template and the conformance cases", || {
        check(shell)
    })?;
    if !tools::for_peer(shell)? {
        return Ok(());
    }
    for fan_out in [100, 1000] {
        let name = format!("serverless-offline: load, a message to {fan_out}");
        say::step(&name, || load(shell, fan_out))?;
    }
    Ok(())
}

/// The template by the SAM command line, and our gateway and serverless-offline by the same cases.
pub(crate) fn check(shell: &Shell) -> Outcome {
    sam(shell)?;
    if !tools::for_peer(shell)? {
        say::result("Skipped: serverless-offline comes from npm, and there is no node with npm.");
        return Ok(());
    }
    conformance(shell)
}

/// Without network and without credentials, which it would use if it had them.
fn sam(shell: &Shell) -> Outcome {
    let Some(python) = tools::for_sam(shell)? else {
        say::result(
            "Skipped: the SAM command line comes by Python, and there is no python3 that can make virtual environments (on Debian: python3-venv).",
        );
        return Ok(());
    };
    let mut sam = shell.command(python.program("sam"));
    sam.args(["validate", "--lint", "--region", "eu-central-1"])
        .args(["--template-file", aws::TEMPLATE])
        .env("SAM_CLI_TELEMETRY", "0")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
    ] {
        sam.env_remove(name);
    }
    shell::run("validating the template", &mut sam)
}

fn conformance(shell: &Shell) -> Outcome {
    let mut cargo = shell.cargo(&["test", "--locked", "--features", FEATURE]);
    cargo
        .args(NATIVE)
        .args(["--test", "peers"])
        .args(["--", "--nocapture"]);
    shell::run("the conformance cases", &mut cargo)
}

fn load(shell: &Shell, fan_out: u32) -> Outcome {
    let ports = [port::free()?, port::free()?, port::free()?];
    let api = format!(
        r#"{{"file":"chat","inProcess":true,"expression":"$request.body.action","ports":{ports:?},
        "routes":[["$connect","connect"],["$disconnect","disconnect"],["sendmessage","sendmessage"]]}}"#
    );
    let mut command = shell.command("node");
    command
        .args([
            "node_modules/serverless/bin/serverless.js",
            "offline",
            "start",
        ])
        .current_dir(shell.repo.at("xtask/peer"))
        .env("PEER_API", api)
        .env("SLS_TELEMETRY_DISABLED", "1")
        .env("SLS_NOTIFICATIONS_MODE", "off")
        .env("AWS_ACCESS_KEY_ID", "none")
        .env("AWS_SECRET_ACCESS_KEY", "none")
        // A line an invocation.
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut other = Other {
        name: "serverless-offline",
        command,
        port: ports[2],
        health: ports[0],
    };
    let bench = Bench {
        parts: Vec::new(),
        connections: fan_out,
        fan_out,
        messages: 20,
        json: false,
    };
    load::beside(shell, &bench, &mut other).map(drop)
}
