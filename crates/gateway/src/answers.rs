//! The gateway's HTTP answers, in the platform's form: a small JSON body or none.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use serde_json::{Value, json};

/// A bare status.
pub(crate) fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// `{"message":"…"}` with a status.
pub(crate) fn message(status: StatusCode, message: &str) -> Response<Body> {
    json_body(status, &json!({ "message": message }))
}

/// A JSON body with a status.
pub(crate) fn json_body(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// An error of the platform, named in `x-amzn-errortype`.
pub(crate) fn error(
    status: StatusCode,
    error_type: &'static str,
    text: Option<&str>,
) -> Response<Body> {
    let mut response = match text {
        Some(text) => message(status, text),
        None => self::status(status),
    };
    response.headers_mut().insert(
        HeaderName::from_static("x-amzn-errortype"),
        HeaderValue::from_static(error_type),
    );
    response
}

/// The refusal of whatever is not ours or not allowed.
pub(crate) fn forbidden() -> Response<Body> {
    error(
        StatusCode::FORBIDDEN,
        "ForbiddenException",
        Some("Forbidden"),
    )
}

/// The answer to a plain request where only a WebSocket is served.
pub(crate) fn upgrade_required() -> Response<Body> {
    let mut response = message(StatusCode::UPGRADE_REQUIRED, "Upgrade Required");
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    response
}
