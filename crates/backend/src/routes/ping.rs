//! `ping`: a sign of life, and the heads that reveal a lost last message.

use switchboard_protocol::{
    ServerFrame,
    client::Ping,
    limits::MAX_HEADS_PER_PING,
    server::{NackCode, Pong},
};

use crate::{
    backend::Backend,
    event::Event,
    frames,
    ports::{Clock, Post},
    refusal::Caller,
    response::{HandlerError, Response},
    store::Store,
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn ping(&self, event: &Event, body: &str) -> Result<Response, HandlerError> {
        let mut ping: Ping = match crate::body::object(body) {
            Ok(ping) => ping,
            Err(reason) => return self.malformed(event, body, &reason).await,
        };
        let (row, user) = match self.caller(event).await? {
            Caller::Known(row, user) => (row, user),
            Caller::Anonymous(row) => return self.nack(&row, None, NackCode::Anonymous).await,
            Caller::Unknown => return self.reconnect(event).await,
        };
        let heads = if ping.heads_for.is_empty() {
            self.store.heads_of(&user).await?
        } else {
            ping.heads_for.truncate(MAX_HEADS_PER_PING);
            ping.heads_for.retain(|conv| conv.includes(&user));
            self.store.heads(&ping.heads_for).await?
        };
        let pong = Pong {
            n: ping.n,
            now: self.clock.now_ms(),
            heads: frames::fitting(heads),
        };
        self.reply(&row, &ServerFrame::Pong(pong)).await?;
        Ok(Response::ok("Pong."))
    }
}
