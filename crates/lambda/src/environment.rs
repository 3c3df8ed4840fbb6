//! What a function is told: Lambda's own variables and those that the template sets.

use std::fmt;

use switchboard_backend::Settings;
use switchboard_identity::{Bearing, IssuerSettings, TokenRules};

/// What Lambda itself tells a function.
#[derive(Clone)]
pub struct Platform {
    /// `AWS_REGION`.
    pub region: String,
    /// The execution role's, as Lambda gives them: they outlive the execution environment.
    pub credentials: Credentials,
    /// `AWS_ENDPOINT_URL`: another DynamoDB than the region's, for tests.
    pub endpoint_url: Option<String>,
}

/// See [`Platform::credentials`].
#[derive(Clone)]
pub struct Credentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
    /// `AWS_SESSION_TOKEN`.
    pub session_token: Option<String>,
}

/// What the functions that serve the chat are told.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Lambda's own.
    pub platform: Platform,
    /// `TABLE_NAME`: roster and log.
    pub table: String,
    /// `CALLBACK_URL`: `https://{api}.execute-api.{region}.amazonaws.com/{stage}`. Not what an
    /// event names as its domain: that may be a custom one, and a queue's record has none.
    pub callback_url: String,
    /// Where rooms above the bound go; without it they too are posted to here and now.
    pub queue: Option<QueueAddress>,
    /// `OLDER_DIALECTS` and `ECHO_TO_SENDER`, `true` or `false`; `ALLOWED_ORIGINS`, comma-separated;
    /// `FAN_OUT_BOUND`, a number of connections.
    pub settings: Settings,
}

/// See [`Environment::queue`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueAddress {
    /// `QUEUE_URL`.
    pub url: String,
    /// `AWS_ENDPOINT_URL_SQS` or `AWS_ENDPOINT_URL`: another SQS than the region's, for tests.
    pub endpoint_url: Option<String>,
}

/// What the authorizer is told.
#[derive(Debug, Clone)]
pub struct AuthorizerEnvironment {
    /// Lambda's own.
    pub platform: Platform,
    /// `TICKETS_TABLE`.
    pub tickets: String,
}

/// What the issuer of tickets is told.
#[derive(Debug, Clone)]
pub struct IssuerEnvironment {
    /// Lambda's own.
    pub platform: Platform,
    /// `TICKETS_TABLE`.
    pub tickets: String,
    /// `TOKEN_KEYS`: where the identity provider publishes its keys.
    pub keys: String,
    /// `TOKEN_ISSUER`, `TOKEN_AUDIENCE`, `USER_CLAIM` (`sub` by default); `IDENTITY`, which is `bearer`
    /// or `cookie`, the latter with `TOKEN_COOKIE`; `ALLOWED_ORIGINS`.
    pub issuer: IssuerSettings,
}

impl Platform {
    fn read(get: &impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        Ok(Self {
            region: required(get, "AWS_REGION")?,
            credentials: Credentials {
                access_key_id: required(get, "AWS_ACCESS_KEY_ID")?,
                secret_access_key: required(get, "AWS_SECRET_ACCESS_KEY")?,
                session_token: optional(get, "AWS_SESSION_TOKEN"),
            },
            endpoint_url: optional(get, "AWS_ENDPOINT_URL"),
        })
    }
}

impl Environment {
    /// Reads the variables through `get`.
    ///
    /// # Errors
    /// Which variable is missing or not what it should be.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let switch = |name: &'static str, default: bool| match optional(&get, name).as_deref() {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(EnvironmentError::NoSwitch(name)),
        };
        let settings = Settings::default();
        let platform = Platform::read(&get)?;
        let queue = optional(&get, "QUEUE_URL").map(|url| QueueAddress {
            url,
            endpoint_url: optional(&get, "AWS_ENDPOINT_URL_SQS")
                .or_else(|| platform.endpoint_url.clone()),
        });
        let bound = match optional(&get, "FAN_OUT_BOUND").map(|bound| bound.parse()) {
            _ if queue.is_none() => usize::MAX,
            None => settings.fan_out_bound,
            Some(Ok(bound)) if bound > 0 => bound,
            Some(_) => return Err(EnvironmentError::NoNumber("FAN_OUT_BOUND")),
        };
        Ok(Self {
            platform,
            queue,
            table: required(&get, "TABLE_NAME")?,
            callback_url: required(&get, "CALLBACK_URL")?,
            settings: Settings {
                older_dialects: switch("OLDER_DIALECTS", settings.older_dialects)?,
                echo_to_sender: switch("ECHO_TO_SENDER", settings.echo_to_sender)?,
                allowed_origins: origins(&get),
                fan_out_bound: bound,
                ..settings
            },
        })
    }
}

