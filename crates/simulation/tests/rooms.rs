//! A room above the bound with the production client at every connection: whatever the queue does
//! with its records (G2, G3 of docs/proof.md).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

use std::{
    collections::{BTreeMap, VecDeque},
    future::{Future, pending, ready},
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use serde_json::{Value, json};
use switchboard_backend::{
    Backend, BatchResponse, Clock, MemoryStore, Post, PostError, QueueError, QueueEvent, Settings,
};
use switchboard_client::{Account, Change, Client, Config, Input, Kind, Now, Output, SocketId};
use switchboard_protocol::{ConnectionId, ConversationId, MessageId, Profile, UserId};

const NOW: u64 = 1_800_000_000_000;

/// Everything is taken at once, and the queue's records are the test's to hand out.
#[derive(Default)]
struct Ports {
    posts: Mutex<VecDeque<(String, Arc<str>)>>,
    records: Mutex<Vec<String>>,
    random: AtomicU64,
}

impl Post for Ports {
    fn post(
        &self,
        connection: &ConnectionId,
        data: Arc<str>,
    ) -> impl Future<Output = Result<(), PostError>> + Send {
        let mut posts = self.posts.lock().unwrap();
        posts.push_back((connection.to_string(), data));
        ready(Ok(()))
    }

    fn close(&self, _: &ConnectionId) -> impl Future<Output = Result<(), PostError>> + Send {
        ready(Ok(()))
    }

    fn enqueue(
        &self,
        records: Vec<String>,
        _: Duration,
    ) -> impl Future<Output = Result<(), QueueError>> + Send {
        self.records.lock().unwrap().extend(records);
        ready(Ok(()))
    }
}

impl Clock for Ports {
    fn now_ms(&self) -> u64 {
        NOW
    }

    fn sleep(&self, _: Duration) -> impl Future<Output = ()> + Send {
        pending()
    }

    fn random(&self) -> u64 {
        self.random
            .fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed)
    }
}

/// Every port answers at once, so an invocation is over when it was polled.
fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("an invocation hangs");
}

struct Room {
    backend: Backend<MemoryStore, Arc<Ports>, Arc<Ports>>,
    ports: Arc<Ports>,
    /// By connection id.
    pages: BTreeMap<String, Page>,
}

struct Page {
    client: Client,
    socket: Option<SocketId>,
    /// What the client said was received.
    received: Vec<MessageId>,
}

impl Room {
    /// So many people, each welcomed.
    fn new(people: usize, bound: usize) -> Self {
        let ports = Arc::new(Ports::default());
        let settings = Settings {
            fan_out_bound: bound,
            ..Settings::default()
        };
        let (post, clock) = (Arc::clone(&ports), Arc::clone(&ports));
        let mut room = Self {
            backend: Backend::new(MemoryStore::new("epoch"), post, clock, settings),
            ports,
            pages: BTreeMap::new(),
        };
        for number in 0..people {
            let account = Account {
                endpoint: "ws://127.0.0.1/dev".to_owned(),
                user: UserId::try_from(format!("user{number:02}")).unwrap(),
                profile: Profile::named("switchboard").unwrap(),
                query: Vec::new(),
                tickets: None,
                device: "device".to_owned(),
                tab: "tab".to_owned(),
            };
            let client = Client::new(Config::default(), u64::try_from(number).unwrap());
            let page = Page {
                client,
                socket: None,
                received: Vec::new(),
            };
            room.pages.insert(id(number), page);
            let sign_in = Input::SignIn(Box::new(account), Vec::new().into());
            room.input(&id(number), sign_in);
            room.deliver();
        }
        room
    }

