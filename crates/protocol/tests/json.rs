//! The browser's JSON against `serde_json`'s: the same texts are read, to the same values, and
//! the same text is written.

use serde_json::Value as Other;
use switchboard_protocol::json::{self, Object, Value, Writer};

/// `value` as ours; of a repeated name `serde_json` has kept the last.
fn ours(value: &Other) -> Value {
    match value {
        Other::Null => Value::Null,
        Other::Bool(flag) => Value::Flag(*flag),
        Other::Number(number) => number.as_u64().map_or(Value::OtherNumber, Value::Number),
        Other::String(text) => Value::Text(text.clone()),
        Other::Array(list) => Value::List(list.iter().map(ours).collect()),
        Other::Object(map) => {
            let field = |(name, value): (&String, &Other)| (name.clone(), ours(value));
            Value::Fields(map.iter().map(field).collect())
        }
    }
}

/// `value` with names in order, each once.
fn sorted(value: Value) -> Value {
    match value {
        Value::List(list) => Value::List(list.into_iter().map(sorted).collect()),
        Value::Fields(fields) => {
            let mut kept: Vec<(String, Value)> = Vec::new();
            for (name, value) in fields {
                kept.retain(|(other, _)| *other != name);
                kept.push((name, sorted(value)));
            }
            kept.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Fields(kept)
        }
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::OtherNumber | Value::Text(_) => {
            value
        }
    }
}

/// Holds both readers against each other on `text` as a field's value.
fn compare(text: &str) {
    let object = format!("{{\"x\":{text}}}");
    let read =
        Object::parse(&object).map(|object| sorted(Value::Fields(object.into_fields().collect())));
    match serde_json::from_str::<Other>(&object) {
        Ok(other) => assert_eq!(read, Some(sorted(ours(&other))), "{object}"),
        // The one difference: a fraction's size is not ours to judge, as it is never used.
        Err(error) if error.to_string().starts_with("number out of range") => {}
        Err(error) => assert_eq!(read, None, "{object}: {error}"),
    }
}

#[test]
fn numbers_are_read_alike() {
    for text in [
        "0",
        "-0",
        "-1",
        "1",
        "9",
        "10",
        "01",
        "00",
        "-",
        "-a",
        "+1",
        ".5",
        "1.",
        "1.5",
        "-1.5",
        "0.0",
        "1e3",
        "1E+3",
        "1e-3",
        "1e",
        "1e+",
        "1.e3",
        "0e0",
        "1e999",
        "-1e999",
        "1 2",
        "1a",
        "0x10",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999",
        "9007199254740993",
        "NaN",
        "Infinity",
        "-Infinity",
    ] {
        compare(text);
    }
}

#[test]
fn strings_are_read_alike() {
    for text in [
        r#""""#,
        r#"" ""#,
        r#"""#,
        r#""\""#,
        r#""\\""#,
        r#""\"\/\b\f\n\r\t""#,
        r#""\a""#,
        r#""\u0000""#,
        r#""\u00e9""#,
        r#""\u00E9""#,
        r#""\u00g0""#,
        r#""\u00""#,
        r#""\uD83D\uDE00""#,
        r#""\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\u0041""#,
        r#""\ud83d\ud83d""#,
        r#""\ude00""#,
        r#""\udbff\udfff""#,
        r#""\udc00\ud800""#,
        r#""\uffff""#,
        "\"\u{7f}\"",
        "\"\u{1f}\"",
        "\"\n\"",
        "\"\u{2028}é😀\"",
        "\"é\\n😀\"",
        "'x'",
    ] {
        compare(text);
    }
}

#[test]
fn shapes_are_read_alike() {
    for text in [
        "",
        " ",
        "null",
        "nul",
        "nulll",
        "true",
        "True",
        "false",
        "fals",
        "[]",
        "[ ]",
        "[,]",
        "[1,]",
        "[1 2]",
        "[1,2]",
        "[1",
        "]",
        "{}",
        "{ }",
        "{,}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{"a":1 "b":2}"#,
        r#"{a:1}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"b":1,"a":[{"c":null}]}"#,
        "{]",
        "[}",
        "\t\n\r 1 \t\n\r",
        "\u{b}1",
        "\u{a0}1",
        "\u{feff}1",
        "1}{",
        "1,\"x\":2",
        "/**/1",
        "[1]//",
    ] {
        compare(text);
    }
}

