//! The queue as SQS's own clients know it: `SendMessage` in the JSON protocol.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header},
};
use md5::{Digest, Md5};
use serde::Deserialize;
use serde_json::{Value, json};

use super::NotAccepted;
use crate::{
    answers, body,
    gateway::Gateway,
    signature::{Refused, Signed},
};

const SERVICE: &str = "AmazonSQS.";

/// Whether a request is one of SQS's clients: they name the operation in a header.
pub(crate) fn is_meant(headers: &HeaderMap) -> bool {
    target(headers).is_some_and(|target| target.starts_with(SERVICE))
}

fn target(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-target")?.to_str().ok()
}

/// Answers it.
pub(crate) async fn answer(gateway: &Gateway, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let limits = &gateway.config.limits;
    // As JSON a record may be six times as long.
    let max = gateway.queue.config().record_bytes * 6 + 4096;
    let Ok(body) = body::read(body, max, limits.read_timeout).await else {
        return error(
            "InvalidParameterValue",
            "The request is too large or was not sent whole.",
        );
    };
    if let Some(key) = &gateway.config.access_key {
        let signed = Signed {
            method: parts.method.as_str(),
            uri: &parts.uri,
            headers: &parts.headers,
            body: &body,
        };
        if let Err(refused) = signed.check(key, "sqs", gateway.clock.now_ms()) {
            let (kind, message) = refused.parts();
            return told(Refused::STATUS, kind, message);
        }
    }
    match target(&parts.headers).and_then(|target| target.strip_prefix(SERVICE)) {
        Some("SendMessage") => send(gateway, &body),
        _ => error(
            "UnsupportedOperation",
            "This queue knows SendMessage alone.",
        ),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessage {
    queue_url: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: u32,
}

fn send(gateway: &Gateway, body: &[u8]) -> Response<Body> {
    let Ok(send) = serde_json::from_slice::<SendMessage>(body) else {
        return error(
            "MissingParameter",
            "SendMessage has a QueueUrl and a MessageBody.",
        );
    };
    let queue = &gateway.queue;
    let config = queue.config();
    if send.queue_url.rsplit('/').next() != Some(config.name.as_str()) {
        return error("QueueDoesNotExist", "The specified queue does not exist.");
    }
    if send.delay_seconds > 0 {
        return error("UnsupportedOperation", "This queue delays nothing.");
    }
    if send.message_body.is_empty() || send.message_body.len() > config.record_bytes {
        let message = format!("A record has 1 to {} bytes.", config.record_bytes);
        return error("InvalidParameterValue", &message);
    }
    let digest = format!("{:x}", Md5::digest(&send.message_body));
    match queue.accept(send.message_body, gateway.clock.now_ms()) {
        Ok(id) => json_body(
            StatusCode::OK,
            &json!({"MessageId": id, "MD5OfMessageBody": digest}),
        ),
        Err(NotAccepted::Full) => error("OverLimit", "The queue is full."),
        Err(NotAccepted::Closed) => told(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            "The gateway is stopping.",
        ),
    }
}

fn error(kind: &str, message: &str) -> Response<Body> {
    told(StatusCode::BAD_REQUEST, kind, message)
}

fn told(status: StatusCode, kind: &str, message: &str) -> Response<Body> {
    let kind = format!("com.amazonaws.sqs#{kind}");
    json_body(status, &json!({"__type": kind, "message": message}))
}

fn json_body(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = answers::json_body(status, body);
    let json = HeaderValue::from_static("application/x-amz-json-1.0");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
