//! `sendMessage` (S1): a text to one connection, named by its id.

use serde::Deserialize;
use switchboard_protocol::ConnectionId;

use crate::{
    backend::Backend,
    event::Event,
    fan_out::Failure,
    ports::{Clock, Post, PostError},
    response::{HandlerError, Response},
    store::Store,
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Direct {
    connection_id: ConnectionId,
    message: String,
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn send_message_direct(
        &self,
        event: &Event,
        body: &str,
    ) -> Result<Response, HandlerError> {
        let direct: Direct = match crate::body::object(body) {
            Ok(direct) => direct,
            Err(reason) => {
                return Ok(Response::bad_request(format!(
                    "Malformed sendMessage frame: {reason}."
                )));
            }
        };
        let to = &direct.connection_id;
        let outcome = self.send(to, direct.message.into()).await;
        if outcome == Err(Failure::Refused(PostError::Gone)) {
            // The sender is not cut off for it; that connection's row goes.
            let row = self.store.connection(to, self.clock.now_ms()).await?;
            self.forget(row.as_slice()).await;
        }
        tracing::debug!(from = %event.request_context.connection_id, %to, "sent directly");
        Ok(Response::ok("Message sent"))
    }
}
