//! Reading a request body of a stranger: so large and so slow, and no more.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    TooLarge,
    TooSlow,
    Broken,
}

/// The whole body, if it has at most `max_bytes` and arrives within `patience`.
pub(crate) async fn read(
    body: Body,
    max_bytes: usize,
    patience: Duration,
) -> Result<Bytes, Unread> {
    let collected = tokio::time::timeout(patience, Limited::new(body, max_bytes).collect())
        .await
        .map_err(|_| Unread::TooSlow)?;
    match collected {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Unread::TooLarge),
        Err(_) => Err(Unread::Broken),
    }
}
