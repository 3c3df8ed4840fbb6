//! A function's life: read the environment, build the clients once, then answer one event after
//! another. Events and answers have the platform's JSON shape already in the handlers' crate.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use switchboard_backend::{Backend, BatchResponse, Event, HandlerError, QueueEvent, Response};

use crate::{
    Clients, DynamoStore, Environment, EnvironmentError, ManagementApi, SystemClock, logs,
};

/// The handlers over this crate's adapters.
pub type Handlers = Backend<DynamoStore, ManagementApi, SystemClock>;

/// The handlers of an environment.
#[must_use]
pub fn handlers(environment: &Environment) -> Handlers {
    let clients = Clients::new(environment);
    Backend::new(
        DynamoStore::new(clients.dynamodb, &environment.table),
        ManagementApi::new(clients.management),
        SystemClock,
        environment.settings.clone(),
    )
}

/// Serves every route of the WebSocket API until the environment ends.
///
/// # Errors
/// What the environment lacks, or that Lambda's runtime API cannot be reached.
pub async fn routes() -> Result<(), lambda_runtime::Error> {
    run(async |handlers, event| route(&handlers, event).await).await
}

/// Publishes batches of queue records until the environment ends.
///
/// # Errors
/// As [`routes`].
pub async fn publisher() -> Result<(), lambda_runtime::Error> {
    run(async |handlers, event| publish(&handlers, event).await).await
}

/// Answers one event of the WebSocket API.
///
/// # Errors
/// An event of another shape, and what no frame of ours can say.
pub async fn route(handlers: &Handlers, event: Value) -> Result<Response, FunctionError> {
    let event: Event = read(event)?;
    let (route, connection) = {
        let context = &event.request_context;
        (context.route_key.clone(), context.connection_id.clone())
    };
    let outcome = boxed(handlers.handle(event)).await;
    match &outcome {
        Ok(response) => {
            let status = response.status_code;
            tracing::info!(%connection, route, status, "answered");
        }
        Err(error) => tracing::error!(%connection, route, kind = error.kind(), %error, "failed"),
    }
    Ok(outcome?)
}

/// Answers one batch of the queue.
///
/// # Errors
/// An event of another shape.
pub async fn publish(handlers: &Handlers, event: Value) -> Result<BatchResponse, FunctionError> {
    let event: QueueEvent = read(event)?;
    let records = event.records.len();
    let response = boxed(handlers.publish(event.records)).await;
    let failed = response.batch_item_failures.len();
    tracing::info!(records, failed, "published");
    Ok(response)
}

async fn run<T, F>(answer: impl Fn(Arc<Handlers>, Value) -> F) -> Result<(), lambda_runtime::Error>
where
    T: Serialize,
    F: Future<Output = Result<T, FunctionError>>,
{
    let variable = |name: &str| std::env::var(name).ok();
    logs::start(variable("LOG_LEVEL").as_deref());
    let environment = Environment::read(variable).inspect_err(not_started)?;
    let handlers = Arc::new(handlers(&environment));
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| {
        answer(Arc::clone(&handlers), event.payload)
    }))
    .await
}

fn not_started(error: &EnvironmentError) {
    tracing::error!(kind = "Environment", %error, "not started");
}

/// Without its type: the handlers' futures over the SDK's are nested deeper than rustc looks.
fn boxed<'future, T>(
    future: impl Future<Output = T> + Send + 'future,
) -> Pin<Box<dyn Future<Output = T> + Send + 'future>> {
    Box::pin(future)
}

/// Says that the shape is wrong, not what stood there: that may be what somebody wrote.
fn read<T: DeserializeOwned>(event: Value) -> Result<T, FunctionError> {
    serde_json::from_value(event).map_err(|_| {
        tracing::error!(kind = MALFORMED.kind, "not an event for this function");
        MALFORMED
    })
}

const MALFORMED: FunctionError = FunctionError {
    kind: "MalformedEvent",
    message: String::new(),
};

/// A failed invocation, under a name that alarms and log queries can group by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// Stable: `MalformedEvent`, or what [`HandlerError::kind`] says.
    pub kind: &'static str,
    /// For the operator; no client sees it.
    pub message: String,
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl std::error::Error for FunctionError {}

impl From<HandlerError> for FunctionError {
    fn from(error: HandlerError) -> Self {
        Self {
            kind: error.kind(),
            message: error.to_string(),
        }
    }
}

impl From<FunctionError> for Diagnostic {
    fn from(error: FunctionError) -> Self {
        Self {
            error_type: error.kind.to_owned(),
            error_message: error.message,
        }
    }
}
