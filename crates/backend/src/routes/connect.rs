//! `$connect`: writes the roster. Nothing is posted from here: the platform would answer 410.

use crate::{
    backend::Backend,
    event::Event,
    identity::{self, NoIdentity},
    origin,
    ports::{Clock, Post},
    response::Response,
    store::{Connection, Store},
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn connect(&self, event: &Event) -> Response {
        let id = &event.request_context.connection_id;
        if let Some(origin) = origin::refused(&self.settings, event) {
            tracing::warn!(connection = %id, origin, "refused: a page of another origin");
            return Response::new(403, "Pages of this origin may not connect.");
        }
        let identity = match identity::of(event) {
            Ok(identity) => identity,
            Err(error @ NoIdentity::Unauthorized) => {
                tracing::error!(connection = %id, kind = "Unauthorized", %error, "refused");
                return Response::new(401, "No authorizer has said who this is.");
            }
            Err(error @ NoIdentity::BadUser(_)) => {
                tracing::info!(connection = %id, %error, "refused: no user id");
                return Response::bad_request(format!("{error}."));
            }
        };
        let now = self.clock.now_ms();
        let connection = Connection {
            id: id.clone(),
            expires: self.row_expiry(now, &identity),
            user: identity.user,
            established: now,
            hello: None,
            stamp: self.clock.random(),
        };
        match self.store.put_connection(&connection).await {
            Ok(()) => {
                tracing::info!(connection = %id, "connected");
                Response::ok("Connected.")
            }
            Err(error) => {
                tracing::error!(connection = %id, kind = error.kind(), %error, "refused: the roster failed");
                Response::new(500, "Failed to connect: the roster could not be written.")
            }
        }
    }
}
