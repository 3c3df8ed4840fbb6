//! The embedded store: the suite of all stores, and what a file adds.

#![allow(
    clippy::unwrap_used,
    reason = "test helpers may fail; clippy exempts only the tests themselves"
)]

use std::{future::Future, path::Path};

use switchboard_backend::{Store, store_suite::Harness};
use switchboard_gateway::store::{EmbeddedStore, OpenError};

struct Embedded(tempfile::TempDir);

impl Embedded {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Harness for Embedded {
    type Store = EmbeddedStore;

    async fn fresh(&self) -> EmbeddedStore {
        EmbeddedStore::open(self.0.path()).unwrap()
    }

    async fn reopened(&self, store: EmbeddedStore) -> Option<EmbeddedStore> {
        drop(store);
        Some(EmbeddedStore::open(self.0.path()).unwrap())
    }
}

fn run<F: Future<Output = ()>>(case: F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(case);
}

switchboard_backend::store_suite!(run, Embedded::new());

#[test]
fn a_second_process_is_told_that_the_file_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let _first = EmbeddedStore::open(folder.path()).unwrap();
    let second = EmbeddedStore::open(folder.path()).unwrap_err();
    assert!(matches!(second, OpenError::InUse(_)), "{second}");
    assert!(second.to_string().contains("Stop the other gateway"));
}

#[test]
fn a_foreign_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("switchboard.redb");
    std::fs::write(&path, "something else entirely").unwrap();
    let error = EmbeddedStore::open(folder.path()).unwrap_err();
    assert!(matches!(error, OpenError::Unreadable(..)), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"something else entirely");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let error = EmbeddedStore::open(Path::new("/proc/switchboard")).unwrap_err();
    assert!(error.to_string().contains("/proc/switchboard"), "{error}");
}

#[test]
fn fault_52_stores_have_epochs_of_their_own() {
    run(async {
        let (one, two) = (Embedded::new(), Embedded::new());
        let one = one.fresh().await.epoch().await.unwrap();
        assert_ne!(one, two.fresh().await.epoch().await.unwrap());
    });
}
