//! Rows 69–75, 88, 90, 91 and 92: hidden, frozen, asleep, blocked, outdated, far behind.

use crate::support::scenario::{Scenario, message, numbered};
use crate::support::{bo, lobby};
use serde_json::json;
use switchboard_client::{Earlier, Input, ItemState, Lifecycle, Now, Phase, Stop};

const MINUTE: u64 = 60_000;

#[test]
fn fault_69_a_hidden_page_whose_timers_run_once_a_minute_keeps_its_connection() {
    let mut s = Scenario::up();
    s.lifecycle(Lifecycle::Hidden);
    s.sent.clear();
    let (mut pings, mut silent) = (0, 0);
    for _ in 0..90 {
        s.pass(MINUTE);
        s.input(Input::Timer);
        silent += 1;
        while let Some(ping) = s.take("ping") {
            s.pass(80);
            s.server(&json!({"event":"pong","n":ping.frame["n"],"now":1,"heads":{}}));
            assert!(silent <= 6, "{silent} minutes: the platform waits ten");
            pings += 1;
            silent = 0;
        }
    }
    assert!(
        (15..=45).contains(&pings),
        "about one in four minutes: {pings}"
    );
    assert_eq!((s.phase(), s.connects.len()), (Phase::Up, 1));
}

#[test]
fn fault_70_thawed_after_half_an_hour_the_timer_comes_before_the_queued_frames() {
    let mut s = Scenario::up();
    let socket = s.newest();
    // A ping is unanswered when the page freezes.
    s.run(30_000);
    s.expect("ping");
    s.lifecycle(Lifecycle::Freeze);
    s.pass(30 * MINUTE);
    s.input(Input::Timer);
    s.lifecycle(Lifecycle::Resume);
    assert!(!s.let_go.contains(&socket), "a false kill");
    for seq in 1..=3 {
        s.server_on(socket, &message(&lobby(), seq));
    }
    s.pong(&json!({"lobby": 3}));
    assert_eq!(s.texts(&lobby()), numbered(1..=3));
    s.run_answered(10_000);
    assert_eq!((s.phase(), s.connects.len()), (Phase::Up, 1));
}

#[test]
fn fault_71_after_eight_hours_asleep_a_probe_then_a_new_connection_then_the_backlog() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    s.pass(8 * 60 * MINUTE);
    s.input(Input::Timer);
    s.expect("ping");
    let woken = s.now.mono;
    s.run(5_600);
    assert!(s.connects.len() == 2, "within the probe and one backoff");
    s.open();
    s.welcome(&json!({"lobby": 4}));
    s.run(500);
    let sync = s.expect("sync");
    assert_eq!(sync["after"], 1);
    s.page(&sync, &[2, 3, 4], 4, 4);
    assert_eq!(s.texts(&lobby()), numbered(1..=4));
    assert!(s.now.mono - woken <= 10_000);
}

#[test]
fn fault_72_a_wall_clock_that_jumps_harms_nothing() {
    for jump in [86_400_000_i64, -86_400_000, 3_600_000, -3_600_000, 4_000] {
        let mut s = Scenario::up();
        s.send(&bo(), "m1");
        s.expect_message("m1");
        s.now.wall = s.now.wall.saturating_add_signed(jump);
        s.run(500);
        s.none("sendmessage");
        assert_eq!(s.states(&bo()), [ItemState::Sending], "{jump}");
        s.ack(&bo(), "m1", 1);
        s.send(&bo(), "m2");
        s.ack(&bo(), "m2", 2);
        s.run_answered(MINUTE);
        assert_eq!(s.phase(), Phase::Up, "{jump}");
        assert_eq!(s.texts(&bo()), ["text of m1", "text of m2"], "{jump}");
    }
}

#[test]
fn fault_73_a_monotonic_clock_that_slept_is_noticed_by_the_other() {
    let mut s = Scenario::up();
    let socket = s.newest();
    s.run(1_000);
    s.sent.clear();
    s.now.wall += 8 * 60 * MINUTE;
    s.now.mono += 1;
    s.input(Input::Timer);
    s.expect("ping");
    s.run(5_000);
    assert!(s.let_go.contains(&socket));

    // While waiting for a retry it is a hint to try now.
    let mut s = Scenario::new();
    for _ in 0..12 {
        s.close(1006);
        s.fire();
    }
    s.close(1006);
    let before = s.connects.len();
    s.now.wall += 8 * 60 * MINUTE;
    s.now.mono += 1;
    s.input(Input::Timer);
    assert_eq!(s.connects.len(), before + 1);
}

