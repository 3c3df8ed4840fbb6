//! Rows 40–58: the server's crashes, repeats and refusals, seen from the client; `order.rs` has those
//! of order.

use crate::support::scenario::{Scenario, message, numbered};
use crate::support::server::Server;
use crate::support::{bo, conversation, id, lobby};
use serde_json::json;
use switchboard_client::{Failure, Input, ItemState, Phase};

const SENT: ItemState = ItemState::Sent {
    reached: 0,
    of: 1,
    read: 0,
};
const DAY: u64 = 24 * 60 * 60 * 1000;

#[test]
fn fault_40_a_handler_that_died_before_the_commit_is_asked_again() {
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    let first = s.expect_message("m1");
    s.text(r#"{"message": "Internal server error", "connectionId":"BFaT_fALIAMCKug=", "requestId":"x="}"#);
    assert_eq!(s.states(&bo()), [ItemState::Sending], "it names no message");
    s.run(10_000);
    let second = s.expect_message("m1");
    assert_eq!(first.text, second.text, "the same frame");
    s.ack(&bo(), "m1", 1);
    assert_eq!(s.states(&bo()), [SENT]);
}

#[test]
fn fault_41_a_lost_ack_is_answered_with_the_first_place() {
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.send(&bo(), "m2");
    s.expect_message("m1");
    s.run(10_000);
    s.expect_message("m1");
    s.ack_again(&bo(), "m1", 1, true);
    s.expect_message("m2");
    s.ack(&bo(), "m2", 2);
    assert_eq!(s.texts(&bo()), ["text of m1", "text of m2"]);
    assert_eq!(s.states(&bo()), [SENT, SENT]);
    assert!(s.disk.outbox.is_empty());
}

#[test]
fn fault_42_an_id_is_not_sent_again_once_the_server_may_have_forgotten_it() {
    let failed = || {
        let mut s = Scenario::up();
        s.send(&bo(), "m1");
        s.expect_message("m1");
        s.close(1006);
        s.pass(15 * DAY);
        s.input(Input::Timer);
        assert_eq!(s.states(&bo()), [ItemState::Failed(Failure::Expired)]);
        s.sent.clear();
        s
    };
    // Day 20: the row is still there, the same id is safe.
    let mut s = failed();
    s.pass(5 * DAY);
    s.input(Input::Retry(id("m1")));
    revive(&mut s);
    s.expect_message("m1");
    s.ack_again(&bo(), "m1", 1, true);
    assert_eq!(s.texts(&bo()), ["text of m1"]);
    // Day 29: the first attempt may be in the log, and the row that would tell is going.
    let mut s = failed();
    s.pass(14 * DAY);
    s.input(Input::Retry(id("m1")));
    revive(&mut s);
    assert!(s.sent.iter().all(|sent| sent.frame["id"] != "m1"));
    assert_eq!(s.texts(&bo()), ["text of m1"], "and it is not lost");
}

/// Whatever the connection is about after days asleep, it comes up.
fn revive(s: &mut Scenario) {
    s.input(Input::TryNow);
    if s.phase() == Phase::Connecting {
        s.open();
    }
    if s.phase() == Phase::Greeting {
        s.welcome(&json!({}));
    }
    assert_eq!(s.phase(), Phase::Up);
}

#[test]
fn fault_42_a_send_run_again_much_later_shows_nothing_twice() {
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.ack(&bo(), "m1", 1);
    s.push(&bo(), 2);
    s.run_answered(20 * 60_000);
    s.ack_again(&bo(), "m1", 1, true);
    s.server(
        &json!({"event":"message","conv":bo(),"seq":1,"id":"m1","from":"ana","at":1,
                     "content":"text of m1"}),
    );
    assert_eq!(s.texts(&bo()), ["text of m1", "text 2"]);
}

#[test]
fn fault_46_the_echo_before_the_ack_confirms_and_the_ack_adds_nothing() {
    for kind in ["echo", "page"] {
        let mut s = Scenario::up();
        s.send(&bo(), "m1");
        s.expect_message("m1");
        let mut echo = message(&bo(), 1);
        echo["from"] = json!("ana");
        echo["id"] = json!("m1");
        echo["content"] = json!("text of m1");
        if kind == "echo" {
            s.server(&echo);
        } else {
            s.input(Input::Open(bo()));
            s.server(&json!({"event":"pong","n":1,"now":1,"heads":{"c:ana,bo":1}}));
            s.run(500);
            let sync = s.expect("sync");
            s.server(
                &json!({"event":"page","rid":sync["rid"],"conv":bo(),"after":0,
                             "messages":[echo],"covered":1,"head":1,"epoch":"e1"}),
            );
        }
        assert_eq!(s.states(&bo()), [SENT], "{kind}");
        s.ack(&bo(), "m1", 1);
        assert_eq!(s.texts(&bo()), ["text of m1"], "{kind}");
        assert!(s.disk.outbox.is_empty(), "{kind}");
        assert_eq!(s.client.status().waiting, 0, "{kind}");
    }
}

#[test]
fn fault_48_what_was_committed_between_register_and_heads_is_there() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    s.close(1006);
    // The post of 2 met no connection of ours; the heads, read later, know it.
    s.come_back(&json!({"lobby": 2}));
    s.run(500);
    let sync = s.expect("sync");
    assert_eq!(sync["after"], 1);
    s.page(&sync, &[2], 2, 2);
    assert_eq!(s.texts(&lobby()), numbered(1..=2));
}

