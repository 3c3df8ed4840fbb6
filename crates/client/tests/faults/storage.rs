//! Rows 76–81, 86 and 87: reloads, other tabs, storage that fails, other people.

use std::collections::BTreeMap;

use crate::support::scenario::{Scenario, Storage};
use crate::support::server::Server;
use crate::support::{account, bo, conversation, id, user};
use serde_json::json;
use switchboard_client::{Account, Failure, Input, ItemState, Pending, Phase, StoreOperation};

#[test]
fn fault_76_a_reload_with_one_in_flight_and_two_waiting_commits_three_in_order() {
    for arrived in [false, true] {
        let mut server = Server::default();
        let mut s = Scenario::up();
        for name in ["m1", "m2", "m3"] {
            s.send(&bo(), name);
        }
        let first = s.expect_message("m1");
        if arrived {
            // Committed, but the answer dies with the page.
            server.answer(&user("ana"), &first.frame);
        }
        s.reload();
        assert_eq!(s.texts(&bo()), ["text of m1", "text of m2", "text of m3"]);
        s.open();
        s.serve(&mut server, arrived);
        assert_eq!(server.ids(&bo()), ["m1", "m2", "m3"], "arrived: {arrived}");
        assert_eq!(s.texts(&bo()), ["text of m1", "text of m2", "text of m3"]);
        assert!(s.disk.outbox.is_empty());
    }
}

#[test]
fn fault_77_a_message_accepted_by_a_page_that_died_is_sent_by_the_next() {
    let mut server = Server::default();
    let mut s = Scenario::new();
    s.send(&bo(), "m1");
    assert_eq!(s.accepted("m1"), Some(true));
    s.reload();
    s.open();
    s.serve(&mut server, false);
    // The composer still had the text: it is the same message, by its id.
    s.send(&bo(), "m1");
    s.serve(&mut server, false);
    assert_eq!(server.ids(&bo()), ["m1"]);
    assert_eq!(s.texts(&bo()), ["text of m1"]);
}

#[test]
fn fault_78_a_page_that_dies_during_the_write_commits_at_most_once() {
    for written in [false, true] {
        let mut server = Server::default();
        let mut s = Scenario::up();
        s.storage = Storage::Holds;
        s.send(&bo(), "m1");
        s.serve(&mut server, false);
        assert_eq!(s.accepted("m1"), None, "the composer still has it");
        if written {
            let (_, what) = s.held.pop_front().unwrap();
            s.disk.write(what);
        }
        s.reload();
        s.open();
        s.serve(&mut server, false);
        let committed = server.ids(&bo());
        assert!(committed.len() <= 1, "{committed:?}");
        assert!(!written || committed == ["m1"]);
        s.input(Input::Open(bo()));
        s.serve(&mut server, false);
        assert_eq!(s.texts(&bo()).len(), server.ids(&bo()).len());
    }
}

#[test]
fn fault_79_a_duplicated_tab_with_the_same_outbox_doubles_and_reorders_nothing() {
    let mut server = Server::default();
    let mut s = Scenario::new();
    for name in ["m1", "m2", "m3"] {
        s.send(&bo(), name);
    }
    let copy = Account {
        tab: "another".to_owned(),
        ..account()
    };
    let mut twin = Scenario::of(copy, s.disk.restore());
    for tab in [&mut s, &mut twin] {
        tab.open();
    }
    // Their frames interleave one by one.
    for _ in 0..40 {
        for tab in [&mut s, &mut twin] {
            if let Some(sent) = tab.sent.pop_front() {
                let answer = server.answer(&user("ana"), &sent.frame);
                for frame in [answer.push, answer.reply].into_iter().flatten() {
                    tab.server_on(sent.socket, &frame);
                }
            }
        }
    }
    assert_eq!(server.ids(&bo()), ["m1", "m2", "m3"]);
    for tab in [&s, &twin] {
        assert_eq!(tab.texts(&bo()), ["text of m1", "text of m2", "text of m3"]);
        assert_eq!(tab.client.status().waiting, 0);
    }
}

