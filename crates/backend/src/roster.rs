//! Who gets a message.

use futures_util::future::try_join_all;
use switchboard_protocol::{ConnectionId, ConversationId, UserId};

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

    /// The live connections of a conversation's participants: for the lobby, of everyone who
    /// has a name. Connections without a user (S1, S3–S5) never chose to be in it.
    pub(crate) async fn connections_in(
        &self,
        conv: &ConversationId,
    ) -> Result<Vec<Connection>, StoreError> {
        match conv.participants() {
            Some(users) => self.connections_of(&users).await,
            None => {
                let mut everyone = self.store.connections(self.clock.now_ms()).await?;
                everyone.retain(|connection| connection.user.is_some());
                Ok(everyone)
            }
        }
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
