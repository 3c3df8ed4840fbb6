//! From the composer to the log: written first, one in flight, the same id for ever.

use crate::rig::{Rig, conversation, id};
use serde_json::json;
use switchboard_client::{Change, Failure, Input, ItemState, Kind, Pending, StoreOperation};
use switchboard_protocol::ConversationId;

fn states(rig: &Rig, conversation: &ConversationId) -> Vec<ItemState> {
    rig.items(conversation)
        .into_iter()
        .map(|item| item.state)
        .collect()
}

#[test]
fn a_message_is_written_before_the_composer_clears_and_before_it_is_sent() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.storage_answers = false;
    rig.send(&bo, "m1");
    rig.nothing_sent();
    assert_eq!(states(&rig, &bo), [ItemState::Waiting]);
    assert!(
        !rig.changes
            .iter()
            .any(|c| matches!(c, Change::Accepted { .. }))
    );
    rig.answer_write();
    assert!(rig.changes.contains(&Change::Accepted {
        id: id("m1"),
        durable: true
    }));
    assert_eq!(rig.expect("sendmessage")["content"], "text of m1");
    assert_eq!(states(&rig, &bo), [ItemState::Sending]);
}

#[test]
fn an_acknowledged_message_leaves_the_outbox() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.send(&bo, "m1");
    rig.expect("sendmessage");
    rig.ack(&bo, "m1", 1);
    assert_eq!(
        states(&rig, &bo),
        [ItemState::Sent {
            reached: 0,
            of: 1,
            read: 0
        }]
    );
    assert_eq!(rig.client.status().waiting, 0);
}

#[test]
fn one_message_is_in_flight_per_conversation() {
    let mut rig = Rig::up();
    let (bo, cy) = (conversation(&["ana", "bo"]), conversation(&["ana", "cy"]));
    for (to, name) in [(&bo, "b1"), (&bo, "b2"), (&cy, "c1")] {
        rig.send(to, name);
    }
    assert_eq!(rig.expect("sendmessage")["id"], "b1");
    assert_eq!(rig.expect("sendmessage")["id"], "c1");
    rig.nothing_sent();
    rig.ack(&bo, "b1", 1);
    rig.answer_pages_and_expect("b2");
}

impl Rig {
    fn answer_pages_and_expect(&mut self, name: &str) {
        let frames: Vec<String> = self.sent.drain(..).collect();
        let sends: Vec<&String> = frames
            .iter()
            .filter(|text| text.contains("sendmessage"))
            .collect();
        assert_eq!(sends.len(), 1, "{frames:?}");
        assert!(sends[0].contains(&format!("\"{name}\"")), "{sends:?}");
    }
}

#[test]
fn without_an_ack_the_same_id_is_sent_again_and_the_connection_probed() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.send(&bo, "m1");
    rig.expect("sendmessage");
    assert_eq!(rig.fire(), 10_000);
    rig.expect("ping");
    assert_eq!(rig.expect("sendmessage")["id"], "m1");
    assert_eq!(states(&rig, &bo), [ItemState::Unconfirmed]);
}

#[test]
fn a_lost_socket_puts_the_message_back_and_the_next_one_carries_it() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.send(&bo, "m1");
    rig.send(&bo, "m2");
    rig.expect("sendmessage");
    rig.close(1006);
    assert_eq!(
        states(&rig, &bo),
        [ItemState::Unconfirmed, ItemState::Waiting]
    );
    rig.fire();
    rig.open();
    rig.welcome(&json!({"lobby": 0}));
    rig.answer_pages_and_expect("m1");
}

#[test]
fn the_outbox_survives_a_reload_in_order() {
    let bo = conversation(&["ana", "bo"]);
    let pending = |name: &str, order| Pending {
        id: id(name),
        conversation: bo.clone(),
        kind: Kind::Text,
        text: name.to_owned(),
        re: None,
        at: 1_700_000_000_000,
        minted: 1_700_000_000_000,
        order,
        failed: None,
    };
    let rows = vec![pending("m2", 2), pending("m1", 1), pending("m2", 3)];
    let mut rig = Rig::restored("switchboard", rows);
    assert_eq!(rig.texts(&bo), ["m1", "m2"]);
    rig.open();
    rig.welcome(&json!({}));
    assert_eq!(rig.expect("sendmessage")["id"], "m1");
}

