//! What a fresh reader found: sequences that once lost, doubled, stuck or span.

use serde_json::json;
use switchboard_client::trace::replay;
use switchboard_client::{
    Account, Input, Join, Kind, Pending, Restored, SocketId, StoreOperation, Stretch,
};
use switchboard_protocol::{ConversationId, Message, Seq};

use crate::rig::{Rig, account, id, user};

fn seq(n: u64) -> Seq {
    Seq::try_from(n).unwrap()
}
/// Changes the socket to a server with another log, whose lobby ends at `head`; returns the old one.
fn restored_elsewhere(rig: &mut Rig, head: u64) -> SocketId {
    rig.server(&json!({"event":"goaway","reconnect_in_ms":0}));
    if rig.candidate.is_none() {
        rig.fire();
    }
    rig.epoch = "e2".into();
    rig.change(&json!({"lobby": head}))
}
fn lobby() -> ConversationId {
    ConversationId::lobby()
}

#[test]
fn a_message_retried_waits_for_the_one_in_flight() {
    let mut rig = Rig::up();
    rig.send(&lobby(), "m1");
    rig.expect("sendmessage");
    rig.server(&json!({"event":"nack","id":"m1","code":"bad_content","retry":false}));
    rig.send(&lobby(), "m2");
    rig.expect("sendmessage");
    rig.input(Input::Retry(id("m1")));
    rig.nothing_sent();
}

#[test]
fn a_message_confirmed_while_it_is_written_holds_up_no_other() {
    let mut rig = Rig::up();
    rig.storage_answers = false;
    rig.send(&lobby(), "m1");
    rig.send(&lobby(), "m2");
    rig.server(&json!({"event":"message","conv":"lobby","seq":1,"id":"m1","from":"ana","at":1,"kind":"text","content":"text of m1"}));
    while !rig.unanswered.is_empty() {
        rig.answer_write();
    }
    let puts = rig
        .stored
        .iter()
        .filter(|s| matches!(s, StoreOperation::Put(_)))
        .count();
    assert_eq!(puts, 2, "m2 was never written");
    rig.expect("sendmessage");
}

#[test]
fn nothing_is_written_behind_what_could_not_be_written() {
    let mut rig = Rig::new("switchboard");
    rig.storage_works = false;
    rig.send(&lobby(), "m1");
    rig.storage_works = true;
    rig.send(&lobby(), "m2");
    // storage: the rows left
    let mut rows: Vec<Pending> = Vec::new();
    for (n, what) in rig.stored.iter().enumerate() {
        match what {
            StoreOperation::Put(p) if n > 0 => rows.push(p.clone()),
            StoreOperation::Remove(id) => rows.retain(|r| r.id != *id),
            _ => {}
        }
    }
    let mut dup = Rig::restored("switchboard", rows);
    dup.open();
    dup.welcome(&json!({"lobby": 0}));
    dup.answer_syncs();
    assert!(
        dup.sent.is_empty(),
        "duplicate tab sends m2 before m1: {:?}",
        dup.sent
    );
}

#[test]
fn an_outbox_row_whose_message_is_in_the_stored_log_is_dropped() {
    let m = json!({"event":"message","conv":"lobby","seq":1,"id":"m1","from":"ana","at":1,"kind":"text","content":"hi"});
    let restored = Restored {
        marks: Vec::new(),
        outbox: vec![Pending {
            id: id("m1"),
            conversation: lobby(),
            kind: Kind::Text,
            text: "hi".into(),
            re: None,
            at: 1,
            minted: 1,
            order: 0,
            failed: None,
        }],
        logs: vec![Stretch {
            conversation: lobby(),
            epoch: "e1".into(),
            after: seq(0),
            through: seq(1),
            messages: vec![Message::parse(&m.to_string()).unwrap()],
            confirmed: vec![],
            replaces: false,
        }],
    };
    let rig = Rig::signed_in(account("switchboard"), restored);
    assert_eq!(rig.items(&lobby()).len(), 1, "{:?}", rig.items(&lobby()));
}

