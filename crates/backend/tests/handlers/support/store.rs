//! The store in memory, with its operations counted and failing as told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use futures_executor::block_on;
use switchboard_backend::{
    MemoryStore, Store,
    store::{Committed, Connection, LogPage, NewMessage, PageRequest, StoreError},
};
use switchboard_protocol::{ConnectionId, ConversationId, Seq, UserId, server::Heads};

#[derive(Debug)]
pub(crate) struct FakeStore {
    inner: MemoryStore,
    counts: Mutex<BTreeMap<&'static str, usize>>,
    failing: Mutex<BTreeSet<&'static str>>,
    /// What fails of one user alone.
    unreadable: Mutex<BTreeSet<(&'static str, UserId)>>,
    /// Somebody who connects just before the roster is next read.
    before_roster: Mutex<Option<Connection>>,
    contended: AtomicU32,
    /// Somebody else's message, committed just before the next look at heads.
    before_heads: Mutex<Option<NewMessage>>,
    /// Somebody else's message, committed just after the next look ahead.
    after_foreseen: Mutex<Option<NewMessage>>,
}

impl Default for FakeStore {
    fn default() -> Self {
        Self {
            inner: MemoryStore::new("epoch-1"),
            counts: Mutex::default(),
            failing: Mutex::default(),
            unreadable: Mutex::default(),
            before_roster: Mutex::default(),
            contended: AtomicU32::default(),
            before_heads: Mutex::default(),
            after_foreseen: Mutex::default(),
        }
    }
}

impl FakeStore {
    /// How often each operation ran since the last reset.
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, usize> {
        self.counts.lock().unwrap().clone()
    }

    pub(crate) fn reset_counts(&self) {
        self.counts.lock().unwrap().clear();
    }

    pub(crate) fn fail(&self, operation: &'static str) {
        self.failing.lock().unwrap().insert(operation);
    }

    /// The operation fails where it is about this user.
    pub(crate) fn fail_for(&self, operation: &'static str, user: &str) {
        let user = UserId::try_from(user).unwrap();
        self.unreadable.lock().unwrap().insert((operation, user));
    }

    /// Nothing fails any more.
    pub(crate) fn mend(&self) {
        self.failing.lock().unwrap().clear();
        self.unreadable.lock().unwrap().clear();
    }

    pub(crate) fn connect_before_roster(&self, connection: Connection) {
        *self.before_roster.lock().unwrap() = Some(connection);
    }

    pub(crate) fn commit_before_heads(&self, entry: NewMessage) {
        *self.before_heads.lock().unwrap() = Some(entry);
    }

    pub(crate) fn commit_after_foreseen(&self, entry: NewMessage) {
        *self.after_foreseen.lock().unwrap() = Some(entry);
    }

    async fn head(&self, conv: &ConversationId) -> Result<Seq, StoreError> {
        let heads = self.inner.heads(std::slice::from_ref(conv)).await?;
        Ok(heads.get(conv).copied().unwrap_or_default())
    }

    /// The next `times` commits meet a faster writer.
    pub(crate) fn contend(&self, times: u32) {
        self.contended.store(times, Ordering::Relaxed);
    }

    pub(crate) fn listed(&self, now: u64) -> Vec<String> {
        let rows = block_on(self.inner.connections(now)).unwrap();
        rows.into_iter().map(|row| row.id.into()).collect()
    }

    fn enter_for(&self, operation: &'static str, user: &UserId) -> Result<(), StoreError> {
        self.enter(operation)?;
        let unreadable = self.unreadable.lock().unwrap();
        match unreadable.contains(&(operation, user.clone())) {
            true => Err(StoreError::Unavailable(format!("{operation} fails"))),
            false => Ok(()),
        }
    }

    fn enter(&self, operation: &'static str) -> Result<(), StoreError> {
        *self.counts.lock().unwrap().entry(operation).or_default() += 1;
        if self.failing.lock().unwrap().contains(operation) {
            return Err(StoreError::Unavailable(format!("{operation} fails")));
        }
        Ok(())
    }
}

impl Store for FakeStore {
    async fn put_connection(&self, connection: &Connection) -> Result<(), StoreError> {
        self.enter("put_connection")?;
        self.inner.put_connection(connection).await
    }

    async fn connection(
        &self,
        id: &ConnectionId,
        now: u64,
    ) -> Result<Option<Connection>, StoreError> {
        self.enter("connection")?;
        self.inner.connection(id, now).await
    }

    async fn delete_connection(&self, id: &ConnectionId) -> Result<Option<Connection>, StoreError> {
        self.enter("delete_connection")?;
        self.inner.delete_connection(id).await
    }

    async fn delete_connection_if(&self, seen: &Connection) -> Result<bool, StoreError> {
        self.enter("delete_connection_if")?;
        self.inner.delete_connection_if(seen).await
    }

    async fn connections_of(&self, user: &UserId, now: u64) -> Result<Vec<Connection>, StoreError> {
        self.enter_for("connections_of", user)?;
        self.inner.connections_of(user, now).await
    }

    async fn connections(&self, now: u64) -> Result<Vec<Connection>, StoreError> {
        self.enter("connections")?;
        let meanwhile = self.before_roster.lock().unwrap().take();
        if let Some(connection) = meanwhile {
            self.inner.put_connection(&connection).await?;
        }
        self.inner.connections(now).await
    }

    async fn commit(&self, entry: &NewMessage) -> Result<Committed, StoreError> {
        self.enter("commit")?;
        let left = self.contended.load(Ordering::Relaxed);
        if left > 0 {
            self.contended.store(left - 1, Ordering::Relaxed);
            return Err(StoreError::Contended);
        }
        self.inner.commit(entry).await
    }

    async fn connection_and_last(
        &self,
        id: &ConnectionId,
        conv: &ConversationId,
        now: u64,
    ) -> Result<(Option<Connection>, Option<Seq>), StoreError> {
        self.enter("connection_and_last")?;
        let row = self.inner.connection(id, now).await?;
        let head = self.head(conv).await?;
        let meanwhile = self.after_foreseen.lock().unwrap().take();
        if let Some(entry) = meanwhile {
            self.inner.commit(&entry).await?;
        }
        Ok((row, Some(head)))
    }

    async fn commit_after(&self, entry: &NewMessage, last: Seq) -> Result<Committed, StoreError> {
        if self.head(&entry.conv).await? != last {
            self.enter("commit")?;
            return Err(StoreError::Contended);
        }
        self.commit(entry).await
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Heads, StoreError> {
        self.enter("heads")?;
        self.inner.heads(conversations).await
    }

    async fn heads_of(&self, user: &UserId) -> Result<Heads, StoreError> {
        self.enter("heads_of")?;
        let meanwhile = self.before_heads.lock().unwrap().take();
        if let Some(entry) = meanwhile {
            // It was posted to whoever was registered by then.
            let listed = self.inner.connections_of(user, entry.at).await?;
            let registered = listed.iter().any(|row| row.hello.is_some());
            assert!(registered, "heads were read before the registration");
            self.inner.commit(&entry).await?;
        }
        self.inner.heads_of(user).await
    }

    async fn conversations_of(&self, user: &UserId) -> Result<Vec<ConversationId>, StoreError> {
        self.enter_for("conversations_of", user)?;
        self.inner.conversations_of(user).await
    }

    async fn page(&self, request: &PageRequest) -> Result<LogPage, StoreError> {
        self.enter("page")?;
        self.inner.page(request).await
    }

    async fn epoch(&self) -> Result<String, StoreError> {
        self.enter("epoch")?;
        self.inner.epoch().await
    }
}
