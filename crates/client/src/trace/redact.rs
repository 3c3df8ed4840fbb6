//! Makes a trace unrecognisable without changing what the core does with it.
//!
//! Users keep their order (conversations are handled in the order of their ids, and requests are
//! numbered in it), texts their length (frames have limits) and equal words stay equal (echoes are
//! told by their text).

use switchboard_protocol::json::Value;
use switchboard_protocol::profile::InboundRule;
use switchboard_protocol::{ConversationId, MessageId, Profile, UserId};

use super::fields::{Role, WORDS, join, role_of_member, roles, split};

/// Clocks that stand before the verb.
const CLOCKS: usize = 2;
/// Where the sign-in names the profile, counted from the verb.
const PROFILE: usize = 3;

pub(super) fn redact(lines: &[&str]) -> Vec<String> {
    let mut names = Names::default();
    rewrite(lines, &mut |role, text| names.learn(role, text));
    names.words.sort();
    names.words.dedup();
    rewrite(lines, &mut |role, text| names.replace(role, text))
}

/// Applies `change` to every string, by its role; the rest stays.
fn rewrite(lines: &[&str], change: &mut impl FnMut(Role, &mut String)) -> Vec<String> {
    // Before anybody signs in, no frame comes.
    let mut bare = true;
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let mut fields = split(line);
        let verb = fields.get(CLOCKS).cloned().unwrap_or_default();
        if verb == "signin" {
            let profile = fields.get(CLOCKS + PROFILE);
            let profile = profile.and_then(|name| Profile::named(name));
            bare = profile.is_none_or(|profile| matches!(profile.inbound, InboundRule::Text));
        }
        let roles = roles(&verb);
        for (at, field) in fields.iter_mut().skip(CLOCKS + 1).enumerate() {
            match roles.get(at).copied().unwrap_or(Role::Text) {
                Role::Frame if bare => change(Role::Text, field),
                Role::Frame | Role::Row => rewrite_object(field, change),
                role => change(role, field),
            }
        }
        out.push(join(fields.iter().map(String::as_str)));
    }
    out
}

/// An object is rewritten member by member, if it is one of ours; anything else is somebody's
/// text.
fn rewrite_object(text: &mut String, change: &mut impl FnMut(Role, &mut String)) {
    match Value::parse(text) {
        Some(mut value @ Value::Fields(_)) => {
            rewrite_json("", &mut value, change);
            *text = value.to_json();
        }
        Some(_) | None => change(Role::Text, text),
    }
}

fn rewrite_json(name: &str, value: &mut Value, change: &mut impl FnMut(Role, &mut String)) {
    match value {
        Value::Text(text) => change(role_of_member(name).unwrap_or(Role::Text), text),
        Value::List(items) => {
            for item in items {
                rewrite_json(name, item, change);
            }
        }
        Value::Fields(members) => {
            // What no frame of ours has, nobody reads, and nobody knows what it says.
            members.retain(|(member, _)| name == "heads" || role_of_member(member).is_some());
            for (member, value) in members {
                rewrite_json(member, value, change);
                if name == "heads" {
                    change(Role::Conversation, member);
                }
            }
        }
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::OtherNumber => {}
    }
}

#[derive(Debug, Default)]
struct Names {
    /// The parts of user ids between characters that sort before what parts them in a
    /// conversation's id: replaced by codes of one length in the same order, they leave
    /// conversations in the same order too.
    words: Vec<String>,
    /// Of everything that was written: who does not know it cannot try words out.
    salt: u64,
}

/// Sorts before what user ids are joined by.
fn parts(c: char) -> bool {
    c <= ','
}

impl Names {
    fn learn(&mut self, role: Role, text: &str) {
        self.salt = hash(self.salt, text);
        match role {
            Role::User => self.learn_user(text),
            Role::Conversation => {
                let conversation = ConversationId::try_from(text).ok();
                let people = conversation.and_then(|conversation| conversation.participants());
                for user in people.into_iter().flatten() {
                    self.learn_user(user.as_str());
                }
            }
            Role::Plain
            | Role::Word
            | Role::Id
            | Role::Text
            | Role::Row
            | Role::Frame
            | Role::Address => {}
        }
    }

    fn learn_user(&mut self, user: &str) {
        let words = user.split(parts).filter(|word| !word.is_empty());
        self.words.extend(words.map(str::to_owned));
    }

    fn replace(&self, role: Role, text: &mut String) {
        let replaced = match role {
            Role::Plain => return,
            Role::Word if WORDS.contains(&text.as_str()) => return,
            Role::Word => Some("other".to_owned()),
            Role::User => self.user(text).map(|user| user.as_str().to_owned()),
            Role::Conversation => self.conversation(text),
            Role::Address => Some(if text.is_empty() { "" } else { "wss://host" }.to_owned()),
            // The core makes the same one again and must know it.
            Role::Id if MessageId::is_by_machine(text) => return,
            Role::Id | Role::Text | Role::Row | Role::Frame => None,
        };
        *text = replaced.unwrap_or_else(|| scramble(text, self.salt));
    }

    fn user(&self, text: &str) -> Option<UserId> {
        let mut id = String::new();
        let mut word = String::new();
        for c in text.chars().map(Some).chain([None]) {
            match c {
                Some(c) if !parts(c) => word.push(c),
                separator => {
                    if !word.is_empty() {
                        let number = (self.words.binary_search(&word).ok()? + 1).to_string();
                        id.push('u');
                        id.push_str(&"0000"[number.len().min(4)..]);
                        id.push_str(&number);
                        word.clear();
                    }
                    id.extend(separator);
                }
            }
        }
        UserId::try_from(id).ok()
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
        let begins = word.chars().next();
        // Emojis are told apart, too: who has put which on a message is state.
        let is_word = c.is_ascii_alphanumeric() || !(c.is_ascii() || stays(c));
        if is_word && begins.is_none_or(|first| first.is_ascii() == c.is_ascii()) {
            word.push(c);
            continue;
        }
        replace_word(&word, salt, &mut out);
        word.clear();
        if is_word {
            word.push(c);
        } else {
            out.push(c);
        }
    }
    out.pop();
    out
}

/// White space and control characters stay: a text of nothing else is none.
fn stays(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn replace_word(word: &str, salt: u64, out: &mut String) {
    if word == "says" {
        out.push_str(word);
        return;
    }
    let mut state = hash(salt, word);
    for c in word.chars() {
        state = mix(state);
        // Letters, of as many bytes each.
        let (first, count) = match c.len_utf8() {
            1 if c.is_ascii_digit() => (0x30, 10),
            1 => (0x61, 26),
            2 => (0x410, 64),
            3 => (0x4E00, 0x5000),
            _ => (0x2_0000, 0xA000),
        };
        let step = u32::try_from(state % count).unwrap_or(0);
        out.extend(char::from_u32(first + step));
    }
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
        let emojis = ["👍", "😀", "❤️", "👍🏽", "é", "-👍"];
        let all: Vec<String> = emojis.iter().map(|it| scramble(it, 7)).collect();
        for (at, (emoji, out)) in emojis.iter().zip(&all).enumerate() {
            assert_eq!(out.len(), emoji.len(), "{emoji}");
            assert!(!all[..at].contains(out), "{emoji}");
        }
        assert_eq!(all[5], ["-", &all[0]].concat());
        assert_eq!(scramble("\u{3000} \u{85}\n", 7), "\u{3000} \u{85}\n");
        assert_eq!(scramble("", 7), "");
    }
}
