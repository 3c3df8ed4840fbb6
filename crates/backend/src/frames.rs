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

/// Heads that fit a frame: the lobby's, then as many others as the budget holds. A client
/// that misses one asks for it by name.
pub(crate) fn fitting(heads: Heads) -> Heads {
    let lobby = ConversationId::lobby();
    let (first, others): (Heads, Heads) = heads.into_iter().partition(|(conv, _)| *conv == lobby);
    let total = others.len();
    let mut left = MAX_PAGE_BYTES;
    let mut kept = first;
    for (conv, seq) in others {
        // Ids can hold quotes and backslashes, which JSON doubles; the number has 16 digits.
        let bytes = 2 * conv.as_str().len() + 20;
        if bytes > left {
            tracing::warn!(total, kept = kept.len(), "heads left out of a frame");
            break;
        }
        left -= bytes;
        kept.insert(conv, seq);
    }
    kept
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
