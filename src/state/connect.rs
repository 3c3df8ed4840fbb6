//! The connect form's values, checked.

use switchboard_client::{Account, DEMO, EndpointError, endpoint};
use switchboard_protocol::id::IdError;
use switchboard_protocol::limits::MAX_URL_CHARS;
use switchboard_protocol::{Profile, UserId};

/// What the connect form starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectDefaults {
    /// The URL, as typed before or configured.
    pub url: String,
    /// The wire profile.
    pub profile: &'static Profile,
    /// The user id.
    pub user: String,
    /// Further query parameters, `name=value` a line.
    pub query: String,
    /// Where the site hands out tickets, and for which URL: another system gets none of them.
    pub tickets: Option<Tickets>,
    /// The page's origin, against which a path is read.
    pub origin: String,
    /// Why an earlier step failed (an unreadable `config.json`, say), as a sentence.
    pub error: Option<String>,
}

/// The site's ticket server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tickets {
    /// Where a ticket is fetched; a path is one on this site.
    pub at: String,
    /// The chat's URL as configured.
    pub for_url: String,
}

impl Default for ConnectDefaults {
    fn default() -> Self {
        Self {
            url: String::new(),
            profile: Profile::own(),
            user: String::new(),
            query: String::new(),
            tickets: None,
            origin: String::new(),
            error: None,
        }
    }
}

impl ConnectDefaults {
    /// These values, but for what a person changed from `before` to `now` while they were fetched.
    #[must_use]
    pub fn unless_changed(self, before: &Self, now: &Self) -> Self {
        fn choose<T: PartialEq>(new: T, before: &T, now: T) -> T {
            if now == *before { new } else { now }
        }
        Self {
            url: choose(self.url, &before.url, now.url.clone()),
            profile: choose(self.profile, &before.profile, now.profile),
            user: choose(self.user, &before.user, now.user.clone()),
            query: choose(self.query, &before.query, now.query.clone()),
            ..self
        }
    }
}

/// What a person asked to connect with, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectRequest {
    /// As `switchboard_client::endpoint` made it.
    pub endpoint: String,
    /// The URL as typed, to be remembered.
    pub typed_url: String,
    /// The user, or a local name where the profile has no identity.
    pub user: UserId,
    /// The wire profile.
    pub profile: &'static Profile,
    /// Further query parameters.
    pub query: Vec<(String, String)>,
    /// Where tickets are fetched, if they are needed.
    pub tickets: Option<String>,
}

/// What is wrong with the further query parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryError {
    /// This line (from 1) has no `=`.
    NoEquals(usize),
    /// This line has nothing before the `=`.
    NoName(usize),
    /// This line names the parameter that carries the user id.
    Identity(usize),
    /// Together with the URL they pass API Gateway's 4,096 characters.
    TooLong,
}

/// What is wrong, per field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// With the user id.
    pub user: Option<IdError>,
    /// With the URL.
    pub url: Option<EndpointError>,
    /// With the further parameters.
    pub query: Option<QueryError>,
}

/// Stands for the person where a profile has no identity and none was typed.
const NAMELESS: &str = "me";

/// Stands for a visitor of the demo who typed no name.
const GUEST: &str = "guest";

/// What opens the demo: nothing of the form is needed, and a name typed there is kept.
#[must_use]
pub fn demo(form: &ConnectDefaults) -> Option<ConnectRequest> {
    let typed = UserId::try_from(form.user.trim());
    Some(ConnectRequest {
        endpoint: DEMO.to_owned(),
        typed_url: DEMO.to_owned(),
        user: typed.or_else(|_| UserId::try_from(GUEST)).ok()?,
        profile: Profile::own(),
        query: Vec::new(),
        tickets: None,
    })
}

/// Checks what stands in the form.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn check(form: &ConnectDefaults) -> Result<ConnectRequest, Problems> {
    let profile = form.profile;
    let typed_user = form.user.trim();
    let user = if typed_user.is_empty() && profile.identity.is_none() {
        UserId::try_from(NAMELESS)
    } else {
        UserId::try_from(typed_user)
    };
    let url = endpoint(&form.url, &form.origin);
    let mut query = parameters(&form.query, profile);
    if let (Ok(user), Ok(endpoint), Ok(pairs)) = (&user, &url, &query) {
        let account = Account {
            endpoint: endpoint.clone(),
            user: user.clone(),
            profile,
            query: pairs.clone(),
            tickets: None,
            device: String::new(),
            tab: String::new(),
        };
        if account.url(None).len() > MAX_URL_CHARS {
            query = Err(QueryError::TooLong);
        }
    }
    match (user, url, query) {
        (Ok(user), Ok(endpoint), Ok(query)) => Ok(ConnectRequest {
            endpoint,
            typed_url: form.url.trim().to_owned(),
            user,
            profile,
            query,
            tickets: form
                .tickets
                .as_ref()
                .filter(|tickets| tickets.for_url.trim() == form.url.trim())
                .map(|tickets| tickets.at.clone()),
        }),
        (user, url, query) => Err(Problems {
            user: user.err(),
            url: url.err(),
            query: query.err(),
        }),
    }
}

