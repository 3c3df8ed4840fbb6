//! The demo login: an authorizer that believes `?userId=`, so that anybody can be anybody.
//!
//! It is what one machine starts with, and it exists nowhere else: the functions that are deployed
//! do not link this crate, and their template knows no way to ask for it.

use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::{authorizer::Authorizer, functions::FunctionError};

/// The function's name.
pub(crate) const DEMO_LOGIN: &str = "demo-login";

/// It lets in who says nothing at all, so nothing must be there.
pub(crate) fn authorizer() -> Authorizer {
    Authorizer {
        function: DEMO_LOGIN.to_owned(),
        sources: Vec::new(),
    }
}

/// Its event, as far as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    method_arn: String,
    #[serde(default)]
    query_string_parameters: BTreeMap<String, String>,
}

/// Lets in whoever comes, as whom they say, or as nobody. What is no user id the handlers refuse.
pub(crate) fn invoke(event: Value) -> Result<Value, FunctionError> {
    let event: Event = serde_json::from_value(event)
        .map_err(|error| FunctionError::new("Event", error.to_string()))?;
    let user = event.query_string_parameters.get("userId");
    // An empty name is a mistake; an empty principal is somebody without a name.
    let effect = match user.map(String::as_str) {
        Some("") => "Deny",
        Some(_) | None => "Allow",
    };
    Ok(json!({
        "principalId": user.map(String::as_str).unwrap_or_default(),
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event.method_arn},
            ],
        },
    }))
}
