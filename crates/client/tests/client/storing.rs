//! What is written to storage and read back from it.

use serde_json::json;
use switchboard_client::trace::replay;
use switchboard_client::{
    Change, Config, Earlier, Input, ItemState, Mark, Restored, StoreOperation, Stretch,
};
use switchboard_protocol::{ConversationId, Message, MessageId, Seq};

use crate::rig::{Rig, account, conversation};

fn seq(n: u64) -> Seq {
    Seq::try_from(n).unwrap()
}

fn stretches(rig: &Rig) -> Vec<(u64, u64, Vec<u64>, Vec<String>)> {
    rig.stored
        .iter()
        .filter_map(|what| match what {
            StoreOperation::Log(stretch) => Some((
                stretch.after.get(),
                stretch.through.get(),
                stretch.messages.iter().map(|m| m.seq.get()).collect(),
                stretch
                    .confirmed
                    .iter()
                    .map(|id| id.as_str().to_owned())
                    .collect(),
            )),
            StoreOperation::Put(_) | StoreOperation::Remove(_) | StoreOperation::Mark(_) => None,
        })
        .collect()
}

fn stored(after: u64, seqs: &[u64], through: u64) -> Restored {
    let rig = Rig::new("switchboard");
    let messages = seqs
        .iter()
        .map(|n| {
            let text = rig.message("lobby", *n).to_string();
            Message::parse(&text).unwrap()
        })
        .collect();
    Restored {
        marks: Vec::new(),
        outbox: Vec::new(),
        logs: vec![Stretch {
            conversation: ConversationId::lobby(),
            epoch: "e1".to_owned(),
            after: seq(after),
            through: seq(through),
            messages,
            confirmed: Vec::new(),
            replaces: false,
        }],
    }
}

#[test]
fn the_log_grows_in_storage_by_what_follows_without_a_gap() {
    let mut rig = Rig::up();
    rig.stored.clear();
    for n in [1, 3, 2] {
        let message = rig.message("lobby", n);
        rig.server(&message);
    }
    assert_eq!(
        stretches(&rig),
        [(0, 1, vec![1], vec![]), (1, 3, vec![2, 3], vec![])]
    );
}

#[test]
fn a_confirmed_message_leaves_the_stored_outbox_with_the_write_of_its_place() {
    let lobby = ConversationId::lobby();
    let mut rig = Rig::up();
    rig.send(&lobby, "m1");
    rig.stored.clear();
    rig.ack(&lobby, "m1", 1);
    assert_eq!(
        stretches(&rig),
        [(0, 1, vec![1], vec!["m1".to_owned()])],
        "one transaction"
    );
    assert_eq!(rig.stored.len(), 1);
}

#[test]
fn above_a_gap_it_stays_until_the_log_has_its_place() {
    let lobby = ConversationId::lobby();
    let mut rig = Rig::up();
    rig.send(&lobby, "m1");
    rig.stored.clear();
    rig.ack(&lobby, "m1", 2);
    assert_eq!(rig.stored, [], "without a network it is all there is of it");
    assert_eq!(rig.client.status().waiting, 0);
    let message = rig.message("lobby", 1);
    rig.server(&message);
    assert_eq!(stretches(&rig), [(0, 2, vec![1, 2], vec!["m1".to_owned()])]);
    assert_eq!(rig.stored.len(), 1);
}

#[test]
fn what_was_left_in_the_stored_outbox_leaves_it_with_its_message_again() {
    let lobby = ConversationId::lobby();
    let mut rig = Rig::signed_in(account("switchboard"), stored(1, &[2, 5], 5));
    rig.open();
    rig.welcome(&json!({"lobby": 5}));
    rig.send(&lobby, "m1");
    rig.stored.clear();
    // The answer to an attempt before: its place is one that the log holds, or holds no more.
    rig.ack(&lobby, "m1", 3);
    assert_eq!(stretches(&rig), [(2, 3, vec![3], vec!["m1".to_owned()])]);
    assert_eq!(rig.stored.len(), 1);
    assert_eq!(rig.texts(&lobby), ["text 2", "text 5"]);
}

#[test]
fn pages_are_stored_with_their_holes_and_older_ones_below() {
    let mut rig = Rig::new("switchboard");
    rig.open();
    rig.welcome(&json!({"lobby": 9}));
    let sync = rig.expect("sync");
    rig.stored.clear();
    rig.page(&sync, &[6, 8], 9, 9);
    rig.input(Input::LoadEarlier(ConversationId::lobby()));
    let sync = rig.expect("sync");
    assert_eq!(sync["before"], 6);
    rig.server(&json!({
        "event": "page", "rid": sync["rid"], "conv": "lobby", "after": 2, "covered": 5, "head": 9,
        "messages": [rig.message("lobby", 3), rig.message("lobby", 5)], "epoch": "e1",
    }));
    assert_eq!(
        stretches(&rig),
        [(5, 9, vec![6, 8], vec![]), (2, 5, vec![3, 5], vec![])]
    );
    let log = rig.client.log(&ConversationId::lobby()).unwrap();
    assert_eq!((log.after.get(), log.through.get()), (2, 9));
}

