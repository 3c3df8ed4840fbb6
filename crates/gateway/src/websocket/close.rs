//! Why a connection ends: close codes and reasons as the platform gives and records them.

use bytes::BufMut;

/// A close code with its reason, as in a close frame or a `$disconnect` event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Close {
    pub(crate) code: u16,
    pub(crate) reason: String,
}

/// What a client did that ends its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Violation {
    /// It broke RFC 6455: the rule it broke.
    Protocol(&'static str),
    /// It sent a binary message.
    Binary,
    /// Its text is not UTF-8.
    Encoding,
    /// A frame is larger than the limit.
    FrameTooBig,
    /// A message is larger than the limit.
    MessageTooBig,
}

impl Close {
    /// Idle for ten minutes, open for two hours, or the gateway stops.
    pub(crate) fn going_away() -> Self {
        Self::new(1001, "Going away")
    }

    /// `DELETE @connections`.
    pub(crate) fn deleted() -> Self {
        Self::new(1000, "Connection Closed Normally")
    }

    /// The TCP connection ended without a close frame.
    pub(crate) fn lost() -> Self {
        Self::new(1006, "")
    }

    pub(crate) fn new(code: u16, reason: &str) -> Self {
        Self {
            code,
            reason: reason.to_owned(),
        }
    }

    /// Reads the payload of a client's close frame, in the words of the `$disconnect` event.
    pub(crate) fn parse(payload: &[u8]) -> Result<Self, Violation> {
        match payload {
            [] => Ok(Self::new(1005, "Client-side close frame status not set")),
            [_] => Err(Violation::Protocol("a close frame holds half a code")),
            [high, low, reason @ ..] => {
                let code = u16::from_be_bytes([*high, *low]);
                if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                    return Err(Violation::Protocol("a close code that may not be sent"));
                }
                let reason = std::str::from_utf8(reason).map_err(|_| Violation::Encoding)?;
                Ok(Self::new(code, reason))
            }
        }
    }

    /// The payload of the close frame that says this; 1005 and 1006 are never on the wire.
    pub(crate) fn payload(&self) -> Vec<u8> {
        let mut payload = Vec::new();
        if !matches!(self.code, 1005 | 1006) {
            payload.put_u16(self.code);
            payload.extend_from_slice(self.reason.as_bytes());
        }
        payload
    }
}

impl From<Violation> for Close {
    fn from(violation: Violation) -> Self {
        match violation {
            Violation::Protocol(rule) => Self::new(1002, rule),
            Violation::Binary => Self::new(1003, "Binary messages are not supported"),
            Violation::Encoding => Self::new(1007, "Text is not UTF-8"),
            Violation::FrameTooBig => Self::new(1009, "Frame is too big"),
            Violation::MessageTooBig => Self::new(1009, "Message is too big"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Close, Violation};

    #[test]
    fn an_own_close_frame_reads_back() {
        let close = Close::new(4001, "bye");
        assert_eq!(Close::parse(&close.payload()), Ok(close));
    }

    #[test]
    fn codes_that_may_not_be_sent_are_protocol_errors() {
        for code in [0_u16, 999, 1004, 1005, 1006, 1015, 2999, 5000] {
            assert!(
                matches!(
                    Close::parse(&code.to_be_bytes()),
                    Err(Violation::Protocol(_))
                ),
                "{code}"
            );
        }
        assert_eq!(Close::parse(&[3, 232, 0xff]), Err(Violation::Encoding));
    }
}
