//! Ends somebody's connections, for whoever runs the deployment.

use serde::Serialize;
use switchboard_protocol::UserId;

use crate::{
    backend::Backend,
    ports::{Clock, Post, PostError},
    store::{Store, StoreError},
};

/// What became of somebody's connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Kicked {
    /// Ended.
    pub closed: usize,
    /// Still there: ask again.
    pub failed: usize,
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Closes every connection of a user and forgets it.
    ///
    /// They may come back with their next ticket, and with one they already have for a minute: what
    /// keeps somebody out is their account at the identity provider.
    ///
    /// # Errors
    /// When the roster cannot be read or changed.
    pub async fn kick(&self, user: &UserId) -> Result<Kicked, StoreError> {
        let mut kicked = Kicked {
            closed: 0,
            failed: 0,
        };
        for connection in self.store.connections_of(user, self.clock.now_ms()).await? {
            match self.post.close(&connection.id).await {
                Ok(()) | Err(PostError::Gone) => {
                    // As `$disconnect` does, which may come late or never.
                    let gone = self.store.delete_connection(&connection.id).await?;
                    self.say_offline(gone.as_slice()).await;
                    kicked.closed += 1;
                }
                // Its row stays, or the next try would not find it.
                Err(error) => {
                    tracing::error!(connection = %connection.id, %error, "not closed");
                    kicked.failed += 1;
                }
            }
        }
        tracing::warn!(
            closed = kicked.closed,
            failed = kicked.failed,
            "a user was kicked"
        );
        Ok(kicked)
    }
}
