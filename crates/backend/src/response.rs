//! What a handler answers, in the proxy form.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::store::StoreError;

/// A handler's answer. Its body reaches the client only on two-way routes and, for a refused
/// `$connect`, not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// An HTTP status.
    pub status_code: u16,
    /// Response headers of the handshake, e.g. the chosen subprotocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// What happened, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl Response {
    /// An answer that says what happened.
    #[must_use]
    pub fn new(status_code: u16, body: impl Into<String>) -> Self {
        Self {
            status_code,
            headers: None,
            body: Some(body.into()),
        }
    }

    /// 200.
    #[must_use]
    pub fn ok(body: impl Into<String>) -> Self {
        Self::new(200, body)
    }

    /// 400.
    #[must_use]
    pub fn bad_request(body: impl Into<String>) -> Self {
        Self::new(400, body)
    }
}

/// Why a handler could not do its work: the platform tells the client "Internal server error",
/// the operator sees a function error of a stable type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandlerError {
    /// The store failed where the protocol has no frame to say so.
    Store(StoreError),
    /// A frame of ours could not be encoded.
    Encode(String),
}

impl HandlerError {
    /// A name that log queries and alarms can group by.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Store(error) => error.kind(),
            Self::Encode(_) => "Encode",
        }
    }
}

impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(f, "the store failed: {error}"),
            Self::Encode(reason) => write!(f, "a frame could not be encoded: {reason}"),
        }
    }
}

impl std::error::Error for HandlerError {}

impl From<StoreError> for HandlerError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
