//! S5's frame, `{"data"}`: the bare text to everyone connected, the sender included.

use serde::Deserialize;

use crate::{
    backend::Backend,
    body,
    ports::{Clock, Post},
    response::{HandlerError, Response},
    store::Store,
};

#[derive(Debug, Deserialize)]
struct Room {
    data: String,
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(super) async fn send_to_room(&self, text: &str) -> Result<Response, HandlerError> {
        let frame: Room = match body::object(text) {
            Ok(frame) => frame,
            Err(reason) => {
                return Ok(Response::bad_request(format!(
                    "Malformed sendmessage frame: {reason}."
                )));
            }
        };
        let everyone = match self.store.connections(self.clock.now_ms()).await {
            Ok(everyone) => everyone,
            Err(error) => {
                tracing::error!(%error, "the roster could not be read");
                return Ok(Response::new(
                    500,
                    "Failed to send: the roster could not be read.",
                ));
            }
        };
        self.fan_out(&everyone, &frame.data.into()).await;
        Ok(Response::ok("Data sent."))
    }
}