#[test]
fn a_stored_log_is_shown_at_once_and_goes_on_from_its_cursor() {
    let mut rig = Rig::signed_in(account("switchboard"), stored(1, &[2, 4], 5));
    let lobby = ConversationId::lobby();
    assert_eq!(rig.texts(&lobby), ["text 2", "text 4"]);
    rig.open();
    rig.welcome(&json!({"lobby": 6}));
    let sync = rig.expect("sync");
    assert_eq!(sync["after"], 5);
    rig.page(&sync, &[6], 6, 6);
    assert_eq!(rig.texts(&lobby), ["text 2", "text 4", "text 6"]);
}

#[test]
fn a_stored_log_of_another_epoch_or_out_of_order_is_not_believed() {
    let lobby = ConversationId::lobby();
    let rig = Rig::signed_in(account("switchboard"), stored(1, &[4, 2], 5));
    assert!(rig.texts(&lobby).is_empty());
    let mut rig = Rig::signed_in(account("switchboard"), stored(0, &[1, 2], 2));
    rig.open();
    rig.epoch = "e2".to_owned();
    rig.welcome(&json!({"lobby": 1}));
    assert!(rig.texts(&lobby).is_empty());
    let sync = rig.expect("sync");
    rig.page(&sync, &[1], 1, 1);
    assert_eq!(rig.texts(&lobby), ["text 1"]);
}

#[test]
fn a_log_that_ends_before_our_cursor_was_restored_and_is_read_afresh() {
    let lobby = ConversationId::lobby();
    let mut rig = Rig::signed_in(account("switchboard"), stored(0, &[1, 2, 3], 3));
    rig.open();
    rig.welcome(&json!({"lobby": 2}));
    let sync = rig.expect("sync");
    assert_eq!(sync["after"], 3);
    rig.page(&sync, &[], 3, 2);
    let sync = rig.expect("sync");
    assert_eq!(
        (&sync["after"], &sync["before"]),
        (&json!(null), &json!(null))
    );
    rig.page(&sync, &[1, 2], 2, 2);
    assert_eq!(rig.texts(&lobby), ["text 1", "text 2"]);
}

#[test]
fn a_message_another_tab_sent_from_our_storage_clears_the_composer() {
    let bo = conversation(&["ana", "bo"]);
    let mut rig = Rig::up();
    rig.storage_answers = false;
    rig.send(&bo, "m1");
    rig.server(&json!({"event":"message","conv":bo,"seq":1,"id":"m1","from":"ana","at":5,"content":"text of m1"}));
    let accepted = rig.changes.iter().any(|change| {
        matches!(change, switchboard_client::Change::Accepted { id, .. } if id.as_str() == "m1")
    });
    assert!(accepted);
    rig.answer_write();
    let sent = |item: &switchboard_client::Item| matches!(item.state, ItemState::Sent { .. });
    assert_eq!(rig.items(&bo).iter().filter(|item| sent(item)).count(), 1);
}

#[test]
fn an_id_is_not_sent_when_the_server_may_have_forgotten_it() {
    let bo = conversation(&["ana", "bo"]);
    let config = Config::default();
    let mut rig = Rig::up();
    rig.close(1006);
    rig.send(&bo, "m1");
    rig.pass(config.outbox_age + 1);
    rig.input(Input::Timer);
    let failed = |rig: &Rig| matches!(rig.items(&bo)[0].state, ItemState::Failed(_));
    assert!(failed(&rig), "fourteen days");
    rig.input(Input::Retry(crate::rig::id("m1")));
    assert!(!failed(&rig), "the person wants it sent, under the same id");
    rig.pass(config.id_age - config.outbox_age);
    rig.input(Input::Timer);
    assert!(failed(&rig), "twenty-eight days after the id was minted");
    rig.input(Input::Retry(crate::rig::id("m1")));
    assert!(failed(&rig), "never again");
}

#[test]
fn what_waits_in_memory_alone_is_counted_until_it_is_sent() {
    let bo = conversation(&["ana", "bo"]);
    let zoe = conversation(&["ana", "zoe"]);
    let mut rig = Rig::up();
    rig.storage_works = false;
    rig.send(&bo, "m1");
    rig.storage_works = true;
    rig.send(&zoe, "m2");
    assert_eq!(
        rig.client.status().volatile,
        1,
        "another is written, this one is not"
    );
    rig.ack(&bo, "m1", 1);
    assert_eq!(rig.client.status().volatile, 0);
}

