//! Rows 33–39: the planned change of socket.

use crate::support::scenario::{Scenario, message, numbered};
use crate::support::{bo, lobby};
use serde_json::json;
use switchboard_client::{Input, ItemState, Lifecycle, Phase, SocketId};

const MINUTE: u64 = 60_000;

/// A client whose candidate is being opened while the first socket serves.
fn changing() -> (Scenario, SocketId, SocketId) {
    let mut s = Scenario::up();
    let first = s.newest();
    s.run_answered(104 * MINUTE);
    assert_eq!(s.connects.len(), 1, "not before 105 minutes");
    let mut minutes = 0;
    while s.connects.len() == 1 {
        s.run_answered(1_000);
        minutes += 1;
        assert!(minutes <= 11 * 60, "a candidate within 115 minutes");
    }
    s.sent.clear();
    let candidate = s.newest();
    (s, first, candidate)
}

#[test]
fn fault_33_a_change_during_a_burst_leaves_no_gap_and_no_double() {
    let (mut s, old, new) = changing();
    s.server_on(old, &message(&lobby(), 1));
    s.send(&bo(), "m1");
    assert_eq!(s.expect_message("m1").socket, old, "the active one sends");
    s.input(Input::Opened(new));
    s.server_on(old, &message(&lobby(), 2));
    s.welcome(&json!({"lobby": 2}));
    assert_eq!(s.phase(), Phase::Up);
    // The server still posts to both, and the old socket is heard to its end.
    for seq in 3..=6 {
        s.server_on(old, &message(&lobby(), seq));
        s.server_on(new, &message(&lobby(), seq));
    }
    s.send(&lobby(), "m2");
    let lobbys = s.sent.iter().find(|sent| sent.frame["id"] == "m2").unwrap();
    assert_eq!(lobbys.socket, new, "the promoted one sends");
    let mut shown = numbered(1..=6);
    shown.push("text of m2".to_owned());
    assert_eq!(s.texts(&lobby()), shown);
    assert_eq!(s.received(), 6);
    assert!(!s.let_go.contains(&old));
    s.run_answered(5_000);
    assert!(s.let_go.contains(&old));
    assert_eq!(s.phase(), Phase::Up);
}

#[test]
fn fault_34_a_candidate_that_fails_is_tried_each_minute_while_the_active_one_serves() {
    let (mut s, active, _) = changing();
    for failed in 1..=3 {
        s.close_socket(s.newest(), 1006);
        assert_eq!(s.phase(), Phase::Up);
        s.run_answered(59_000);
        assert_eq!(s.connects.len(), 1 + failed, "not before a minute");
        s.run_answered(2_000);
        assert_eq!(s.connects.len(), 2 + failed);
    }
    s.send(&bo(), "m1");
    assert_eq!(s.expect_message("m1").socket, active);
    // The platform ends it: the way of row 17.
    s.close_socket(s.newest(), 1006);
    s.close_socket(active, 1001);
    if let Phase::Waiting { .. } = s.phase() {
        assert!(s.waits() <= 1_000, "{}", s.waits());
        s.fire();
    }
    assert_eq!(s.phase(), Phase::Connecting);
}

#[test]
fn fault_34_a_candidate_that_hangs_does_not_harm_the_active_one() {
    let (mut s, active, candidate) = changing();
    s.run_answered(10_500);
    assert!(s.let_go.contains(&candidate));
    assert_eq!(s.phase(), Phase::Up);
    s.server_on(active, &message(&lobby(), 1));
    assert_eq!(s.texts(&lobby()), numbered([1]));
}

#[test]
fn fault_35_a_candidate_under_way_is_waited_for_when_the_active_one_dies() {
    let (mut s, active, candidate) = changing();
    s.send(&bo(), "m1");
    s.expect_message("m1");
    s.input(Input::Opened(candidate));
    s.close_socket(active, 1006);
    let sockets = s.connects.len();
    s.run(1_000);
    assert_eq!(s.connects.len(), sockets, "no third socket");
    s.welcome(&json!({}));
    assert_eq!(s.phase(), Phase::Up);
    assert_eq!(s.expect_message("m1").socket, candidate);
}

#[test]
fn fault_36_after_a_long_sleep_the_plan_is_past_and_a_probe_comes_first() {
    let mut s = Scenario::up();
    let socket = s.newest();
    s.pass(3 * 60 * MINUTE);
    s.input(Input::Timer);
    assert!(!s.let_go.contains(&socket), "not killed by the clock alone");
    s.expect("ping");
    s.run(5_000);
    assert!(s.let_go.contains(&socket), "nobody answers the probe");
    s.run(600);
    s.open();
    s.welcome(&json!({}));
    assert_eq!(s.phase(), Phase::Up);
}

#[test]
fn fault_37_goaway_changes_the_socket_within_the_asked_window() {
    let mut s = Scenario::up();
    let old = s.newest();
    s.server(&json!({"event":"goaway","reconnect_in_ms":5_000}));
    s.run(5_000);
    assert_eq!(s.connects.len(), 2);
    assert_eq!(s.phase(), Phase::Up, "the old one serves meanwhile");
    s.send(&bo(), "m1");
    assert_eq!(s.expect_message("m1").socket, old);
    s.ack_on(old, "m1", 1);
    s.open();
    s.welcome(&json!({}));
    s.run(5_000);
    assert!(s.let_go.contains(&old));
    assert_eq!(s.phase(), Phase::Up);
    s.send(&bo(), "m2");
    assert_eq!(s.expect_message("m2").socket, s.newest());
}

impl Scenario {
    fn ack_on(&mut self, socket: SocketId, name: &str, seq: u64) {
        self.server_on(
            socket,
            &json!({"event":"ack","id":name,"conv":bo(),"seq":seq,"at":1,"duplicate":false}),
        );
    }
}

#[test]
fn fault_38_the_same_push_on_two_sockets_shows_once() {
    let (mut s, old, new) = changing();
    s.input(Input::Opened(new));
    s.server_on(old, &message(&lobby(), 1));
    s.server_on(new, &message(&lobby(), 1));
    s.welcome(&json!({"lobby": 1}));
    s.server_on(new, &message(&lobby(), 2));
    s.server_on(old, &message(&lobby(), 2));
    assert_eq!(s.texts(&lobby()), numbered(1..=2));
    assert_eq!(s.received(), 2);
}

#[test]
fn fault_39_a_send_in_flight_on_the_old_socket_goes_out_on_the_new_one() {
    let (mut s, old, new) = changing();
    s.send(&bo(), "m1");
    assert_eq!(s.expect_message("m1").socket, old);
    s.input(Input::Opened(new));
    s.welcome(&json!({"c:ana,bo": 1}));
    assert_eq!(s.expect_message("m1").socket, new);
    s.ack_again(&bo(), "m1", 1, true);
    assert_eq!(
        s.states(&bo()),
        [ItemState::Sent {
            reached: 0,
            of: 1,
            read: 0
        }]
    );
    // The first attempt's ack comes too, from the draining socket.
    s.ack_on(old, "m1", 1);
    assert_eq!(s.texts(&bo()), ["text of m1"]);
}

#[test]
fn fault_33_a_hidden_page_changes_its_socket_too() {
    let mut s = Scenario::up();
    s.lifecycle(Lifecycle::Hidden);
    s.run_answered(115 * MINUTE);
    assert!(s.connects.len() >= 2, "{}", s.connects.len());
    assert_eq!(s.phase(), Phase::Up);
}
