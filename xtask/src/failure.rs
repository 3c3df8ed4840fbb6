//! The one error: a sentence that says what happened, to what, and what to do.

use std::{fmt, io, path::Path};

/// Why a command stopped. `main` prints it after `error: ` and ends with its code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    sentence: String,
    code: u8,
    another_try_helps: bool,
}

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            code: 1,
            another_try_helps: true,
        }
    }

    /// No network: whatever needs one fails alike.
    pub(crate) fn offline(what: &str) -> Self {
        Self {
            another_try_helps: false,
            ..Self::new(format!(
                "no network: {what} needs a download that could not be made; connect (or set the \
                 proxy variables) and run the same command again, it goes on where it stopped."
            ))
        }
    }

    /// The person stopped it: nothing to explain, the shell's own code for an interrupt.
    pub(crate) fn interrupted() -> Self {
        Self {
            sentence: "stopped by Ctrl-C.".to_owned(),
            code: 130,
            another_try_helps: false,
        }
    }

    /// A file or folder that could not be read or written.
    pub(crate) fn file(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self::new(format!("could not {verb} {}: {error}.", path.display()))
    }

    /// The same, with `details` on the lines below it.
    pub(crate) fn followed_by(self, details: &str) -> Self {
        Self {
            sentence: format!("{}\n{details}", self.sentence),
            ..self
        }
    }

    /// Whether another way to the same end may still work.
    pub(crate) fn another_try_helps(&self) -> bool {
        self.another_try_helps
    }

    pub(crate) fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}
