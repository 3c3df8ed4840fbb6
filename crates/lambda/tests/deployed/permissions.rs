//! Each permission of the roles that the emulator enforces, in turn taken away: it must break what it guards
//! and nothing else.
//!
//! Two kinds it does not enforce, for it does by itself what they are for: logs (`logs:CreateLogStream`,
//! `logs:PutLogEvents`) and the fetching of the queue's records (`sqs:ReceiveMessage`, `sqs:DeleteMessage`,
//! `sqs:GetQueueAttributes`). That those are there, `engine/template.rs` says; that they suffice, only AWS can.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};

use crate::{
    socket::{Socket, has},
    stack::Stack,
};

type Works = BTreeSet<&'static str>;

const ALL: [&str; 7] = [
    "connect", "welcome", "pong", "page", "ack", "message", "leave",
];

/// What works of a short conversation between two people.
async fn conversation(stack: &mut Stack, round: usize) -> Works {
    let mut works = Works::new();
    let (ana, bo) = (format!("ana{round}"), format!("bo{round}"));
    let first = stack.join(&ana).await;
    let second = stack.join(&bo).await;
    let (Ok(mut first), Ok(mut second)) = (first, second) else {
        return works;
    };
    works.insert("connect");
    let mut note = |what: &'static str, seen: &[String]| {
        if has(seen, what) {
            works.insert(what);
        }
    };
    let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
    second.ask(&hello).await;
    note("welcome", &first.ask(&hello).await);
    note("pong", &first.ask(&json!({"action": "ping", "n": 1})).await);
    let send = json!({"action": "sendmessage", "v": 1, "id": "m1", "to": [bo], "content": "hi"});
    note("ack", &first.ask(&send).await);
    note("message", &second.seen().await);
    let sync = json!({"action": "sync", "rid": 2, "conv": format!("c:{ana},{bo}")});
    note("page", &first.ask(&sync).await);
    first.close().await;
    if left(stack, &ana).await {
        works.insert("leave");
    }
    second.close().await;
    left(stack, &bo).await;
    works
}

