//! Texts about the connection.

use switchboard_client::{CloseInfo, Phase, ReadyState, Status, Stop};

use super::{count, join};

/// Names the disclosure with the connection's details.
pub const DETAILS: &str = "Connection";
/// Names the warning about the browser's storage.
pub const STORAGE: &str = "Storage";
/// Connects at once.
pub const TRY_NOW: &str = "Try now";
/// Shows the connect form; nothing is deleted.
pub const SIGN_IN_AGAIN: &str = "Sign in again";
/// Label of the socket's state.
pub const STATE: &str = "Socket state";
/// Label of the URL.
pub const ENDPOINT: &str = "URL";
/// Label of the connection id.
pub const CONNECTION_ID: &str = "Connection id";
/// Label of the profile.
pub const KIND: &str = "Kind of system";
/// Label of the last close.
pub const LAST_CLOSE: &str = "Last closed";
/// Label of the waiting messages.
pub const WAITING: &str = "Waiting";
/// Shown where there is no value.
pub const NONE: &str = "–";

/// A socket's state, in the words of the WebSocket standard.
#[must_use]
pub fn ready_state(state: ReadyState) -> &'static str {
    match state {
        ReadyState::Connecting => "CONNECTING",
        ReadyState::Open => "OPEN",
        ReadyState::Closing => "CLOSING",
        ReadyState::Closed => "CLOSED",
    }
}

/// What the client is about, in a word or two.
#[must_use]
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::SignedOut => "Signed out",
        Phase::Ticket => "Getting a ticket…",
        Phase::Connecting => "Connecting…",
        Phase::Greeting => "Signing in…",
        Phase::Up => "Connected",
        Phase::Waiting { .. } => "Disconnected",
        Phase::Closing => "Closing…",
        Phase::Stopped(_) => "Stopped",
    }
}

/// What is the matter while messages do not flow; it does not change every second.
#[must_use]
pub fn sentence(status: &Status) -> &'static str {
    match status.phase {
        Phase::SignedOut => "You are signed out.",
        Phase::Ticket => "Asking the server for a ticket.",
        Phase::Connecting if status.attempt == 0 => "Connecting to the server.",
        Phase::Connecting => "Trying to connect again.",
        Phase::Greeting => "The socket is open; waiting for the server’s welcome.",
        Phase::Up => "Connected. Messages flow.",
        Phase::Waiting { .. } => "Disconnected. The page tries again by itself.",
        Phase::Closing => "The server is closing the connection.",
        Phase::Stopped(stop) => stopped(stop),
    }
}

/// Why the client does not try again by itself, and what to do.
#[must_use]
pub fn stopped(stop: Stop) -> &'static str {
    match stop {
        Stop::BadUrl => "The browser refuses this URL. Sign out and correct it.",
        Stop::SignIn => {
            "The server does not accept your ticket. Sign in again; what is not sent yet is kept."
        }
        Stop::Forbidden => "The server refuses you. Sign out and check the user id and the ticket.",
        Stop::Replaced => {
            "You are connected in another session, which took over. Press Try now to take it back."
        }
        Stop::Outdated => "This page is too old for the server. Reload it.",
        Stop::Protocol => {
            "The server keeps rejecting what this page sends. Check that the kind of system is right; sign out to change it."
        }
    }
}

/// The countdown, e.g. `Next attempt in 4 s`.
#[must_use]
pub fn countdown(seconds: u64, attempt: u32) -> String {
    let when = if seconds == 0 {
        "Next attempt now".to_owned()
    } else {
        join(&["Next attempt in ", &seconds.to_string(), " s"])
    };
    join(&[&when, " (", &attempts(attempt), ")"])
}

/// How many attempts failed, e.g. `3 failed attempts`.
#[must_use]
pub fn attempts(failed: u32) -> String {
    count(
        usize::try_from(failed).unwrap_or(usize::MAX),
        "failed attempt",
        "failed attempts",
    )
}

/// What happens to messages meanwhile; empty without any.
#[must_use]
pub fn waiting(messages: usize) -> String {
    if messages == 0 {
        return String::new();
    }
    join(&[
        &count(messages, "message waits", "messages wait"),
        " to be sent",
    ])
}

/// A close in a sentence, e.g. `1006: the connection was lost without a goodbye`.
#[must_use]
pub fn close(info: &CloseInfo) -> String {
    let reason = info.reason.trim();
    let said = if reason.is_empty() {
        String::new()
    } else {
        // Isolated: the reason comes from the peer and may hold any characters.
        join(&[" Reason given: \u{2068}", reason, "\u{2069}"])
    };
    join(&[
        &info.code.to_string(),
        ": ",
        close_meaning(info.code),
        ".",
        &said,
    ])
}

/// What a close code means.
#[must_use]
pub fn close_meaning(code: u16) -> &'static str {
    match code {
        1000 => "closed normally by the server",
        1001 => "the server is going away, or API Gateway ended an idle or two-hour-old connection",
        1002 => "the server saw a protocol error",
        1003 => "the server does not accept this kind of data; API Gateway takes text only",
        1005 => "closed without a code",
        1006 => "the connection was lost, or the server could not be reached or refused it",
        1007 => "a frame held text that is not UTF-8",
        1008 => "the server’s policy does not allow it",
        1009 => "a frame was too large; API Gateway takes 32 KB a frame, 128 KB a message",
        1010 => "an extension was missing",
        1011 => "the server failed",
        1012 => "the server restarts",
        1013 => "the server is overloaded and asks to try later",
        1014 => "a gateway got a bad answer from the server behind it",
        1015 => "the TLS handshake failed, often because of a certificate",
        4401 => "the server does not know who you are",
        4403 => "the server does not allow you in",
        4409 => "another session of yours took over",
        4426 => "this page is too old for the server",
        4429 => "too many connections or messages; slow down",
        0..=999 => "not a valid close code",
        1004 | 1016..=2999 => "a code reserved by the WebSocket standard",
        3000..=3999 => "a code registered by a library",
        4000..=4999 => "a code of this server’s own",
        5000..=u16::MAX => "not a valid close code",
    }
}
