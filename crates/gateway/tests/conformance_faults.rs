//! Case 69: posts that are throttled, lost, doubled, late and out of order, connections that end without
//! a `$disconnect`. The production client and the production handlers still agree.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{collections::VecDeque, time::Duration};

use futures_util::{SinkExt, StreamExt};
use support::systems::{Chat, in_memory};
use switchboard_client::{
    Account, Client, Config, Earlier, Input, Now, Output, Restored, SocketId,
};
use switchboard_gateway::{Clock, Faults};
use switchboard_protocol::{ConversationId, MessageId, Profile, UserId};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// A person: the client core, its one socket, and a clock that jumps when nothing comes.
struct Person {
    client: Client,
    now: Now,
    socket: Option<(SocketId, WebSocketStream<MaybeTlsStream<TcpStream>>)>,
    /// For so long nothing comes before the clock jumps. It grows when the client gives a socket
    /// up: then the clock was ahead of a gateway on a busy machine.
    quiet: Duration,
}

impl Person {
    async fn join(endpoint: &str, name: &str) -> Self {
        let account = Account {
            endpoint: endpoint.to_owned(),
            user: UserId::try_from(name).unwrap(),
            profile: Profile::own(),
            query: Vec::new(),
            tickets: None,
            device: "device".to_owned(),
            tab: name.to_owned(),
        };
        // A clock that jumps soon comes to the planned change; this person knows one socket.
        let config = Config {
            change: (u64::MAX, u64::MAX),
            ..Config::default()
        };
        let mut person = Self {
            client: Client::new(config, 1),
            now: Now {
                mono: 1_000,
                wall: 1_700_000_000_000,
            },
            socket: None,
            quiet: Duration::from_millis(30),
        };
        person
            .input(Input::SignIn(Box::new(account), Restored::default()))
            .await;
        person
    }

    async fn input(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            self.client.handle(self.now, input);
            self.client.invariants().unwrap();
            while let Some(output) = self.client.poll_output() {
                match output {
                    Output::Connect(id, url) => {
                        let (socket, _) = connect_async(url).await.expect("the gateway answers");
                        self.socket = Some((id, socket));
                        inputs.push_back(Input::Opened(id));
                    }
                    Output::Transmit(id, text) => {
                        let (open, socket) = self.socket.as_mut().expect("a socket");
                        assert_eq!(*open, id);
                        socket.send(Message::text(text)).await.expect("sends");
                    }
                    Output::FetchTicket(..) | Output::Changed(_) => {}
                    Output::Disconnect(_) => {
                        self.socket = None;
                        self.quiet = (self.quiet * 2).min(Duration::from_secs(1));
                    }
                    Output::Persist(operation, _) => {
                        inputs.push_back(Input::Persisted(operation, Ok(())));
                    }
                }
            }
        }
    }

    /// Takes one frame; where none comes, jumps to the next deadline. Jumping early only makes
    /// the client ask once more than it had to.
    async fn step(&mut self) {
        let quiet = self.quiet;
        let received = match &mut self.socket {
            Some((id, socket)) => {
                let next = tokio::time::timeout(quiet, socket.next()).await;
                next.ok()
                    .map(|frame| (*id, frame.expect("open").expect("a frame")))
            }
            None => None,
        };
        match received {
            Some((id, Message::Text(text))) => {
                self.input(Input::Text(id, text.to_string())).await;
            }
            Some(_) => {}
            None => {
                if let Some(at) = self.client.poll_timeout() {
                    let wait = at.saturating_sub(self.now.mono);
                    self.now.mono += wait;
                    self.now.wall += wait;
                    self.input(Input::Timer).await;
                }
            }
        }
    }

    async fn say(&mut self, to: &ConversationId, name: String) {
        let id = MessageId::try_from(name.clone()).unwrap();
        let conversation = to.clone();
        self.input(Input::Send {
            conversation,
            id,
            kind: switchboard_client::Kind::Text,
            content: name,
            re: None,
        })
        .await;
    }

    /// Asks for what stood in the log before this person came, or came back after too long: that is
    /// history, which nobody is sent unasked.
    async fn scroll_up(&mut self, conversation: &ConversationId) {
        if self.client.earlier(conversation) == Earlier::Available {
            self.input(Input::LoadEarlier(conversation.clone())).await;
        }
    }

    fn texts(&self, conversation: &ConversationId) -> Vec<String> {
        let items = self.client.items(conversation, usize::MAX);
        items.into_iter().map(|item| item.text).collect()
    }
}