/// Whether a user's row goes within ten seconds: nothing tells that `$disconnect` has failed.
async fn left(stack: &mut Stack, user: &str) -> bool {
    let asked = json!({
        "TableName": stack.output("TableName"),
        "KeyConditionExpression": "PK = :pk AND begins_with(SK, :sk)",
        "ExpressionAttributeValues": {":pk": {"S": format!("USER#{user}")}, ":sk": {"S": "CONN#"}},
    });
    for _ in 0..200 {
        if stack.aws.call("dynamodb", "query", asked.clone())["Count"] == 0 {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// The policy without one action.
fn without(policy: &Value, action: &str) -> Value {
    let mut policy = policy.clone();
    let statements = policy["Statement"].as_array_mut().unwrap();
    for statement in &mut *statements {
        let actions = &mut statement["Action"];
        if actions == action {
            *actions = json!([]);
        } else if let Some(actions) = actions.as_array_mut() {
            actions.retain(|one| one != action);
        }
    }
    statements.retain(|statement| statement["Action"] != json!([]));
    policy
}

/// The policy without one statement, where two are about the same action.
fn without_statement(policy: &Value, sid: &str) -> Value {
    let mut policy = policy.clone();
    let statements = policy["Statement"].as_array_mut().unwrap();
    let whole = statements.len();
    statements.retain(|statement| statement["Sid"] != sid);
    assert_eq!(statements.len() + 1, whole, "{sid}");
    policy
}

/// From now on `$disconnect` forgets nobody: only so it shows who else does.
fn forget_nobody(stack: &mut Stack) {
    let routes = stack.policy("RoutesRole", "routes");
    let less = without(&routes, "dynamodb:DeleteItem");
    stack.set_policy("RoutesRole", "routes", "RoutesFunction", &less);
}

#[tokio::test]
async fn each_permission_of_the_routes_guards_something() {
    let mut stack = Stack::deploy("routes");
    let policy = stack.policy("RoutesRole", "routes");
    let whole = conversation(&mut stack, 0).await;
    assert_eq!(whole, ALL.into());
    for (round, (action, broken)) in [
        (
            "dynamodb:BatchGetItem",
            &["welcome", "pong", "ack", "message"][..],
        ),
        ("dynamodb:DeleteItem", &["leave"]),
        ("dynamodb:DescribeTable", &["welcome", "page"]),
        ("dynamodb:GetItem", &["welcome", "pong", "page"]),
        ("dynamodb:PutItem", &ALL),
        ("dynamodb:Query", &["welcome", "pong", "page", "message"]),
        ("dynamodb:UpdateItem", &["ack", "message"]),
        (
            "execute-api:ManageConnections",
            &["welcome", "pong", "page", "ack", "message"],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        stack.set_policy(
            "RoutesRole",
            "routes",
            "RoutesFunction",
            &without(&policy, action),
        );
        let works = conversation(&mut stack, round + 1).await;
        let broken: Works = broken.iter().copied().collect();
        assert_eq!(&whole - &works, broken, "without {action}");
    }
    stack.set_policy("RoutesRole", "routes", "RoutesFunction", &policy);
    assert_eq!(conversation(&mut stack, 100).await, whole);
}

#[tokio::test]
async fn each_permission_of_the_tickets_functions_guards_something() {
    let mut stack = Stack::deploy("tickets");
    let ticket = stack.ticket("ana");
    let url = stack.websocket_url();
    for (role, policy, function, action) in [
        (
            "TicketRole",
            "tickets",
            "TicketFunction",
            "dynamodb:PutItem",
        ),
        (
            "AuthorizerRole",
            "authorizer",
            "AuthorizerFunction",
            "dynamodb:DeleteItem",
        ),
    ] {
        let whole = stack.policy(role, policy);
        stack.set_policy(role, policy, function, &without(&whole, action));
        let issued = role == "AuthorizerRole";
        let (status, body) = stack.ask_ticket("ana");
        assert_eq!(status, if issued { 200 } else { 503 }, "{body}");
        if issued {
            let query = format!("?ticket={}", body["ticket"].as_str().unwrap());
            assert!(Socket::connect(&url, &query).await.is_err());
        }
        stack.set_policy(role, policy, function, &whole);
    }
    // It was not used up by a failure.
    Socket::connect(&url, &ticket).await.unwrap();
    stack.join("ana").await.unwrap();
}

#[tokio::test]
async fn each_permission_of_a_kick_guards_something() {
    let mut stack = Stack::deploy("kick");
    forget_nobody(&mut stack);
    let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
    let mut bo = stack.join("bo").await.unwrap();
    bo.ask(&hello).await;
    let mut ana = stack.join("ana").await.unwrap();
    ana.ask(&hello).await;
    bo.seen().await;
    let whole = stack.policy("KickRole", "kick");
    let mut kick = |policy: &Value| {
        stack.set_policy("KickRole", "kick", "KickFunction", policy);
        stack.kick("ana")
    };
    let kicked = kick(&without(&whole, "dynamodb:Query"));
    assert_eq!(kicked["errorType"], "StoreUnavailable");
    let kicked = kick(&without_statement(&whole, "Closes"));
    assert_eq!(kicked, json!({"closed": 0, "failed": 1}));
    assert!(has(
        &ana.ask(&json!({"action": "ping", "n": 1})).await,
        "pong"
    ));
    // It ends, and is still listed.
    let kicked = kick(&without(&whole, "dynamodb:DeleteItem"));
    assert_eq!(kicked["errorType"], "StoreUnavailable");
    ana.ended().await;
    // It is forgotten, and nobody hears of it.
    let kicked = kick(&without_statement(&whole, "Posts"));
    assert_eq!(kicked, json!({"closed": 1, "failed": 0}));
    assert!(!has(&bo.seen().await, "presence"));
    assert_eq!(kick(&whole), json!({"closed": 0, "failed": 0}));
    let mut ana = stack.join("ana").await.unwrap();
    ana.ask(&hello).await;
    assert!(has(&bo.seen().await, "presence"));
    assert_eq!(stack.kick("ana"), json!({"closed": 1, "failed": 0}));
    ana.ended().await;
    assert!(has(&bo.seen().await, "presence"));
}

/// Whom a 410 says is gone the publisher forgets.
#[tokio::test]
async fn the_publisher_forgets_who_is_gone_if_it_may() {
    let mut stack = Stack::deploy("gone");
    forget_nobody(&mut stack);
    let mut listener = stack.join("ana").await.unwrap();
    stack.join("bo").await.unwrap().close().await;
    // A row of the last second may be that of a handshake under way.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let whole = stack.policy("PublisherRole", "publisher");
    let less = without(&whole, "dynamodb:DeleteItem");
    stack.set_policy("PublisherRole", "publisher", "PublisherFunction", &less);
    stack.publish("one");
    assert_eq!(listener.next().await, "one");
    until_depth(&mut stack, "QueueUrl", 0).await;
    assert!(!left(&mut stack, "bo").await);
    stack.set_policy("PublisherRole", "publisher", "PublisherFunction", &whole);
    stack.publish("two");
    assert_eq!(listener.next().await, "two");
    assert!(left(&mut stack, "bo").await);
}

/// The same, as the emulator understands it: for a batch it wants an action of that name, which AWS does
/// not have. There `sqs:SendMessage` allows both.
fn with_batches(policy: &Value) -> Value {
    let mut policy = policy.clone();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        if statement["Action"] == "sqs:SendMessage" {
            statement["Action"] = json!(["sqs:SendMessage", "sqs:SendMessageBatch"]);
        }
    }
    policy
}

/// Two are more than one: what goes to everyone goes by way of the queue.
#[tokio::test]
async fn a_room_above_the_bound_needs_the_queue_and_nothing_else_does() {
    let mut stack = Stack::bounded("rooms", 1);
    let (mut ana, mut bo) = (
        stack.join("ana").await.unwrap(),
        stack.join("bo").await.unwrap(),
    );
    let policy = stack.policy("RoutesRole", "routes");
    let whole = with_batches(&policy);
    stack.set_policy("RoutesRole", "routes", "RoutesFunction", &whole);
    let publisher = stack.policy("PublisherRole", "publisher");
    let batches = with_batches(&publisher);
    stack.set_policy("PublisherRole", "publisher", "PublisherFunction", &batches);
    let hello = json!({"action": "hello", "v": 1, "rid": 1, "device": "d", "tab": "t"});
    ana.ask(&hello).await;
    bo.ask(&hello).await;
    bo.seen().await;
    let say = |id: &str, conv: &str| json!({"action": "sendmessage", "v": 1, "id": id, "conv": conv, "content": id});
    ana.ask(&say("m1", "lobby")).await;
    while !bo.next().await.contains(r#""id":"m1""#) {}
    stack.publish("news");
    while bo.next().await != "news" {}
    until_depth(&mut stack, "QueueUrl", 0).await;
    let less = without(&policy, "sqs:SendMessage");
    stack.set_policy("RoutesRole", "routes", "RoutesFunction", &less);
    // It is committed and acknowledged, and bo has it from the log when he asks.
    assert!(has(&ana.ask(&say("m2", "lobby")).await, "ack"));
    ana.ask(&say("m3", "c:ana,bo")).await;
    let seen = bo.seen().await.concat();
    assert!(
        seen.contains(r#""id":"m3""#) && !seen.contains(r#""id":"m2""#),
        "{seen}"
    );
    let sync = json!({"action": "sync", "rid": 2, "conv": "lobby"});
    assert!(bo.ask(&sync).await.concat().contains(r#""id":"m2""#));
    stack.set_policy("RoutesRole", "routes", "RoutesFunction", &whole);
    let less = without(&publisher, "sqs:SendMessage");
    stack.set_policy("PublisherRole", "publisher", "PublisherFunction", &less);
    set_visibility(&mut stack, "1");
    stack.publish("refused");
    until_depth(&mut stack, "DeadLetterQueueUrl", 1).await;
    assert!(!bo.seen().await.concat().contains("refused"));
}

/// And a record that cannot be published is not lost, whether what it says or the role is to blame.
#[tokio::test]
async fn what_the_publisher_cannot_or_may_not_do_ends_in_the_dead_letter_queue() {
    let mut stack = Stack::deploy("publisher");
    let mut listener = stack.join("ana").await.unwrap();
    stack.publish("allowed");
    assert_eq!(listener.next().await, "allowed");
    until_depth(&mut stack, "QueueUrl", 0).await;
    // The template's three minutes between two tries, made short.
    set_visibility(&mut stack, "1");
    // A shard's record that nobody can read stops no other.
    stack.publish(r#"{"switchboard":"shard","v":"1","text":"poison"}"#);
    stack.publish("beside it");
    assert_eq!(listener.next().await, "beside it");
    until_depth(&mut stack, "DeadLetterQueueUrl", 1).await;
    until_depth(&mut stack, "QueueUrl", 0).await;
    let policy = stack.policy("PublisherRole", "publisher");
    for (dead, action) in ["dynamodb:Query", "execute-api:ManageConnections"]
        .iter()
        .enumerate()
    {
        let less = without(&policy, action);
        stack.set_policy("PublisherRole", "publisher", "PublisherFunction", &less);
        stack.publish("refused");
        until_depth(&mut stack, "DeadLetterQueueUrl", dead + 2).await;
        until_depth(&mut stack, "QueueUrl", 0).await;
    }
    stack.set_policy("PublisherRole", "publisher", "PublisherFunction", &policy);
    set_visibility(&mut stack, "180");
    stack.publish("allowed again");
    // An invocation that was slower than a second may have met the restored role.
    while listener.next().await != "allowed again" {}
}

fn set_visibility(stack: &mut Stack, seconds: &str) {
    let attributes = json!({"VisibilityTimeout": seconds});
    let queue = json!({"QueueUrl": stack.output("QueueUrl"), "Attributes": attributes});
    stack.aws.call("sqs", "set_queue_attributes", queue);
}

async fn until_depth(stack: &mut Stack, queue: &str, depth: usize) {
    for _ in 0..1200 {
        if stack.depth(queue) == depth {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{queue} never held {depth}");
}
