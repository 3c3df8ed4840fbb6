//! Wire profiles: how to talk to a backend, as data.
//!
//! Switchboard's own frames are one profile; S1–S5 are five older published systems
//! (`docs/protocol.md`). A profile says how a person is identified at the handshake, what a
//! frame looks like and how to read what arrives. Nothing else in the client knows a system.

use crate::json::{self, Object};

/// How to talk to one kind of backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Stable name in `config.json` and storage: `switchboard`, `s1` … `s5`.
    pub id: &'static str,
    /// The query parameter that names the user at the handshake; `None` where there is none.
    pub identity: Option<&'static str>,
    /// How a frame is made.
    pub body: Body,
    /// Whom a message can be sent to.
    pub recipients: Recipients,
    /// How a received text frame is read.
    pub inbound: InboundRule,
    /// Whether the sender receives its own message back from the backend.
    pub echo: bool,
}

/// How a frame is made from a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Switchboard's own frames.
    Own,
    /// A JSON template: `$to` and `$text` stand for JSON values. `$to` is a string for one
    /// recipient and a list for several.
    Template(&'static str),
    /// The text itself.
    Text,
    /// Nothing can be sent.
    None,
}

/// Whom a message can be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipients {
    /// One, several or all users, with presence.
    UsersAndLobby,
    /// One or several user ids, typed.
    Users,
    /// One connection id, typed.
    Connection,
    /// Everybody connected.
    Everyone,
    /// Nobody: receive only.
    Nobody,
}

/// How a received text frame is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboundRule {
    /// Switchboard's own frames.
    Own,
    /// The whole frame is the message; its sender is unknown.
    Text,
    /// A JSON object's `content`, from its `from` where there is one.
    Content,
    /// A JSON object's `message`, of the form `<connection id> says: <text>`.
    Says,
}

