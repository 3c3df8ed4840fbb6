//! `$default` (S4): any text, to everyone connected.

use switchboard_protocol::limits::MAX_MESSAGE_BYTES;

use crate::{
    backend::Backend,
    broadcast::Broadcast,
    event::Event,
    ports::{Clock, Post},
    queue::Audience,
    response::{HandlerError, Response},
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
        let broadcast = Broadcast {
            text: says.into(),
            to: Audience::Everyone,
            except: (!self.settings.echo_to_sender).then(|| sender.clone()),
        };
        if let Err(error) = self.address(&broadcast).await {
            tracing::error!(kind = error.kind(), %error, "a text for everyone was not sent");
            return Ok(Response::new(500, "Failed to send message."));
        }
        Ok(Response::ok("Message sent successfully."))
    }
}
