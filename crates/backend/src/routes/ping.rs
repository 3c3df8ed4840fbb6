//! `ping`: a sign of life, and the heads that reveal a lost last message.

use switchboard_protocol::{
    ServerFrame,
    client::Ping,
    limits::MAX_HEADS_PER_PING,
    server::{Heads, Pong},
};

use crate::{
    backend::Backend,
    event::Event,
    frames,
    ports::{Clock, Post},
    response::{HandlerError, Response},
    store::{Connection, Store},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn ping(&self, event: &Event, body: &str) -> Result<Response, HandlerError> {
        let mut ping: Ping = match crate::body::object(body) {
            Ok(ping) => ping,
            Err(reason) => return self.malformed(event, body, &reason).await,
        };
        let (row, user) = match self.known(event).await? {
            Ok(known) => known,
            Err(refused) => return Ok(refused),
        };
        let heads = if ping.heads_for.is_empty() {
            self.store.heads_of(&user).await?
        } else {
            ping.heads_for.truncate(MAX_HEADS_PER_PING);
            ping.heads_for.retain(|conv| conv.includes(&user));
            self.store.heads(&ping.heads_for).await?
        };
        for part in frames::parts(heads) {
            self.pong(&row, ping.n, part).await?;
        }
        Ok(Response::ok("Pong."))
    }

    /// Posts heads as an answer to ping `n`; 0 answers none.
    pub(crate) async fn pong(
        &self,
        to: &Connection,
        n: u64,
        heads: Heads,
    ) -> Result<(), HandlerError> {
        let now = self.clock.now_ms();
        self.reply(to, &ServerFrame::Pong(Pong { n, now, heads }))
            .await
    }
}
