//! JSON objects read and written field by field.
//!
//! The browser handles its frames and stored rows this way rather than by serde: one parser and
//! one writer for every type instead of one of each per type, and nothing the protocol does not
//! need, such as fractions. Servers and tests use serde's; the tests hold both against each other.

mod read;
mod write;

use crate::id::Seq;

pub use read::Value;
pub use write::{Writer, quote, quote_all};

/// The string that `quoted`, a JSON string, stands for.
#[must_use]
pub fn unquote(quoted: &str) -> Option<String> {
    match Value::parse(quoted)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// A JSON object whose fields are taken out one by one. Fields nobody takes are ignored, and of a
/// repeated name the last one counts.
#[derive(Debug, Clone, Default)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// Reads `text`; `None` unless it is one JSON object.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::of(Value::parse(text)?)
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Fields(fields) => Some(Self(fields)),
            _ => None,
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().rposition(|(other, _)| other == name)
    }

    /// Whether the field is there at all and not null.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.place(name)
            .is_some_and(|at| self.0[at].1 != Value::Null)
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.place(name)?;
        Some(std::mem::replace(&mut self.0[at].1, Value::Null))
    }

    /// A string.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A string that is an id.
    pub fn id<T: TryFrom<String>>(&mut self, name: &str) -> Option<T> {
        T::try_from(self.text(name)?).ok()
    }

    /// A whole number from 0.
    pub fn number(&mut self, name: &str) -> Option<u64> {
        match self.take(name)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A place in a log.
    pub fn seq(&mut self, name: &str) -> Option<Seq> {
        Seq::try_from(self.number(name)?).ok()
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// `true` or `false`; absent is `false`.
    pub fn flag_or_false(&mut self, name: &str) -> Option<bool> {
        if self.has(name) {
            self.flag(name)
        } else {
            Some(false)
        }
    }

    /// An object.
    pub fn object(&mut self, name: &str) -> Option<Self> {
        Self::of(self.take(name)?)
    }

    /// A list of ids.
    pub fn ids<T: TryFrom<String>>(&mut self, name: &str) -> Option<Vec<T>> {
        let id = |value| match value {
            Value::Text(text) => T::try_from(text).ok(),
            _ => None,
        };
        self.list(name)?.into_iter().map(id).collect()
    }

    /// A list of ids; absent is empty.
    pub fn ids_or_none<T: TryFrom<String>>(&mut self, name: &str) -> Option<Vec<T>> {
        if self.has(name) {
            self.ids(name)
        } else {
            Some(Vec::new())
        }
    }

    /// A list of objects.
    pub fn objects(&mut self, name: &str) -> Option<Vec<Self>> {
        self.list(name)?.into_iter().map(Self::of).collect()
    }

    fn list(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.take(name)? {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// All fields in the order of the text; of a repeated name each one.
    pub fn into_fields(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}
