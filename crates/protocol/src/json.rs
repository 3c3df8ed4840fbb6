//! Reading a JSON object field by field.
//!
//! The browser reads its frames this way rather than by derived `Deserialize`: one parser for
//! every type instead of one per type, which is 40 KB less wasm.

use serde_json::{Map, Value};

use crate::id::Seq;

/// Writes `text` as a JSON string.
pub fn write_text(out: &mut String, text: &str) {
    // A string always serialises.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// A JSON object whose fields are taken out one by one. Fields nobody takes are ignored.
#[derive(Debug, Clone, Default)]
pub struct Object(Map<String, Value>);

impl Object {
    /// Reads `text`; `None` unless it is one JSON object.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::of(serde_json::from_str(text).ok()?)
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self(map)),
            _ => None,
        }
    }

    /// Whether the field is there at all and not null.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.get_mut(name).map(Value::take)
    }

    /// A string.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A string that is an id.
    pub fn id<T: TryFrom<String>>(&mut self, name: &str) -> Option<T> {
        T::try_from(self.text(name)?).ok()
    }

    /// A whole number from 0.
    pub fn number(&mut self, name: &str) -> Option<u64> {
        self.take(name)?.as_u64()
    }

    /// A place in a log.
    pub fn seq(&mut self, name: &str) -> Option<Seq> {
        Seq::try_from(self.number(name)?).ok()
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        self.take(name)?.as_bool()
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
            Value::String(text) => T::try_from(text).ok(),
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
            Value::Array(list) => Some(list),
            _ => None,
        }
    }

    /// The fields that are left, by name.
    pub fn into_fields(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}
