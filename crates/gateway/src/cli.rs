//! The command line, with a complete one-machine deployment as its defaults.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Parser;
use switchboard_gateway::{
    AccessKey, AllowedOrigin, Config, Faults, Limits, LossDetection, QueueConfig, RuntimeLimits,
    Switches,
};
use tracing::level_filters::LevelFilter;

/// A local API Gateway for WebSocket APIs: the page at /, the WebSocket at /{stage}, the
/// management API at /{stage}/@connections/{id}, the publisher's queue at /queue/{name}.
#[derive(Debug, Parser)]
#[command(name = "switchboard-gateway", version)]
pub(crate) struct Cli {
    /// Folder of the built app to serve at /; without it only the API is served
    #[arg(long, value_name = "DIR")]
    pub(crate) app: Option<PathBuf>,
    /// Folder of the functions' programs to run in place of the handlers in this one, over the table
    /// and tickets that this process's environment names
    #[arg(long, value_name = "DIR")]
    pub(crate) functions: Option<PathBuf>,
    /// Who people are: whoever they say, or whom their ticket is for
    #[arg(
        long,
        value_name = "HOW",
        default_value = "demo",
        requires_if("tickets", "functions")
    )]
    pub(crate) identity: Identity,
    /// Seconds that a program may take for one event
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    function_timeout: u64,
    /// Events that one function may be at work on at the same time
    #[arg(long, value_name = "N", default_value_t = 32)]
    function_environments: usize,
    /// Take posts to connections and records of SQS's clients only signed with the keys of this
    /// environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)
    #[arg(long)]
    pub(crate) check_signatures: bool,
    /// Address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    pub(crate) listen: SocketAddr,
    /// The stage: the path of the WebSocket
    #[arg(long, default_value = "dev")]
    pub(crate) stage: String,
    /// Folder of the store, made if it is not there
    #[arg(long, value_name = "DIR", default_value = ".switchboard")]
    pub(crate) data: PathBuf,
    /// Where in a message its route stands
    #[arg(
        long,
        value_name = "EXPRESSION",
        default_value = "$request.body.action"
    )]
    pub(crate) route_selection: String,
    /// Origin that may use the gateway beside its own (repeatable; * for every one)
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<AllowedOrigin>,
    /// What is logged: off, error, warn, info, debug or trace
    #[arg(long, default_value = "info")]
    pub(crate) log: LevelFilter,
    /// Let the gateway's time run so many times as fast
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) time_scale: u32,

    /// Close a connection after so many seconds without a message
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    idle: u64,
    /// Close a connection after so many seconds whatever its traffic
    #[arg(long, value_name = "SECONDS", default_value_t = 7200)]
    lifetime: u64,
    /// Messages and posts per second over all connections (the platform's quota is 10000)
    #[arg(long, value_name = "N")]
    requests_per_second: Option<u32>,
    /// Open connections from one address
    #[arg(long, value_name = "N", default_value_t = 5000)]
    connections_per_address: usize,
    /// Messages of one connection that may wait for their functions
    #[arg(long, value_name = "N", default_value_t = 32)]
    messages_in_flight: usize,
    /// Messages that may wait for one client to read them
    #[arg(long, value_name = "N", default_value_t = 256)]
    outgoing_messages: usize,
    /// Seconds that each step of a shutdown may take
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    shutdown_grace: u64,

    /// Most connections that a handler posts to when everyone is addressed; above it the queue does
    #[arg(long, value_name = "N", default_value_t = 512)]
    fan_out_bound: usize,
    /// Name of the publisher's queue
    #[arg(long, value_name = "NAME", default_value = "messages")]
    queue: String,
    /// Times a record is tried before it is dead-lettered
    #[arg(long, value_name = "N", default_value_t = 1)]
    queue_max_receives: u32,
    /// Seconds between two tries of a record
    #[arg(long, value_name = "SECONDS", default_value_t = 1)]
    queue_retry_delay: u64,

    /// Of 100 posts, so many are answered 429
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = percent())]
    throttle_posts: u8,
    /// Of 100 posts, so many never arrive though they were accepted
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = percent())]
    drop_posts: u8,
    /// Of 100 posts, so many arrive twice
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = percent())]
    duplicate_posts: u8,
    /// Each post arrives up to so many milliseconds late, and so out of order
    #[arg(long, value_name = "MS", default_value_t = 0)]
    delay_posts: u64,
    /// Of 100 connections that end, however they do, so many end without a $disconnect
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = percent())]
    lose_disconnects: u8,
    /// Names the sequence of these faults
    #[arg(long, value_name = "N", default_value_t = 0)]
    fault_seed: u64,

    /// Leave the sender out of a broadcast through $default (S4)
    #[arg(long)]
    leave_sender_out: bool,
    /// Serve Switchboard's own frames only, not the five older systems
    #[arg(long)]
    no_older_systems: bool,

    /// Count Ping frames as activity
    #[arg(long)]
    ping_is_activity: bool,
    /// Decline permessage-deflate
    #[arg(long)]
    no_deflate: bool,
    /// When a connection lost without a close frame counts as ended
    #[arg(long, value_name = "WHEN", default_value = "at-once")]
    loss: Loss,
}

