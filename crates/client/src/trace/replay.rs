//! From a trace back to the client it describes.

use std::fmt;

use switchboard_protocol::client::Kind;
use switchboard_protocol::{ConversationId, Message, Profile};

use super::fields::split;
use super::record::HINTS;
use super::{MAGIC, VERSION};
use crate::account::Account;
use crate::client::Client;
use crate::config::Config;
use crate::io::{
    AttemptId, CloseInfo, Input, Now, OpenError, OperationId, Pending, SocketId, StoreError,
    TicketAnswer,
};
use crate::stored::{Mark, Restored, Stretch};

/// Why a trace cannot be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TraceError {
    /// The first line is not that of a trace this version reads.
    NotATrace,
    /// This line (from 1) cannot be read.
    BadLine(usize),
    /// An invariant was broken after this line.
    Broken(usize, String),
    /// The trace led to another state than the page it came from was in.
    OtherState {
        /// What the page said.
        expected: u64,
        /// What the replay came to.
        reached: u64,
    },
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotATrace => write!(
                f,
                "this is no trace: it does not begin with {MAGIC} {VERSION}"
            ),
            Self::BadLine(line) => write!(f, "line {line} cannot be read"),
            Self::Broken(line, what) => {
                write!(f, "after line {line} an invariant is broken: {what}")
            }
            Self::OtherState { expected, reached } => write!(
                f,
                "the replay came to state {reached} and the page was in {expected}: the trace is of another version, or it was changed"
            ),
        }
    }
}

impl std::error::Error for TraceError {}

/// Feeds a trace to a new client and gives it back, after the last input.
///
/// # Errors
/// Every variant of [`TraceError`].
pub fn replay(trace: &str) -> Result<Client, TraceError> {
    let mut lines = trace.lines();
    let head = split(lines.next().unwrap_or_default());
    let seed = match &head[..] {
        [magic, version, seed] if magic == MAGIC && version == VERSION => seed.parse().ok(),
        _ => None,
    };
    let mut client = Client::new(Config::default(), seed.ok_or(TraceError::NotATrace)?);
    let mut restored = Restored::default();
    for (at, line) in lines.enumerate() {
        let line_number = at + 2;
        let fields = split(line);
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        match fields[..] {
            ["hash", expected] => {
                let expected = expected
                    .parse()
                    .map_err(|_| TraceError::BadLine(line_number))?;
                let reached = client.state_hash();
                if reached != expected {
                    return Err(TraceError::OtherState { expected, reached });
                }
            }
            ["left-out", _] => {}
            [mono, wall, ref rest @ ..] => {
                let bad = TraceError::BadLine(line_number);
                let now = Now {
                    mono: mono.parse().map_err(|_| bad.clone())?,
                    wall: wall.parse().map_err(|_| bad.clone())?,
                };
                if let Some(input) = input(rest, &mut restored).ok_or(bad)? {
                    client.handle(now, input);
                    while client.poll_output().is_some() {}
                    client
                        .invariants()
                        .map_err(|what| TraceError::Broken(line_number, what))?;
                }
            }
            _ => return Err(TraceError::BadLine(line_number)),
        }
    }
    Ok(client)
}

