//! From an input to its lines.

use switchboard_protocol::MessageId;

use super::fields::write_line;
use crate::io::{Input, Lifecycle, Now, OpenError, TicketAnswer};
use crate::stored::{Restored, Stretch};

/// The names of the browser's hints.
pub(super) const HINTS: [(&str, Lifecycle); 8] = [
    ("online", Lifecycle::Online),
    ("offline", Lifecycle::Offline),
    ("visible", Lifecycle::Visible),
    ("hidden", Lifecycle::Hidden),
    ("freeze", Lifecycle::Freeze),
    ("resume", Lifecycle::Resume),
    ("pagehide", Lifecycle::PageHide),
    ("pageshow", Lifecycle::PageShow),
];

/// Adds an input as text; what is restored takes a line for each thing, before the input's own.
pub(super) fn write(text: &mut String, now: Now, input: &Input) {
    let clocks = [now.mono.to_string(), now.wall.to_string()];
    let mut line = |fields: &[&str]| {
        let clocks = clocks.iter().map(String::as_str);
        write_line(text, clocks.chain(fields.iter().copied()));
        text.push('\n');
    };
    match input {
        Input::SignIn(account, restored) => {
            restored_lines(restored, &mut line);
            let mut fields = vec![
                "signin",
                account.endpoint.as_str(),
                account.user.as_str(),
                account.profile.id,
                account.tickets.as_deref().unwrap_or_default(),
                &account.device,
                &account.tab,
            ];
            for (name, value) in &account.query {
                fields.extend([name.as_str(), value.as_str()]);
            }
            line(&fields);
        }
        Input::SignOut => line(&["signout"]),
        Input::Ticket(attempt, answer) => {
            let attempt = attempt.0.to_string();
            match answer {
                TicketAnswer::Granted(ticket) => line(&["ticket", &attempt, "granted", ticket]),
                TicketAnswer::Refused {
                    status,
                    retry_after,
                } => line(&[
                    "refused",
                    &attempt,
                    &status.to_string(),
                    &retry_after.map(|ms| ms.to_string()).unwrap_or_default(),
                ]),
                TicketAnswer::Unreachable => line(&["ticket", &attempt, "unreachable"]),
            }
        }
        Input::Opened(socket) => line(&["opened", &socket.0.to_string()]),
        Input::OpenFailed(socket, error) => {
            let error = match error {
                OpenError::BadUrl => "syntax",
                OpenError::Refused => "other",
            };
            line(&["badurl", &socket.0.to_string(), error]);
        }
        Input::Closing(socket) => line(&["closing", &socket.0.to_string()]),
        Input::Closed(socket, close) => line(&[
            "closed",
            &socket.0.to_string(),
            &close.code.to_string(),
            if close.clean { "clean" } else { "" },
            &close.reason,
        ]),
        Input::Text(socket, text) => line(&["text", &socket.0.to_string(), text]),
        Input::Binary(socket, bytes) => {
            line(&["binary", &socket.0.to_string(), &bytes.to_string()]);
        }
        Input::Buffered(socket, bytes) => {
            line(&["buffered", &socket.0.to_string(), &bytes.to_string()]);
        }
        Input::Persisted(operation, result) => {
            let operation = operation.0.to_string();
            match result {
                Ok(()) => line(&["persisted", &operation]),
                Err(error) => line(&["persisted", &operation, "failed", &error.0]),
            }
        }
        Input::Send {
            conversation,
            id,
            kind,
            content,
            re,
        } => line(&[
            "send",
            conversation.as_str(),
            id.as_str(),
            content,
            kind.as_str(),
            re.as_ref().map_or("", MessageId::as_str),
        ]),
        Input::Typing(conversation) => line(&["typing", conversation.as_str()]),
        Input::Read {
            conversation,
            through,
            tell,
        } => line(&[
            "read",
            conversation.as_str(),
            through.as_str(),
            if *tell { "tell" } else { "" },
        ]),
        Input::Unread { conversation, from } => {
            line(&["unread", conversation.as_str(), from.as_str()])
        }
        Input::Retry(id) => line(&["retry", id.as_str()]),
        Input::Discard(id) => line(&["discard", id.as_str()]),
        Input::Open(conversation) => line(&["open", conversation.as_str()]),
        Input::LoadEarlier(conversation) => line(&["earlier", conversation.as_str()]),
        Input::Stored(stretch) => {
            log_lines(stretch, &mut line);
            line(&["stored"]);
        }
        Input::TryNow => line(&["trynow"]),
        Input::Lifecycle(hint) => {
            let name = HINTS.iter().find(|(_, other)| other == hint);
            line(&["hint", name.map_or("", |(name, _)| name)]);
        }
        Input::Timer => line(&["timer"]),
    }
}

fn restored_lines(restored: &Restored, line: &mut impl FnMut(&[&str])) {
    for pending in &restored.outbox {
        line(&["outbox", &pending.to_json()]);
    }
    for mark in &restored.marks {
        line(&["mark", &mark.to_json()]);
    }
    for log in &restored.logs {
        log_lines(log, line);
    }
}

fn log_lines(log: &Stretch, line: &mut impl FnMut(&[&str])) {
    line(&[
        "log",
        log.conversation.as_str(),
        &log.epoch,
        &log.after.get().to_string(),
        &log.through.get().to_string(),
    ]);
    for message in &log.messages {
        line(&["entry", &message.to_json()]);
    }
}
