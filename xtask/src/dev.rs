//! `cargo xtask dev`: the gateway and `trunk serve`, ready for two people.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use crate::{
    args::Ports,
    failure::{Failure, Outcome},
    port, say,
    service::Service,
    shell::{self, Shell, listen_for_interrupt},
    tools,
};

/// What Trunk.toml says, to be replaced by the port asked for.
const COMMITTED_GATEWAY: &str = "127.0.0.1:8787";
const TICK: Duration = Duration::from_millis(100);

pub(crate) fn run(shell: &Shell, ports: Ports) -> Outcome {
    listen_for_interrupt()?;
    port::require_free(ports.page, "--port")?;
    port::require_free(ports.gateway, "--gateway-port")?;
    tools::for_serving(shell)?;
    say::step("build the gateway", || {
        let mut cargo = shell.cargo(&["build", "--locked", "--package", "switchboard-gateway"]);
        shell::run("building the gateway", &mut cargo)
    })?;

    let started = Instant::now();
    let mut gateway = start_gateway(shell, ports.gateway)?;
    wait(&mut [&mut gateway], "the gateway", || {
        port::answers(ports.gateway, "/health")
    })?;
    let mut page = start_trunk(shell, ports)?;
    wait(
        &mut [&mut gateway, &mut page],
        "the page's first build",
        || port::answers(ports.page, "/"),
    )?;
    greet(ports, started.elapsed());

    let outcome = stay(&mut [&mut gateway, &mut page]);
    page.stop();
    gateway.stop();
    outcome?;
    say::progress("\nStopped the page and the gateway. Messages are kept in .dev/data.");
    Ok(())
}

fn start_gateway(shell: &Shell, port: u16) -> Outcome<Service> {
    let data = shell.repo.at(".dev/data");
    fs::create_dir_all(&data).map_err(|error| Failure::file("create", &data, &error))?;
    let mut command = shell.command(shell.repo.built("debug/switchboard-gateway"));
    command
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .args(["--stage", "dev", "--data"])
        .arg(data);
    Service::start("the gateway", &mut command)
}

fn start_trunk(shell: &Shell, ports: Ports) -> Outcome<Service> {
    let mut command = shell.command("trunk");
    command
        // trunk reads NO_COLOR as a boolean option of its own and ends at `NO_COLOR=1`.
        .env_remove("NO_COLOR")
        .args(["--offline", "--skip-version-check", "serve"])
        .args(["--port", &ports.page.to_string()])
        // Beside the release in dist/, not over it.
        .args(["--dist", ".dev/app"]);
    let committed = shell.repo.at("Trunk.toml");
    let config = fs::read_to_string(&committed)
        .map_err(|error| Failure::file("read", &committed, &error))?;
    let gateway = format!("127.0.0.1:{}", ports.gateway);
    if gateway != COMMITTED_GATEWAY {
        // trunk can add a proxy from the command line but not replace one, and reads every
        // path from where its file is.
        let path = shell.repo.at(".trunk-dev.toml");
        fs::write(&path, config.replace(COMMITTED_GATEWAY, &gateway))
            .map_err(|error| Failure::file("write", &path, &error))?;
        command.arg("--config").arg(path);
    }
    Service::start("trunk", &mut command)
}

/// Waits until `ready`, saying so now and then, as long as every service lives.
fn wait(services: &mut [&mut Service], what: &str, ready: impl Fn() -> bool) -> Outcome {
    let started = Instant::now();
    let mut said = started;
    while !ready() {
        check(services)?;
        if said.elapsed() > Duration::from_secs(15) {
            said = Instant::now();
            let waited = say::duration(started.elapsed());
            say::progress(format!(
                "… waiting for {what} ({waited} so far; an error above goes away by mending and \
                 saving)"
            ));
        }
        thread::sleep(TICK);
    }
    Ok(())
}

fn stay(services: &mut [&mut Service]) -> Outcome {
    loop {
        match check(services) {
            Ok(()) => thread::sleep(TICK),
            Err(_) if shell::interrupted() => return Ok(()),
            Err(failure) => return Err(failure),
        }
    }
}

fn check(services: &mut [&mut Service]) -> Outcome {
    if shell::interrupted() {
        return Err(Failure::interrupted());
    }
    services.iter_mut().try_for_each(|service| service.check())
}

fn greet(ports: Ports, took: Duration) {
    let Ports { page, gateway } = ports;
    let address = say::bold(&format!("http://127.0.0.1:{page}"));
    say::progress(format!(
        "
Ready in {}:  {address}

  1. Open it in two browser windows.
  2. Connect in one as `ana` and in the other as `bo`.
  3. Choose the other person, write, press Enter.

  The WebSocket is ws://127.0.0.1:{gateway}/dev, for wscat and other clients too.
  Saving a file of the app rebuilds and reloads the page; for a change of the gateway,
  stop with Ctrl-C and start again.
",
        say::duration(took)
    ));
}
