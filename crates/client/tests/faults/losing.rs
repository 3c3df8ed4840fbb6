//! Rows 16–32: losing the connection. Close codes have a table of their own.

use crate::support::scenario::Scenario;
use crate::support::{bo, conversation, lobby};
use serde_json::json;
use switchboard_client::{Failure, Input, ItemState, Lifecycle, Phase};

#[test]
fn fault_16_a_reset_backs_off_and_sends_the_same_id_again() {
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.expect_message("m1");
    s.close(1006);
    assert!((50..=550).contains(&s.waits()));
    assert_eq!(s.states(&bo()), [ItemState::Unconfirmed]);
    s.come_back(&json!({}));
    s.expect_message("m1");
}

#[test]
fn fault_17_the_two_hour_limit_brings_us_back_within_a_second() {
    let mut s = Scenario::up();
    s.pass(60_000);
    s.close(1001);
    assert!(s.waits() <= 1_000, "{}", s.waits());
}

#[test]
fn fault_18_no_connection_idles_for_ten_minutes() {
    for hidden in [false, true] {
        let mut s = Scenario::up();
        if hidden {
            s.lifecycle(Lifecycle::Hidden);
        }
        s.sent.clear();
        let mut last = s.now.mono;
        let mut pings = 0;
        s.run_with(100 * 60_000, |s| {
            while let Some(ping) = s.take("ping") {
                assert!(s.now.mono - last <= 300_000, "hidden {hidden}");
                last = s.now.mono;
                pings += 1;
                s.server(&json!({"event":"pong","n":ping.frame["n"],"now":1,"heads":{}}));
            }
        });
        assert!(pings >= 20, "{pings}");
        assert_eq!(s.connects.len(), 1);
    }
}

#[test]
fn fault_19_a_half_open_socket_is_dead_within_forty_seconds() {
    let mut s = Scenario::up();
    let socket = s.newest();
    s.run(40_000);
    assert!(s.let_go.contains(&socket));
    assert!(s.connects.len() > 1 || matches!(s.phase(), Phase::Waiting { .. }));
}

#[test]
fn fault_20_a_dead_direction_is_found_by_the_pong_or_the_ack() {
    // Server to client: the message arrived, its answer never does.
    let mut s = Scenario::up();
    let socket = s.newest();
    s.send(&bo(), "m1");
    s.run(40_000);
    assert!(s.let_go.contains(&socket), "nothing is heard");

    // Client to server: others' messages keep coming, no answer of ours does.
    let mut s = Scenario::up();
    let socket = s.newest();
    s.send(&bo(), "m1");
    for seq in 1..=30 {
        s.run(3_000);
        if s.let_go.contains(&socket) {
            return;
        }
        s.push(&lobby(), seq);
    }
    panic!("90 s without an answer to {} frames", s.sent.len());
}

#[test]
fn fault_21_a_server_that_stops_reading_is_not_fed_and_then_dropped() {
    let mut s = Scenario::up();
    let socket = s.newest();
    s.input(Input::Buffered(socket, 64 * 1024 + 1));
    s.send(&bo(), "m1");
    s.none("sendmessage");
    assert_eq!(s.states(&bo()), [ItemState::Waiting]);

    // It drains: on we go.
    s.run(2_000);
    s.input(Input::Buffered(socket, 0));
    s.expect_message("m1");
    s.ack(&bo(), "m1", 1);

    // It does not: dead after ten seconds, long before any pong is missed.
    s.input(Input::Buffered(socket, 100_000));
    let mut looks = 0;
    s.run_with(10_000, |s| {
        looks += 1;
        s.input(Input::Buffered(socket, 100_000));
    });
    assert!(looks >= 8, "it asks for a look about every second: {looks}");
    s.run(500);
    assert!(s.let_go.contains(&socket));
}

#[test]
fn fault_21_a_slow_drain_is_not_a_dead_one() {
    let mut s = Scenario::up();
    let socket = s.newest();
    for step in 0..8_u32 {
        s.input(Input::Buffered(socket, 500_000 - step * 50_000));
        s.pass(8_000);
        s.input(Input::Timer);
        s.answer_pings();
    }
    assert_eq!(s.phase(), Phase::Up);
    assert!(!s.let_go.contains(&socket));
}

#[test]
fn fault_22_what_a_closing_socket_swallowed_is_sent_again() {
    // The close event comes.
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.expect_message("m1");
    s.input(Input::Closing(s.newest()));
    s.send(&conversation(&["ana", "cy"]), "c1");
    s.none("sendmessage");
    s.close(1006);
    s.come_back(&json!({}));
    let again: Vec<_> = std::iter::from_fn(|| s.take("sendmessage"))
        .map(|sent| sent.frame["id"].clone())
        .collect();
    assert_eq!(again, ["m1", "c1"]);

    // It never comes: the ack's own timer.
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.expect_message("m1");
    s.run(10_000);
    s.expect_message("m1");
    s.expect("ping");
}

