//! `POST /ticket`, as an HTTP API hands it to a function (payload format 2.0).

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header},
};
use serde_json::{Map, Value, json};

use crate::{
    answers, body, calendar, functions::FunctionError, gateway::Gateway, ids, peer::Peer,
    routes::INTEGRATION_TIMEOUT,
};

/// A page sends a user id.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Asks the function for a ticket; without one there is nothing here.
pub(crate) async fn answer(
    gateway: &Gateway,
    function: &str,
    peer: &Peer,
    request: Request<Body>,
) -> Response<Body> {
    if request.method() != Method::POST {
        return answers::message(StatusCode::NOT_FOUND, "Not Found");
    }
    let (parts, body) = request.into_parts();
    let patience = gateway.config.limits.read_timeout;
    let Ok(body) = body::read(body, MAX_BODY_BYTES, patience).await else {
        return answers::message(StatusCode::BAD_REQUEST, "Bad Request");
    };
    let mut headers: Map<String, Value> = Map::new();
    let mut cookies: Vec<Value> = Vec::new();
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        if name == header::COOKIE {
            cookies.extend(value.split("; ").map(Value::from));
            continue;
        }
        let joined = match headers.get(name.as_str()).and_then(Value::as_str) {
            Some(before) => format!("{before},{value}"),
            None => value.into_owned(),
        };
        headers.insert(name.to_string(), joined.into());
    }
    let now = gateway.clock.now_ms();
    let event = json!({
        "version": "2.0",
        "routeKey": "POST /ticket",
        "rawPath": "/ticket",
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "cookies": cookies,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": gateway.config.api_id,
            "domainName": headers.get("host"),
            "http": {
                "method": "POST",
                "path": "/ticket",
                "protocol": "HTTP/1.1",
                "sourceIp": peer.address.ip().to_canonical().to_string(),
                "userAgent": headers.get("user-agent"),
            },
            "requestId": ids::request_id(),
            "routeKey": "POST /ticket",
            "stage": "$default",
            "time": calendar::common_log(now),
            "timeEpoch": now,
        },
        "body": String::from_utf8_lossy(&body),
        "isBase64Encoded": false,
    });
    let asked = gateway.invoke(function, event);
    let answer = tokio::select! {
        answer = asked => answer.unwrap_or_else(|error| {
            Err(FunctionError::new("Panic", error.to_string()))
        }),
        () = gateway.clock.sleep(INTEGRATION_TIMEOUT) => {
            return answers::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
        }
    };
    match answer {
        Ok(answer) => response(&answer).unwrap_or_else(|| {
            tracing::warn!("a function's answer is not in the form of an HTTP API");
            failed()
        }),
        Err(error) => {
            tracing::warn!(%error, "a function failed");
            failed()
        }
    }
}

fn failed() -> Response<Body> {
    answers::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

fn response(answer: &Value) -> Option<Response<Body>> {
    let status = u16::try_from(answer["statusCode"].as_u64()?).ok()?;
    let body = answer["body"].as_str().unwrap_or_default();
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        let name: HeaderName = name.parse().ok()?;
        let value: HeaderValue = value.as_str()?.parse().ok()?;
        response.headers_mut().insert(name, value);
    }
    Some(response)
}
