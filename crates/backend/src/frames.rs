//! Frames as text, cut so that none passes what the platform carries.

use std::sync::Arc;

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

/// Everybody online, in as many frames as it takes; the first resets what the client knew.
pub(crate) fn snapshot(online: Vec<UserId>) -> Vec<ServerFrame> {
    let mut frames = Vec::new();
    let mut left = MAX_PAGE_BYTES;
    let mut part = Vec::new();
    for user in online {
        let bytes = 2 * user.as_str().len() + 3;
        if bytes > left {
            frames.push(presence(frames.is_empty(), std::mem::take(&mut part)));
            left = MAX_PAGE_BYTES;
        }
        left -= bytes;
        part.push(user);
    }
    if frames.is_empty() || !part.is_empty() {
        frames.push(presence(frames.is_empty(), part));
    }
    frames
}

fn presence(all: bool, online: Vec<UserId>) -> ServerFrame {
    ServerFrame::Presence(Presence {
        all,
        online,
        offline: Vec::new(),
    })
}
