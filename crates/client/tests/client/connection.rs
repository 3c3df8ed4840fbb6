//! Opening, greeting, watching, giving up, coming back.

use crate::rig::{Rig, account, conversation};
use serde_json::json;
use switchboard_client::{
    Account, Input, Lifecycle, OpenError, Phase, ReadyState, Restored, Stop, TicketAnswer,
};

#[test]
fn the_user_stands_in_the_url_and_hello_is_the_first_frame() {
    let mut rig = Rig::new("switchboard");
    assert_eq!(rig.urls, ["ws://127.0.0.1:8787/dev?userId=ana"]);
    assert_eq!(rig.client.status().ready_state, ReadyState::Connecting);
    rig.open();
    let status = rig.client.status();
    assert_eq!(
        (status.ready_state, status.phase),
        (ReadyState::Open, Phase::Greeting)
    );
    let hello = rig.expect("hello");
    assert_eq!(
        (&hello["v"], &hello["device"], &hello["tab"]),
        (&json!(1), &json!("device"), &json!("tab"))
    );
    rig.nothing_sent();
}

#[test]
fn messages_flow_only_after_welcome() {
    let mut rig = Rig::new("switchboard");
    let bo = conversation(&["ana", "bo"]);
    rig.send(&bo, "m1");
    rig.open();
    assert_eq!(rig.sent.len(), 1, "only hello");
    rig.welcome(&json!({}));
    assert_eq!(rig.client.status().phase, Phase::Up);
    assert_eq!(
        rig.client.status().connection.as_deref(),
        Some("BFaT_fALIAMCKug=")
    );
    let message = rig.expect("sendmessage");
    assert_eq!(
        (&message["id"], &message["to"]),
        (&json!("m1"), &json!(["bo"]))
    );
}

#[test]
fn a_welcome_for_another_hello_is_ignored() {
    let mut rig = Rig::new("switchboard");
    rig.open();
    rig.server(
        &json!({"event":"welcome","rid":99,"connection":"x","now":1,"epoch":"e","heads":{},
                       "limits":{"max_bytes":1},"min_version":1}),
    );
    assert_eq!(rig.client.status().phase, Phase::Greeting);
}

#[test]
fn a_hung_handshake_and_a_missing_welcome_are_given_up_after_ten_seconds() {
    let mut rig = Rig::new("switchboard");
    let hung = rig.current();
    assert_eq!(rig.fire(), 10_000);
    assert!(rig.disconnected.contains(&hung));
    assert!(matches!(rig.client.status().phase, Phase::Waiting { .. }));
    rig.fire();
    rig.open();
    assert_eq!(rig.fire(), 10_000);
    assert_eq!(rig.client.status().attempt, 2);
    // What the abandoned socket still says is not heard.
    rig.input(Input::Opened(hung));
    rig.input(Input::Text(hung, "{}".to_owned()));
    assert!(matches!(rig.client.status().phase, Phase::Waiting { .. }));
}

#[test]
fn failures_back_off_with_full_jitter_up_to_thirty_seconds() {
    let mut rig = Rig::new("switchboard");
    let mut longest = 0;
    for attempt in 0..40 {
        rig.close(1006);
        let ceiling = 50 + (500_u64 << attempt.min(16)).min(30_000);
        let waited = rig.fire();
        assert!(
            (50..=ceiling).contains(&waited),
            "attempt {attempt}: {waited} ms"
        );
        longest = longest.max(waited);
    }
    assert!(longest > 15_000, "jitter never grew: {longest}");
    assert_eq!(rig.urls.len(), 41);
}

#[test]
fn ten_seconds_up_count_as_success() {
    let mut rig = Rig::new("switchboard");
    for _ in 0..5 {
        rig.close(1006);
        rig.fire();
    }
    rig.open();
    rig.welcome(&json!({}));
    rig.pass(9_999);
    rig.close(1006);
    assert_eq!(rig.client.status().attempt, 6);
    rig.fire();
    rig.open();
    rig.welcome(&json!({}));
    rig.pass(10_000);
    rig.close(1006);
    assert_eq!(rig.client.status().attempt, 1);
}