/// The input a line stands for; `Some(None)` for one that belongs to what is restored after it.
fn input(fields: &[&str], restored: &mut Restored) -> Option<Option<Input>> {
    let socket = |text: &str| text.parse().ok().map(SocketId);
    Some(Some(match *fields {
        ["outbox", row] => {
            restored.outbox.push(Pending::parse(row)?);
            return Some(None);
        }
        ["mark", row] => {
            restored.marks.push(Mark::parse(row)?);
            return Some(None);
        }
        ["log", conversation, epoch, after, through] => {
            restored.logs.push(Stretch {
                conversation: conversation_id(conversation)?,
                epoch: epoch.to_owned(),
                after: after.parse::<u64>().ok()?.try_into().ok()?,
                through: through.parse::<u64>().ok()?.try_into().ok()?,
                messages: Vec::new(),
                confirmed: Vec::new(),
                replaces: false,
            });
            return Some(None);
        }
        ["entry", row] => {
            restored
                .logs
                .last_mut()?
                .messages
                .push(Message::parse(row)?);
            return Some(None);
        }
        [
            "signin",
            endpoint,
            user,
            profile,
            tickets,
            device,
            tab,
            ref query @ ..,
        ] => {
            let pairs = query.chunks_exact(2);
            let account = Account {
                endpoint: endpoint.to_owned(),
                user: user.to_owned().try_into().ok()?,
                profile: Profile::named(profile)?,
                query: pairs.map(|p| (p[0].to_owned(), p[1].to_owned())).collect(),
                tickets: (!tickets.is_empty()).then(|| tickets.to_owned()),
                device: device.to_owned(),
                tab: tab.to_owned(),
            };
            Input::SignIn(Box::new(account), std::mem::take(restored))
        }
        ["signout"] => Input::SignOut,
        ["ticket", attempt, ref answer @ ..] => {
            let answer = match *answer {
                ["granted", ticket] => TicketAnswer::Granted(ticket.to_owned()),
                ["unreachable"] => TicketAnswer::Unreachable,
                _ => return None,
            };
            Input::Ticket(AttemptId(attempt.parse().ok()?), answer)
        }
        ["refused", attempt, status, retry_after] => Input::Ticket(
            AttemptId(attempt.parse().ok()?),
            TicketAnswer::Refused {
                status: status.parse().ok()?,
                retry_after: retry_after.parse().ok(),
            },
        ),
        ["opened", id] => Input::Opened(socket(id)?),
        ["badurl", id, "syntax"] => Input::OpenFailed(socket(id)?, OpenError::BadUrl),
        ["badurl", id, _] => Input::OpenFailed(socket(id)?, OpenError::Refused),
        ["closing", id] => Input::Closing(socket(id)?),
        ["closed", id, code, clean, reason] => Input::Closed(
            socket(id)?,
            CloseInfo {
                code: code.parse().ok()?,
                reason: reason.to_owned(),
                clean: !clean.is_empty(),
            },
        ),
        ["text", id, text] => Input::Text(socket(id)?, text.to_owned()),
        ["binary", id, bytes] => Input::Binary(socket(id)?, bytes.parse().ok()?),
        ["buffered", id, bytes] => Input::Buffered(socket(id)?, bytes.parse().ok()?),
        ["persisted", operation] => Input::Persisted(OperationId(operation.parse().ok()?), Ok(())),
        ["persisted", operation, _, error] => Input::Persisted(
            OperationId(operation.parse().ok()?),
            Err(StoreError(error.to_owned())),
        ),
        // What older versions sent was text.
        ["send", conversation, id, content] => Input::Send {
            conversation: conversation_id(conversation)?,
            id: id.to_owned().try_into().ok()?,
            kind: Kind::Text,
            content: content.to_owned(),
            re: None,
        },
        ["send", conversation, id, content, kind, re] => Input::Send {
            conversation: conversation_id(conversation)?,
            id: id.to_owned().try_into().ok()?,
            kind: Kind::from(kind.to_owned()),
            content: content.to_owned(),
            re: re.to_owned().try_into().ok(),
        },
        ["typing", conversation] => Input::Typing(conversation_id(conversation)?),
        ["read", conversation, through, tell] => Input::Read {
            conversation: conversation_id(conversation)?,
            through: through.to_owned().try_into().ok()?,
            tell: !tell.is_empty(),
        },
        ["unread", conversation, from] => Input::Unread {
            conversation: conversation_id(conversation)?,
            from: from.to_owned().try_into().ok()?,
        },
        ["retry", id] => Input::Retry(id.to_owned().try_into().ok()?),
        ["discard", id] => Input::Discard(id.to_owned().try_into().ok()?),
        ["open", conversation] => Input::Open(conversation_id(conversation)?),
        ["stored"] => Input::Stored(Box::new(restored.logs.pop()?)),
        ["earlier", conversation] => Input::LoadEarlier(conversation_id(conversation)?),
        ["trynow"] => Input::TryNow,
        ["hint", name] => Input::Lifecycle(HINTS.iter().find(|(other, _)| *other == name)?.1),
        ["timer"] => Input::Timer,
        _ => return None,
    }))
}

fn conversation_id(text: &str) -> Option<ConversationId> {
    text.to_owned().try_into().ok()
}
