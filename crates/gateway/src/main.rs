//! `switchboard-gateway`: the app, the API and the chat backend on one machine.

mod cli;

use std::{
    io::Write,
    process::ExitCode,
    sync::{Arc, OnceLock},
};

use clap::Parser;
use switchboard_gateway::{
    Addresses, BackendFunctions, Clock, ConfigError, Connections, Functions, Gateway,
    RuntimeFunctions, Server, backend_routes, store::EmbeddedStore, ticket_authorizer,
};
use tokio_util::sync::CancellationToken;

use crate::cli::{Cli, Identity};

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_max_level(cli.log)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "switchboard-gateway: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    // Each connection is a file descriptor, and many systems allow 1,024 unless asked.
    let _ = rlimit::increase_nofile_limit(65_536);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(cli))
}

async fn serve(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    let (config, clock) = (cli.config(), Clock::scaled(cli.time_scale));
    if cli.check_signatures && config.access_key.is_none() {
        return Err(ConfigError::Keys.into());
    }
    let connections = Connections::faulty(clock.clone(), config.limits.clone(), cli.faults());
    let addresses = Arc::default();
    let functions = functions(&cli, &connections, &clock, &addresses)?;
    let mut routes = backend_routes(&cli.route_selection)?;
    if cli.identity == Identity::Tickets {
        routes = routes.behind(ticket_authorizer());
    }
    let queue = config.queue.name.clone();
    let gateway = Gateway::new(config, clock, connections, routes, functions);
    let server = Server::bind(cli.listen, gateway).await?;
    let _ = addresses.set(Addresses::of(server.address(), &cli.stage, &queue));
    let stop = CancellationToken::new();
    let asked = asked_to_stop()?;
    tokio::spawn({
        let stop = stop.clone();
        async move {
            asked.await;
            stop.cancel();
        }
    });
    announce(&cli, &server);
    server.serve(stop).await;
    Ok(())
}

/// The handlers: those in this process, or real programs.
fn functions(
    cli: &Cli,
    connections: &Connections,
    clock: &Clock,
    addresses: &Arc<OnceLock<Addresses>>,
) -> Result<Arc<dyn Functions>, Box<dyn std::error::Error>> {
    let unusable = |error: String| ConfigError::Data(cli.data.clone(), error);
    let Some(folder) = &cli.functions else {
        let store = EmbeddedStore::open(&cli.data).map_err(|error| unusable(error.to_string()))?;
        let settings = cli.settings();
        let functions =
            BackendFunctions::start(store, connections.clone(), clock.clone(), settings)?;
        return Ok(Arc::new(functions));
    };
    // The queue's file goes there still.
    std::fs::create_dir_all(&cli.data).map_err(|error| unusable(error.to_string()))?;
    let limits = cli.runtime();
    let addresses = Arc::clone(addresses);
    let functions = RuntimeFunctions::in_folder(folder, limits, clock.clone(), addresses)?;
    if cli.identity == Identity::Tickets && !functions.has_tickets() {
        return Err(ConfigError::Tickets.into());
    }
    Ok(Arc::new(functions))
}

/// On stdout, where whoever started the gateway on port 0 can read the address.
fn announce(cli: &Cli, server: &Server) {
    let (address, stage) = (server.address(), &cli.stage);
    let page = match &cli.app {
        Some(_) => format!("http://{address}/"),
        None => "none (name its folder with --app)".to_owned(),
    };
    let _ = writeln!(
        std::io::stdout(),
        "page        {page}\nwebsocket   ws://{address}/{stage}\nmanagement  http://{address}/{stage}/@connections/{{id}}"
    );
}

/// Ends when the process is asked to. The handlers stand from the call on, not from the first
/// poll: whoever reads the announcement may send a signal at once.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
