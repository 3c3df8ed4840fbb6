//! S5's frame, `{"data"}`: the bare text to everyone connected, the sender included.

use serde::Deserialize;

use crate::{
    backend::Backend,
    body,
    broadcast::Broadcast,
    ports::{Clock, Post},
    queue::Audience,
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
        let broadcast = Broadcast {
            text: frame.data.into(),
            to: Audience::Everyone,
            except: None,
        };
        if let Err(error) = self.address(&broadcast).await {
            tracing::error!(kind = error.kind(), %error, "a text for everyone was not sent");
            return Ok(Response::new(500, "Failed to send data."));
        }
        Ok(Response::ok("Data sent."))
    }
}
