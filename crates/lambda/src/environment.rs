//! What a function is told: Lambda's own variables and those that the template sets.

use std::fmt;

use switchboard_backend::Settings;

/// A function's environment, read once at its start.
#[derive(Clone)]
pub struct Environment {
    /// `AWS_REGION`.
    pub region: String,
    /// The execution role's, as Lambda gives them: they outlive the execution environment.
    pub credentials: Credentials,
    /// `TABLE_NAME`: the one table.
    pub table: String,
    /// `CALLBACK_URL`: `https://{api}.execute-api.{region}.amazonaws.com/{stage}`. Not what an
    /// event names as its domain: that may be a custom one, and a queue's record has none.
    pub callback_url: String,
    /// `AWS_ENDPOINT_URL`: another DynamoDB than the region's, for tests.
    pub endpoint_url: Option<String>,
    /// `OLDER_DIALECTS` and `ECHO_TO_SENDER`, `true` or `false`; `ALLOWED_ORIGINS`, comma-separated.
    ///
    /// And `IDENTITY`, which must be `demo`: the only way there is yet to know who somebody is
    /// believes the URL, so a deployment has to have said that it wants that.
    pub settings: Settings,
}

/// See [`Environment::credentials`].
#[derive(Clone)]
pub struct Credentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
    /// `AWS_SESSION_TOKEN`.
    pub session_token: Option<String>,
}

impl Environment {
    /// Reads the variables through `get`.
    ///
    /// # Errors
    /// Which variable is missing or not what it should be.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let optional = |name: &str| get(name).filter(|value| !value.is_empty());
        let required = |name: &'static str| optional(name).ok_or(EnvironmentError::Missing(name));
        let switch = |name: &'static str, default: bool| match optional(name).as_deref() {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(EnvironmentError::NoSwitch(name)),
        };
        if required("IDENTITY")? != "demo" {
            return Err(EnvironmentError::UnknownIdentity);
        }
        let origins = optional("ALLOWED_ORIGINS").unwrap_or_default();
        let origins = origins.split(',').map(str::trim);
        let allowed_origins = origins
            .filter(|origin| !origin.is_empty())
            .map(|origin| origin.trim_end_matches('/').to_owned())
            .collect();
        let settings = Settings::default();
        Ok(Self {
            region: required("AWS_REGION")?,
            credentials: Credentials {
                access_key_id: required("AWS_ACCESS_KEY_ID")?,
                secret_access_key: required("AWS_SECRET_ACCESS_KEY")?,
                session_token: optional("AWS_SESSION_TOKEN"),
            },
            table: required("TABLE_NAME")?,
            callback_url: required("CALLBACK_URL")?,
            endpoint_url: optional("AWS_ENDPOINT_URL"),
            settings: Settings {
                older_dialects: switch("OLDER_DIALECTS", settings.older_dialects)?,
                echo_to_sender: switch("ECHO_TO_SENDER", settings.echo_to_sender)?,
                allowed_origins,
                ..settings
            },
        })
    }
}

/// Without the keys.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("region", &self.region)
            .field("table", &self.table)
            .field("callback_url", &self.callback_url)
            .field("endpoint_url", &self.endpoint_url)
            .field("settings", &self.settings)
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
    /// `IDENTITY` names a way to know people that there is not.
    UnknownIdentity,
}

impl fmt::Display for EnvironmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(
                f,
                "{name} is not set: the template sets it, or Lambda itself"
            ),
            Self::NoSwitch(name) => write!(f, "{name} is neither true nor false"),
            Self::UnknownIdentity => f.write_str(
                "IDENTITY is not demo, and there is no other way yet to know who somebody is",
            ),
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
        ("IDENTITY", "demo"),
        ("OLDER_DIALECTS", "false"),
    ];

    fn read(changes: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        Environment::read(|name| {
            let mut variables = changes.iter().chain(GOOD);
            let found = variables.find(|(key, _)| *key == name)?;
            Some(found.1.to_owned())
        })
    }

    #[test]
    fn a_whole_environment_is_read() {
        let environment = read(&[]).unwrap();
        assert_eq!(environment.table, "chat");
        assert_eq!(environment.endpoint_url, None);
        assert!(!environment.settings.older_dialects);
        assert!(environment.settings.echo_to_sender);
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for name in ["AWS_REGION", "TABLE_NAME", "CALLBACK_URL"] {
            let error = read(&[(name, "")]).unwrap_err();
            assert_eq!(error, EnvironmentError::Missing(name));
        }
        let error = read(&[("ECHO_TO_SENDER", "yes")]).unwrap_err();
        assert_eq!(error, EnvironmentError::NoSwitch("ECHO_TO_SENDER"));
        assert!(error.to_string().contains("ECHO_TO_SENDER"));
    }

    #[test]
    fn origins_are_a_list_and_none_is_none() {
        assert_eq!(read(&[]).unwrap().settings.allowed_origins, [""; 0]);
        let some = [(
            "ALLOWED_ORIGINS",
            "https://a.example/, https://b.example:8443,",
        )];
        let origins = read(&some).unwrap().settings.allowed_origins;
        assert_eq!(origins, ["https://a.example", "https://b.example:8443"]);
    }

    #[test]
    fn demo_identity_has_to_be_meant() {
        let error = read(&[("IDENTITY", "")]).unwrap_err();
        assert_eq!(error, EnvironmentError::Missing("IDENTITY"));
        let error = read(&[("IDENTITY", "tickets")]).unwrap_err();
        assert_eq!(error, EnvironmentError::UnknownIdentity);
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
