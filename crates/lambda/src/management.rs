//! Posts to connections: the gateway's management API, and the queue for what goes to many.

use std::{error::Error, sync::Arc, time::Duration};

use aws_sdk_apigatewaymanagement::{
    Client,
    config::http::HttpResponse,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    primitives::Blob,
};
use switchboard_backend::{Post, PostError, QueueError};
use switchboard_protocol::ConnectionId;

use crate::queue::Queue;

/// `POST` and `DELETE` of `@connections/{id}`.
#[derive(Debug, Clone)]
pub struct ManagementApi {
    client: Client,
    queue: Option<Queue>,
}

impl ManagementApi {
    /// Posts with this client, whose endpoint is the API's with its stage.
    #[must_use]
    pub fn new(client: Client, queue: Option<Queue>) -> Self {
        Self { client, queue }
    }
}

impl Post for ManagementApi {
    async fn post(&self, connection: &ConnectionId, data: Arc<str>) -> Result<(), PostError> {
        let request = self.client.post_to_connection();
        let request = request
            .connection_id(connection.as_str())
            .data(Blob::new(data.as_bytes()));
        request
            .send()
            .await
            .map(|_| ())
            .map_err(|error| why(&error))
    }

    async fn close(&self, connection: &ConnectionId) -> Result<(), PostError> {
        let request = self.client.delete_connection();
        let request = request.connection_id(connection.as_str());
        request
            .send()
            .await
            .map(|_| ())
            .map_err(|error| why(&error))
    }

    async fn enqueue(&self, records: Vec<String>, delay: Duration) -> Result<(), QueueError> {
        match &self.queue {
            Some(queue) => queue.send(records, delay).await,
            None => Err(QueueError("QUEUE_URL is not set".to_owned())),
        }
    }
}

/// By status, not by the modelled error: the header that names it is missing from some real
/// answers, and a 410 that is not understood would leave its row for ever.
fn why<E>(error: &SdkError<E, HttpResponse>) -> PostError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let Some(response) = error.raw_response() else {
        return PostError::Other(DisplayErrorContext(error).to_string());
    };
    match response.status().as_u16() {
        410 => PostError::Gone,
        413 => PostError::TooLarge,
        429 => PostError::Throttled,
        status => {
            let code = error.code().unwrap_or("no error type");
            PostError::Other(format!("{status}, {code}"))
        }
    }
}
