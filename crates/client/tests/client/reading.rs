//! Read marks, what others are told of reading and typing, receipts.

use serde_json::{Value, json};
use switchboard_client::{Input, Mark, Receipt, Restored, StoreOperation};
use switchboard_protocol::{ConversationId, Seq};

use crate::rig::{Entry, Rig, account, conversation, id, user};

fn seq(n: u64) -> Seq {
    Seq::try_from(n).unwrap()
}

fn read(rig: &mut Rig, conversation: &ConversationId, name: &str, tell: bool) {
    rig.input(Input::Read {
        conversation: conversation.clone(),
        through: id(name),
        tell,
    });
}

fn text<'a>(name: &'a str, from: &'a str) -> Entry<'a> {
    (name, from, "text", name, None)
}

/// ana has read m1 and m2 of bo's; m3 to m5 are new, m4 is her own.
fn five() -> (Rig, ConversationId) {
    let (mut rig, bo) = Rig::with_log(1, &[text("m1", "bo"), text("m2", "bo")]);
    for (seq, name, from) in [(3, "m3", "bo"), (4, "m4", "ana"), (5, "m5", "bo")] {
        rig.push(seq, text(name, from));
    }
    (rig, bo)
}

/// The one `read` that was sent.
fn told(rig: &mut Rig) -> Value {
    let frame = rig.expect("sendmessage");
    assert_eq!(
        (&frame["kind"], &frame["content"]),
        (&json!("read"), &json!(""))
    );
    frame
}

#[test]
fn history_is_read_and_news_are_not() {
    let (mut rig, bo) = five();
    assert_eq!(rig.summary(&bo).unread, 2);
    assert_eq!(rig.summary(&bo).first_unread, Some(id("m3")));
    assert_eq!((rig.marks.len(), rig.marks[0].through), (2, seq(2)));

    // A conversation nobody had heard of is news as a whole.
    rig.server(&json!({"event": "pong", "n": 0, "now": 1, "heads": {}}));
    rig.server(
        &json!({"event": "message", "conv": "c:ana,cy", "seq": 2, "id": "c2", "from": "cy",
        "at": 1, "kind": "text", "content": "again"}),
    );
    let sync = rig.expect("sync");
    rig.entries(&sync, 1, &[text("c1", "cy"), text("c2", "cy")]);
    let cy = rig.summary(&conversation(&["ana", "cy"]));
    assert_eq!((cy.unread, cy.first_unread), (1, Some(id("c2"))));
}

#[test]
fn a_mark_rises_never_falls_and_is_stored() {
    let (mut rig, bo) = five();
    rig.marks.clear();
    read(&mut rig, &bo, "m3", false);
    assert_eq!((rig.summary(&bo).unread, rig.marks.len()), (1, 1));
    for name in ["m1", "m3", "nobody-knows"] {
        read(&mut rig, &bo, name, true);
    }
    assert_eq!((rig.summary(&bo).unread, rig.marks.len()), (1, 1));
    rig.nothing_sent();
    read(&mut rig, &bo, "m5", false);
    assert_eq!(
        (rig.summary(&bo).unread, rig.summary(&bo).first_unread),
        (0, None)
    );
    let mark = Mark {
        conversation: bo.clone(),
        epoch: "e1".to_owned(),
        through: seq(5),
        tell: seq(0),
        lowered: 0,
    };
    assert_eq!(rig.marks.last(), Some(&mark));
    assert_eq!(Mark::parse(&mark.to_json()), Some(mark));
    rig.nothing_sent();
    read(&mut rig, &conversation(&["ana", "zoe"]), "m1", true);
    rig.nothing_sent();
}

#[test]
fn marks_come_back_and_those_of_another_log_do_not() {
    let (rig, bo) = five();
    let logs = rig.stored.iter().filter_map(|what| match what {
        StoreOperation::Log(stretch) if stretch.conversation == bo => Some((**stretch).clone()),
        _ => None,
    });
    let mut whole = logs.clone().next().unwrap();
    for more in logs.skip(1) {
        whole.messages.extend(more.messages);
        whole.through = more.through;
    }
    let restored = |epoch: &str, logs| Restored {
        outbox: Vec::new(),
        logs,
        marks: vec![Mark {
            conversation: bo.clone(),
            epoch: epoch.to_owned(),
            through: seq(3),
            tell: seq(0),
            lowered: 0,
        }],
    };
    let unread = |restored| {
        Rig::signed_in(account("switchboard"), restored)
            .summary(&bo)
            .unread
    };
    assert_eq!(unread(restored("e1", vec![whole.clone()])), 1);
    assert_eq!(unread(restored("e0", vec![whole.clone()])), 0);
    whole.epoch = "e0".to_owned();
    assert_eq!(unread(restored("e1", vec![whole])), 0);

    // Without a log, the mark still tells what is new of the page that comes.
    for (epoch, expected) in [("e1", 2), ("e0", 0)] {
        let mut rig = Rig::signed_in(account("switchboard"), restored(epoch, Vec::new()));
        rig.open();
        rig.welcome(&json!({"lobby": 0, "c:ana,bo": 5}));
        let sync = rig.expect("sync");
        rig.page(&sync, &[1, 2, 3, 4, 5], 5, 5);
        assert_eq!(rig.summary(&bo).unread, expected, "{epoch}");
    }
}