#[test]
fn fault_52_a_restored_table_resets_the_cursor_and_keeps_the_outbox() {
    for epoch in ["e1", "e2"] {
        let mut server = Server::default();
        for number in 1..=2 {
            server.commit(
                &lobby(),
                "bo",
                &format!("b{number}"),
                &format!("text {number}"),
            );
        }
        epoch.clone_into(&mut server.epoch);
        let mut s = Scenario::up();
        for seq in 1..=5 {
            s.push(&lobby(), seq);
        }
        s.close(1006);
        s.send(&lobby(), "mine");
        s.fire();
        s.open();
        s.serve(&mut server, false);
        s.run(500);
        s.serve(&mut server, false);
        assert_eq!(
            s.texts(&lobby()),
            ["text 1", "text 2", "text of mine"],
            "{epoch}"
        );
        assert_eq!(server.ids(&lobby()), ["b1", "b2", "mine"], "{epoch}");
        assert!(s.disk.outbox.is_empty());
        // What is stored is the restored log, too.
        s.reload();
        assert_eq!(
            s.texts(&lobby()),
            ["text 1", "text 2", "text of mine"],
            "{epoch}"
        );
    }
}

#[test]
fn fault_52_what_was_read_of_a_table_is_not_read_of_the_one_restored_in_its_place() {
    let mut s = Scenario::up();
    for seq in 1..=5 {
        s.push(&bo(), seq);
    }
    s.input(Input::Read {
        conversation: bo(),
        through: id("b5"),
        tell: false,
    });
    let unread = |s: &Scenario| -> usize {
        let rows = s.client.conversations().into_iter();
        rows.filter(|row| row.id == bo())
            .map(|row| row.unread)
            .sum()
    };
    assert_eq!(unread(&s), 0);
    s.close(1006);
    s.come_back(&json!({"c:ana,bo": 1}));
    // What the server has now ends below what was read here.
    let sync = s.expect("sync");
    s.page(&sync, &[], 0, 0);
    let newest = s.expect("sync");
    s.page(&newest, &[1], 1, 1);
    for seq in 2..=3 {
        s.push(&bo(), seq);
    }
    assert_eq!(s.texts(&bo()), ["text 1", "text 2", "text 3"]);
    assert_eq!(unread(&s), 2);
    s.reload();
    assert_eq!(s.texts(&bo()), ["text 1", "text 2", "text 3"]);
    assert_eq!(unread(&s), 2);
}

#[test]
fn fault_56_a_refusal_for_now_waits_with_the_same_id_and_keeps_the_order() {
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.send(&bo(), "m2");
    s.expect_message("m1");
    s.server(
        &json!({"event":"nack","id":"m1","code":"unavailable","retry":true,
                     "retry_after_ms":3_000}),
    );
    s.run(2_999);
    s.none("sendmessage");
    s.run(1);
    s.expect_message("m1");
    s.none("sendmessage");
    s.ack(&bo(), "m1", 1);
    s.expect_message("m2");
}

#[test]
fn fault_57_a_refusal_for_good_keeps_the_message_and_lets_the_next_go() {
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.send(&bo(), "m2");
    s.expect_message("m1");
    s.server(&json!({"event":"nack","id":"m1","code":"bad_content","retry":false}));
    s.expect_message("m2");
    assert_eq!(s.states(&bo())[0], ItemState::Failed(Failure::Rejected));
    assert_eq!(s.disk.outbox[&id("m1")].failed, Some(Failure::Rejected));
    s.ack(&bo(), "m2", 1);
    // The person may send it again, with the same id, or drop it.
    s.input(Input::Retry(id("m1")));
    s.expect_message("m1");
    s.server(&json!({"event":"nack","id":"m1","code":"bad_content","retry":false}));
    s.input(Input::Discard(id("m1")));
    assert_eq!(s.texts(&bo()), ["text of m2"]);
    assert!(s.disk.outbox.is_empty());
}

#[test]
fn fault_58_removed_while_away_the_messages_wait_with_the_reason_and_others_flow() {
    let mut s = Scenario::up();
    s.close(1006);
    for name in ["m1", "m2"] {
        s.send(&bo(), name);
    }
    s.send(&conversation(&["ana", "cy"]), "c1");
    s.come_back(&json!({}));
    for _ in 0..2 {
        let sent = s
            .sent
            .iter()
            .position(|sent| sent.frame["to"] == json!(["bo"]))
            .and_then(|at| s.sent.remove(at))
            .expect("the next one");
        s.server(&json!({"event":"nack","id":sent.frame["id"],"code":"forbidden","retry":false}));
    }
    assert_eq!(s.states(&bo()), [ItemState::Failed(Failure::Forbidden); 2]);
    s.expect_message("c1");
    s.ack(&conversation(&["ana", "cy"]), "c1", 1);
    assert_eq!(s.client.status().waiting, 0);
}