#[test]
fn a_restored_log_leaves_nothing_of_the_old_one_in_storage() {
    let rig0 = Rig::new("switchboard");
    let messages = (1..=10)
        .map(|n| Message::parse(&rig0.message("lobby", n).to_string()).unwrap())
        .collect();
    let restored = Restored {
        marks: Vec::new(),
        outbox: vec![],
        logs: vec![Stretch {
            conversation: lobby(),
            epoch: "e1".into(),
            after: seq(0),
            through: seq(10),
            messages,
            confirmed: vec![],
            replaces: false,
        }],
    };
    let mut stored = Some(restored.logs[0].bounds());
    let mut rig = Rig::signed_in(account("switchboard"), restored);
    rig.open();
    rig.welcome(&json!({"lobby": 7}));
    let sync = rig.expect("sync");
    assert_eq!(sync["after"], 10);
    rig.page(&sync, &[], 10, 7);
    let sync = rig.expect("sync");
    rig.page(&sync, &[1, 2, 3, 4, 5, 6, 7], 7, 7);
    for what in &rig.stored {
        if let StoreOperation::Log(s) = what {
            stored = match s.join(stored.as_ref()) {
                Join::Extend(b) => Some(b),
                Join::Replace => Some(s.bounds()),
                Join::Older => stored,
            };
        }
    }
    let stored = stored.unwrap();
    assert_eq!(
        stored.through,
        seq(7),
        "storage still claims 8..10 of the old log"
    );
}

#[test]
fn a_head_that_pages_do_not_reach_is_asked_for_in_peace() {
    let mut rig = Rig::up();
    let m = rig.message("lobby", 10);
    rig.server(&m);
    rig.pass(500);
    rig.input(Input::Timer);
    for _ in 0..1000 {
        if rig.sent.is_empty() {
            return;
        }
        let sync = rig.expect("sync");
        rig.page(
            &sync,
            &[],
            sync["after"].as_u64().unwrap_or(0),
            7.min(sync["after"].as_u64().unwrap_or(0)),
        );
    }
    panic!("1000 syncs in no time");
}
#[test]
fn a_place_far_beyond_the_log_is_asked_for_in_peace() {
    let mut rig = Rig::up();
    for n in 1..=3 {
        let m = rig.message("lobby", n);
        rig.server(&m);
    }
    let m = rig.message("lobby", (1 << 53) - 1);
    rig.server(&m);
    rig.pass(500);
    rig.input(Input::Timer);
    let mut most = 0;
    for _ in 0..1000 {
        if rig.sent.is_empty() {
            return;
        }
        let sync = rig.expect("sync");
        assert!(sync["after"].is_null(), "{sync}");
        rig.page(&sync, &[1, 2, 3], 3, 3);
        most = most.max(rig.stored.len());
    }
    panic!("1000 restarts of the window in no time, {most} writes");
}

#[test]
fn goaway_answers_a_ping() {
    let mut rig = Rig::up();
    rig.fire();
    rig.expect("ping");
    rig.server(&json!({"event":"goaway","reconnect_in_ms":0}));
    let mut waited = 0;
    while rig.candidate.is_none() && rig.disconnected.is_empty() {
        waited += rig.fire();
        if rig.sent.iter().any(|s| s.contains("ping")) {
            rig.sent.clear();
            rig.server(&json!({"event":"goaway","reconnect_in_ms":0}));
        }
    }
    assert!(
        rig.candidate.is_some() && waited < 1000,
        "candidate {:?} gave up {:?} after {waited} ms",
        rig.candidate,
        rig.disconnected
    );
}

#[cfg(feature = "mutants")]
#[test]
fn a_client_that_never_asks_does_not_spin() {
    let config = switchboard_client::Config {
        mutant: Some(switchboard_client::Mutant::NoSync),
        ..switchboard_client::Config::default()
    };
    let mut rig = Rig::configured(config, account("switchboard"), Restored::default());
    rig.open();
    rig.welcome(&json!({"lobby": 0}));
    rig.answer_syncs();
    let m = rig.message("lobby", 2);
    rig.server(&m);
    rig.fire();
    assert!(rig.client.poll_timeout().unwrap() > rig.now.mono);
}