#[test]
fn fault_80_ten_tabs_at_once_keep_each_ones_order() {
    let mut server = Server::default();
    let mut tabs: Vec<Scenario> = (0..10)
        .map(|tab| {
            let account = Account {
                tab: format!("t{tab}"),
                ..account()
            };
            let mut s = Scenario::of(account, switchboard_client::Restored::default());
            s.open();
            s
        })
        .collect();
    for number in 0..5 {
        for (tab, s) in tabs.iter_mut().enumerate() {
            s.send(&bo(), &format!("t{tab}-{number}"));
        }
    }
    let mut turn = 0;
    for _ in 0..5_000 {
        turn = (turn * 7 + 3) % 11;
        let Some(sent) = tabs.get_mut(turn).and_then(|s| s.sent.pop_front()) else {
            turn += 1;
            continue;
        };
        let answer = server.answer(&user("ana"), &sent.frame);
        for (tab, s) in tabs.iter_mut().enumerate() {
            if let Some(push) = &answer.push {
                let socket = s.newest();
                s.server_on(socket, push);
            }
            if tab == turn
                && let Some(reply) = &answer.reply
            {
                s.server_on(sent.socket, reply);
            }
        }
    }
    let log = server.ids(&bo());
    assert_eq!(log.len(), 50, "each once");
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for name in &log {
        let (tab, number) = name.split_once('-').unwrap();
        let next = seen.entry(tab).or_default();
        assert_eq!(number.parse(), Ok(*next), "{log:?}");
        *next += 1;
    }
    for s in &mut tabs {
        s.run(500);
        s.serve(&mut server, false);
        let shown: Vec<String> = s.items(&bo()).iter().map(|i| i.id.to_string()).collect();
        assert_eq!(shown, server.ids(&bo()), "the same list on every tab");
    }
}

#[test]
fn fault_81_full_storage_says_so_and_sending_goes_on() {
    let mut s = Scenario::up();
    s.storage = Storage::Fails;
    s.send(&bo(), "m1");
    assert_eq!(s.accepted("m1"), Some(false));
    s.expect_message("m1");
    // A later one that could be written must not outrun it after a reload.
    s.storage = Storage::Works;
    s.send(&bo(), "m2");
    assert_eq!(s.accepted("m2"), Some(false));
    s.send(&conversation(&["ana", "cy"]), "c1");
    assert_eq!(
        s.accepted("c1"),
        Some(true),
        "another conversation is another matter"
    );
    s.ack(&bo(), "m1", 1);
    s.expect("sendmessage");
    s.ack(&bo(), "m2", 2);
    assert_eq!(s.texts(&bo()), ["text of m1", "text of m2"]);
}

#[test]
fn fault_86_a_row_that_cannot_be_read_is_none_and_one_from_the_future_is_kept() {
    for row in [
        "",
        "null",
        "[]",
        "{",
        r#"{"id":"m1"}"#,
        r#"{"id":7,"order":"x"}"#,
    ] {
        assert_eq!(Pending::parse(row), None, "{row}");
    }
    let row = r#"{"id":"m1","conversation":"c:ana,bo","text":"hi","at":1700000000000,
        "minted":1700000000000,"order":3,"failed":"a reason of next year","mood":"new"}"#;
    let row = Pending::parse(row).unwrap();
    assert_eq!(row.failed, Some(Failure::Rejected));
    let mut s = Scenario::of(account(), vec![row].into());
    assert_eq!(s.states(&bo()), [ItemState::Failed(Failure::Rejected)]);
    s.open();
    s.welcome(&json!({}));
    s.none("sendmessage");
    s.input(Input::Retry(id("m1")));
    s.expect_message("m1");
}

#[test]
fn fault_87_signing_out_deletes_nothing_by_itself_and_the_next_person_sees_nothing() {
    let mut s = Scenario::new();
    s.send(&bo(), "m1");
    assert_eq!(s.client.status().waiting, 1, "the page can ask first");
    s.stored.clear();
    s.input(Input::SignOut);
    assert!(
        !s.stored
            .iter()
            .any(|what| matches!(what, StoreOperation::Remove(_)))
    );
    assert_eq!(s.disk.outbox.len(), 1);
    assert_eq!(s.phase(), Phase::SignedOut);
    assert!(s.texts(&bo()).is_empty());
    let other = Account {
        user: user("bo"),
        ..account()
    };
    s.input(Input::SignIn(Box::new(other), Default::default()));
    s.open();
    s.welcome(&json!({}));
    s.none("sendmessage");
    assert!(s.texts(&bo()).is_empty());
}
