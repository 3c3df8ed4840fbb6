//! A backend with fakes around it, and the few words the tests are written in.

mod clock;
mod post;
mod store;

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use futures_executor::block_on;
use serde_json::{Value, json};
use switchboard_backend::{
    Backend, BatchResponse, Event, HandlerError, Kicked, QueueEvent, Response, Settings,
    store::StoreError,
};

pub(crate) use self::{
    clock::FakeClock,
    post::{Answer, FakePost},
    store::FakeStore,
};

/// The backend under test and its surroundings.
pub(crate) struct World {
    pub(crate) backend: Backend<Arc<FakeStore>, Arc<FakePost>, Arc<FakeClock>>,
    pub(crate) store: Arc<FakeStore>,
    pub(crate) post: Arc<FakePost>,
    pub(crate) clock: Arc<FakeClock>,
    /// What the authorizer said at each connection's handshake: it stands in all of its events.
    principals: RefCell<BTreeMap<String, Value>>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let store = Arc::new(FakeStore::default());
        let post = Arc::new(FakePost::default());
        let clock = Arc::new(FakeClock::default());
        let ports = (Arc::clone(&store), Arc::clone(&post), Arc::clone(&clock));
        Self {
            backend: Backend::new(ports.0, ports.1, ports.2, settings),
            store,
            post,
            clock,
            principals: RefCell::default(),
        }
    }

    pub(crate) fn handle(&self, event: Value) -> Result<Response, HandlerError> {
        let event: Event = serde_json::from_value(event).unwrap();
        block_on(self.backend.handle(event))
    }

    /// A handshake that the authorizer has let in, with or without a user.
    pub(crate) fn connect(&self, id: &str, user: Option<&str>) -> Response {
        let mut event = fixture(include_str!("events/connect.json"), id);
        let authorizer = self.names(id, user.unwrap_or_default());
        event["requestContext"]["authorizer"] = authorizer;
        self.handle(event).unwrap()
    }

    /// From now on the authorizer names this user in all events of the connection.
    pub(crate) fn names(&self, id: &str, user: &str) -> Value {
        let authorizer = json!({"principalId": user});
        let mut principals = self.principals.borrow_mut();
        principals.insert(id.to_owned(), authorizer.clone());
        authorizer
    }

    pub(crate) fn disconnect(&self, id: &str) -> Response {
        let event = fixture(include_str!("events/disconnect.json"), id);
        self.handle(event).unwrap()
    }

    /// A text frame; its route is its `action` if that is served, else `$default`.
    pub(crate) fn try_text(&self, id: &str, body: &str) -> Result<Response, HandlerError> {
        let action = serde_json::from_str::<Value>(body)
            .ok()
            .and_then(|frame| Some(frame.get("action")?.as_str()?.to_owned()))
            .filter(|action| switchboard_backend::ROUTES.contains(&action.as_str()));
        self.try_route(id, action.as_deref().unwrap_or("$default"), body)
    }

    pub(crate) fn try_route(
        &self,
        id: &str,
        route: &str,
        body: &str,
    ) -> Result<Response, HandlerError> {
        let mut event = fixture(include_str!("events/message.json"), id);
        event["requestContext"]["routeKey"] = json!(route);
        if let Some(authorizer) = self.principals.borrow().get(id) {
            event["requestContext"]["authorizer"] = authorizer.clone();
        }
        event["body"] = json!(body);
        self.handle(event)
    }

    pub(crate) fn text(&self, id: &str, body: &str) -> Response {
        self.try_text(id, body).unwrap()
    }

    pub(crate) fn frame(&self, id: &str, frame: &Value) -> Response {
        self.text(id, &frame.to_string())
    }

    /// Connects a client of ours up to `welcome`, a while ago, and forgets what was posted.
    pub(crate) fn online(&self, id: &str, user: &str) {
        assert_eq!(self.connect(id, Some(user)).status_code, 200);
        let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": id});
        assert_eq!(self.frame(id, &hello).status_code, 200);
        self.settle();
    }

    /// Connects a client of an older system.
    pub(crate) fn older(&self, id: &str, user: Option<&str>) {
        assert_eq!(self.connect(id, user).status_code, 200);
        self.settle();
    }

    fn settle(&self) {
        self.clock.advance(60_000);
        self.post.take();
        self.store.reset_counts();
    }

    pub(crate) fn kick(&self, user: &str) -> Result<Kicked, StoreError> {
        block_on(self.backend.kick(&user.try_into().unwrap()))
    }

    pub(crate) fn publish(&self, bodies: &[&str]) -> BatchResponse {
        let mut event: Value = serde_json::from_str(include_str!("events/queue.json")).unwrap();
        let record = event["Records"][0].clone();
        let records = bodies.iter().enumerate().map(|(number, body)| {
            let mut record = record.clone();
            record["messageId"] = json!(format!("r{number}"));
            record["body"] = json!(body);
            record
        });
        event["Records"] = records.collect();
        let event: QueueEvent = serde_json::from_value(event).unwrap();
        block_on(self.backend.publish(event.records))
    }

    /// What was posted to a connection since the last look, as JSON.
    pub(crate) fn frames(&self, id: &str) -> Vec<Value> {
        let texts = self.post.take_for(id);
        texts
            .iter()
            .map(|text| serde_json::from_str(text).unwrap())
            .collect()
    }

    /// The ids of the listed connections.
    pub(crate) fn listed(&self) -> Vec<String> {
        self.store.listed(self.clock.now())
    }
}

/// An own `sendmessage`.
pub(crate) fn send(id: &str, to: &[&str], content: &str) -> Value {
    json!({"action": "sendmessage", "v": 1, "id": id, "to": to, "content": content})
}

pub(crate) fn fixture(text: &str, id: &str) -> Value {
    let mut event: Value = serde_json::from_str(text).unwrap();
    event["requestContext"]["connectionId"] = json!(id);
    event
}

/// `event` of each frame.
pub(crate) fn events(frames: &[Value]) -> Vec<&str> {
    frames
        .iter()
        .map(|frame| frame["event"].as_str().unwrap_or("-"))
        .collect()
}

pub(crate) fn body(response: &Response) -> &str {
    response.body.as_deref().unwrap()
}