#[test]
fn a_refused_message_is_kept_and_the_next_ones_go_on() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.send(&bo, "m1");
    rig.send(&bo, "m2");
    rig.expect("sendmessage");
    rig.server(&json!({"event":"nack","id":"m1","code":"forbidden","retry":false}));
    assert_eq!(rig.expect("sendmessage")["id"], "m2");
    assert_eq!(states(&rig, &bo)[0], ItemState::Failed(Failure::Forbidden));
    assert!(
        matches!(rig.stored.last(), Some(StoreOperation::Put(p)) if p.failed == Some(Failure::Forbidden))
    );
    rig.ack(&bo, "m2", 1);
    rig.sent.clear();
    rig.input(Input::Retry(id("m1")));
    rig.answer_pages_and_expect("m1");
    rig.server(&json!({"event":"nack","id":"m1","code":"bad_content","retry":false}));
    rig.input(Input::Discard(id("m1")));
    assert!(!rig.items(&bo).iter().any(|item| item.id == id("m1")));
}

#[test]
fn a_busy_server_is_asked_again_later() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.send(&bo, "m1");
    rig.expect("sendmessage");
    rig.server(
        &json!({"event":"nack","id":"m1","code":"unavailable","retry":true,"retry_after_ms":3_000}),
    );
    rig.nothing_sent();
    assert_eq!(rig.fire(), 3_000);
    assert_eq!(rig.expect("sendmessage")["id"], "m1");
}

#[test]
fn an_unknown_nack_code_or_a_stray_one_harms_nothing() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.send(&bo, "m1");
    rig.expect("sendmessage");
    rig.server(&json!({"event":"nack","id":"other","code":"forbidden","retry":false}));
    rig.server(&json!({"event":"nack","code":"malformed","retry":false}));
    assert_eq!(states(&rig, &bo), [ItemState::Sending]);
    rig.server(&json!({"event":"nack","id":"m1","code":"new_code","retry":false}));
    assert_eq!(states(&rig, &bo), [ItemState::Failed(Failure::Rejected)]);
}

#[test]
fn the_frame_limit_is_measured_in_encoded_bytes() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    let envelope = rig.client.frame_bytes(&bo, "");
    // The measured id has 32 digits; use one as long.
    let (fits, passes) = ("a".repeat(32), "b".repeat(32));
    rig.send_text(&bo, &fits, &"x".repeat(32_768 - envelope));
    assert_eq!(rig.sent.pop_front().unwrap().len(), 32_768);
    rig.send_text(&bo, &passes, &"x".repeat(32_769 - envelope));
    assert!(
        rig.changes
            .contains(&Change::Refused(id(&passes), Failure::TooLarge))
    );
    // Ten thousand emoji are 40 KB, and quotes double.
    rig.send_text(&bo, "emoji", &"😀".repeat(10_000));
    rig.send_text(&bo, "quotes", &"\"".repeat(20_000));
    for name in ["emoji", "quotes"] {
        assert!(
            rig.changes
                .contains(&Change::Refused(id(name), Failure::TooLarge)),
            "{name}"
        );
    }
    rig.nothing_sent();
}

#[test]
fn nothing_but_white_space_is_refused() {
    let mut rig = Rig::up();
    rig.send_text(&ConversationId::lobby(), "m1", " \n\t ");
    assert!(
        rig.changes
            .contains(&Change::Refused(id("m1"), Failure::Empty))
    );
}

#[test]
fn a_close_with_1009_blames_the_large_message_only() {
    let mut rig = Rig::up();
    let (bo, cy) = (conversation(&["ana", "bo"]), conversation(&["ana", "cy"]));
    rig.send_text(&bo, "large", &"x".repeat(30_000));
    rig.send(&cy, "small");
    rig.close(1009);
    assert_eq!(states(&rig, &bo), [ItemState::Failed(Failure::TooLarge)]);
    assert_eq!(states(&rig, &cy), [ItemState::Unconfirmed]);
}

#[test]
fn a_1009_is_blamed_even_when_closing_was_seen_first() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.send_text(&bo, "large", &"x".repeat(30_000));
    rig.input(Input::Closing(rig.current()));
    rig.close(1009);
    assert_eq!(states(&rig, &bo), [ItemState::Failed(Failure::TooLarge)]);
}

#[test]
fn a_message_behind_one_in_flight_arms_no_timer() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    let nack = |rig: &mut Rig, name: &str, retry: bool| {
        rig.server(
            &json!({"event":"nack","id":name,"code":"bad_content","retry":retry,
                           "retry_after_ms":5_000}),
        );
    };
    rig.send(&bo, "a");
    nack(&mut rig, "a", false);
    rig.send(&bo, "b");
    nack(&mut rig, "b", true);
    rig.input(Input::Retry(id("a")));
    rig.pass(6_000);
    rig.input(Input::Timer);
    assert!(rig.client.poll_timeout().unwrap() > rig.now.mono);
}

