//! Who gets a message.

use std::future::Future;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use switchboard_protocol::{ConnectionId, UserId};

use crate::{
    backend::Backend,
    ports::{Clock, Post},
    store::{Connection, Store, StoreError},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// The live connections of these users: one query each.
    pub(crate) async fn connections_of<'a>(
        &self,
        users: impl IntoIterator<Item = &'a UserId>,
    ) -> Result<Vec<Connection>, StoreError> {
        let now = self.clock.now_ms();
        let mut queries = Vec::new();
        for user in users {
            queries.push(self.store.connections_of(user, now));
        }
        Ok(self.all_of(queries).await?.into_iter().flatten().collect())
    }

    /// What these requests answer, in their order, so many at a time.
    pub(crate) async fn all_of<T>(
        &self,
        requests: Vec<impl Future<Output = Result<T, StoreError>> + Send>,
    ) -> Result<Vec<T>, StoreError> {
        let width = self.settings.fan_out_width.max(1);
        stream::iter(requests).buffered(width).try_collect().await
    }
}

/// All but one.
pub(crate) fn without(mut connections: Vec<Connection>, id: &ConnectionId) -> Vec<Connection> {
    connections.retain(|connection| connection.id != *id);
    connections
}

/// Those that speak Switchboard's own frames.
pub(crate) fn own(mut connections: Vec<Connection>) -> Vec<Connection> {
    connections.retain(Connection::said_hello);
    connections
}
