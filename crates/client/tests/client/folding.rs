//! Edits, deletions, reactions and replies, from the log and from the outbox.

use serde_json::json;
use switchboard_client::{
    Change, Failure, Input, Item, ItemState, Kind, Reply, Restored, Sender, StoreOperation,
};

use crate::rig::{Rig, account, id, user};

fn other(name: &str) -> Sender {
    Sender::Other(user(name))
}

fn earlier(item: &Item) -> Vec<&str> {
    item.edits.iter().map(|version| &version.text[..]).collect()
}

fn reactions(item: &Item) -> Vec<(&str, &[Sender])> {
    let all = item.reactions.iter();
    all.map(|it| (&it.emoji[..], &it.who[..])).collect()
}

#[test]
fn a_log_is_folded_and_only_texts_are_rows() {
    let (rig, bo) = Rig::with_log(
        1,
        &[
            ("m1", "bo", "text", "helo", None),
            ("m2", "ana", "text", "hi", Some("m1")),
            ("m3", "bo", "edit", "hello", Some("m1")),
            ("m4", "ana", "edit", "hacked", Some("m1")),
            ("m5", "bo", "reaction", "👍", Some("m2")),
            ("m6", "bo", "text", "gone", None),
            ("m7", "bo", "delete", "", Some("m6")),
            ("m8", "bo", "poll", "?", None),
            ("m9", "bo", "edit", "of nothing", Some("m99")),
            ("m10", "bo", "edit", "of nothing", None),
        ],
    );
    let items = rig.items(&bo);
    assert_eq!(rig.texts(&bo), ["hello", "hi", ""]);
    assert_eq!(earlier(&items[0]), ["helo"]);
    assert_eq!(items[0].edits[0].at, items[0].at);
    let reply = Reply {
        id: id("m1"),
        from: Some(other("bo")),
        text: "hello".to_owned(),
    };
    assert_eq!(items[1].reply, Some(reply));
    assert_eq!(reactions(&items[1]), [("👍", &[other("bo")][..])]);
    assert!(items[2].deleted && items[2].edits.is_empty());
    assert_eq!(rig.client.log(&bo).unwrap().messages.len(), 10);
    let last = rig.summary(&bo).last;
    assert_eq!(
        last,
        Some((other("bo"), String::new())),
        "a deleted one says nothing"
    );
}

#[test]
fn what_is_about_a_message_waits_for_it_to_be_loaded() {
    let (mut rig, bo) = Rig::with_log(
        5,
        &[
            ("m5", "bo", "edit", "two", Some("m1")),
            ("m6", "cy", "reaction", "🎉", Some("m2")),
            ("m7", "bo", "text", "see above", Some("m2")),
            ("m8", "bo", "edit", "three", Some("m1")),
            ("m9", "bo", "read", "", Some("m3")),
        ],
    );
    let reply = rig.items(&bo)[0].reply.clone().unwrap();
    assert_eq!((reply.from, &reply.text[..]), (None, ""));
    rig.input(Input::LoadEarlier(bo.clone()));
    let sync = rig.expect("sync");
    rig.entries(
        &sync,
        1,
        &[
            ("m1", "bo", "text", "one", None),
            ("m2", "ana", "text", "mine", None),
            ("m3", "ana", "text", "mine too", None),
            ("m4", "ana", "text", "not read", None),
        ],
    );
    let items = rig.items(&bo);
    assert_eq!(
        rig.texts(&bo),
        ["three", "mine", "mine too", "not read", "see above"]
    );
    assert_eq!(earlier(&items[0]), ["one", "two"]);
    assert_eq!(reactions(&items[1]), [("🎉", &[other("cy")][..])]);
    let reply = items[4].reply.clone().unwrap();
    assert_eq!((reply.from, &reply.text[..]), (Some(Sender::Me), "mine"));
    let read = |item: &Item| {
        matches!(
            item.state,
            ItemState::Sent {
                reached: 1,
                of: 1,
                read: 1
            }
        )
    };
    assert_eq!(
        items.iter().map(read).collect::<Vec<_>>(),
        [false, true, true, false, false]
    );
}