#[test]
fn others_are_told_once_of_what_was_read_meanwhile() {
    let (mut rig, bo) = five();
    read(&mut rig, &bo, "m3", true);
    let first = told(&mut rig);
    assert_eq!(first["re"], "m3");
    assert_eq!(rig.client.status().waiting, 0);
    assert_eq!((rig.summary(&bo).waiting, rig.client.len(&bo)), (0, 5));
    // While that is on its way, more is read and more comes: one more word says it all.
    read(&mut rig, &bo, "m5", true);
    for n in 6..9 {
        let name = format!("m{n}");
        rig.push(n, text(&name, "bo"));
        read(&mut rig, &bo, &name, true);
    }
    rig.nothing_sent();
    rig.ack(&bo, first["id"].as_str().unwrap(), 9);
    let second = told(&mut rig);
    assert_eq!(second["re"], "m8");
    assert_ne!(second["id"], first["id"]);
    rig.ack(&bo, second["id"].as_str().unwrap(), 10);
    rig.nothing_sent();
    assert!(
        rig.stored
            .iter()
            .all(|what| !matches!(what, StoreOperation::Put(_)))
    );
    // Own messages are not told to have been read.
    rig.push(11, text("m11", "ana"));
    read(&mut rig, &bo, "m11", true);
    rig.nothing_sent();
}

#[test]
fn a_persons_message_waits_for_one_word_at_most() {
    let (mut rig, bo) = five();
    read(&mut rig, &bo, "m3", true);
    let word = told(&mut rig);
    rig.send(&bo, "a1");
    read(&mut rig, &bo, "m5", true);
    rig.nothing_sent();
    rig.ack(&bo, word["id"].as_str().unwrap(), 6);
    assert_eq!(rig.expect("sendmessage")["id"], "a1");
    rig.nothing_sent();
    rig.ack(&bo, "a1", 7);
    assert_eq!(told(&mut rig)["re"], "m5");
}

#[test]
fn a_word_that_is_refused_or_lost_troubles_nobody() {
    let (mut rig, bo) = five();
    read(&mut rig, &bo, "m3", true);
    let word = told(&mut rig);
    rig.server(&json!({"event": "nack", "id": word["id"], "code": "forbidden", "retry": false}));
    rig.nothing_sent();
    assert_eq!(
        (rig.client.status().waiting, rig.summary(&bo).failed),
        (0, 0)
    );

    // Busy: later, and not in circles.
    read(&mut rig, &bo, "m5", true);
    let word = told(&mut rig);
    rig.server(
        &json!({"event": "nack", "id": word["id"], "code": "unavailable", "retry": true,
        "retry_after_ms": 3_000}),
    );
    rig.nothing_sent();
    assert_eq!(rig.fire(), 3_000);
    let word = told(&mut rig);

    // The socket dies; on the next one nothing is told before it is known what is new.
    rig.close(1006);
    rig.fire();
    rig.open();
    rig.welcome(&json!({"lobby": 0, "c:ana,bo": 6}));
    let sync = rig.expect("sync");
    rig.nothing_sent();
    let id = word["id"].as_str().unwrap();
    rig.server(&json!({
        "event": "page", "rid": sync["rid"], "conv": sync["conv"], "after": 5, "covered": 6,
        "head": 6, "epoch": "e1", "messages": [{"conv": "c:ana,bo", "seq": 6, "id": id,
        "from": "ana", "at": 1, "kind": "read", "content": "", "re": "m5"}],
    }));
    rig.nothing_sent();
}

#[test]
fn an_unanswered_word_is_said_again_after_a_while() {
    let (mut rig, bo) = five();
    read(&mut rig, &bo, "m5", true);
    told(&mut rig);
    rig.pass(10_000);
    rig.input(Input::Timer);
    let mut waited = 0;
    while !rig.sent.iter().any(|text| text.contains("read")) {
        if let Some(text) = rig.sent.front() {
            let n = serde_json::from_str::<Value>(text).unwrap()["n"].clone();
            rig.server(&json!({"event": "pong", "n": n, "now": 1, "heads": {}}));
        }
        rig.sent.clear();
        waited += rig.fire();
        assert!(waited <= 30_000);
    }
    assert_eq!(waited, 30_000);
    rig.sent.retain(|text| !text.contains("ping"));
    assert_eq!(told(&mut rig)["re"], "m5");
}

