//! Order, gaps, history, duplicates, hostile frames.

use crate::rig::{Rig, conversation, id};
use serde_json::{Value, json};
use switchboard_client::{Change, Earlier, Input, Phase, Sender};
use switchboard_protocol::ConversationId;

fn lobby() -> ConversationId {
    ConversationId::lobby()
}

fn push(rig: &mut Rig, seq: u64) {
    let message = rig.message("lobby", seq);
    rig.server(&message);
}

fn numbered(seqs: impl IntoIterator<Item = u64>) -> Vec<String> {
    seqs.into_iter().map(|seq| format!("text {seq}")).collect()
}

fn received(rig: &Rig) -> usize {
    rig.changes
        .iter()
        .filter(|c| matches!(c, Change::Received(..)))
        .count()
}

#[test]
fn messages_show_in_order_once() {
    let mut rig = Rig::up();
    for seq in [1, 2, 2, 1, 3] {
        push(&mut rig, seq);
    }
    assert_eq!(rig.texts(&lobby()), numbered(1..=3));
    assert_eq!(received(&rig), 3);
}

#[test]
fn reordered_messages_wait_for_the_missing_one() {
    let mut rig = Rig::up();
    push(&mut rig, 2);
    push(&mut rig, 3);
    assert!(rig.texts(&lobby()).is_empty());
    push(&mut rig, 1);
    assert_eq!(rig.texts(&lobby()), numbered(1..=3));
    rig.nothing_sent();
}

#[test]
fn a_missing_message_is_asked_for_after_half_a_second() {
    let mut rig = Rig::up();
    push(&mut rig, 1);
    push(&mut rig, 3);
    assert_eq!(rig.fire(), 500);
    let sync = rig.expect("sync");
    assert_eq!(sync["after"], 1);
    rig.page(&sync, &[2, 3], 3, 3);
    assert_eq!(rig.texts(&lobby()), numbered(1..=3));
}

#[test]
fn a_permanent_hole_is_skipped_and_a_short_page_continued() {
    let mut rig = Rig::up();
    rig.server(&json!({"event":"pong","n":1,"now":1,"heads":{"lobby":7}}));
    let sync = rig.expect("sync");
    rig.page(&sync, &[1, 3], 4, 7);
    let sync = rig.expect("sync");
    assert_eq!(sync["after"], 4);
    rig.page(&sync, &[5, 7], 7, 7);
    assert_eq!(rig.texts(&lobby()), numbered([1, 3, 5, 7]));
    rig.nothing_sent();
}

#[test]
fn the_loss_of_the_last_message_shows_in_the_heads_of_a_pong() {
    let mut rig = Rig::up();
    rig.fire();
    let ping = rig.expect("ping");
    rig.server(&json!({"event":"pong","n":ping["n"],"now":1,"heads":{"lobby":1}}));
    let sync = rig.expect("sync");
    rig.page(&sync, &[1], 1, 1);
    assert_eq!(rig.texts(&lobby()), numbered([1]));
    assert_eq!(received(&rig), 1);
}

#[test]
fn an_unanswered_sync_is_asked_again() {
    let mut rig = Rig::up();
    rig.server(&json!({"event":"pong","n":1,"now":1,"heads":{"lobby":1}}));
    let first = rig.expect("sync");
    assert_eq!(rig.fire(), 10_000);
    let second = rig.expect("sync");
    assert_ne!(first["rid"], second["rid"]);
    rig.page(&first, &[1], 1, 1);
    assert!(rig.texts(&lobby()).is_empty(), "an answer to nothing asked");
    rig.page(&second, &[1], 1, 1);
    assert_eq!(rig.texts(&lobby()), numbered([1]));
}

#[test]
fn a_new_client_gets_the_newest_page_and_older_ones_on_demand() {
    let mut rig = Rig::new("switchboard");
    rig.open();
    rig.welcome(&json!({"lobby": 120}));
    let sync = rig.expect("sync");
    assert_eq!(
        (&sync["after"], &sync["before"], &sync["limit"]),
        (&Value::Null, &Value::Null, &json!(50))
    );
    rig.page(&sync, &(71..=120).collect::<Vec<_>>(), 120, 120);
    assert_eq!(rig.texts(&lobby()), numbered(71..=120));
    assert_eq!(received(&rig), 0, "history is not news");
    assert_eq!(rig.client.earlier(&lobby()), Earlier::Available);
    rig.input(Input::LoadEarlier(lobby()));
    assert_eq!(rig.client.earlier(&lobby()), Earlier::Loading);
    let sync = rig.expect("sync");
    assert_eq!(sync["before"], 71);
    rig.page(&sync, &(21..=70).collect::<Vec<_>>(), 70, 120);
    assert_eq!(rig.texts(&lobby()), numbered(21..=120));
    rig.input(Input::LoadEarlier(lobby()));
    let sync = rig.expect("sync");
    rig.page(&sync, &(1..=20).collect::<Vec<_>>(), 20, 120);
    assert_eq!(rig.texts(&lobby()), numbered(1..=120));
    assert_eq!(rig.client.earlier(&lobby()), Earlier::None);
}

