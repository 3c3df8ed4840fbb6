//! The handshake: is it one, does `$connect` agree, and only then the 101 (reference §1).

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::BytesMut;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use sha1::{Digest, Sha1};
use tokio::{net::TcpStream, sync::oneshot};

use super::{close::Close, inflate, session::Session};
use crate::{
    answers,
    event::{Handshake, Origin},
    gateway::Gateway,
    head::{self, Head, Recorded},
    ids::{self, ConnectionId},
    peer::Peer,
    platform_frames::Notice,
};

const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Answers a request under the stage's own path: 426 for a plain one, else the handshake.
pub(crate) async fn answer(gateway: Gateway, mut parts: Parts, peer: Peer) -> Response<Body> {
    if !is_upgrade(&parts.headers) {
        return answers::upgrade_required();
    }
    let (Some(key), Some(upgrade)) = (key(&parts), parts.extensions.remove::<OnUpgrade>()) else {
        return answers::message(StatusCode::BAD_REQUEST, "Bad Request");
    };
    if gateway.draining.is_cancelled() {
        return answers::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
    }
    let extensions = text(&parts.headers, header::SEC_WEBSOCKET_EXTENSIONS)
        .filter(|_| gateway.config.switches.deflate)
        .and_then(inflate::accept);
    let deflate = extensions.is_some();
    let (decided, decision) = oneshot::channel();
    let sessions = gateway.sessions.clone();
    // A task of its own: a client that gives up while `$connect` runs must not cancel it.
    sessions.spawn(establish(gateway, parts, peer, upgrade, deflate, decided));
    match decision.await {
        Ok(Ok(protocol)) => switching(&key, extensions, protocol),
        Ok(Err(status)) => answers::status(status),
        Err(_) => answers::message(StatusCode::BAD_GATEWAY, "Internal server error"),
    }
}

/// Whether a request wants to become a WebSocket.
pub(crate) fn is_upgrade(headers: &HeaderMap) -> bool {
    let names = |name: HeaderName, token: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|item| item.trim().eq_ignore_ascii_case(token))
    };
    names(header::CONNECTION, "upgrade") && names(header::UPGRADE, "websocket")
}

/// The client's key, if the request is a handshake of version 13.
fn key(parts: &Parts) -> Option<String> {
    let key = text(&parts.headers, header::SEC_WEBSOCKET_KEY)?.trim();
    let valid = parts.method == axum::http::Method::GET
        && text(&parts.headers, header::SEC_WEBSOCKET_VERSION)?.trim() == "13"
        && STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16);
    valid.then(|| key.to_owned())
}

/// Runs `$connect`, says what it decided, and serves the connection to its end.
async fn establish(
    gateway: Gateway,
    parts: Parts,
    peer: Peer,
    upgrade: OnUpgrade,
    deflate: bool,
    decided: oneshot::Sender<Result<Option<HeaderValue>, StatusCode>>,
) {
    let mut origin = Origin {
        connection: ConnectionId::random(),
        connected_at_ms: gateway.clock.now_ms(),
        source_ip: peer.address.ip().to_canonical(),
        user_agent: text(&parts.headers, header::USER_AGENT).map(str::to_owned),
        domain: text(&parts.headers, header::HOST)
            .unwrap_or_default()
            .to_owned(),
        authorizer: None,
    };
    let handshake = Handshake {
        headers: event_headers(&parts, &peer, origin.connected_at_ms),
        query: query(parts.uri.query().unwrap_or_default()),
    };
    drop(parts);
    let decision = Box::pin(ask(&gateway, &mut origin, &handshake)).await;
    drop(handshake);
    let protocol = match decision {
        Ok(protocol) => protocol,
        Err(status) => {
            tracing::info!(%status, "a connection was refused");
            let _ = decided.send(Err(status));
            return;
        }
    };
    let (connection, outgoing) = gateway.open(origin);
    let heard = decided.send(Ok(protocol)).is_ok();
    let stream = match upgrade.await {
        Ok(upgraded) if heard => into_stream(upgraded),
        Ok(_) | Err(_) => None,
    };
    let Some((stream, input)) = stream else {
        gateway.connections.remove(&connection.origin.connection);
        gateway
            .tell_disconnect(&connection.origin, &Close::lost())
            .await;
        return;
    };
    let session = Session {
        gateway,
        connection,
        outgoing,
        deflate,
    };
    session.run(stream, input).await;
}

