//! They were there before, they greet, they answer, they come and go.

use switchboard_demo::Output;
use switchboard_protocol::{
    ConversationId, UserId,
    client::Kind,
    server::{Inbound, ServerFrame},
};

use crate::rig::{MINUTE, Rig, SECOND, START};

const DAY: u64 = 24 * 60 * MINUTE;

#[test]
fn there_is_a_past_of_two_days_with_everything_a_message_can_be() {
    let (mut rig, socket) = Rig::up(1, "guest");
    let lobby = ConversationId::lobby();
    let page = rig.page(socket, &lobby);
    let count = |kind: Kind| page.messages.iter().filter(|it| it.kind == kind).count();
    assert!(count(Kind::Text) >= 12, "{}", count(Kind::Text));
    assert!(count(Kind::Reaction) >= 10 && count(Kind::Edit) == 1);
    let first = page.messages.first().unwrap();
    assert!(first.at < START - DAY && first.at > START - 3 * DAY);
    assert!(page.messages.is_sorted_by_key(|message| message.at));
    assert!(
        page.messages
            .iter()
            .any(|it| it.kind == Kind::Text && it.re.is_some())
    );
    assert!(page.messages.iter().any(|it| it.content.contains("```")));
    // What is about another is about one that is there.
    for message in &page.messages {
        if let Some(re) = &message.re {
            assert!(page.messages.iter().any(|it| it.id == *re), "{message:?}");
        }
    }
    let group = rig.with(&["Mira", "Theo", "Kenji"]);
    let texts = rig.page(socket, &group).messages;
    assert!(texts.iter().any(|it| it.content.contains("@guest")));
    let heads = rig.welcomed(socket).heads;
    assert_eq!(heads.iter().count(), 3, "{heads:?}");
}

#[test]
fn somebody_types_and_greets_within_seconds() {
    let (mut rig, socket) = Rig::up(2, "guest");
    rig.pass(8 * SECOND);
    let (at, hello) = rig.said(socket, &ConversationId::lobby()).remove(0);
    assert_eq!(hello.from.as_str(), "Mira");
    assert!(hello.content.contains("@guest"), "{}", hello.content);
    let typed = rig
        .frames(socket)
        .into_iter()
        .find_map(|(when, frame)| match frame {
            ServerFrame::Signal(signal) if signal.from == hello.from => Some(when),
            _ => None,
        });
    assert!(typed.unwrap() + SECOND < at);
    let everybody = rig.presences(socket).remove(0);
    let online: Vec<_> = everybody.online.iter().map(UserId::as_str).collect();
    assert_eq!(online, ["Kenji", "Mira", "Theo", "guest"]);
}

#[test]
fn a_message_is_delivered_read_and_answered() {
    for seed in 0..20 {
        let (mut rig, socket) = Rig::up(seed, "guest");
        let mira = rig.with(&["Mira"]);
        let id = rig.write(socket, &mira, "The pelican has landed on my desk.");
        rig.pass(9 * SECOND);
        let delivered = rig.frames(socket).into_iter().any(|(_, frame)| {
            matches!(frame, ServerFrame::Delivery(it) if it.conv == mira && !it.to.is_empty())
        });
        assert!(delivered);
        let entries = rig.entries(socket, &mira);
        let read = entries
            .iter()
            .find(|(_, it)| it.kind == Kind::Read)
            .unwrap();
        assert_eq!(read.1.re.as_ref(), Some(&id));
        let (answered, answer) = rig.said(socket, &mira).remove(0);
        assert!(answered > read.0 && !answer.content.is_empty());
        assert_eq!(answer.from.as_str(), "Mira");
    }
}

#[test]
fn who_writes_on_is_answered_once() {
    let (mut rig, socket) = Rig::up(3, "guest");
    let theo = rig.with(&["Theo"]);
    rig.write(socket, &theo, "first");
    rig.pass(400);
    rig.write(socket, &theo, "and second");
    rig.pass(400);
    rig.write(socket, &theo, "what is 6 x 7?");
    rig.pass(10 * SECOND);
    let said = rig.said(socket, &theo);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].1.content.contains("**42**"));
}

#[test]
fn a_name_is_answered_by_its_bearer_and_a_reply_by_its_author() {
    let (mut rig, socket) = Rig::up(4, "guest");
    let group = rig.with(&["Mira", "Theo", "Kenji"]);
    let id = rig.write(socket, &group, "Pelicans, @theo?");
    rig.pass(10 * SECOND);
    let entries = rig.entries(socket, &group);
    let readers = entries.iter().filter(|(_, it)| it.kind == Kind::Read);
    assert_eq!(readers.count(), 3);
    let said = rig.said(socket, &group);
    assert_eq!(said[0].1.from.as_str(), "Theo");
    assert_eq!(
        said[0].1.re,
        Some(id),
        "a question is answered with a reply"
    );
    let by_kenji = rig.page(socket, &group).messages.into_iter();
    let by_kenji = by_kenji
        .clone()
        .find(|it| it.kind == Kind::Text && it.from.as_str() == "Kenji");
    let re = by_kenji.map(|it| it.id);
    rig.entry(socket, &group, Kind::Text, "Pelican number two.", re);
    rig.pass(10 * SECOND);
    assert_eq!(rig.said(socket, &group)[1].1.from.as_str(), "Kenji");
}

