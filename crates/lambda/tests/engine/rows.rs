//! What is special about rows in DynamoDB: answers end at 1 MB, and expired rows stay.

use aws_sdk_dynamodb::types::AttributeValue;
use switchboard_backend::{
    Store,
    store::{Connection, HelloInfo, PageRequest, Place, place},
};
use switchboard_protocol::{ConnectionId, ConversationId, UserId};

use crate::{
    run,
    table::Table,
    words::{NOW, connection, count, message},
};

/// 30 of 40 KB each.
const MANY: u64 = 30;
const LARGE: usize = 40 * 1024;

#[test]
fn a_page_goes_on_where_a_query_ends_at_1_mb() {
    run(async {
        let (store, wire) = Table::create().await.store();
        for number in 1..=MANY {
            let mut sent = message("ana", &format!("m{number}"));
            sent.content = "x".repeat(LARGE);
            store.commit(&sent).await.unwrap();
        }
        wire.counts();
        for place in [Place::Newest, Place::After(0.try_into().unwrap())] {
            let request = PageRequest {
                conv: ConversationId::lobby(),
                place,
                limit: 100,
                max_bytes: usize::MAX,
            };
            let page = store.page(&request).await.unwrap();
            let places: Vec<u64> = page.messages.iter().map(|row| row.seq.get()).collect();
            assert_eq!(places, (1..=MANY).collect::<Vec<_>>());
            let counts = wire.counts();
            assert_eq!((count(&counts, "GetItem"), count(&counts, "Query")), (1, 2));
        }
    });
}

#[test]
fn a_roster_above_1_mb_is_read_whole() {
    run(async {
        let (store, wire) = Table::create().await.store();
        // All in one partition.
        let ids: Vec<String> = (0..)
            .map(|number| format!("c{number}="))
            .take(1000)
            .collect();
        let mut first_quarter = ids.iter().filter(|id| {
            let id = ConnectionId::try_from(id.as_str()).unwrap();
            place(&id) < 1 << 14
        });
        for _ in 0..MANY {
            let row = Connection {
                hello: Some(HelloInfo {
                    device: "d".repeat(LARGE),
                    tab: "t".to_owned(),
                }),
                ..connection(first_quarter.next().unwrap(), "ana")
            };
            store.put_connection(&row).await.unwrap();
        }
        wire.counts();
        let ana = UserId::try_from("ana").unwrap();
        let found = store.connections_of(&ana, NOW).await.unwrap();
        assert_eq!(found.len(), MANY as usize);
        assert_eq!(count(&wire.counts(), "Query"), 2);
        assert_eq!(store.connections(NOW).await.unwrap().len(), MANY as usize);
        assert!(count(&wire.counts(), "Query") > 4);
    });
}

#[test]
fn an_expired_row_is_still_there_and_does_not_count() {
    run(async {
        let table = Table::create().await;
        let (store, _) = table.store();
        let row = connection("a=", "ana");
        store.put_connection(&row).await.unwrap();
        let then = row.expires;
        assert_eq!(store.connection(&row.id, then).await.unwrap(), None);
        assert_eq!(store.connections(then).await.unwrap(), []);
        let ana = UserId::try_from("ana").unwrap();
        assert_eq!(store.connections_of(&ana, then).await.unwrap(), []);
        let (client, _) = table.client();
        let key = || AttributeValue::S("CONN#a=".to_owned());
        let raw = client.get_item().table_name(&table.name);
        let raw = raw.key("PK", key()).key("SK", key()).send().await.unwrap();
        let raw = raw.item.expect("the engine has not deleted it");
        // In seconds, and not before it has expired.
        let expected = then.div_ceil(1000).to_string();
        assert_eq!(raw["ttl"], AttributeValue::N(expected));
    });
}

/// A crash between two deletions leaves one; the next 410 finds it by the user.
#[test]
fn a_row_left_over_is_met_by_the_next_410() {
    run(async {
        let table = Table::create().await;
        let (store, _) = table.store();
        let row = connection("a=", "ana");
        store.put_connection(&row).await.unwrap();
        let (client, _) = table.client();
        let key = || AttributeValue::S("CONN#a=".to_owned());
        let raw = client.delete_item().table_name(&table.name);
        raw.key("PK", key()).key("SK", key()).send().await.unwrap();
        let ana = UserId::try_from("ana").unwrap();
        assert_eq!(store.connections_of(&ana, NOW).await.unwrap().len(), 1);
        assert!(store.delete_connection_if(&row).await.unwrap());
        assert_eq!(store.connections_of(&ana, NOW).await.unwrap(), []);
        assert_eq!(store.connections(NOW).await.unwrap(), []);
        assert!(!store.delete_connection_if(&row).await.unwrap());
    });
}

#[test]
fn another_table_is_another_epoch() {
    run(async {
        let (one, two) = (Table::create().await, Table::create().await);
        let first = one.store().0.epoch().await.unwrap();
        assert_eq!(one.store().0.epoch().await.unwrap(), first);
        assert_ne!(two.store().0.epoch().await.unwrap(), first);
    });
}

#[test]
fn a_missing_table_is_named() {
    run(async {
        let mut table = Table::create().await;
        table.name = "nowhere".to_owned();
        let id = ConnectionId::try_from("a=").unwrap();
        let error = table.store().0.connection(&id, NOW).await.unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("GetItem: ResourceNotFoundException"),
            "{error}"
        );
    });
}
