//! Switchboard's own frame: commit, acknowledge, fan out, tell how far it got.

use futures_util::future::join;
use switchboard_protocol::{
    ConversationId, MessageId, ServerFrame, UserId,
    client::{Kind, SendMessage},
    limits::MAX_FRAME_BYTES,
    server::{Ack, NackCode},
};

use crate::{
    backend::Backend,
    body,
    commit::Draft,
    event::Event,
    ports::{Clock, Post},
    refusal::Caller,
    response::{HandlerError, Response},
    store::{Store, StoreError},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(super) async fn send_own(
        &self,
        event: &Event,
        text: &str,
    ) -> Result<Response, HandlerError> {
        let send: SendMessage = match body::object(text) {
            Ok(send) => send,
            Err(_) if names_nobody(text) => {
                let id = body::message_id(text);
                return self.nack_unlisted(event, id, NackCode::BadRecipients).await;
            }
            Err(reason) => return self.malformed(event, text, &reason).await,
        };
        if send.to.is_some() == send.conv.is_some() {
            return self.malformed(event, text, "either to or conv").await;
        }
        let id = send.id.clone();
        let looked_up = self.caller_to(event, |user| conversation(&send, user).ok());
        let (row, user, foreseen) = match looked_up.await {
            Ok((Caller::Known(row, user), foreseen)) => (row, user, foreseen),
            Ok((Caller::Anonymous(row), _)) => {
                return self.nack(&row, Some(id), NackCode::Anonymous).await;
            }
            Ok((Caller::Unknown, _)) => {
                return self.reconnect(event, Some(id)).await;
            }
            Err(error) => return self.unavailable(event, id, &error).await,
        };
        let draft = match draft(send, user, text.len()) {
            Ok(draft) => draft,
            Err(code) => return self.nack(&row, Some(id), code).await,
        };
        let committed = match self.commit(draft, foreseen).await {
            Ok(committed) => committed,
            Err(error) => return self.unavailable(event, id, &error).await,
        };
        let message = &committed.message;
        let ack = ServerFrame::Ack(Ack {
            id,
            conv: message.conv.clone(),
            seq: message.seq,
            at: message.at,
            duplicate: committed.duplicate,
        });
        // Together: a sender's hanging socket must not hold the recipients up. A duplicate is
        // fanned out again, because the first attempt may have died between commit and
        // fan-out; clients drop what they have by its id.
        let (acknowledged, spread) = join(self.reply(&row, &ack), self.spread(message, &row)).await;
        acknowledged?;
        spread?;
        Ok(Response::ok("Message committed."))
    }

    async fn unavailable(
        &self,
        event: &Event,
        id: MessageId,
        error: &StoreError,
    ) -> Result<Response, HandlerError> {
        tracing::error!(kind = error.kind(), %error, "a message was not committed");
        self.nack_unlisted(event, Some(id), NackCode::Unavailable)
            .await
    }
}

/// Whether the frame would be fine but for ids that name no user or conversation.
fn names_nobody(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Names {
        to: Option<Vec<String>>,
        conv: Option<String>,
    }
    let Ok(Names { to, conv }) = body::object(text) else {
        return false;
    };
    let to = to.unwrap_or_default();
    to.into_iter().any(|name| UserId::try_from(name).is_err())
        || conv.is_some_and(|conv| ConversationId::try_from(conv).is_err())
}

/// Where a frame of this user's belongs.
fn conversation(send: &SendMessage, from: &UserId) -> Result<ConversationId, NackCode> {
    match (&send.conv, &send.to) {
        (Some(conv), _) if conv.includes(from) => Ok(conv.clone()),
        (Some(_), _) => Err(NackCode::Forbidden),
        (None, Some(to)) if !to.is_empty() => {
            ConversationId::of(to.iter().chain([from])).map_err(|_| NackCode::BadRecipients)
        }
        (None, _) => Err(NackCode::BadRecipients),
    }
}

/// Checks what the shape alone does not say.
fn draft(send: SendMessage, from: UserId, frame_bytes: usize) -> Result<Draft, NackCode> {
    let conv = conversation(&send, &from)?;
    // Reading up to a place or removing an entry says all it has to say by `re`.
    let speaks = matches!(send.kind, Kind::Text | Kind::Edit | Kind::Reaction);
    if frame_bytes > MAX_FRAME_BYTES || (speaks && send.content.trim().is_empty()) {
        return Err(NackCode::BadContent);
    }
    Ok(Draft {
        conv,
        id: send.id,
        from,
        kind: send.kind,
        content: send.content,
        re: send.re,
    })
}