#[test]
fn what_help_lists_can_be_done() {
    let (mut rig, socket) = Rig::up(5, "guest");
    let group = rig.with(&["Mira", "Theo", "Kenji"]);
    rig.write(socket, &group, "help");
    rig.pass(8 * SECOND);
    assert!(rig.said(socket, &group)[0].1.content.contains("`drop`"));

    rig.write(socket, &group, "burst");
    rig.pass(15 * SECOND);
    let said = rig.said(socket, &group);
    let number = |text: &str| {
        said.iter()
            .filter(|(_, it)| it.content.contains(text))
            .count()
    };
    assert_eq!(number(" of 20,"), 20);

    rig.write(socket, &group, "edit");
    rig.write(socket, &group, "unsend");
    let mine = rig.write(socket, &group, "react");
    rig.pass(15 * SECOND);
    let entries = rig.entries(socket, &group);
    let of = |kind: Kind| entries.iter().filter(move |(_, it)| it.kind == kind);
    assert_eq!(of(Kind::Edit).count(), 1);
    assert_eq!(of(Kind::Delete).count(), 1);
    assert!(
        of(Kind::Reaction)
            .filter(|(_, it)| it.re.as_ref() == Some(&mine))
            .count()
            >= 3
    );
    // An edit or removal is by who wrote the message.
    for (_, later) in of(Kind::Edit).chain(of(Kind::Delete)) {
        let (_, first) = entries
            .iter()
            .find(|(_, it)| Some(&it.id) == later.re.as_ref())
            .unwrap();
        assert_eq!(first.from, later.from);
    }

    rig.write(socket, &group, "code");
    rig.write(socket, &group, "group");
    rig.pass(15 * SECOND);
    assert!(
        rig.said(socket, &group)
            .iter()
            .any(|(_, it)| it.content.contains("```rust"))
    );
    let new = rig.with(&["Mira", "Kenji"]);
    assert!(rig.said(socket, &new)[0].1.content.contains("@guest"));

    rig.write(socket, &group, "away");
    rig.pass(20 * SECOND);
    let kenji = UserId::try_from("Kenji").unwrap();
    let presences = rig.presences(socket);
    let left = presences
        .iter()
        .position(|it| it.offline.contains(&kenji))
        .unwrap();
    assert!(
        presences[left..]
            .iter()
            .any(|it| it.online.contains(&kenji))
    );
}

#[test]
fn whoever_was_away_answers_when_they_come() {
    let (mut rig, socket) = Rig::up(6, "guest");
    let noor = rig.with(&["Noor"]);
    rig.write(
        socket,
        &noor,
        "Good to have you here later, pelican and all.",
    );
    rig.pass(5 * SECOND);
    assert_eq!(rig.entries(socket, &noor), []);
    rig.pass(20 * SECOND);
    assert_eq!(rig.said(socket, &noor)[0].1.from.as_str(), "Noor");
    let delivered = rig.frames(socket).into_iter().any(|(_, frame)| {
        matches!(frame, ServerFrame::Delivery(it) if it.conv == noor && !it.to.is_empty())
    });
    assert!(delivered);
}

#[test]
fn they_talk_among_themselves_but_not_for_ever() {
    let (mut rig, socket) = Rig::up(7, "guest");
    let lobby = ConversationId::lobby();
    rig.pass(3 * MINUTE);
    let early = rig.said(socket, &lobby).len();
    assert!(early > 5, "{early}");
    rig.pass(30 * MINUTE);
    let later = rig.said(socket, &lobby).len();
    rig.pass(60 * MINUTE);
    assert_eq!(rig.said(socket, &lobby).len(), later);
    assert!(later < 40, "{later}");
}

#[test]
fn a_page_hears_nothing_about_others_than_it_should() {
    let (mut rig, socket) = Rig::up(8, "guest");
    rig.pass(10 * MINUTE);
    for (_, output) in &rig.heard {
        let Output::Text(to, text) = output else {
            continue;
        };
        assert_eq!(*to, socket);
        assert!(matches!(Inbound::parse(text), Inbound::Frame(_)), "{text}");
    }
    for (_, frame) in rig.frames(socket) {
        if let ServerFrame::Message(message) = frame {
            assert!(message.conv.includes(&UserId::try_from("guest").unwrap()));
        }
    }
}

#[test]
fn a_seed_is_one_play() {
    let play = |seed| {
        let (mut rig, socket) = Rig::up(seed, "guest");
        rig.write(socket, &ConversationId::lobby(), "Hello everybody!");
        rig.pass(5 * MINUTE);
        rig.heard
    };
    assert_eq!(play(9), play(9));
    assert_ne!(play(9), play(10));
}
