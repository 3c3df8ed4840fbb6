//! The seam behind which the functions live: an AWS event in, a function's answer out.
//!
//! The gateway knows no handler. `backend` drives `switchboard-backend` in process, `runtime` real
//! programs by the Lambda Runtime API. Both see the same JSON.

use std::fmt;

use futures_util::future::BoxFuture;
use serde_json::Value;

/// Whatever can be invoked by function name.
pub trait Functions: Send + Sync + 'static {
    /// Runs `function` on `event` and gives its answer as Lambda would: any JSON, `null` for
    /// nothing. The gateway may stop waiting (integration timeout), the function runs on.
    fn invoke(
        &self,
        function: &str,
        event: Value,
    ) -> BoxFuture<'static, Result<Value, FunctionError>>;
}

/// A function that threw: it goes to the log, never to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// `errorType`.
    pub kind: String,
    /// `errorMessage`.
    pub message: String,
}

impl FunctionError {
    /// An error of this type.
    #[must_use]
    pub fn new(kind: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.kind, self.message)
    }
}

impl std::error::Error for FunctionError {}
