//! Someone else is between two requests of ours. The wire decides when, so nothing is left to
//! chance.

use std::sync::Arc;

use switchboard_backend::{
    Store,
    store::{Connection, PageRequest, Place, StoreError},
};
use switchboard_protocol::{ConversationId, Seq, UserId};

use crate::{
    run,
    support::wire::Act,
    table::Table,
    words::{NOW, connection, count, message},
};

const COMMIT: &str = "TransactWriteItems";

#[test]
fn two_senders_at_once_take_two_places() {
    run(async {
        let table = Table::create().await;
        let (other, _) = table.store();
        let (store, wire) = table.store();
        let theirs = message("bo", "m1");
        let first = async move { drop(other.commit(&theirs).await.unwrap()) };
        wire.plan(COMMIT, Act::Before(Box::pin(first)));
        let ours = message("ana", "m1");
        assert_eq!(store.commit(&ours).await, Err(StoreError::Contended));
        let committed = store.commit(&ours).await.unwrap();
        assert_eq!(committed.message.seq.get(), 2);
        assert!(!committed.duplicate);
    });
}

#[test]
fn a_place_that_was_foreseen_is_taken_by_one() {
    run(async {
        let (store, wire) = Table::create().await.store();
        let lobby = ConversationId::lobby();
        let row = connection("a1=", "ana");
        let foreseen = store.connection_and_last(&row.id, &lobby, NOW).await;
        assert_eq!(foreseen, Ok((None, Some(Seq::default()))));
        let last = Seq::default();
        store.put_connection(&row).await.unwrap();
        wire.counts();
        let committed = store.commit_after(&message("bo", "m1"), last).await;
        assert_eq!(committed.unwrap().message.seq.get(), 1);
        // Nothing was read.
        assert_eq!(wire.counts(), [(COMMIT.to_owned(), 1)].into());
        let late = store.commit_after(&message("ana", "m2"), last).await;
        assert_eq!(late, Err(StoreError::Contended));
        // Behind a place that is none, likewise.
        let beyond = Seq::try_from(9).unwrap();
        let early = store.commit_after(&message("ana", "m2"), beyond).await;
        assert_eq!(early, Err(StoreError::Contended));
        // The same message again is the same, whatever was foreseen.
        let again = store
            .commit_after(&message("bo", "m1"), last)
            .await
            .unwrap();
        assert!(again.duplicate);
        wire.counts();
        let foreseen = store.connection_and_last(&row.id, &lobby, NOW).await;
        assert_eq!(
            foreseen,
            Ok((Some(row.clone()), Some(1.try_into().unwrap())))
        );
        assert_eq!(wire.counts(), [("BatchGetItem".to_owned(), 1)].into());
        // One that has expired is none.
        let late = store
            .connection_and_last(&row.id, &lobby, row.expires)
            .await;
        assert_eq!(late.unwrap().0, None);
    });
}

#[test]
fn the_same_message_from_two_tabs_is_one() {
    run(async {
        let table = Table::create().await;
        let (other, _) = table.store();
        let (store, wire) = table.store();
        let sent = message("ana", "m1");
        let theirs = sent.clone();
        let first = async move { drop(other.commit(&theirs).await.unwrap()) };
        wire.plan(COMMIT, Act::Before(Box::pin(first)));
        let committed = store.commit(&sent).await.unwrap();
        assert!(committed.duplicate);
        assert_eq!(committed.message, sent.at_place(1.try_into().unwrap()));
        // The cancelled transaction gave the old row: nothing had to be looked for.
        let counts = wire.counts();
        assert_eq!((count(&counts, COMMIT), count(&counts, "GetItem")), (1, 2));
    });
}

#[test]
fn a_lost_answer_is_no_second_message() {
    run(async {
        let (store, wire) = Table::create().await.store();
        wire.plan(COMMIT, Act::LoseAnswer);
        let committed = store.commit(&message("ana", "m1")).await.unwrap();
        assert_eq!(committed.message.seq.get(), 1);
        assert_eq!(count(&wire.counts(), COMMIT), 2);
        let next = store.commit(&message("ana", "m2")).await.unwrap();
        assert_eq!(next.message.seq.get(), 2);
    });
}

#[test]
fn a_row_put_anew_meanwhile_is_spared_by_a_late_410() {
    run(async {
        let table = Table::create().await;
        let (store, wire) = table.store();
        let seen = connection("a=", "ana");
        let anew = Connection {
            stamp: 2,
            ..seen.clone()
        };
        // Whichever of the three deletions the hello comes before.
        for before in 0..3 {
            store.put_connection(&seen).await.unwrap();
            let (other, _) = table.store();
            let row = anew.clone();
            let hello = async move { other.put_connection(&row).await.unwrap() };
            for _ in 0..before {
                wire.plan("DeleteItem", Act::Before(Box::pin(async {})));
            }
            wire.plan("DeleteItem", Act::Before(Box::pin(hello)));
            store.delete_connection_if(&seen).await.unwrap();
            let found = store.connection(&seen.id, NOW).await.unwrap();
            assert_eq!(found.as_ref(), Some(&anew));
            let ana = UserId::try_from("ana").unwrap();
            let found = store.connections_of(&ana, NOW).await.unwrap();
            assert_eq!(found, std::slice::from_ref(&anew));
            let found = store.connections(NOW).await.unwrap();
            assert_eq!(found, std::slice::from_ref(&anew));
        }
    });
}

#[test]
fn a_page_covers_nothing_that_came_while_it_was_read() {
    run(async {
        let table = Table::create().await;
        let (other, _) = table.store();
        let other = Arc::new(other);
        let (store, wire) = table.store();
        store.commit(&message("ana", "m1")).await.unwrap();
        let late = async move { drop(other.commit(&message("bo", "m2")).await.unwrap()) };
        wire.plan("Query", Act::Before(Box::pin(late)));
        let request = PageRequest {
            conv: ConversationId::lobby(),
            place: Place::After(0.try_into().unwrap()),
            limit: 10,
            max_bytes: usize::MAX,
        };
        let page = store.page(&request).await.unwrap();
        assert_eq!(page.messages.len(), 1);
        assert_eq!((page.covered.get(), page.head.get()), (1, 1));
        let page = store.page(&request).await.unwrap();
        assert_eq!((page.covered.get(), page.head.get()), (2, 2));
    });
}
