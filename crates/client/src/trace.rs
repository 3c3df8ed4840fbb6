//! What happened to a client, as text: a bug report that is a test case.
//!
//! A driver records every input; the export says neither who wrote nor what, and still takes the
//! core to the same state: [`replay`] checks that by [`crate::Client::state_hash`].
//!
//! One input a line, its fields parted by tabs: both clocks, a verb, what belongs to it.

mod fields;
mod record;
mod redact;
mod replay;

pub use replay::{TraceError, replay};

use crate::io::{Input, Now};
use crate::stored::Stretch;

/// What a trace begins with; the format's version follows.
pub const MAGIC: &str = "switchboard-trace";
const VERSION: &str = "1";

/// More than this is not kept: a day of lively chat, bytes.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Inputs are kept in blocks of so many, which nothing moves again.
const BLOCK: usize = 256;

/// A client's inputs from its making on. They become text only when it is exported: that takes more
/// code than an app loads before somebody asks for it.
#[derive(Debug)]
pub struct Trace {
    seed: u64,
    blocks: Vec<Vec<(Now, Input)>>,
    bytes: usize,
    most: usize,
    /// Inputs that came after it was full.
    left_out: u64,
}

impl Trace {
    /// The trace of a client made with this seed and the default configuration.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            blocks: Vec::new(),
            bytes: 0,
            most: MOST_BYTES,
            left_out: 0,
        }
    }

    /// Keeps an input, before the client gets it. At 2 MiB it keeps no more: what led to the
    /// present state would be incomplete without its beginning.
    pub fn record(&mut self, now: Now, input: &Input) {
        if self.bytes >= self.most {
            self.left_out += 1;
            return;
        }
        self.bytes += size_of::<(Now, Input)>() + texts(input);
        if self.blocks.last().is_none_or(|block| block.len() >= BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.push((now, input.clone()));
        }
    }

    /// The trace without names and texts, and the hash of the state it led to. Users become
    /// `u0001` and so on, texts keep their length and their equal words, nothing else.
    #[must_use]
    pub fn export(&self, state_hash: u64) -> String {
        let mut text = [MAGIC, "\t", VERSION, "\t", &self.seed.to_string(), "\n"].concat();
        let mut written = String::new();
        for (now, input) in self.blocks.iter().flatten() {
            record::write(&mut written, *now, input);
        }
        let lines: Vec<&str> = written.lines().collect();
        for line in redact::redact(&lines) {
            text.push_str(&line);
            text.push('\n');
        }
        if self.left_out == 0 {
            text.push_str(&["hash\t", &state_hash.to_string(), "\n"].concat());
        } else {
            text.push_str(&["left-out\t", &self.left_out.to_string(), "\n"].concat());
        }
        text
    }
}

/// Bytes of what people wrote in an input; the rest of it is small.
fn texts(input: &Input) -> usize {
    let of = |log: &Stretch| -> usize { log.messages.iter().map(|it| it.content.len()).sum() };
    match input {
        Input::Text(_, text) => text.len(),
        Input::Send { content, .. } => content.len(),
        Input::SignIn(_, restored) => restored.logs.iter().map(of).sum(),
        Input::Stored(log) => of(log),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_trace_counts_what_it_leaves_out() {
        let mut trace = Trace::new(1);
        trace.most = 5 * size_of::<(Now, Input)>();
        for _ in 0..9 {
            trace.record(Now::default(), &Input::TryNow);
        }
        let text = trace.export(0);
        assert_eq!(text.matches("trynow").count(), 5);
        assert!(text.ends_with("left-out\t4\n"), "{text}");
    }
}
