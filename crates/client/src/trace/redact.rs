//! Makes a trace unrecognisable without changing what the core does with it.
//!
//! Users keep their order (conversations are handled in the order of their ids, and requests are
//! numbered in it), texts their length (frames have limits) and equal words stay equal (echoes are
//! told by their text).

use serde_json::{Map, Value};
use switchboard_protocol::{ConversationId, UserId};

use super::fields::{Role, join, role_of_member, roles, split};

/// Clocks that stand before the verb.
const CLOCKS: usize = 2;

pub(super) fn redact(lines: &[String]) -> Vec<String> {
    let mut names = Names::default();
    for line in lines {
        rewrite(line, &mut |role, text| names.learn(role, text));
    }
    names.users.sort();
    names.users.dedup();
    lines
        .iter()
        .map(|line| rewrite(line, &mut |role, text| names.replace(role, text)))
        .collect()
}

/// Applies `change` to every string of a line, by its role; the rest stays.
fn rewrite(line: &str, change: &mut impl FnMut(Role, &mut String)) -> String {
    let mut fields = split(line);
    let roles = fields.get(CLOCKS).map_or(&[][..], |verb| roles(verb));
    for (at, field) in fields.iter_mut().skip(CLOCKS + 1).enumerate() {
        match roles.get(at).copied().unwrap_or(Role::Text) {
            Role::Plain => {}
            Role::Json => match serde_json::from_str::<Value>(field) {
                Ok(mut value @ Value::Object(_)) => {
                    rewrite_json("", &mut value, change);
                    field.clear();
                    write(&value, field);
                }
                Ok(_) | Err(_) => change(Role::Text, field),
            },
            role => change(role, field),
        }
    }
    join(fields.iter().map(String::as_str))
}

fn rewrite_json(key: &str, value: &mut Value, change: &mut impl FnMut(Role, &mut String)) {
    match value {
        Value::String(text) => change(role_of_member(key), text),
        Value::Array(items) => {
            for item in items {
                rewrite_json(key, item, change);
            }
        }
        Value::Object(members) => {
            let mut changed = Map::new();
            for (mut name, mut member) in std::mem::take(members) {
                rewrite_json(&name, &mut member, change);
                if key == "heads" {
                    change(Role::Conversation, &mut name);
                }
                changed.insert(name, member);
            }
            *members = changed;
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Writes JSON. A number that is none of ours becomes one that is none either: floats alone would
/// need a formatter larger than this file.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => match number.as_u64() {
            Some(number) => out.push_str(&number.to_string()),
            None => out.push_str("-1"),
        },
        Value::String(text) => switchboard_protocol::json::write_text(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (at, (name, member)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                switchboard_protocol::json::write_text(out, name);
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}

#[derive(Debug, Default)]
struct Names {
    users: Vec<UserId>,
    /// Of everything that was written: who does not know it cannot try words out.
    salt: u64,
}

impl Names {
    fn learn(&mut self, role: Role, text: &str) {
        self.salt = hash(self.salt, text);
        match role {
            Role::User => self.users.extend(UserId::try_from(text).ok()),
            Role::Conversation => {
                let conversation = ConversationId::try_from(text).ok();
                let people = conversation.and_then(|conversation| conversation.participants());
                self.users.extend(people.into_iter().flatten());
            }
            Role::Plain | Role::Text | Role::Json | Role::Address => {}
        }
    }

    fn replace(&self, role: Role, text: &mut String) {
        let replaced = match role {
            Role::Plain => return,
            Role::User => self.user(text).map(|user| user.as_str().to_owned()),
            Role::Conversation => self.conversation(text),
            Role::Address => Some(if text.is_empty() { "" } else { "wss://host" }.to_owned()),
            Role::Text | Role::Json => None,
        };
        *text = replaced.unwrap_or_else(|| scramble(text, self.salt));
    }

    /// `u001` and so on: of one length, in the users' order.
    fn user(&self, text: &str) -> Option<UserId> {
        let at = self.users.iter().position(|user| user.as_str() == text)?;
        let number = (at + 1).to_string();
        let zeros = &"000000"[number.len().min(6)..];
        UserId::try_from(["u", zeros, &number].concat()).ok()
    }

    fn conversation(&self, text: &str) -> Option<String> {
        let conversation = ConversationId::try_from(text).ok()?;
        let Some(people) = conversation.participants() else {
            return Some(text.to_owned());
        };
        let people: Option<Vec<UserId>> = people.iter().map(|p| self.user(p.as_str())).collect();
        let id = ConversationId::of(&people?).ok()?;
        Some(id.as_str().to_owned())
    }
}

/// Other words of the same length and kind; equal ones stay equal. `says` stays: it is what a
/// system's frame is read by.
fn scramble(text: &str, salt: u64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        if word == "says" {
            out.push_str(&word);
        } else {
            let mut state = hash(salt, &word);
            for c in word.bytes() {
                state = mix(state);
                let (first, count) = if c.is_ascii_digit() {
                    (b'0', 10)
                } else {
                    (b'a', 26)
                };
                let step = u8::try_from(state % count).unwrap_or(0);
                out.push(char::from(first + step));
            }
        }
        word.clear();
        out.push(match c.len_utf8() {
            1 => c,
            2 => 'é',
            3 => 'あ',
            _ => '😀',
        });
    }
    out.pop();
    out
}

fn mix(state: u64) -> u64 {
    (state ^ (state >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// FNV-1a.
fn hash(state: u64, text: &str) -> u64 {
    text.bytes()
        .fold(state ^ 0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_length_and_equality_only() {
        let text = "Ana met ana; Ana ate 12 äpfel 😀";
        let out = scramble(text, 7);
        assert_eq!(out.len(), text.len());
        assert_eq!(out.split(' ').next(), out.split(' ').nth(3));
        for word in ["Ana", "met", "ate", "pfel"] {
            assert!(!out.contains(word), "{out}");
        }
        assert_ne!(scramble(text, 8), out);
        assert_eq!(scramble("", 7), "");
    }
}