/// Reads `name=value` lines; empty lines are skipped.
fn parameters(lines: &str, profile: &Profile) -> Result<Vec<(String, String)>, QueryError> {
    let mut pairs = Vec::new();
    for (index, line) in lines.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let number = index + 1;
        let (name, value) = line.split_once('=').ok_or(QueryError::NoEquals(number))?;
        let name = name.trim();
        if name.is_empty() {
            return Err(QueryError::NoName(number));
        }
        if profile.identity == Some(name) {
            return Err(QueryError::Identity(number));
        }
        pairs.push((name.to_owned(), value.trim().to_owned()));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(user: &str, url: &str, query: &str) -> ConnectDefaults {
        ConnectDefaults {
            url: url.to_owned(),
            user: user.to_owned(),
            query: query.to_owned(),
            origin: "http://127.0.0.1:8787".to_owned(),
            ..ConnectDefaults::default()
        }
    }

    #[test]
    fn a_good_form_becomes_a_request() {
        let request = check(&form(" ana ", "/dev", "\nticket = a=b \n x=")).unwrap();
        assert_eq!(request.endpoint, "ws://127.0.0.1:8787/dev");
        assert_eq!(request.user.as_str(), "ana");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(request.query, [pair("ticket", "a=b"), pair("x", "")]);
    }

    #[test]
    fn tickets_are_for_the_site_s_own_url_alone() {
        let mut form = form("ana", "/dev", "");
        assert_eq!(check(&form).unwrap().tickets, None);
        form.tickets = Some(Tickets {
            at: "/ticket".to_owned(),
            for_url: "/dev".to_owned(),
        });
        assert_eq!(check(&form).unwrap().tickets.as_deref(), Some("/ticket"));
        form.url = "wss://elsewhere.example/dev".to_owned();
        assert_eq!(check(&form).unwrap().tickets, None);
    }

    #[test]
    fn the_demo_needs_nothing_and_keeps_a_name() {
        for (typed, user) in [("", GUEST), (" ana ", "ana"), ("a\u{202e}b", GUEST)] {
            let request = demo(&form(typed, "ftp://", "bad")).unwrap();
            assert_eq!(request.user.as_str(), user);
            // A reload of the tab reads the same back from the form's values.
            let again = check(&form(user, &request.typed_url, "")).unwrap();
            assert_eq!(again, request);
        }
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let problems = check(&form("", "dev", "ticket")).unwrap_err();
        assert_eq!(problems.user, Some(IdError::Empty));
        assert_eq!(problems.url, Some(EndpointError::Scheme));
        assert_eq!(problems.query, Some(QueryError::NoEquals(1)));
        let query = |lines: &str| check(&form("a", "/dev", lines)).unwrap_err().query;
        assert_eq!(query("a=b\n=c"), Some(QueryError::NoName(2)));
        assert_eq!(query("userId=bo"), Some(QueryError::Identity(1)));
        assert_eq!(
            query(&format!("t={}", "x".repeat(4096))),
            Some(QueryError::TooLong)
        );
    }

    #[test]
    fn without_identity_the_name_is_optional() {
        let mut form = form("", "/dev", "userId=x");
        form.profile = Profile::named("s5").unwrap();
        assert_eq!(check(&form).unwrap().user.as_str(), NAMELESS);
    }

    #[test]
    fn late_defaults_leave_what_was_typed() {
        let before = form("", "", "");
        let typed = ConnectDefaults {
            profile: Profile::named("s2").unwrap(),
            ..form("ana", "", "")
        };
        let site = form("bo", "/dev", "a=b");
        let expected = ConnectDefaults {
            profile: typed.profile,
            ..form("ana", "/dev", "a=b")
        };
        assert_eq!(site.unless_changed(&before, &typed), expected);
    }
}
