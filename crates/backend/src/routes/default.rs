//! `$default` (S4): any text, to everyone connected.

use switchboard_protocol::limits::MAX_MESSAGE_BYTES;

use crate::{
    backend::Backend,
    event::Event,
    ports::{Clock, Post},
    response::{HandlerError, Response},
    roster,
    store::Store,
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn default(&self, event: &Event) -> Result<Response, HandlerError> {
        let text = event.body.as_deref().unwrap_or_default();
        if text.is_empty() {
            return Ok(Response::new(404, "No message body."));
        }
        let sender = &event.request_context.connection_id;
        let says = serde_json::json!({"message": format!("{sender} says: {text}")}).to_string();
        if says.len() > MAX_MESSAGE_BYTES {
            return Ok(Response::new(413, "The message is too large."));
        }
        let mut recipients = match self.store.connections(self.clock.now_ms()).await {
            Ok(everyone) => everyone,
            Err(error) => {
                tracing::error!(%error, "the roster could not be read");
                return Ok(Response::new(500, "Failed to send message."));
            }
        };
        if !self.settings.echo_to_sender {
            recipients = roster::without(recipients, sender);
        }
        self.fan_out(&recipients, &says.into()).await;
        Ok(Response::ok("Message sent successfully."))
    }
}