#[test]
fn what_was_to_be_told_is_told_after_a_reload() {
    let (mut rig, bo) = five();
    rig.close(1006);
    read(&mut rig, &bo, "m5", true);
    let mut restored = kept(&rig, &bo);
    restored.marks.drain(..restored.marks.len() - 1);
    let mut rig = Rig::signed_in(account("switchboard"), restored);
    rig.open();
    rig.welcome(&json!({"lobby": 0, "c:ana,bo": 5}));
    rig.answer_syncs();
    assert_eq!(told(&mut rig)["re"], "m5");
}

#[test]
fn what_is_taken_as_unread_stays_so_after_a_reload() {
    let (mut rig, bo) = five();
    read(&mut rig, &bo, "m5", true);
    assert_eq!(told(&mut rig)["re"], "m5");
    rig.push(6, ("r1", "ana", "read", "", Some("m5")));
    let unread_from = |rig: &mut Rig, name: &str| {
        rig.input(Input::Unread {
            conversation: bo.clone(),
            from: id(name),
        });
        rig.summary(&bo)
    };
    assert_eq!(unread_from(&mut rig, "nobody-knows").unread, 0);
    let summary = unread_from(&mut rig, "m2");
    assert_eq!((summary.unread, summary.first_unread), (3, Some(id("m2"))));
    rig.nothing_sent();
    rig.push(7, text("m7", "bo"));
    assert_eq!(unread_from(&mut rig, "m3").unread, 4, "it is already");

    let mut restored = kept(&rig, &bo);
    let mark = restored.marks.last().unwrap();
    assert_eq!((mark.through, mark.lowered), (seq(1), 1));
    restored.marks = vec![mark.clone()];
    let mut rig = Rig::signed_in(account("switchboard"), restored);
    rig.open();
    rig.welcome(&json!({"lobby": 0, "c:ana,bo": 7}));
    rig.answer_syncs();
    let summary = rig.summary(&bo);
    assert_eq!((summary.unread, summary.first_unread), (4, Some(id("m2"))));
    // Read here, and later on another device.
    read(&mut rig, &bo, "m3", true);
    assert_eq!(rig.summary(&bo).unread, 2);
    rig.nothing_sent();
    rig.push(8, ("r2", "ana", "read", "", Some("m7")));
    assert_eq!(rig.summary(&bo).unread, 0);
}

/// What storage has of it.
fn kept(rig: &Rig, conversation: &ConversationId) -> Restored {
    let mut restored = Restored {
        marks: rig.marks.clone(),
        ..Restored::default()
    };
    for what in &rig.stored {
        if let StoreOperation::Log(stretch) = what
            && stretch.conversation == *conversation
        {
            match restored.logs.last_mut() {
                None => restored.logs.push((**stretch).clone()),
                Some(log) => {
                    log.messages.extend(stretch.messages.clone());
                    log.through = stretch.through;
                }
            }
        }
    }
    restored
}

#[test]
fn the_lobby_and_older_systems_are_told_nothing() {
    let mut rig = Rig::up();
    let lobby = ConversationId::lobby();
    rig.server(&rig.message("lobby", 1));
    assert_eq!(rig.summary(&lobby).unread, 1);
    read(&mut rig, &lobby, "m1", true);
    assert_eq!(rig.summary(&lobby).unread, 0);
    rig.input(Input::Typing(lobby.clone()));
    rig.nothing_sent();

    let mut older = Rig::new("s5");
    older.open();
    for text in ["one", "two @ana", "three"] {
        older.text(text);
    }
    let summary = older.summary(&lobby);
    assert_eq!((summary.unread, summary.mentions), (3, 1));
    let items = older.items(&lobby);
    assert_eq!(summary.first_unread.as_ref(), Some(&items[0].id));
    read(&mut older, &lobby, items[1].id.as_str(), true);
    assert_eq!(
        (older.summary(&lobby).unread, older.summary(&lobby).mentions),
        (1, 0)
    );
    read(&mut older, &lobby, items[0].id.as_str(), true);
    assert_eq!(older.summary(&lobby).unread, 1);
    older.input(Input::Unread {
        conversation: lobby.clone(),
        from: items[1].id.clone(),
    });
    assert_eq!(
        (older.summary(&lobby).unread, older.summary(&lobby).mentions),
        (2, 1)
    );
    older.input(Input::Typing(lobby));
    older.nothing_sent();
    assert!(older.marks.is_empty());
}