#[test]
fn the_platforms_own_limits_bring_us_back_within_a_second() {
    let mut rig = Rig::up();
    rig.pass(600_000);
    rig.close(1001);
    assert!(rig.fire() <= 1_000);
}

#[test]
fn silence_is_probed_and_a_dead_peer_is_dropped_within_forty_seconds() {
    let mut rig = Rig::up();
    let socket = rig.current();
    assert_eq!(rig.fire(), 30_000);
    rig.expect("ping");
    assert_eq!(rig.fire(), 10_000);
    assert!(rig.disconnected.contains(&socket));
    assert_eq!(rig.client.status().ready_state, ReadyState::Closed);
}

#[test]
fn an_answer_proves_the_connection_alive_and_a_push_half_of_it() {
    let push = json!({"event":"presence","online":["bo"]});
    let mut rig = Rig::up();
    rig.fire();
    let ping = rig.expect("ping");
    rig.server(&json!({"event":"pong","n":ping["n"],"now":1,"heads":{}}));
    assert_eq!(rig.fire(), 30_000, "the next ping, not a death");
    rig.expect("ping");
    rig.server(&push);
    assert_eq!(
        rig.fire(),
        10_000,
        "the answer may have been lost: asked again"
    );
    rig.expect("ping");
    rig.server(&push);
    let socket = rig.current();
    assert_eq!(rig.fire(), 5_000, "nothing we send arrives");
    assert!(rig.disconnected.contains(&socket));
}

#[test]
fn junk_proves_nothing_and_much_of_it_is_a_reason_to_ask() {
    let mut rig = Rig::up();
    rig.fire();
    rig.expect("ping");
    rig.text("junk");
    let socket = rig.current();
    assert_eq!(rig.fire(), 10_000);
    assert!(rig.disconnected.contains(&socket));

    let mut rig = Rig::up();
    for _ in 0..19 {
        rig.text("[");
    }
    rig.nothing_sent();
    rig.text("[");
    rig.expect("ping");
    assert_eq!(rig.fire(), 5_000);
    assert_eq!(rig.client.status().attempt, 1);
}

#[test]
fn heads_are_asked_for_however_busy_the_connection_is() {
    let mut rig = Rig::up();
    for _ in 0..29 {
        rig.pass(1_000);
        rig.server(&json!({"event":"presence","online":["bo"]}));
        rig.nothing_sent();
    }
    assert_eq!(rig.fire(), 1_000);
    rig.expect("ping");
}

#[test]
fn further_probes_do_not_put_off_the_end_of_a_dead_connection() {
    let mut rig = Rig::up();
    for _ in 0..3 {
        rig.input(Input::Lifecycle(Lifecycle::Visible));
        rig.pass(2_000);
    }
    rig.input(Input::Timer);
    assert!(matches!(rig.client.status().phase, Phase::Waiting { .. }));
}

#[test]
fn being_sent_away_again_and_again_backs_off() {
    let mut rig = Rig::new("switchboard");
    for attempt in 1..=5 {
        rig.open();
        rig.expect("hello");
        rig.server(&json!({"event":"goaway","reconnect_in_ms":0}));
        assert_eq!(rig.client.status().attempt, attempt);
        assert!(rig.fire() >= 50);
    }
}

#[test]
fn a_late_timer_probes_before_it_gives_up() {
    let mut rig = Rig::up();
    rig.fire();
    rig.expect("ping");
    // The thread was blocked for a minute: the pong may stand in the queue behind this timer.
    rig.pass(60_000);
    rig.input(Input::Timer);
    rig.expect("ping");
    assert_eq!(rig.client.status().phase, Phase::Up);
    assert_eq!(rig.fire(), 5_000);
    assert!(matches!(rig.client.status().phase, Phase::Waiting { .. }));
}

#[test]
fn a_hidden_page_pings_seldom() {
    let mut rig = Rig::up();
    rig.input(Input::Lifecycle(Lifecycle::Hidden));
    assert_eq!(rig.fire(), 240_000);
}