#[test]
fn a_page_without_a_text_is_not_all_that_is_fetched() {
    let reaction = ("r1", "bo", "reaction", "👍", Some("m1"));
    let mut rig = Rig::new("switchboard");
    rig.open();
    rig.welcome(&json!({"lobby": 0, "c:ana,bo": 7}));
    let sync = rig.expect("sync");
    rig.entries(&sync, 7, &[reaction]);
    // Nobody has to scroll up through nothing.
    let sync = loop {
        let sync = rig.expect("sync");
        if !sync["before"].is_null() {
            break sync;
        }
        rig.page(&sync, &[], 0, 0);
    };
    assert_eq!(sync["before"], 7);
    rig.entries(&sync, 6, &[reaction]);
    let sync = rig.expect("sync");
    assert_eq!(sync["before"], 6);
    rig.entries(&sync, 5, &[("m1", "bo", "text", "hi", None)]);
    rig.answer_syncs();
    rig.nothing_sent();
    let bo = switchboard_protocol::ConversationId::try_from("c:ana,bo").unwrap();
    assert_eq!(rig.texts(&bo), ["hi"]);
    assert_eq!(
        rig.client.earlier(&bo),
        switchboard_client::Earlier::Available
    );
}

#[test]
fn two_people_may_have_used_one_id() {
    let (rig, bo) = Rig::with_log(
        1,
        &[
            ("m1", "bo", "text", "bo's", None),
            ("m2", "bo", "edit", "bo's, edited", Some("m1")),
            ("m1", "ana", "text", "ana's", None),
            ("m3", "bo", "edit", "lost", Some("m1")),
            ("m4", "bo", "reaction", "👍", Some("m1")),
        ],
    );
    let items = rig.client.items(&bo, 9);
    assert_eq!(items[0].text, "bo's, edited");
    assert!(items[0].reactions.is_empty());
    assert_eq!(
        (items[1].text.as_str(), items[1].reactions.len()),
        ("ana's", 1)
    );
}

#[test]
fn own_changes_show_at_once_and_stay_when_confirmed() {
    let (mut rig, bo) = Rig::with_log(1, &[("m1", "ana", "text", "one", None)]);
    rig.act(&bo, "e1", Kind::Edit, "two", "m1");
    let item = &rig.items(&bo)[0];
    assert_eq!((item.text.as_str(), item.pending), ("two", true));
    assert_eq!(earlier(item), ["one"]);
    assert!(matches!(item.state, ItemState::Sent { .. }));
    let frame = rig.expect("sendmessage");
    assert_eq!(
        (&frame["kind"], &frame["content"], &frame["re"]),
        (&json!("edit"), &json!("two"), &json!("m1"))
    );
    // It is acknowledged beyond a gap, and then the gap fills.
    rig.ack(&bo, "e1", 3);
    let item = &rig.items(&bo)[0];
    assert_eq!((item.text.as_str(), item.pending), ("two", false));
    rig.push(2, ("m2", "bo", "reaction", "👍", Some("m1")));
    let item = &rig.items(&bo)[0];
    assert_eq!((item.text.as_str(), item.pending), ("two", false));
    assert_eq!((item.edits.len(), item.reactions.len()), (1, 1));
    assert_eq!(rig.client.status().waiting, 0);

    rig.act(&bo, "r1", Kind::Reaction, "👍", "m1");
    rig.act(&bo, "r2", Kind::Reaction, "😀", "m1");
    rig.act(&bo, "r3", Kind::Reaction, "-😀", "m1");
    let both = [other("bo"), Sender::Me];
    assert_eq!(reactions(&rig.items(&bo)[0]), [("👍", &both[..])]);
    rig.act(&bo, "d1", Kind::Delete, "", "m1");
    let item = &rig.items(&bo)[0];
    assert!(item.deleted && item.text.is_empty() && item.reactions.is_empty());
}

#[test]
fn own_unsent_texts_can_be_changed_too_and_all_goes_out_in_order() {
    let (mut rig, bo) = Rig::with_log(1, &[("m1", "bo", "text", "hi", None)]);
    rig.close(1006);
    rig.input(Input::Send {
        conversation: bo.clone(),
        id: id("a1"),
        kind: Kind::Text,
        content: "anser".to_owned(),
        re: Some(id("m1")),
    });
    rig.act(&bo, "a2", Kind::Edit, "answer", "a1");
    rig.act(&bo, "a3", Kind::Reaction, "🎉", "a1");
    let items = rig.items(&bo);
    assert_eq!(items.len(), 2);
    assert_eq!(
        (items[1].text.as_str(), items[1].state),
        ("answer", ItemState::Waiting)
    );
    assert_eq!(items[1].reply.as_ref().unwrap().text, "hi");
    assert_eq!(reactions(&items[1]), [("🎉", &[Sender::Me][..])]);
    assert_eq!(
        rig.summary(&bo).last,
        Some((Sender::Me, "answer".to_owned()))
    );
    rig.fire();
    rig.open();
    rig.welcome(&json!({"lobby": 0, "c:ana,bo": 1}));
    for (name, seq) in [("a1", 2), ("a2", 3), ("a3", 4)] {
        assert_eq!(rig.expect("sendmessage")["id"], name);
        rig.ack(&bo, name, seq);
    }
    let again = rig.items(&bo);
    assert_eq!(
        (&again[1].text, &again[1].reactions),
        (&items[1].text, &items[1].reactions)
    );
    assert!(!again[1].pending);
}