#[test]
fn loading_earlier_survives_a_lost_answer() {
    let mut rig = Rig::new("switchboard");
    rig.open();
    rig.welcome(&json!({"lobby": 60}));
    let sync = rig.expect("sync");
    rig.page(&sync, &(11..=60).collect::<Vec<_>>(), 60, 60);
    rig.input(Input::LoadEarlier(lobby()));
    rig.expect("sync");
    rig.fire();
    let sync = rig.expect("sync");
    assert_eq!(sync["before"], 11);
    rig.close(1006);
    rig.fire();
    rig.open();
    rig.welcome(&json!({"lobby": 60}));
    assert_eq!(rig.expect("sync")["before"], 11);
}

#[test]
fn what_came_while_away_is_fetched_and_is_news() {
    let mut rig = Rig::up();
    push(&mut rig, 1);
    rig.close(1006);
    rig.fire();
    rig.open();
    rig.changes.clear();
    rig.welcome(&json!({"lobby": 3, "c:ana,bo": 2}));
    let frames: Vec<Value> = [rig.expect("sync"), rig.expect("sync")].into();
    let of = |conv: &str| frames.iter().find(|f| f["conv"] == conv).unwrap();
    assert_eq!(of("lobby")["after"], 1);
    assert_eq!(of("c:ana,bo")["after"], Value::Null);
    rig.page(of("lobby"), &[2, 3], 3, 3);
    rig.page(of("c:ana,bo"), &[1, 2], 2, 2);
    assert_eq!(received(&rig), 4);
}

#[test]
fn a_stranger_who_writes_first_is_news() {
    let mut rig = Rig::up();
    let message = rig.message("c:ana,bo", 2);
    rig.server(&message);
    let sync = rig.expect("sync");
    rig.page(&sync, &[1, 2], 2, 2);
    let direct = conversation(&["ana", "bo"]);
    assert_eq!(rig.texts(&direct), numbered([1, 2]));
    assert_eq!(received(&rig), 1);
    assert!(
        rig.client
            .conversations()
            .iter()
            .any(|summary| summary.id == direct)
    );
}

/// Asked for, the newest page of a burst would leave out how it began.
#[test]
fn a_log_is_known_from_its_first_message_on() {
    let mut rig = Rig::up();
    let direct = conversation(&["ana", "bo"]);
    for seq in 1..=120 {
        let message = rig.message("c:ana,bo", seq);
        rig.server(&message);
    }
    rig.nothing_sent();
    assert_eq!(rig.texts(&direct), numbered(1..=120));
    assert_eq!(received(&rig), 120);
    assert_eq!(rig.client.earlier(&direct), Earlier::None);
    assert_eq!(rig.client.missing(&direct), 0);
    // An own one is a first message, too.
    let own = conversation(&["ana", "cy"]);
    rig.send(&own, "m1");
    rig.expect("sendmessage");
    rig.ack(&own, "m1", 1);
    rig.nothing_sent();
    assert_eq!(rig.client.items(&own, 9).len(), 1);
    assert_eq!(rig.client.earlier(&own), Earlier::None);
}

#[test]
fn a_first_message_beyond_which_more_is_known_is_no_beginning() {
    let mut rig = Rig::up();
    let direct = conversation(&["ana", "bo"]);
    for seq in [2, 1] {
        let message = rig.message("c:ana,bo", seq);
        rig.server(&message);
    }
    let sync = rig.expect("sync");
    assert_eq!((&sync["after"], &sync["limit"]), (&Value::Null, &json!(50)));
    rig.page(&sync, &[1, 2], 2, 2);
    assert_eq!(rig.texts(&direct), numbered([1, 2]));
    assert_eq!(received(&rig), 2);
}

