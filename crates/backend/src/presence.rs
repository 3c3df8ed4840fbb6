//! Who is online: told at most once, never stored; the snapshot after `hello` repairs it.

use std::{collections::BTreeSet, sync::Arc};

use futures_util::stream::{self, StreamExt};
use switchboard_protocol::{ServerFrame, UserId, server::Presence};

use crate::{
    backend::Backend,
    frames,
    ports::{Clock, Post},
    response::HandlerError,
    roster,
    store::{Connection, Store},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Tells a connection who is there, and the others of a user who was not.
    pub(crate) async fn say_online(
        &self,
        to: &Connection,
        user: &UserId,
    ) -> Result<(), HandlerError> {
        let everyone = self.store.connections(self.clock.now_ms()).await?;
        let others = roster::without(everyone, &to.id);
        let online: BTreeSet<UserId> = others
            .iter()
            .filter_map(|connection| connection.user.clone())
            .chain([user.clone()])
            .collect();
        for frame in frames::snapshot(online.into_iter().collect()) {
            self.reply(to, &frame).await?;
        }
        let others = roster::own(others);
        if others.iter().all(|other| other.user.as_ref() != Some(user)) {
            let frame = frames::encode(&presence(vec![user.clone()], Vec::new()))?;
            self.tell(&others, frame).await;
        }
        Ok(())
    }

    /// After a connection's rows are gone: tells the others if it was its user's last.
    pub(crate) async fn say_offline(&self, gone: &Connection) {
        let Some(user) = &gone.user else { return };
        if let Err(error) = self.say_offline_if_last(user).await {
            tracing::warn!(%error, "nobody was told that someone left");
        }
    }

    async fn say_offline_if_last(&self, user: &UserId) -> Result<(), HandlerError> {
        let now = self.clock.now_ms();
        if !self.store.connections_of(user, now).await?.is_empty() {
            return Ok(());
        }
        let others = roster::own(self.store.connections(now).await?);
        let frame = frames::encode(&presence(Vec::new(), vec![user.clone()]))?;
        self.tell(&others, frame).await;
        Ok(())
    }

    /// Posts without cleaning up after a 410: cleaning up is what leads here.
    async fn tell(&self, recipients: &[Connection], data: Arc<str>) {
        let mut posts = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            posts.push(self.send(&recipient.id, Arc::clone(&data)));
        }
        stream::iter(posts)
            .buffer_unordered(self.settings.fan_out_width.max(1))
            .for_each(|_| async {})
            .await;
    }
}

fn presence(online: Vec<UserId>, offline: Vec<UserId>) -> ServerFrame {
    ServerFrame::Presence(Presence {
        all: false,
        online,
        offline,
    })
}
