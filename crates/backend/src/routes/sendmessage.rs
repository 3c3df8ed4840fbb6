//! `sendmessage`: three systems share the route; a frame's fields tell which one speaks.

mod by_user;
mod own;
mod room;

use crate::{
    backend::Backend,
    body::Dialect,
    event::Event,
    ports::{Clock, Post},
    response::{HandlerError, Response},
    store::{Connection, Store},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn sendmessage(
        &self,
        event: &Event,
        body: &str,
    ) -> Result<Response, HandlerError> {
        let older = self.settings.serves_older();
        match Dialect::of(body) {
            Dialect::Own => self.send_own(event, body).await,
            Dialect::ByUser if older => self.send_by_user(event, body).await,
            Dialect::Room if older => self.send_to_room(body).await,
            Dialect::ByUser | Dialect::Room | Dialect::Unknown => {
                self.send_unknown(event, body).await
            }
        }
    }

    /// A client of ours gets a `nack`; an older one would not know it.
    async fn send_unknown(&self, event: &Event, body: &str) -> Result<Response, HandlerError> {
        let id = &event.request_context.connection_id;
        let row = self.store.connection(id, self.clock.now_ms()).await?;
        if row.is_some_and(|row| Connection::said_hello(&row)) {
            return self.malformed(event, body, "no id").await;
        }
        Ok(Response::bad_request(
            "A sendmessage frame has an id and content, or content and to, or data.",
        ))
    }
}
