//! The gateway's own text frames, to the byte as they were recorded (reference §3).

use crate::ids::ConnectionId;

/// What the gateway tells a client by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// No route matches and there is no `$default`.
    Forbidden,
    /// The function threw, or its answer is malformed.
    InternalServerError,
    /// The function took longer than the route allows.
    EndpointRequestTimedOut,
    /// Too many messages; the text is inferred, no source recorded it.
    TooManyRequests,
}

impl Notice {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Forbidden => "Forbidden",
            Self::InternalServerError => "Internal server error",
            Self::EndpointRequestTimedOut => "Endpoint request timed out",
            Self::TooManyRequests => "Too Many Requests",
        }
    }

    /// The frame: one space after the first colon and after commas, none after other colons.
    pub(crate) fn frame(self, connection: &ConnectionId, request_id: &str) -> String {
        let message = self.message();
        format!(
            r#"{{"message": "{message}", "connectionId":"{connection}", "requestId":"{request_id}"}}"#
        )
    }
}

/// The documented frame for a message that its route's model refuses.
pub(crate) fn bad_request_body(connection: &ConnectionId, message_id: &str) -> String {
    format!(
        r#"{{"message" : "Bad request body", "connectionId": "{connection}", "messageId": "{message_id}"}}"#
    )
}
