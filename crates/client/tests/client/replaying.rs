//! A trace leads to the state it was taken in, and says nothing about anybody.

use serde_json::json;
use switchboard_client::trace::{TraceError, replay};
use switchboard_client::{Input, Kind, Lifecycle, Pending, Restored, StoreOperation};
use switchboard_protocol::ConversationId;

use crate::rig::{Rig, account, conversation, id};

/// What people wrote and who they are, in the run below.
const SECRETS: [&str; 8] = [
    "ana", "bo", "zoe", "hello", "secret", "draft", "8787", "hunter2",
];

/// A session with everything in it; the rig keeps its trace.
fn session() -> Rig {
    let group = conversation(&["ana", "bo", "zoe"]);
    let mut start = account("switchboard");
    start.query = vec![("token".to_owned(), "hunter2".to_owned())];
    let restored = Restored::from(vec![Pending {
        id: id("old"),
        conversation: group.clone(),
        kind: Kind::Text,
        text: "secret \"draft\"\n\t".to_owned(),
        re: None,
        at: 5,
        minted: 5,
        order: 1,
        failed: None,
    }]);
    let mut rig = Rig::signed_in(start, restored);
    rig.open();
    rig.welcome(&json!({"lobby": 2, "c:ana,zoe": 1}));
    let sync = rig.expect("sync");
    rig.page(&sync, &[1], 1, 1);
    rig.server(
        &json!({"event":"message","conv":group,"seq":1,"id":"m","from":"zoe","at":9,
        "content":"hello \\ secret\u{1F600}","extra":["bo", 1.5, null, {"heads":{"lobby":1}}]}),
    );
    rig.server(&json!({"event":"presence","all":true,"online":["bo","zoe"],"offline":[]}));
    rig.text("hello, bare");
    rig.send_text(&conversation(&["ana", "bo"]), "m1", "hello secret");
    rig.storage_works = false;
    rig.send_text(&group, "m2", "draft");
    rig.input(Input::Lifecycle(Lifecycle::Offline));
    rig.pass(7_000);
    rig.input(Input::Timer);
    rig.close(1006);
    rig.fire();
    rig
}

#[test]
fn a_redacted_trace_leads_to_the_same_state() {
    let rig = session();
    let trace = rig.trace.export(rig.client.state_hash());
    for word in trace.split(|c: char| !c.is_alphanumeric()) {
        assert!(!SECRETS.contains(&word), "{word} stands in\n{trace}");
    }
    let client = replay(&trace).unwrap_or_else(|error| panic!("{error}\n{trace}"));
    assert_eq!(client.state_hash(), rig.client.state_hash());
    let texts = |rig: &[switchboard_client::Item]| -> Vec<usize> {
        rig.iter().map(|item| item.text.len()).collect()
    };
    let here = rig.items(&conversation(&["ana", "bo", "zoe"]));
    let there = client.items(&conversation(&["u0001", "u0002", "u0003"]), 100);
    assert_eq!(texts(&here), texts(&there));
    assert!(!here.is_empty());
}

