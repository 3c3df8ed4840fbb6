//! The gateway's own error frames: they have no `event`, are never chat and fail no message.

use serde::{Deserialize, Serialize};

use crate::json::Object;

/// `{"message": "Forbidden", "connectionId":"…", "requestId":"…"}` and its kin.
///
/// The platform sends them when no route matches, an integration fails or times out, a model
/// rejects a body, or a throttle is hit. They name no message of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformFrame {
    /// `Forbidden`, `Internal server error`, `Endpoint request timed out`, …
    pub message: String,
    /// The connection it was sent to: one's own.
    pub connection_id: String,
    /// The failed request, server-made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Instead of `request_id` when a model rejected the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

impl PlatformFrame {
    /// Reads `text` if it has the platform's shape.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(Object::parse(text)?)
    }

    pub(crate) fn read(mut object: Object) -> Option<Self> {
        let frame = Self {
            message: object.text("message")?,
            connection_id: object.text("connectionId")?,
            request_id: object.text("requestId"),
            message_id: object.text("messageId"),
        };
        (frame.request_id.is_some() || frame.message_id.is_some()).then_some(frame)
    }
}