fn percent() -> clap::builder::RangedI64ValueParser<u8> {
    clap::value_parser!(u8).range(0..=100)
}

/// The values of `--identity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Identity {
    /// Anybody is whoever they say
    Demo,
    /// A ticket for a verified token, as in a deployment
    Tickets,
}

/// The values of `--loss`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Loss {
    /// At once
    AtOnce,
    /// When the idle limit passes; posts are accepted and lost until then
    WhenIdle,
    /// At once, but $disconnect never runs
    Untold,
}

impl Cli {
    /// What goes wrong on purpose.
    pub(crate) fn faults(&self) -> Faults {
        Faults {
            seed: self.fault_seed,
            throttled: self.throttle_posts,
            dropped: self.drop_posts,
            duplicated: self.duplicate_posts,
            delay: Duration::from_millis(self.delay_posts),
            untold: self.lose_disconnects,
        }
    }

    /// None where a key is empty: anybody could sign with that.
    fn access_key(&self) -> Option<AccessKey> {
        let variable = |name| std::env::var(name).ok().filter(|key| !key.is_empty());
        Some(AccessKey {
            id: variable("AWS_ACCESS_KEY_ID").filter(|_| self.check_signatures)?,
            secret: variable("AWS_SECRET_ACCESS_KEY")?,
        })
    }

    /// How programs are run.
    pub(crate) fn runtime(&self) -> RuntimeLimits {
        RuntimeLimits {
            timeout: Duration::from_secs(self.function_timeout),
            environments: self.function_environments,
        }
    }

    /// How the handlers behave.
    pub(crate) fn settings(&self) -> switchboard_backend::Settings {
        switchboard_backend::Settings {
            echo_to_sender: !self.leave_sender_out,
            older_dialects: !self.no_older_systems,
            fan_out_bound: self.fan_out_bound,
            ..switchboard_backend::Settings::default()
        }
    }

    /// The gateway that these arguments describe.
    pub(crate) fn config(&self) -> Config {
        Config {
            stage: self.stage.clone(),
            app: self.app.clone(),
            allowed_origins: self.allow_origin.clone(),
            access_key: self.access_key(),
            tickets: (self.identity == Identity::Tickets).then(|| "tickets".to_owned()),
            limits: Limits {
                idle: Duration::from_secs(self.idle),
                lifetime: Duration::from_secs(self.lifetime),
                requests_per_second: self.requests_per_second,
                connections_per_address: self.connections_per_address,
                messages_in_flight: self.messages_in_flight,
                outgoing_messages: self.outgoing_messages,
                shutdown_grace: Duration::from_secs(self.shutdown_grace),
                ..Limits::default()
            },
            queue: QueueConfig {
                name: self.queue.clone(),
                max_receives: self.queue_max_receives,
                retry_delay: Duration::from_secs(self.queue_retry_delay),
                spool: Some(self.data.join("queue.json")),
                ..QueueConfig::default()
            },
            switches: Switches {
                ping_is_activity: self.ping_is_activity,
                deflate: !self.no_deflate,
                loss: match self.loss {
                    Loss::AtOnce => LossDetection::AtOnce,
                    Loss::WhenIdle => LossDetection::WhenIdle,
                    Loss::Untold => LossDetection::Untold,
                },
            },
            ..Config::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::{CommandFactory, Parser};
    use switchboard_gateway::{Config, Faults, RuntimeLimits};

    #[test]
    fn the_defaults_of_the_command_line_are_the_librarys() {
        Cli::command().debug_assert();
        let cli = Cli::parse_from(["switchboard-gateway"]);
        assert_eq!(cli.runtime(), RuntimeLimits::default());
        assert_eq!(cli.faults(), Faults::default());
        let settings = switchboard_backend::Settings::default();
        assert_eq!(format!("{:?}", cli.settings()), format!("{settings:?}"));
        let mut config = cli.config();
        assert!(config.queue.spool.take().is_some());
        assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn no_fault_befalls_more_than_all() {
        for fault in [
            "--throttle-posts",
            "--drop-posts",
            "--duplicate-posts",
            "--lose-disconnects",
        ] {
            let parsed = |value| Cli::try_parse_from(["switchboard-gateway", fault, value]);
            assert!(parsed("100").is_ok(), "{fault}");
            for value in ["101", "ten", ""] {
                let refusal = parsed(value).unwrap_err().to_string();
                assert!(refusal.contains(fault), "{refusal}");
            }
        }
    }
}
