//! Cases of commits and heads.

use futures_util::future::join_all;
use switchboard_protocol::{
    ConversationId, MessageId,
    client::Kind,
    limits::{MAX_MESSAGE_ID_BYTES, MAX_PARTICIPANTS},
};

use super::{DAY, Harness, NOW, commit, conversation, entry, filled, places, seq, user};
use crate::store::{PageRequest, Place, Store};

fn whole(conv: &ConversationId) -> PageRequest {
    PageRequest {
        conv: conv.clone(),
        place: Place::Newest,
        limit: 1000,
        max_bytes: usize::MAX,
    }
}

/// 1, 2, 3 … in each conversation by itself.
pub async fn places_are_gap_free_and_per_conversation(harness: &impl Harness) {
    let store = harness.fresh().await;
    let (two, lobby) = (conversation(&["ana", "bo"]), ConversationId::lobby());
    for number in 1..=3 {
        for conv in [&two, &lobby] {
            let sent = entry(conv, "ana", &format!("m{number}"));
            let committed = commit(&store, &sent).await;
            assert!(!committed.duplicate);
            assert_eq!(committed.message, sent.at_place(seq(number)));
        }
    }
}

/// The retry gets the first attempt's place, time and text, and writes nothing.
pub async fn a_duplicate_answers_the_original(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    let sent = entry(&conv, "ana", "m1");
    let first = commit(&store, &sent).await;
    commit(&store, &entry(&conv, "bo", "m2")).await;
    let mut again = sent.clone();
    again.at += 20 * 60 * 1000;
    again.content = "changed".to_owned();
    let second = commit(&store, &again).await;
    assert!(second.duplicate);
    assert_eq!(second.message, first.message);
    let page = store.page(&whole(&conv)).await.unwrap();
    assert_eq!(places(&page.messages), [1, 2]);
}

/// The same id from another sender, or elsewhere, is another message.
pub async fn dedupe_is_per_sender_and_conversation(harness: &impl Harness) {
    let store = harness.fresh().await;
    let (two, three) = (
        conversation(&["ana", "bo"]),
        conversation(&["ana", "bo", "cy"]),
    );
    for (conv, from) in [(&two, "ana"), (&two, "bo"), (&three, "ana"), (&three, "cy")] {
        let committed = commit(&store, &entry(conv, from, "same")).await;
        assert!(!committed.duplicate, "{from} in {conv}");
    }
    assert!(commit(&store, &entry(&two, "bo", "same")).await.duplicate);
}

/// 30 days less a moment: longer than any outbox waits.
pub async fn dedupe_lasts_as_long_as_asked(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    let sent = entry(&conv, "ana", "m1");
    commit(&store, &sent).await;
    let mut late = sent.clone();
    late.at = NOW + 30 * DAY - 1;
    late.dedupe_until = late.at + 30 * DAY;
    assert!(commit(&store, &late).await.duplicate);
}

/// And no longer, however late the row itself is deleted.
pub async fn dedupe_ends_although_its_row_may_be_there(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    let sent = entry(&conv, "ana", "m1");
    commit(&store, &sent).await;
    let mut later = sent.clone();
    later.at = sent.dedupe_until;
    later.dedupe_until = later.at + 30 * DAY;
    let committed = commit(&store, &later).await;
    assert!(!committed.duplicate);
    assert_eq!(committed.message.seq, seq(2));
    later.at += 1;
    assert_eq!(commit(&store, &later).await.message.seq, seq(2));
}

/// Two senders at once: one may have to try again, none may be lost.
pub async fn concurrent_commits_leave_no_hole(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    let entries: Vec<_> = (0..60)
        .map(|number| entry(&conv, ["ana", "bo"][number % 2], &format!("m{number}")))
        .collect();
    let committed = join_all(entries.iter().map(|entry| commit(&store, entry))).await;
    let mut given: Vec<u64> = committed
        .iter()
        .map(|committed| committed.message.seq.get())
        .collect();
    given.sort_unstable();
    let expected: Vec<u64> = (1..=60).collect();
    assert_eq!(given, expected);
    let page = store.page(&whole(&conv)).await.unwrap();
    assert_eq!(places(&page.messages), expected);
    for committed in &committed {
        assert!(page.messages.contains(&committed.message));
    }
}

/// The same message from two tabs at once.
pub async fn concurrent_copies_commit_once(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    let sent = entry(&conv, "ana", "m1");
    let committed = join_all((0..20).map(|_| commit(&store, &sent))).await;
    let originals = committed.iter().filter(|copy| !copy.duplicate).count();
    assert_eq!(originals, 1);
    assert!(committed.iter().all(|copy| copy.message.seq == seq(1)));
    let page = store.page(&whole(&conv)).await.unwrap();
    assert_eq!(places(&page.messages), [1]);
}

