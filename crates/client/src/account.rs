//! Who signs in where, and the URL that follows from it.

use std::fmt;

use switchboard_protocol::limits::MAX_URL_CHARS;
use switchboard_protocol::{Profile, UserId};

/// Who signs in, where, and how to talk there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// `ws://` or `wss://`, host and stage, as [`endpoint`] made it; or [`DEMO`].
    pub endpoint: String,
    /// The user. Profiles without identity use it as a local name only.
    pub user: UserId,
    /// The wire profile.
    pub profile: &'static Profile,
    /// Further query parameters for the handshake (a token, say), in order.
    pub query: Vec<(String, String)>,
    /// Where a ticket is fetched before each handshake; none where `userId` alone is believed.
    pub tickets: Option<String>,
    /// Names the browser profile.
    pub device: String,
    /// Names the tab.
    pub tab: String,
}

impl Account {
    /// Whether a worker of the page plays the server.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.endpoint == DEMO
    }

    /// The URL to open: the endpoint with identity, further parameters and the ticket, if any.
    #[must_use]
    pub fn url(&self, ticket: Option<&str>) -> String {
        let mut url = self.endpoint.clone();
        let mut separator = if url.contains('?') { '&' } else { '?' };
        let identity = self.profile.identity.map(|name| (name, self.user.as_str()));
        let further = self
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let ticket = ticket.map(|ticket| ("ticket", ticket));
        for (name, value) in identity.into_iter().chain(further).chain(ticket) {
            url.push(separator);
            url.push_str(&percent_encode(name));
            url.push('=');
            url.push_str(&percent_encode(value));
            separator = '&';
        }
        url
    }
}

/// Why a typed URL cannot be opened; shown beside the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointError {
    /// Nothing was typed.
    Empty,
    /// Neither `ws://`, `wss://` nor a path on this site.
    Scheme,
    /// No host after the scheme.
    NoHost,
    /// A part of the host or port that no browser accepts.
    BadHost,
    /// White space or a control character inside.
    BadCharacter,
    /// A `#fragment`, which WebSocket URLs may not have.
    Fragment,
    /// `ws://` from a page loaded over `https://`: browsers block it.
    Insecure,
    /// Longer than API Gateway's 4,096 characters.
    TooLong,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "no URL",
            Self::Scheme => "the URL does not start with wss:// or ws://",
            Self::NoHost => "the URL names no host",
            Self::BadHost => "the URL's host or port is malformed",
            Self::BadCharacter => "the URL has a space or a control character",
            Self::Fragment => "the URL has a #fragment",
            Self::Insecure => "a page loaded over https may not open ws://",
            Self::TooLong => "the URL is longer than 4,096 characters",
        })
    }
}

impl std::error::Error for EndpointError {}

/// The endpoint of the demo: no server, a worker of the page plays it.
pub const DEMO: &str = "demo:";

/// Makes the endpoint from what a person typed or `config.json` holds.
///
/// `typed` is a `ws://` or `wss://` URL, an `http(s)://` one (read as its WebSocket twin), or a
/// path such as `/dev` on the page's own host. `origin` is the page's, e.g. `https://chat.example`.
///
/// # Errors
/// Every variant of [`EndpointError`], each for the reason it names.
pub fn endpoint(typed: &str, origin: &str) -> Result<String, EndpointError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(EndpointError::Empty);
    }
    if typed == DEMO {
        return Ok(typed.to_owned());
    }
    if typed.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(EndpointError::BadCharacter);
    }
    if typed.contains('#') {
        return Err(EndpointError::Fragment);
    }
    let whole = if typed.starts_with('/') && !typed.starts_with("//") {
        [origin, typed].concat()
    } else {
        typed.to_owned()
    };
    let (scheme, rest) = whole.split_once("://").ok_or(EndpointError::Scheme)?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "ws" | "http" => "ws",
        "wss" | "https" => "wss",
        _ => return Err(EndpointError::Scheme),
    };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    check_host(host)?;
    if scheme == "ws" && origin.starts_with("https:") && !is_loopback(host) {
        return Err(EndpointError::Insecure);
    }
    if whole.chars().count() > MAX_URL_CHARS {
        return Err(EndpointError::TooLong);
    }
    Ok([scheme, "://", rest].concat())
}