#[test]
fn hints_probe_or_retry_but_are_not_believed() {
    let mut rig = Rig::up();
    for hint in [Lifecycle::Offline, Lifecycle::Online, Lifecycle::Visible] {
        rig.input(Input::Lifecycle(hint));
        assert_eq!(rig.client.status().phase, Phase::Up, "{hint:?}");
        let ping = rig.expect("ping");
        rig.server(&json!({"event":"pong","n":ping["n"],"now":1,"heads":{}}));
    }
    for hint in [Lifecycle::Visible, Lifecycle::PageShow] {
        rig.close(1006);
        rig.input(Input::Lifecycle(hint));
        assert_eq!(rig.client.status().phase, Phase::Connecting, "{hint:?}");
    }
    rig.close(1006);
    rig.input(Input::Lifecycle(Lifecycle::Online));
    assert!(rig.fire() <= 1_000);
}

#[test]
fn a_hidden_away_page_lets_go_and_comes_back() {
    let mut rig = Rig::up();
    let socket = rig.current();
    rig.input(Input::Lifecycle(Lifecycle::PageHide));
    rig.expect("bye");
    assert!(rig.disconnected.contains(&socket));
    rig.input(Input::Lifecycle(Lifecycle::PageShow));
    assert_eq!(rig.client.status().phase, Phase::Connecting);
}

#[test]
fn what_cannot_heal_stops_and_says_why() {
    let stop = |rig: &Rig| match rig.client.status().phase {
        Phase::Stopped(stop) => Some(stop),
        _ => None,
    };
    let mut rig = Rig::new("switchboard");
    rig.input(Input::OpenFailed(rig.current(), OpenError::BadUrl));
    assert_eq!(stop(&rig), Some(Stop::BadUrl));
    assert_eq!(rig.client.poll_timeout(), None);

    for (code, expected) in [(4409, Stop::Replaced), (4426, Stop::Outdated)] {
        let mut rig = Rig::up();
        rig.close(code);
        assert_eq!(stop(&rig), Some(expected));
        rig.input(Input::TryNow);
        assert_eq!(rig.client.status().phase, Phase::Connecting);
    }

    let mut rig = Rig::new("switchboard");
    rig.close(4403);
    assert_eq!(stop(&rig), None, "once may be a stale ticket");
    rig.fire();
    rig.close(4401);
    assert_eq!(stop(&rig), Some(Stop::SignIn));
    let mut rig = Rig::new("switchboard");
    rig.close(1008);
    rig.fire();
    rig.close(4403);
    assert_eq!(stop(&rig), Some(Stop::Forbidden));

    let mut rig = Rig::new("switchboard");
    for _ in 0..2 {
        rig.close(1002);
        assert_eq!(stop(&rig), None);
        rig.fire();
    }
    rig.close(1003);
    assert_eq!(stop(&rig), Some(Stop::Protocol));
}

#[test]
fn a_server_for_newer_clients_stops_us() {
    let mut rig = Rig::new("switchboard");
    rig.open();
    let hello = rig.expect("hello");
    rig.server(
        &json!({"event":"welcome","rid":hello["rid"],"connection":"x","now":1,"epoch":"e",
                       "heads":{},"limits":{"max_bytes":1},"min_version":2}),
    );
    assert_eq!(rig.client.status().phase, Phase::Stopped(Stop::Outdated));
}

#[test]
fn try_now_does_not_wait() {
    let mut rig = Rig::new("switchboard");
    rig.close(1006);
    rig.input(Input::TryNow);
    assert_eq!(rig.urls.len(), 2);
    rig.input(Input::TryNow);
    assert_eq!(rig.urls.len(), 2, "one attempt at a time");
}

#[test]
fn a_closing_socket_is_shown_as_closing_and_given_two_seconds() {
    let mut rig = Rig::up();
    let socket = rig.current();
    rig.input(Input::Closing(socket));
    assert_eq!(rig.client.status().ready_state, ReadyState::Closing);
    rig.send(&conversation(&["ana", "bo"]), "m1");
    rig.nothing_sent();
    assert_eq!(rig.fire(), 2_000);
    assert!(rig.disconnected.contains(&socket));
    assert_eq!(rig.client.status().ready_state, ReadyState::Closed);
}

