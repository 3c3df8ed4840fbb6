//! Cases of the roster.

use std::slice;

use switchboard_protocol::limits::MAX_USER_ID_BYTES;

use super::{Harness, NOW, connection_id, row, user};
use crate::store::{Connection, Gathering, Shard, Store};

fn ids(rows: &[Connection]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

/// By id, by user, and all of them.
pub async fn rows_are_put_and_found(harness: &impl Harness) {
    let store = harness.fresh().await;
    let (ana, nobody) = (row("a=", Some("ana"), 1), row("n=", None, 2));
    store.put_connection(&ana).await.unwrap();
    store.put_connection(&nobody).await.unwrap();
    let found = store.connection(&ana.id, NOW).await.unwrap();
    assert_eq!(found.as_ref(), Some(&ana));
    let found = store.connection(&nobody.id, NOW).await.unwrap();
    assert_eq!(found.as_ref(), Some(&nobody));
    let absent = store.connection(&connection_id("x="), NOW).await.unwrap();
    assert_eq!(absent, None);
    let of_ana = store.connections_of(&user("ana"), NOW).await.unwrap();
    assert_eq!(of_ana, slice::from_ref(&ana));
    let of_bo = store.connections_of(&user("bo"), NOW).await.unwrap();
    assert_eq!(of_bo, []);
    assert_eq!(store.connections(NOW).await.unwrap(), [ana, nobody]);
}

/// Removing one leaves the others.
pub async fn a_user_has_several_connections(harness: &impl Harness) {
    let store = harness.fresh().await;
    for id in ["a3=", "a1=", "a2="] {
        store
            .put_connection(&row(id, Some("ana"), 1))
            .await
            .unwrap();
    }
    store
        .put_connection(&row("b1=", Some("bo"), 1))
        .await
        .unwrap();
    let of_ana = store.connections_of(&user("ana"), NOW).await.unwrap();
    assert_eq!(ids(&of_ana), ["a1=", "a2=", "a3="]);
    store
        .delete_connection(&connection_id("a2="))
        .await
        .unwrap();
    let of_ana = store.connections_of(&user("ana"), NOW).await.unwrap();
    assert_eq!(ids(&of_ana), ["a1=", "a3="]);
    assert_eq!(
        ids(&store.connections(NOW).await.unwrap()),
        ["a1=", "a3=", "b1="]
    );
}

/// `hello` puts the row again.
pub async fn a_put_replaces_the_row(harness: &impl Harness) {
    let store = harness.fresh().await;
    let silent = Connection {
        hello: None,
        ..row("a=", Some("ana"), 1)
    };
    let greeted = row("a=", Some("ana"), 2);
    store.put_connection(&silent).await.unwrap();
    store.put_connection(&greeted).await.unwrap();
    let of_ana = store.connections_of(&user("ana"), NOW).await.unwrap();
    assert_eq!(of_ana, slice::from_ref(&greeted));
    assert_eq!(store.connections(NOW).await.unwrap(), [greeted]);
}

/// Does not happen today; must not leave a row behind if it ever does.
pub async fn a_connection_may_change_its_user(harness: &impl Harness) {
    let store = harness.fresh().await;
    store
        .put_connection(&row("a=", Some("ana"), 1))
        .await
        .unwrap();
    store
        .put_connection(&row("a=", Some("bo"), 2))
        .await
        .unwrap();
    assert_eq!(store.connections_of(&user("ana"), NOW).await.unwrap(), []);
    let of_bo = store.connections_of(&user("bo"), NOW).await.unwrap();
    assert_eq!(ids(&of_bo), ["a="]);
}

/// The first deletion gives the row, the second nothing.
pub async fn deletion_is_idempotent(harness: &impl Harness) {
    let store = harness.fresh().await;
    let ana = row("a=", Some("ana"), 1);
    store.put_connection(&ana).await.unwrap();
    let first = store.delete_connection(&ana.id).await.unwrap();
    assert_eq!(first.as_ref(), Some(&ana));
    let second = store.delete_connection(&ana.id).await.unwrap();
    assert_eq!(second, None);
    assert!(!store.delete_connection_if(&ana).await.unwrap());
    assert_eq!(store.connections_of(&user("ana"), NOW).await.unwrap(), []);
    assert_eq!(store.connections(NOW).await.unwrap(), []);
}

/// The conditional delete compares what was read with what is there now.
pub async fn a_late_410_spares_a_row_put_anew(harness: &impl Harness) {
    let store = harness.fresh().await;
    let seen = row("a=", Some("ana"), 1);
    let anew = row("a=", Some("ana"), 2);
    store.put_connection(&seen).await.unwrap();
    store.put_connection(&anew).await.unwrap();
    assert!(!store.delete_connection_if(&seen).await.unwrap());
    assert_eq!(
        store.connections(NOW).await.unwrap(),
        slice::from_ref(&anew)
    );
    assert!(store.delete_connection_if(&anew).await.unwrap());
    assert_eq!(store.connections(NOW).await.unwrap(), []);
}

/// Expiry deletes late, so every read must look at it.
pub async fn expired_rows_are_not_returned(harness: &impl Harness) {
    let store = harness.fresh().await;
    let old = row("a=", Some("ana"), 1);
    let young = Connection {
        expires: old.expires + 1,
        ..row("b=", Some("ana"), 2)
    };
    store.put_connection(&old).await.unwrap();
    store.put_connection(&young).await.unwrap();
    let then = old.expires;
    assert!(store.connection(&old.id, then - 1).await.unwrap().is_some());
    assert_eq!(store.connection(&old.id, then).await.unwrap(), None);
    let of_ana = store.connections_of(&user("ana"), then).await.unwrap();
    assert_eq!(of_ana, slice::from_ref(&young));
    assert_eq!(
        store.connections(then).await.unwrap(),
        slice::from_ref(&young)
    );
    // And one read of the whole must not resurrect or lose anything.
    let of_ana = store.connections_of(&user("ana"), then).await.unwrap();
    assert_eq!(of_ana, [young]);
}

/// Ids with the separators of the key design in them.
pub async fn hostile_users_do_not_collide(harness: &impl Harness) {
    let store = harness.fresh().await;
    let names = [
        "a",
        "a#CONN",
        "a#CONN#x=",
        "USER#a",
        "#",
        "%",
        "a,b",
        "a\\",
        "😀",
        "ä",
    ];
    for (number, name) in names.iter().enumerate() {
        let id = format!("c{number}#=");
        store
            .put_connection(&row(&id, Some(name), 1))
            .await
            .unwrap();
    }
    for (number, name) in names.iter().enumerate() {
        let found = store.connections_of(&user(name), NOW).await.unwrap();
        assert_eq!(ids(&found), [format!("c{number}#=")], "{name}");
    }
    assert_eq!(store.connections(NOW).await.unwrap().len(), names.len());
}

/// As long as the types allow, with all that a key puts before them.
pub async fn the_longest_ids_fit(harness: &impl Harness) {
    let store = harness.fresh().await;
    let longest = row(
        &"#".repeat(128),
        Some(&"ä".repeat(MAX_USER_ID_BYTES / 2)),
        u64::MAX,
    );
    store.put_connection(&longest).await.unwrap();
    let found = store.connection(&longest.id, NOW).await.unwrap();
    assert_eq!(found.as_ref(), Some(&longest));
    let user = longest.user.as_ref().unwrap();
    let of_user = store.connections_of(user, NOW).await.unwrap();
    assert_eq!(of_user, slice::from_ref(&longest));
    assert!(store.delete_connection_if(&longest).await.unwrap());
    assert_eq!(store.connections(NOW).await.unwrap(), []);
}

/// Where the store outlives the process that holds the sockets, their rows must not.
pub async fn sockets_do_not_survive_their_process(harness: &impl Harness) {
    let store = harness.fresh().await;
    store
        .put_connection(&row("a=", Some("ana"), 1))
        .await
        .unwrap();
    if let Some(store) = harness.reopened(store).await {
        let left = usize::from(harness.sockets_are_elsewhere());
        assert_eq!(store.connections(NOW).await.unwrap().len(), left);
        let of_ana = store.connections_of(&user("ana"), NOW).await.unwrap();
        assert_eq!(of_ana.len(), left);
    }
}

/// A connection is in one shard, however many there are, and expired ones are in none.
pub async fn shards_hold_everyone_once(harness: &impl Harness) {
    let store = harness.fresh().await;
    let mut expired = row("expired=", Some("ana"), 1);
    expired.expires = NOW;
    store.put_connection(&expired).await.unwrap();
    for number in 0..40 {
        let row = row(&format!("c{number:02}="), Some("ana"), 1);
        store.put_connection(&row).await.unwrap();
    }
    let everyone = store.connections(NOW).await.unwrap();
    for count in [1, 2, 4, 64] {
        let mut found = Vec::new();
        for shard in Shard::all(count, 1) {
            let part = store.connections_in(shard, NOW).await.unwrap();
            assert!(part.is_sorted_by_key(|row| row.id.clone()));
            found.extend(part);
        }
        found.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        assert_eq!(found, everyone, "{count}");
    }
    let gone = &everyone[7];
    assert!(store.delete_connection_if(gone).await.unwrap());
    for shard in Shard::all(4, 1) {
        let part = store.connections_in(shard, NOW).await.unwrap();
        assert!(!part.contains(gone));
    }
}

/// Up to as many as asked for they are listed; above it about how many there are is told.
pub async fn a_crowd_is_counted_and_not_listed(harness: &impl Harness) {
    let store = harness.fresh().await;
    let none = store.connections_up_to(0, NOW).await.unwrap();
    assert_eq!(none, Gathering::All(Vec::new()));
    for number in 0..40 {
        let mut row = row(&format!("c{number:02}="), None, 1);
        if number >= 30 {
            row.expires = NOW;
        }
        store.put_connection(&row).await.unwrap();
    }
    let everyone = store.connections(NOW).await.unwrap();
    assert_eq!(everyone.len(), 30);
    for most in [30, 31, 1000] {
        let all = store.connections_up_to(most, NOW).await.unwrap();
        assert_eq!(all, Gathering::All(everyone.clone()), "{most}");
    }
    let Gathering::Crowd(crowd) = store.connections_up_to(29, NOW).await.unwrap() else {
        panic!("there are more than 29");
    };
    assert_eq!(crowd, 30);
    for most in [0, 1, 3] {
        let Gathering::Crowd(crowd) = store.connections_up_to(most, NOW).await.unwrap() else {
            panic!("there are more than {most}");
        };
        assert!(crowd > most, "{crowd}");
    }
}
