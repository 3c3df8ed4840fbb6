//! How many bytes a message would take on the wire.

use switchboard_protocol::limits::MAX_FRAME_BYTES;
use switchboard_protocol::profile::Body;
use switchboard_protocol::{ConversationId, Profile, UserId};

/// Envelope of Switchboard's own `sendmessage` without conversation and text, generously.
const ENVELOPE_BYTES: usize = 128;

/// How much of a frame a text fills.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Budget {
    /// Far from the limit: nothing is shown.
    #[default]
    Ample,
    /// So many bytes are left.
    Near(usize),
    /// So many bytes too many.
    Over(usize),
}

/// Bytes left at which the count is shown.
const NEAR_BYTES: usize = 4 * 1024;

impl Budget {
    /// The budget of `text` for a conversation whose other participants are `others`.
    #[must_use]
    pub fn of(
        profile: &Profile,
        conversation: &ConversationId,
        others: &[UserId],
        text: &str,
    ) -> Self {
        // A character takes at most six bytes per byte of text (`\u0001`).
        if text.len() * 6 + 2048 < MAX_FRAME_BYTES - NEAR_BYTES {
            return Self::Ample;
        }
        let bytes = match profile.body {
            Body::Own => {
                // A list of recipients costs three more bytes each than their conversation's id.
                let to = conversation.as_str().len() + 3 * others.len();
                ENVELOPE_BYTES + to + escaped_bytes(text)
            }
            Body::Template(_) | Body::Text | Body::None => {
                let to: Vec<&str> = others.iter().map(UserId::as_str).collect();
                profile.frame(&to, text).map_or(0, |frame| frame.len())
            }
        };
        if bytes > MAX_FRAME_BYTES {
            Self::Over(bytes - MAX_FRAME_BYTES)
        } else if bytes > MAX_FRAME_BYTES - NEAR_BYTES {
            Self::Near(MAX_FRAME_BYTES - bytes)
        } else {
            Self::Ample
        }
    }
}

/// Bytes of `text` inside a JSON string, as `json::quote` writes it.
fn escaped_bytes(text: &str) -> usize {
    text.bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
            0..0x20 => 6,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_counted_as_they_are_written() {
        let text: String = (0..=0x7fu8)
            .map(char::from)
            .chain("é😀\u{2028}".chars())
            .collect();
        let written = switchboard_protocol::json::quote(&text);
        assert_eq!(escaped_bytes(&text) + 2, written.len());
    }

    #[test]
    fn the_count_appears_near_the_limit_and_turns_over_past_it() {
        let lobby = ConversationId::lobby();
        let of =
            |profile: &Profile, bytes: usize| Budget::of(profile, &lobby, &[], &"x".repeat(bytes));
        assert_eq!(of(Profile::own(), 20_000), Budget::Ample);
        assert!(matches!(of(Profile::own(), 30_000), Budget::Near(_)));
        assert!(matches!(of(Profile::own(), 32_768), Budget::Over(_)));
        let text = Profile::named("s4").unwrap_or(Profile::own());
        assert_eq!(of(text, MAX_FRAME_BYTES), Budget::Near(0));
        assert_eq!(of(text, MAX_FRAME_BYTES + 1), Budget::Over(1));
    }
}