impl AuthorizerEnvironment {
    /// Reads the variables through `get`.
    ///
    /// # Errors
    /// Which variable is missing.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        Ok(Self {
            platform: Platform::read(&get)?,
            tickets: required(&get, "TICKETS_TABLE")?,
        })
    }
}

impl IssuerEnvironment {
    /// Reads the variables through `get`.
    ///
    /// # Errors
    /// Which variable is missing or not what it should be.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let keys = required(&get, "TOKEN_KEYS")?;
        // Who could change them on the way could be anybody.
        if !keys.starts_with("https://") && !keys.starts_with("http://127.0.0.1:") {
            return Err(EnvironmentError::InsecureKeys);
        }
        let bearing = match required(&get, "IDENTITY")?.as_str() {
            "bearer" => Bearing::Header,
            "cookie" => Bearing::Cookie(required(&get, "TOKEN_COOKIE")?),
            _ => return Err(EnvironmentError::UnknownIdentity),
        };
        Ok(Self {
            platform: Platform::read(&get)?,
            tickets: required(&get, "TICKETS_TABLE")?,
            keys,
            issuer: IssuerSettings {
                rules: TokenRules {
                    issuer: required(&get, "TOKEN_ISSUER")?,
                    audience: required(&get, "TOKEN_AUDIENCE")?,
                    user_claim: optional(&get, "USER_CLAIM").unwrap_or_else(|| "sub".to_owned()),
                },
                bearing,
                allowed_origins: origins(&get),
            },
        })
    }
}

/// An empty one is none: a template cannot leave a variable out.
fn optional(get: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    get(name).filter(|value| !value.is_empty())
}

fn required(
    get: &impl Fn(&str) -> Option<String>,
    name: &'static str,
) -> Result<String, EnvironmentError> {
    optional(get, name).ok_or(EnvironmentError::Missing(name))
}

fn origins(get: &impl Fn(&str) -> Option<String>) -> Vec<String> {
    let origins = optional(get, "ALLOWED_ORIGINS").unwrap_or_default();
    let origins = origins.split(',').map(str::trim);
    origins
        .filter(|origin| !origin.is_empty())
        .map(|origin| origin.trim_end_matches('/').to_owned())
        .collect()
}

/// Without the keys.
impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform")
            .field("region", &self.region)
            .field("endpoint_url", &self.endpoint_url)
            .finish_non_exhaustive()
    }
}

/// Why a function cannot start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvironmentError {
    /// This variable is not set, or empty.
    Missing(&'static str),
    /// This variable is neither `true` nor `false`.
    NoSwitch(&'static str),
    /// This variable is no number above 0.
    NoNumber(&'static str),
    /// `IDENTITY` names a way for tokens to come that there is not.
    UnknownIdentity,
    /// `TOKEN_KEYS` can be changed on the way.
    InsecureKeys,
}

impl fmt::Display for EnvironmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(
                f,
                "{name} is not set: the template sets it, or Lambda itself"
            ),
            Self::NoSwitch(name) => write!(f, "{name} is neither true nor false"),
            Self::NoNumber(name) => write!(f, "{name} is not a number above 0"),
            Self::UnknownIdentity => f.write_str("IDENTITY is neither bearer nor cookie"),
            Self::InsecureKeys => f.write_str("TOKEN_KEYS is not an https:// address"),
        }
    }
}

