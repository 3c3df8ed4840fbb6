//! Who is online: told at most once, never stored; the snapshot after `hello` repairs it.
//!
//! Where one function can post to everyone (`Settings::fan_out_bound`), everyone hears of everyone.
//! Where it cannot, people hear of those they have conversations with: what that costs depends on
//! the conversations, not on how many are there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::Ordering},
};

use switchboard_protocol::{ConversationId, ServerFrame, UserId};

use crate::{
    backend::Backend,
    frames,
    ports::{Clock, Post},
    response::HandlerError,
    roster,
    store::{Connection, Gathering, Store, StoreError},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Tells a connection who is there, and the others of a user who was not.
    pub(crate) async fn say_online(
        &self,
        to: &Connection,
        user: &UserId,
    ) -> Result<(), HandlerError> {
        let seen = match self.gathering().await? {
            Gathering::All(everyone) => everyone,
            Gathering::Crowd(_) => {
                // Now, and not with the welcome's heads: who wrote first since then is one.
                let conversations = self.store.conversations_of(user).await?;
                let mut partners = self.partners(user, &conversations);
                partners.insert(user.clone());
                self.seen(&partners).await
            }
        };
        let others = roster::without(seen, &to.id);
        let online: BTreeSet<UserId> = others
            .iter()
            .filter_map(|connection| connection.user.clone())
            .chain([user.clone()])
            .collect();
        for frame in frames::snapshot(online) {
            self.reply(to, &frame).await?;
        }
        let others = roster::own(others);
        if others.iter().all(|other| other.user.as_ref() != Some(user)) {
            let frame = frames::online([user.clone()]);
            self.tell_all(others.iter(), &frame).await?;
        }
        Ok(())
    }

    /// With the first message of a conversation in a crowd: tells its participants which of them are
    /// there, who had not heard of each other.
    pub(crate) async fn introduce(
        &self,
        there: BTreeSet<UserId>,
        to: &[&Connection],
    ) -> Result<(), HandlerError> {
        // As it was when this process last looked: no message waits for another look.
        if !self.is_crowd.load(Ordering::Relaxed) {
            return Ok(());
        }
        let to = to.iter().copied().filter(|one| one.said_hello());
        self.tell_all(to, &frames::online(there)).await
    }

    /// After the rows of connections are gone: tells the others of those for whom it was the last.
    pub(crate) async fn say_offline(&self, gone: &[Connection]) {
        let users: BTreeSet<UserId> = gone.iter().filter_map(|gone| gone.user.clone()).collect();
        if users.is_empty() {
            return;
        }
        if let Err(error) = self.say_who_left(users).await {
            tracing::warn!(%error, "nobody was told that someone left");
        }
    }

    async fn say_who_left(&self, users: BTreeSet<UserId>) -> Result<(), HandlerError> {
        let still = self.connections_of_each(&users).await;
        let left = users.into_iter().zip(still);
        let mut left: BTreeSet<UserId> = left
            .filter(|(_, still)| readable(still).is_some_and(Vec::is_empty))
            .map(|(user, _)| user)
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        match self.gathering().await? {
            Gathering::All(everyone) => {
                // Who has come back meanwhile.
                for user in everyone.iter().filter_map(|one| one.user.as_ref()) {
                    left.remove(user);
                }
                let others = roster::own(everyone);
                for frame in frames::offline(left) {
                    self.tell_all(others.iter(), &frame).await?;
                }
            }
            Gathering::Crowd(_) => self.say_who_left_to_partners(left).await?,
        }
        Ok(())
    }

    async fn say_who_left_to_partners(&self, left: BTreeSet<UserId>) -> Result<(), HandlerError> {
        let mut lists = Vec::with_capacity(left.len());
        for user in &left {
            lists.push(self.store.conversations_of(user));
        }
        let lists = self.all_of(lists).await;
        let mut news: BTreeMap<UserId, BTreeSet<UserId>> = BTreeMap::new();
        for (user, list) in left.iter().zip(&lists) {
            let conversations = readable(list).map(Vec::as_slice).unwrap_or_default();
            for partner in self.partners(user, conversations) {
                news.entry(partner).or_default().insert(user.clone());
            }
        }
        let partners = roster::own(self.seen(news.keys()).await);
        let mut posts = Vec::with_capacity(partners.len());
        for partner in &partners {
            let news = partner.user.as_ref().and_then(|user| news.get(user));
            for frame in frames::offline(news.cloned().unwrap_or_default()) {
                posts.push((partner, frames::encode(&frame)?));
            }
        }
        self.tell(posts.into_iter()).await;
        Ok(())
    }

    /// The connections of these users, as far as they can be read: of many, one that cannot is no reason
    /// to tell nobody.
    async fn seen<'a>(&self, users: impl IntoIterator<Item = &'a UserId>) -> Vec<Connection> {
        let found = self.connections_of_each(users).await;
        let found = found.iter().filter_map(readable);
        found.flatten().cloned().collect()
    }

    /// Those that a user has these conversations with, at most as many as one function posts to.
    fn partners(&self, user: &UserId, conversations: &[ConversationId]) -> BTreeSet<UserId> {
        let mut partners = BTreeSet::new();
        let people = conversations
            .iter()
            .filter_map(ConversationId::participants);
        for partner in people.flatten() {
            if partners.len() >= self.settings.fan_out_bound {
                break;
            }
            if partner != *user {
                partners.insert(partner);
            }
        }
        partners
    }

    async fn tell_all<'a>(
        &self,
        to: impl Iterator<Item = &'a Connection>,
        frame: &ServerFrame,
    ) -> Result<(), HandlerError> {
        let data = frames::encode(frame)?;
        self.tell(to.map(|one| (one, Arc::clone(&data)))).await;
        Ok(())
    }

    /// Posts without cleaning up after a 410: cleaning up is what leads here.
    async fn tell<'a>(&self, news: impl Iterator<Item = (&'a Connection, Arc<str>)>) {
        let mut posts = Vec::new();
        for (to, data) in news {
            posts.push(self.send(&to.id, data));
        }
        self.all_of(posts).await;
    }
}

/// What was read; that it could not be is logged.
fn readable<T>(read: &Result<T, StoreError>) -> Option<&T> {
    let warn = |error: &StoreError| tracing::warn!(%error, "somebody's presence was not told");
    read.as_ref().inspect_err(|error| warn(error)).ok()
}
