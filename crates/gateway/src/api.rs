//! Which path is answered by what, and what is refused before it gets there.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::Body,
    extract::{Path, Request, State},
    http::{Method, Response, StatusCode},
    middleware::{self, Next},
    routing::any,
};
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::{
    answers, gateway::Gateway, management, origin::OriginRules, peer::Peer, queue, site::Site,
    tickets, websocket::handshake,
};

/// What the endpoints share.
#[derive(Clone)]
struct Api {
    gateway: Gateway,
    site: Option<Arc<Site>>,
    origins: Arc<OriginRules>,
}

/// The gateway as a service of HTTP requests, each with its [`Peer`] as an extension.
pub(crate) fn router(gateway: Gateway, site: Option<Site>, origins: OriginRules) -> Router {
    let stage = &gateway.config.stage;
    let stage_paths = [format!("/{stage}"), format!("/{stage}/")];
    let below_stage = format!("/{stage}/{{*path}}");
    let url_chars = gateway.config.limits.url_chars;
    let api = Api {
        site: site.map(Arc::new),
        origins: Arc::new(origins),
        gateway,
    };
    let mut router = Router::new();
    for path in &stage_paths {
        router = router.route(path, any(websocket));
    }
    router
        .route(&below_stage, any(under_stage))
        .route("/queue/{name}", any(queue_itself))
        .route("/queue/{name}/{part}", any(queue_part))
        .route("/ticket", any(ticket))
        .route("/health", any(health))
        .route_layer(middleware::from_fn_with_state(api.clone(), check_origin))
        .fallback(elsewhere)
        .layer(middleware::from_fn(move |request, next| {
            check_length(url_chars, request, next)
        }))
        .with_state(api)
}

async fn websocket(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    handshake::answer(api.gateway, parts, peer).await
}

/// `@connections`, in both spellings; whatever else is under the stage is no path of a
/// WebSocket API.
async fn under_stage(State(api): State<Api>, request: Request) -> Response<Body> {
    let stage = api.gateway.config.stage.len() + 2;
    let path = request.uri().path().get(stage..).unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
    match path.strip_prefix("@connections/") {
        Some(id) => management::answer(&api.gateway, id, request).await,
        None if handshake::is_upgrade(request.headers()) => answers::forbidden(),
        None if request.method() == Method::GET => answers::upgrade_required(),
        None => answers::forbidden(),
    }
}

async fn queue_itself(
    State(api): State<Api>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    queue::http::answer(&api.gateway, &name, None, request).await
}

async fn queue_part(
    State(api): State<Api>,
    Path((name, part)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    queue::http::answer(&api.gateway, &name, Some(&part), request).await
}

async fn ticket(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response<Body> {
    match &api.gateway.config.tickets {
        Some(function) => tickets::answer(&api.gateway, function, &peer, request).await,
        None => elsewhere(State(api), request).await,
    }
}

async fn health(State(api): State<Api>) -> Response<Body> {
    let gateway = &api.gateway;
    let ok = !gateway.draining.is_cancelled();
    let status = match ok {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let body = json!({
        "ok": ok,
        "version": env!("CARGO_PKG_VERSION"),
        "stage": gateway.config.stage,
        "connections": gateway.connections.count(),
        "queue": gateway.queue.depth(),
    });
    answers::json_body(status, &body)
}

/// Every other path: the app's files, or what the platform says to a wrong stage.
async fn elsewhere(State(api): State<Api>, request: Request) -> Response<Body> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    let forbidden =
        handshake::is_upgrade(request.headers()) || path.contains("/@connections") || !reads;
    let by_sqs = queue::sqs::is_meant(request.headers()) && api.origins.admit(request.headers());
    match &api.site {
        _ if by_sqs => queue::sqs::answer(&api.gateway, request).await,
        Some(site) if !forbidden => site.answer(request).await,
        Some(_) | None => answers::forbidden(),
    }
}

async fn check_origin(State(api): State<Api>, request: Request, next: Next) -> Response<Body> {
    if api.origins.admit(request.headers()) {
        return next.run(request).await;
    }
    let origin = request.headers().get("origin");
    tracing::warn!(?origin, "refused: allow this origin with --allow-origin");
    answers::forbidden()
}

async fn check_length(limit: usize, request: Request, next: Next) -> Response<Body> {
    let uri = request.uri();
    let length = uri.path_and_query().map_or(0, |path| path.as_str().len());
    if length > limit {
        return answers::message(StatusCode::URI_TOO_LONG, "URI Too Long");
    }
    next.run(request).await
}