impl std::error::Error for EnvironmentError {}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &[(&str, &str)] = &[
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "very secret"),
        ("AWS_SESSION_TOKEN", "also secret"),
        ("TABLE_NAME", "chat"),
        ("CALLBACK_URL", "https://a.example/prod"),
        ("OLDER_DIALECTS", "false"),
        ("TICKETS_TABLE", "tickets"),
        ("TOKEN_ISSUER", "https://id.example"),
        ("TOKEN_AUDIENCE", "chat"),
        ("TOKEN_KEYS", "https://id.example/keys"),
        ("IDENTITY", "cookie"),
        ("TOKEN_COOKIE", "__Host-token"),
    ];

    /// With these variables set otherwise.
    fn get<'a>(changes: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            let mut variables = changes.iter().chain(GOOD);
            let found = variables.find(|(key, _)| *key == name)?;
            Some(found.1.to_owned())
        }
    }

    fn read(changes: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        Environment::read(get(changes))
    }

    fn issuer(changes: &[(&str, &str)]) -> Result<IssuerEnvironment, EnvironmentError> {
        IssuerEnvironment::read(get(changes))
    }

    #[test]
    fn a_whole_environment_is_read() {
        let environment = read(&[]).unwrap();
        assert_eq!(environment.table, "chat");
        assert_eq!(environment.platform.endpoint_url, None);
        assert!(!environment.settings.older_dialects);
        assert!(environment.settings.echo_to_sender);
        let authorizer = AuthorizerEnvironment::read(get(&[])).unwrap();
        assert_eq!(authorizer.tickets, "tickets");
        let issuer = issuer(&[]).unwrap().issuer;
        assert_eq!(issuer.rules.user_claim, "sub");
        assert_eq!(issuer.bearing, Bearing::Cookie("__Host-token".to_owned()));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for name in ["AWS_REGION", "TABLE_NAME", "CALLBACK_URL"] {
            let error = read(&[(name, "")]).unwrap_err();
            assert_eq!(error, EnvironmentError::Missing(name));
        }
        for name in [
            "TICKETS_TABLE",
            "TOKEN_ISSUER",
            "TOKEN_AUDIENCE",
            "TOKEN_KEYS",
            "IDENTITY",
            "TOKEN_COOKIE",
        ] {
            let error = issuer(&[(name, "")]).unwrap_err();
            assert_eq!(error, EnvironmentError::Missing(name));
        }
        let error = AuthorizerEnvironment::read(get(&[("TICKETS_TABLE", "")])).unwrap_err();
        assert_eq!(error, EnvironmentError::Missing("TICKETS_TABLE"));
        let error = read(&[("ECHO_TO_SENDER", "yes")]).unwrap_err();
        assert_eq!(error, EnvironmentError::NoSwitch("ECHO_TO_SENDER"));
        assert!(error.to_string().contains("ECHO_TO_SENDER"));
    }

    #[test]
    fn rooms_have_a_bound_where_there_is_a_queue() {
        let (url, own) = (
            "https://sqs.example/1/chat",
            "http://127.0.0.1:1/queue/chat",
        );
        let none = read(&[("FAN_OUT_BOUND", "9")]).unwrap();
        assert_eq!(
            (none.queue, none.settings.fan_out_bound),
            (None, usize::MAX)
        );
        let queue = read(&[("QUEUE_URL", url)]).unwrap();
        assert_eq!(
            queue.settings.fan_out_bound,
            Settings::default().fan_out_bound
        );
        let address = |endpoint_url: Option<&str>| QueueAddress {
            url: url.to_owned(),
            endpoint_url: endpoint_url.map(str::to_owned),
        };
        assert_eq!(queue.queue, Some(address(None)));
        let all = [
            ("QUEUE_URL", url),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:2"),
            ("FAN_OUT_BOUND", "9"),
        ];
        let emulated = read(&all).unwrap();
        assert_eq!(emulated.queue, Some(address(Some("http://127.0.0.1:2"))));
        assert_eq!(emulated.settings.fan_out_bound, 9);
        let elsewhere = [&all[..], &[("AWS_ENDPOINT_URL_SQS", own)]].concat();
        assert_eq!(read(&elsewhere).unwrap().queue, Some(address(Some(own))));
        for bound in ["0", "-1", "many", "1e3"] {
            let error = read(&[("QUEUE_URL", url), ("FAN_OUT_BOUND", bound)]).unwrap_err();
            assert_eq!(
                error,
                EnvironmentError::NoNumber("FAN_OUT_BOUND"),
                "{bound}"
            );
        }
    }

    /// Above all not the demo's, which believes everybody.
    #[test]
    fn there_is_no_other_way_to_be_somebody() {
        for identity in ["demo", "none", "Cookie", "bearer,cookie"] {
            let error = issuer(&[("IDENTITY", identity)]).unwrap_err();
            assert_eq!(error, EnvironmentError::UnknownIdentity, "{identity}");
        }
        let bearer = issuer(&[("IDENTITY", "bearer"), ("TOKEN_COOKIE", "")]).unwrap();
        assert_eq!(bearer.issuer.bearing, Bearing::Header);
        for keys in [
            "http://id.example/keys",
            "http://127.0.0.1.example/keys",
            "file:///keys",
        ] {
            let error = issuer(&[("TOKEN_KEYS", keys)]).unwrap_err();
            assert_eq!(error, EnvironmentError::InsecureKeys, "{keys}");
        }
    }

    #[test]
    fn origins_are_a_list_and_none_is_none() {
        assert_eq!(read(&[]).unwrap().settings.allowed_origins, [""; 0]);
        let some = [(
            "ALLOWED_ORIGINS",
            "https://a.example/, https://b.example:8443,",
        )];
        let expected = ["https://a.example", "https://b.example:8443"];
        assert_eq!(read(&some).unwrap().settings.allowed_origins, expected);
        assert_eq!(issuer(&some).unwrap().issuer.allowed_origins, expected);
    }

    #[test]
    fn keys_are_not_shown() {
        let shown = format!("{:?}", read(&[]).unwrap());
        assert!(
            shown.contains("chat") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