/// Refuses what makes the `WebSocket` constructor throw, so that the reason can be shown.
fn check_host(authority: &str) -> Result<(), EndpointError> {
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let (name, port) = match host.strip_prefix('[') {
        Some(v6) => {
            let (name, after) = v6.split_once(']').ok_or(EndpointError::BadHost)?;
            (name, after.strip_prefix(':'))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, None),
        },
    };
    if name.is_empty() {
        return Err(EndpointError::NoHost);
    }
    let forbidden = |c: char| {
        matches!(
            c,
            '<' | '>' | '^' | '|' | '%' | '\\' | '"' | '`' | '{' | '}' | '[' | ']'
        )
    };
    if name.chars().any(forbidden) || port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(EndpointError::BadHost);
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// RFC 3986 percent encoding of everything but unreserved characters.
fn percent_encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_url_becomes_an_endpoint() {
        let page = "http://127.0.0.1:8787";
        for (typed, expected) in [
            ("/dev", "ws://127.0.0.1:8787/dev"),
            (
                " wss://abc.execute-api.eu-west-1.amazonaws.com/prod ",
                "wss://abc.execute-api.eu-west-1.amazonaws.com/prod",
            ),
            ("https://abc.example/prod", "wss://abc.example/prod"),
            ("WSS://abc.example", "wss://abc.example"),
            ("ws://[::1]:8787/dev?a=b", "ws://[::1]:8787/dev?a=b"),
            (" demo: ", "demo:"),
        ] {
            assert_eq!(endpoint(typed, page).as_deref(), Ok(expected), "{typed}");
        }
        assert_eq!(
            endpoint("/prod", "https://chat.example").as_deref(),
            Ok("wss://chat.example/prod")
        );
    }

    #[test]
    fn a_bad_url_is_explained() {
        use EndpointError as E;
        for (typed, error) in [
            ("", E::Empty),
            ("   ", E::Empty),
            ("dev", E::Scheme),
            ("//host/dev", E::Scheme),
            ("ftp://host/dev", E::Scheme),
            ("javascript:alert(1)", E::Scheme),
            ("demo:x", E::Scheme),
            ("wss://", E::NoHost),
            ("wss:///dev", E::NoHost),
            ("wss://host:port/dev", E::BadHost),
            ("wss://host:99999/dev", E::BadHost),
            ("wss://ho<st/dev", E::BadHost),
            ("wss://[::1/dev", E::BadHost),
            ("wss://ho st/dev", E::BadCharacter),
            ("wss://host/dev#part", E::Fragment),
        ] {
            assert_eq!(endpoint(typed, "http://localhost"), Err(error), "{typed}");
        }
        let page = "https://chat.example";
        assert_eq!(endpoint("ws://abc.example/dev", page), Err(E::Insecure));
        assert!(endpoint("ws://localhost:8787/dev", page).is_ok());
        assert_eq!(
            endpoint(&format!("wss://h/{}", "x".repeat(4096)), page),
            Err(E::TooLong)
        );
    }

    #[test]
    fn the_identity_and_further_parameters_are_encoded() {
        let account = |profile: &str| Account {
            endpoint: "wss://h/dev".to_owned(),
            user: UserId::try_from("Ana & Bo/é").unwrap(),
            profile: Profile::named(profile).unwrap(),
            query: vec![("token".to_owned(), "a=b+c".to_owned())],
            tickets: None,
            device: String::new(),
            tab: String::new(),
        };
        assert_eq!(
            account("s2").url(None),
            "wss://h/dev?userId=Ana%20%26%20Bo%2F%C3%A9&token=a%3Db%2Bc"
        );
        assert_eq!(
            account("s5").url(Some("t")),
            "wss://h/dev?token=a%3Db%2Bc&ticket=t"
        );
    }
}
