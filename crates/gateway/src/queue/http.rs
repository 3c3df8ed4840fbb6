//! The queue over HTTP: `POST /queue/{name}` takes a record, `GET` tells what became of them.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request, Response, StatusCode},
};
use serde_json::json;

use super::{NotAccepted, sqs};
use crate::{answers, body, gateway::Gateway};

/// Answers a request for the queue `name`, or for its dead letters.
pub(crate) async fn answer(
    gateway: &Gateway,
    name: &str,
    part: Option<&str>,
    request: Request<Body>,
) -> Response<Body> {
    let queue = &gateway.queue;
    if name != queue.config().name {
        return answers::message(
            StatusCode::NOT_FOUND,
            &format!("No queue {name:?}; there is {:?}", queue.config().name),
        );
    }
    match (request.method(), part) {
        (&Method::POST, None) if sqs::is_meant(request.headers()) => {
            sqs::answer(gateway, request).await
        }
        (&Method::POST, None) => accept(gateway, request.into_body()).await,
        (&Method::GET, None) => answers::json_body(StatusCode::OK, &json!(queue.depth())),
        (&Method::GET, Some("dead-letters")) => answers::json_body(
            StatusCode::OK,
            &json!({"deadLetters": queue.dead_letters()}),
        ),
        (_, Some("dead-letters") | None) => {
            answers::message(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        }
        (_, Some(_)) => answers::message(StatusCode::NOT_FOUND, "Not Found"),
    }
}

async fn accept(gateway: &Gateway, request_body: Body) -> Response<Body> {
    let queue = &gateway.queue;
    let patience = gateway.config.limits.read_timeout;
    let max = queue.config().record_bytes;
    let bytes = match body::read(request_body, max, patience).await {
        Ok(bytes) => bytes,
        Err(body::Unread::TooLarge) => {
            let why = format!("A record has at most {max} bytes");
            return answers::message(StatusCode::PAYLOAD_TOO_LARGE, &why);
        }
        Err(body::Unread::TooSlow | body::Unread::Broken) => {
            return answers::status(StatusCode::REQUEST_TIMEOUT);
        }
    };
    let record = match String::from_utf8(bytes.into()) {
        Ok(record) if !record.is_empty() => record,
        Ok(_) | Err(_) => {
            return answers::message(StatusCode::BAD_REQUEST, "A record is text and not empty");
        }
    };
    match queue.accept(record, gateway.clock.now_ms(), Duration::ZERO) {
        Ok(id) => answers::json_body(StatusCode::OK, &json!({"messageId": id})),
        Err(NotAccepted::Full) => {
            answers::message(StatusCode::TOO_MANY_REQUESTS, "The queue is full")
        }
        Err(NotAccepted::Closed) => {
            answers::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
        }
    }
}
