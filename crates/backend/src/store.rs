//! The store port: a small roster of live connections and a log of messages.
//!
//! The key design stands in `docs/protocol.md` (*Server state*). Every implementation runs
//! `store_suite`. Reads are strongly consistent: a page may be declared covered only when
//! nothing can appear in it later.

mod page;
mod shard;
mod shared;

use std::{fmt, future::Future};

use serde::{Deserialize, Serialize};
use switchboard_protocol::{
    ConnectionId, ConversationId, Message, MessageId, Seq, UserId, client::Kind, server::Heads,
};

pub use self::{
    page::PageBuilder,
    shard::{Gathering, Shard, place},
};

/// Where connections and messages are kept.
pub trait Store: Send + Sync {
    /// Writes a connection's rows, replacing older ones of the same connection.
    fn put_connection(
        &self,
        connection: &Connection,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The connection's row, unless it expired before `now`.
    fn connection(
        &self,
        id: &ConnectionId,
        now: u64,
    ) -> impl Future<Output = Result<Option<Connection>, StoreError>> + Send;

    /// Deletes a connection's rows and gives what was there; none is fine.
    fn delete_connection(
        &self,
        id: &ConnectionId,
    ) -> impl Future<Output = Result<Option<Connection>, StoreError>> + Send;

    /// Deletes a connection's rows if they are still those of `seen`, by its stamp: a late 410
    /// must not remove what a `hello` has put since. Tells whether it deleted.
    fn delete_connection_if(
        &self,
        seen: &Connection,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// A user's live connections, by id.
    fn connections_of(
        &self,
        user: &UserId,
        now: u64,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + Send;

    /// Every live connection, by id. Only broadcasts and presence need it.
    fn connections(
        &self,
        now: u64,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + Send;

    /// Every live connection where there are at most `most`, otherwise about how many: without
    /// reading them all, where they are read from elsewhere.
    fn connections_up_to(
        &self,
        most: usize,
        now: u64,
    ) -> impl Future<Output = Result<Gathering, StoreError>> + Send {
        async move { Ok(Gathering::up_to(most, self.connections(now).await?)) }
    }

    /// The live connections of a shard of the roster, by id.
    fn connections_in(
        &self,
        shard: Shard,
        now: u64,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + Send {
        async move {
            let mut connections = self.connections(now).await?;
            connections.retain(|connection| shard.holds(&connection.id));
            Ok(connections)
        }
    }

    /// Appends to a conversation's log in one transaction: counter, message and dedupe row
    /// and, with a conversation's first message, the participants' lists of conversations.
    fn commit(
        &self,
        entry: &NewMessage,
    ) -> impl Future<Output = Result<Committed, StoreError>> + Send;

    /// A connection's row, as [`Self::connection`] gives it, and with it the last place of a conversation,
    /// 0 without messages, where [`Self::commit`] would have to ask for that: `None` where it would not.
    fn connection_and_last(
        &self,
        id: &ConnectionId,
        _conv: &ConversationId,
        now: u64,
    ) -> impl Future<Output = Result<(Option<Connection>, Option<Seq>), StoreError>> + Send {
        async move { Ok((self.connection(id, now).await?, None)) }
    }

    /// Commits behind the last place as [`Self::connection_and_last`] gave it; [`StoreError::Contended`] when
    /// somebody has been there since.
    fn commit_after(
        &self,
        entry: &NewMessage,
        _last: Seq,
    ) -> impl Future<Output = Result<Committed, StoreError>> + Send {
        self.commit(entry)
    }

    /// The last places of `conversations`, those without messages left out.
    fn heads(
        &self,
        conversations: &[ConversationId],
    ) -> impl Future<Output = Result<Heads, StoreError>> + Send;

    /// The last places of the user's conversations, the lobby's included once it has one.
    fn heads_of(&self, user: &UserId) -> impl Future<Output = Result<Heads, StoreError>> + Send;

    /// The user's conversations; the lobby may be left out. Without their last places, where a store can
    /// tell them for less.
    fn conversations_of(
        &self,
        user: &UserId,
    ) -> impl Future<Output = Result<Vec<ConversationId>, StoreError>> + Send {
        async move {
            let heads = self.heads_of(user).await?;
            Ok(heads.iter().map(|(conv, _)| conv.clone()).collect())
        }
    }

    /// A piece of a conversation's log.
    fn page(
        &self,
        request: &PageRequest,
    ) -> impl Future<Output = Result<LogPage, StoreError>> + Send;

    /// Names the log's incarnation; another one means the log was restored.
    fn epoch(&self) -> impl Future<Output = Result<String, StoreError>> + Send;
}

/// A live connection in the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The connection.
    pub id: ConnectionId,
    /// Who it belongs to; none in the dialects without users.
    pub user: Option<UserId>,
    /// When it was made, ms since the Unix epoch.
    pub established: u64,
    /// When the row stops counting, ms since the Unix epoch.
    pub expires: u64,
    /// What `hello` told; none for a connection that never said it.
    pub hello: Option<HelloInfo>,
    /// Names this writing of the row, at random.
    pub stamp: u64,
}

impl Connection {
    /// Whether it speaks Switchboard's own frames.
    #[must_use]
    pub fn said_hello(&self) -> bool {
        self.hello.is_some()
    }
}

/// See [`Connection::hello`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloInfo {
    /// The browser profile.
    pub device: String,
    /// The tab.
    pub tab: String,
}

/// A message before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Where it belongs.
    pub conv: ConversationId,
    /// The sender's id for it.
    pub id: MessageId,
    /// The sender.
    pub from: UserId,
    /// Now, ms since the Unix epoch.
    pub at: u64,
    /// What it is.
    pub kind: Kind,
    /// The text.
    pub content: String,
    /// The message it is about.
    pub re: Option<MessageId>,
    /// Until when a second commit of (conversation, sender, id) answers this one.
    pub dedupe_until: u64,
}

impl NewMessage {
    /// The message at its place.
    #[must_use]
    pub fn at_place(&self, seq: Seq) -> Message {
        Message {
            conv: self.conv.clone(),
            seq,
            id: self.id.clone(),
            from: self.from.clone(),
            at: self.at,
            kind: self.kind.clone(),
            content: self.content.clone(),
            re: self.re.clone(),
        }
    }
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// What stands in the log: with a duplicate, the original.
    pub message: Message,
    /// Whether an earlier commit had put it there.
    pub duplicate: bool,
}

/// Which piece of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The conversation.
    pub conv: ConversationId,
    /// Where the piece lies.
    pub place: Place,
    /// Most messages.
    pub limit: usize,
    /// Most bytes of encoded messages; the first always fits.
    pub max_bytes: usize,
}

/// See [`PageRequest::place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Just after this place.
    After(Seq),
    /// Ending just before this place.
    Before(Seq),
    /// Ending at the head.
    Newest,
}

/// A piece of a log; the fields are those of the protocol's `page`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPage {
    /// Just below the first place it speaks of.
    pub after: Seq,
    /// In order.
    pub messages: Vec<Message>,
    /// Every place in `(after, covered]` is in `messages` or a permanent hole.
    pub covered: Seq,
    /// The last place in the log.
    pub head: Seq,
}

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// Someone else wrote the same conversation at that moment: try again.
    Contended,
    /// It failed, and whether something was written is not known.
    Unavailable(String),
}

impl StoreError {
    /// A name that log queries and alarms can group by.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Contended => "StoreContended",
            Self::Unavailable(_) => "StoreUnavailable",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contended => f.write_str("another writer was faster"),
            Self::Unavailable(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for StoreError {}
