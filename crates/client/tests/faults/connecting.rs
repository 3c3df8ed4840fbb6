//! Rows 1–15: faults while connecting.

use crate::support::scenario::Scenario;
use crate::support::{bo, lobby, ticketed, user};
use serde_json::json;
use switchboard_client::{
    Account, Config, Input, ItemState, OpenError, Phase, Restored, Stop, TicketAnswer,
};

fn with_tickets() -> Scenario {
    Scenario::of(ticketed(), Restored::default())
}

#[test]
fn fault_01_a_url_the_constructor_rejects_stops_and_keeps_the_outbox() {
    let mut s = Scenario::new();
    s.send(&bo(), "m1");
    s.open_failed(OpenError::BadUrl);
    assert_eq!(s.stop(), Some(Stop::BadUrl));
    assert_eq!(s.client.poll_timeout(), None, "nothing to wait for");
    assert_eq!(s.states(&bo()), [ItemState::Waiting]);
    assert_eq!(s.disk.outbox.len(), 1);
}

#[test]
fn fault_02_a_security_error_backs_off() {
    let mut s = Scenario::new();
    for attempt in 1..=3 {
        s.open_failed(OpenError::Refused);
        assert_eq!(s.client.status().attempt, attempt);
        assert!(s.waits() >= 50);
        s.fire();
        assert_eq!(s.phase(), Phase::Connecting);
    }
}

#[test]
fn fault_03_a_blocked_port_is_a_1006_before_open_and_backs_off() {
    let mut s = Scenario::new();
    s.close(1006);
    assert!((50..=550).contains(&s.waits()), "{}", s.waits());
    let (close, _) = s.client.status().last_close.unwrap();
    assert_eq!((close.code, close.clean), (1006, false));
}

#[test]
fn fault_04_a_refused_handshake_goes_through_the_ticket_whose_status_decides() {
    let mut s = with_tickets();
    assert!(s.connects.is_empty(), "no socket before its ticket");
    assert_eq!(s.phase(), Phase::Ticket);
    assert_eq!(s.tickets[0].1, "http://127.0.0.1:8787/tickets");
    s.grant("one");
    assert!(s.connects[0].1.ends_with("?userId=ana&ticket=one"));
    // 403 at the handshake: the page sees 1006 and no more.
    s.close(1006);
    s.fire();
    assert_eq!(s.phase(), Phase::Ticket, "a ticket serves one handshake");
    assert_eq!(s.connects.len(), 1);
    s.ticket(TicketAnswer::Refused {
        status: 403,
        retry_after: None,
    });
    assert_eq!(s.stop(), Some(Stop::Forbidden));
}

#[test]
fn fault_05_a_hung_handshake_is_abandoned_after_ten_seconds() {
    let mut s = Scenario::new();
    let hung = s.newest();
    assert_eq!(s.fire(), 10_000);
    assert!(s.let_go.contains(&hung));
    assert!(s.waits() <= 550);
}

#[test]
fn fault_06_an_open_socket_without_welcome_is_dropped_and_counts_as_a_failure() {
    let mut s = Scenario::new();
    for attempt in 1..=4 {
        s.open();
        let silent = s.newest();
        assert_eq!(s.fire(), 10_000);
        assert!(s.let_go.contains(&silent));
        assert_eq!(s.client.status().attempt, attempt, "open is not yet up");
        s.fire();
    }
}

#[test]
fn fault_07_opening_and_closing_at_once_backs_off_to_the_cap() {
    let mut s = Scenario::new();
    let mut longest = 0;
    for attempt in 0..40_u32 {
        s.open();
        s.close(1006);
        let ceiling = 50 + (500_u64 << attempt.min(16)).min(30_000);
        assert!(
            (50..=ceiling).contains(&s.waits()),
            "attempt {attempt}: {} ms",
            s.waits()
        );
        longest = longest.max(s.waits());
        s.fire();
    }
    assert!(longest > 15_000, "it never grew: {longest} ms");
}

#[test]
fn fault_08_the_close_of_a_socket_let_go_before_it_opened_is_not_heard() {
    let mut s = Scenario::new();
    let first = s.newest();
    s.input(Input::SignOut);
    assert!(s.let_go.contains(&first));
    s.close_socket(first, 1006);
    assert_eq!(s.phase(), Phase::SignedOut);
    assert_eq!(s.client.poll_timeout(), None);
}

#[test]
fn fault_09_an_abandoned_socket_is_not_heard() {
    let mut s = Scenario::new();
    let old = s.newest();
    s.fire();
    s.fire();
    assert_eq!(s.phase(), Phase::Connecting);
    let before = (s.client.status(), s.client.poll_timeout());
    s.input(Input::Opened(old));
    s.text_on(
        old,
        r#"{"event":"message","conv":"lobby","seq":1,"id":"x","from":"bo","at":1,"content":"x"}"#,
    );
    s.input(Input::Buffered(old, 1_000_000));
    s.input(Input::Closing(old));
    s.close_socket(old, 4409);
    assert_eq!((s.client.status(), s.client.poll_timeout()), before);
    assert!(s.sent.is_empty(), "{:?}", s.sent);
    assert!(s.texts(&lobby()).is_empty());
}

