//! The frames that went over the wire: a bounded ring, filters, and `wscat` lines.

use std::collections::VecDeque;

use switchboard_client::Account;
use switchboard_protocol::PlatformFrame;

use super::json;
use crate::strings::join;

/// Most frames kept.
pub const MAX_FRAMES: usize = 500;
/// Most bytes of text kept, all frames together.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Longest text kept of one frame; its true size is kept beside it.
pub const MAX_FRAME_TEXT: usize = 64 * 1024;

/// Which way a frame went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From here to the server.
    Out,
    /// From the server to here.
    In,
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Counts up from 1 within a page's life.
    pub number: u64,
    /// Which way it went.
    pub direction: Direction,
    /// Milliseconds since the Unix epoch.
    pub at: u64,
    /// Its true size on the wire.
    pub bytes: usize,
    /// Its text, or the start of it.
    pub text: String,
}

impl Frame {
    /// The route (`action`) or the event it names.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let member = match self.direction {
            Direction::Out => "action",
            Direction::In => "event",
        };
        json::member(&self.text, member)
    }

    /// Whether it is the gateway's own error frame.
    #[must_use]
    pub fn is_platform_error(&self) -> bool {
        self.direction == Direction::In && PlatformFrame::parse(&self.text).is_some()
    }

    /// Whether only the start of its text was kept.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.text.len() < self.bytes
    }

    /// The frame as `wscat` has it: a command that sends it, or the line that shows it.
    #[must_use]
    pub fn wscat(&self, account: Option<&Account>) -> String {
        match self.direction {
            Direction::In => join(&["< ", &self.text]),
            Direction::Out => {
                let url = account.map(redacted_url).unwrap_or_default();
                join(&[
                    "wscat -c ",
                    &shell_quote(&url),
                    " -x ",
                    &shell_quote(&self.text),
                ])
            }
        }
    }
}

/// What of the frames is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// One direction only.
    pub direction: Option<Direction>,
    /// In the route, event or text; ASCII letters match in either case.
    pub needle: String,
}

impl Filter {
    /// Whether the filter shows `frame`.
    #[must_use]
    pub fn shows(&self, frame: &Frame) -> bool {
        self.direction
            .is_none_or(|wanted| wanted == frame.direction)
            && (self.needle.is_empty() || {
                let needle = self.needle.to_ascii_lowercase();
                let has = |text: &str| text.to_ascii_lowercase().contains(&needle);
                frame.name().as_deref().is_some_and(has) || has(&frame.text)
            })
    }
}

/// The newest frames, within [`MAX_FRAMES`] and [`MAX_BYTES`].
#[derive(Debug, Default)]
pub struct Inspector {
    frames: VecDeque<Frame>,
    bytes: usize,
    last: u64,
}

impl Inspector {
    /// Keeps a frame, and forgets the oldest past the bounds.
    pub fn record(&mut self, direction: Direction, at: u64, text: &str) {
        self.last += 1;
        let frame = Frame {
            number: self.last,
            direction,
            at,
            bytes: text.len(),
            text: text[..text.floor_char_boundary(MAX_FRAME_TEXT)].to_owned(),
        };
        self.bytes += frame.text.len();
        self.frames.push_back(frame);
        while self.frames.len() > MAX_FRAMES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.frames.pop_front() else {
                break;
            };
            self.bytes -= oldest.text.len();
        }
    }

    /// Forgets every frame.
    pub fn clear(&mut self) {
        self.frames.clear();
        self.bytes = 0;
    }

    /// The frames, oldest first.
    pub fn frames(&self) -> impl DoubleEndedIterator<Item = &Frame> {
        self.frames.iter()
    }

    /// The frame of this number, if it is still kept.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&Frame> {
        let first = self.frames.front()?.number;
        self.frames
            .get(usize::try_from(number.checked_sub(first)?).ok()?)
    }
}

/// The URL with the values of all parameters but the user's hidden: they may be tickets.
fn redacted_url(account: &Account) -> String {
    let mut shown = account.clone();
    if let Some((path, query)) = account.endpoint.split_once('?') {
        let names: Vec<String> = query
            .split('&')
            .map(|pair| join(&[pair.split('=').next().unwrap_or_default(), "=REDACTED"]))
            .collect();
        shown.endpoint = join(&[path, "?", &names.join("&")]);
    }
    // `user:password@` before the host.
    if let Some((scheme, rest)) = shown.endpoint.clone().split_once("://") {
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if let Some((_, host)) = authority.rsplit_once('@') {
            shown.endpoint = join(&[scheme, "://", host, &rest[authority.len()..]]);
        }
    }
    for (_, value) in &mut shown.query {
        "REDACTED".clone_into(value);
    }
    shown.url(None)
}

