//! A shared store is a store.

use std::{future::Future, sync::Arc};

use switchboard_protocol::{ConnectionId, ConversationId, Seq, UserId, server::Heads};

use super::{
    Committed, Connection, Gathering, LogPage, NewMessage, PageRequest, Shard, Store, StoreError,
};

impl<S: Store> Store for Arc<S> {
    fn put_connection(
        &self,
        connection: &Connection,
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        S::put_connection(self, connection)
    }

    fn connection(
        &self,
        id: &ConnectionId,
        now: u64,
    ) -> impl Future<Output = Result<Option<Connection>, StoreError>> + Send {
        S::connection(self, id, now)
    }

    fn delete_connection(
        &self,
        id: &ConnectionId,
    ) -> impl Future<Output = Result<Option<Connection>, StoreError>> + Send {
        S::delete_connection(self, id)
    }

    fn delete_connection_if(
        &self,
        seen: &Connection,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send {
        S::delete_connection_if(self, seen)
    }

    fn connections_of(
        &self,
        user: &UserId,
        now: u64,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + Send {
        S::connections_of(self, user, now)
    }

    fn connections(
        &self,
        now: u64,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + Send {
        S::connections(self, now)
    }

    fn connections_up_to(
        &self,
        most: usize,
        now: u64,
    ) -> impl Future<Output = Result<Gathering, StoreError>> + Send {
        S::connections_up_to(self, most, now)
    }

    fn connections_in(
        &self,
        shard: Shard,
        now: u64,
    ) -> impl Future<Output = Result<Vec<Connection>, StoreError>> + Send {
        S::connections_in(self, shard, now)
    }

    fn commit(
        &self,
        entry: &NewMessage,
    ) -> impl Future<Output = Result<Committed, StoreError>> + Send {
        S::commit(self, entry)
    }

    fn connection_and_last(
        &self,
        id: &ConnectionId,
        conv: &ConversationId,
        now: u64,
    ) -> impl Future<Output = Result<(Option<Connection>, Option<Seq>), StoreError>> + Send {
        S::connection_and_last(self, id, conv, now)
    }

    fn commit_after(
        &self,
        entry: &NewMessage,
        last: Seq,
    ) -> impl Future<Output = Result<Committed, StoreError>> + Send {
        S::commit_after(self, entry, last)
    }

    fn heads(
        &self,
        conversations: &[ConversationId],
    ) -> impl Future<Output = Result<Heads, StoreError>> + Send {
        S::heads(self, conversations)
    }

    fn heads_of(&self, user: &UserId) -> impl Future<Output = Result<Heads, StoreError>> + Send {
        S::heads_of(self, user)
    }

    fn conversations_of(
        &self,
        user: &UserId,
    ) -> impl Future<Output = Result<Vec<ConversationId>, StoreError>> + Send {
        S::conversations_of(self, user)
    }

    fn page(
        &self,
        request: &PageRequest,
    ) -> impl Future<Output = Result<LogPage, StoreError>> + Send {
        S::page(self, request)
    }

    fn epoch(&self) -> impl Future<Output = Result<String, StoreError>> + Send {
        S::epoch(self)
    }
}