/// Asks the authorizer and then `$connect`.
async fn ask(
    gateway: &Gateway,
    origin: &mut Origin,
    handshake: &Handshake,
) -> Result<Option<HeaderValue>, StatusCode> {
    let authorized = gateway.authorize(origin, handshake).await?;
    origin.authorizer = authorized.map(Arc::new);
    decide(gateway.ask_connect(origin, handshake).await)
}

/// What `$connect`'s answer means: the subprotocol it chose, or the status of the refusal.
fn decide(
    answer: Option<Result<crate::integration::ProxyResponse, Notice>>,
) -> Result<Option<HeaderValue>, StatusCode> {
    match answer {
        None => Ok(None),
        Some(Ok(response)) if (200..300).contains(&response.status) => Ok(response
            .header("Sec-WebSocket-Protocol")
            .and_then(|protocol| HeaderValue::from_str(protocol).ok())),
        Some(Ok(response)) if response.status >= 300 => {
            Err(StatusCode::from_u16(response.status).unwrap_or(StatusCode::BAD_GATEWAY))
        }
        Some(Err(Notice::EndpointRequestTimedOut)) => Err(StatusCode::GATEWAY_TIMEOUT),
        Some(Ok(_) | Err(_)) => Err(StatusCode::BAD_GATEWAY),
    }
}

fn switching(
    key: &str,
    extensions: Option<String>,
    protocol: Option<HeaderValue>,
) -> Response<Body> {
    let accept = STANDARD.encode(Sha1::digest(format!("{key}{GUID}")));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&accept) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    if let Some(extensions) = extensions.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, extensions);
    }
    if let Some(protocol) = protocol {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    response
}

/// The bare TCP connection under an upgraded one, with what was read of it already.
fn into_stream(upgraded: Upgraded) -> Option<(TcpStream, BytesMut)> {
    let parts = upgraded.downcast::<TokioIo<Recorded>>().ok()?;
    let input = BytesMut::from(&parts.read_buf[..]);
    Some((parts.io.into_inner().into_stream(), input))
}

/// The headers of the CONNECT event: the client's own, in its spelling, without the hop's, and
/// the ones the platform adds.
fn event_headers(parts: &Parts, peer: &Peer, now: u64) -> Vec<(String, String)> {
    let spelled = parts
        .extensions
        .get::<Head>()
        .map(Head::names)
        .unwrap_or_default();
    let spell = |name: &HeaderName| {
        spelled
            .iter()
            .find(|spelled| spelled.eq_ignore_ascii_case(name.as_str()))
            .cloned()
            .unwrap_or_else(|| head::title_case(name.as_str()))
    };
    let hop = [header::CONNECTION, header::UPGRADE, header::CONTENT_LENGTH];
    let added = [
        "X-Amzn-Trace-Id",
        "X-Forwarded-For",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
    ];
    let forwarded = parts.headers.get("x-forwarded-for");
    let source = peer.address.ip().to_canonical();
    let forwarded_for = match forwarded.and_then(|value| value.to_str().ok()) {
        Some(before) => format!("{before}, {source}"),
        None => source.to_string(),
    };
    let added_values = [
        ids::trace_id(now),
        forwarded_for,
        peer.local.port().to_string(),
        "http".to_owned(),
    ];
    parts
        .headers
        .iter()
        .filter(|(name, _)| !hop.contains(name))
        .filter(|(name, _)| {
            !added
                .iter()
                .any(|added| added.eq_ignore_ascii_case(name.as_str()))
        })
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (spell(name), value)
        })
        .chain(added.map(str::to_owned).into_iter().zip(added_values))
        .collect()
}

pub(crate) fn query(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
