//! `$disconnect`: forgets the connection. Best effort on the platform's side, so rows also
//! expire and a 410 deletes them; doing it twice is fine.

use crate::{
    backend::Backend,
    event::Event,
    ports::{Clock, Post},
    response::Response,
    store::Store,
};

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    pub(crate) async fn disconnect(&self, event: &Event) -> Response {
        let context = &event.request_context;
        // Not the reason: the client wrote it.
        tracing::info!(
            connection = %context.connection_id,
            code = context.disconnect_status_code,
            "disconnected"
        );
        match self.store.delete_connection(&context.connection_id).await {
            Ok(gone) => {
                self.say_offline(gone.as_slice()).await;
                Response::ok("Disconnected.")
            }
            Err(error) => {
                tracing::error!(
                    connection = %context.connection_id,
                    kind = error.kind(),
                    %error,
                    "still listed"
                );
                Response::new(500, "Disconnected, but the roster could not be changed.")
            }
        }
    }
}
