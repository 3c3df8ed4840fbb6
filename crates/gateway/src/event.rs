//! The events that functions receive, in the platform's shape of 2022 and later (reference §2).
//!
//! Keys that do not apply are absent, never null: the golden captures are the specification.

use std::{net::IpAddr, sync::Arc};

use serde_json::{Map, Value, json};

use crate::{
    calendar,
    ids::{self, ConnectionId},
    websocket::close::Close,
};

/// What stays the same in every event of one connection.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) connection: ConnectionId,
    pub(crate) connected_at_ms: u64,
    pub(crate) source_ip: IpAddr,
    pub(crate) user_agent: Option<String>,
    pub(crate) domain: String,
    /// What the authorizer said.
    pub(crate) authorizer: Option<Arc<Map<String, Value>>>,
}

/// What stays the same in every event of one API.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) id: String,
    pub(crate) stage: String,
}

/// What a handshake brings to the CONNECT event.
#[derive(Debug)]
pub(crate) struct Handshake {
    /// Name in the client's spelling, value; in the order they came.
    pub(crate) headers: Vec<(String, String)>,
    /// Decoded pairs, in the order they came.
    pub(crate) query: Vec<(String, String)>,
}

impl Api {
    /// The CONNECT event of a handshake, before its 101.
    pub(crate) fn connect(&self, origin: &Origin, handshake: &Handshake) -> Value {
        let now = origin.connected_at_ms;
        let mut event = json!({
            "requestContext": self.context(origin, "$connect", "CONNECT", &ids::request_id(), now),
            "isBase64Encoded": false,
        });
        let (single, multi) = maps(&handshake.headers);
        event["headers"] = single;
        event["multiValueHeaders"] = multi;
        if !handshake.query.is_empty() {
            let (single, multi) = maps(&handshake.query);
            event["queryStringParameters"] = single;
            event["multiValueQueryStringParameters"] = multi;
        }
        event
    }

    /// What a handshake asks for, as policies name it.
    pub(crate) fn arn(&self) -> String {
        let Self { id, stage } = self;
        format!("arn:aws:execute-api:us-east-1:000000000000:{id}/{stage}/$connect")
    }

    /// The REQUEST event that the authorizer gets of a handshake: with the hop's headers, and with
    /// maps where nothing is in them (reference §2.5).
    pub(crate) fn authorizer(&self, origin: &Origin, handshake: &Handshake) -> Value {
        let hop = [
            ("Connection", "upgrade"),
            ("Upgrade", "websocket"),
            ("content-length", "0"),
        ];
        let hop = hop.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let all: Vec<_> = handshake.headers.iter().cloned().chain(hop).collect();
        let (headers, multi_headers) = maps(&all);
        let (query, multi_query) = maps(&handshake.query);
        let now = origin.connected_at_ms;
        json!({
            "type": "REQUEST",
            "methodArn": self.arn(),
            "headers": headers,
            "multiValueHeaders": multi_headers,
            "queryStringParameters": query,
            "multiValueQueryStringParameters": multi_query,
            "stageVariables": {},
            "requestContext": self.context(origin, "$connect", "CONNECT", &ids::request_id(), now),
        })
    }

    /// The MESSAGE event of one text message for the route of `route_key`.
    pub(crate) fn message(
        &self,
        origin: &Origin,
        route_key: &str,
        ids: &MessageIds,
        body: String,
        now: u64,
    ) -> Value {
        let mut context = self.context(origin, route_key, "MESSAGE", &ids.request, now);
        context["messageId"] = json!(ids.message);
        json!({"requestContext": context, "body": body, "isBase64Encoded": false})
    }

    /// The DISCONNECT event of a connection that ended for the reason `close`.
    pub(crate) fn disconnect(&self, origin: &Origin, close: &Close, now: u64) -> Value {
        let request = ids::request_id();
        let mut context = self.context(origin, "$disconnect", "DISCONNECT", &request, now);
        context["disconnectStatusCode"] = json!(close.code);
        context["disconnectReason"] = json!(close.reason);
        let headers = [
            ("Host", origin.domain.as_str()),
            ("x-api-key", ""),
            ("X-Forwarded-For", ""),
            ("x-restapi", ""),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (single, multi) = maps(&headers);
        json!({
            "headers": single,
            "multiValueHeaders": multi,
            "requestContext": context,
            "isBase64Encoded": false,
        })
    }

    fn context(
        &self,
        origin: &Origin,
        route_key: &str,
        event_type: &str,
        request_id: &str,
        now: u64,
    ) -> Value {
        let mut identity = json!({"sourceIp": origin.source_ip.to_string()});
        if let Some(user_agent) = &origin.user_agent {
            identity["userAgent"] = json!(user_agent);
        }
        let mut context = json!({
            "routeKey": route_key,
            "eventType": event_type,
            "extendedRequestId": request_id,
            "requestTime": calendar::common_log(now),
            "messageDirection": "IN",
            "stage": self.stage,
            "connectedAt": origin.connected_at_ms,
            "requestTimeEpoch": now,
            "identity": identity,
            "requestId": request_id,
            "domainName": origin.domain,
            "connectionId": origin.connection.as_str(),
            "apiId": self.id,
        });
        if let Some(authorizer) = &origin.authorizer {
            context["authorizer"] = Value::Object(Map::clone(authorizer));
        }
        context
    }
}

/// The ids of one message.
#[derive(Clone, Debug)]
pub(crate) struct MessageIds {
    pub(crate) request: String,
    pub(crate) message: String,
}

/// The single-valued map (the last value wins) and the multi-valued one.
fn maps(pairs: &[(String, String)]) -> (Value, Value) {
    let mut single = Map::new();
    let mut multi: Map<String, Value> = Map::new();
    for (name, value) in pairs {
        single.insert(name.clone(), json!(value));
        match multi.get_mut(name) {
            Some(Value::Array(values)) => values.push(json!(value)),
            _ => {
                multi.insert(name.clone(), json!([value]));
            }
        }
    }
    (Value::Object(single), Value::Object(multi))
}

/// The SQS event of a batch of `(message id, body, receive count)` from the queue `name`.
pub(crate) fn queue_event(name: &str, now: u64, records: &[(String, String, u32)]) -> Value {
    let records: Vec<_> = records
        .iter()
        .map(|(id, body, receives)| {
            json!({
                "messageId": id,
                "receiptHandle": id,
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": receives.to_string(),
                    "SentTimestamp": now.to_string(),
                    "SenderId": "local",
                    "ApproximateFirstReceiveTimestamp": now.to_string(),
                },
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": format!("arn:aws:sqs:us-east-1:000000000000:{name}"),
                "awsRegion": "us-east-1",
            })
        })
        .collect();
    json!({"Records": records})
}
