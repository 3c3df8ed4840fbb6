//! The connection, as the core tells it.

use super::CloseInfo;

/// The four states of a WebSocket, as in `WebSocket.readyState`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReadyState {
    /// 0
    Connecting,
    /// 1
    Open,
    /// 2
    Closing,
    /// 3
    #[default]
    Closed,
}

/// What the client is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is signed in.
    #[default]
    SignedOut,
    /// A ticket for the next socket is being fetched.
    Ticket,
    /// A socket is being opened.
    Connecting,
    /// The socket is open, `welcome` has not come yet.
    Greeting,
    /// Messages flow.
    Up,
    /// The peer is closing the socket.
    Closing,
    /// The next attempt starts at `retry_at` ([`Now::mono`]).
    Waiting {
        /// When.
        retry_at: u64,
    },
    /// Trying again by itself cannot help.
    Stopped(Stop),
}

/// Why the client does not try again by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The browser refuses the URL.
    BadUrl,
    /// The ticket or token is not accepted (HTTP 401, close 4401, 1008): sign in again.
    SignIn,
    /// The server refuses this person (HTTP 403, close 4403).
    Forbidden,
    /// Another session took over (4409).
    Replaced,
    /// This client is too old for the server (4426, `min_version`).
    Outdated,
    /// The server keeps objecting to our frames (1002, 1003, 1007).
    Protocol,
}

/// The connection, in the field's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Of the socket in use.
    pub ready_state: ReadyState,
    /// What the client is about.
    pub phase: Phase,
    /// How the last socket ended, and when ([`Now::wall`]).
    pub last_close: Option<(CloseInfo, u64)>,
    /// The HTTP status by which the last attempt's ticket was refused.
    pub ticket_refusal: Option<u16>,
    /// Failed attempts since messages last flowed.
    pub attempt: u32,
    /// This connection's id, where the server tells it.
    pub connection: Option<String>,
    /// Messages that wait for a connection or a confirmation.
    pub waiting: usize,
    /// Those among them that could not be written: they are gone with the page.
    pub volatile: usize,
}
