//! The chat backend behind the gateway, in this process: its ports on one side, the functions
//! that the gateway invokes on the other.
//!
//! Events and answers pass as JSON although both ends are here, so that nothing works in
//! process that would not work with real binaries.

mod workers;

use std::{future::ready, io, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use serde_json::Value;
use switchboard_backend::{Backend, PostError, QueueError, QueueEvent, ROUTES, Store};

use self::workers::Workers;
use crate::{
    authorizer::{Authorizer, IdentitySource},
    clock::Clock,
    connections::{Connections, PostRefused},
    demo_login::{self, DEMO_LOGIN},
    error::ConfigError,
    functions::{FunctionError, Functions},
    ids::{self, ConnectionId},
    queue::poller::PUBLISHER,
    routes::{Route, Routes},
    runtime::{AUTHORIZER, ROUTES as ROUTES_FUNCTION},
};

/// Every route of the backend, one-way, selected as the five older systems do, behind the demo
/// login.
///
/// # Errors
///
/// If `expression` is no route selection expression.
pub fn backend_routes(expression: &str) -> Result<Routes, ConfigError> {
    let routes = Routes::new(expression)?.behind(demo_login::authorizer());
    Ok(ROUTES.iter().fold(routes, |routes, key| {
        routes.with(key, Route::one_way(ROUTES_FUNCTION))
    }))
}

/// What takes the demo login's place where people are known by tickets.
#[must_use]
pub fn ticket_authorizer() -> Authorizer {
    Authorizer {
        function: AUTHORIZER.to_owned(),
        sources: vec![IdentitySource::Query("ticket".to_owned())],
    }
}

/// `switchboard-backend` as functions, on threads of their own.
pub struct BackendFunctions<S> {
    backend: Arc<Backend<S, Connections, Clock>>,
    workers: Workers,
}

impl<S: Store + 'static> BackendFunctions<S> {
    /// Handlers over `store` that post to `connections` and live by `clock`.
    ///
    /// # Errors
    ///
    /// If the system gives no threads.
    pub fn start(
        store: S,
        connections: Connections,
        clock: Clock,
        settings: switchboard_backend::Settings,
    ) -> io::Result<Self> {
        Ok(Self {
            backend: Arc::new(Backend::new(store, connections, clock, settings)),
            workers: Workers::start()?,
        })
    }
}

impl<S: Store + 'static> Functions for BackendFunctions<S> {
    fn invoke(
        &self,
        function: &str,
        event: Value,
    ) -> BoxFuture<'static, Result<Value, FunctionError>> {
        let backend = Arc::clone(&self.backend);
        let answered = match function {
            DEMO_LOGIN => return Box::pin(ready(demo_login::invoke(event))),
            PUBLISHER => self.workers.run(|| Box::pin(publish(backend, event))),
            _ => self.workers.run(|| Box::pin(handle(backend, event))),
        };
        Box::pin(async move {
            answered
                .await
                .unwrap_or_else(|_| Err(FunctionError::new("Panic", "see above")))
        })
    }
}

async fn publish<S: Store>(
    backend: Arc<Backend<S, Connections, Clock>>,
    event: Value,
) -> Result<Value, FunctionError> {
    let event: QueueEvent = read(event)?;
    write(&backend.publish(event.records).await)
}

async fn handle<S: Store>(
    backend: Arc<Backend<S, Connections, Clock>>,
    event: Value,
) -> Result<Value, FunctionError> {
    let response = backend.handle(read(event)?).await;
    let response = response.map_err(|error| FunctionError::new(error.kind(), error.to_string()))?;
    write(&response)
}

fn read<T: serde::de::DeserializeOwned>(event: Value) -> Result<T, FunctionError> {
    serde_json::from_value(event).map_err(|error| FunctionError::new("Event", error.to_string()))
}

fn write<T: serde::Serialize>(answer: &T) -> Result<Value, FunctionError> {
    serde_json::to_value(answer).map_err(|error| FunctionError::new("Answer", error.to_string()))
}

impl switchboard_backend::Post for Connections {
    async fn post(
        &self,
        connection: &switchboard_protocol::ConnectionId,
        data: Arc<str>,
    ) -> Result<(), PostError> {
        let id = parse(connection)?;
        Ok(Self::post(self, &id, data)?)
    }

    async fn close(
        &self,
        connection: &switchboard_protocol::ConnectionId,
    ) -> Result<(), PostError> {
        let id = parse(connection)?;
        Ok(Self::close(self, &id)?)
    }

    async fn enqueue(&self, records: Vec<String>, delay: Duration) -> Result<(), QueueError> {
        Self::enqueue(self, records, delay).map_err(|refused| QueueError(refused.to_string()))
    }
}

fn parse(id: &switchboard_protocol::ConnectionId) -> Result<ConnectionId, PostError> {
    ConnectionId::parse(id.as_str())
        .ok_or_else(|| PostError::Other(format!("Invalid connectionId: {id}")))
}

impl From<PostRefused> for PostError {
    fn from(refused: PostRefused) -> Self {
        match refused {
            PostRefused::Gone => Self::Gone,
            PostRefused::TooLarge => Self::TooLarge,
            PostRefused::Throttled => Self::Throttled,
        }
    }
}

impl switchboard_backend::Clock for Clock {
    fn now_ms(&self) -> u64 {
        Self::now_ms(self)
    }

    async fn sleep(&self, duration: Duration) {
        Self::sleep(self, duration).await;
    }

    fn random(&self) -> u64 {
        ids::random()
    }
}