#[test]
fn fault_10_error_and_close_together_make_one_retry() {
    let mut s = Scenario::new();
    let socket = s.newest();
    s.open_failed(OpenError::Refused);
    s.close_socket(socket, 1006);
    s.close_socket(socket, 1006);
    assert_eq!(s.client.status().attempt, 1);
    s.fire();
    assert_eq!(s.connects.len(), 2);
    assert_eq!(s.phase(), Phase::Connecting);
}

#[test]
fn fault_11_a_ticket_endpoint_in_trouble_is_asked_again_no_sooner_than_it_says() {
    for (answer, at_least) in [
        (TicketAnswer::Unreachable, 50),
        (
            TicketAnswer::Refused {
                status: 503,
                retry_after: Some(30_000),
            },
            30_000,
        ),
        (
            TicketAnswer::Refused {
                status: 429,
                retry_after: Some(45_000),
            },
            45_000,
        ),
        (
            TicketAnswer::Refused {
                status: 500,
                retry_after: None,
            },
            50,
        ),
    ] {
        let mut s = with_tickets();
        s.ticket(answer.clone());
        assert!(s.waits() >= at_least, "{answer:?}: {}", s.waits());
        assert!(s.waits() <= at_least.max(550), "{answer:?}: {}", s.waits());
        s.fire();
        assert_eq!(s.tickets.len(), 1, "{answer:?}");
        assert!(s.connects.is_empty());
    }
}

#[test]
fn fault_11_a_hung_ticket_request_is_abandoned_and_its_answer_not_heard() {
    let mut s = with_tickets();
    let (stale, _) = s.tickets.pop_front().unwrap();
    assert_eq!(s.fire(), 10_000);
    assert!(matches!(s.phase(), Phase::Waiting { .. }));
    s.input(Input::Ticket(
        stale,
        TicketAnswer::Granted("late".to_owned()),
    ));
    assert!(s.connects.is_empty());
    s.fire();
    s.input(Input::Ticket(
        stale,
        TicketAnswer::Refused {
            status: 401,
            retry_after: None,
        },
    ));
    assert_eq!(s.phase(), Phase::Ticket);
}

#[test]
fn fault_12_a_refused_ticket_stops_keeps_the_outbox_and_shows_it_to_nobody_else() {
    let mut s = with_tickets();
    s.send(&bo(), "m1");
    s.ticket(TicketAnswer::Refused {
        status: 401,
        retry_after: None,
    });
    assert_eq!(s.stop(), Some(Stop::SignIn));
    assert_eq!(s.states(&bo()), [ItemState::Waiting]);

    // Somebody else signs in: storage is the account's, so theirs is empty.
    let other = Account {
        user: user("cy"),
        ..ticketed()
    };
    s.input(Input::SignIn(Box::new(other), Restored::default()));
    s.grant("cy's");
    s.open();
    s.welcome(&json!({}));
    s.none("sendmessage");
    assert!(s.texts(&bo()).is_empty());

    s.input(Input::SignIn(Box::new(ticketed()), s.disk.restore()));
    s.grant("ana's");
    s.open();
    s.welcome(&json!({}));
    s.expect_message("m1");
}

#[test]
fn fault_13_a_token_that_expires_costs_nothing_until_the_planned_change_gets_a_new_one() {
    let mut s = with_tickets();
    s.grant("one");
    s.open();
    s.welcome(&json!({}));
    let first = s.newest();
    s.run_answered(104 * 60_000);
    assert_eq!((s.connects.len(), s.tickets.len()), (1, 0));
    s.run_answered(11 * 60_000 - 20_000);
    // The request for the candidate's ticket may have been abandoned and made again.
    let (attempt, _) = s.tickets.pop_back().expect("a ticket for the candidate");
    s.input(Input::Ticket(
        attempt,
        TicketAnswer::Granted("two".to_owned()),
    ));
    assert_eq!(s.phase(), Phase::Up, "the old socket serves meanwhile");
    assert!(s.connects[1].1.ends_with("&ticket=two"));
    s.open();
    s.welcome(&json!({}));
    assert_eq!(s.phase(), Phase::Up);
    s.run_answered(6_000);
    assert!(s.let_go.contains(&first));
}

#[test]
fn fault_14_a_throttled_region_meets_no_waves() {
    // A hundred clients fail together, ten times; then each waits up to the cap.
    let mut seconds = [0_u32; 31];
    for seed in 0..100 {
        let mut s = Scenario::configured(
            Config::default(),
            seed,
            crate::support::account(),
            Restored::default(),
        );
        for _ in 0..10 {
            s.close(1006);
            s.fire();
        }
        s.close(1006);
        assert!(s.waits() <= 30_050);
        seconds[usize::try_from(s.waits() / 1_000).unwrap()] += 1;
    }
    let busiest = seconds.iter().max().unwrap();
    assert!(*busiest <= 12, "a wave: {seconds:?}");
}

#[test]
fn fault_15_a_captive_portal_is_the_network_failing_not_a_sign_out() {
    let mut s = with_tickets();
    for _ in 0..5 {
        s.ticket(TicketAnswer::Unreachable);
        assert!(matches!(s.phase(), Phase::Waiting { .. }));
        s.fire();
    }
    s.grant("at last");
    s.open();
    s.welcome(&json!({}));
    assert_eq!(s.phase(), Phase::Up);
}
