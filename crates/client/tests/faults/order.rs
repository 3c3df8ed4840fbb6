//! Rows 43–51: what arrives reversed, with gaps, early, short or for nobody.

use crate::support::lobby;
use crate::support::scenario::{Scenario, message, numbered};
use crate::support::server::Server;
use serde_json::{Value, json};
use switchboard_client::{Earlier, Input};

#[test]
fn fault_43_reversed_pushes_show_in_order() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    s.push(&lobby(), 3);
    assert_eq!(s.texts(&lobby()), numbered([1]), "nothing above a gap");
    s.push(&lobby(), 2);
    assert_eq!(s.texts(&lobby()), numbered(1..=3));
    s.none("sync");
}

#[test]
fn fault_44_a_push_lost_in_the_middle_is_asked_for_after_half_a_second() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    s.push(&lobby(), 3);
    s.run(499);
    s.none("sync");
    s.run(1);
    let sync = s.expect("sync");
    assert_eq!(
        (&sync["conv"], &sync["after"]),
        (&json!("lobby"), &json!(1))
    );
    s.page(&sync, &[2, 3], 3, 3);
    assert_eq!(s.texts(&lobby()), numbered(1..=3));
}

#[test]
fn fault_45_the_loss_of_the_last_push_shows_in_the_next_heads() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    let lost_at = s.now.mono;
    s.run(30_000);
    s.pong(&json!({"lobby": 2}));
    s.run(500);
    let sync = s.expect("sync");
    s.page(&sync, &[2], 2, 2);
    assert_eq!(s.texts(&lobby()), numbered(1..=2));
    assert!(s.now.mono - lost_at <= 40_000);
    assert_eq!(s.received(), 2);
}

#[test]
fn fault_47_a_push_before_welcome_is_neither_lost_nor_doubled() {
    let mut s = Scenario::new();
    s.open();
    s.push(&lobby(), 2);
    s.welcome(&json!({"lobby": 2}));
    s.run(500);
    let sync = s.expect("sync");
    s.page(&sync, &[1, 2], 2, 2);
    assert_eq!(s.texts(&lobby()), numbered(1..=2));
}

#[test]
fn fault_49_a_permanent_hole_is_skipped_by_what_is_covered() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    s.push(&lobby(), 4);
    s.run(500);
    let sync = s.expect("sync");
    s.page(&sync, &[4], 4, 4);
    assert_eq!(s.texts(&lobby()), numbered([1, 4]));
    s.push(&lobby(), 5);
    assert_eq!(s.texts(&lobby()), numbered([1, 4, 5]));
    s.run(2_000);
    s.none("sync");
}

#[test]
fn fault_50_a_short_page_is_continued_until_the_head() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    s.server(&json!({"event":"pong","n":1,"now":1,"heads":{"lobby":7}}));
    s.run(500);
    for (seqs, covered) in [(vec![2], 2), (vec![3, 5], 5), (vec![], 6), (vec![7], 7)] {
        let sync = s.expect("sync");
        assert_eq!(
            sync["after"].as_u64(),
            s.client.log(&lobby()).map(|log| log.through.get())
        );
        s.page(&sync, &seqs, covered, 7);
    }
    assert_eq!(s.texts(&lobby()), numbered([1, 2, 3, 5, 7]));
    s.run(2_000);
    s.none("sync");
}

#[test]
fn fault_51_a_page_nobody_asked_for_any_more_is_ignored() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    s.server(&json!({"event":"pong","n":1,"now":1,"heads":{"lobby":3}}));
    s.run(500);
    let stale = s.expect("sync");
    s.close(1006);
    s.come_back(&json!({"lobby": 3}));
    s.run(500);
    let asked = s.expect("sync");
    assert_ne!(stale["rid"], asked["rid"]);
    s.page(&stale, &[2, 3], 3, 3);
    assert_eq!(s.texts(&lobby()), numbered([1]), "an old rid");

    // The right rid, but another incarnation of the log: ours starts afresh.
    let other = |rid: &Value, seqs: &[u64]| {
        let messages: Vec<Value> = seqs.iter().map(|seq| message(&lobby(), *seq)).collect();
        json!({"event":"page","rid":rid,"conv":"lobby","after":0,"messages":messages,
               "covered":seqs.len(),"head":seqs.len(),"epoch":"other"})
    };
    let mut wrong = other(&asked["rid"], &[1, 2]);
    wrong["after"] = json!(1);
    wrong["messages"] = json!([message(&lobby(), 2)]);
    s.server(&wrong);
    let shown = s.texts(&lobby());
    assert_ne!(shown, numbered(1..=2), "numbers of two epochs in one list");
    s.run(500);
    s.sent.retain(|sent| sent.frame["conv"] == "lobby");
    let newest = s.expect("sync");
    assert_eq!(newest["after"], Value::Null);
    s.server(&other(&newest["rid"], &[1, 2]));
    assert_eq!(s.texts(&lobby()), numbered(1..=2));
}

#[test]
fn fault_50_any_page_size_brings_the_whole_log() {
    for size in 1..=3 {
        let mut server = Server {
            page: size,
            ..Server::default()
        };
        for number in 1..=9 {
            server.commit(
                &lobby(),
                "bo",
                &format!("b{number}"),
                &format!("text {number}"),
            );
            if number % 4 == 0 {
                server.hole(&lobby());
            }
        }
        let mut s = Scenario::new();
        s.open();
        s.serve(&mut server, false);
        while s.client.earlier(&lobby()) != Earlier::None {
            s.input(Input::LoadEarlier(lobby()));
            s.serve(&mut server, false);
        }
        assert_eq!(s.texts(&lobby()), numbered(1..=9), "pages of {size}");
    }
}
