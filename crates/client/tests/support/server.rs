//! The reference: a server that is nothing but its log and its memory of ids.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use switchboard_protocol::{ConversationId, UserId};

#[derive(Debug, Clone)]
pub struct Entry {
    pub from: String,
    pub id: String,
    pub content: String,
    pub kind: String,
    /// The message it is about.
    pub re: Option<String>,
    /// A place that was given away and never filled.
    pub hole: bool,
}

#[derive(Debug, Clone)]
pub struct Server {
    pub epoch: String,
    pub logs: BTreeMap<ConversationId, Vec<Entry>>,
    /// Most messages in a page, whatever is asked for.
    pub page: usize,
    pub known: BTreeSet<(ConversationId, String, String)>,
}

/// What a frame makes the server say.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// To the connection that sent the frame.
    pub reply: Option<Value>,
    /// A new or repeated log entry, for everybody else who takes part.
    pub push: Option<Value>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            epoch: "e1".to_owned(),
            logs: BTreeMap::new(),
            page: 50,
            known: BTreeSet::new(),
        }
    }
}

impl Server {
    pub fn head(&self, conversation: &ConversationId) -> usize {
        self.logs.get(conversation).map_or(0, Vec::len)
    }

    pub fn heads(&self, user: &UserId) -> Value {
        let mut heads = serde_json::Map::new();
        for (conversation, log) in &self.logs {
            if conversation.includes(user) {
                heads.insert(conversation.as_str().to_owned(), json!(log.len()));
            }
        }
        Value::Object(heads)
    }

    /// Ids in order of the log, holes left out.
    pub fn ids(&self, conversation: &ConversationId) -> Vec<&str> {
        let log = self.logs.get(conversation).into_iter().flatten();
        log.filter(|entry| !entry.hole)
            .map(|entry| entry.id.as_str())
            .collect()
    }

    /// Somebody's text is committed once; a repeat answers its first place.
    pub fn commit(
        &mut self,
        conversation: &ConversationId,
        from: &str,
        id: &str,
        content: &str,
    ) -> (usize, bool) {
        self.commit_as(conversation, from, id, content, ("text", None))
    }

    /// The same of any kind, about something.
    pub fn commit_as(
        &mut self,
        conversation: &ConversationId,
        from: &str,
        id: &str,
        content: &str,
        (kind, re): (&str, Option<&str>),
    ) -> (usize, bool) {
        let key = (conversation.clone(), from.to_owned(), id.to_owned());
        let log = self.logs.entry(conversation.clone()).or_default();
        if !self.known.insert(key) {
            let at = log.iter().position(|e| e.from == from && e.id == id);
            return (at.map_or(0, |at| at + 1), true);
        }
        log.push(Entry {
            from: from.to_owned(),
            id: id.to_owned(),
            content: content.to_owned(),
            kind: kind.to_owned(),
            re: re.map(str::to_owned),
            hole: false,
        });
        (log.len(), false)
    }

    /// A place that stays empty for ever.
    pub fn hole(&mut self, conversation: &ConversationId) {
        self.logs
            .entry(conversation.clone())
            .or_default()
            .push(Entry {
                from: String::new(),
                id: String::new(),
                content: String::new(),
                kind: String::new(),
                re: None,
                hole: true,
            });
    }

    /// The `message` frame of a place, 1 for the first; none for a hole.
    pub fn message(&self, conversation: &ConversationId, seq: usize) -> Option<Value> {
        let entry = self.logs.get(conversation)?.get(seq.checked_sub(1)?)?;
        (!entry.hole).then(|| {
            let mut message = json!({"event": "message", "conv": conversation, "seq": seq,
                "id": entry.id, "from": entry.from, "at": 1_700_000_000_000_u64 + seq as u64,
                "kind": entry.kind, "content": entry.content});
            if let Some(re) = &entry.re {
                message["re"] = json!(re);
            }
            message
        })
    }

    /// What the handlers would say to a frame of `user`'s client.
    pub fn answer(&mut self, user: &UserId, frame: &Value) -> Answer {
        let reply = match frame["action"].as_str().unwrap_or_default() {
            "hello" => Some(json!({
                "event": "welcome", "rid": frame["rid"], "connection": "BFaT_fALIAMCKug=",
                "now": 1, "epoch": self.epoch, "heads": self.heads(user),
                "limits": {"max_bytes": 32768}, "min_version": 1,
            })),
            "ping" => Some(json!({
                "event": "pong", "n": frame["n"], "now": 1, "heads": self.heads(user),
            })),
            "sync" => self.sync(frame),
            "sendmessage" => return self.send(user, frame),
            _ => None,
        };
        Answer { reply, push: None }
    }

    fn send(&mut self, user: &UserId, frame: &Value) -> Answer {
        let conversation = match frame["conv"].as_str() {
            Some(conv) => ConversationId::try_from(conv).ok(),
            None => {
                let to = frame["to"].as_array().into_iter().flatten();
                let mut people: Vec<UserId> = to
                    .filter_map(|id| UserId::try_from(id.as_str()?).ok())
                    .collect();
                people.push(user.clone());
                ConversationId::of(&people).ok()
            }
        };
        let (Some(conversation), Some(id)) = (conversation, frame["id"].as_str()) else {
            return Answer::default();
        };
        let content = frame["content"].as_str().unwrap_or_default();
        let what = (
            frame["kind"].as_str().unwrap_or("text"),
            frame["re"].as_str(),
        );
        let (seq, duplicate) = self.commit_as(&conversation, user.as_str(), id, content, what);
        Answer {
            reply: Some(
                json!({"event": "ack", "id": id, "conv": conversation, "seq": seq,
                               "at": 1_700_000_000_000_u64 + seq as u64, "duplicate": duplicate}),
            ),
            push: self.message(&conversation, seq),
        }
    }

    fn sync(&self, frame: &Value) -> Option<Value> {
        let conversation = ConversationId::try_from(frame["conv"].as_str()?).ok()?;
        let place = |name: &str| frame[name].as_u64().and_then(|at| usize::try_from(at).ok());
        let limit = place("limit").unwrap_or(self.page).clamp(1, self.page);
        let head = self.head(&conversation);
        let (after, covered) = match (place("after"), place("before")) {
            (Some(after), _) if after >= head => (after, head),
            (Some(after), _) => (after, (after + limit).min(head)),
            (None, before) => {
                let end = before.map_or(head, |before| before.saturating_sub(1).min(head));
                (end.saturating_sub(limit), end)
            }
        };
        let messages: Vec<Value> = (after + 1..=covered)
            .filter_map(|seq| self.message(&conversation, seq))
            .collect();
        Some(json!({
            "event": "page", "rid": frame["rid"], "conv": conversation, "after": after,
            "messages": messages, "covered": covered, "head": head, "epoch": self.epoch,
        }))
    }
}
