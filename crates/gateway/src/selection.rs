//! The route selection expression: which part of a message names its route (reference §3).

use serde_json::Value;

use crate::error::ConfigError;

/// A parsed expression such as `$request.body.action` or
/// `${request.body.service}/${request.body.action}`.
#[derive(Clone, Debug)]
pub struct Selection(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Static(String),
    Path(Vec<Step>),
}

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl Selection {
    /// Parses an expression.
    ///
    /// # Errors
    ///
    /// If a variable is not a path below `request.body` or a brace is not closed.
    pub fn parse(expression: &str) -> Result<Self, ConfigError> {
        let wrong = || ConfigError::Selection(expression.to_owned());
        if let Some(path) = expression.strip_prefix("$request.body.") {
            return Ok(Self(vec![Part::Path(path_steps(path).ok_or_else(wrong)?)]));
        }
        let mut parts = Vec::new();
        let mut rest = expression;
        while let Some((before, after)) = rest.split_once("${") {
            let (variable, tail) = after.split_once('}').ok_or_else(wrong)?;
            let path = variable.strip_prefix("request.body.").ok_or_else(wrong)?;
            parts.push(Part::Static(unescape(before)));
            parts.push(Part::Path(path_steps(path).ok_or_else(wrong)?));
            rest = tail;
        }
        parts.push(Part::Static(unescape(rest)));
        Ok(Self(parts))
    }

    /// The route key that `message` selects: a missing part is empty, any other is stringified.
    #[must_use]
    pub fn evaluate(&self, message: &Value) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Static(text) => text.clone(),
                Part::Path(steps) => find(message, steps).map(stringify).unwrap_or_default(),
            })
            .collect()
    }
}

/// `a.b[0].c` as steps; `None` if a bracket holds no number or a name is empty.
fn path_steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for segment in path.split('.') {
        let mut pieces = segment.split('[');
        let key = pieces.next().filter(|key| !key.is_empty())?;
        steps.push(Step::Key(key.to_owned()));
        for piece in pieces {
            steps.push(Step::Index(piece.strip_suffix(']')?.parse().ok()?));
        }
    }
    Some(steps)
}

fn find<'a>(value: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    })
}

/// `1` for the number, `[a, b]` for an array, nothing for null.
fn stringify(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(stringify).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn unescape(text: &str) -> String {
    text.replace("\\$", "$")
}

#[cfg(test)]
mod tests {
    use super::Selection;
    use serde_json::json;

    #[test]
    fn evaluates_the_documented_forms() {
        let cases = [
            ("$request.body.action", json!({"action": "join"}), "join"),
            (
                "$request.body.service.do",
                json!({"service": {"do": "echo"}}),
                "echo",
            ),
            ("$request.body.action", json!({"action": 1}), "1"),
            (
                "$request.body.action",
                json!({"action": ["item1", "item2"]}),
                "[item1, item2]",
            ),
            ("$request.body.action", json!([1]), ""),
            (
                "$request.body.items[1].name",
                json!({"items": [0, {"name": "b"}]}),
                "b",
            ),
            (
                "${request.body.service}/${request.body.action}",
                json!({"service": "chat", "action": "join"}),
                "chat/join",
            ),
            (
                "${request.body.action}-${request.body.invalidPath}",
                json!({"action": "join"}),
                "join-",
            ),
            ("\\$default", json!({}), "$default"),
        ];
        for (expression, message, expected) in cases {
            let selection = Selection::parse(expression).expect(expression);
            assert_eq!(selection.evaluate(&message), expected, "{expression}");
        }
    }

    #[test]
    fn refuses_what_is_no_expression() {
        for wrong in [
            "$request.body.",
            "${request.header.x}",
            "${request.body.a",
            "$request.body.a[x]",
        ] {
            assert!(Selection::parse(wrong).is_err(), "{wrong}");
        }
    }
}