async fn gateway(faults: Faults) -> String {
    let (config, clock) = (switchboard_gateway::Config::default(), Clock::real());
    let chat = Chat::with(config, clock, faults, in_memory).await;
    format!("ws://{}/dev", chat.address)
}

#[tokio::test]
async fn case_69_lost_doubled_late_and_reordered_posts_leave_both_ends_agreed() {
    const EACH: usize = 40;
    for seed in 1..=3 {
        let faults = Faults {
            seed,
            throttled: 15,
            dropped: 15,
            duplicated: 15,
            delay: Duration::from_millis(12),
            untold: 0,
        };
        let endpoint = gateway(faults).await;
        let mut ana = Person::join(&endpoint, "ana").await;
        let mut bo = Person::join(&endpoint, "bo").await;
        let both = ConversationId::of([
            &UserId::try_from("ana").unwrap(),
            &UserId::try_from("bo").unwrap(),
        ])
        .unwrap();
        for number in 0..EACH {
            ana.say(&both, format!("a{number}")).await;
            bo.say(&both, format!("b{number}")).await;
        }
        let settled = |person: &Person| {
            person.client.status().waiting == 0 && person.texts(&both).len() == 2 * EACH
        };
        let agreed = async {
            while !(settled(&ana) && settled(&bo)) {
                for person in [&mut ana, &mut bo] {
                    person.scroll_up(&both).await;
                    person.step().await;
                }
            }
        };
        // Some four seconds on an idle machine.
        let agreed = tokio::time::timeout(Duration::from_secs(120), agreed).await;
        assert!(agreed.is_ok(), "seed {seed}: no agreement");
        let texts = ana.texts(&both);
        assert_eq!(texts, bo.texts(&both), "seed {seed}");
        for sender in ["a", "b"] {
            let sent: Vec<&String> = texts
                .iter()
                .filter(|text| text.starts_with(sender))
                .collect();
            let expected: Vec<String> = (0..EACH).map(|n| format!("{sender}{n}")).collect();
            assert_eq!(sent, expected.iter().collect::<Vec<_>>(), "seed {seed}");
        }
    }
}

/// Whoever writes to a connection that ended untold finds it gone, and tells the others.
#[tokio::test]
async fn case_69_a_lost_disconnect_is_found_by_the_next_post() {
    let faults = Faults {
        untold: 100,
        ..Faults::default()
    };
    let (config, clock) = (
        switchboard_gateway::Config::default(),
        Clock::manual(support::START_MS),
    );
    let chat = Chat::with(config, clock.clone(), faults, in_memory).await;
    let mut ana = chat.join("ana").await;
    let hello = r#"{"action":"hello","v":1,"rid":1,"device":"d","tab":"t"}"#;
    ana.send(hello).await;
    let mut bo = chat.join("bo").await;
    // Past the grace of a handshake, in which a 410 means nothing.
    clock.advance(Duration::from_secs(2));
    bo.send_close(1000, "bye").await;
    support::within(async {
        while chat.connections.count() > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let message = r#"{"action":"sendmessage","v":1,"id":"m1","to":["bo"],"content":"there?"}"#;
    ana.send(message).await;
    let mut seen = Vec::new();
    while !seen.contains(&"presence offline".to_owned()) {
        let frame: serde_json::Value = serde_json::from_str(&ana.text().await).unwrap();
        let event = frame["event"].as_str().unwrap();
        let is_offline = frame["offline"] == serde_json::json!(["bo"]);
        seen.push(format!(
            "{event}{}",
            if is_offline { " offline" } else { "" }
        ));
        assert_ne!(event, "delivery", "nobody was there");
    }
    assert!(seen.contains(&"ack".to_owned()), "{seen:?}");
}