/// It was asked for when nothing of it was known: the answer tells where the window begins.
#[test]
fn a_first_message_waits_for_a_page_that_is_asked_for() {
    let mut rig = Rig::up();
    rig.server(&json!({"event":"pong","n":1,"now":1,"heads":{"c:ana,bo":1}}));
    let sync = rig.expect("sync");
    let direct = conversation(&["ana", "bo"]);
    for seq in 1..=3 {
        let message = rig.message("c:ana,bo", seq);
        rig.server(&message);
    }
    assert_eq!(rig.texts(&direct), numbered([]));
    rig.page(&sync, &(71..=120).collect::<Vec<_>>(), 120, 120);
    assert_eq!(rig.texts(&direct), numbered(71..=120));
    assert_eq!(
        received(&rig),
        50,
        "who hears of the conversation now hears of them"
    );
    assert_eq!(rig.client.earlier(&direct), Earlier::Available);
    rig.nothing_sent();
}

#[test]
fn far_behind_the_newest_page_comes_first() {
    let mut rig = Rig::up();
    push(&mut rig, 1);
    rig.server(&json!({"event":"pong","n":1,"now":1,"heads":{"lobby":50_000}}));
    let sync = rig.expect("sync");
    assert_eq!(sync["after"], Value::Null);
    push(&mut rig, 50_001);
    assert_eq!(rig.texts(&lobby()), numbered([1]), "better than nothing");
    rig.page(
        &sync,
        &(49_951..=50_000).collect::<Vec<_>>(),
        50_000,
        50_000,
    );
    assert_eq!(rig.texts(&lobby()), numbered(49_951..=50_001));
    assert_eq!(received(&rig), 2, "what was pushed is news, history is not");
    assert_eq!(rig.client.earlier(&lobby()), Earlier::Available);
}

/// Heard to be farther than it is: what is known is added to, not made anew.
#[test]
fn a_newest_page_that_joins_what_is_known_adds_to_it() {
    let mut rig = Rig::up();
    push(&mut rig, 1);
    push(&mut rig, 2);
    rig.server(&json!({"event":"pong","n":1,"now":1,"heads":{"lobby":50_000}}));
    let sync = rig.expect("sync");
    assert_eq!(sync["after"], Value::Null);
    rig.page(&sync, &[2, 3], 3, 3);
    assert_eq!(rig.texts(&lobby()), numbered(1..=3));
    assert_eq!(received(&rig), 3);
    assert_eq!(rig.client.missing(&lobby()), 0);
}

#[test]
fn another_epoch_starts_the_log_afresh_and_keeps_the_outbox() {
    let mut rig = Rig::up();
    for seq in 1..=5 {
        push(&mut rig, seq);
    }
    rig.close(1006);
    rig.send(&lobby(), "mine");
    rig.fire();
    rig.open();
    rig.epoch = "e2".to_owned();
    rig.welcome(&json!({"lobby": 2}));
    let sync = rig.expect("sync");
    assert_eq!(sync["after"], Value::Null);
    assert_eq!(rig.expect("sendmessage")["id"], "mine");
    rig.page(&sync, &[1, 2], 2, 2);
    assert_eq!(rig.texts(&lobby()), ["text 1", "text 2", "text of mine"]);
}

#[test]
fn own_messages_from_another_tab_are_ours() {
    let mut rig = Rig::up();
    rig.server(&json!({"event":"message","conv":"lobby","seq":1,"id":"other","from":"ana","at":5,"content":"hi"}));
    assert_eq!(rig.items(&lobby())[0].from, Sender::Me);
    assert_eq!(received(&rig), 0);
}

#[test]
fn an_own_echo_before_the_ack_confirms_once() {
    let mut rig = Rig::up();
    rig.send(&lobby(), "m1");
    rig.expect("sendmessage");
    rig.server(&json!({"event":"message","conv":"lobby","seq":1,"id":"m1","from":"ana","at":5,"content":"text of m1"}));
    rig.ack(&lobby(), "m1", 1);
    assert_eq!(rig.texts(&lobby()), ["text of m1"]);
    assert_eq!(rig.client.status().waiting, 0);
}

#[test]
fn an_ack_above_a_gap_keeps_the_message_in_sight_once() {
    let mut rig = Rig::up();
    rig.send(&lobby(), "m1");
    rig.expect("sendmessage");
    rig.ack(&lobby(), "m1", 2);
    assert_eq!(rig.texts(&lobby()), ["text of m1"]);
    push(&mut rig, 1);
    assert_eq!(rig.texts(&lobby()), ["text 1", "text of m1"]);
}

#[test]
fn somebody_elses_message_with_our_id_confirms_nothing() {
    let mut rig = Rig::up();
    rig.send(&lobby(), "m1");
    push(&mut rig, 1);
    assert_eq!(rig.client.status().waiting, 1);
    assert_eq!(rig.texts(&lobby()), ["text 1", "text of m1"]);
    assert_eq!(rig.items(&lobby())[1].id, id("m1"));
}

