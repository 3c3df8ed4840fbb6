//! The parser: a text to a value, and nothing else.

/// Deepest nesting read: a frame needs four, and each level is a call on the stack.
const MAX_DEPTH: u32 = 127;

/// A JSON value. Fields keep their order, and a repeated name all its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number written as a whole one from 0 to 2⁶⁴ − 1.
    Number(u64),
    /// Any other number. The protocol has none, so its value is not kept.
    OtherNumber,
    /// A string, its escapes resolved.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Fields(Vec<(String, Value)>),
}

impl Value {
    /// Reads `text`; `None` unless it is one JSON value as RFC 8259 has it, whose strings are
    /// Unicode and which is at most 127 deep.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader {
            text,
            at: 0,
            depth: 0,
        };
        let value = reader.value()?;
        reader.blanks();
        (reader.at == text.len()).then_some(value)
    }
}

struct Reader<'a> {
    text: &'a str,
    /// In bytes; always at the start of a character when a part of `text` is copied.
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// Whether the next byte is `byte`, which is then passed.
    fn passes(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.at += 1;
        }
        there
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.blanks();
        match self.next()? {
            b'{' => self.nested(b'}'),
            b'[' => self.nested(b']'),
            b'"' => self.string().map(Value::Text),
            b't' => self.word("rue", Value::Flag(true)),
            b'f' => self.word("alse", Value::Flag(false)),
            b'n' => self.word("ull", Value::Null),
            first => self.number(first),
        }
    }

    fn word(&mut self, rest: &str, value: Value) -> Option<Value> {
        for byte in rest.bytes() {
            if !self.passes(byte) {
                return None;
            }
        }
        Some(value)
    }

    /// What follows `{` or `[`, to `close`.
    fn nested(&mut self, close: u8) -> Option<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let (mut fields, mut list) = (Vec::new(), Vec::new());
        self.blanks();
        if !self.passes(close) {
            loop {
                if close == b'}' {
                    self.blanks();
                    if !self.passes(b'"') {
                        return None;
                    }
                    let name = self.string()?;
                    self.blanks();
                    if !self.passes(b':') {
                        return None;
                    }
                    fields.push((name, self.value()?));
                } else {
                    list.push(self.value()?);
                }
                self.blanks();
                match self.next()? {
                    b',' => {}
                    byte if byte == close => break,
                    _ => return None,
                }
            }
        }
        self.depth -= 1;
        Some(if close == b'}' {
            Value::Fields(fields)
        } else {
            Value::List(list)
        })
    }

    /// What follows `"`, to the closing one.
    fn string(&mut self) -> Option<String> {
        let mut string = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            string.push_str(self.text.get(start..self.at)?);
            match self.next()? {
                b'"' => return Some(string),
                b'\\' => string.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    /// What follows `\`.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                // Half of a pair without the other half is no character.
                let code = if let 0xd800..0xdc00 = unit {
                    if !(self.passes(b'\\') && self.passes(b'u')) {
                        return None;
                    }
                    let low = self.unit()?.checked_sub(0xdc00)?;
                    if low > 0x3ff {
                        return None;
                    }
                    0x1_0000 + ((unit - 0xd800) << 10) + low
                } else {
                    unit
                };
                return char::from_u32(code);
            }
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit << 4 | char::from(self.next()?).to_digit(16)?;
        }
        Some(unit)
    }

    /// A number that begins with `first`.
    fn number(&mut self, first: u8) -> Option<Value> {
        let (negative, first) = match first {
            b'-' => (true, self.next()?),
            first => (false, first),
        };
        // The value while it is a whole one that fits.
        let mut whole = Some(u64::from(digit(first)?));
        if first != b'0' {
            while let Some(digit) = self.peek().and_then(digit) {
                self.at += 1;
                whole = whole.and_then(|n| n.checked_mul(10)?.checked_add(u64::from(digit)));
            }
        }
        if negative {
            whole = None;
        }
        if self.passes(b'.') {
            whole = None;
            self.digits()?;
        }
        if self.passes(b'e') || self.passes(b'E') {
            whole = None;
            if !self.passes(b'+') {
                self.passes(b'-');
            }
            self.digits()?;
        }
        Some(whole.map_or(Value::OtherNumber, Value::Number))
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<()> {
        digit(self.next()?)?;
        while self.peek().and_then(digit).is_some() {
            self.at += 1;
        }
        Some(())
    }
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}
