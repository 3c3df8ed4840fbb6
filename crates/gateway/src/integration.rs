//! One invocation: the wait for a function and what its answer is worth.

use std::{future::Future, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use tokio::task::JoinError;

use crate::{clock::Clock, functions::FunctionError, platform_frames::Notice};

/// A function's answer in Lambda's proxy form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProxyResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
}

/// Waits at most `timeout` for an invocation and reads its answer.
pub(crate) async fn wait(
    clock: &Clock,
    timeout: Duration,
    invocation: impl Future<Output = Result<Result<Value, FunctionError>, JoinError>>,
) -> Result<ProxyResponse, Notice> {
    let answer = tokio::select! {
        answer = invocation => answer,
        () = clock.sleep(timeout) => return Err(Notice::EndpointRequestTimedOut),
    };
    match answer {
        Ok(Ok(answer)) => ProxyResponse::parse(answer).ok_or_else(|| {
            tracing::warn!("a function's answer is not in the proxy form");
            Notice::InternalServerError
        }),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a function failed");
            Err(Notice::InternalServerError)
        }
        Err(error) => {
            tracing::error!(%error, "a function panicked");
            Err(Notice::InternalServerError)
        }
    }
}

impl ProxyResponse {
    /// `None` for what the platform calls a malformed proxy response: no object, no status, a
    /// key it does not know, a body that is not text (reference §3).
    fn parse(answer: Value) -> Option<Self> {
        let Value::Object(mut answer) = answer else {
            return None;
        };
        let status = status(&answer.remove("statusCode")?)?;
        let headers = headers(answer.remove("headers"))?;
        let encoded = match answer.remove("isBase64Encoded") {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::Bool(true)) => true,
            Some(_) => return None,
        };
        let body = match answer.remove("body") {
            None | Some(Value::Null) => None,
            Some(Value::String(body)) if encoded => {
                Some(String::from_utf8(STANDARD.decode(body).ok()?).ok()?)
            }
            Some(Value::String(body)) => Some(body),
            Some(_) => return None,
        };
        answer.remove("multiValueHeaders");
        answer.is_empty().then_some(Self {
            status,
            headers,
            body,
        })
    }

    /// The value of a header, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

fn status(value: &Value) -> Option<u16> {
    let status = match value {
        Value::Number(number) => number
            .as_u64()
            .and_then(|status| u16::try_from(status).ok()),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    status.filter(|status| (100..600).contains(status))
}

fn headers(value: Option<Value>) -> Option<Vec<(String, String)>> {
    let headers: Map<String, Value> = match value {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(headers)) => headers,
        Some(_) => return None,
    };
    headers
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Number(_) | Value::Bool(_) => Some((name, value.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ProxyResponse;
    use serde_json::{Value, json};

    #[test]
    fn malformed_answers_are_no_responses() {
        let malformed = [
            Value::Null,
            json!("text"),
            json!({}),
            json!({"body": "x"}),
            json!({"statusCode": 200, "foo": 1}),
            json!({"statusCode": 200, "body": {"a": 1}}),
            json!({"statusCode": 99}),
            json!({"statusCode": 200, "headers": ["a"]}),
            json!({"statusCode": 200, "body": "no base64!", "isBase64Encoded": true}),
        ];
        for answer in malformed {
            assert_eq!(ProxyResponse::parse(answer.clone()), None, "{answer}");
        }
    }

    #[test]
    fn a_well_formed_answer_is_read() {
        let answer = json!({
            "statusCode": "200", "headers": {"Sec-WebSocket-Protocol": "a"},
            "body": "aGk=", "isBase64Encoded": true,
        });
        let response = ProxyResponse::parse(answer).expect("well formed");
        assert_eq!(
            (response.status, response.body.as_deref()),
            (200, Some("hi"))
        );
        assert_eq!(response.header("sec-websocket-protocol"), Some("a"));
    }
}
