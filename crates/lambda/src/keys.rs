//! The identity provider's keys, from where it publishes them.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use switchboard_identity::KeySource;

/// A client waits ten seconds for its ticket.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Sets have one or two thousand bytes.
const MAX_BYTES: usize = 256 * 1024;

/// A key set on the web. What is redirected is not followed: the address is the provider's own.
pub struct PublishedKeys {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    url: String,
}

impl fmt::Debug for PublishedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublishedKeys").field(&self.url).finish()
    }
}

impl PublishedKeys {
    /// The keys at this address.
    ///
    /// # Errors
    /// When the system has no certificates to trust.
    pub fn at(url: &str) -> std::io::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            url: url.to_owned(),
        })
    }

    async fn get(&self) -> Result<Vec<u8>, String> {
        let url = self.url.parse().map_err(|error| format!("{error}"))?;
        let answer = self.client.get(url).await;
        let answer = answer.map_err(|error| format!("no answer: {error}"))?;
        if !answer.status().is_success() {
            return Err(format!("status {}", answer.status()));
        }
        let body = Limited::new(answer.into_body(), MAX_BYTES).collect().await;
        let body = body.map_err(|error| format!("no whole answer: {error}"))?;
        Ok(body.to_bytes().to_vec())
    }
}

impl KeySource for PublishedKeys {
    async fn fetch(&self) -> Result<Vec<u8>, String> {
        let answer = tokio::time::timeout(TIMEOUT, self.get()).await;
        answer.unwrap_or_else(|_| Err("no answer in time".to_owned()))
    }
}