#[test]
fn signing_out_writes_what_was_not_begun_to_be_written() {
    let bo = conversation(&["ana", "bo"]);
    let mut rig = Rig::up();
    rig.storage_answers = false;
    rig.send(&bo, "m1");
    rig.send(&bo, "m2");
    rig.input(Input::SignOut);
    let put = |what: &StoreOperation| match what {
        StoreOperation::Put(pending) => Some(pending.id.as_str().to_owned()),
        StoreOperation::Remove(_) | StoreOperation::Log(_) | StoreOperation::Mark(_) => None,
    };
    let puts: Vec<String> = rig.stored.iter().filter_map(put).collect();
    assert_eq!(puts, ["m1", "m2"]);
}

/// What storage holds of the lobby.
fn stretch(after: u64, seqs: &[u64], through: u64) -> Box<Stretch> {
    Box::new(stored(after, seqs, through).logs.remove(0))
}

#[test]
fn older_messages_come_out_of_storage_without_a_network() {
    let lobby = ConversationId::lobby();
    let mut rig = Rig::signed_in(account("switchboard"), stored(20, &[22, 25], 25));
    rig.close(1006);
    rig.stored.clear();
    rig.changes.clear();
    rig.input(Input::Stored(stretch(10, &[12, 20], 20)));
    assert_eq!(
        rig.texts(&lobby),
        ["text 12", "text 20", "text 22", "text 25"]
    );
    let log = rig.client.log(&lobby).unwrap();
    assert_eq!((log.after, log.through), (seq(10), seq(25)));
    assert!(rig.changes.contains(&Change::Timeline(lobby.clone())));
    let news = |change: &Change| matches!(change, Change::Received(..));
    assert!(!rig.changes.iter().any(news), "history is no news");
    assert_eq!(rig.stored, [], "it is stored already");
    rig.input(Input::Stored(stretch(0, &[], 10)));
    assert_eq!(rig.client.earlier(&lobby), Earlier::None);
    replay(&rig.trace.export(rig.client.state_hash())).unwrap();
}

#[test]
fn what_does_not_join_the_loaded_part_is_ignored() {
    let lobby = ConversationId::lobby();
    let mut rig = Rig::signed_in(account("switchboard"), stored(20, &[22, 25], 25));
    let other = |change: fn(&mut Stretch)| {
        let mut stretch = stretch(10, &[12, 20], 20);
        change(&mut stretch);
        stretch
    };
    for wrong in [
        stretch(10, &[12], 19),
        stretch(20, &[], 25),
        stretch(21, &[22], 25),
        other(|it| it.epoch = "e0".to_owned()),
        other(|it| it.conversation = conversation(&["ana", "bo"])),
    ] {
        rig.input(Input::Stored(wrong.clone()));
        assert_eq!(rig.texts(&lobby), ["text 22", "text 25"], "{wrong:?}");
    }
    // What contradicts itself brings what it can, in order and once.
    rig.input(Input::Stored(stretch(10, &[9, 12, 11, 12, 20, 22], 22)));
    assert_eq!(
        rig.texts(&lobby),
        ["text 12", "text 20", "text 22", "text 25"]
    );
    // A page of the server that was asked for before says nothing new.
    rig.open();
    rig.welcome(&json!({"lobby": 25}));
    rig.input(Input::LoadEarlier(lobby.clone()));
    let sync = rig.expect("sync");
    rig.input(Input::Stored(stretch(5, &[6], 10)));
    rig.stored.clear();
    rig.server(&json!({
        "event": "page", "rid": sync["rid"], "conv": "lobby", "after": 4, "covered": 10, "head": 25,
        "messages": [rig.message("lobby", 5), rig.message("lobby", 6)], "epoch": "e1",
    }));
    assert_eq!(rig.client.log(&lobby).unwrap().after, seq(5));
    assert_eq!(rig.client.earlier(&lobby), Earlier::Available);
    rig.input(Input::SignOut);
    rig.input(Input::Stored(stretch(0, &[], 5)));
}

#[test]
fn what_is_unread_may_begin_below_what_is_loaded() {
    let lobby = ConversationId::lobby();
    let mut restored = stored(20, &[22, 25], 25);
    restored.marks.push(Mark {
        conversation: lobby.clone(),
        epoch: "e1".to_owned(),
        through: seq(12),
        tell: seq(12),
        lowered: 0,
    });
    let mut rig = Rig::signed_in(account("switchboard"), restored);
    let earlier = |rig: &Rig| [7, 8].map(|places| rig.client.unread_is_earlier(&lobby, places));
    assert_eq!(earlier(&rig), [false, true], "eight places are not known");
    rig.input(Input::Stored(stretch(15, &[18, 20], 20)));
    assert_eq!(earlier(&rig), [true, true]);
    rig.input(Input::Stored(stretch(10, &[12, 14], 15)));
    assert_eq!(earlier(&rig), [false, false]);
    let summary = rig.summary(&lobby);
    assert_eq!(
        summary.first_unread.as_ref().map(MessageId::as_str),
        Some("m14")
    );
    assert_eq!(summary.unread, 5);
    assert!(
        !rig.client
            .unread_is_earlier(&conversation(&["ana", "bo"]), 9)
    );
}
