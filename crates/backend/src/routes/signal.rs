//! `signal`: typing and the like, to the other participants, at most once, stored nowhere.

use switchboard_protocol::{
    ServerFrame,
    client::Signal,
    server::{NackCode, SignalEvent},
};

use crate::{
    backend::Backend,
    event::Event,
    frames,
    ports::{Clock, Post},
    response::{HandlerError, Response},
    roster,
    store::{Gathering, Store},
};

/// Longest `kind` in bytes: it is a word, not a way round the log.
const MAX_KIND_BYTES: usize = 64;

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn signal(&self, event: &Event, body: &str) -> Result<Response, HandlerError> {
        let signal: Signal = match crate::body::object(body) {
            Ok(signal) => signal,
            Err(reason) => return self.malformed(event, body, &reason).await,
        };
        if signal.kind.is_empty() || signal.kind.len() > MAX_KIND_BYTES {
            let reason = format!("kind must have 1 to {MAX_KIND_BYTES} bytes");
            return self.malformed(event, body, &reason).await;
        }
        let (row, user) = match self.known(event).await? {
            Ok(known) => known,
            Err(refused) => return Ok(refused),
        };
        if !signal.conv.includes(&user) {
            return self.nack(&row, None, NackCode::Forbidden).await;
        }
        let participants = match signal.conv.participants() {
            Some(users) => self.connections_of(&users).await?,
            None => match self.gathering().await? {
                Gathering::All(everyone) => everyone,
                // It may be lost, and is worth less to them than so many posts.
                Gathering::Crowd(_) => return Ok(Response::ok("Too many are here to signal.")),
            },
        };
        let mut others = roster::own(participants);
        others.retain(|connection| connection.user.as_ref() != Some(&user));
        let frame = frames::encode(&ServerFrame::Signal(SignalEvent {
            conv: signal.conv,
            from: user,
            kind: signal.kind,
        }))?;
        self.fan_out(&others, &frame).await;
        Ok(Response::ok("Signalled."))
    }
}
