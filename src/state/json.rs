//! Just enough JSON to read frames with the eye: a member's text, and line breaks.
//!
//! Both work on the raw text, so that numbers, order and repeated keys are shown as they came.

use switchboard_protocol::json::unquote;

/// Nesting past which text is shown as it came; it bounds the indentation.
const MAX_DEPTH: usize = 64;

/// The string value of the top level member `name`, if `text` looks like an object.
#[must_use]
pub fn member(text: &str, name: &str) -> Option<String> {
    let mut rest = text.trim_start().strip_prefix('{')?;
    let mut depth = 0_usize;
    let mut key: Option<&str> = None;
    while let Some(at) = rest.find(['"', '{', '[', '}', ']', ',']) {
        let token = rest.as_bytes().get(at).copied()?;
        rest = rest.get(at + 1..)?;
        match token {
            b'"' => {
                let (string, after) = string(rest)?;
                rest = after;
                if depth > 0 {
                    continue;
                }
                if rest.trim_start().starts_with(':') {
                    key = Some(string);
                } else if key == Some(name) {
                    return unquote(&["\"", string, "\""].concat());
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => key = None,
            _ => {}
        }
    }
    None
}

/// Splits after the closing quote of a string whose opening one has been read.
fn string(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// `text` with line breaks and indentation; `None` unless it is an object or a list.
#[must_use]
pub fn pretty(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut printed = String::with_capacity(text.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if in_string {
            printed.push(c);
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                printed.push(c);
            }
            '{' | '[' => {
                printed.push(c);
                while characters
                    .next_if(|next| next.is_ascii_whitespace())
                    .is_some()
                {}
                if let Some(close) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    printed.push(close);
                } else {
                    depth += 1;
                    break_line(&mut printed, depth);
                }
            }
            '}' | ']' => {
                depth = depth.checked_sub(1)?;
                break_line(&mut printed, depth);
                printed.push(c);
            }
            ',' => {
                printed.push(c);
                break_line(&mut printed, depth);
            }
            ':' => printed.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => printed.push(c),
        }
        if depth > MAX_DEPTH {
            return None;
        }
    }
    (depth == 0 && !in_string).then_some(printed)
}

fn break_line(printed: &mut String, depth: usize) {
    printed.push('\n');
    for _ in 0..depth {
        printed.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_top_level_text_is_found_and_a_nested_one_is_not() {
        let frame =
            r#" {"a":{"action":"no"}, "b":["action"], "x\"":1, "action" : "send\"message"}"#;
        assert_eq!(member(frame, "action").as_deref(), Some("send\"message"));
        assert_eq!(member(frame, "b"), None);
        for junk in [
            "",
            "null",
            "[]",
            "{",
            "{\"action\"",
            "{\"action\":1,\"b\":\"c\"}",
            "}}}",
        ] {
            assert_eq!(member(junk, "action"), None, "{junk}");
        }
        assert_eq!(member(r#"{"x":"action","y":"z"}"#, "action"), None);
    }

    #[test]
    fn printing_changes_white_space_only() {
        let text = r#"{"a":[1,2.50,{}],"b":"x, {y}: \"z\"","b":[ ],"n":12345678901234567890}"#;
        let printed = pretty(text).unwrap();
        assert_eq!(
            printed,
            "{\n  \"a\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"b\": \"x, {y}: \\\"z\\\"\",\n  \"b\": [],\n  \"n\": 12345678901234567890\n}"
        );
        let squeezed = |text: &str| text.replace([' ', '\n'], "");
        assert_eq!(squeezed(&printed), squeezed(text));
    }

    #[test]
    fn what_is_not_a_whole_object_or_list_stays_as_it_came() {
        for text in ["", "hello", "12", "{\"a\":1", "{]}", "\"x\"", "[\"open"] {
            assert!(pretty(text).is_none_or(|printed| printed == text), "{text}");
        }
        assert_eq!(pretty(&"[".repeat(30_000)), None);
    }
}
