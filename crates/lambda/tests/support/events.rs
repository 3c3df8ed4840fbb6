//! Events as the platform hands them to functions.

use serde_json::{Value, json};

fn fixture(text: &str, id: &str) -> Value {
    let mut event: Value = serde_json::from_str(text).unwrap();
    event["requestContext"]["connectionId"] = json!(id);
    event
}

/// A handshake that the authorizer has let in.
pub fn connect(id: &str, user: &str) -> Value {
    let text = include_str!("../../../backend/tests/handlers/events/connect.json");
    let mut event = fixture(text, id);
    event["queryStringParameters"] = json!({"ticket": "ticket-secret"});
    event["requestContext"]["authorizer"] = json!({"principalId": user});
    event
}

/// A connection that ended.
pub fn disconnect(id: &str) -> Value {
    let text = include_str!("../../../backend/tests/handlers/events/disconnect.json");
    fixture(text, id)
}

/// A frame on a route.
pub fn message(id: &str, route: &str, frame: &Value) -> Value {
    let text = include_str!("../../../backend/tests/handlers/events/message.json");
    let mut event = fixture(text, id);
    event["requestContext"]["routeKey"] = json!(route);
    event["body"] = json!(frame.to_string());
    event
}

/// The first frame of a client of ours.
pub fn hello(id: &str) -> Value {
    let frame = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": id});
    message(id, "hello", &frame)
}

/// An own `sendmessage`.
pub fn send(id: &str, to: &[&str], content: &str) -> Value {
    json!({"action": "sendmessage", "v": 1, "id": id, "to": to, "content": content})
}

/// A batch of the queue.
pub fn queue(bodies: &[&str]) -> Value {
    let text = include_str!("../../../backend/tests/handlers/events/queue.json");
    let mut event: Value = serde_json::from_str(text).unwrap();
    let record = event["Records"][0].clone();
    let records = bodies.iter().enumerate().map(|(number, body)| {
        let mut record = record.clone();
        record["messageId"] = json!(format!("r{number}"));
        record["body"] = json!(body);
        record
    });
    event["Records"] = records.collect();
    event
}
