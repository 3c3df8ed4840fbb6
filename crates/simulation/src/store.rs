//! The store port with a store's weather: latency, contention, failures, death before and after
//! a commit; and the server-side mutants that are about storing.

use std::sync::Arc;

use switchboard_backend::{
    MemoryStore, Store,
    store::{Committed, Connection, LogPage, NewMessage, PageRequest, StoreError},
};
use switchboard_protocol::{ConnectionId, ConversationId, MessageId, Seq, UserId, server::Heads};

use crate::{
    late_rows::LateRows,
    mutants::{ServerMutant, ServerMutants},
    platform::Shared,
    ports::wire_id,
};

/// Starts the id of a place that stays empty.
pub(crate) const HOLE: &str = "hole";

/// See the module.
#[derive(Debug)]
pub(crate) struct SimStore {
    pub(crate) inner: Arc<MemoryStore>,
    pub(crate) shared: Shared,
    pub(crate) mutants: ServerMutants,
    /// Rows that are not visible yet, or never.
    pub(crate) late: LateRows,
}

/// What an operation meets.
struct Weather {
    /// ms until it takes effect.
    before: u64,
    /// ms from its effect to the answer.
    after: u64,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    CrashBefore,
    CrashAfter,
    FailBefore,
    FailAfter,
    Contended,
}

impl SimStore {
    fn weather(&self, commit: bool) -> Weather {
        let mut platform = self.shared.lock();
        let (rates, down) = (platform.rates, platform.now < platform.store_down_until);
        let rng = &mut platform.invocation.rng;
        // Half of the answers are old by the time they arrive.
        let latency = rng.range(1, 10);
        let (before, after) = if rng.chance(5_000) {
            (latency, 0)
        } else {
            (0, latency)
        };
        let fault = if rng.chance(rates.crash_before) {
            Fault::CrashBefore
        } else if down {
            Fault::FailBefore
        } else if rng.chance(rates.unavailable) {
            if rng.chance(5_000) {
                Fault::FailAfter
            } else {
                Fault::FailBefore
            }
        } else if commit && rng.chance(rates.contended) {
            Fault::Contended
        } else if commit && rng.chance(rates.crash_after) {
            Fault::CrashAfter
        } else {
            Fault::None
        };
        Weather {
            before,
            after,
            fault,
        }
    }

    async fn pause(&self, ms: u64) {
        if ms > 0 {
            let _ = self.shared.sleep(ms).await;
        }
    }

    /// An operation in its weather; `effect` runs at most once.
    async fn through<T>(
        &self,
        commit: bool,
        effect: impl AsyncFnOnce(&MemoryStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let weather = self.weather(commit);
        self.pause(weather.before).await;
        match weather.fault {
            Fault::CrashBefore => self.shared.crash().await,
            Fault::FailBefore => return Err(unavailable()),
            Fault::Contended => return Err(StoreError::Contended),
            Fault::None | Fault::CrashAfter | Fault::FailAfter => {}
        }
        let answer = effect(&self.inner).await;
        match weather.fault {
            Fault::CrashAfter => self.shared.crash().await,
            Fault::FailAfter => return Err(unavailable()),
            Fault::None | Fault::CrashBefore | Fault::FailBefore | Fault::Contended => {}
        }
        self.pause(weather.after).await;
        answer
    }

    fn is(&self, mutant: ServerMutant) -> bool {
        self.mutants.has(mutant)
    }
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("the store is not there".to_owned())
}

impl Store for SimStore {
    async fn put_connection(&self, connection: &Connection) -> Result<(), StoreError> {
        if self.is(ServerMutant::HeadsBeforeRegister)
            && !connection.said_hello()
            && let Some(user) = &connection.user
        {
            let heads = self.inner.heads_of(user).await?;
            self.late.defer(connection.id.clone(), heads);
            let wait = self.shared.lock().invocation.rng.range(200, 2_000);
            self.pause(wait).await;
        }
        self.through(false, async |store| store.put_connection(connection).await)
            .await
    }

    async fn connection(
        &self,
        id: &ConnectionId,
        now: u64,
    ) -> Result<Option<Connection>, StoreError> {
        self.through(false, async |store| store.connection(id, now).await)
            .await
    }

    async fn delete_connection(&self, id: &ConnectionId) -> Result<Option<Connection>, StoreError> {
        self.through(false, async |store| store.delete_connection(id).await)
            .await
    }

    async fn delete_connection_if(&self, seen: &Connection) -> Result<bool, StoreError> {
        if self.is(ServerMutant::GoneDeletesSender) {
            let sender = wire_id(self.shared.lock().invocation.connection);
            if let Ok(sender) = ConnectionId::try_from(sender) {
                self.inner.delete_connection(&sender).await?;
            }
            return Ok(true);
        }
        self.through(false, async |store| store.delete_connection_if(seen).await)
            .await
    }

