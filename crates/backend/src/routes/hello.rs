//! `hello`: registers the connection first, reads heads second, then answers `welcome`. A
//! message committed in between is posted to the connection, is in the heads, or both.

use switchboard_protocol::{
    ServerFrame, VERSION,
    client::Hello,
    limits::MAX_FRAME_BYTES,
    server::{Limits, NackCode, Welcome},
};

use crate::{
    backend::Backend,
    event::Event,
    frames, identity,
    ports::{Clock, Post},
    refusal::Caller,
    response::{HandlerError, Response},
    store::{Connection, HelloInfo, Store},
};

/// Longest `device` and `tab` in bytes: they stand in every row of the roster.
const MAX_NAME_BYTES: usize = 64;

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn hello(&self, event: &Event, body: &str) -> Result<Response, HandlerError> {
        let hello: Hello = match crate::body::object(body) {
            Ok(hello) => hello,
            Err(reason) => return self.malformed(event, body, &reason).await,
        };
        if hello.device.len() > MAX_NAME_BYTES || hello.tab.len() > MAX_NAME_BYTES {
            let reason = format!("device or tab is longer than {MAX_NAME_BYTES} bytes");
            return self.malformed(event, body, &reason).await;
        }
        let caller = match self.caller(event).await? {
            Caller::Known(row, user) => (row, user),
            Caller::Anonymous(row) => return self.nack(&row, None, NackCode::Anonymous).await,
            Caller::Unknown => match self.healed(event) {
                Some(healed) => healed,
                None => return self.reconnect(event, None).await,
            },
        };
        let (row, user) = caller;
        // It expires as it did: a connection lives no longer for having said something.
        let row = Connection {
            stamp: self.clock.random(),
            hello: Some(HelloInfo {
                device: hello.device,
                tab: hello.tab,
            }),
            ..row
        };
        self.store.put_connection(&row).await?;
        let heads = self.store.heads_of(&user).await?;
        let mut parts = frames::parts(heads).into_iter();
        let first = parts.next().unwrap_or_default();
        let welcome = Welcome {
            rid: hello.rid,
            connection: row.id.clone(),
            now: self.clock.now_ms(),
            epoch: self.store.epoch().await?,
            heads: first,
            limits: Limits {
                max_bytes: u32::try_from(MAX_FRAME_BYTES).unwrap_or(u32::MAX),
            },
            min_version: VERSION,
        };
        self.reply(&row, &ServerFrame::Welcome(welcome)).await?;
        for part in parts {
            self.pong(&row, 0, part).await?;
        }
        if let Err(error) = self.say_online(&row, &user).await {
            tracing::warn!(%error, "presence was not told");
        }
        Ok(Response::ok("Welcome."))
    }

    /// The row of a connection whose own was deleted by an early 410, where the event itself
    /// says who it is: with an authorizer, every event does.
    ///
    /// Not that of one whose time is over.
    fn healed(&self, event: &Event) -> Option<(Connection, switchboard_protocol::UserId)> {
        let identity = identity::of(event).ok()?;
        let user = identity.user.clone()?;
        let context = &event.request_context;
        let now = self.clock.now_ms();
        let established = context.connected_at.unwrap_or(now).min(now);
        let row = Connection {
            id: context.connection_id.clone(),
            user: Some(user.clone()),
            established,
            expires: self.row_expiry(established, &identity),
            hello: None,
            stamp: self.clock.random(),
        };
        (row.expires > now).then_some((row, user))
    }
}
