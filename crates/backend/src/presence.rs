//! Who is online: told at most once, never stored; the snapshot after `hello` repairs it.
//!
//! Where one function can post to everyone (`Settings::fan_out_bound`), everyone hears of everyone.
//! Where it cannot, people hear of those they have conversations with: what that costs depends on
//! the conversations, not on how many are there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::Ordering},
};

use switchboard_protocol::{ServerFrame, UserId, server::Heads};

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
    ///
    /// `partners` are those that the user has conversations with ([`Backend::partners`]).
    pub(crate) async fn say_online(
        &self,
        to: &Connection,
        user: &UserId,
        mut partners: BTreeSet<UserId>,
    ) -> Result<(), HandlerError> {
        let seen = match self.gathering().await? {
            Gathering::All(everyone) => everyone,
            Gathering::Crowd(_) => {
                partners.insert(user.clone());
                self.connections_of(&partners).await?
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

    async fn say_who_left(&self, mut left: BTreeSet<UserId>) -> Result<(), HandlerError> {
        for still in self.connections_of(&left).await? {
            if let Some(user) = &still.user {
                left.remove(user);
            }
        }
        if left.is_empty() {
            return Ok(());
        }
        match self.gathering().await? {
            Gathering::All(everyone) => {
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
        let mut heads = Vec::with_capacity(left.len());
        for user in &left {
            heads.push(self.store.heads_of(user));
        }
        let heads = self.all_of(heads).await;
        let mut news: BTreeMap<UserId, BTreeSet<UserId>> = BTreeMap::new();
        for (user, heads) in left.iter().zip(heads) {
            for partner in self.partners(user, &heads?) {
                news.entry(partner).or_default().insert(user.clone());
            }
        }
        let partners = roster::own(self.connections_of(news.keys()).await?);
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

    /// Those that a user has conversations with, at most as many as one function posts to.
    pub(crate) fn partners(&self, user: &UserId, heads: &Heads) -> BTreeSet<UserId> {
        let mut partners = BTreeSet::new();
        let people = heads.iter().filter_map(|(conv, _)| conv.participants());
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

    /// Everyone, or that they are more than one function posts to.
    pub(crate) async fn gathering(&self) -> Result<Gathering, StoreError> {
        let (bound, now) = (self.settings.fan_out_bound, self.clock.now_ms());
        let gathering = self.store.connections_up_to(bound, now).await?;
        let is_crowd = matches!(gathering, Gathering::Crowd(_));
        self.is_crowd.store(is_crowd, Ordering::Relaxed);
        Ok(gathering)
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
