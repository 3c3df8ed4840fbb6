//! Where an event finds its handler.

use std::sync::atomic::AtomicBool;

use crate::{
    event::{Event, EventType},
    identity,
    ports::{Clock, Post},
    queue::{BatchResponse, QueueRecord},
    response::{HandlerError, Response},
    routes::bye::bye,
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
    /// Whether more were here than one function posts to when it last looked: a hint.
    pub(crate) is_crowd: AtomicBool,
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Handlers over these ports.
    pub fn new(store: S, post: P, clock: C, settings: Settings) -> Self {
        Self {
            store,
            post,
            clock,
            settings,
            is_crowd: AtomicBool::new(false),
        }
    }

    /// Serves one event of the WebSocket API.
    ///
    /// # Errors
    /// [`HandlerError`] when the store failed and no frame of ours can say so.
    pub async fn handle(&self, event: Event) -> Result<Response, HandlerError> {
        match event.request_context.event_type {
            EventType::Connect => Ok(self.connect(&event).await),
            EventType::Disconnect => Ok(self.disconnect(&event).await),
            EventType::Message => self.message(&event).await,
        }
    }

    /// Posts each record's body to every live connection (S3), or the text of a record that the handlers
    /// made to the shard that it names.
    ///
    /// A record has failed when the roster could not be read, or when nobody accepted it and
    /// some connection failed otherwise than by being gone.
    pub async fn publish(&self, records: Vec<QueueRecord>) -> BatchResponse {
        self.publish_records(records).await
    }

    async fn message(&self, event: &Event) -> Result<Response, HandlerError> {
        // Here, for all: the older systems' handlers look no sender up.
        if identity::has_ended(event, self.clock.now_ms()) {
            return self.ended(event).await;
        }
        if event.is_base64_encoded {
            return Ok(Response::bad_request("Binary messages are not supported."));
        }
        let body = event.body.as_deref().unwrap_or_default();
        let older = self.settings.serves_older();
        match event.request_context.route_key.as_str() {
            "hello" => self.hello(event, body).await,
            "sendmessage" => self.sendmessage(event, body).await,
            "sync" => self.sync(event, body).await,
            "signal" => self.signal(event, body).await,
            "ping" => self.ping(event, body).await,
            "bye" => Ok(bye()),
            "sendMessage" if older => self.send_message_direct(event, body).await,
            "$default" if older => self.default(event).await,
            route => Ok(Response::new(404, format!("Nothing serves {route}."))),
        }
    }
}