#[test]
fn a_refused_edit_goes_back_and_its_text_stays_reachable() {
    let (mut rig, bo) = Rig::with_log(1, &[("m1", "ana", "text", "one", None)]);
    let refuse = |rig: &mut Rig, name: &str| {
        rig.server(&json!({"event": "nack", "id": name, "code": "forbidden", "retry": false}));
    };
    rig.act(&bo, "e1", Kind::Edit, "two", "m1");
    refuse(&mut rig, "e1");
    let item = &rig.items(&bo)[0];
    assert_eq!(
        (item.text.as_str(), item.edits.len(), item.pending),
        ("one", 0, false)
    );
    let unsaved = item.unsaved.clone().unwrap();
    assert_eq!((unsaved.id, unsaved.kind), (id("e1"), Kind::Edit));
    assert_eq!(
        (&unsaved.text[..], unsaved.failure),
        ("two", Failure::Forbidden)
    );
    assert_eq!(rig.summary(&bo).failed, 1);

    rig.input(Input::Retry(id("e1")));
    let item = &rig.items(&bo)[0];
    assert_eq!((item.text.as_str(), &item.unsaved), ("two", &None));
    refuse(&mut rig, "e1");
    rig.input(Input::Discard(id("e1")));
    assert_eq!(rig.items(&bo)[0].unsaved, None);
    assert_eq!(rig.stored.last(), Some(&StoreOperation::Remove(id("e1"))));

    // A new edit makes the refused one meaningless.
    rig.act(&bo, "e2", Kind::Edit, "three", "m1");
    refuse(&mut rig, "e2");
    rig.act(&bo, "e3", Kind::Edit, "four", "m1");
    assert!(rig.stored.contains(&StoreOperation::Remove(id("e2"))));
    let item = &rig.items(&bo)[0];
    assert_eq!((item.text.as_str(), &item.unsaved), ("four", &None));
}

#[test]
fn a_refused_reaction_is_gone_and_the_person_is_told() {
    let (mut rig, bo) = Rig::with_log(1, &[("m1", "bo", "text", "one", None)]);
    rig.act(&bo, "r1", Kind::Reaction, "👍", "m1");
    assert_eq!(rig.items(&bo)[0].reactions.len(), 1);
    rig.server(&json!({"event": "nack", "id": "r1", "code": "forbidden", "retry": false}));
    assert!(rig.items(&bo)[0].reactions.is_empty());
    assert_eq!(rig.summary(&bo).failed, 0);
    let told = Change::Refused(id("r1"), Failure::Forbidden);
    assert!(rig.changes.contains(&told));
    assert_eq!(rig.stored.last(), Some(&StoreOperation::Remove(id("r1"))));
}

#[test]
fn changes_of_a_refused_text_wait_for_it_and_go_with_it() {
    let (mut rig, bo) = Rig::with_log(1, &[("m1", "bo", "text", "hi", None)]);
    rig.send(&bo, "a1");
    rig.act(&bo, "a2", Kind::Edit, "better", "a1");
    rig.send(&bo, "a3");
    assert_eq!(rig.expect("sendmessage")["id"], "a1");
    rig.server(&json!({"event": "nack", "id": "a1", "code": "forbidden", "retry": false}));
    // Not the edit: nobody else knows what it is about.
    assert_eq!(rig.expect("sendmessage")["id"], "a3");
    rig.ack(&bo, "a3", 2);
    rig.nothing_sent();
    assert_eq!(
        rig.client.status().waiting,
        0,
        "the person waits for nothing"
    );
    let item = &rig.items(&bo)[2];
    assert_eq!(item.state, ItemState::Failed(Failure::Forbidden));
    assert_eq!(item.text, "better");
    rig.input(Input::Retry(id("a1")));
    assert_eq!(rig.expect("sendmessage")["id"], "a1");
    rig.server(&json!({"event": "nack", "id": "a1", "code": "forbidden", "retry": false}));
    assert_eq!(rig.client.unsent(), [id("a1"), id("a2")]);
    rig.input(Input::Discard(id("a1")));
    assert!(rig.client.unsent().is_empty());
    for name in ["a1", "a2"] {
        assert!(
            rig.stored.contains(&StoreOperation::Remove(id(name))),
            "{name}"
        );
    }
    assert_eq!(rig.client.len(&bo), 2);
}

