//! S2's frame, `{"content", "to"}`: by user id, to all of that user's connections.
//!
//! It goes to the same log as a frame of our own, under an id minted here, so both kinds of
//! client see one conversation; what arrives is a `message` event, a superset of S2's
//! `{"content"}`. An S2 page knows no `ack`, `nack` or `delivery` and gets none.
//!
//! The published system took messages from connections without a user too. Such a message
//! has no sender to file it under: it is posted as `{"content"}` and kept nowhere.

use serde::Deserialize;
use switchboard_protocol::{
    ConversationId, MessageId, UserId, client::Kind, limits::MAX_FRAME_BYTES,
};

use crate::{
    backend::Backend,
    body,
    commit::Draft,
    event::Event,
    ports::{Clock, Post},
    refusal::Caller,
    response::{HandlerError, Response},
    store::Store,
};

#[derive(Debug, Deserialize)]
struct ByUser {
    content: String,
    to: To,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum To {
    One(UserId),
    Several(Vec<UserId>),
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(super) async fn send_by_user(
        &self,
        event: &Event,
        text: &str,
    ) -> Result<Response, HandlerError> {
        let frame: ByUser = match body::object(text) {
            Ok(frame) => frame,
            Err(reason) => {
                return Ok(Response::bad_request(format!(
                    "Malformed sendmessage frame: {reason}."
                )));
            }
        };
        let to = match frame.to {
            To::One(user) => vec![user],
            To::Several(users) => users,
        };
        if to.is_empty() || frame.content.is_empty() {
            return Ok(Response::bad_request(
                "The message has no recipient or no content.",
            ));
        }
        if text.len() > MAX_FRAME_BYTES {
            return Ok(Response::new(413, "The message is too large."));
        }
        let conversation = |from: &UserId| ConversationId::of(to.iter().chain([from])).ok();
        let (row, from, foreseen) = match self.caller_to(event, conversation).await? {
            (Caller::Known(row, from), foreseen) => (row, from, foreseen),
            (Caller::Anonymous(_) | Caller::Unknown, _) => {
                let content = serde_json::json!({"content": frame.content}).to_string();
                let recipients = self.connections_of(&to).await?;
                self.fan_out(&recipients, &content.into()).await;
                return Ok(Response::ok("Message sent, without a sender and not kept."));
            }
        };
        let Some(conv) = conversation(&from) else {
            return Ok(Response::bad_request(
                "These participants cannot form a conversation.",
            ));
        };
        let draft = Draft {
            conv,
            id: self.minted_id(),
            from,
            kind: Kind::Text,
            content: frame.content,
            re: None,
        };
        let committed = match self.commit(draft, foreseen).await {
            Ok(committed) => committed,
            Err(error) => {
                tracing::error!(kind = error.kind(), %error, "a message was not committed");
                return Ok(Response::new(
                    503,
                    "Failed to send message: the store is busy.",
                ));
            }
        };
        self.spread(&committed.message, &row).await?;
        Ok(Response::ok("Message sent"))
    }

    fn minted_id(&self) -> MessageId {
        let high = u128::from(self.clock.random());
        MessageId::from_random((high << 64) | u128::from(self.clock.random()))
    }
}
