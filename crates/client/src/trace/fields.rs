//! How fields stand in a line, and what each of a verb's fields is.

/// What a field says, and so how it is made unrecognisable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Numbers and names that say nothing about anybody.
    Plain,
    User,
    Conversation,
    /// What people write, and any other text from outside.
    Text,
    /// A frame or row: an object whose members have roles of their own, or just a text.
    Json,
    /// An address: left out altogether, as far as there is one.
    Address,
}

/// The roles of a verb's fields, in order; further ones are texts.
pub(super) fn roles(verb: &str) -> &'static [Role] {
    use Role::{Address, Conversation, Json, Plain, Text, User};
    match verb {
        // endpoint, user, profile, tickets, device, tab; then names and values of the query.
        "signin" => &[Address, User, Plain, Address, Text, Text],
        "outbox" | "entry" => &[Json],
        "log" => &[Conversation, Plain, Plain, Plain],
        "text" => &[Plain, Json],
        "send" => &[Conversation, Plain, Text],
        "open" | "earlier" => &[Conversation],
        "ticket" => &[Plain, Plain, Text],
        "closed" => &[Plain, Plain, Plain, Text],
        "persisted" => &[Plain, Plain, Text],
        "refused" | "badurl" | "opened" | "closing" | "binary" | "buffered" | "retry"
        | "discard" | "hint" => &[Plain, Plain, Plain],
        _ => &[],
    }
}

/// The role of a string that stands in JSON as the member `key`, or in a list that does.
pub(super) fn role_of_member(key: &str) -> Role {
    match key {
        "from" | "to" | "online" | "offline" => Role::User,
        "conv" | "conversation" => Role::Conversation,
        "event" | "kind" | "code" | "epoch" | "id" | "re" | "failed" => Role::Plain,
        _ => Role::Text,
    }
}

/// Makes a line of fields.
pub(super) fn join<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            line.push('\t');
        }
        for c in field.chars() {
            match c {
                '\\' => line.push_str("\\\\"),
                '\t' => line.push_str("\\t"),
                '\n' => line.push_str("\\n"),
                '\r' => line.push_str("\\r"),
                c => line.push(c),
            }
        }
    }
    line
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
