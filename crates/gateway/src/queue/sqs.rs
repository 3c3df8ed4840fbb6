//! The queue as SQS's own clients know it: `SendMessage` and `SendMessageBatch` in the JSON protocol.

use std::{collections::HashSet, time::Duration};

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
/// Most bytes of a batch's records.
const BATCH_BYTES: usize = 1024 * 1024;

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
    let max = BATCH_BYTES.max(gateway.queue.config().record_bytes) * 6 + 4096;
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
        Some("SendMessageBatch") => send_batch(gateway, &body),
        _ => error(
            "UnsupportedOperation",
            "This queue knows SendMessage and SendMessageBatch alone.",
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
    if !is_named(gateway, &send.queue_url) {
        return no_queue();
    }
    match accept(gateway, send.message_body, send.delay_seconds) {
        Ok(accepted) => json_body(StatusCode::OK, &accepted),
        Err((status, kind, message)) => told(status, kind, &message),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessageBatch {
    queue_url: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    id: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: u32,
}

/// Most entries of a batch.
const ENTRIES: usize = 10;
/// Longest that a record may be held back, s.
const LONGEST_DELAY: u32 = 900;

/// Each entry stands for itself; only the batch as a whole has an error of its own.
fn send_batch(gateway: &Gateway, body: &[u8]) -> Response<Body> {
    let Ok(batch) = serde_json::from_slice::<SendMessageBatch>(body) else {
        return error(
            "MissingParameter",
            "SendMessageBatch has a QueueUrl and Entries with an Id and a MessageBody.",
        );
    };
    if !is_named(gateway, &batch.queue_url) {
        return no_queue();
    }
    let entries = batch.entries;
    let bytes: usize = entries.iter().map(|entry| entry.message_body.len()).sum();
    let ids: HashSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    let wrong = match entries.len() {
        0 => Some(("EmptyBatchRequest", "A batch has an entry.")),
        1..=ENTRIES if ids.len() < entries.len() => {
            Some(("BatchEntryIdsNotDistinct", "An Id names one entry."))
        }
        1..=ENTRIES if bytes > BATCH_BYTES => {
            Some(("BatchRequestTooLong", "A batch has at most 1 MiB."))
        }
        1..=ENTRIES => None,
        _ => Some((
            "TooManyEntriesInBatchRequest",
            "A batch has at most 10 entries.",
        )),
    };
    if let Some((kind, message)) = wrong {
        return error(kind, message);
    }
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        match accept(gateway, entry.message_body, entry.delay_seconds) {
            Ok(mut accepted) => {
                accepted["Id"] = json!(entry.id);
                successful.push(accepted);
            }
            Err((status, code, message)) => failed.push(json!({
                "Id": entry.id, "Code": code, "Message": message,
                "SenderFault": status.is_client_error(),
            })),
        }
    }
    let answer = json!({"Successful": successful, "Failed": failed});
    json_body(StatusCode::OK, &answer)
}

fn is_named(gateway: &Gateway, url: &str) -> bool {
    url.rsplit('/').next() == Some(gateway.queue.config().name.as_str())
}

fn no_queue() -> Response<Body> {
    error("QueueDoesNotExist", "The specified queue does not exist.")
}

/// What is said of a record that was taken, or why it was not.
fn accept(
    gateway: &Gateway,
    record: String,
    delay_seconds: u32,
) -> Result<Value, (StatusCode, &'static str, String)> {
    let (queue, bad) = (&gateway.queue, StatusCode::BAD_REQUEST);
    let most = queue.config().record_bytes;
    if delay_seconds > LONGEST_DELAY {
        let why = format!("DelaySeconds is 0 to {LONGEST_DELAY}.");
        return Err((bad, "InvalidParameterValue", why));
    }
    if record.is_empty() || record.len() > most {
        let why = format!("A record has 1 to {most} bytes.");
        return Err((bad, "InvalidParameterValue", why));
    }
    let digest = format!("{:x}", Md5::digest(&record));
    let delay = Duration::from_secs(delay_seconds.into());
    match queue.accept(record, gateway.clock.now_ms(), delay) {
        Ok(id) => Ok(json!({"MessageId": id, "MD5OfMessageBody": digest})),
        Err(full @ NotAccepted::Full) => Err((bad, "OverLimit", full.to_string())),
        Err(closed @ NotAccepted::Closed) => {
            let unavailable = StatusCode::SERVICE_UNAVAILABLE;
            Err((unavailable, "ServiceUnavailable", closed.to_string()))
        }
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
