//! `/{stage}/@connections/{id}`: post to, look at and close a connection from outside.
//!
//! Statuses, headers and bodies are the recorded ones (reference §4).

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderName, HeaderValue, Method, Request, Response, StatusCode, header, request::Parts,
    },
};
use serde_json::json;

use crate::{
    answers, body, calendar,
    connections::{Description, PostRefused},
    gateway::Gateway,
    ids::{self, ConnectionId},
    signature::{Refused, Signed},
};

/// Answers a request for the connection whose (decoded) id is `id`.
pub(crate) async fn answer(gateway: &Gateway, id: &str, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut response = match read(gateway, body).await {
        Err(refused) => refused,
        Ok(body) => match signed(gateway, &parts, &body) {
            Err(why) => {
                let (kind, text) = why.parts();
                answers::error(Refused::STATUS, kind, Some(text))
            }
            Ok(()) => match parts.method {
                Method::POST => post(gateway, id, &body),
                Method::GET => describe(gateway, id),
                Method::DELETE => close(gateway, id),
                _ => answers::forbidden(),
            },
        },
    };
    let mut add = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    };
    add("x-amzn-requestid", ids::uuid());
    add("x-amz-apigw-id", ids::request_id());
    add("x-amzn-trace-id", ids::trace_id(gateway.clock.now_ms()));
    response
}

async fn read(gateway: &Gateway, body: Body) -> Result<Bytes, Response<Body>> {
    let limits = &gateway.config.limits;
    let read = body::read(body, limits.message_bytes, limits.read_timeout).await;
    read.map_err(|unread| match unread {
        body::Unread::TooLarge => refused(PostRefused::TooLarge),
        body::Unread::TooSlow | body::Unread::Broken => {
            answers::status(StatusCode::REQUEST_TIMEOUT)
        }
    })
}

/// Anybody may where no key is configured.
fn signed(gateway: &Gateway, parts: &Parts, body: &[u8]) -> Result<(), Refused> {
    let Some(key) = &gateway.config.access_key else {
        return Ok(());
    };
    let signed = Signed {
        method: parts.method.as_str(),
        uri: &parts.uri,
        headers: &parts.headers,
        body,
    };
    signed.check(key, "execute-api", gateway.clock.now_ms())
}

fn post(gateway: &Gateway, id: &str, body: &[u8]) -> Response<Body> {
    let Some(connection) = ConnectionId::parse(id) else {
        return malformed(id);
    };
    match gateway.connections.post(&connection, as_text(body)) {
        Ok(()) => {
            let mut response = answers::status(StatusCode::OK);
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
            response
        }
        Err(why) => refused(why),
    }
}

/// Messages to clients are text frames: what is not UTF-8 is replaced, for a browser would
/// drop the whole connection over it.
fn as_text(bytes: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(bytes).into()
}

fn describe(gateway: &Gateway, id: &str) -> Response<Body> {
    let Some(connection) = ConnectionId::parse(id) else {
        return malformed(id);
    };
    match gateway.connections.describe(&connection) {
        Some(description) => {
            let mut response = answers::status(StatusCode::OK);
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
            *response.body_mut() = Body::from(written(&description));
            response
        }
        None => refused(PostRefused::Gone),
    }
}

/// The recorded spacing of the body of `GetConnection`.
fn written(description: &Description) -> String {
    format!(
        "{{\n  \"identity\" : {{\n    \"sourceIp\" : {},\n    \"userAgent\" : {}\n  }},\n  \"connectedAt\" : {},\n  \"lastActiveAt\" : {}\n}}",
        json!(description.source_ip),
        json!(description.user_agent),
        json!(calendar::iso(description.connected_at_ms)),
        json!(calendar::iso(description.last_active_ms)),
    )
}

/// A malformed id is answered as an unknown one here, as was recorded.
fn close(gateway: &Gateway, id: &str) -> Response<Body> {
    let closed = ConnectionId::parse(id).map(|id| gateway.connections.close(&id));
    match closed {
        Some(Ok(())) => answers::status(StatusCode::NO_CONTENT),
        Some(Err(_)) | None => refused(PostRefused::Gone),
    }
}

fn malformed(id: &str) -> Response<Body> {
    answers::error(
        StatusCode::BAD_REQUEST,
        "BadRequestException",
        Some(&format!("Invalid connectionId: {id}")),
    )
}

fn refused(why: PostRefused) -> Response<Body> {
    match why {
        PostRefused::Gone => answers::error(StatusCode::GONE, "GoneException", None),
        PostRefused::TooLarge => answers::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PayloadTooLargeException",
            Some("Payload too large"),
        ),
        PostRefused::Throttled => answers::error(
            StatusCode::TOO_MANY_REQUESTS,
            "LimitExceededException",
            Some("Too Many Requests"),
        ),
    }
}