    async fn connections_of(&self, user: &UserId, now: u64) -> Result<Vec<Connection>, StoreError> {
        self.through(false, async |store| store.connections_of(user, now).await)
            .await
    }

    async fn connections(&self, now: u64) -> Result<Vec<Connection>, StoreError> {
        self.through(false, async |store| store.connections(now).await)
            .await
    }

    async fn commit(&self, entry: &NewMessage) -> Result<Committed, StoreError> {
        self.append(entry, None).await
    }

    async fn connection_and_last(
        &self,
        id: &ConnectionId,
        conv: &ConversationId,
        now: u64,
    ) -> Result<(Option<Connection>, Option<Seq>), StoreError> {
        self.through(false, async |store| {
            let row = store.connection(id, now).await?;
            Ok((row, Some(last_place(store, conv).await?)))
        })
        .await
    }

    async fn commit_after(&self, entry: &NewMessage, last: Seq) -> Result<Committed, StoreError> {
        self.append(entry, Some(last)).await
    }

    async fn heads(&self, conversations: &[ConversationId]) -> Result<Heads, StoreError> {
        self.through(false, async |store| store.heads(conversations).await)
            .await
    }

    async fn heads_of(&self, user: &UserId) -> Result<Heads, StoreError> {
        if self.is(ServerMutant::HeadsBeforeRegister) {
            let connection = wire_id(self.shared.lock().invocation.connection);
            if let Some(heads) = self.late.take(&connection) {
                return Ok(heads);
            }
        }
        self.through(false, async |store| store.heads_of(user).await)
            .await
    }

    async fn page(&self, request: &PageRequest) -> Result<LogPage, StoreError> {
        let mut page = self
            .through(false, async |store| store.page(request).await)
            .await?;
        if !self.late.is_empty() {
            let now = self.shared.lock().now;
            page.messages
                .retain(|message| self.late.is_visible(&request.conv, message.seq, now));
        }
        Ok(page)
    }

    async fn epoch(&self) -> Result<String, StoreError> {
        // A constant of the deployment: it costs no round trip.
        self.inner.epoch().await
    }
}

impl SimStore {
    /// Commits; behind the `last` place as it was foreseen, where it was.
    async fn append(&self, entry: &NewMessage, last: Option<Seq>) -> Result<Committed, StoreError> {
        if self.is(ServerMutant::AckWithoutCommit) && self.lies() {
            let head = last_place(&self.inner, &entry.conv).await?;
            return Ok(Committed {
                message: entry.at_place(head),
                duplicate: false,
            });
        }
        self.through(true, async |store| {
            if let Some(last) = last
                && last_place(store, &entry.conv).await? != last
            {
                return Err(StoreError::Contended);
            }
            if self.leaves_hole() {
                self.hole(store, entry).await?;
            }
            let committed = store.commit(entry).await?;
            if !committed.duplicate {
                let mut platform = self.shared.lock();
                if platform.mutants.has(ServerMutant::LateVisible) {
                    let visible = platform.now + platform.invocation.rng.range(0, 400);
                    let (conv, seq) = (entry.conv.clone(), committed.message.seq);
                    self.late.hide(conv, seq, visible);
                }
                platform.commits.push(committed.message.clone());
            }
            Ok(committed)
        })
        .await
    }

    fn leaves_hole(&self) -> bool {
        let mut platform = self.shared.lock();
        let hole = platform.rates.hole;
        platform.invocation.rng.chance(hole)
    }

    /// Takes a place of the log that nothing will ever stand at.
    async fn hole(&self, store: &MemoryStore, entry: &NewMessage) -> Result<(), StoreError> {
        let id = format!("{HOLE}{}", self.shared.lock().invocation.rng.next());
        let id = MessageId::try_from(id)
            .map_err(|error| StoreError::Unavailable(format!("a hole has no id: {error}")))?;
        let hole = NewMessage {
            id,
            ..entry.clone()
        };
        let committed = store.commit(&hole).await?;
        let seq = committed.message.seq;
        self.late.hide(hole.conv, seq, u64::MAX);
        self.shared.lock().commits.push(committed.message);
        Ok(())
    }

    fn lies(&self) -> bool {
        self.shared.lock().invocation.rng.chance(200)
    }
}

async fn last_place(store: &MemoryStore, conv: &ConversationId) -> Result<Seq, StoreError> {
    let heads = store.heads(std::slice::from_ref(conv)).await?;
    Ok(heads.get(conv).copied().unwrap_or_default())
}