/// Every profile, Switchboard's own first.
pub const PROFILES: [Profile; 6] = [
    Profile {
        id: "switchboard",
        identity: Some("userId"),
        body: Body::Own,
        recipients: Recipients::UsersAndLobby,
        inbound: InboundRule::Own,
        echo: true,
    },
    Profile {
        id: "s1",
        identity: None,
        body: Body::Template(r#"{"action":"sendMessage","connectionId":$to,"message":$text}"#),
        recipients: Recipients::Connection,
        inbound: InboundRule::Text,
        echo: false,
    },
    Profile {
        id: "s2",
        identity: Some("userId"),
        body: Body::Template(r#"{"action":"sendmessage","content":$text,"to":$to}"#),
        recipients: Recipients::Users,
        inbound: InboundRule::Content,
        echo: false,
    },
    Profile {
        id: "s3",
        identity: None,
        body: Body::None,
        recipients: Recipients::Nobody,
        inbound: InboundRule::Text,
        echo: false,
    },
    Profile {
        id: "s4",
        identity: None,
        body: Body::Text,
        recipients: Recipients::Everyone,
        inbound: InboundRule::Says,
        echo: true,
    },
    Profile {
        id: "s5",
        identity: None,
        body: Body::Template(r#"{"action":"sendmessage","data":$text}"#),
        recipients: Recipients::Everyone,
        inbound: InboundRule::Text,
        echo: true,
    },
];

/// A message read from a foreign frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignMessage {
    /// Who sent it, where the frame says so: a user id, or a connection id with [`InboundRule::Says`].
    pub from: Option<String>,
    /// The text.
    pub text: String,
}

impl Profile {
    /// The profile called `id`.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.id == id)
    }

    /// Switchboard's own.
    #[must_use]
    pub fn own() -> &'static Self {
        &PROFILES[0]
    }

    /// Whether this is Switchboard's own, with presence, history and delivery states.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self.body, Body::Own)
    }

    /// The frame that carries `text` to `to`; `None` where nothing can be sent or with
    /// [`Body::Own`], whose frames are [`crate::ClientFrame`]s.
    #[must_use]
    pub fn frame(&self, to: &[&str], text: &str) -> Option<String> {
        match self.body {
            Body::Own | Body::None => None,
            Body::Text => Some(text.to_owned()),
            Body::Template(template) => {
                let to = match to {
                    [one] => json::quote(one),
                    many => json::quote_all(many.iter().copied()),
                };
                // One pass over the template: text that contains `$to` stays text.
                let mut frame = String::with_capacity(template.len() + text.len() + 16);
                let mut rest = template;
                while let Some(at) = rest.find('$') {
                    frame.push_str(&rest[..at]);
                    rest = &rest[at..];
                    if let Some(after) = rest.strip_prefix("$text") {
                        frame.push_str(&json::quote(text));
                        rest = after;
                    } else if let Some(after) = rest.strip_prefix("$to") {
                        frame.push_str(&to);
                        rest = after;
                    } else {
                        frame.push('$');
                        rest = &rest[1..];
                    }
                }
                frame.push_str(rest);
                Some(frame)
            }
        }
    }

    /// Reads a received frame; `None` for what is not a message in this profile.
    #[must_use]
    pub fn read(&self, frame: &str) -> Option<ForeignMessage> {
        let field = |name: &str| Object::parse(frame)?.text(name);
        match self.inbound {
            InboundRule::Own => None,
            InboundRule::Text => Some(ForeignMessage {
                from: None,
                text: frame.to_owned(),
            }),
            InboundRule::Content => Some(ForeignMessage {
                from: field("from"),
                text: field("content")?,
            }),
            InboundRule::Says => {
                let message = field("message")?;
                let (from, text) = match message.split_once(" says: ") {
                    Some((from, text)) => (Some(from.to_owned()), text.to_owned()),
                    None => (None, message),
                };
                Some(ForeignMessage { from, text })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn profile(id: &str) -> &'static Profile {
        Profile::named(id).unwrap()
    }

    #[test]
    fn each_system_sends_its_own_frame() {
        let text = "say \"$to\"\n$text";
        let json = |id: &str, to: &[&str]| -> Value {
            serde_json::from_str(&profile(id).frame(to, text).unwrap()).unwrap()
        };
        assert_eq!(
            json("s1", &["BFaT_fALIAMCKug="]),
            serde_json::json!({"action":"sendMessage","connectionId":"BFaT_fALIAMCKug=","message":text})
        );
        assert_eq!(
            json("s2", &["bo"]),
            serde_json::json!({"action":"sendmessage","content":text,"to":"bo"})
        );
        assert_eq!(
            json("s2", &["bo", "cy"]),
            serde_json::json!({"action":"sendmessage","content":text,"to":["bo","cy"]})
        );
        assert_eq!(
            json("s5", &[]),
            serde_json::json!({"action":"sendmessage","data":text})
        );
        assert_eq!(profile("s4").frame(&[], text).unwrap(), text);
        assert_eq!(profile("s3").frame(&[], text), None);
        assert_eq!(profile("switchboard").frame(&["bo"], text), None);
    }

    #[test]
    fn each_system_is_read_by_its_own_rule() {
        let message = |from: Option<&str>, text: &str| {
            Some(ForeignMessage {
                from: from.map(str::to_owned),
                text: text.to_owned(),
            })
        };
        assert_eq!(profile("s1").read("hi"), message(None, "hi"));
        assert_eq!(profile("s5").read("{\"a\":1}"), message(None, "{\"a\":1}"));
        assert_eq!(
            profile("s2").read(r#"{"content":"hi"}"#),
            message(None, "hi")
        );
        assert_eq!(
            profile("s2").read(r#"{"content":"hi","from":"bo"}"#),
            message(Some("bo"), "hi")
        );
        assert_eq!(
            profile("s4").read(r#"{"message":"abc= says: a says: b"}"#),
            message(Some("abc="), "a says: b")
        );
        assert_eq!(
            profile("s4").read(r#"{"message":"plain"}"#),
            message(None, "plain")
        );
        for junk in [
            "",
            "null",
            "[]",
            "[1]",
            "{",
            r#"{"content":null}"#,
            r#"{"content":{}}"#,
        ] {
            assert_eq!(profile("s2").read(junk), None, "{junk}");
            assert_eq!(profile("s4").read(junk), None, "{junk}");
        }
    }
}
