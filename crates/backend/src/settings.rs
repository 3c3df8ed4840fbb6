//! What a deployment may choose.

use std::time::Duration;

/// How the handlers behave.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether the five older dialects (S1–S5) are served; never without the feature of that name.
    pub older_dialects: bool,
    /// Whether a broadcast through `$default` (S4) also goes to its sender.
    pub echo_to_sender: bool,
    /// Origins of pages that may connect, as `https://host[:port]`; every one where there are none.
    pub allowed_origins: Vec<String>,
    /// After this long a post counts as failed: some connections let a post hang.
    pub post_timeout: Duration,
    /// Most posts in flight for one invocation.
    pub fan_out_width: usize,
    /// Most connections that one invocation posts to when everyone is addressed; where there are
    /// more, the queue has shards of about so many posted.
    ///
    /// 512 are eight times the width: 120 ms at 15 ms a post, and where every single one hangs,
    /// 16 s of the 29 s that the platform waits for a route.
    pub fan_out_bound: usize,
    /// Rows younger than this survive a 410: the platform answers 410 until the handshake is
    /// through, and a sender elsewhere may see the row before that.
    pub handshake_grace: Duration,
    /// Life of a roster row: the platform's two hours and some slack.
    pub row_ttl: Duration,
    /// Life of a dedupe row; it must outlive the clients' 14-day outbox.
    pub dedupe_ttl: Duration,
    /// Attempts at a contended commit before `nack{unavailable}`.
    pub commit_attempts: u32,
    /// What `nack{unavailable}` asks the client to wait.
    pub retry_after: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self {
            older_dialects: true,
            echo_to_sender: true,
            allowed_origins: Vec::new(),
            post_timeout: Duration::from_secs(2),
            fan_out_width: 64,
            fan_out_bound: 512,
            handshake_grace: Duration::from_secs(1),
            row_ttl: Duration::from_secs(125 * 60),
            dedupe_ttl: 30 * DAY,
            commit_attempts: 5,
            retry_after: Duration::from_secs(1),
        }
    }
}

impl Settings {
    /// Whether the older dialects are served and compiled.
    pub(crate) fn serves_older(&self) -> bool {
        cfg!(feature = "older-dialects") && self.older_dialects
    }
}