/// Everyone in a conversation has it, nobody else; everybody has the lobby.
pub async fn heads_of_a_user_include_the_lobby(harness: &impl Harness) {
    let store = harness.fresh().await;
    let (two, three) = (
        conversation(&["ana", "bo"]),
        conversation(&["ana", "bo", "cy"]),
    );
    assert!(store.heads_of(&user("ana")).await.unwrap().is_empty());
    filled(&store, &two, 2).await;
    filled(&store, &three, 3).await;
    let expected = [(two.clone(), seq(2)), (three.clone(), seq(3))];
    assert_eq!(store.heads_of(&user("bo")).await.unwrap(), expected.into());
    filled(&store, &ConversationId::lobby(), 1).await;
    let expected = [(three, seq(3)), (ConversationId::lobby(), seq(1))];
    assert_eq!(store.heads_of(&user("cy")).await.unwrap(), expected.into());
    let expected = [(ConversationId::lobby(), seq(1))];
    assert_eq!(store.heads_of(&user("di")).await.unwrap(), expected.into());
}

/// By name, even twice; those without messages are left out.
pub async fn heads_as_asked(harness: &impl Harness) {
    let store = harness.fresh().await;
    let (two, empty) = (conversation(&["ana", "bo"]), conversation(&["ana", "cy"]));
    filled(&store, &two, 2).await;
    let asked = [two.clone(), empty, two.clone()];
    let heads = store.heads(&asked).await.unwrap();
    assert_eq!(heads, [(two, seq(2))].into());
    assert!(store.heads(&[]).await.unwrap().is_empty());
}

/// As many people and as long an id as there may be.
pub async fn the_longest_conversation_fits(harness: &impl Harness) {
    let store = harness.fresh().await;
    for length in [1, 60] {
        let mut people: Vec<String> = Vec::new();
        let mut widest = None;
        for number in 0..MAX_PARTICIPANTS {
            people.push(format!("{number:02}{}", "x".repeat(length)));
            let users: Vec<_> = people.iter().map(|name| user(name)).collect();
            match ConversationId::of(&users) {
                Ok(conv) => widest = Some(conv),
                Err(_) => break,
            }
        }
        let conv = widest.unwrap();
        let first = &conv.participants().unwrap()[0];
        let sent = entry(&conv, first.as_str(), &"m".repeat(MAX_MESSAGE_ID_BYTES));
        commit(&store, &sent).await;
        assert!(commit(&store, &sent).await.duplicate);
        for person in conv.participants().unwrap() {
            let heads = store.heads_of(&person).await.unwrap();
            assert_eq!(heads, [(conv.clone(), seq(1))].into(), "{person}");
        }
    }
}

/// Kinds, references and any text.
pub async fn every_field_survives(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    let mut sent = entry(&conv, "bo", "m1");
    sent.kind = Kind::Other("poll".to_owned());
    sent.content = "line\nNUL\u{0} bidi\u{202E} quote\" \\ 👩‍👩‍👧 e\u{301}\u{301}".to_owned();
    sent.re = Some(MessageId::try_from("m0").unwrap());
    commit(&store, &sent).await;
    let page = store.page(&whole(&conv)).await.unwrap();
    assert_eq!(page.messages, [sent.at_place(seq(1))]);
}

/// Names and ids whose joined keys look alike.
pub async fn hostile_senders_do_not_collide(harness: &impl Harness) {
    let store = harness.fresh().await;
    let names = ["a", "a#b", "#a", "a,b", "a%2Cb", "HEAD", "M#1", "b"];
    let conv = conversation(&names);
    for name in names {
        let committed = commit(&store, &entry(&conv, name, "b")).await;
        assert!(!committed.duplicate, "{name}");
    }
    for name in names {
        let heads = store.heads_of(&user(name)).await.unwrap();
        assert_eq!(heads, [(conv.clone(), seq(8))].into(), "{name}");
    }
}

/// Of one store always the same, of another one another where they can be told apart.
pub async fn the_epoch_is_stable(harness: &impl Harness) {
    let store = harness.fresh().await;
    let epoch = store.epoch().await.unwrap();
    assert!(!epoch.is_empty());
    assert_eq!(store.epoch().await.unwrap(), epoch);
    if let Some(store) = harness.reopened(store).await {
        assert_eq!(store.epoch().await.unwrap(), epoch);
    }
}

/// What was acknowledged is there after a restart, dedupe rows too.
pub async fn the_log_survives_its_process(harness: &impl Harness) {
    let store = harness.fresh().await;
    let conv = conversation(&["ana", "bo"]);
    filled(&store, &conv, 3).await;
    if let Some(store) = harness.reopened(store).await {
        let page = store.page(&whole(&conv)).await.unwrap();
        assert_eq!(places(&page.messages), [1, 2, 3]);
        assert!(commit(&store, &entry(&conv, "ana", "m2")).await.duplicate);
        let next = commit(&store, &entry(&conv, "ana", "m4")).await;
        assert_eq!(next.message.seq, seq(4));
        let heads = store.heads_of(&user("bo")).await.unwrap();
        assert_eq!(heads, [(conv, seq(4))].into());
    }
}
