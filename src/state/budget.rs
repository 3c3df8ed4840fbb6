//! How many bytes a message would take on the wire.

use switchboard_client::Account;
use switchboard_protocol::ConversationId;
use switchboard_protocol::limits::MAX_FRAME_BYTES;

use super::compose::Compose;

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
/// More than the envelope takes: a conversation's id alone may have 1,024 bytes, each of which may
/// be escaped.
const ENVELOPE_BYTES: usize = 8 * 1024;

impl Budget {
    /// The budget of `text`, written as `compose` says.
    #[must_use]
    pub fn of(
        account: &Account,
        conversation: &ConversationId,
        compose: &Compose,
        text: &str,
    ) -> Self {
        // A byte of the text takes at most six (`\u0001`): no need to write it out on every key.
        if text.len() * 6 + ENVELOPE_BYTES < MAX_FRAME_BYTES - NEAR_BYTES {
            return Self::Ample;
        }
        let (kind, re) = compose.sent_as();
        let bytes = account.frame_bytes(conversation, kind, text, re);
        if bytes > MAX_FRAME_BYTES {
            Self::Over(bytes - MAX_FRAME_BYTES)
        } else if bytes > MAX_FRAME_BYTES - NEAR_BYTES {
            Self::Near(MAX_FRAME_BYTES - bytes)
        } else {
            Self::Ample
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_protocol::{MessageId, Profile, UserId};

    fn account(profile: &str) -> Account {
        Account {
            endpoint: "wss://example.org/dev".to_owned(),
            user: UserId::try_from("ana").unwrap(),
            profile: Profile::named(profile).unwrap(),
            query: Vec::new(),
            tickets: None,
            device: String::new(),
            tab: String::new(),
        }
    }

    #[test]
    fn the_count_appears_near_the_limit_and_is_the_frames_own() {
        let lobby = ConversationId::lobby();
        let of = |profile: &str, compose: &Compose, text: &str| {
            Budget::of(&account(profile), &lobby, compose, text)
        };
        assert_eq!(
            of("switchboard", &Compose::New, &"x".repeat(20_000)),
            Budget::Ample
        );
        let Budget::Near(left) = of("switchboard", &Compose::New, &"x".repeat(30_000)) else {
            panic!("near the limit");
        };
        let full = "x".repeat(30_000 + left);
        assert_eq!(of("switchboard", &Compose::New, &full), Budget::Near(0));
        let one_more = [&full, "x"].concat();
        assert_eq!(of("switchboard", &Compose::New, &one_more), Budget::Over(1));
        let reply = Compose::Reply(MessageId::from_random(7));
        assert!(matches!(of("switchboard", &reply, &full), Budget::Over(n) if n > 10));
        assert_eq!(
            of("s4", &Compose::New, &"x".repeat(MAX_FRAME_BYTES)),
            Budget::Near(0)
        );
        assert_eq!(
            of("s4", &Compose::New, &"x".repeat(MAX_FRAME_BYTES + 1)),
            Budget::Over(1)
        );
        assert!(matches!(
            of("switchboard", &Compose::New, &"\u{1}".repeat(6_000)),
            Budget::Over(_)
        ));
    }
}
