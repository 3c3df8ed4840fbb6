//! Who may use the gateway from a browser: the `Origin` and `Host` checks.
//!
//! The platform checks no origin and is guarded by names and certificates. A gateway on
//! 127.0.0.1 is reachable from every page the person opens, so it must check.

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use axum::http::{HeaderMap, header};

/// An origin given with `--allow-origin`, or `*` for every one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin(String);

impl FromStr for AllowedOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let origin = text.trim_end_matches('/').to_ascii_lowercase();
        let path_free = origin.split_once("://").is_some_and(|(scheme, host)| {
            !scheme.is_empty() && !host.is_empty() && !host.contains('/')
        });
        if path_free || origin == "*" || origin == "null" {
            Ok(Self(origin))
        } else {
            Err("write an origin as https://host[:port], or * for every one".to_owned())
        }
    }
}

/// The rules for one listening address.
#[derive(Clone, Debug)]
pub(crate) struct OriginRules {
    pub(crate) allowed: Vec<AllowedOrigin>,
    /// The gateway listens on a loopback address.
    pub(crate) loopback: bool,
}

impl OriginRules {
    /// Whether a request with these headers may use the API.
    ///
    /// On loopback a name that is not this machine's is refused even where it names itself as
    /// its origin: that is how a rebound DNS name looks.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST).unwrap_or_default().to_ascii_lowercase();
        let local_host = !self.loopback || is_literal(&host) || is_loopback(&host);
        match (headers.contains_key(header::ORIGIN), text(header::ORIGIN)) {
            (false, _) => local_host || self.allows_host(&host),
            (true, None) => false,
            (true, Some(origin)) => {
                let origin = origin.to_ascii_lowercase();
                let authority = origin.split_once("://").map_or("", |(_, host)| host);
                self.allows(&origin)
                    || (local_host && !authority.is_empty() && authority == host)
                    || (self.loopback && is_loopback(authority))
            }
        }
    }

    fn allows(&self, origin: &str) -> bool {
        self.allowed
            .iter()
            .any(|allowed| allowed.0 == "*" || allowed.0 == origin)
    }

    fn allows_host(&self, host: &str) -> bool {
        self.allowed.iter().any(|allowed| {
            let authority = allowed.0.split_once("://").map(|(_, host)| host);
            allowed.0 == "*" || authority == Some(host)
        })
    }
}

fn is_loopback(authority: &str) -> bool {
    let name = without_port(authority);
    name == "localhost"
        || name.ends_with(".localhost")
        || address(name).is_some_and(|address| address.is_loopback())
}

fn is_literal(authority: &str) -> bool {
    address(without_port(authority)).is_some()
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

fn address(name: &str) -> Option<IpAddr> {
    match name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
    {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => name.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::OriginRules;
    use axum::http::{HeaderMap, HeaderValue, header};

    fn admit(loopback: bool, allowed: &str, host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).expect("host"));
        if let Some(origin) = origin {
            headers.insert(
                header::ORIGIN,
                HeaderValue::from_str(origin).expect("origin"),
            );
        }
        let allowed = allowed
            .split_whitespace()
            .map(|text| text.parse().expect("origin"));
        OriginRules {
            allowed: allowed.collect(),
            loopback,
        }
        .admit(&headers)
    }

    #[test]
    fn on_loopback_only_this_machine_and_the_allowed_come_in() {
        let local = "127.0.0.1:8787";
        assert!(admit(true, "", local, None), "no browser");
        for origin in [
            "http://127.0.0.1:8787",
            "http://localhost:8080",
            "http://[::1]:3000",
            "http://a.localhost",
        ] {
            assert!(admit(true, "", local, Some(origin)), "{origin}");
        }
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "file://",
            "",
        ] {
            assert!(!admit(true, "", local, Some(origin)), "{origin}");
        }
        assert!(admit(
            true,
            "https://Chat.example/",
            local,
            Some("https://chat.example")
        ));
        assert!(admit(true, "*", local, Some("https://any.example")));
    }

    #[test]
    fn a_rebound_name_is_refused_on_loopback() {
        assert!(!admit(
            true,
            "",
            "evil.example:8787",
            Some("http://evil.example:8787")
        ));
        assert!(!admit(true, "", "evil.example:8787", None));
        assert!(
            admit(true, "https://chat.example", "chat.example", None),
            "a proxy's name"
        );
    }

    #[test]
    fn elsewhere_the_own_host_comes_in_and_loopback_pages_do_not() {
        assert!(admit(
            false,
            "",
            "chat.lan:8787",
            Some("http://chat.lan:8787")
        ));
        assert!(!admit(
            false,
            "",
            "chat.lan:8787",
            Some("http://localhost:8080")
        ));
        assert!(!admit(
            false,
            "",
            "chat.lan:8787",
            Some("http://other.lan:8787")
        ));
    }
}