#[test]
fn goaway_is_obeyed_without_a_gap() {
    let mut rig = Rig::up();
    let goaway = json!({"event":"goaway","reconnect_in_ms":2_000});
    rig.server(&goaway);
    assert!(rig.fire() <= 2_000);
    assert_eq!(rig.client.status().phase, Phase::Up);
    rig.server(&goaway);
    assert_eq!(rig.urls.len(), 2, "one candidate at a time");
    let old = rig.change(&json!({}));
    assert!(!rig.disconnected.contains(&old));
    assert_eq!(rig.fire(), 5_000, "it drains");
    assert!(rig.disconnected.contains(&old));

    let mut rig = Rig::new("switchboard");
    rig.open();
    let socket = rig.current();
    rig.server(&goaway);
    assert!(rig.disconnected.contains(&socket), "nobody is known there");
    rig.fire();
    assert_eq!(rig.client.status().phase, Phase::Connecting);
}

#[test]
fn the_close_code_is_remembered() {
    let mut rig = Rig::up();
    rig.close(1009);
    let (close, at) = rig.client.status().last_close.unwrap();
    assert_eq!((close.code, close.clean, at), (1009, true, rig.now.wall));
}

#[test]
fn signing_out_closes_and_forgets() {
    let mut rig = Rig::up();
    let socket = rig.current();
    rig.input(Input::SignOut);
    assert!(rig.disconnected.contains(&socket));
    assert_eq!(rig.client.status().phase, Phase::SignedOut);
    assert_eq!(rig.client.poll_timeout(), None);
    assert!(rig.client.conversations().is_empty());
}

#[test]
fn a_ticket_is_fetched_before_every_handshake() {
    let with_tickets = Account {
        tickets: Some("/ticket".to_owned()),
        ..account("switchboard")
    };
    let mut rig = Rig::signed_in(with_tickets, Restored::default());
    assert_eq!(rig.client.status().phase, Phase::Ticket);
    assert!(rig.urls.is_empty());
    rig.ticket(TicketAnswer::Granted("a b".to_owned()));
    assert!(rig.urls[0].ends_with("&ticket=a%20b"), "{}", rig.urls[0]);
    rig.close(1006);
    rig.fire();
    let late = rig.tickets[0];
    assert_eq!(rig.fire(), 10_000, "an endpoint that says nothing");
    rig.fire();
    rig.tickets.pop_front();
    rig.input(Input::Ticket(late, TicketAnswer::Granted("old".to_owned())));
    assert_eq!(rig.urls.len(), 1, "an answer nobody waits for");
    rig.ticket(TicketAnswer::Refused {
        status: 503,
        retry_after: Some(60_000),
    });
    assert_eq!(rig.client.status().ticket_refusal, Some(503));
    rig.input(Input::Lifecycle(Lifecycle::Visible));
    assert_eq!(rig.fire(), 60_000, "not before the server allows it");
    rig.ticket(TicketAnswer::Refused {
        status: 401,
        retry_after: None,
    });
    assert_eq!(rig.client.status().phase, Phase::Stopped(Stop::SignIn));
}

#[test]
fn closing_beside_a_candidate_waits_for_that_one() {
    let mut rig = Rig::up();
    rig.server(&json!({"event":"goaway","reconnect_in_ms":0}));
    let (old, candidate) = (rig.current(), rig.candidate.unwrap());
    rig.input(Input::Closing(old));
    rig.send(&conversation(&["ana", "bo"]), "m1");
    rig.nothing_sent();
    assert_eq!(rig.fire(), 2_000, "its code may still come");
    assert!(rig.disconnected.contains(&old));
    assert_eq!(rig.socket, Some(candidate));
    assert_eq!(rig.client.status().phase, Phase::Connecting);
    rig.open();
    rig.welcome(&json!({}));
    assert_eq!(rig.client.status().phase, Phase::Up);
    assert_eq!(rig.expect("sendmessage")["id"], "m1");
    assert_eq!(rig.urls.len(), 2, "no third socket");
}

#[test]
fn a_code_that_stops_stops_the_candidate_too() {
    let mut rig = Rig::up();
    rig.server(&json!({"event":"goaway","reconnect_in_ms":0}));
    let candidate = rig.candidate.unwrap();
    rig.input(Input::Closing(rig.current()));
    rig.close(4409);
    assert_eq!(
        rig.client.status().phase,
        Phase::Stopped(Stop::Replaced),
        "the other session would be taken over by ours, and so on"
    );
    assert!(rig.disconnected.contains(&candidate));
}
