//! The store in memory against the suite of all stores.

use futures_executor::block_on;
use switchboard_backend::{MemoryStore, store_suite, store_suite::Harness};

struct Memory;

impl Harness for Memory {
    type Store = MemoryStore;

    async fn fresh(&self) -> MemoryStore {
        MemoryStore::new("epoch")
    }

    async fn reopened(&self, _: MemoryStore) -> Option<MemoryStore> {
        None
    }
}

store_suite!(block_on, Memory);
