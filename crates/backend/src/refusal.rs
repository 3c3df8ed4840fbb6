//! Who sends a frame of our own, and what is said to those who may not.

use std::time::Duration;

use switchboard_protocol::{
    MessageId, ServerFrame, UserId,
    server::{Goaway, Nack, NackCode},
};

use crate::{
    backend::Backend,
    body,
    event::Event,
    frames,
    identity::Identity,
    ports::{Clock, Post},
    response::{HandlerError, Response},
    store::{Connection, Store, StoreError},
};

/// The sender of a frame, as the roster knows it.
#[derive(Debug)]
pub(crate) enum Caller {
    /// A connection with a user.
    Known(Connection, UserId),
    /// A connection without one.
    Anonymous(Connection),
    /// No row: expired, or deleted by an early 410.
    Unknown,
}

impl From<Option<Connection>> for Caller {
    fn from(row: Option<Connection>) -> Self {
        let Some(row) = row else {
            return Self::Unknown;
        };
        match row.user.clone() {
            Some(user) => Self::Known(row, user),
            None => Self::Anonymous(row),
        }
    }
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// When the row of a connection stops counting: when it must have ended, or when its user's
    /// token has. From then on nothing is posted to it, and its next frame is answered as one of a
    /// connection that nobody knows.
    pub(crate) fn row_expiry(&self, established: u64, identity: &Identity) -> u64 {
        let ended = established.saturating_add(millis(self.settings.row_ttl));
        identity.until.map_or(ended, |until| until.min(ended))
    }

    /// Looks the sender up; a client-sent `from` is never read.
    pub(crate) async fn caller(&self, event: &Event) -> Result<Caller, StoreError> {
        let id = &event.request_context.connection_id;
        let row = self.store.connection(id, self.clock.now_ms()).await?;
        Ok(row.into())
    }

    /// The sender's row and user; `Err` holds the answer to one that has none.
    pub(crate) async fn known(
        &self,
        event: &Event,
    ) -> Result<Result<(Connection, UserId), Response>, HandlerError> {
        Ok(match self.caller(event).await? {
            Caller::Known(row, user) => Ok((row, user)),
            Caller::Anonymous(row) => Err(self.nack(&row, None, NackCode::Anonymous).await?),
            Caller::Unknown => Err(self.reconnect(event, None).await?),
        })
    }

    /// Posts a `nack` and answers with its reason.
    pub(crate) async fn nack(
        &self,
        to: &Connection,
        id: Option<MessageId>,
        code: NackCode,
    ) -> Result<Response, HandlerError> {
        self.reply(to, &self.nack_frame(id, code)).await?;
        Ok(refusal(code))
    }

    fn nack_frame(&self, id: Option<MessageId>, code: NackCode) -> ServerFrame {
        let retry = code == NackCode::Unavailable;
        ServerFrame::Nack(Nack {
            id,
            code,
            retry,
            retry_after_ms: retry.then_some(millis(self.settings.retry_after)),
        })
    }

    /// Refuses a frame by connection id alone: its sender need not be in the roster.
    pub(crate) async fn nack_unlisted(
        &self,
        event: &Event,
        id: Option<MessageId>,
        code: NackCode,
    ) -> Result<Response, HandlerError> {
        self.send_frame(event, &self.nack_frame(id, code)).await?;
        Ok(refusal(code))
    }

    /// Refuses a frame that does not have the shape of its action.
    pub(crate) async fn malformed(
        &self,
        event: &Event,
        text: &str,
        reason: &str,
    ) -> Result<Response, HandlerError> {
        let id = body::message_id(text);
        self.nack_unlisted(event, id, NackCode::Malformed).await?;
        let action = &event.request_context.route_key;
        Ok(Response::bad_request(format!(
            "Malformed {action} frame: {reason}."
        )))
    }

    /// Asks a connection that the roster does not know to connect anew: nothing else tells
    /// who it is. A send of ours, named by its id, is to be sent again there.
    pub(crate) async fn reconnect(
        &self,
        event: &Event,
        send: Option<MessageId>,
    ) -> Result<Response, HandlerError> {
        if let Some(id) = send {
            self.nack_unlisted(event, Some(id), NackCode::Unavailable)
                .await?;
        }
        let goaway = Goaway { reconnect_in_ms: 0 };
        self.send_frame(event, &ServerFrame::Goaway(goaway)).await?;
        Ok(Response::new(
            409,
            "This connection is not in the roster; connect again.",
        ))
    }

    /// Answers any frame of a connection that has outlived its user's token, as one of a connection
    /// that nobody knows.
    pub(crate) async fn ended(&self, event: &Event) -> Result<Response, HandlerError> {
        let sends = event.request_context.route_key == "sendmessage";
        let body = event.body.as_deref().filter(|_| sends);
        self.reconnect(event, body.and_then(body::message_id)).await
    }

    async fn send_frame(&self, event: &Event, frame: &ServerFrame) -> Result<(), HandlerError> {
        let data = frames::encode(frame)?;
        // Best effort: a client that hears nothing asks again.
        let _ = self.send(&event.request_context.connection_id, data).await;
        Ok(())
    }
}

fn refusal(code: NackCode) -> Response {
    let (status, body) = match code {
        NackCode::Malformed => (400, "The frame is malformed."),
        NackCode::Anonymous => (401, "This connection has no user."),
        NackCode::Forbidden => (403, "The user is not in that conversation."),
        NackCode::BadRecipients => (400, "These participants cannot form a conversation."),
        NackCode::BadContent => (400, "The message is empty or too large."),
        NackCode::Unavailable => (503, "The store is busy; send the same id again."),
        NackCode::Unknown => (400, "Refused."),
    };
    Response::new(status, body)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