#[test]
fn nesting_is_read_to_the_same_depth() {
    for depth in [1, 64, 125, 126, 127, 128, 129, 1 << 20] {
        compare(&"[".repeat(depth));
        compare(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        compare(&format!(
            "{}1{}",
            "{\"a\":".repeat(depth),
            "}".repeat(depth)
        ));
    }
    // Depth is counted down again.
    compare(&format!("[{}]", vec!["[[1]]"; 500].join(",")));
}

/// A small generator; the seed is in every message.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ bits >> 31) % u64::try_from(bound).unwrap_or(1)).unwrap_or(0)
    }

    /// Pieces of JSON in a row: mostly broken, sometimes whole.
    fn pieces(&mut self) -> String {
        const PIECES: [&str; 24] = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\":", "\"b\"", "\\u", "d83d", "\\ude00",
            "0", "1", "-", ".", "e", "null", "true", " ", "\n", "é", "\\n",
        ];
        let count = 1 + self.below(12);
        (0..count)
            .map(|_| PIECES[self.below(PIECES.len())])
            .collect()
    }

    fn text(&mut self) -> String {
        const CHARACTERS: [char; 14] = [
            'a',
            '"',
            '\\',
            '/',
            '\0',
            '\u{1f}',
            '\n',
            '\u{8}',
            '\u{c}',
            '\u{7f}',
            'é',
            '\u{2028}',
            '😀',
            '\u{10ffff}',
        ];
        let count = self.below(10);
        (0..count)
            .map(|_| CHARACTERS[self.below(CHARACTERS.len())])
            .collect()
    }

    fn value(&mut self, depth: usize) -> Other {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => Other::Null,
            1 => (self.below(2) == 0).into(),
            2 => self.below(usize::MAX).into(),
            3 => (-1.5 * f64::from(u32::try_from(self.below(1000)).unwrap_or(0))).into(),
            4 => self.text().into(),
            5 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let fields = (0..self.below(4)).map(|_| (self.text(), self.value(depth - 1)));
                Other::Object(fields.collect())
            }
        }
    }
}

#[test]
fn whole_values_and_broken_ones_are_read_alike() {
    for seed in 0..20_000 {
        let mut random = Random(seed);
        compare(&random.pieces());
        let value = random.value(4);
        compare(&value.to_string());
        if let Some(read) = Value::parse(&value.to_string()) {
            // Fractions are not kept.
            let again = Value::parse(&read.to_json());
            assert_eq!(again, Some(read), "seed {seed}: {value}");
        }
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        compare(&pretty);
        // One byte lost or one piece too many.
        let mut broken: Vec<char> = pretty.chars().collect();
        broken.remove(random.below(broken.len()));
        compare(&broken.iter().collect::<String>());
        let mut broken: Vec<char> = pretty.chars().collect();
        let at = random.below(broken.len());
        broken.splice(at..at, random.pieces().chars());
        compare(&broken.iter().collect::<String>());
    }
}

#[test]
fn texts_are_written_alike_and_read_back() {
    let all: String = (0..=0xffu8).map(char::from).collect();
    let mut texts = vec![String::new(), all, "\u{2028}\u{ffff}😀".to_owned()];
    texts.extend((0..2_000).map(|seed| Random(seed).text()));
    for text in &texts {
        let quoted = json::quote(text);
        assert_eq!(quoted, serde_json::to_string(text).unwrap());
        assert_eq!(json::unquote(&quoted).as_ref(), Some(text));
    }
    let list = json::quote_all(texts.iter().map(String::as_str));
    assert_eq!(list, serde_json::to_string(&texts).unwrap());
    assert_eq!(json::quote_all(std::iter::empty()), "[]");
    for text in ["", "null", "1", "[\"a\"]", "\"a", "\"a\"b"] {
        assert_eq!(json::unquote(text), None, "{text}");
    }
}

#[test]
fn objects_are_written_alike() {
    assert_eq!(Writer::new().finish(), "{}");
    let mut object = Writer::new();
    object.text("a\n", "\"");
    object.number("n", u64::MAX);
    object.null("nothing");
    object.texts("list", ["x", "y"].into_iter());
    object.texts("none", std::iter::empty());
    assert_eq!(
        object.finish(),
        r#"{"a\n":"\"","n":18446744073709551615,"nothing":null,"list":["x","y"],"none":[]}"#
    );
}

#[test]
fn of_a_repeated_name_the_last_counts() {
    let mut object = Object::parse(r#"{"a":1,"b":"x","a":null,"b":"y"}"#).unwrap();
    assert!(!object.has("a"));
    assert_eq!(object.number("a"), None);
    assert_eq!(object.text("b").as_deref(), Some("y"));
    // Taken is taken.
    assert_eq!(object.text("b"), None);
}
