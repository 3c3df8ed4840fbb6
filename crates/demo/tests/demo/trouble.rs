//! Lines that are cut or slow, and sockets that grow old.

use switchboard_demo::{Input, Output};
use switchboard_protocol::{ConversationId, UserId, server::ServerFrame};

use crate::rig::{MINUTE, Rig, SECOND};

#[test]
fn drop_cuts_the_line_and_everything_is_there_afterwards() {
    let (mut rig, socket) = Rig::up(1, "guest");
    let theo = rig.with(&["Theo"]);
    rig.write(socket, &theo, "drop 6");
    let start = rig.now;
    while rig.closed(socket).is_none() {
        rig.pass(100);
        assert!(rig.now < start + 12 * SECOND);
    }
    assert_eq!(rig.closed(socket), Some(1001));
    assert_eq!(rig.said(socket, &theo).len(), 1, "he says so before");
    let cut = rig.now;
    let refused = rig.open();
    rig.pass(SECOND);
    assert_eq!(rig.closed(refused), Some(1006));
    rig.pass(6 * SECOND);
    let back = rig.connect();
    assert_eq!(rig.closed(back), None);
    let missed = rig.page(back, &ConversationId::lobby()).messages;
    assert!(
        missed.iter().filter(|it| it.at > cut).count() >= 2,
        "they talked meanwhile"
    );
    rig.pass(10 * SECOND);
    assert_eq!(rig.said(back, &theo).len(), 1, "and he says welcome back");
    // The next time it is cut without a word.
    rig.write(back, &theo, "drop 1");
    rig.pass(12 * SECOND);
    assert_eq!(rig.closed(back), Some(1006));
}

#[test]
fn slow_is_slow_both_ways_and_keeps_the_order() {
    let (mut rig, socket) = Rig::up(2, "guest");
    let theo = rig.with(&["Theo"]);
    rig.write(socket, &theo, "slow");
    rig.pass(9 * SECOND);
    let sent = rig.now;
    let ids = ["one", "two", "three"].map(|text| rig.write(socket, &theo, text));
    rig.pass(10 * SECOND);
    let acks: Vec<_> = rig
        .frames(socket)
        .into_iter()
        .filter_map(|(at, frame)| match frame {
            ServerFrame::Ack(ack) if ids.contains(&ack.id) => Some((at, ack.id)),
            _ => None,
        })
        .collect();
    assert!(
        acks.iter().all(|(at, _)| *at >= sent + 5 * SECOND),
        "{acks:?}"
    );
    assert_eq!(acks.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), ids);
    rig.write(socket, &theo, "fast");
    rig.pass(20 * SECOND);
    let sent = rig.now;
    rig.write(socket, &theo, "four");
    rig.pass(SECOND);
    let quick = rig
        .frames(socket)
        .into_iter()
        .any(|(at, frame)| at >= sent && matches!(frame, ServerFrame::Ack(_)));
    assert!(quick);
}

#[test]
fn two_sockets_at_once_hear_the_same() {
    let (mut rig, first) = Rig::up(3, "guest");
    let second = rig.connect();
    let lobby = ConversationId::lobby();
    let from = rig.now;
    rig.pass(2 * MINUTE);
    let heard = |socket| {
        let said = rig.said(socket, &lobby).into_iter();
        said.filter(|(at, _)| *at > from)
            .map(|(_, it)| it.seq)
            .collect::<Vec<_>>()
    };
    assert!(!heard(first).is_empty());
    assert_eq!(heard(first), heard(second));
    rig.input(Input::Close(first, 1000));
    let before = rig.heard.len();
    rig.pass(5 * MINUTE);
    let to_first = |(_, output): &&(u64, Output)| match output {
        Output::Opened(id) | Output::Text(id, _) | Output::Closed(id, _) => *id == first,
    };
    assert_eq!(rig.heard[before..].iter().find(to_first), None);
    assert_eq!(rig.closed(second), None);
}

#[test]
fn a_socket_lives_two_hours_and_the_people_outlive_it() {
    let (mut rig, socket) = Rig::up(4, "guest");
    rig.pass(119 * MINUTE);
    assert_eq!(rig.closed(socket), None);
    rig.pass(2 * MINUTE);
    assert_eq!(rig.closed(socket), Some(1001));
    for _ in 0..12 {
        let socket = rig.connect();
        let online = rig.presences(socket).remove(0).online;
        for name in ["Mira", "Theo", "Kenji"] {
            assert!(online.contains(&UserId::try_from(name).unwrap()), "{name}");
        }
        let mira = rig.with(&["Mira"]);
        rig.write(socket, &mira, "Still there, pelican?");
        rig.pass(10 * SECOND);
        assert!(!rig.said(socket, &mira).is_empty());
        rig.pass(121 * MINUTE);
        rig.heard.clear();
    }
}
