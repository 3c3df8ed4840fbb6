//! The suite of all stores.

use switchboard_backend::{store_suite, store_suite::Harness};
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
