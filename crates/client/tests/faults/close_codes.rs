//! Row 27: what follows each close code, whole, as `docs/protocol.md` has it.

use crate::support::scenario::Scenario;
use crate::support::ticketed;
use serde_json::json;
use switchboard_client::{Phase, Restored, Stop};

/// What the first close with a code does to a client that has been up for a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Back between so many ms.
    Back(u64, u64),
    Stops(Stop),
}

fn first(code: u16) -> Then {
    match code {
        1001 => Then::Back(0, 1_000),
        1013 => Then::Back(50, 8_050),
        4409 => Then::Stops(Stop::Replaced),
        4426 => Then::Stops(Stop::Outdated),
        4429 => Then::Back(15_000, 15_000),
        _ => Then::Back(50, 550),
    }
}

fn up() -> Scenario {
    let mut s = Scenario::up();
    s.run_answered(60_000);
    s
}

#[test]
fn fault_27_every_close_code_has_one_consequence() {
    let codes = (1000..=1015)
        .chain(2999..=3001)
        .chain(3999..=4500)
        .chain([4998, 4999]);
    for code in codes {
        let mut s = up();
        s.close(code);
        match first(code) {
            Then::Back(least, most) => {
                let waits = s.waits();
                assert!((least..=most).contains(&waits), "{code}: {waits} ms");
                s.fire();
                assert_eq!(s.phase(), Phase::Connecting, "{code}");
            }
            Then::Stops(stop) => {
                assert_eq!(s.stop(), Some(stop), "{code}");
                assert_eq!(s.client.poll_timeout(), None, "{code}");
                s.input(switchboard_client::Input::TryNow);
                assert_eq!(s.phase(), Phase::Connecting, "{code}: a person may try");
            }
        }
    }
}

#[test]
fn fault_27_overload_counts_as_four_failures() {
    let mut longest = 0;
    for seed in 0..40 {
        let mut s = Scenario::configured(
            switchboard_client::Config::default(),
            seed,
            crate::support::account(),
            Restored::default(),
        );
        s.open();
        s.welcome(&json!({}));
        s.close(1013);
        longest = longest.max(s.waits());
    }
    assert!((4_000..=8_050).contains(&longest), "{longest}");
}

#[test]
fn fault_27_a_refusal_gets_one_new_ticket_then_stops() {
    for (code, stop) in [
        (4401, Stop::SignIn),
        (1008, Stop::SignIn),
        (4403, Stop::Forbidden),
    ] {
        let mut s = Scenario::of(ticketed(), Restored::default());
        s.grant("stale");
        s.close(code);
        assert!(s.waits() <= 550, "{code}");
        s.fire();
        s.grant("fresh");
        s.close(code);
        assert_eq!(s.stop(), Some(stop), "{code}");
        assert!(s.tickets.is_empty(), "{code}");
    }
}

#[test]
fn fault_27_being_up_forgives_a_refusal() {
    let mut s = Scenario::up();
    for _ in 0..3 {
        s.close(4401);
        s.come_back(&json!({}));
        s.run_answered(60_000);
    }
    assert_eq!(s.phase(), Phase::Up);
}

#[test]
fn fault_27_three_objections_to_our_frames_in_ten_minutes_stop_the_client() {
    for codes in [[1002, 1003, 1007], [1003, 1003, 1003]] {
        let mut s = Scenario::new();
        s.close(codes[0]);
        s.fire();
        s.close(codes[1]);
        s.fire();
        s.close(codes[2]);
        assert_eq!(s.stop(), Some(Stop::Protocol), "{codes:?}");
    }
    // Spread over more than ten minutes they do not.
    let mut s = Scenario::up();
    for _ in 0..6 {
        s.close(1002);
        s.come_back(&json!({}));
        s.run_answered(6 * 60_000);
    }
    assert_eq!(s.phase(), Phase::Up);
}
