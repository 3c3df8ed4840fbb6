//! What is stored comes back, in whole transactions, also with two tabs at once.

use switchboard::browser::database::{Answer, Database, Job, KEPT, LOADED, Page};
use switchboard_client::{Mark, StoreOperation};
use switchboard_protocol::ConversationId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::message_id;
use crate::raw_database::{
    fresh, ids, keys, load, load_from, log, pending, places, put, seq, stretch, together, write,
};

#[wasm_bindgen_test]
async fn an_outbox_row_comes_back_until_it_is_removed() {
    let ana = fresh("db-outbox").await;
    let tab = Database::of(&ana);
    assert_eq!(load_from(&tab).await, Default::default());
    write(&tab, put("a")).await;
    write(&tab, put("b")).await;
    let mut failed = pending("a");
    failed.text = "changed \u{0} 😀 \"".to_owned();
    write(&tab, StoreOperation::Put(failed.clone())).await;
    let rows = load(&ana).await;
    assert_eq!(ids(&rows), ["a", "b"]);
    assert!(rows.restored.outbox.contains(&failed));
    write(&tab, StoreOperation::Remove(message_id("a"))).await;
    write(&tab, StoreOperation::Remove(message_id("never"))).await;
    assert_eq!(ids(&load(&ana).await), ["b"]);
}

