//! Holds idle connections, measures the server's memory, fans messages out and measures every
//! delivery: the same for each server given, so that ratios mean something.
//!
//! `cargo xtask bench` starts the servers and calls this; it knows nothing of either but the
//! S5 frames: `{"action":"sendmessage","data":…}` goes to everyone connected, bare.

mod args;
mod connection;
mod measure;
mod report;

use std::{io::Write, process::ExitCode};

fn main() -> ExitCode {
    match run() {
        Ok(report) => {
            let _ = writeln!(std::io::stdout(), "{report}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            let _ = writeln!(std::io::stderr(), "switchboard-bench: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, String> {
    let args = args::parse(std::env::args().skip(1))?;
    raise_file_limit(args.connections.max(args.fan_out))?;
    // One thread: the generator must leave the other core to the server.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    let mut measured = Vec::new();
    for server in &args.servers {
        let local = tokio::task::LocalSet::new();
        measured.push(runtime.block_on(local.run_until(measure::server(server, &args)))?);
    }
    Ok(if args.json {
        report::json(&args, &measured)
    } else {
        report::table(&args, &measured)
    })
}

/// Each connection is a file descriptor.
fn raise_file_limit(connections: u32) -> Result<(), String> {
    let needed = u64::from(connections) + 64;
    let got = rlimit::increase_nofile_limit(needed.max(4096))
        .map_err(|error| format!("the limit of open files could not be raised: {error}"))?;
    if got < needed {
        return Err(format!(
            "{connections} connections need {needed} open files and the system allows {got}: \
             raise it (`ulimit -Hn`), or ask for fewer connections"
        ));
    }
    Ok(())
}
