//! A message in the outbox, and how storage keeps it.

use switchboard_protocol::client::Kind;
use switchboard_protocol::json::{Object, Writer};
use switchboard_protocol::{ConversationId, MessageId};

use super::Now;
use crate::outbox::Draft;

/// A message in the outbox, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its id for ever.
    pub id: MessageId,
    /// Where to.
    pub conversation: ConversationId,
    /// What it is.
    pub kind: Kind,
    /// The text.
    pub text: String,
    /// The message it is about.
    pub re: Option<MessageId>,
    /// When the person pressed send, or *retry*; ms since the Unix epoch.
    pub at: u64,
    /// When `id` was minted, ms since the Unix epoch: the server forgets ids after 30 days.
    pub minted: u64,
    /// Its place among this outbox's messages.
    pub order: u64,
    /// Whether it was refused for good and waits for the person.
    pub failed: Option<Failure>,
}

impl Pending {
    /// A draft that was just sent.
    pub(crate) fn new(draft: Draft, now: Now, order: u64) -> Self {
        Self {
            id: draft.id,
            conversation: draft.conversation,
            kind: draft.kind,
            text: draft.content,
            re: draft.re,
            at: now.wall,
            minted: now.wall,
            order,
            failed: None,
        }
    }

    /// What the person wanted to send.
    pub(crate) fn draft(&self) -> Draft {
        Draft {
            conversation: self.conversation.clone(),
            id: self.id.clone(),
            kind: self.kind.clone(),
            content: self.text.clone(),
            re: self.re.clone(),
        }
    }

    /// How storage keeps it; [`Pending::parse`] reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut row = Writer::new();
        row.text("id", self.id.as_str());
        row.text("conversation", self.conversation.as_str());
        row.text("kind", self.kind.as_str());
        row.text("text", &self.text);
        if let Some(re) = &self.re {
            row.text("re", re.as_str());
        }
        row.number("at", self.at);
        row.number("minted", self.minted);
        row.number("order", self.order);
        match self.failed {
            Some(failure) => row.text("failed", failure.name()),
            None => row.null("failed"),
        }
        row.finish()
    }

    /// Reads a stored row; `None` for what is not one.
    #[must_use]
    pub fn parse(row: &str) -> Option<Self> {
        let mut row = Object::parse(row)?;
        let failed = row.has("failed").then(|| row.text("failed"));
        let at = row.number("at")?;
        let re = if row.has("re") {
            Some(row.id("re")?)
        } else {
            None
        };
        Some(Self {
            id: row.id("id")?,
            conversation: row.id("conversation")?,
            // Rows of older versions have none: they are texts.
            kind: row.text("kind").map_or(Kind::Text, Kind::from),
            text: row.text("text")?,
            re,
            at,
            minted: row.number("minted").unwrap_or(at),
            order: row.number("order")?,
            // A reason this version does not know is still a refusal.
            failed: failed.map(|name| {
                name.and_then(|name| Failure::named(&name))
                    .unwrap_or(Failure::Rejected)
            }),
        })
    }
}

/// Why a message failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The encoded frame would pass 32 KB.
    TooLarge,
    /// Nothing but white space.
    Empty,
    /// The profile cannot send there.
    NotSupported,
    /// The server says this person may not.
    Forbidden,
    /// The server cannot make a conversation of these recipients.
    BadRecipients,
    /// The server refused the content.
    Rejected,
    /// Unsent for 14 days.
    Expired,
}

impl Failure {
    /// How it is stored.
    fn name(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
            Self::NotSupported => "not_supported",
            Self::Forbidden => "forbidden",
            Self::BadRecipients => "bad_recipients",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
        }
    }

    /// The failure stored as `name`.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "too_large" => Self::TooLarge,
            "empty" => Self::Empty,
            "not_supported" => Self::NotSupported,
            "forbidden" => Self::Forbidden,
            "bad_recipients" => Self::BadRecipients,
            "rejected" => Self::Rejected,
            "expired" => Self::Expired,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outbox_row_reads_back() {
        let all = [
            None,
            Some(Failure::TooLarge),
            Some(Failure::Empty),
            Some(Failure::NotSupported),
            Some(Failure::Forbidden),
            Some(Failure::BadRecipients),
            Some(Failure::Rejected),
            Some(Failure::Expired),
        ];
        for failed in all {
            let row = Pending {
                id: MessageId::from_random(1),
                conversation: ConversationId::lobby(),
                kind: Kind::Edit,
                re: Some(MessageId::from_random(2)),
                text: "\"\u{0}😀".to_owned(),
                at: 1_700_000_000_500,
                minted: 1_700_000_000_000,
                order: 3,
                failed,
            };
            assert_eq!(Pending::parse(&row.to_json()), Some(row));
        }
        for broken in [
            "",
            "{}",
            "[]",
            r#"{"id":"a","conversation":"lobby","text":1,"at":1,"order":1}"#,
        ] {
            assert_eq!(Pending::parse(broken), None, "{broken}");
        }
        let newer =
            r#"{"id":"a","conversation":"lobby","text":"x","at":1,"order":1,"failed":"new"}"#;
        let read = Pending::parse(newer).unwrap();
        assert_eq!(read.failed, Some(Failure::Rejected));
        assert_eq!(
            (read.kind, read.re),
            (Kind::Text, None),
            "as version 1 wrote"
        );
    }
}
