//! Connection, request and message ids in the platform's own form.
//!
//! All three are 11 bytes in URL-safe base64 with its `=`. The ninth byte is 2 in connection
//! and message ids and 5 in request ids; a message id ends in the last four bytes of its
//! connection id (13 recorded samples, reference §2.6).

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE};

const LENGTH: usize = 11;
const KIND: usize = 8;
const TAIL: usize = LENGTH - 4;
const CONNECTION: u8 = 2;
const REQUEST: u8 = 5;

/// The id of one connection: `^[A-Za-z0-9_-]{15}=$`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(Arc<str>);

impl ConnectionId {
    /// A new random id.
    #[must_use]
    pub fn random() -> Self {
        Self(encode(CONNECTION, None).into())
    }

    /// Reads an id; `None` if it is not of the platform's form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_suffix('=')?;
        let well_formed = body.len() == 15
            && body
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        well_formed.then(|| Self(text.into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A new id for a message that came over this connection.
    #[must_use]
    pub(crate) fn message_id(&self) -> String {
        let bytes = URL_SAFE.decode(self.as_str()).unwrap_or_default();
        let tail = bytes.get(TAIL..).and_then(|tail| tail.try_into().ok());
        encode(CONNECTION, tail)
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for ConnectionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A new random request id.
#[must_use]
pub(crate) fn request_id() -> String {
    encode(REQUEST, None)
}

/// A new random UUID (version 4), as in `x-amzn-requestid` and SQS message ids.
#[must_use]
pub(crate) fn uuid() -> String {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    let value = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{value:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// A trace id as the platform adds it to a request that began at `ms` since the Unix epoch.
#[must_use]
pub(crate) fn trace_id(ms: u64) -> String {
    let random = uuid().replace('-', "");
    format!("Root=1-{:08x}-{}", ms / 1000, &random[..24])
}

/// A random number of the operating system.
#[must_use]
pub(crate) fn random() -> u64 {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    u64::from_be_bytes(bytes)
}

fn encode(kind: u8, tail: Option<[u8; 4]>) -> String {
    let mut bytes = [0; LENGTH];
    fill(&mut bytes);
    bytes[KIND] = kind;
    if let Some(tail) = tail {
        bytes[TAIL..].copy_from_slice(&tail);
    }
    URL_SAFE.encode(bytes)
}

/// Without the operating system's randomness there are no unguessable ids: better no gateway.
fn fill(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        tracing::error!(%error, "the operating system gives no random numbers");
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::{ConnectionId, KIND, request_id, uuid};
    use base64::{Engine, engine::general_purpose::URL_SAFE};

    #[test]
    fn ids_have_the_recorded_form() {
        let connection = ConnectionId::random();
        assert!(ConnectionId::parse(connection.as_str()).is_some());
        let bytes = |id: &str| URL_SAFE.decode(id).expect("base64");
        assert_eq!(bytes(connection.as_str())[KIND], 2);
        assert_eq!(bytes(&request_id())[KIND], 5);
        let message = connection.message_id();
        assert_ne!(message, connection.as_str());
        assert_eq!(bytes(&message)[7..], bytes(connection.as_str())[7..]);
    }

    #[test]
    fn malformed_ids_are_told_from_unknown_ones() {
        for good in ["BFaT_fALIAMCKug=", "JC1dgf9yoAMCK-g="] {
            assert!(ConnectionId::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "=",
            "WDGT8fY4joECJrQ=test",
            "BFaT_fALIAMCKug",
            "BFaT/fALIAMCKug=",
        ] {
            assert!(ConnectionId::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_uuid_is_of_version_four() {
        let uuid = uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!(["8", "9", "a", "b"].contains(&&uuid[19..20]), "{uuid}");
    }
}