#[test]
fn a_conversation_without_us_is_not_shown() {
    let mut rig = Rig::up();
    let message = rig.message("c:bo,cy", 1);
    rig.server(&message);
    rig.server(&json!({"event":"pong","n":1,"now":1,"heads":{"c:bo,cy":4}}));
    assert_eq!(rig.client.conversations().len(), 1);
    rig.nothing_sent();
}

#[test]
fn presence_is_a_set_that_a_lost_connection_empties() {
    let mut rig = Rig::up();
    rig.server(&json!({"event":"presence","all":true,"online":["ana","bo"]}));
    rig.server(&json!({"event":"presence","online":["cy"],"offline":["bo"]}));
    let online: Vec<&str> = rig
        .client
        .online()
        .iter()
        .map(|user| user.as_str())
        .collect();
    assert_eq!(online, ["ana", "cy"]);
    rig.close(1006);
    assert!(rig.client.online().is_empty());
}

#[test]
fn the_platforms_frames_and_junk_fail_nothing_and_are_not_chat() {
    let mut rig = Rig::up();
    rig.send(&lobby(), "m1");
    rig.expect("sendmessage");
    let deep = "[".repeat(1_000_000);
    for frame in [
        "",
        "null",
        "[]",
        "{}",
        "\"",
        "{",
        "0",
        "hello",
        deep.as_str(),
        "\u{0}",
        "{\"event\":1}",
        r#"{"event":"later","x":1}"#,
        r#"{"event":"message"}"#,
        r#"{"event":"message","conv":"lobby","seq":-1,"id":"x","from":"bo","at":1,"content":"x"}"#,
        r#"{"event":"message","conv":"lobby","seq":9007199254740993,"id":"x","from":"bo","at":1,"content":"x"}"#,
        r#"{"event":"message","conv":"lobby","seq":"1","id":"x","from":"bo","at":1,"content":"x"}"#,
        r#"{"event":"message","conv":"lobby","seq":1,"id":"x","from":"b\u202eo","at":1,"content":"x"}"#,
        r#"{"event":"message","conv":"lobby","seq":1,"id":"x","from":"bo","at":1,"content":"\ud800"}"#,
        r#"{"event":"ack","id":"nobody","conv":"lobby","seq":1,"at":1}"#,
        r#"{"event":"page","rid":1,"conv":"lobby","after":0,"messages":[],"covered":9,"head":9,"epoch":"e1"}"#,
        r#"{"message": "Internal server error", "connectionId":"BFaT_fALIAMCKug=", "requestId":"x="}"#,
        r#"{"message": "Forbidden", "connectionId":"BFaT_fALIAMCKug=", "requestId":"x="}"#,
        r#"{"message":"BFaT= says: hi"}"#,
    ] {
        rig.text(frame);
    }
    rig.input(Input::Binary(rig.current(), 5));
    assert_eq!(rig.texts(&lobby()), ["text of m1"]);
    assert_eq!(rig.client.status().phase, Phase::Up);
    assert_eq!(rig.client.status().waiting, 1);
    push(&mut rig, 1);
    assert_eq!(rig.texts(&lobby()), ["text 1", "text of m1"]);
}

#[test]
fn extra_fields_and_unknown_kinds_are_accepted() {
    let mut rig = Rig::up();
    rig.server(
        &json!({"event":"message","conv":"lobby","seq":1,"id":"a","from":"bo","at":1,
                       "kind":"hologram","content":"x","new":true}),
    );
    rig.server(&json!({"event":"message","conv":"lobby","seq":2,"id":"b","from":"bo","at":1,"content":"y","new":[]}));
    assert_eq!(
        rig.texts(&lobby()),
        ["y"],
        "an unknown kind moves the cursor but is not text"
    );
}

#[test]
fn opening_a_conversation_fetches_it() {
    let mut rig = Rig::up();
    let cy = conversation(&["ana", "cy"]);
    rig.input(Input::Open(cy.clone()));
    let sync = rig.expect("sync");
    assert_eq!(sync["conv"], cy.as_str());
    rig.page(&sync, &[], 0, 0);
    rig.input(Input::Open(cy.clone()));
    rig.nothing_sent();
    assert!(
        rig.client
            .conversations()
            .iter()
            .any(|summary| summary.id == cy)
    );
}

#[test]
fn heads_that_did_not_fit_into_welcome_are_history() {
    let mut rig = Rig::up();
    rig.server(&json!({"event":"pong","n":0,"now":1,"heads":{"c:ana,bo":2}}));
    let sync = rig.expect("sync");
    rig.page(&sync, &[1, 2], 2, 2);
    assert_eq!(rig.texts(&conversation(&["ana", "bo"])), numbered(1..=2));
    assert_eq!(received(&rig), 0);
}