#[test]
fn reading_elsewhere_counts_here() {
    let (mut rig, bo) = five();
    rig.marks.clear();
    rig.push(6, ("r1", "ana", "read", "", Some("m3")));
    assert_eq!((rig.summary(&bo).unread, rig.marks.len()), (1, 1));
    // What is not loaded is older than everything here.
    rig.push(7, ("r2", "ana", "read", "", Some("m0")));
    rig.push(8, ("r3", "bo", "read", "", Some("m5")));
    assert_eq!(rig.summary(&bo).unread, 1);
    rig.push(9, ("r4", "ana", "read", "", Some("m5")));
    assert_eq!(rig.summary(&bo).unread, 0);
    rig.nothing_sent();
}

#[test]
fn reading_an_own_message_that_waits_reads_all_that_is_here() {
    let (mut rig, bo) = five();
    rig.close(1006);
    rig.send(&bo, "a1");
    read(&mut rig, &bo, "a1", true);
    assert_eq!(rig.summary(&bo).unread, 0);
    assert_eq!(rig.marks.last().unwrap().tell, seq(5));
}

#[test]
fn far_behind_the_mark_stays_and_counts_what_is_not_loaded() {
    let (mut rig, bo) = five();
    rig.close(1006);
    rig.fire();
    rig.open();
    rig.welcome(&json!({"lobby": 0, "c:ana,bo": 1_000}));
    assert_eq!(rig.client.missing(&bo), 995, "what is known is shown");
    let sync = rig.expect("sync");
    assert!(sync["after"].is_null(), "far behind, the newest page first");
    rig.page(&sync, &[999, 1_000], 1_000, 1_000);
    assert_eq!(rig.client.missing(&bo), 0);
    let summary = rig.summary(&bo);
    assert_eq!(
        (summary.unread, summary.first_unread),
        (2 + 996, Some(id("m999")))
    );
    read(&mut rig, &bo, "m1000", false);
    assert_eq!(rig.summary(&bo).unread, 0);
}

#[test]
fn receipts_tell_of_each() {
    let group = conversation(&["ana", "bo", "cy", "di", "eve"]);
    let mut rig = Rig::up();
    rig.input(Input::Open(group.clone()));
    rig.answer_syncs();
    rig.send(&group, "a1");
    let all = |receipt| {
        ["bo", "cy", "di", "eve"]
            .map(|name| (user(name), receipt))
            .to_vec()
    };
    assert_eq!(
        rig.client.receipts(&group, &id("a1")),
        all(Receipt::Waiting)
    );
    rig.expect("sendmessage");
    rig.ack(&group, "a1", 1);
    assert_eq!(rig.client.receipts(&group, &id("a1")), all(Receipt::Sent));
    let conv = group.as_str();
    rig.server(&json!({"event": "presence", "all": true, "online": ["ana", "bo", "cy", "di"]}));
    rig.server(&json!({"event": "delivery", "conv": conv, "seq": 1, "to": ["cy"]}));
    rig.server(
        &json!({"event": "message", "conv": conv, "seq": 2, "id": "r1", "from": "bo",
        "at": 1, "kind": "read", "content": "", "re": "a1"}),
    );
    let receipts: Vec<Receipt> = rig
        .client
        .receipts(&group, &id("a1"))
        .into_iter()
        .map(|(_, receipt)| receipt)
        .collect();
    assert_eq!(
        receipts,
        [
            Receipt::Read,
            Receipt::Delivered,
            Receipt::Sent,
            Receipt::Unreachable
        ]
    );
    let state = rig.items(&group)[0].state;
    assert_eq!(
        state,
        switchboard_client::ItemState::Sent {
            reached: 2,
            of: 4,
            read: 1
        }
    );
    assert!(rig.client.receipts(&group, &id("nobody")).is_empty());
    rig.server(
        &json!({"event": "message", "conv": conv, "seq": 3, "id": "b1", "from": "bo",
        "at": 1, "kind": "text", "content": "hi"}),
    );
    assert!(rig.client.receipts(&group, &id("b1")).is_empty());
}

#[test]
fn typing_is_told_now_and_then() {
    let (mut rig, bo) = five();
    let typing = |rig: &mut Rig| rig.input(Input::Typing(bo.clone()));
    typing(&mut rig);
    let signal = rig.expect("signal");
    assert_eq!(
        (&signal["conv"], &signal["kind"]),
        (&json!("c:ana,bo"), &json!("typing"))
    );
    rig.pass(3_999);
    typing(&mut rig);
    rig.nothing_sent();
    rig.pass(1);
    typing(&mut rig);
    rig.expect("signal");
    // Sent: whoever goes on typing is heard at once.
    rig.send(&bo, "a1");
    rig.expect("sendmessage");
    typing(&mut rig);
    rig.expect("signal");
    rig.input(Input::Typing(conversation(&["bo", "cy"])));
    rig.nothing_sent();
    rig.close(1006);
    rig.pass(60_000);
    typing(&mut rig);
    assert!(!rig.sent.iter().any(|text| text.contains("signal")));
}
