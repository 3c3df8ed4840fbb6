//! What the log says of a fault: one line that names what failed, and nothing of what people write.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use switchboard_backend::PostError;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::support::{Answer, World, fixture, send};

const SECRET: &str = "nobody else's business";

/// The lines of one thread, each as `LEVEL message field=value …`.
#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _infallible = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let level = event.metadata().level();
        let text = format!("{level} {}{}", line.message, line.fields);
        self.0.lock().unwrap().push(text);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// What is logged meanwhile.
fn logged(what: impl FnOnce()) -> Vec<String> {
    let lines = Arc::new(Lines::default());
    tracing::subscriber::with_default(Arc::clone(&lines), what);
    std::mem::take(&mut *lines.0.lock().unwrap())
}

/// ana with one connection, bo with one of ours and one of an older system, which knows no names.
fn world() -> World {
    let world = World::new();
    world.online("a=", "ana");
    world.online("b=", "bo");
    world.older("old=", None);
    world
}

fn post_failing(world: &World, answer: Answer) {
    world.post.answer("b=", answer);
    world.frame("a=", &send("m1", &["bo"], SECRET));
}

#[test]
fn each_fault_is_a_line() {
    type Fault = (&'static str, fn(&World));
    let faults: [Fault; 11] = [
        (
            "WARN a post failed connection=b= failure=no answer in time",
            |world| {
                post_failing(world, Answer::Hang);
            },
        ),
        (
            "WARN a post failed connection=b= failure=throttled",
            |world| {
                post_failing(world, Answer::Error(PostError::Throttled));
            },
        ),
        ("WARN a post failed connection=b= failure=500", |world| {
            post_failing(world, Answer::Error(PostError::Other("500".to_owned())));
        }),
        ("INFO gone connection=b=", |world| {
            post_failing(world, Answer::Error(PostError::Gone));
        }),
        (
            "ERROR a message was not committed kind=\"StoreUnavailable\" error=",
            |world| {
                world.store.fail("commit");
                world.frame("a=", &send("m1", &["bo"], SECRET));
            },
        ),
        (
            "ERROR a text for everyone was not sent kind=\"StoreUnavailable\" error=",
            |world| {
                world.store.fail("connections");
                world.text("old=", SECRET);
            },
        ),
        (
            "ERROR refused connection=c= kind=\"Unauthorized\" error=",
            |world| {
                let mut event = fixture(include_str!("events/connect.json"), "c=");
                event["requestContext"]["authorizer"] = Value::Null;
                assert_eq!(world.handle(event).unwrap().status_code, 401);
            },
        ),
        (
            "ERROR refused: the roster failed connection=c= kind=\"StoreUnavailable\"",
            |world| {
                world.store.fail("put_connection");
                assert_eq!(world.connect("c=", Some("cy")).status_code, 500);
            },
        ),
        (
            "ERROR still listed connection=a= kind=\"StoreUnavailable\"",
            |world| {
                world.store.fail("delete_connection");
                world.disconnect("a=");
            },
        ),
        (
            "ERROR not published record=\"r0\" reason=\"a record reached nobody\"",
            |world| {
                for id in ["a=", "b=", "old="] {
                    world.post.answer(id, Answer::Error(PostError::TooLarge));
                }
                world.publish(&[SECRET]);
            },
        ),
        (
            "ERROR not posted to all, and the queue takes no more count=1",
            |world| {
                world
                    .post
                    .answer("old=", Answer::Error(PostError::Throttled));
                world.post.refuse_records();
                world.publish(&[SECRET]);
            },
        ),
    ];
    for (expected, fault) in faults {
        let world = world();
        let lines = logged(|| fault(&world));
        let found = lines.iter().filter(|line| line.starts_with(expected));
        assert_eq!(found.count(), 1, "{expected}: {lines:#?}");
        assert!(!lines.concat().contains(SECRET), "{expected}: {lines:#?}");
    }
}

/// The frame was refused, and the answer says why; the log has no part of it.
#[test]
fn nothing_of_a_malformed_frame_is_logged() {
    for body in [
        json!({"action": "sendmessage", "v": 1, "id": SECRET, "to": SECRET, "content": 7})
            .to_string(),
        json!({"action": "sendMessage", "connectionId": 7, "message": SECRET}).to_string(),
        json!({"action": "hello", "v": SECRET}).to_string(),
    ] {
        let world = world();
        let lines = logged(|| {
            world.text("a=", &body);
        });
        assert!(!lines.concat().contains(SECRET), "{body}: {lines:#?}");
    }
}
