//! Frames as text, cut so that none passes what the platform carries.

use std::{collections::BTreeSet, sync::Arc};

use switchboard_protocol::{
    ConversationId, ServerFrame, UserId,
    limits::{MAX_MESSAGE_BYTES, MAX_PAGE_BYTES},
    server::{Heads, Presence},
};

use crate::response::HandlerError;

/// A frame's text, shared by all it is posted to.
pub(crate) fn encode(frame: &ServerFrame) -> Result<Arc<str>, HandlerError> {
    let text = serde_json::to_string(frame).map_err(|e| HandlerError::Encode(e.to_string()))?;
    if text.len() > MAX_MESSAGE_BYTES {
        return Err(HandlerError::Encode(format!("{} bytes", text.len())));
    }
    Ok(text.into())
}

/// Heads in parts that fit a frame each: at least one, the lobby's in the first.
pub(crate) fn parts(heads: Heads) -> Vec<Heads> {
    let lobby = ConversationId::lobby();
    let (mut part, others): (Heads, Heads) =
        heads.into_iter().partition(|(conv, _)| *conv == lobby);
    let mut parts = Vec::new();
    let mut left = MAX_PAGE_BYTES;
    for (conv, seq) in others {
        // Ids can hold quotes and backslashes, which JSON doubles; the number has 16 digits.
        let bytes = 2 * conv.as_str().len() + 20;
        if bytes > left {
            parts.push(std::mem::take(&mut part));
            left = MAX_PAGE_BYTES;
        }
        left -= bytes;
        part.insert(conv, seq);
    }
    parts.push(part);
    parts
}

/// Who is online, in as many frames as it takes; the first resets what the client knew.
pub(crate) fn snapshot(online: BTreeSet<UserId>) -> Vec<ServerFrame> {
    let frame = |(number, online)| presence(number == 0, online, Vec::new());
    names(online).into_iter().enumerate().map(frame).collect()
}

/// These few have come.
pub(crate) fn online(users: impl IntoIterator<Item = UserId>) -> ServerFrame {
    presence(false, users.into_iter().collect(), Vec::new())
}

/// These have left, in as many frames as it takes: of nobody, none.
pub(crate) fn offline(users: BTreeSet<UserId>) -> Vec<ServerFrame> {
    let parts = names(users).into_iter();
    let parts = parts.filter(|part| !part.is_empty());
    parts
        .map(|offline| presence(false, Vec::new(), offline))
        .collect()
}

/// Users in parts that fit a frame each: at least one.
fn names(users: BTreeSet<UserId>) -> Vec<Vec<UserId>> {
    let mut parts = Vec::new();
    let mut left = MAX_PAGE_BYTES;
    let mut part = Vec::new();
    for user in users {
        let bytes = 2 * user.as_str().len() + 3;
        if bytes > left {
            parts.push(std::mem::take(&mut part));
            left = MAX_PAGE_BYTES;
        }
        left -= bytes;
        part.push(user);
    }
    parts.push(part);
    parts
}

fn presence(all: bool, online: Vec<UserId>, offline: Vec<UserId>) -> ServerFrame {
    ServerFrame::Presence(Presence {
        all,
        online,
        offline,
    })
}