#[test]
fn fault_74_coarse_clocks_decide_nothing() {
    let coarse = |now: Now| Now {
        mono: now.mono / 100 * 100,
        wall: now.wall / 100 * 100,
    };
    let mut s = Scenario::up();
    s.now = coarse(s.now);
    for name in ["m1", "m2", "m3"] {
        s.send(&bo(), name);
    }
    for (seq, name) in [(1, "m1"), (2, "m2"), (3, "m3")] {
        s.expect_message(name);
        s.ack(&bo(), name, seq);
    }
    assert_eq!(s.texts(&bo()), ["text of m1", "text of m2", "text of m3"]);
    // Each deadline is met up to 100 ms early on the coarse clock: it fires, again and on time.
    let mut inputs = 0;
    while s.take("ping").is_none() {
        let at = s.client.poll_timeout().unwrap();
        let wait = at.saturating_sub(s.now.mono).max(1);
        s.now = Now {
            mono: s.now.mono + wait.div_ceil(100) * 100,
            wall: s.now.wall + wait.div_ceil(100) * 100,
        };
        s.input(Input::Timer);
        inputs += 1;
        assert!(inputs < 100, "the timer runs in circles");
    }
    assert_eq!(s.phase(), Phase::Up);
}

#[test]
fn fault_75_the_page_lets_go_for_the_back_cache_and_comes_back_once() {
    let mut s = Scenario::up();
    let socket = s.newest();
    s.push(&lobby(), 1);
    s.lifecycle(Lifecycle::PageHide);
    s.expect("bye");
    assert!(s.let_go.contains(&socket));
    assert!(s.live.is_empty(), "an open socket forbids the cache");
    s.pass(10 * MINUTE);
    s.lifecycle(Lifecycle::PageShow);
    s.lifecycle(Lifecycle::PageShow);
    assert_eq!(s.connects.len(), 2);
    s.open();
    s.welcome(&json!({"lobby": 1}));
    assert_eq!(s.texts(&lobby()), numbered([1]), "the state was kept");
}

#[test]
fn fault_88_a_thread_blocked_for_a_minute_kills_and_doubles_nothing() {
    let mut s = Scenario::up();
    let socket = s.newest();
    s.send(&bo(), "m1");
    s.expect_message("m1");
    s.pass(MINUTE);
    // The timer stands before the frames that came meanwhile.
    s.input(Input::Timer);
    assert!(!s.let_go.contains(&socket));
    s.server_on(
        socket,
        &json!({"event":"ack","id":"m1","conv":bo(),"seq":1,"at":1,"duplicate":false}),
    );
    s.run_answered(10_000);
    assert_eq!((s.phase(), s.connects.len()), (Phase::Up, 1));
    // Had it been sent again, the server would have answered its place once more.
    s.ack_again(&bo(), "m1", 1, true);
    assert_eq!(s.texts(&bo()), ["text of m1"]);
}

#[test]
fn fault_90_an_outdated_client_stops_and_the_reloaded_one_sends_its_outbox() {
    let mut s = Scenario::new();
    s.send(&bo(), "m1");
    s.open();
    let hello = s.expect("hello");
    s.server(
        &json!({"event":"welcome","rid":hello["rid"],"connection":"x=","now":1,"epoch":"e1",
                "heads":{},"limits":{"max_bytes":32768},"min_version":2}),
    );
    assert_eq!(s.stop(), Some(Stop::Outdated));
    s.none("sendmessage");
    s.reload();
    s.open();
    s.welcome(&json!({}));
    s.expect_message("m1");
}

#[test]
fn fault_92_fifty_thousand_messages_behind_the_newest_page_comes_first() {
    let mut s = Scenario::up();
    s.push(&lobby(), 1);
    s.close(1006);
    s.come_back(&json!({"lobby": 50_000}));
    s.run(500);
    let sync = s.expect("sync");
    assert!(sync["after"].is_null() && sync["before"].is_null());
    s.page(
        &sync,
        &(49_951..=50_000).collect::<Vec<_>>(),
        50_000,
        50_000,
    );
    assert_eq!(s.texts(&lobby()), numbered(49_951..=50_000));
    s.run(2_000);
    s.none("sync");
    assert_eq!(s.client.earlier(&lobby()), Earlier::Available);
    s.input(Input::LoadEarlier(lobby()));
    let sync = s.expect("sync");
    assert_eq!(sync["before"], 49_951);
    s.page(
        &sync,
        &(49_901..=49_950).collect::<Vec<_>>(),
        49_950,
        50_000,
    );
    assert_eq!(s.texts(&lobby()), numbered(49_901..=50_000));
}

#[test]
fn fault_92_each_of_fifty_thousand_pushes_makes_a_bounded_number_of_outputs() {
    let mut s = Scenario::up();
    let mut most = 0;
    for seq in 1..=50_000 {
        let before = s.changes.len() + s.stored.len() + s.sent.len();
        s.push(&lobby(), seq);
        most = most.max(s.changes.len() + s.stored.len() + s.sent.len() - before);
        if seq % 1_000 == 0 {
            s.changes.clear();
            s.stored.clear();
        }
    }
    assert!(most <= 8, "{most} outputs for one message");
    assert_eq!(s.client.log(&lobby()).unwrap().through.get(), 50_000);
}