#[test]
fn a_stored_order_at_the_end_of_numbers_overwrites_nothing() {
    let bo = conversation(&["ana", "bo"]);
    let row = Pending {
        id: id("old"),
        conversation: bo.clone(),
        kind: Kind::Text,
        text: "old".to_owned(),
        re: None,
        at: 1_700_000_000_000,
        minted: 1_700_000_000_000,
        order: u64::MAX,
        failed: None,
    };
    let mut rig = Rig::restored("switchboard", vec![row]);
    rig.send(&bo, "new");
    assert_eq!(rig.texts(&bo), ["old", "text of new"]);
}

#[test]
fn failing_storage_is_told_and_later_messages_count_as_volatile_too() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.storage_works = false;
    rig.send(&bo, "m1");
    rig.storage_works = true;
    rig.send(&bo, "m2");
    let accepted: Vec<bool> = rig
        .changes
        .iter()
        .filter_map(|c| match c {
            Change::Accepted { durable, .. } => Some(*durable),
            _ => None,
        })
        .collect();
    assert_eq!(accepted, [false, false]);
    assert_eq!(rig.expect("sendmessage")["id"], "m1", "sending goes on");
}

#[test]
fn writes_of_one_conversation_do_not_overlap() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.storage_answers = false;
    rig.send(&bo, "m1");
    rig.send(&bo, "m2");
    assert_eq!(rig.unanswered.len(), 1);
    rig.answer_write();
    assert_eq!(rig.unanswered.len(), 1);
    rig.answer_write();
    assert_eq!(rig.texts(&bo), ["text of m1", "text of m2"]);
}

#[test]
fn after_fourteen_days_the_person_decides() {
    let mut rig = Rig::up();
    let bo = conversation(&["ana", "bo"]);
    rig.close(1006);
    rig.send(&bo, "m1");
    rig.pass(15 * 24 * 60 * 60 * 1000);
    rig.input(Input::Timer);
    assert_eq!(states(&rig, &bo), [ItemState::Failed(Failure::Expired)]);
    rig.input(Input::Retry(id("m1")));
    assert!(matches!(states(&rig, &bo)[..], [ItemState::Waiting]));
}

#[test]
fn delivery_is_counted_per_recipient() {
    let mut rig = Rig::up();
    let group = conversation(&["ana", "bo", "cy"]);
    rig.send(&group, "m1");
    rig.expect("sendmessage");
    rig.ack(&group, "m1", 1);
    rig.server(&json!({"event":"delivery","conv":group,"seq":1,"to":["bo"]}));
    assert_eq!(
        states(&rig, &group),
        [ItemState::Sent {
            reached: 1,
            of: 2,
            read: 0
        }]
    );
    rig.server(&json!({"event":"delivery","conv":group,"seq":1,"to":["cy","bo","eve"]}));
    assert_eq!(
        states(&rig, &group),
        [ItemState::Sent {
            reached: 2,
            of: 2,
            read: 0
        }]
    );
}

#[test]
fn one_input_hands_over_no_more_than_the_browser_may_hold() {
    let mut rig = Rig::up();
    rig.close(1006);
    for n in 0..10 {
        let other = format!("user{n}");
        let text = "x".repeat(30_000);
        rig.send_text(&conversation(&["ana", &other]), &format!("m{n}"), &text);
    }
    rig.fire();
    rig.open();
    rig.welcome(&json!({}));
    let handed = |rig: &mut Rig| {
        let messages = rig
            .sent
            .drain(..)
            .filter(|text| text.contains("sendmessage"));
        messages.count()
    };
    assert_eq!(handed(&mut rig), 3, "64 KiB and what was begun");
    let socket = rig.current();
    rig.input(Input::Buffered(socket, 90_000));
    assert_eq!(handed(&mut rig), 0, "they are still there");
    assert_eq!(rig.fire(), 1_000, "looks again");
    rig.input(Input::Buffered(socket, 0));
    assert_eq!(handed(&mut rig), 3);
    assert_eq!(rig.fire(), 0);
    assert_eq!(handed(&mut rig), 3);
    assert_eq!(rig.fire(), 0);
    assert_eq!(handed(&mut rig), 1);
}
