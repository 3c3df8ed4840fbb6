//! DynamoDB in trouble: what the store makes of answers an engine seldom gives.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

mod support;

use std::time::Duration;

use serde_json::json;
use support::wire::{Act, Wire};
use switchboard_backend::{
    Store,
    store::{NewMessage, StoreError},
};
use switchboard_lambda::{DynamoStore, clients};
use switchboard_protocol::{ConnectionId, ConversationId, client::Kind};

fn store(wire: &Wire) -> DynamoStore {
    let environment = support::environment("http://dynamodb.example", "http://none", "chat");
    DynamoStore::new(
        clients::dynamodb(wire.client(), &environment.platform),
        "chat",
    )
}

fn error(kind: &str, more: serde_json::Value) -> Act {
    let mut body = json!({
        "__type": format!("com.amazonaws.dynamodb.v20120810#{kind}"),
        "message": "as DynamoDB says it",
    });
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    Act::Answer(400, &[("x-amzn-requestid", "R1")], body.to_string())
}

fn ok(body: serde_json::Value) -> Act {
    Act::Answer(200, &[], body.to_string())
}

fn connection() -> ConnectionId {
    "a=".try_into().unwrap()
}

fn message() -> NewMessage {
    NewMessage {
        conv: ConversationId::lobby(),
        id: "m1".try_into().unwrap(),
        from: "ana".try_into().unwrap(),
        at: 1,
        kind: Kind::Text,
        content: "secret".to_owned(),
        re: None,
        dedupe_until: 2,
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_is_tried_again_three_times_in_all() {
    let wire = Wire::cut();
    let throttled = || error("ProvisionedThroughputExceededException", json!({}));
    wire.plan("GetItem", throttled());
    wire.plan("GetItem", throttled());
    wire.plan("GetItem", ok(json!({})));
    assert_eq!(store(&wire).connection(&connection(), 0).await, Ok(None));
    assert_eq!(wire.counts()["GetItem"], 3);
    for _ in 0..3 {
        wire.plan("GetItem", throttled());
    }
    let refused = store(&wire).connection(&connection(), 0).await;
    let expected = "GetItem: ProvisionedThroughputExceededException (request R1) \
                    as DynamoDB says it";
    assert_eq!(refused, Err(StoreError::Unavailable(expected.to_owned())));
    assert_eq!(wire.counts()["GetItem"], 3);
}

#[tokio::test(start_paused = true)]
async fn a_missing_permission_is_not_tried_again() {
    let wire = Wire::cut();
    wire.plan("GetItem", error("AccessDeniedException", json!({})));
    let refused = store(&wire).connection(&connection(), 0).await;
    let Err(StoreError::Unavailable(reason)) = refused else {
        panic!("{refused:?}");
    };
    assert!(
        reason.starts_with("GetItem: AccessDeniedException"),
        "{reason}"
    );
    assert_eq!(wire.counts()["GetItem"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_request_is_given_up_and_tried_again() {
    let wire = Wire::cut();
    wire.plan("GetItem", Act::Hang);
    wire.plan("GetItem", ok(json!({})));
    let started = tokio::time::Instant::now();
    assert_eq!(store(&wire).connection(&connection(), 0).await, Ok(None));
    assert!(started.elapsed() < Duration::from_secs(5));
    for _ in 0..3 {
        wire.plan("GetItem", Act::Hang);
    }
    let started = tokio::time::Instant::now();
    let refused = store(&wire).connection(&connection(), 0).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    assert!(started.elapsed() <= Duration::from_secs(6));
}

/// Each reason of a cancelled transaction, and what the handlers are told.
#[tokio::test(start_paused = true)]
async fn cancellation_reasons_are_told_apart() {
    let contended = Err(StoreError::Contended);
    let unavailable = |codes: &str| {
        let reason = format!("TransactWriteItems: canceled ({codes})");
        Err(StoreError::Unavailable(reason))
    };
    for (codes, expected) in [
        (
            ["None", "ConditionalCheckFailed", "None"],
            contended.clone(),
        ),
        (["None", "TransactionConflict", "None"], contended.clone()),
        (
            ["TransactionConflict", "ConditionalCheckFailed", "None"],
            contended,
        ),
        (
            ["None", "ThrottlingError", "None"],
            unavailable("None, ThrottlingError, None"),
        ),
        (
            [
                "ConditionalCheckFailed",
                "ProvisionedThroughputExceeded",
                "None",
            ],
            unavailable("ConditionalCheckFailed, ProvisionedThroughputExceeded, None"),
        ),
        (
            ["None", "ValidationError", "None"],
            unavailable("None, ValidationError, None"),
        ),
    ] {
        let wire = Wire::cut();
        wire.plan("GetItem", ok(json!({})));
        let reasons = codes.map(|code| json!({"Code": code, "Message": "why"}));
        let reasons = json!({"CancellationReasons": reasons});
        wire.plan(
            "TransactWriteItems",
            error("TransactionCanceledException", reasons),
        );
        assert_eq!(store(&wire).commit(&message()).await, expected, "{codes:?}");
        assert_eq!(wire.counts()["TransactWriteItems"], 1);
    }
}

/// The first answer holds one of two, and names the other as not done.
#[tokio::test(start_paused = true)]
async fn keys_left_out_of_a_batch_are_asked_for_again() {
    let (lobby, other) = ("CONV#lobby", "CONV#c:ana,bo");
    let key = |conv: &str| json!({"PK": {"S": conv}, "SK": {"S": "HEAD"}});
    let head = |conv: &str| {
        let mut item = key(conv);
        item["last_seq"] = json!({"N": "7"});
        json!([item])
    };
    let left = |conv: &str| json!({"chat": {"ConsistentRead": true, "Keys": [key(conv)]}});
    let wire = Wire::cut();
    let first = json!({"Responses": {"chat": head(other)}, "UnprocessedKeys": left(lobby)});
    wire.plan("BatchGetItem", ok(first));
    let second = json!({"Responses": {"chat": head(lobby)}, "UnprocessedKeys": {}});
    wire.plan("BatchGetItem", ok(second));
    let asked: [ConversationId; 2] = ["c:ana,bo", "lobby"].map(|id| id.try_into().unwrap());
    let heads = store(&wire).heads(&asked).await.unwrap();
    assert_eq!(heads.len(), 2);
    assert_eq!(wire.counts()["BatchGetItem"], 2);
    for _ in 0..5 {
        let nothing = json!({"Responses": {"chat": []}, "UnprocessedKeys": left(lobby)});
        wire.plan("BatchGetItem", ok(nothing));
    }
    let refused = store(&wire).heads(&asked[1..]).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    // A sender whose row is left out is not one that has none.
    for _ in 0..5 {
        let one = json!({"Responses": {"chat": head(lobby)}, "UnprocessedKeys": left("CONN#a=")});
        wire.plan("BatchGetItem", ok(one));
    }
    let sender = connection();
    let refused = store(&wire)
        .connection_and_last(&sender, &asked[1], 0)
        .await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
}

/// Rows of another hand: the attribute is named, what stands in it is not.
#[tokio::test(start_paused = true)]
async fn an_unreadable_item_is_said_to_be_one() {
    for item in [
        json!({"id": {"S": "secret id"}, "established": {"N": "1"}}),
        json!({"id": {"S": "a="}, "established": {"S": "secret"}}),
        json!({"id": {"BOOL": true}}),
        json!({}),
    ] {
        let wire = Wire::cut();
        wire.plan("GetItem", ok(json!({"Item": item})));
        let refused = store(&wire).connection(&connection(), 0).await;
        let Err(StoreError::Unavailable(reason)) = refused else {
            panic!("{refused:?}");
        };
        assert!(reason.contains("cannot be read"), "{reason}");
        assert!(!reason.contains("secret"), "{reason}");
    }
}

/// A dedupe row is there and its message is not: nothing is acknowledged.
#[tokio::test(start_paused = true)]
async fn a_dedupe_row_without_its_message_acknowledges_nothing() {
    let wire = Wire::cut();
    wire.plan("GetItem", ok(json!({})));
    let row = json!({"seq": {"N": "1"}, "until": {"N": "9"}});
    let reasons = json!({"CancellationReasons": [
        {"Code": "ConditionalCheckFailed", "Item": row}, {"Code": "None"}, {"Code": "None"},
    ]});
    wire.plan(
        "TransactWriteItems",
        error("TransactionCanceledException", reasons),
    );
    wire.plan("GetItem", ok(json!({})));
    let refused = store(&wire).commit(&message()).await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
}
