//! Signature Version 4 of requests from AWS's own tools, checked where keys are configured.
//!
//! Only what these tools send: the `Authorization` header over the whole body. The steps and their names
//! are those of AWS's documentation (*Create a signed AWS API request*).

use std::{collections::BTreeMap, fmt, fmt::Write};

use axum::http::{HeaderMap, StatusCode, Uri, header};
use hmac::{Hmac, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::calendar;

/// How far a request's time may be from ours, ms.
const SKEW_MS: u64 = 5 * 60 * 1000;
/// What stands unencoded in canonical form.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// The one pair of keys that may sign.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// `AWS_ACCESS_KEY_ID`.
    pub id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret: String,
}

/// Without the secret.
impl fmt::Debug for AccessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("AccessKey").field(&self.id).finish()
    }
}

/// Why a request is not believed: the status is 403.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Unsigned,
    Incomplete,
    UnknownKey,
    OtherTime,
    NoMatch,
}

impl Refused {
    pub(crate) const STATUS: StatusCode = StatusCode::FORBIDDEN;

    /// The error's type and its sentence.
    pub(crate) const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Unsigned => (
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            ),
            Self::Incomplete => (
                "IncompleteSignatureException",
                "The Authorization header is not whole.",
            ),
            Self::UnknownKey => (
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            ),
            Self::OtherTime => (
                "InvalidSignatureException",
                "Signature expired: the clocks are more than five minutes apart.",
            ),
            Self::NoMatch => (
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. \
                 Check your AWS Secret Access Key and signing method. Consult the service \
                 documentation for details.",
            ),
        }
    }
}

/// What of a request is signed.
#[derive(Debug)]
pub(crate) struct Signed<'request> {
    pub(crate) method: &'request str,
    pub(crate) uri: &'request Uri,
    pub(crate) headers: &'request HeaderMap,
    pub(crate) body: &'request [u8],
}

impl Signed<'_> {
    /// Whether the key has signed this for `service`, not long ago.
    pub(crate) fn check(&self, key: &AccessKey, service: &str, now: u64) -> Result<(), Refused> {
        let authorization = self.headers.get(header::AUTHORIZATION);
        let authorization = authorization.ok_or(Refused::Unsigned)?.to_str();
        let authorization = Authorization::parse(authorization.map_err(|_| Refused::Incomplete)?)?;
        if authorization.id != key.id {
            return Err(Refused::UnknownKey);
        }
        let time = self.header("x-amz-date").ok_or(Refused::Incomplete)?;
        let near = [now.saturating_sub(SKEW_MS), now, now + SKEW_MS];
        let sent = calendar::basic_ms(&time).ok_or(Refused::Incomplete)?;
        if !(near[0]..=near[2]).contains(&sent) {
            return Err(Refused::OtherTime);
        }
        let signs = |name: &str| authorization.headers.contains(&name);
        let [date, region, named, "aws4_request"] = authorization.scope[..] else {
            return Err(Refused::Incomplete);
        };
        if named != service || !time.starts_with(date) || !signs("host") || !signs("x-amz-date") {
            return Err(Refused::NoMatch);
        }
        let canonical = self
            .canonical(&authorization.headers)
            .ok_or(Refused::NoMatch)?;
        let scope = authorization.scope.join("/");
        let hash = hex(&Sha256::digest(canonical));
        let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hash}");
        let mut signing = format!("AWS4{}", key.secret).into_bytes();
        for part in [date, region, service, "aws4_request"] {
            signing = mac(&signing, part).finalize().into_bytes().to_vec();
        }
        mac(&signing, &to_sign)
            .verify_slice(&authorization.signature)
            .map_err(|_| Refused::NoMatch)
    }

    fn canonical(&self, signed: &[&str]) -> Option<String> {
        let mut text = format!(
            "{}\n{}\n{}\n",
            self.method,
            utf8_percent_encode(self.uri.path(), PATH),
            query(self.uri.query().unwrap_or_default()),
        );
        for name in signed {
            let _ = writeln!(text, "{name}:{}", self.header(name)?);
        }
        let _ = write!(
            text,
            "\n{}\n{}",
            signed.join(";"),
            hex(&Sha256::digest(self.body))
        );
        Some(text)
    }

    /// A header's values in canonical form: trimmed, joined, runs of spaces as one.
    fn header(&self, name: &str) -> Option<String> {
        let mut values = self.headers.get_all(name).iter().peekable();
        values.peek()?;
        let words = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
        let values: Option<Vec<_>> = values.map(|value| value.to_str().ok().map(words)).collect();
        values.map(|values| values.join(","))
    }
}

