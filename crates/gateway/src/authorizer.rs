//! The API's authorizer: who may open a connection, and what every event of it says of them.
//!
//! Asked once, before `$connect` (reference §1). Its policy is looked at for that route alone: the
//! platform enforces it nowhere else either.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::{event::Handshake, functions::FunctionError};

/// Largest answer, bytes (reference §5).
const MAX_ANSWER_BYTES: usize = 8 * 1024;
/// What a function throws to have a 401 answered; anything else is a 500.
const UNAUTHORIZED: &str = "Unauthorized";

/// A REQUEST authorizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorizer {
    /// The function's name, as [`crate::Functions`] knows it.
    pub function: String,
    /// What a handshake must bring; without one of these it is answered 401 and nobody is asked.
    pub sources: Vec<IdentitySource>,
}

/// Where in a handshake something stands that says who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentitySource {
    /// `route.request.querystring.NAME`
    Query(String),
    /// `route.request.header.NAME`
    Header(String),
}

impl Authorizer {
    /// Whether a handshake brings all that it must.
    pub(crate) fn is_answerable(&self, handshake: &Handshake) -> bool {
        let given = |value: &str| !value.is_empty();
        self.sources.iter().all(|source| match source {
            IdentitySource::Query(name) => {
                let mut pairs = handshake.query.iter();
                pairs.any(|(key, value)| key == name && given(value))
            }
            IdentitySource::Header(name) => {
                let mut pairs = handshake.headers.iter();
                pairs.any(|(key, value)| key.eq_ignore_ascii_case(name) && given(value))
            }
        })
    }
}

/// What an authorizer's answer means: the context of the connection, or the handshake's status.
pub(crate) fn judge(
    answer: Result<Value, FunctionError>,
    arn: &str,
) -> Result<Map<String, Value>, StatusCode> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.message == UNAUTHORIZED => return Err(StatusCode::UNAUTHORIZED),
        Err(error) => {
            tracing::warn!(%error, "the authorizer failed");
            return Err(StatusCode::INTERNAL_SERVER_ERROR);
        }
    };
    let Some((allowed, context)) = read(&answer, arn) else {
        tracing::warn!("the authorizer's answer is not in its form");
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    };
    match allowed {
        true => Ok(context),
        false => Err(StatusCode::FORBIDDEN),
    }
}

/// Whether the policy allows it, and the context as events carry it: every value a text.
fn read(answer: &Value, arn: &str) -> Option<(bool, Map<String, Value>)> {
    if answer.to_string().len() > MAX_ANSWER_BYTES {
        return None;
    }
    let principal = answer["principalId"].as_str()?;
    let statements = answer["policyDocument"]["Statement"].as_array()?;
    let mut allowed = false;
    for statement in statements {
        let applies = any(&statement["Action"], |action| {
            covers(action, "execute-api:Invoke")
        })? && any(&statement["Resource"], |resource| covers(resource, arn))?;
        match statement["Effect"].as_str()? {
            "Allow" => allowed |= applies,
            "Deny" if applies => return Some((false, Map::new())),
            "Deny" => {}
            _ => return None,
        }
    }
    let mut context = Map::new();
    match &answer["context"] {
        Value::Null => {}
        Value::Object(given) => {
            for (name, value) in given {
                context.insert(name.clone(), text(value)?);
            }
        }
        _ => return None,
    }
    context.insert("principalId".to_owned(), principal.into());
    Some((allowed, context))
}

fn text(value: &Value) -> Option<Value> {
    match value {
        Value::String(_) => Some(value.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// One text, or a list of them.
fn any(value: &Value, test: impl Fn(&str) -> bool) -> Option<bool> {
    match value {
        Value::String(one) => Some(test(one)),
        Value::Array(some) => {
            let mut found = false;
            for one in some {
                found |= test(one.as_str()?);
            }
            Some(found)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// Whether a pattern of IAM matches, where `*` is any text and `?` any character.
fn covers(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut from) = (0, 0);
    // Where the last star stood, and what it has swallowed so far.
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match (pattern.get(at), star) {
            (Some(b'*'), _) => {
                star = Some((at, from));
                at += 1;
            }
            (Some(&sign), _) if sign == b'?' || Some(&sign) == text.get(from) => {
                at += 1;
                from += 1;
            }
            (_, Some((place, swallowed))) => {
                star = Some((place, swallowed + 1));
                at = place + 1;
                from = swallowed + 1;
            }
            (_, None) => return false,
        }
    }
    pattern
        .get(at..)
        .is_some_and(|rest| rest.iter().all(|sign| *sign == b'*'))
}

#[cfg(test)]
mod tests {
    use super::{covers, judge};
    use crate::functions::FunctionError;
    use axum::http::StatusCode;
    use serde_json::{Value, json};

    const ARN: &str = "arn:aws:execute-api:us-east-1:000000000000:api/dev/$connect";

    fn answer(effect: &str, resource: &str) -> Value {
        let statement = json!({"Action": "execute-api:*", "Effect": effect, "Resource": resource});
        json!({"principalId": "ana", "policyDocument": {"Statement": [statement]}})
    }

    #[test]
    fn patterns_match_as_policies_do() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c*", "ac", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a", "ab", false),
            ("ab", "a", false),
            ("*b*d", "abcbd", true),
            ("*b*d", "abcb", false),
        ] {
            assert_eq!(covers(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_policy_is_for_what_it_names_and_a_denial_wins() {
        for (effect, resource, expected) in [
            ("Allow", ARN, Ok(())),
            ("Allow", "arn:aws:execute-api:*/dev/*", Ok(())),
            ("Allow", "arn:aws:execute-api:*/prod/*", Err(403)),
            ("Deny", ARN, Err(403)),
            ("allow", ARN, Err(500)),
        ] {
            let judged = judge(Ok(answer(effect, resource)), ARN);
            let judged = judged.map(drop).map_err(|status| status.as_u16());
            assert_eq!(judged, expected, "{effect} {resource}");
        }
        let mut both = answer("Allow", "*");
        both["policyDocument"]["Statement"]
            .as_array_mut()
            .expect("statements")
            .push(answer("Deny", "*")["policyDocument"]["Statement"][0].clone());
        assert_eq!(judge(Ok(both), ARN), Err(StatusCode::FORBIDDEN));
    }

    #[test]
    fn what_is_no_answer_is_an_error_of_the_authorizer() {
        let mut long = answer("Allow", ARN);
        long["context"] = json!({"x": "x".repeat(8192)});
        let mut nested = answer("Allow", ARN);
        nested["context"] = json!({"groups": ["a"]});
        let mut nobody = answer("Allow", ARN);
        nobody["principalId"] = Value::Null;
        for answer in [
            Value::Null,
            json!({}),
            json!({"isAuthorized": true}),
            long,
            nested,
            nobody,
        ] {
            let judged = judge(Ok(answer.clone()), ARN);
            assert_eq!(judged, Err(StatusCode::INTERNAL_SERVER_ERROR), "{answer}");
        }
        let thrown = |message| judge(Err(FunctionError::new("Error", message)), ARN);
        assert_eq!(thrown("Unauthorized"), Err(StatusCode::UNAUTHORIZED));
        assert_eq!(
            thrown("unauthorized"),
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        );
    }
}
