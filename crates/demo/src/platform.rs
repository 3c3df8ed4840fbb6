//! The handlers and what stands under them: store, posts and the clock, all in memory.
//!
//! Every port answers at once, so an invocation is over when it was polled.

use std::{
    collections::BTreeSet,
    future::{Future, pending, ready},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use switchboard_backend::{
    Backend, Clock, Event, MemoryStore, Post, PostError, ROUTES, Settings, Store,
    event::{EventType, RequestContext, SourceIdentity, principal},
    store::NewMessage,
};
use switchboard_protocol::{ConnectionId, json::Object};

use crate::rng::Rng;

/// Polls after which an invocation counts as hanging. None does: every port answers at once.
const MAX_POLLS: usize = 10_000;

/// What the ports share.
#[derive(Debug, Default)]
struct Shared {
    now: u64,
    rng: Rng,
    open: BTreeSet<ConnectionId>,
    posts: Vec<(ConnectionId, Arc<str>)>,
}

#[derive(Debug, Clone, Default)]
struct Ports(Arc<Mutex<Shared>>);

impl Ports {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Post for Ports {
    fn post(
        &self,
        connection: &ConnectionId,
        data: Arc<str>,
    ) -> impl Future<Output = Result<(), PostError>> + Send {
        let mut shared = self.lock();
        let open = shared.open.contains(connection);
        if open {
            shared.posts.push((connection.clone(), data));
        }
        ready(if open { Ok(()) } else { Err(PostError::Gone) })
    }

    fn close(
        &self,
        connection: &ConnectionId,
    ) -> impl Future<Output = Result<(), PostError>> + Send {
        self.lock().open.remove(connection);
        ready(Ok(()))
    }
}

impl Clock for Ports {
    fn now_ms(&self) -> u64 {
        self.lock().now
    }

    /// Only a post that hangs or a busy store is waited for, and neither happens here.
    fn sleep(&self, _: Duration) -> impl Future<Output = ()> + Send {
        pending()
    }

    fn random(&self) -> u64 {
        self.lock().rng.next()
    }
}

/// The handlers over ports in memory, invoked as the gateway invokes them.
pub(crate) struct Platform {
    backend: Backend<Arc<MemoryStore>, Ports, Ports>,
    store: Arc<MemoryStore>,
    ports: Ports,
}

impl Platform {
    /// An empty store. Its log's name is another for each seed.
    pub(crate) fn new(seed: u64) -> Self {
        let ports = Ports::default();
        ports.lock().rng = Rng::new(seed);
        let store = Arc::new(MemoryStore::new(format!("demo-{seed:016x}")));
        let backend = Backend::new(
            Arc::clone(&store),
            ports.clone(),
            ports.clone(),
            Settings::default(),
        );
        Self {
            backend,
            store,
            ports,
        }
    }

    /// `$connect`, and the socket is open where it was let in.
    pub(crate) fn connect(&self, now: u64, id: &ConnectionId, user: Option<&str>) -> bool {
        let mut event = event(now, id, "$connect", EventType::Connect);
        // The page says who it is, and there is nobody to lie to.
        event.request_context.authorizer = Some(principal(user));
        let accepted = self.invoke(now, event) == Some(200);
        if accepted {
            self.ports.lock().open.insert(id.clone());
        }
        accepted
    }

    /// A text frame; `false` where its handler failed.
    pub(crate) fn message(&self, now: u64, id: &ConnectionId, text: String) -> bool {
        let mut event = event(now, id, &route(&text), EventType::Message);
        event.body = Some(text);
        self.invoke(now, event).is_some()
    }

    /// The socket has ended; `$disconnect`.
    pub(crate) fn disconnect(&self, now: u64, id: &ConnectionId, code: u16) {
        self.ports.lock().open.remove(id);
        let mut event = event(now, id, "$disconnect", EventType::Disconnect);
        event.request_context.disconnect_status_code = Some(code);
        self.invoke(now, event);
    }

    /// An entry of long ago, straight into the log.
    pub(crate) fn commit(&self, entry: &NewMessage) {
        // The store in memory never refuses.
        let _committed = run(self.store.commit(entry));
    }

    /// What the handlers posted since, in order.
    pub(crate) fn posts(&self) -> Vec<(ConnectionId, Arc<str>)> {
        std::mem::take(&mut self.ports.lock().posts)
    }

    /// The status code; `None` where the handler failed.
    fn invoke(&self, now: u64, event: Event) -> Option<u16> {
        self.ports.lock().now = now;
        let response = run(self.backend.handle(event))?.ok()?;
        Some(response.status_code)
    }
}

fn event(now: u64, id: &ConnectionId, route: &str, event_type: EventType) -> Event {
    Event {
        request_context: RequestContext {
            route_key: route.to_owned(),
            event_type,
            connection_id: id.clone(),
            connected_at: None,
            request_time_epoch: Some(now),
            identity: SourceIdentity::default(),
            authorizer: None,
            disconnect_status_code: None,
            disconnect_reason: None,
            request_id: None,
        },
        query_string_parameters: None,
        headers: None,
        body: None,
        is_base64_encoded: false,
    }
}

/// The route key of a frame: `$request.body.action`.
fn route(text: &str) -> String {
    Object::parse(text)
        .and_then(|mut object| object.text("action"))
        .filter(|action| !action.starts_with('$') && ROUTES.contains(&action.as_str()))
        .unwrap_or_else(|| "$default".to_owned())
}

/// Polls to the end. Streams yield now and then although all is ready, hence more than once.
fn run<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..MAX_POLLS).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}