struct Authorization<'text> {
    id: &'text str,
    /// Date, region, service, `aws4_request`.
    scope: Vec<&'text str>,
    headers: Vec<&'text str>,
    signature: Vec<u8>,
}

impl<'text> Authorization<'text> {
    fn parse(text: &'text str) -> Result<Self, Refused> {
        let fields = text
            .strip_prefix("AWS4-HMAC-SHA256")
            .ok_or(Refused::Incomplete)?;
        let fields: BTreeMap<_, _> = fields
            .split(',')
            .filter_map(|field| field.trim().split_once('='))
            .collect();
        let field = |name| fields.get(name).copied().ok_or(Refused::Incomplete);
        let (id, scope) = field("Credential")?
            .split_once('/')
            .ok_or(Refused::Incomplete)?;
        Ok(Self {
            id,
            scope: scope.split('/').collect(),
            headers: field("SignedHeaders")?.split(';').collect(),
            signature: unhex(field("Signature")?).ok_or(Refused::Incomplete)?,
        })
    }
}

/// Names and values encoded anew, and in order.
fn query(query: &str) -> String {
    let encoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8_lossy();
        utf8_percent_encode(&text, UNRESERVED).to_string()
    };
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encoded(name), encoded(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<_> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

fn mac(key: &[u8], text: &str) -> Hmac<Sha256> {
    // A key of any length will do.
    #[expect(clippy::expect_used, reason = "HMAC refuses no length of key")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    /// Of AWS's suite of examples for implementers: its key, its time, its requests.
    const NOW: u64 = 1_440_938_160_000;

    fn key() -> AccessKey {
        AccessKey {
            id: "AKIDEXAMPLE".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        }
    }

    fn check(uri: &str, headers: &[(&'static str, &str)], now: u64) -> Result<(), Refused> {
        let uri: Uri = uri.parse().expect("a URI");
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let value = HeaderValue::from_str(value).expect("a value");
                (HeaderName::from_static(name), value)
            })
            .collect();
        let signed = Signed {
            method: "GET",
            uri: &uri,
            headers: &headers,
            body: b"",
        };
        signed.check(&key(), "service", now)
    }

    fn authorization(signature: &str) -> String {
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={signature}"
        )
    }

    #[test]
    fn the_examples_of_aws_are_believed_and_nothing_near_them() {
        const VANILLA: &str = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
        const ORDERED: &str = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
        let host = ("host", "example.amazonaws.com");
        let date = ("x-amz-date", "20150830T123600Z");
        let vanilla = authorization(VANILLA);
        let ordered = authorization(ORDERED);
        let by = |authorization: &'static str| ("authorization", authorization);
        let vanilla = by(vanilla.leak());
        let ordered = by(ordered.leak());
        assert_eq!(check("/", &[host, date, vanilla], NOW), Ok(()));
        let query = "/?Param2=value2&Param1=value1";
        assert_eq!(check(query, &[host, date, ordered], NOW), Ok(()));
        for (uri, headers, now, refused) in [
            ("/", vec![host, date], NOW, Refused::Unsigned),
            ("/", vec![host, vanilla], NOW, Refused::Incomplete),
            ("/x", vec![host, date, vanilla], NOW, Refused::NoMatch),
            ("/?x", vec![host, date, vanilla], NOW, Refused::NoMatch),
            (
                "/",
                vec![("host", "other"), date, vanilla],
                NOW,
                Refused::NoMatch,
            ),
            ("/", vec![date, vanilla], NOW, Refused::NoMatch),
            (
                "/",
                vec![host, date, vanilla],
                NOW + SKEW_MS + 1,
                Refused::OtherTime,
            ),
            (
                "/",
                vec![host, date, vanilla],
                NOW - SKEW_MS - 1,
                Refused::OtherTime,
            ),
            (
                "/",
                vec![host, date, by("Bearer x")],
                NOW,
                Refused::Incomplete,
            ),
            (
                "/",
                vec![host, date, by("AWS4-HMAC-SHA256 Credential=a")],
                NOW,
                Refused::Incomplete,
            ),
        ] {
            assert_eq!(check(uri, &headers, now), Err(refused), "{uri} {headers:?}");
        }
        let stranger = vanilla.1.replace("AKIDEXAMPLE", "AKIDSTRANGE");
        let stranger = by(stranger.leak());
        assert_eq!(
            check("/", &[host, date, stranger], NOW),
            Err(Refused::UnknownKey)
        );
        let unsigned = vanilla.1.replace("host;x-amz-date", "x-amz-date");
        let unsigned = by(unsigned.leak());
        assert_eq!(
            check("/", &[host, date, unsigned], NOW),
            Err(Refused::NoMatch)
        );
    }
}