    fn input(&mut self, at: &str, input: Input) {
        let now = Now {
            mono: 1_000,
            wall: NOW,
        };
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let page = self.pages.get_mut(at).unwrap();
            page.client.handle(now, input);
            page.client.invariants().unwrap();
            while let Some(output) = self.output(at) {
                match output {
                    Output::Connect(socket, url) => {
                        let user = url.rsplit_once("userId=").unwrap().1;
                        let user = user.split('&').next().unwrap();
                        self.invoke(at, "$connect", "CONNECT", &json!({"principalId": user}), "");
                        self.pages.get_mut(at).unwrap().socket = Some(socket);
                        inputs.push_back(Input::Opened(socket));
                    }
                    Output::Transmit(_, text) => {
                        let frame: Value = serde_json::from_str(&text).unwrap();
                        let route = frame["action"].as_str().unwrap().to_owned();
                        self.invoke(at, &route, "MESSAGE", &Value::Null, &text);
                    }
                    Output::Persist(operation, _) => {
                        inputs.push_back(Input::Persisted(operation, Ok(())));
                    }
                    Output::Changed(Change::Received(_, id)) => {
                        self.pages.get_mut(at).unwrap().received.push(id);
                    }
                    Output::Changed(_) => {}
                    Output::FetchTicket(..) | Output::Disconnect(_) => panic!("{output:?}"),
                }
            }
        }
    }

    fn output(&mut self, at: &str) -> Option<Output> {
        self.pages.get_mut(at).unwrap().client.poll_output()
    }

    fn invoke(&self, at: &str, route: &str, kind: &str, authorizer: &Value, body: &str) {
        let event = json!({
            "requestContext": {
                "routeKey": route, "eventType": kind, "connectionId": at,
                "connectedAt": NOW - 60_000, "authorizer": authorizer,
            },
            "body": body,
        });
        let event = serde_json::from_value(event).unwrap();
        let answer = run(self.backend.handle(event)).unwrap();
        assert_eq!(answer.status_code, 200, "{answer:?}");
    }

    /// Hands every post to its client, and what that leads to.
    fn deliver(&mut self) {
        loop {
            let post = self.ports.posts.lock().unwrap().pop_front();
            let Some((to, text)) = post else { return };
            let socket = self.pages[&to].socket.unwrap();
            self.input(&to, Input::Text(socket, text.to_string()));
        }
    }

    fn say(&mut self, from: usize, text: &str) {
        let send = Input::Send {
            conversation: ConversationId::lobby(),
            id: MessageId::try_from(text).unwrap(),
            kind: Kind::Text,
            content: text.to_owned(),
            re: None,
        };
        self.input(&id(from), send);
        self.deliver();
    }

    fn publish(&mut self, record: &str) {
        let batch = json!({"Records": [{"messageId": "r", "body": record}]});
        let batch: QueueEvent = serde_json::from_value(batch).unwrap();
        let answer = run(self.backend.publish(batch.records));
        assert_eq!(answer, BatchResponse::default());
        self.deliver();
    }

    fn records(&self) -> Vec<String> {
        std::mem::take(&mut self.ports.records.lock().unwrap())
    }

    /// What everyone but the sender has, and was told of, must be these texts in this order.
    fn assert_all_have(&self, sender: usize, texts: &[&str]) {
        for (at, page) in &self.pages {
            let items = page.client.items(&ConversationId::lobby(), usize::MAX);
            let shown: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
            assert_eq!(shown, texts, "{at}");
            if *at != id(sender) {
                let told: Vec<&str> = page.received.iter().map(MessageId::as_str).collect();
                assert_eq!(told, texts, "{at}");
            }
        }
    }
}

fn id(number: usize) -> String {
    format!("c{number:02}=")
}

#[test]
fn records_that_come_twice_and_out_of_order_leave_everyone_with_each_message_once_in_order() {
    let mut room = Room::new(40, 5);
    let texts = ["m1", "m2", "m3", "m4"];
    // What came before somebody knows the log is no news.
    room.say(0, "m1");
    for record in room.records() {
        room.publish(&record);
    }
    for text in &texts[1..] {
        room.say(0, text);
    }
    let records = room.records();
    assert_eq!(records.len(), 3 * 8);
    // The last message's first, each record twice at once, then all of them again.
    for record in records.iter().rev() {
        room.publish(record);
        room.publish(record);
    }
    for record in &records {
        room.publish(record);
    }
    assert!(room.records().is_empty());
    room.assert_all_have(0, &texts);
}

#[test]
fn below_the_bound_there_is_no_queue_and_everyone_has_the_same() {
    let mut room = Room::new(5, 5);
    room.say(0, "m1");
    assert!(room.records().is_empty());
    room.assert_all_have(0, &["m1"]);
}
