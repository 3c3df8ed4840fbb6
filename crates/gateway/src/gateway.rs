//! One API at work: what every connection and every endpoint shares.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Map, Value};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    authorizer,
    clock::Clock,
    config::Config,
    connections::{Connection, Connections},
    event::{Api, Handshake, MessageIds, Origin},
    functions::{FunctionError, Functions},
    ids,
    integration::{self, ProxyResponse},
    platform_frames::{Notice, bad_request_body},
    queue::Queue,
    routes::{INTEGRATION_TIMEOUT, Route, RouteResponse, Routes},
    websocket::close::Close,
};

/// A local API Gateway. Clones are the same gateway.
#[derive(Clone)]
pub struct Gateway(Arc<Shared>);

/// What all clones of a [`Gateway`] share; opaque outside this crate.
pub struct Shared {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) api: Api,
    pub(crate) routes: Routes,
    pub(crate) connections: Connections,
    pub(crate) queue: Queue,
    functions: Arc<dyn Functions>,
    /// No new message is read from here on.
    pub(crate) draining: CancellationToken,
    /// Connections are closed from here on.
    pub(crate) closing: CancellationToken,
    /// Functions at work.
    pub(crate) invocations: TaskTracker,
    /// Connections, from handshake to the end of `$disconnect`.
    pub(crate) sessions: TaskTracker,
}

impl std::ops::Deref for Gateway {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Gateway {
    /// An API of these `routes`. `connections` is made first because the functions post to it.
    #[must_use]
    pub fn new(
        config: Config,
        clock: Clock,
        connections: Connections,
        routes: Routes,
        functions: Arc<dyn Functions>,
    ) -> Self {
        let queue = Queue::new(config.queue.clone());
        connections.feed(queue.clone());
        Self(Arc::new(Shared {
            api: Api {
                id: config.api_id.clone(),
                stage: config.stage.clone(),
            },
            queue,
            config,
            clock,
            routes,
            connections,
            functions,
            draining: CancellationToken::new(),
            closing: CancellationToken::new(),
            invocations: TaskTracker::new(),
            sessions: TaskTracker::new(),
        }))
    }

    /// Starts a function; it runs to its end whether or not somebody waits.
    pub(crate) fn invoke(
        &self,
        function: &str,
        event: Value,
    ) -> JoinHandle<Result<Value, FunctionError>> {
        self.invocations
            .spawn(self.functions.invoke(function, event))
    }

    /// Asks the authorizer, if the API has one: what events say of the connection, or the status
    /// that refuses it.
    pub(crate) async fn authorize(
        &self,
        origin: &Origin,
        handshake: &Handshake,
    ) -> Result<Option<Map<String, Value>>, StatusCode> {
        let Some(authorizer) = self.routes.authorizer() else {
            return Ok(None);
        };
        if !authorizer.is_answerable(handshake) {
            return Err(StatusCode::UNAUTHORIZED);
        }
        let event = self.api.authorizer(origin, handshake);
        let asked = self.invoke(&authorizer.function, event);
        let answer = tokio::select! {
            answer = asked => answer.unwrap_or_else(|error| {
                Err(FunctionError::new("Panic", error.to_string()))
            }),
            () = self.clock.sleep(INTEGRATION_TIMEOUT) => Err(FunctionError::new("Timeout", "")),
        };
        authorizer::judge(answer, &self.api.arn()).map(Some)
    }

    /// Asks `$connect`; an API without that route lets everybody in.
    pub(crate) async fn ask_connect(
        &self,
        origin: &Origin,
        handshake: &Handshake,
    ) -> Option<Result<ProxyResponse, Notice>> {
        let route = self.routes.exact("$connect")?;
        let event = self.api.connect(origin, handshake);
        Some(self.call(route, event).await)
    }

    /// Tells `$disconnect`, if the API has that route. Its answer goes nowhere.
    pub(crate) async fn tell_disconnect(&self, origin: &Origin, close: &Close) {
        tracing::info!(connection = %origin.connection, code = close.code, reason = close.reason, "disconnected");
        if self.connections.leaves_untold() {
            return;
        }
        if let Some(route) = self.routes.exact("$disconnect") {
            let event = self.api.disconnect(origin, close, self.clock.now_ms());
            let _ = self.call(route, event).await;
        }
    }

    /// Takes one message of a client. What the gateway itself has to say at once is returned;
    /// what a function answers comes later, through the connection's queue.
    pub(crate) fn message(&self, connection: &Arc<Connection>, text: String) -> Option<String> {
        let now = self.clock.now_ms();
        connection.touch(now);
        let id = &connection.origin.connection;
        let ids = MessageIds {
            request: ids::request_id(),
            message: id.message_id(),
        };
        let Some((key, route)) = self.routes.select(&text) else {
            return Some(Notice::Forbidden.frame(id, &ids.request));
        };
        if route.model.is_some_and(|model| !follows(model, &text)) {
            return Some(bad_request_body(id, &ids.message));
        }
        let permit = connection.begin_message(self.config.limits.messages_in_flight);
        let Some(permit) = permit.filter(|_| self.connections.take_request()) else {
            return Some(Notice::TooManyRequests.frame(id, &ids.request));
        };
        let event = self.api.message(&connection.origin, key, &ids, text, now);
        let (gateway, route, connection) = (self.clone(), route.clone(), Arc::clone(connection));
        self.invocations.spawn(async move {
            let answer = gateway.call(&route, event).await;
            if let Some(text) = gateway.answer(&route, &connection, &ids.request, answer) {
                connection.reply(text, gateway.clock.now_ms()).await;
            }
            drop(permit);
        });
        None
    }

    /// What the client receives for a function's answer. The status is not looked at; error
    /// frames come on one-way routes too; a two-way answer without a body is an empty message.
    fn answer(
        &self,
        route: &Route,
        connection: &Connection,
        request_id: &str,
        answer: Result<ProxyResponse, Notice>,
    ) -> Option<String> {
        let notice = match (answer, route.response) {
            (Err(notice), _) => notice,
            (Ok(_), RouteResponse::None) => return None,
            (Ok(response), RouteResponse::Body) => {
                let body = response.body.unwrap_or_default();
                if body.len() <= self.config.limits.message_bytes {
                    return Some(body);
                }
                tracing::warn!(bytes = body.len(), "a function's answer is too long");
                Notice::InternalServerError
            }
        };
        Some(notice.frame(&connection.origin.connection, request_id))
    }

    async fn call(&self, route: &Route, event: Value) -> Result<ProxyResponse, Notice> {
        let invocation = self.invoke(&route.function, event);
        integration::wait(&self.clock, route.timeout, invocation).await
    }

    /// Opens a connection whose `$connect` was granted.
    pub(crate) fn open(&self, origin: Origin) -> (Arc<Connection>, mpsc::Receiver<Arc<str>>) {
        tracing::info!(connection = %origin.connection, source = %origin.source_ip, "connected");
        self.connections.insert(origin)
    }
}

fn follows(model: crate::routes::Model, text: &str) -> bool {
    serde_json::from_str(text).is_ok_and(|message| model(&message))
}