/// Edits, reactions, replies, reading and typing, answered and not; then a reload.
#[test]
fn a_trace_of_every_kind_leads_to_the_same_state() {
    let (mut rig, bo) = Rig::with_log(
        1,
        &[
            ("m1", "bo", "text", "hello secret", None),
            ("m2", "ana", "text", "mine, @bo", Some("m1")),
            ("m3", "bo", "edit", "hello draft", Some("m1")),
            ("m4", "bo", "reaction", "👍", Some("m2")),
            ("m5", "bo", "reaction", "🎉", Some("m2")),
            ("m6", "bo", "reaction", "-👍", Some("m2")),
        ],
    );
    rig.push(7, ("m7", "bo", "text", "news @ana", None));
    rig.act(&bo, "a1", Kind::Edit, "mine, secret", "m2");
    rig.ack(&bo, "a1", 8);
    rig.act(&bo, "a2", Kind::Reaction, "❤️", "m7");
    rig.ack(&bo, "a2", 9);
    rig.input(Input::Typing(bo.clone()));
    rig.input(Input::Read {
        conversation: bo.clone(),
        through: id("m7"),
        tell: true,
    });
    let read = rig.sent.pop_back().unwrap();
    let read: serde_json::Value = serde_json::from_str(&read).unwrap();
    assert_eq!(read["kind"], "read");
    rig.input(Input::Unread {
        conversation: bo.clone(),
        from: id("m7"),
    });
    // The replayed client mints the same id and must know its answer.
    rig.ack(&bo, read["id"].as_str().unwrap(), 10);
    rig.act(&bo, "a3", Kind::Delete, "", "m2");
    rig.server(&json!({"event": "nack", "id": "a3", "code": "forbidden", "retry": false}));
    rig.input(Input::Retry(id("a3")));
    let same = |rig: &Rig| {
        let trace = rig.trace.export(rig.client.state_hash());
        for word in trace.split(|c: char| !c.is_alphanumeric()) {
            assert!(!SECRETS.contains(&word), "{word} stands in\n{trace}");
        }
        assert!(!trace.contains('👍') && !trace.contains('❤'), "{trace}");
        replay(&trace).unwrap_or_else(|error| panic!("{error}\n{trace}"))
    };
    let client = same(&rig);
    let there = conversation(&["u0001", "u0002"]);
    let items = client.slice(&there, 0..client.len(&there));
    assert_eq!(items.len(), 3);
    assert!(items[1].deleted && items[1].pending);
    assert_eq!(items[2].reactions.len(), 1);

    let mut restored = Restored {
        marks: rig.marks.clone(),
        ..Restored::default()
    };
    for what in &rig.stored {
        match what {
            StoreOperation::Log(stretch) if stretch.conversation == bo => {
                restored.logs.push((**stretch).clone());
            }
            StoreOperation::Put(row) => restored.outbox = vec![row.clone()],
            _ => {}
        }
    }
    restored.logs.truncate(1);
    let again = Rig::signed_in(account("switchboard"), restored);
    assert_eq!(again.items(&bo)[1].reactions.len(), 0, "deleted");
    same(&again);
}

#[test]
fn a_stored_log_is_part_of_the_trace() {
    let mut first = Rig::up();
    let message = first.message("lobby", 1);
    first.server(&message);
    let logs = first.stored.iter().filter_map(|what| match what {
        StoreOperation::Log(stretch) => Some((**stretch).clone()),
        StoreOperation::Put(_) | StoreOperation::Remove(_) | StoreOperation::Mark(_) => None,
    });
    let restored = Restored {
        logs: logs.collect(),
        ..Restored::default()
    };
    let rig = Rig::signed_in(account("switchboard"), restored);
    let client = replay(&rig.trace.export(rig.client.state_hash())).unwrap();
    assert_eq!(client.items(&ConversationId::lobby(), 9).len(), 1);
}

#[test]
fn what_is_not_a_trace_or_leads_elsewhere_is_told() {
    let rig = session();
    let trace = rig.trace.export(rig.client.state_hash());
    assert_eq!(replay("").err(), Some(TraceError::NotATrace));
    assert_eq!(
        replay(&trace.replace("trace\t1", "trace\t9")).err(),
        Some(TraceError::NotATrace)
    );
    for (broken, line) in [("1\t2\tnonsense", 2), ("x", 2), ("a\tb\ttimer", 2)] {
        let text = trace.replacen('\n', &format!("\n{broken}\n"), 1);
        assert_eq!(replay(&text).err(), Some(TraceError::BadLine(line)));
    }
    let shorter: Vec<&str> = trace
        .lines()
        .filter(|line| !line.contains("\tsend\t"))
        .collect();
    assert!(matches!(
        replay(&shorter.join("\n")).err(),
        Some(TraceError::OtherState { .. })
    ));
}