#[test]
fn fault_23_nothing_is_sent_on_a_connecting_socket() {
    let mut s = Scenario::new();
    s.send(&bo(), "m1");
    s.lifecycle(Lifecycle::Visible);
    s.input(Input::TryNow);
    s.lifecycle(Lifecycle::PageHide);
    assert!(s.sent.is_empty(), "{:?}", s.sent);
}

#[test]
fn fault_24_no_close_event_is_waited_for() {
    let mut s = Scenario::up();
    let silent = s.newest();
    s.run(40_000);
    // The browser would tell 60 s later; the next socket is up long before.
    assert!(s.let_go.contains(&silent));
    s.run(600);
    s.open();
    s.welcome(&json!({}));
    assert_eq!(s.phase(), Phase::Up);
    s.close_socket(silent, 1006);
    assert_eq!(s.phase(), Phase::Up);
}

#[test]
fn fault_25_what_came_after_our_close_is_fetched_by_the_cursor() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    let old = s.newest();
    s.run(40_000);
    assert!(s.let_go.contains(&old));
    s.run(600);
    s.open();
    s.welcome(&json!({"lobby": 3}));
    s.sent.retain(|sent| sent.frame["conv"] == "lobby");
    let sync = s.expect("sync");
    assert_eq!(sync["after"], 1);
    s.page(&sync, &[2, 3], 3, 3);
    assert_eq!(s.texts(&lobby()), ["text 1", "text 2", "text 3"]);
}

#[test]
fn fault_26_a_1009_gives_the_large_message_back_and_the_others_flow() {
    let mut s = Scenario::up();
    let cy = conversation(&["ana", "cy"]);
    s.send_text(&bo(), "large", &"x".repeat(30_000));
    s.send(&bo(), "next");
    s.send(&cy, "small");
    s.close(1009);
    assert_eq!(
        s.states(&bo()),
        [ItemState::Failed(Failure::TooLarge), ItemState::Waiting]
    );
    s.sent.clear();
    s.come_back(&json!({}));
    let mut ids: Vec<String> = std::iter::from_fn(|| s.take("sendmessage"))
        .map(|sent| sent.frame["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    assert_eq!(ids, ["next", "small"], "the large one would close it again");
}

#[test]
fn fault_28_a_restart_spreads_the_clients_and_loses_nothing() {
    let mut waits = Vec::new();
    for seed in 0..50 {
        let mut s = Scenario::configured(
            switchboard_client::Config::default(),
            seed,
            crate::support::account(),
            switchboard_client::Restored::default(),
        );
        s.open();
        s.welcome(&json!({}));
        s.send(&bo(), "m1");
        s.expect_message("m1");
        s.close(1001);
        waits.push(s.waits());
        s.come_back(&json!({}));
        s.expect_message("m1");
    }
    waits.sort_unstable();
    waits.dedup();
    assert!(waits.len() >= 40, "they come back together: {waits:?}");
    assert!(waits[waits.len() - 1] > 800 && waits[0] < 200, "{waits:?}");
}

#[test]
fn fault_29_a_change_of_network_is_probed_and_the_dead_socket_replaced() {
    // The socket survived.
    let mut s = Scenario::up();
    s.lifecycle(Lifecycle::Offline);
    s.pass(800);
    s.lifecycle(Lifecycle::Online);
    s.pong(&json!({}));
    s.run(6_000);
    assert_eq!((s.phase(), s.connects.len()), (Phase::Up, 1));

    // It did not.
    let mut s = Scenario::up();
    let socket = s.newest();
    s.lifecycle(Lifecycle::Offline);
    s.pass(800);
    s.lifecycle(Lifecycle::Online);
    s.expect("ping");
    s.run(5_000);
    assert!(s.let_go.contains(&socket), "a probe has five seconds");
    s.run(600);
    assert_eq!(s.connects.len(), 2);
}

#[test]
fn fault_30_offline_is_not_believed_while_answers_come() {
    let mut s = Scenario::up();
    s.lifecycle(Lifecycle::Offline);
    s.run_answered(60 * 60_000);
    assert_eq!((s.phase(), s.connects.len()), (Phase::Up, 1));
}

#[test]
fn fault_31_online_without_offline_probes_or_brings_the_retry_forward() {
    let mut s = Scenario::up();
    s.lifecycle(Lifecycle::Online);
    s.pong(&json!({}));
    assert_eq!(s.phase(), Phase::Up);

    let mut s = Scenario::new();
    for _ in 0..12 {
        s.close(1006);
        s.fire();
    }
    s.close(1006);
    s.lifecycle(Lifecycle::Online);
    assert!(s.waits() <= 1_000);

    // No hint at all: the watchdog of row 19.
    let mut s = Scenario::up();
    s.run(41_000);
    assert!(s.connects.len() >= 2);
}

#[test]
fn fault_32_bad_utf8_from_the_server_is_a_1006_and_backs_off() {
    let mut s = Scenario::up();
    s.send(&bo(), "m1");
    s.expect_message("m1");
    s.close(1006);
    assert!(s.waits() >= 50);
    let (close, at) = s.client.status().last_close.unwrap();
    assert_eq!(
        (close.code, at),
        (1006, s.now.wall),
        "the person can see it"
    );
    s.come_back(&json!({}));
    s.expect_message("m1");
}
