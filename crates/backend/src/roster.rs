//! Who gets a message.

use futures_util::future::try_join_all;
use switchboard_protocol::{ConnectionId, UserId};

use crate::{
    backend::Backend,
    ports::{Clock, Post},
    store::{Connection, Store, StoreError},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// The live connections of these users: one query each.
    pub(crate) async fn connections_of(
        &self,
        users: &[UserId],
    ) -> Result<Vec<Connection>, StoreError> {
        let now = self.clock.now_ms();
        let queries = users
            .iter()
            .map(|user| self.store.connections_of(user, now));
        Ok(try_join_all(queries).await?.into_iter().flatten().collect())
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
