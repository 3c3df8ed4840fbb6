//! What a gateway is told: its names, its limits, its switches.

use std::{path::PathBuf, time::Duration};

use crate::{origin::AllowedOrigin, signature::AccessKey};

/// Everything a gateway is told at start, with the platform's own values as defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// The stage: the first and only path segment of the WebSocket URL.
    pub stage: String,
    /// `requestContext.apiId` of every event.
    pub api_id: String,
    /// The folder of the built app, served at `/`.
    pub app: Option<PathBuf>,
    /// Origins that may use the gateway besides its own.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// Quotas, the platform's and the gateway's own.
    pub limits: Limits,
    /// Who may post to connections and, as SQS's clients do, to the queue; unsigned requests may
    /// where there is none.
    pub access_key: Option<AccessKey>,
    /// The function behind `POST /ticket`, where people are known by tickets.
    pub tickets: Option<String>,
    /// The queue that feeds the publisher.
    pub queue: QueueConfig,
    /// Behaviour of the platform that no source settles; pessimistic by default but for `loss`: one machine sees
    /// at once what the platform may see when the connection has been idle.
    pub switches: Switches,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            stage: "dev".to_owned(),
            api_id: "localgw001".to_owned(),
            app: None,
            allowed_origins: Vec::new(),
            limits: Limits::default(),
            access_key: None,
            tickets: None,
            queue: QueueConfig::default(),
            switches: Switches::default(),
        }
    }
}

/// Quotas. The first block is the platform's (reference §5), the second protects this machine.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest payload of one frame, bytes.
    pub frame_bytes: usize,
    /// Largest message, bytes; also the largest body of `POST @connections`.
    pub message_bytes: usize,
    /// Silence in both directions after which a connection is closed with 1001.
    pub idle: Duration,
    /// Age at which a connection is closed with 1001, whatever its traffic.
    pub lifetime: Duration,
    /// Longest request URL, characters.
    pub url_chars: usize,
    /// Messages and posts per second over all connections, with half as much burst; `None`
    /// is unlimited. The platform's account quota is 10 000.
    pub requests_per_second: Option<u32>,

    /// Largest request head, bytes (not below 8 KiB).
    pub head_bytes: usize,
    /// Longest time a request head or body may take, in real time.
    pub read_timeout: Duration,
    /// Open TCP connections from one address.
    pub connections_per_address: usize,
    /// Messages of one connection whose function has not answered yet.
    pub messages_in_flight: usize,
    /// Messages waiting for one client to read them, beyond which a post is refused.
    pub outgoing_messages: usize,
    /// Longest time that invocations, the queue and the close handshakes each get at shutdown.
    pub shutdown_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes: 32 * 1024,
            message_bytes: 128 * 1024,
            idle: Duration::from_secs(600),
            lifetime: Duration::from_secs(7200),
            url_chars: 4096,
            requests_per_second: None,
            head_bytes: 16 * 1024,
            read_timeout: Duration::from_secs(10),
            connections_per_address: 5000,
            messages_in_flight: 32,
            outgoing_messages: 256,
            shutdown_grace: Duration::from_secs(5),
        }
    }
}

/// The queue that feeds the publisher: system S3's numbers by default.
#[derive(Clone, Debug)]
pub struct QueueConfig {
    /// The queue's name, in `POST /queue/{name}`.
    pub name: String,
    /// Largest number of records handed over at once.
    pub batch: usize,
    /// Times a record is tried before it is dead-lettered, at least 1.
    pub max_receives: u32,
    /// Time between two tries of a record.
    pub retry_delay: Duration,
    /// Largest record, bytes (SQS: 256 KiB).
    pub record_bytes: usize,
    /// Records that may wait; more are refused with 429.
    pub capacity: usize,
    /// File for what is still waiting or dead when the gateway stops.
    pub spool: Option<PathBuf>,
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self {
            name: "messages".to_owned(),
            batch: 10,
            max_receives: 1,
            retry_delay: Duration::from_secs(1),
            record_bytes: 256 * 1024,
            capacity: 10_000,
            spool: None,
        }
    }
}

/// Behaviour that no source settles (reference §11).
#[derive(Clone, Debug)]
pub struct Switches {
    /// A Ping frame restarts the idle timer.
    pub ping_is_activity: bool,
    /// permessage-deflate is accepted when the client offers it, as was seen on the platform.
    pub deflate: bool,
    /// When the gateway learns that a client is gone without a close frame.
    pub loss: LossDetection,
}

/// When a TCP connection that ended without a close frame counts as ended.
///
/// On the platform that takes a while (reference §7.3). Until then posts are accepted and lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossDetection {
    /// At once: what one machine can know.
    AtOnce,
    /// When the idle limit passes; a post restarts it.
    WhenIdle,
    /// At once, but `$disconnect` never runs.
    Untold,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            ping_is_activity: false,
            deflate: true,
            loss: LossDetection::AtOnce,
        }
    }
}
