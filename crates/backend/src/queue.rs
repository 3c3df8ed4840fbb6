//! What a queue hands to the publisher, and which of it to hand out again.

use serde::{Deserialize, Serialize};
use switchboard_protocol::ConnectionId;

use crate::{
    broadcast::Broadcast,
    store::{Connection, Shard},
};

/// The event of a queue's batch.
#[derive(Debug, Clone, Deserialize)]
pub struct QueueEvent {
    /// The batch, at most 10.
    #[serde(rename = "Records")]
    pub records: Vec<QueueRecord>,
}

/// One message of a queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueRecord {
    /// Names it within the batch.
    pub message_id: String,
    /// The text for everyone connected, or a shard's record of the handlers' own.
    pub body: String,
}

/// The records that failed; the queue treats the others as done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// Empty when all were delivered.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// See [`BatchResponse`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// The record's message id.
    pub item_identifier: String,
}

/// What a shard's record begins with: a text of somebody's does not, or counts as damaged.
const MARK: &str = r#"{"switchboard":"shard","#;

/// A text and whom of a shard of the roster it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShardRecord {
    switchboard: Mark,
    v: Version,
    pub(crate) shard: Shard,
    pub(crate) to: Audience,
    /// Who has it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) except: Option<ConnectionId>,
    /// Of the shard these alone, whom an earlier record did not reach; all if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) only: Vec<ConnectionId>,
    /// How many records there were for them before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) tries: u8,
    pub(crate) text: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(tries: &u8) -> bool {
    *tries == 0
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Mark {
    #[serde(rename = "shard")]
    Shard,
}

/// A record of another version is tried again, by when the functions may be of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Version {
    #[serde(rename = "1")]
    One,
}

/// Who of those connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Audience {
    /// Whoever there is.
    Everyone,
    /// Who has a name: those of the lobby. Others (S1, S3–S5) never chose to be in it.
    Named,
    /// Of these, who speaks Switchboard's own frames.
    Own,
}

impl Audience {
    /// Whether it has this connection in it, where one is left out.
    pub(crate) fn includes(self, connection: &Connection, except: Option<&ConnectionId>) -> bool {
        let belongs = match self {
            Self::Everyone => true,
            Self::Named => connection.user.is_some(),
            Self::Own => connection.user.is_some() && connection.said_hello(),
        };
        belongs && Some(&connection.id) != except
    }
}

impl ShardRecord {
    pub(crate) fn new(shard: Shard, broadcast: &Broadcast) -> Self {
        Self {
            switchboard: Mark::Shard,
            v: Version::One,
            shard,
            to: broadcast.to,
            except: broadcast.except.clone(),
            only: Vec::new(),
            tries: 0,
            text: broadcast.text.as_ref().to_owned(),
        }
    }

    /// The same once more, for some of them alone.
    pub(crate) fn again(self, only: Vec<ConnectionId>) -> Self {
        let tries = self.tries.saturating_add(1);
        Self {
            only,
            tries,
            ..self
        }
    }

    /// Whether it is for this connection.
    pub(crate) fn includes(&self, connection: &Connection) -> bool {
        self.to.includes(connection, self.except.as_ref())
            && (self.only.is_empty() || self.only.contains(&connection.id))
    }

    /// As a queue takes it: SQS refuses two characters that JSON leaves as they are.
    pub(crate) fn body(&self) -> String {
        // Strings, numbers and words always have a JSON form.
        let json = serde_json::to_string(self).unwrap_or_default();
        json.replace('\u{FFFE}', "\\ufffe")
            .replace('\u{FFFF}', "\\uffff")
    }

    /// The record that a body is; none if it is a text for everyone.
    pub(crate) fn read(body: &str) -> Option<Result<Self, serde_json::Error>> {
        body.starts_with(MARK).then(|| serde_json::from_str(body))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn record(text: &str) -> ShardRecord {
        let broadcast = Broadcast {
            text: Arc::from(text),
            to: Audience::Named,
            except: None,
        };
        let shard = Shard::all(1, 1).next().unwrap();
        ShardRecord::new(shard, &broadcast)
    }

    #[test]
    fn a_body_is_what_a_queue_takes_and_comes_back_as_it_was() {
        let text: String = (0..=0x20_u8).map(char::from).collect();
        let record = record(&format!("{text}\"\\\u{7f}\u{FFFD}\u{FFFE}\u{FFFF}😀"));
        let body = record.body();
        assert!(body.starts_with(MARK), "{body}");
        // The characters of XML, which SQS's are.
        assert!(
            body.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..)
                && !matches!(c, '\u{FFFE}' | '\u{FFFF}')),
            "{body}"
        );
        assert_eq!(ShardRecord::read(&body).unwrap().unwrap(), record);
    }

    #[test]
    fn a_text_is_no_record() {
        for text in ["", "news", "{}", r#"{"event":"message"}"#, "{\"switchboard"] {
            assert!(ShardRecord::read(text).is_none(), "{text}");
        }
    }
}
