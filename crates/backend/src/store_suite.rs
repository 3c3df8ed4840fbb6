//! One suite of tests for every implementation of the store port.
//!
//! An implementation provides a [`Harness`] and expands [`store_suite!`](crate::store_suite!)
//! in one of its test targets; each case becomes a `#[test]` of its own. The cases are plain
//! futures and need no particular runtime. They panic on failure: they are tests.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test code that lives in the library, so that other crates' stores can run it"
)]

pub mod log;
pub mod pages;
pub mod roster;

use std::future::Future;

use switchboard_protocol::{
    ConnectionId, ConversationId, Message, MessageId, Seq, UserId, client::Kind,
};

use crate::store::{Committed, Connection, HelloInfo, NewMessage, Store, StoreError};

/// Makes the stores under test.
pub trait Harness {
    /// The implementation.
    type Store: Store;

    /// An empty store.
    fn fresh(&self) -> impl Future<Output = Self::Store>;

    /// The same store after its process ended; `None` where nothing survives that.
    fn reopened(&self, store: Self::Store) -> impl Future<Output = Option<Self::Store>>;

    /// Whether the sockets are another's, as on Lambda: then their rows outlast this process.
    fn sockets_are_elsewhere(&self) -> bool {
        false
    }
}

/// Expands to one `#[test]` per case: `store_suite!(block_on, MyHarness::new())`, where the
/// first is a function that runs a future to its end.
#[macro_export]
macro_rules! store_suite {
    ($run:path, $harness:expr) => {
        $crate::store_suite!(@cases $run, $harness, roster: [
            rows_are_put_and_found,
            a_user_has_several_connections,
            a_put_replaces_the_row,
            a_connection_may_change_its_user,
            deletion_is_idempotent,
            a_late_410_spares_a_row_put_anew,
            expired_rows_are_not_returned,
            hostile_users_do_not_collide,
            the_longest_ids_fit,
            shards_hold_everyone_once,
            a_crowd_is_counted_and_not_listed,
            sockets_do_not_survive_their_process,
        ]);
        $crate::store_suite!(@cases $run, $harness, log: [
            places_are_gap_free_and_per_conversation,
            a_duplicate_answers_the_original,
            dedupe_is_per_sender_and_conversation,
            dedupe_lasts_as_long_as_asked,
            dedupe_ends_although_its_row_may_be_there,
            concurrent_commits_leave_no_hole,
            concurrent_copies_commit_once,
            heads_of_a_user_include_the_lobby,
            heads_as_asked,
            the_longest_conversation_fits,
            every_field_survives,
            hostile_senders_do_not_collide,
            the_epoch_is_stable,
            the_log_survives_its_process,
        ]);
        $crate::store_suite!(@cases $run, $harness, pages: [
            an_empty_conversation,
            forward_from_a_cursor,
            backward_to_the_beginning,
            the_newest_page,
            limits_are_kept,
            the_byte_budget_is_kept,
            one_large_message_always_fits,
            a_cursor_beyond_the_head,
            conversations_do_not_mix,
        ]);
    };
    (@cases $run:path, $harness:expr, $group:ident: [$($case:ident,)*]) => {
        mod $group {
            #[allow(unused_imports, reason = "the harness may be named in full")]
            use super::*;
            $(
                #[test]
                fn $case() {
                    let harness = $harness;
                    $run($crate::store_suite::$group::$case(&harness));
                }
            )*
        }
    };
}

/// A time to start from, ms since the Unix epoch.
const NOW: u64 = 1_700_000_000_000;
const DAY: u64 = 24 * 60 * 60 * 1000;

fn user(id: &str) -> UserId {
    UserId::try_from(id).unwrap()
}

fn connection_id(id: &str) -> ConnectionId {
    ConnectionId::try_from(id).unwrap()
}

fn conversation(people: &[&str]) -> ConversationId {
    let people: Vec<UserId> = people.iter().map(|id| user(id)).collect();
    ConversationId::of(&people).unwrap()
}

fn row(id: &str, owner: Option<&str>, stamp: u64) -> Connection {
    Connection {
        id: connection_id(id),
        user: owner.map(user),
        established: NOW,
        expires: NOW + 7_500_000,
        hello: owner.map(|_| HelloInfo {
            device: "laptop".to_owned(),
            tab: "1".to_owned(),
        }),
        stamp,
    }
}

fn entry(conv: &ConversationId, from: &str, id: &str) -> NewMessage {
    NewMessage {
        conv: conv.clone(),
        id: MessageId::try_from(id).unwrap(),
        from: user(from),
        at: NOW,
        kind: Kind::Text,
        content: format!("{id} from {from}"),
        re: None,
        dedupe_until: NOW + 30 * DAY,
    }
}

/// Commits, as often as it takes.
async fn commit(store: &impl Store, entry: &NewMessage) -> Committed {
    for _ in 0..10_000 {
        match store.commit(entry).await {
            Ok(committed) => return committed,
            Err(StoreError::Contended) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("contended for ever");
}

/// Fills a conversation with `count` messages m1, m2 …
async fn filled(store: &impl Store, conv: &ConversationId, count: usize) {
    for number in 1..=count {
        commit(store, &entry(conv, "ana", &format!("m{number}"))).await;
    }
}

fn seq(number: u64) -> Seq {
    Seq::try_from(number).unwrap()
}

fn places(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|message| message.seq.get()).collect()
}
