//! Live connections, by id and by user.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_protocol::{ConnectionId, UserId};

use crate::store::{Connection, Shard};

/// The roster of one process.
///
/// The embedded store uses it too: sockets end with the process that holds them, so rows
/// that survived it would only be wrong.
#[derive(Debug, Default)]
pub struct Roster {
    by_id: BTreeMap<ConnectionId, Connection>,
    by_user: BTreeMap<UserId, BTreeSet<ConnectionId>>,
}

impl Roster {
    /// Writes a connection's rows.
    pub fn put(&mut self, connection: Connection) {
        self.delete(&connection.id);
        if let Some(user) = &connection.user {
            self.by_user
                .entry(user.clone())
                .or_default()
                .insert(connection.id.clone());
        }
        self.by_id.insert(connection.id.clone(), connection);
    }

    /// A live connection.
    #[must_use]
    pub fn get(&self, id: &ConnectionId, now: u64) -> Option<Connection> {
        self.by_id.get(id).filter(|row| row.expires > now).cloned()
    }

    /// Removes a connection.
    pub fn delete(&mut self, id: &ConnectionId) -> Option<Connection> {
        let row = self.by_id.remove(id)?;
        if let Some(user) = &row.user
            && let Some(ids) = self.by_user.get_mut(user)
        {
            ids.remove(id);
            if ids.is_empty() {
                self.by_user.remove(user);
            }
        }
        Some(row)
    }

    /// Removes a connection if its row is still the one seen.
    pub fn delete_if(&mut self, seen: &Connection) -> bool {
        let unchanged = self
            .by_id
            .get(&seen.id)
            .is_some_and(|row| row.stamp == seen.stamp);
        unchanged && self.delete(&seen.id).is_some()
    }

    /// A user's live connections.
    #[must_use]
    pub fn of_user(&self, user: &UserId, now: u64) -> Vec<Connection> {
        let ids = self.by_user.get(user).into_iter().flatten();
        ids.filter_map(|id| self.get(id, now)).collect()
    }

    /// The live connections of a shard.
    #[must_use]
    pub fn in_shard(&self, shard: Shard, now: u64) -> Vec<Connection> {
        let rows = self.by_id.values();
        rows.filter(|row| row.expires > now && shard.holds(&row.id))
            .cloned()
            .collect()
    }

    /// Every live connection. Expired ones are dropped on the way.
    pub fn all(&mut self, now: u64) -> Vec<Connection> {
        let expired: Vec<ConnectionId> = self
            .by_id
            .values()
            .filter(|row| row.expires <= now)
            .map(|row| row.id.clone())
            .collect();
        for id in &expired {
            self.delete(id);
        }
        self.by_id.values().cloned().collect()
    }
}
