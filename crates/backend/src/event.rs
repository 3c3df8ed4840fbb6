//! The proxy event a WebSocket API hands to a function, in the shape of 2022 and later.
//!
//! Real events of three vintages exist (2019 trimmed, 2020 padded with nulls, 2022 trimmed
//! again), so an absent field and a null one mean the same here.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use switchboard_protocol::ConnectionId;

/// What happened on a connection.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Which connection, which route and when.
    pub request_context: RequestContext,
    /// Only in `CONNECT` events.
    #[serde(default)]
    pub query_string_parameters: Option<BTreeMap<String, String>>,
    /// Only in `CONNECT` and `DISCONNECT` events.
    #[serde(default)]
    pub headers: Option<BTreeMap<String, String>>,
    /// The text of a `MESSAGE`, byte for byte.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether `body` stands for binary data.
    #[serde(default, deserialize_with = "null_is_default")]
    pub is_base64_encoded: bool,
}

/// See [`Event::request_context`].
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestContext {
    /// The matched route, `$default` when the frame matched none.
    pub route_key: String,
    /// Connect, disconnect or message.
    pub event_type: EventType,
    /// The connection.
    pub connection_id: ConnectionId,
    /// When the connection was made, ms since the Unix epoch.
    #[serde(default)]
    pub connected_at: Option<u64>,
    /// When this request arrived, ms since the Unix epoch.
    #[serde(default)]
    pub request_time_epoch: Option<u64>,
    /// Where the client is.
    #[serde(default, deserialize_with = "null_is_default")]
    pub identity: SourceIdentity,
    /// The flat map an authorizer returned at the handshake.
    #[serde(default)]
    pub authorizer: Option<Map<String, Value>>,
    /// The close code, in `DISCONNECT` events.
    #[serde(default)]
    pub disconnect_status_code: Option<u16>,
    /// The close reason, in `DISCONNECT` events: what the client wrote, up to 123 bytes.
    #[serde(default)]
    pub disconnect_reason: Option<String>,
    /// Names this request in the platform's logs.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// See [`RequestContext::event_type`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EventType {
    /// The handshake, before its answer.
    Connect,
    /// The connection has ended.
    Disconnect,
    /// A text frame.
    Message,
}

/// See [`RequestContext::identity`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceIdentity {
    /// The client's address.
    #[serde(default)]
    pub source_ip: Option<String>,
    /// Absent when the client sent none.
    #[serde(default)]
    pub user_agent: Option<String>,
}

/// What an authorizer's answer becomes in the events of its connection: the principal, empty for a
/// connection without a user.
#[must_use]
pub fn principal(user: Option<&str>) -> Map<String, Value> {
    let user = Value::from(user.unwrap_or_default());
    [("principalId".to_owned(), user)].into_iter().collect()
}

fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
