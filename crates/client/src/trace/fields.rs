//! How fields stand in a line, and what each of a verb's fields is.

/// What a field says, and so how it is made unrecognisable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Our own numbers and words.
    Plain,
    /// A word of the protocol, if it is one.
    Word,
    User,
    Conversation,
    /// What people write, ids they may have chosen, and any other text from outside.
    Text,
    /// An id of a message: people's say nothing, but who knows what other clients make of them.
    Id,
    /// One of our own rows: an object whose members have roles of their own.
    Row,
    /// What came in a frame.
    Frame,
    /// An address: left out altogether, as far as there is one.
    Address,
}

/// The roles of a verb's fields, in order; further ones are texts.
pub(super) fn roles(verb: &str) -> &'static [Role] {
    use Role::{Address, Conversation, Frame, Id, Plain, Row, Text, User, Word};
    match verb {
        // endpoint, user, profile, tickets, device, tab; then names and values of the query.
        "signin" => &[Address, User, Plain, Address, Text, Text],
        "outbox" | "entry" | "mark" => &[Row],
        "log" => &[Conversation, Text, Plain, Plain],
        "text" => &[Plain, Frame],
        "send" => &[Conversation, Id, Text, Word, Id],
        "read" => &[Conversation, Id, Plain],
        "unread" => &[Conversation, Id],
        "retry" | "discard" => &[Id],
        "open" | "earlier" | "typing" => &[Conversation],
        "ticket" => &[Plain, Plain, Text],
        "closed" => &[Plain, Plain, Plain, Text],
        "persisted" => &[Plain, Plain, Text],
        "refused" | "badurl" | "opened" | "closing" | "binary" | "buffered" | "hint" => {
            &[Plain, Plain, Plain]
        }
        _ => &[],
    }
}

/// The role of a string that stands in JSON as the member `name`, or in a list that does; none
/// for a member that no frame or row of ours has. Numbers of the others are ours too.
pub(super) fn role_of_member(name: &str) -> Option<Role> {
    Some(match name {
        "from" | "to" | "online" | "offline" => Role::User,
        "conv" | "conversation" => Role::Conversation,
        "event" | "kind" | "code" | "failed" => Role::Word,
        "id" | "re" => Role::Id,
        "epoch" | "content" | "text" | "message" | "connection" | "connectionId" | "requestId" => {
            Role::Text
        }
        "v" | "rid" | "now" | "heads" | "limits" | "max_bytes" | "min_version" | "seq" | "at"
        | "minted" | "order" | "duplicate" | "retry" | "retry_after_ms" | "after" | "messages"
        | "covered" | "head" | "through" | "tell" | "lowered" | "n" | "all" | "reconnect_in_ms" => {
            Role::Text
        }
        _ => return None,
    })
}

/// Words that say nothing about anybody where a name of ours is expected. Anything else there
/// becomes `other`, which is read as a name we do not know either.
pub(super) const WORDS: [&str; 32] = [
    "welcome",
    "ack",
    "nack",
    "message",
    "page",
    "pong",
    "presence",
    "delivery",
    "signal",
    "goaway",
    "text",
    "edit",
    "delete",
    "reaction",
    "read",
    "typing",
    "malformed",
    "anonymous",
    "forbidden",
    "bad_recipients",
    "bad_content",
    "unavailable",
    "too_large",
    "empty",
    "not_supported",
    "rejected",
    "expired",
    "lobby",
    "unknown",
    "other",
    "hello",
    "bye",
];

/// Makes a line of fields.
pub(super) fn join<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    write_line(&mut line, fields);
    line
}

/// Adds a line of fields, without its end.
pub(super) fn write_line<'a>(line: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            line.push('\t');
        }
        // Whole pieces at once: it is done with every frame that comes.
        let mut rest = field;
        while let Some(at) = rest.bytes().position(|byte| b"\\\t\n\r".contains(&byte)) {
            line.push_str(&rest[..at]);
            line.push_str(match rest.as_bytes()[at] {
                b'\t' => "\\t",
                b'\n' => "\\n",
                b'\r' => "\\r",
                _ => "\\\\",
            });
            rest = &rest[at + 1..];
        }
        line.push_str(rest);
    }
}

/// Takes a line apart.
pub(super) fn split(line: &str) -> Vec<String> {
    line.split('\t').map(unescape).collect()
}

fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            c => c,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_field_comes_back() {
        let fields = ["", "a\tb\\n\n", "\\", "\r\\t", "é😀"];
        assert_eq!(split(&join(fields)), fields);
    }
}