#[test]
fn what_cannot_be_sent_is_refused_at_once() {
    let (mut rig, bo) = Rig::with_log(1, &[("m1", "ana", "text", "one", None)]);
    let long = "x".repeat(40_000);
    for (kind, content, failure) in [
        (Kind::Edit, " ", Failure::Empty),
        (Kind::Reaction, "", Failure::Empty),
        (Kind::Edit, long.as_str(), Failure::TooLarge),
        (Kind::Read, "", Failure::NotSupported),
        (Kind::Other("poll".to_owned()), "x", Failure::NotSupported),
    ] {
        rig.act(&bo, "x", kind, content, "m1");
        assert_eq!(rig.changes.pop(), Some(Change::Refused(id("x"), failure)));
    }
    rig.input(Input::Send {
        conversation: bo.clone(),
        id: id("x"),
        kind: Kind::Delete,
        content: String::new(),
        re: None,
    });
    let about_nothing = Change::Refused(id("x"), Failure::NotSupported);
    assert_eq!(rig.changes.pop(), Some(about_nothing));
    rig.nothing_sent();

    let mut older = Rig::new("s5");
    older.open();
    let lobby = switchboard_protocol::ConversationId::lobby();
    older.act(&lobby, "x", Kind::Edit, "two", "m1");
    let not_there = Change::Refused(id("x"), Failure::NotSupported);
    assert!(older.changes.contains(&not_there));
    older.nothing_sent();
}

#[test]
fn what_waits_survives_a_reload_with_its_kind() {
    let (mut rig, bo) = Rig::with_log(1, &[("m1", "ana", "text", "one", None)]);
    rig.close(1006);
    rig.act(&bo, "e1", Kind::Edit, "two", "m1");
    let mut restored = Restored::default();
    for what in &rig.stored {
        match what {
            StoreOperation::Put(row) => restored.outbox.push(row.clone()),
            StoreOperation::Log(stretch) => restored.logs.push((**stretch).clone()),
            StoreOperation::Remove(_) | StoreOperation::Mark(_) => {}
        }
    }
    let mut rig = Rig::signed_in(account("switchboard"), restored);
    assert_eq!(rig.texts(&bo), ["two"]);
    rig.open();
    rig.welcome(&json!({"lobby": 0, "c:ana,bo": 1}));
    rig.answer_syncs();
    assert_eq!(rig.expect("sendmessage")["kind"], "edit");
    rig.ack(&bo, "e1", 2);
    assert_eq!(rig.texts(&bo), ["two"]);
}

#[test]
fn who_is_called_by_name_is_told() {
    let (mut rig, bo) = Rig::with_log(
        1,
        &[
            ("m1", "bo", "text", "hey @ana", None),
            ("m2", "ana", "text", "@ana is me", None),
            ("m3", "bo", "text", "nobody", None),
        ],
    );
    let named: Vec<bool> = rig.items(&bo).iter().map(|it| it.mentions_me).collect();
    assert_eq!(named, [true, false, false]);
    assert_eq!(rig.summary(&bo).mentions, 0, "history is read");
    rig.push(4, ("m4", "bo", "text", "well,", None));
    rig.push(5, ("m5", "bo", "text", "@ana?", None));
    assert_eq!((rig.summary(&bo).unread, rig.summary(&bo).mentions), (2, 1));
    rig.push(6, ("m6", "bo", "edit", "well, @ana", Some("m4")));
    assert_eq!(rig.summary(&bo).mentions, 2);
    rig.push(7, ("m7", "bo", "edit", "nobody", Some("m5")));
    assert_eq!((rig.summary(&bo).unread, rig.summary(&bo).mentions), (2, 1));
    rig.push(8, ("m8", "bo", "delete", "", Some("m4")));
    assert_eq!((rig.summary(&bo).unread, rig.summary(&bo).mentions), (1, 0));
    assert_eq!(rig.summary(&bo).first_unread, Some(id("m5")));
}
