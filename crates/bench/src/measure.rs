//! The three measurements of one server: round trip alone, memory of the idle, fan-out.

use std::{
    fs,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::time::{sleep, timeout};

use crate::{
    args::{Args, Server},
    connection::{Arrivals, Connection},
};

/// Sends before measuring, so that neither side is cold.
const WARM_UP: u32 = 20;
const ROUND_TRIPS: u32 = 500;
/// A message that has not reached everyone by then is lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// What one server did.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) name: String,
    /// One client that gets its own message back, sorted.
    pub(crate) round_trips: Vec<Duration>,
    /// KiB of resident memory with no connection and with all of them idle.
    pub(crate) memory_before: u64,
    pub(crate) memory_idle: u64,
    /// Every delivery of every message fanned out, sorted.
    pub(crate) deliveries: Vec<Duration>,
    /// Time from the first send to the last delivery, warm-up left out.
    pub(crate) fan_out_time: Duration,
}

pub(crate) async fn server(server: &Server, args: &Args) -> Result<Measured, String> {
    let named = |error| format!("{}: {error}", server.name);
    measure(server, args).await.map_err(named)
}

async fn measure(server: &Server, args: &Args) -> Result<Measured, String> {
    let memory_before = resident(server.process)?;
    let arrivals = Rc::new(Arrivals::default());

    let mut alone = vec![Connection::open(&server.url, &arrivals).await?];
    fan_out(&mut alone, &arrivals, WARM_UP).await?;
    let (mut round_trips, _) = fan_out(&mut alone, &arrivals, ROUND_TRIPS).await?;
    round_trips.sort_unstable();

    let mut connections = alone;
    while connections.len() < args.connections as usize {
        connections.push(Connection::open(&server.url, &arrivals).await?);
    }
    sleep(Duration::from_secs(2)).await;
    let memory_idle = resident(server.process)?;

    connections.truncate(args.fan_out as usize);
    while connections.len() < args.fan_out as usize {
        connections.push(Connection::open(&server.url, &arrivals).await?);
    }
    // The dropped ones are gone for the server too before anything is counted.
    sleep(Duration::from_secs(2)).await;
    fan_out(&mut connections, &arrivals, WARM_UP.min(args.messages)).await?;
    let (mut deliveries, fan_out_time) =
        fan_out(&mut connections, &arrivals, args.messages).await?;
    deliveries.sort_unstable();

    Ok(Measured {
        name: server.name.clone(),
        round_trips,
        memory_before,
        memory_idle,
        deliveries,
        fan_out_time,
    })
}

/// Sends one message after the other, each when the one before has reached everyone.
async fn fan_out(
    connections: &mut [Connection],
    arrivals: &Arrivals,
    messages: u32,
) -> Result<(Vec<Duration>, Duration), String> {
    let count = connections.len();
    let mut deliveries = Vec::with_capacity(count * messages as usize);
    let started = Instant::now();
    for number in 0..messages {
        let text = format!("message {number} to {count}, of the length that people write");
        arrivals.expect(&text, count);
        let frame = format!("{{\"action\":\"sendmessage\",\"data\":\"{text}\"}}");
        let sent = Instant::now();
        let Some(sender) = connections.first_mut() else {
            return Err("there is no connection to send with".to_owned());
        };
        sender.send(frame).await?;
        let times = timeout(PATIENCE, arrivals.complete()).await.map_err(|_| {
            format!(
                "message {number} reached {} of {count} connections in {} seconds",
                arrivals.count(),
                PATIENCE.as_secs()
            )
        })??;
        deliveries.extend(times.iter().map(|time| time.duration_since(sent)));
    }
    Ok((deliveries, started.elapsed()))
}

/// Resident memory of a process in KiB.
fn resident(process: u32) -> Result<u64, String> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|value| value.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| format!("{path} names no VmRSS"))
}
