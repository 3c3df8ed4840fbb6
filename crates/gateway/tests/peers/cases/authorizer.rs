//! Cases 17–22: the authorizer.

use std::sync::Arc;

use serde_json::{Value, json};

use super::case;
use crate::{
    Case,
    support::{
        Answer,
        client::{Client, handshake},
        http::Response,
        ok, throw,
    },
    target::{NORMAL, Target, echo, leave},
};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            17,
            "without its identity source: 401, and nobody is asked",
            without
        ),
        case!(18, "a denial is 403, and `$connect` does not run", denied),
        case!(
            19,
            "an authorizer that throws `Unauthorized` is 401",
            unauthorized
        ),
        case!(20, "an authorizer that fails is 500", fails),
        case!(21, "its context is in every event, as text", context),
        case!(
            22,
            "its event is a request with the handshake's headers",
            event
        ),
    ]
}

/// A policy as authorizers write them.
fn policy(event: &Value, effect: &str) -> Value {
    json!({
        "principalId": "ana",
        "policyDocument": {"Version": "2012-10-17", "Statement": [
            {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]},
        ]},
        "context": {"n": 1, "b": true},
    })
}

fn authorizes(target: &Target, answer: impl Fn(Value) -> Answer + Send + Sync + 'static) {
    target.answer(move |name, event| match name {
        "authorizer" => answer(event),
        _ => echo(name, event),
    });
}

async fn join(target: &Target) -> (Client, Response) {
    handshake(target.address, "/dev?ticket=t", &[]).await
}

async fn without(target: Arc<Target>) {
    authorizes(&target, |event| ok(policy(&event, "Allow")));
    let (_, response) = target.handshake(&[]).await;
    assert_eq!(response.status, 401);
    assert!(target.rest().await.is_empty(), "somebody is asked");
}

async fn denied(target: Arc<Target>) {
    authorizes(&target, |event| ok(policy(&event, "Deny")));
    assert_eq!(join(&target).await.1.status, 403);
    assert_eq!(target.rest().await, ["authorizer"]);
}

async fn unauthorized(target: Arc<Target>) {
    authorizes(&target, |_| throw("Unauthorized"));
    assert_eq!(join(&target).await.1.status, 401);
}

async fn fails(target: Arc<Target>) {
    authorizes(&target, |_| throw("out of order"));
    assert_eq!(join(&target).await.1.status, 500);
}

async fn context(target: Arc<Target>) {
    authorizes(&target, |event| ok(policy(&event, "Allow")));
    let (mut client, response) = join(&target).await;
    assert_eq!(response.status, 101);
    client.send(r#"{"action":"one"}"#).await;
    let mut events = vec![target.invoked("connect").await, target.invoked("one").await];
    leave(client, NORMAL).await;
    events.push(target.invoked("disconnect").await);
    for event in events {
        let seen = &event["requestContext"]["authorizer"];
        assert_eq!(seen["principalId"], "ana");
        assert_eq!((&seen["n"], &seen["b"]), (&json!("1"), &json!("true")));
    }
}

async fn event(target: Arc<Target>) {
    authorizes(&target, |event| ok(policy(&event, "Allow")));
    let (_client, _) = join(&target).await;
    let event = target.invoked("authorizer").await;
    assert_eq!(event["type"], "REQUEST");
    let arn = event["methodArn"].as_str().unwrap();
    assert!(arn.ends_with("/dev/$connect"), "{arn}");
    for name in ["Connection", "Upgrade", "content-length"] {
        assert!(event["headers"][name].is_string(), "no header {name}");
    }
    assert_eq!(event["queryStringParameters"], json!({"ticket": "t"}));
    assert_eq!(event["stageVariables"], json!({}));
    assert!(
        event["requestContext"]["connectionId"].is_string(),
        "no connection id"
    );
}
