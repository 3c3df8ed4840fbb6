//! The API's routes, as data: which function answers which route key, and how.

use std::{collections::HashMap, time::Duration};

use serde_json::Value;

use crate::{authorizer::Authorizer, error::ConfigError, selection::Selection};

/// The platform's longest integration timeout.
pub const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(29);

/// One route: a function and what becomes of its answer.
#[derive(Clone, Debug)]
pub struct Route {
    /// The function's name, as [`crate::Functions`] knows it.
    pub function: String,
    /// Whether a route response is defined, so that the answer's body goes to the client.
    pub response: RouteResponse,
    /// Time after which the gateway stops waiting (50 ms to 29 s on the platform).
    pub timeout: Duration,
    /// What a message must look like, if the route has a request model.
    pub model: Option<Model>,
}

/// Whether the body of a function's answer goes back to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteResponse {
    /// One-way: the answer is dropped, which is the platform's default.
    None,
    /// Two-way: the client receives the body as a message.
    Body,
}

/// A request model: says whether a message is valid.
pub type Model = fn(&Value) -> bool;

impl Route {
    /// A one-way route to `function` with the longest timeout and no model.
    #[must_use]
    pub fn one_way(function: &str) -> Self {
        Self {
            function: function.to_owned(),
            response: RouteResponse::None,
            timeout: INTEGRATION_TIMEOUT,
            model: None,
        }
    }

    /// As [`Route::one_way`], with a route response.
    #[must_use]
    pub fn two_way(function: &str) -> Self {
        Self {
            response: RouteResponse::Body,
            ..Self::one_way(function)
        }
    }
}

/// The routes of one API and the expression that selects among them.
#[derive(Clone, Debug)]
pub struct Routes {
    selection: Selection,
    by_key: HashMap<String, Route>,
    authorizer: Option<Authorizer>,
}

impl Routes {
    /// No routes yet, selected by `expression`, such as `$request.body.action`.
    ///
    /// # Errors
    ///
    /// If the expression cannot be read.
    pub fn new(expression: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            selection: Selection::parse(expression)?,
            by_key: HashMap::new(),
            authorizer: None,
        })
    }

    /// Adds a route; the last one of a key wins, as on the platform.
    #[must_use]
    pub fn with(mut self, key: &str, route: Route) -> Self {
        self.by_key.insert(key.to_owned(), route);
        self
    }

    /// Asks this authorizer before `$connect`.
    #[must_use]
    pub fn behind(mut self, authorizer: Authorizer) -> Self {
        self.authorizer = Some(authorizer);
        self
    }

    /// Who is asked before `$connect`.
    pub(crate) fn authorizer(&self) -> Option<&Authorizer> {
        self.authorizer.as_ref()
    }

    /// The route of exactly this key: `$connect` and `$disconnect` are found so.
    pub(crate) fn exact(&self, key: &str) -> Option<&Route> {
        self.by_key.get(key)
    }

    /// The route of a message, with the key that matched: `$default` for what is no JSON, names
    /// no route or names one of the platform's own (reference §3, rules 3 to 5).
    pub(crate) fn select(&self, message: &str) -> Option<(&str, &Route)> {
        serde_json::from_str(message)
            .ok()
            .map(|message: Value| self.selection.evaluate(&message))
            .filter(|key| !key.starts_with('$'))
            .and_then(|key| self.by_key.get_key_value(&key))
            .or_else(|| self.by_key.get_key_value("$default"))
            .map(|(key, route)| (key.as_str(), route))
    }
}
