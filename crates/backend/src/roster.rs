//! Who gets a message.

use std::sync::atomic::Ordering;

use switchboard_protocol::{ConnectionId, UserId};

use crate::{
    backend::Backend,
    ports::{Clock, Post},
    store::{Connection, Gathering, Store, StoreError},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Everyone, or that they are more than one function posts to.
    pub(crate) async fn gathering(&self) -> Result<Gathering, StoreError> {
        let (bound, now) = (self.settings.fan_out_bound, self.clock.now_ms());
        let gathering = self.store.connections_up_to(bound, now).await?;
        let is_crowd = matches!(gathering, Gathering::Crowd(_));
        self.is_crowd.store(is_crowd, Ordering::Relaxed);
        Ok(gathering)
    }

    /// The live connections of these users: one query each.
    pub(crate) async fn connections_of<'a>(
        &self,
        users: impl IntoIterator<Item = &'a UserId>,
    ) -> Result<Vec<Connection>, StoreError> {
        let found = self.connections_of_each(users).await.into_iter();
        let found: Vec<_> = found.collect::<Result<_, _>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The same, by user.
    pub(crate) async fn connections_of_each<'a>(
        &self,
        users: impl IntoIterator<Item = &'a UserId>,
    ) -> Vec<Result<Vec<Connection>, StoreError>> {
        let now = self.clock.now_ms();
        let mut queries = Vec::new();
        for user in users {
            queries.push(self.store.connections_of(user, now));
        }
        self.all_of(queries).await
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