/// `text` as one word of a POSIX shell; with control characters, of bash or zsh.
fn shell_quote(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return join(&["'", &text.replace('\'', r"'\''"), "'"]);
    }
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut quoted = String::from("$'");
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str(r"\'"),
            '\\' => quoted.push_str(r"\\"),
            '\n' => quoted.push_str(r"\n"),
            c if c.is_control() => {
                let code = u32::from(c);
                quoted.push_str(r"\u00");
                for shift in [4, 0] {
                    quoted.push(char::from(
                        HEX[usize::try_from(code >> shift & 15).unwrap_or(0)],
                    ));
                }
            }
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_protocol::{Profile, UserId};

    fn account() -> Account {
        Account {
            endpoint: "wss://u:p@h/dev?key=secret".to_owned(),
            user: UserId::try_from("ana").unwrap(),
            profile: Profile::own(),
            query: vec![("ticket".to_owned(), "secret".to_owned())],
            tickets: None,
            device: String::new(),
            tab: String::new(),
        }
    }

    #[test]
    fn the_ring_stays_within_its_bounds() {
        let mut ring = Inspector::default();
        for _ in 0..MAX_FRAMES + 20 {
            ring.record(Direction::Out, 0, "x");
        }
        assert_eq!(ring.frames().count(), MAX_FRAMES);
        assert!(ring.get(20).is_none());
        assert_eq!(ring.get(21).map(|frame| frame.number), Some(21));
        let big = "é".repeat(MAX_FRAME_TEXT);
        for _ in 0..100 {
            ring.record(Direction::In, 0, &big);
        }
        let newest = ring.frames().next_back().unwrap();
        assert!(newest.is_cut());
        assert_eq!(
            (newest.bytes, newest.text.len()),
            (2 * MAX_FRAME_TEXT, MAX_FRAME_TEXT)
        );
        assert!(ring.frames().map(|frame| frame.text.len()).sum::<usize>() <= MAX_BYTES);
        ring.clear();
        assert_eq!(ring.frames().count(), 0);
        ring.record(Direction::Out, 0, "x");
        assert_eq!(ring.frames().count(), 1);
    }

    #[test]
    fn frames_are_named_and_the_platforms_errors_marked() {
        let mut ring = Inspector::default();
        ring.record(Direction::Out, 1, r#"{"action":"ping","n":1}"#);
        ring.record(
            Direction::In,
            2,
            r#"{"message":"Forbidden","connectionId":"a=","requestId":"b="}"#,
        );
        ring.record(Direction::In, 3, r#"{"event":"pong","n":1}"#);
        let names: Vec<_> = ring
            .frames()
            .map(|frame| (frame.name(), frame.is_platform_error()))
            .collect();
        assert_eq!(
            names,
            [
                (Some("ping".to_owned()), false),
                (None, true),
                (Some("pong".to_owned()), false)
            ]
        );
        let shown = |direction, needle: &str| -> Vec<u64> {
            let filter = Filter {
                direction,
                needle: needle.to_owned(),
            };
            ring.frames()
                .filter(|frame| filter.shows(frame))
                .map(|frame| frame.number)
                .collect()
        };
        assert_eq!(shown(None, ""), [1, 2, 3]);
        assert_eq!(shown(Some(Direction::In), ""), [2, 3]);
        assert_eq!(shown(None, "FORBID"), [2]);
        assert!(shown(Some(Direction::Out), "pong").is_empty());
    }

    #[test]
    fn a_wscat_line_is_quoted_and_tells_no_secret() {
        let mut ring = Inspector::default();
        ring.record(Direction::Out, 0, r#"{"action":"x","t":"it's"}"#);
        ring.record(Direction::Out, 0, "a\n\u{1b}'b\\");
        ring.record(Direction::In, 0, "hello");
        let line = |number| ring.get(number).unwrap().wscat(Some(&account()));
        assert_eq!(
            line(1),
            r#"wscat -c 'wss://h/dev?key=REDACTED&userId=ana&ticket=REDACTED' -x '{"action":"x","t":"it'\''s"}'"#
        );
        assert!(line(2).ends_with(r"-x $'a\n\u001b\'b\\'"));
        assert_eq!(line(3), "< hello");
    }
}
