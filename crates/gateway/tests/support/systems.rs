//! The five older systems on the wire: one suite for every way the handlers can be run.

use std::{net::SocketAddr, sync::Arc};

use serde_json::{Value, json};
use switchboard_backend::{MemoryStore, Settings};
use switchboard_gateway::{
    BackendFunctions, Clock, Config, Connections, Faults, Functions, Gateway, backend_routes,
};
use tokio_util::sync::CancellationToken;

use super::{START_MS, client::Client, http, serve};

/// A gateway with the chat behind it.
pub struct Chat {
    pub address: SocketAddr,
    pub connections: Connections,
}

/// The handlers in this process over a store in memory.
pub fn in_memory(connections: &Connections, clock: &Clock) -> Arc<dyn Functions> {
    let (store, settings) = (MemoryStore::new("test"), Settings::default());
    let functions = BackendFunctions::start(store, connections.clone(), clock.clone(), settings);
    Arc::new(functions.expect("threads"))
}

impl Chat {
    /// With what `functions` makes of the connections and the clock, which stands.
    pub async fn over(functions: impl FnOnce(&Connections, &Clock) -> Arc<dyn Functions>) -> Self {
        let clock = Clock::manual(START_MS);
        Self::with(Config::default(), clock, Faults::default(), functions).await
    }

    /// The same in other circumstances.
    pub async fn with(
        config: Config,
        clock: Clock,
        faults: Faults,
        functions: impl FnOnce(&Connections, &Clock) -> Arc<dyn Functions>,
    ) -> Self {
        let connections = Connections::faulty(clock.clone(), config.limits.clone(), faults);
        let functions = functions(&connections, &clock);
        let routes = backend_routes("$request.body.action").expect("routes");
        let gateway = Gateway::new(config, clock, connections.clone(), routes, functions);
        let (address, _) = serve(gateway, CancellationToken::new()).await;
        Self {
            address,
            connections,
        }
    }

    pub async fn join(&self, user: &str) -> Client {
        let path = match user {
            "" => "/dev".to_owned(),
            user => format!("/dev?userId={user}"),
        };
        Client::connect(self.address, &path).await
    }

    /// The connection's id, as S4 tells it to its sender.
    async fn id_of(&self, client: &mut Client) -> String {
        client.send("who am I?").await;
        let told: Value = serde_json::from_str(&client.text().await).expect("JSON");
        let said = told["message"].as_str().expect("a message");
        said.split_once(" says: ").expect("S4's form").0.to_owned()
    }
}

/// S1: by connection id.
pub async fn s1_sends_to_one_connection(chat: &Chat) {
    let mut receiver = chat.join("").await;
    let id = chat.id_of(&mut receiver).await;
    let mut sender = chat.join("").await;
    let send = |id: &str| json!({"action": "sendMessage", "connectionId": id, "message": "<b>hi"});
    sender.send(&send("BFaT_fALIAMCKug=").to_string()).await;
    sender.send(&send("no id at all").to_string()).await;
    sender.send(&send(&id).to_string()).await;
    assert_eq!(receiver.text().await, "<b>hi");
    assert_eq!(chat.connections.count(), 2, "a failed post cuts nobody off");
}

/// S2: by user id.
pub async fn s2_sends_to_every_connection_of_a_user(chat: &Chat) {
    let (mut ann, mut tab, mut bob) = (
        chat.join("ann").await,
        chat.join("ann").await,
        chat.join("bob").await,
    );
    bob.send(r#"{"action":"sendmessage","content":"Hello","to":"ann"}"#)
        .await;
    for client in [&mut ann, &mut tab] {
        let told: Value = serde_json::from_str(&client.text().await).expect("JSON");
        assert_eq!(told["content"], "Hello");
    }
}

/// S3: a queue.
pub async fn s3_posts_a_queues_records_to_everyone(chat: &Chat) {
    let (mut one, mut two) = (chat.join("").await, chat.join("ann").await);
    let response = http::post(chat.address, "/queue/messages", b"breaking news").await;
    assert_eq!(response.status, 200);
    for client in [&mut one, &mut two] {
        assert_eq!(client.text().await, "breaking news");
    }
}

/// S4: any text, to everyone.
pub async fn s4_broadcasts_any_text(chat: &Chat) {
    let mut one = chat.join("").await;
    let id = chat.id_of(&mut one).await;
    let mut two = chat.join("").await;
    one.send("anything at all").await;
    for client in [&mut one, &mut two] {
        let told: Value = serde_json::from_str(&client.text().await).expect("JSON");
        assert_eq!(
            told,
            json!({"message": format!("{id} says: anything at all")})
        );
    }
}

/// S5: one room.
pub async fn s5_is_one_room(chat: &Chat) {
    let (mut one, mut two) = (chat.join("").await, chat.join("").await);
    one.send(r#"{"action":"sendmessage","data":"hello world"}"#)
        .await;
    for client in [&mut one, &mut two] {
        assert_eq!(client.text().await, "hello world");
    }
}
