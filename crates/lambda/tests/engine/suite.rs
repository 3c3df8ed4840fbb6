//! The suite of all stores.

use switchboard_backend::{store_suite, store_suite::Harness};
use switchboard_identity::test_support;
use switchboard_lambda::DynamoStore;
use tokio::sync::OnceCell;

use crate::{run, table::Table};

#[derive(Default)]
struct Dynamo(OnceCell<Table>);

impl Harness for Dynamo {
    type Store = DynamoStore;

    async fn fresh(&self) -> DynamoStore {
        self.0.get_or_init(Table::create).await.store().0
    }

    async fn reopened(&self, _: DynamoStore) -> Option<DynamoStore> {
        Some(self.fresh().await)
    }

    fn sockets_are_elsewhere(&self) -> bool {
        true
    }
}

store_suite!(run, Dynamo::default());

#[test]
fn tickets_pass_the_suite_of_tickets() {
    run(async {
        let (tickets, wire) = Table::for_tickets().await.tickets();
        test_support::tickets::run(&tickets).await;
        // A ticket is one write and one delete, and never a read.
        let counts = wire.counts();
        let operations: Vec<&str> = counts.keys().map(String::as_str).collect();
        assert_eq!(operations, ["DeleteItem", "PutItem"]);
        let file = include_str!("../../../../serverless/operations.txt");
        let ticket = file.lines().filter(|line| line.starts_with("ticket "));
        assert!(ticket.clone().all(|line| line.ends_with(" 1")) && ticket.count() == 2);
        assert_eq!(counts["PutItem"], 5);
    });
}
