//! The writer: an object's fields, one after the other.

use super::Value;

/// A JSON object being written, byte for byte as `serde_json` writes it.
#[derive(Debug, Clone, Default)]
pub struct Writer(String);

impl Writer {
    /// An object without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn name(&mut self, name: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        string(&mut self.0, name);
        self.0.push(':');
    }

    /// A string.
    pub fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        string(&mut self.0, text);
    }

    /// A whole number.
    pub fn number(&mut self, name: &str, number: u64) {
        self.name(name);
        self.0.push_str(&number.to_string());
    }

    /// `null`.
    pub fn null(&mut self, name: &str) {
        self.name(name);
        self.0.push_str("null");
    }

    /// A value that is written already.
    pub fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    /// A list of strings.
    pub fn texts<'a>(&mut self, name: &str, texts: impl Iterator<Item = &'a str>) {
        self.name(name);
        list(&mut self.0, texts);
    }

    /// The object's text.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

impl Value {
    /// The value's text. A number of which only that is known becomes -1, which is none of the
    /// protocol's either.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        value(&mut json, self);
        json
    }
}

fn value(json: &mut String, written: &Value) {
    match written {
        Value::Null => json.push_str("null"),
        Value::Flag(flag) => json.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => json.push_str(&number.to_string()),
        Value::OtherNumber => json.push_str("-1"),
        Value::Text(text) => string(json, text),
        Value::List(items) => {
            json.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    json.push(',');
                }
                value(json, item);
            }
            json.push(']');
        }
        Value::Fields(fields) => {
            json.push('{');
            for (at, (name, field)) in fields.iter().enumerate() {
                if at > 0 {
                    json.push(',');
                }
                string(json, name);
                json.push(':');
                value(json, field);
            }
            json.push('}');
        }
    }
}

/// `text` as a JSON string.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    string(&mut json, text);
    json
}

/// `texts` as a JSON list of strings.
#[must_use]
pub fn quote_all<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut json = String::new();
    list(&mut json, texts);
    json
}

fn list<'a>(json: &mut String, texts: impl Iterator<Item = &'a str>) {
    json.push('[');
    for (at, text) in texts.enumerate() {
        if at > 0 {
            json.push(',');
        }
        string(json, text);
    }
    json.push(']');
}

fn string(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    // What needs an escape is one byte long, so both parts are whole characters.
    while let Some(at) = rest
        .bytes()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))
    {
        let (plain, special) = rest.split_at(at);
        json.push_str(plain);
        let byte = special.as_bytes()[0];
        json.push('\\');
        let short = match byte {
            0x08 => 'b',
            0x09 => 't',
            0x0a => 'n',
            0x0c => 'f',
            0x0d => 'r',
            0..0x20 => {
                json.push_str(if byte < 0x10 { "u000" } else { "u001" });
                char::from_digit(u32::from(byte & 15), 16).unwrap_or('0')
            }
            _ => char::from(byte),
        };
        json.push(short);
        rest = &special[1..];
    }
    json.push_str(rest);
    json.push('"');
}
