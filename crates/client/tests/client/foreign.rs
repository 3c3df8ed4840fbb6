//! The five older systems through their profiles.

use crate::rig::{Rig, conversation, id, user};
use serde_json::{Value, json};
use switchboard_client::{Change, Failure, ItemState, Phase, Sender};
use switchboard_protocol::ConversationId;

fn up(profile: &str) -> Rig {
    let mut rig = Rig::new(profile);
    rig.open();
    assert_eq!(rig.client.status().phase, Phase::Up, "no hello, no welcome");
    rig.nothing_sent();
    rig
}

fn next(rig: &mut Rig) -> Value {
    serde_json::from_str(&rig.sent.pop_front().unwrap()).unwrap()
}

#[test]
fn only_profiles_with_identity_name_the_user() {
    for (profile, url) in [
        ("s1", "ws://127.0.0.1:8787/dev"),
        ("s2", "ws://127.0.0.1:8787/dev?userId=ana"),
        ("s5", "ws://127.0.0.1:8787/dev"),
    ] {
        assert_eq!(Rig::new(profile).urls, [url], "{profile}");
    }
}

#[test]
fn s1_sends_to_a_connection_and_shows_bare_text() {
    let mut rig = up("s1");
    let peer = conversation(&["ana", "BFaT_fALIAMCKug="]);
    rig.send(&peer, "m1");
    assert_eq!(
        next(&mut rig),
        json!({"action":"sendMessage","connectionId":"BFaT_fALIAMCKug=","message":"text of m1"})
    );
    assert_eq!(rig.items(&peer)[0].state, ItemState::HandedOver);
    rig.text("hello");
    let incoming = &rig.items(&ConversationId::lobby())[0];
    assert_eq!(
        (&incoming.from, incoming.text.as_str()),
        (&Sender::Unknown, "hello")
    );
    rig.send(&ConversationId::lobby(), "m2");
    assert!(
        rig.changes
            .contains(&Change::Refused(id("m2"), Failure::NotSupported))
    );
}

#[test]
fn s2_sends_to_users_and_files_by_sender() {
    let mut rig = up("s2");
    rig.send(&conversation(&["ana", "bo"]), "m1");
    assert_eq!(
        next(&mut rig),
        json!({"action":"sendmessage","content":"text of m1","to":"bo"})
    );
    rig.send(&conversation(&["ana", "bo", "cy"]), "m2");
    assert_eq!(next(&mut rig)["to"], json!(["bo", "cy"]));
    rig.text(r#"{"content":"hi","from":"bo"}"#);
    rig.text(r#"{"content":"who am I"}"#);
    let direct = rig.items(&conversation(&["ana", "bo"]));
    assert_eq!(direct.last().unwrap().from, Sender::Other(user("bo")));
    assert_eq!(rig.texts(&ConversationId::lobby()), ["who am I"]);
}

#[test]
fn s3_receives_only() {
    let mut rig = up("s3");
    rig.text("{\"any\":\"text\"}");
    assert_eq!(rig.texts(&ConversationId::lobby()), ["{\"any\":\"text\"}"]);
    rig.send(&ConversationId::lobby(), "m1");
    assert!(
        rig.changes
            .contains(&Change::Refused(id("m1"), Failure::NotSupported))
    );
}

#[test]
fn s4_and_s5_show_their_own_echo_once() {
    let lobby = ConversationId::lobby();
    let mut rig = up("s4");
    rig.send_text(&lobby, "m1", "hi");
    assert_eq!(rig.sent.pop_front().unwrap(), "hi");
    rig.text(r#"{"message":"other= says: hi there"}"#);
    rig.text(r#"{"message":"mine= says: hi"}"#);
    assert_eq!(rig.texts(&lobby), ["hi", "hi there"]);
    assert_eq!(
        rig.items(&lobby)[0].state,
        ItemState::Sent {
            reached: 0,
            of: 0,
            read: 0
        }
    );
    assert_eq!(
        rig.client.status().connection,
        None,
        "one match may be a coincidence"
    );
    rig.send_text(&lobby, "m2", "again");
    rig.text(r#"{"message":"mine= says: again"}"#);
    assert_eq!(rig.client.status().connection.as_deref(), Some("mine="));
    rig.text(r#"{"message":"mine= says: from elsewhere"}"#);
    assert_eq!(rig.items(&lobby).last().unwrap().from, Sender::Me);
    rig.send_text(&lobby, "m3", "same");
    rig.text(r#"{"message":"other= says: same"}"#);
    assert_eq!(
        rig.items(&lobby).last().unwrap().from,
        Sender::Other(user("other="))
    );
    rig.text(r#"{"message":"mine= says: same"}"#);
    assert_eq!(
        rig.texts(&lobby)
            .iter()
            .filter(|text| *text == "same")
            .count(),
        2
    );

    let mut rig = up("s5");
    rig.send_text(&lobby, "m1", "hi");
    assert_eq!(next(&mut rig), json!({"action":"sendmessage","data":"hi"}));
    rig.text("hi");
    rig.text("hi");
    let from: Vec<Sender> = rig
        .items(&lobby)
        .into_iter()
        .map(|item| item.from)
        .collect();
    assert_eq!(
        from,
        [Sender::Me, Sender::Unknown],
        "one echo, one message of somebody else"
    );
}

#[test]
fn a_foreign_message_waits_for_an_open_socket() {
    let mut rig = Rig::new("s5");
    let lobby = ConversationId::lobby();
    rig.send(&lobby, "m1");
    assert_eq!(rig.items(&lobby)[0].state, ItemState::Waiting);
    rig.nothing_sent();
    rig.open();
    assert_eq!(next(&mut rig)["data"], "text of m1");
    assert_eq!(rig.client.status().waiting, 0);
}

#[test]
fn the_platforms_frame_is_not_chat_but_tells_our_connection_id() {
    let mut rig = up("s4");
    rig.text(r#"{"message": "Forbidden", "connectionId":"BFaT_fALIAMCKug=", "requestId":"x="}"#);
    assert!(rig.texts(&ConversationId::lobby()).is_empty());
    assert_eq!(
        rig.client.status().connection.as_deref(),
        Some("BFaT_fALIAMCKug=")
    );
}

#[test]
fn silence_is_normal_where_nobody_answers_pings() {
    let rig = up("s5");
    assert_eq!(rig.client.poll_timeout(), None);
}

#[test]
fn without_an_echo_in_time_the_same_text_is_somebody_elses() {
    let mut rig = up("s5");
    let lobby = ConversationId::lobby();
    rig.send_text(&lobby, "m1", "hi");
    rig.pass(30_001);
    rig.text("hi");
    assert_eq!(rig.texts(&lobby), ["hi", "hi"]);
}

#[test]
fn s2_has_no_notes_to_oneself() {
    let mut rig = up("s2");
    rig.send(&conversation(&["ana"]), "m1");
    assert!(
        rig.changes
            .contains(&Change::Refused(id("m1"), Failure::NotSupported))
    );
}
