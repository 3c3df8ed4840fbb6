//! Texts about the connection.

use switchboard_client::{CloseInfo, Phase, ReadyState, Status, Stop};

pub use super::texts::status::*;

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
        Phase::SignedOut => phase_signed_out(),
        Phase::Ticket => phase_ticket(),
        Phase::Connecting => phase_connecting(),
        Phase::Greeting => phase_greeting(),
        Phase::Up => phase_up(),
        Phase::Waiting { .. } => phase_waiting(),
        Phase::Closing => phase_closing(),
        Phase::Stopped(_) => phase_stopped(),
    }
}

/// What is the matter while messages do not flow; it does not change every second.
#[must_use]
pub fn sentence(status: &Status) -> &'static str {
    match status.phase {
        Phase::SignedOut => signed_out(),
        Phase::Ticket => ticket(),
        Phase::Connecting if status.attempt == 0 => connecting(),
        Phase::Connecting => connecting_again(),
        Phase::Greeting => greeting(),
        Phase::Up => up(),
        Phase::Waiting { .. } => disconnected(),
        Phase::Closing => closing(),
        Phase::Stopped(stop) => stopped(stop),
    }
}

/// Why the client does not try again by itself, and what to do.
#[must_use]
pub fn stopped(stop: Stop) -> &'static str {
    match stop {
        Stop::BadUrl => stop_bad_url(),
        Stop::SignIn => stop_sign_in(),
        Stop::Forbidden => stop_forbidden(),
        Stop::Replaced => stop_replaced(),
        Stop::Outdated => stop_outdated(),
        Stop::Protocol => stop_protocol(),
    }
}

/// The same in the banner, where a countdown says the rest.
#[must_use]
pub fn matter(status: &Status) -> &'static str {
    if matches!(status.phase, Phase::Waiting { .. }) {
        phase_waiting()
    } else {
        sentence(status)
    }
}

/// The countdown, e.g. `Next attempt in 4 s`.
#[must_use]
pub fn countdown(seconds: u64) -> String {
    match usize::try_from(seconds).unwrap_or(usize::MAX) {
        0 => next_now().to_owned(),
        seconds => next_in(seconds),
    }
}

/// How many attempts failed, e.g. `(3 failed attempts)`.
#[must_use]
pub fn attempts(failed: u32) -> String {
    failed_attempts(usize::try_from(failed).unwrap_or(usize::MAX))
}

/// What happens to messages meanwhile; empty without any.
#[must_use]
pub fn waiting(messages: usize) -> String {
    if messages == 0 {
        return String::new();
    }
    waits(messages)
}

/// A close in a sentence, e.g. `1006: the connection was lost without a goodbye`.
#[must_use]
pub fn close_of(info: &CloseInfo) -> String {
    let close = close(&info.code.to_string(), close_meaning(info.code));
    match info.reason.trim() {
        "" => close,
        reason => close_reason(&close, reason),
    }
}

/// How a ticket was refused, e.g. `HTTP 503: the server that issues tickets failed.`
#[must_use]
pub fn ticket_refused(status: u16) -> String {
    let meaning = if status == 429 {
        ticket_429()
    } else {
        ticket_failed()
    };
    close(&super::join(&["HTTP ", &status.to_string()]), meaning)
}

/// What a close code means.
#[must_use]
pub fn close_meaning(code: u16) -> &'static str {
    match code {
        1000 => close_1000(),
        1001 => close_1001(),
        1002 => close_1002(),
        1003 => close_1003(),
        1005 => close_1005(),
        1006 => close_1006(),
        1007 => close_1007(),
        1008 => close_1008(),
        1009 => close_1009(),
        1010 => close_1010(),
        1011 => close_1011(),
        1012 => close_1012(),
        1013 => close_1013(),
        1014 => close_1014(),
        1015 => close_1015(),
        4401 => close_4401(),
        4403 => close_4403(),
        4409 => close_4409(),
        4426 => close_4426(),
        4429 => close_4429(),
        0..=999 => close_invalid(),
        1004 | 1016..=2999 => close_reserved(),
        3000..=3999 => close_library(),
        4000..=4999 => close_own(),
        5000..=u16::MAX => close_invalid(),
    }
}