#[wasm_bindgen_test]
async fn stretches_join_and_take_confirmed_rows_with_them() {
    let ana = fresh("db-log").await;
    let tab = Database::of(&ana);
    for id in ["a", "b", "c", "d"] {
        write(&tab, put(id)).await;
    }
    let confirming = |mut it: switchboard_client::Stretch, id: &str| {
        it.confirmed = vec![message_id(id)];
        log(it)
    };
    write(&tab, confirming(stretch("e", 4, 7), "a")).await;
    write(&tab, confirming(stretch("e", 7, 9), "b")).await;
    let rows = load(&ana).await;
    assert_eq!(places(&rows), (4, 9, vec![5, 6, 7, 8, 9]));
    assert_eq!(rows.restored.logs[0].messages, stretch("e", 4, 9).messages);
    assert_eq!(ids(&rows), ["c", "d"]);
    // Below and apart: what is stored is newer. The row goes all the same.
    write(&tab, confirming(stretch("e", 0, 2), "c")).await;
    let rows = load(&ana).await;
    assert_eq!(places(&rows), (4, 9, vec![5, 6, 7, 8, 9]));
    assert_eq!(ids(&rows), ["d"]);
    // Above and apart: a gap is never declared known.
    write(&tab, log(stretch("e", 20, 22))).await;
    assert_eq!(places(&load(&ana).await), (20, 22, vec![21, 22]));
    // The log was restored from a backup: its numbers begin anew.
    write(&tab, log(stretch("f", 0, 1))).await;
    let rows = load(&ana).await;
    assert_eq!(places(&rows), (0, 1, vec![1]));
    assert_eq!(rows.restored.logs[0].epoch, "f");
    assert_eq!(keys(&ana, "messages").await, r#"[["lobby",1]]"#);
}

#[wasm_bindgen_test]
async fn the_newest_are_loaded_and_more_are_kept_to_be_searched() {
    let ana = fresh("db-kept").await;
    let tab = Database::of(&ana);
    let end = 13 + KEPT;
    // In steps that a slow machine writes within the database's patience.
    let mut from = 10;
    while from < end {
        let through = (from + 250).min(end);
        write(&tab, log(stretch("e", from, through))).await;
        from = through;
    }
    let (after, through, loaded) = places(&load(&ana).await);
    assert_eq!((after, through), (end - LOADED, end));
    assert_eq!(loaded, (end - LOADED + 1..=end).collect::<Vec<_>>());
    // An older page still touches, and changes nothing.
    write(&tab, log(stretch("e", 5, 13))).await;
    let mut scanned = Vec::new();
    let mut below = Some(seq(end + 7));
    while let Some(through) = below {
        let job = Job::Scan(ConversationId::lobby(), through);
        let Ok(Answer::Scanned(page)) = tab.run(&job).await else {
            panic!("no page");
        };
        scanned.extend(page.messages.iter().rev().map(|message| message.seq.get()));
        below = page.below;
    }
    assert_eq!(scanned, (14..=end).rev().collect::<Vec<_>>());
    // Of a log that is not stored there is nothing.
    let job = Job::Scan(ConversationId::try_from("c:a,b").unwrap(), seq(9));
    assert_eq!(tab.run(&job).await, Ok(Answer::Scanned(Page::default())));
}

#[wasm_bindgen_test]
async fn a_mark_only_rises_within_its_log() {
    let ana = fresh("db-marks").await;
    let tab = Database::of(&ana);
    let mark = |epoch: &str, through, tell| Mark {
        conversation: ConversationId::lobby(),
        epoch: epoch.to_owned(),
        through: seq(through),
        tell: seq(tell),
        lowered: 0,
    };
    write(&tab, StoreOperation::Mark(mark("e", 5, 2))).await;
    // Another tab has read less, and may tell of more.
    write(&tab, StoreOperation::Mark(mark("e", 3, 3))).await;
    assert_eq!(load(&ana).await.restored.marks, [mark("e", 5, 3)]);
    write(&tab, StoreOperation::Mark(mark("f", 1, 0))).await;
    assert_eq!(load(&ana).await.restored.marks, [mark("f", 1, 0)]);
    // What goes on above it, or far above, is the same log; one that takes its place is another.
    write(&tab, log(stretch("f", 0, 2))).await;
    write(&tab, log(stretch("f", 7, 9))).await;
    assert_eq!(load(&ana).await.restored.marks, [mark("f", 1, 0)]);
    let replacing = switchboard_client::Stretch {
        replaces: true,
        ..stretch("f", 0, 1)
    };
    write(&tab, log(replacing)).await;
    assert!(load(&ana).await.restored.marks.is_empty());
    write(&tab, StoreOperation::Mark(mark("f", 1, 0))).await;
    let forgotten = tab.run(&Job::Forget(Vec::new())).await;
    assert_eq!(forgotten, Ok(Answer::Done));
    assert!(load(&ana).await.restored.marks.is_empty());
}

#[wasm_bindgen_test]
async fn two_tabs_write_at_once_and_neither_loses() {
    let ana = fresh("db-two-tabs").await;
    let tab = |ids: [&'static str; 2], after: u64| {
        let tab = Database::of(&ana);
        async move {
            for id in ids {
                write(&tab, put(id)).await;
            }
            for at in after..after + 3 {
                write(&tab, log(stretch("e", at, at + 2))).await;
            }
        }
    };
    together(tab(["a", "b"], 0), tab(["c", "d"], 2)).await;
    let rows = load(&ana).await;
    assert_eq!(ids(&rows), ["a", "b", "c", "d"]);
    let (after, through, stored) = places(&rows);
    assert_eq!(through, 6);
    assert_eq!(stored, (after + 1..=6).collect::<Vec<_>>());
}

#[wasm_bindgen_test]
async fn one_tab_alone_may_notify_of_a_message() {
    let ana = fresh("db-notify").await;
    let claim = |at: u64| {
        let tab = Database::of(&ana);
        async move {
            tab.run(&Job::Notify(ConversationId::lobby(), seq(at)))
                .await
        }
    };
    for at in [5, 6, 9] {
        let (one, two) = together(claim(at), claim(at)).await;
        let raised = [one, two]
            .iter()
            .filter(|answer| **answer == Ok(Answer::Raised))
            .count();
        assert_eq!(raised, 1, "{at}");
    }
    assert_eq!(claim(7).await, Ok(Answer::Done));
    // In a restored log the places begin anew.
    let tab = Database::of(&ana);
    write(&tab, log(stretch("e", 0, 9))).await;
    assert_eq!(claim(3).await, Ok(Answer::Done));
    write(&tab, log(stretch("f", 0, 1))).await;
    assert_eq!(claim(1).await, Ok(Answer::Raised));
}

#[wasm_bindgen_test]
async fn signing_out_forgets_the_logs_and_only_the_rows_named() {
    let ana = fresh("db-forget").await;
    let tab = Database::of(&ana);
    for id in ["a", "b", "c"] {
        write(&tab, put(id)).await;
    }
    write(&tab, log(stretch("e", 0, 2))).await;
    let forgotten = tab.run(&Job::Forget(vec![message_id("b")])).await;
    assert_eq!(forgotten, Ok(Answer::Done));
    let rows = load(&ana).await;
    assert_eq!(ids(&rows), ["a", "c"]);
    assert!(rows.restored.logs.is_empty());
    assert_eq!(keys(&ana, "messages").await, "[]");
}