fn check(rig: &Rig) -> Result<(), String> {
    let trace = rig.trace.export(rig.client.state_hash());
    replay(&trace)
        .map(|_| ())
        .map_err(|e| format!("{e}\n{trace}"))
}
#[test]
fn names_keep_their_order_in_a_trace() {
    let a = Account {
        user: user("zed"),
        ..account("switchboard")
    };
    let mut rig = Rig::signed_in(a, Restored::default());
    rig.open();
    rig.welcome(&json!({"lobby": 0, "c:Ana,zed": 1, "c:Ana Bo,zed": 2}));
    while !rig.sent.is_empty() {
        let sync = rig.expect("sync");
        if sync["conv"] == "lobby" {
            rig.page(&sync, &[], 0, 0);
        } else if sync["conv"] == "c:Ana,zed" {
            rig.page(&sync, &[1], 1, 1);
        } else {
            rig.page(&sync, &[1, 2], 2, 2);
        }
    }
    check(&rig).unwrap();
}
#[test]
fn white_space_stays_white_space_in_a_trace() {
    let mut rig = Rig::up();
    rig.send_text(&lobby(), "m1", "\u{a0}");
    check(&rig).unwrap();
}
#[test]
fn what_people_write_is_not_read_as_ours_in_a_trace() {
    let mut rig = Rig::new("s5");
    rig.open();
    rig.text(r#"{"Schmidt":1234,"id":"hunter2 passport","kind":"secret"}"#);
    let trace = rig.trace.export(rig.client.state_hash());
    assert!(
        !trace.contains("Schmidt") && !trace.contains("1234") && !trace.contains("hunter2"),
        "{trace}"
    );
}
#[test]
fn an_echo_stays_one_in_a_trace() {
    let mut rig = Rig::new("s5");
    rig.open();
    rig.send_text(&lobby(), "m1", r#"{"b":"x","a":12}"#);
    rig.text(r#"{"b":"x","a":12}"#);
    assert_eq!(rig.items(&lobby()).len(), 1);
    check(&rig).unwrap();
}
#[test]
fn objects_that_are_not_ours_say_nothing_in_a_trace() {
    let mut rig = Rig::up();
    rig.text(r#"{"Schmidt":{"pin":1234},"content":"hi","code":"hunter2"}"#);
    let trace = rig.trace.export(rig.client.state_hash());
    assert!(
        !trace.contains("Schmidt") && !trace.contains("1234") && !trace.contains("hunter2"),
        "{trace}"
    );
}
#[test]
fn refused_after_every_welcome_stops_too() {
    let mut rig = Rig::new("switchboard");
    for _ in 0..10 {
        rig.open();
        rig.welcome(&json!({"lobby": 0}));
        rig.answer_syncs();
        rig.close(4403);
        if rig.client.poll_timeout().is_none() {
            return;
        }
        rig.fire();
    }
    panic!("4403 ten times");
}
#[test]
fn what_the_profile_cannot_send_is_given_back() {
    let p = Pending {
        id: id("m1"),
        conversation: lobby(),
        kind: Kind::Text,
        text: "hi".into(),
        re: None,
        at: 1_700_000_000_000,
        minted: 1_700_000_000_000,
        order: 0,
        failed: None,
    };
    let mut rig = Rig::restored("s3", vec![p.clone()]);
    rig.open();
    let mut s1 = Rig::restored("s1", vec![p]);
    s1.open();
    assert!(
        rig.sent.is_empty() && s1.sent.is_empty(),
        "{:?} {:?} {:?}",
        rig.sent,
        s1.sent,
        rig.items(&lobby())[0].state
    );
}
#[test]
fn an_older_page_that_does_not_reach_ours_is_not_believed() {
    let mut rig = Rig::new("switchboard");
    rig.open();
    rig.welcome(&json!({"lobby": 9}));
    let sync = rig.expect("sync");
    rig.page(&sync, &[8, 9], 9, 9);
    rig.input(Input::LoadEarlier(lobby()));
    let sync = rig.expect("sync");
    rig.server(&json!({
        "event": "page", "rid": sync["rid"], "conv": "lobby", "after": 2, "covered": 4, "head": 9,
        "messages": [rig.message("lobby", 3), rig.message("lobby", 4)], "epoch": "e1",
    }));
    let log = rig.client.log(&lobby()).unwrap();
    assert!(log.after == seq(7), "5..7 declared holes: {:?}", log.after);
}
#[test]
fn an_older_pong_answers_no_newer_ping() {
    let mut rig = Rig::up();
    rig.fire();
    let p = rig.expect("ping");
    rig.pass(3000);
    rig.input(Input::Lifecycle(switchboard_client::Lifecycle::Visible));
    rig.expect("ping");
    rig.server(&json!({"event":"pong","n":p["n"],"now":1,"heads":{}}));
    let next = rig.client.poll_timeout().unwrap() - rig.now.mono;
    assert!(next <= 5000, "{next}");
}
#[test]
fn a_new_epoch_replaces_a_stored_log_by_an_empty_one() {
    let rig0 = Rig::new("switchboard");
    let messages = (1..=2)
        .map(|n| Message::parse(&rig0.message("lobby", n).to_string()).unwrap())
        .collect();
    let restored = Restored {
        marks: Vec::new(),
        outbox: vec![],
        logs: vec![Stretch {
            conversation: lobby(),
            epoch: "e0".into(),
            after: seq(0),
            through: seq(2),
            messages,
            confirmed: vec![],
            replaces: false,
        }],
    };
    let mut rig = Rig::signed_in(account("switchboard"), restored);
    rig.open();
    rig.welcome(&json!({"lobby": 0}));
    rig.answer_syncs();
    assert!(
        !rig.stored.is_empty(),
        "storage keeps the old incarnation for ever"
    );
}
#[test]
fn the_replaced_socket_of_an_older_epoch_is_not_heard() {
    let mut rig = Rig::up();
    for n in 1..=2 {
        let m = rig.message("lobby", n);
        rig.server(&m);
    }
    let old = restored_elsewhere(&mut rig, 1);
    let sync = rig.expect("sync");
    rig.page(&sync, &[1], 1, 1);
    let mut ghost = rig.message("lobby", 2);
    ghost["content"] = json!("of the old log");
    rig.input(Input::Text(old, ghost.to_string()));
    assert_eq!(rig.texts(&lobby()), ["text 1"]);
}
#[test]
fn a_nack_without_a_wait_is_obeyed_in_peace() {
    let mut rig = Rig::up();
    rig.send(&lobby(), "m1");
    for _ in 0..100 {
        if rig.sent.is_empty() {
            return;
        }
        rig.expect("sendmessage");
        rig.server(
            &json!({"event":"nack","id":"m1","code":"unavailable","retry":true,"retry_after_ms":0}),
        );
    }
    panic!("100 sends in no time");
}

#[test]
fn an_older_system_is_connected_to_anew_after_a_long_sleep() {
    let mut rig = Rig::new("s5");
    rig.open();
    rig.now.wall += 8 * 3_600_000;
    rig.send(&lobby(), "m1");
    assert!(
        rig.sent.is_empty(),
        "{:?} removed: {:?}",
        rig.sent,
        rig.stored.last()
    );
}
#[test]
fn a_pong_of_an_older_epoch_asks_for_nothing() {
    let mut rig = Rig::up();
    for n in 1..=9 {
        let m = rig.message("lobby", n);
        rig.server(&m);
    }
    let old = restored_elsewhere(&mut rig, 1);
    let sync = rig.expect("sync");
    rig.page(&sync, &[1], 1, 1);
    rig.input(Input::Text(
        old,
        json!({"event":"pong","n":1,"now":1,"heads":{"lobby":9}}).to_string(),
    ));
    for _ in 0..1000 {
        if rig.sent.is_empty() {
            return;
        }
        let sync = rig.expect("sync");
        rig.page(&sync, &[], 1, 1);
    }
    panic!("1000 syncs in no time");
}
#[test]
fn an_ack_of_an_older_epoch_confirms_nothing() {
    let mut rig = Rig::up();
    rig.send(&lobby(), "m1");
    rig.expect("sendmessage");
    let old = restored_elsewhere(&mut rig, 0);
    rig.input(Input::Text(
        old,
        json!({"event":"ack","id":"m1","conv":"lobby","seq":1,"at":1,"duplicate":false})
            .to_string(),
    ));
    assert_eq!(rig.client.status().waiting, 1, "m1 left the outbox");
}
