//! A function's life: read the environment, build the clients once, then answer one event after
//! another. Events and answers have the platform's JSON shape already in the handlers' crate.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use switchboard_backend::{
    Backend, BatchResponse, Event, HandlerError, Kicked, QueueEvent, Response, store::StoreError,
};
use switchboard_identity::{
    Authorization, Authorizer, AuthorizerEvent, HttpEvent, HttpResponse, Issuer,
};
use switchboard_protocol::UserId;

use crate::{
    AuthorizerEnvironment, DynamoStore, DynamoTickets, Environment, IssuerEnvironment,
    ManagementApi, PublishedKeys, Queue, SystemClock,
    clients::{self, dynamodb, https, management},
    logs,
};

/// The handlers over this crate's adapters.
pub type Handlers = Backend<DynamoStore, ManagementApi, SystemClock>;
/// The authorizer over this crate's adapters.
pub type Door = Authorizer<DynamoTickets, SystemClock>;
/// The issuer of tickets over this crate's adapters.
pub type Counter = Issuer<DynamoTickets, PublishedKeys, SystemClock>;

/// The handlers of an environment.
#[must_use]
pub fn handlers(environment: &Environment) -> Handlers {
    let http = https();
    let queue = environment.queue.as_ref().map(|address| {
        let client = clients::sqs(http.clone(), &environment.platform, address);
        Queue::new(client, &address.url)
    });
    Backend::new(
        DynamoStore::new(
            dynamodb(http.clone(), &environment.platform),
            &environment.table,
        ),
        ManagementApi::new(management(http.clone(), environment), queue),
        SystemClock,
        environment.settings.clone(),
    )
}

/// The authorizer of an environment.
#[must_use]
pub fn door(environment: &AuthorizerEnvironment) -> Door {
    let client = clients::dynamodb(https(), &environment.platform);
    Authorizer::new(
        DynamoTickets::new(client, &environment.tickets),
        SystemClock,
    )
}

/// The issuer of an environment.
///
/// # Errors
/// When the system has no certificates to trust.
pub fn counter(environment: &IssuerEnvironment) -> std::io::Result<Counter> {
    let client = clients::dynamodb(https(), &environment.platform);
    Ok(Issuer::new(
        DynamoTickets::new(client, &environment.tickets),
        PublishedKeys::at(&environment.keys)?,
        SystemClock,
        environment.issuer.clone(),
    ))
}

/// Serves every route of the WebSocket API until the environment ends.
///
/// # Errors
/// What the environment lacks, or that Lambda's runtime API cannot be reached.
pub async fn routes() -> Result<(), lambda_runtime::Error> {
    let chat = || Ok(handlers(&Environment::read(variable)?));
    run(chat, async |chat, event| route(&chat, event).await).await
}

/// Publishes batches of queue records until the environment ends.
///
/// # Errors
/// As [`routes`].
pub async fn publisher() -> Result<(), lambda_runtime::Error> {
    let chat = || Ok(handlers(&Environment::read(variable)?));
    run(chat, async |chat, event| publish(&chat, event).await).await
}

/// Ends users' connections until the environment ends.
///
/// # Errors
/// As [`routes`].
pub async fn kicker() -> Result<(), lambda_runtime::Error> {
    let chat = || Ok(handlers(&Environment::read(variable)?));
    run(chat, async |chat, event| kick(&chat, event).await).await
}

/// Redeems tickets until the environment ends.
///
/// # Errors
/// As [`routes`].
pub async fn authorizer() -> Result<(), lambda_runtime::Error> {
    let door = || Ok(door(&AuthorizerEnvironment::read(variable)?));
    run(door, async |door, event| authorize(&door, event).await).await
}

/// Issues tickets until the environment ends.
///
/// # Errors
/// As [`routes`].
pub async fn tickets() -> Result<(), lambda_runtime::Error> {
    let counter = || Ok(counter(&IssuerEnvironment::read(variable)?)?);
    run(counter, async |counter, event| issue(&counter, event).await).await
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

/// Ends the connections of `{"userId": …}`. Nobody reaches this but who may invoke the function.
///
/// # Errors
/// An event of another shape, and a roster that cannot be read.
pub async fn kick(handlers: &Handlers, event: Value) -> Result<Kicked, FunctionError> {
    #[derive(Deserialize)]
    struct Kick {
        #[serde(rename = "userId")]
        user: String,
    }
    let event: Kick = read(event)?;
    let user = UserId::try_from(event.user).map_err(|_| malformed())?;
    Ok(boxed(handlers.kick(&user)).await?)
}

/// Answers one handshake.
///
/// # Errors
/// An event of another shape, and tickets that cannot be read: no refusal, but an error of ours.
pub async fn authorize(door: &Door, event: Value) -> Result<Authorization, FunctionError> {
    let event: AuthorizerEvent = read(event)?;
    let answer = boxed(door.handle(&event)).await;
    Ok(answer.inspect_err(|error| {
        tracing::error!(kind = "StoreUnavailable", %error, "a ticket was not looked at");
    })?)
}

/// Answers one request for a ticket.
///
/// # Errors
/// An event of another shape.
pub async fn issue(counter: &Counter, event: Value) -> Result<HttpResponse, FunctionError> {
    let event: HttpEvent = read(event)?;
    let response = boxed(counter.handle(&event)).await;
    tracing::info!(status = response.status_code, "answered");
    Ok(response)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn run<S, T, F>(
    start: impl Fn() -> Result<S, lambda_runtime::Error>,
    answer: impl Fn(Arc<S>, Value) -> F,
) -> Result<(), lambda_runtime::Error>
where
    T: Serialize,
    F: Future<Output = Result<T, FunctionError>>,
{
    logs::start(variable("LOG_LEVEL").as_deref());
    let state = Arc::new(start().inspect_err(|error| {
        tracing::error!(kind = "Environment", %error, "not started");
    })?);
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| {
        answer(Arc::clone(&state), event.payload)
    }))
    .await
}

/// Without its type: the handlers' futures over the SDK's are nested deeper than rustc looks.
fn boxed<'future, T>(
    future: impl Future<Output = T> + Send + 'future,
) -> Pin<Box<dyn Future<Output = T> + Send + 'future>> {
    Box::pin(future)
}

/// Says that the shape is wrong, not what stood there: that may be what somebody wrote.
fn read<T: DeserializeOwned>(event: Value) -> Result<T, FunctionError> {
    serde_json::from_value(event).map_err(|_| malformed())
}

fn malformed() -> FunctionError {
    let error = FunctionError {
        kind: "MalformedEvent",
        message: String::new(),
    };
    tracing::error!(kind = error.kind, "not an event for this function");
    error
}

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

impl From<StoreError> for FunctionError {
    fn from(error: StoreError) -> Self {
        HandlerError::from(error).into()
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
