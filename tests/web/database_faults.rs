//! What browsers do to storage: deleted, evicted, blocked, full, broken, from another version.

use std::cell::RefCell;
use std::rc::Rc;

use switchboard::browser::database::{Answer, Database, Job, Rows, name};
use switchboard::browser::store::{Queue, Store};
use switchboard_client::{Account, Kind, Mark, StoreOperation};
use switchboard_protocol::ConversationId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::user;
use crate::raw_database::{
    Patched, fresh, ids, keys, load, load_from, log, places, put, put_raw, script, seq, stretch,
    write,
};
use crate::session::{local_storage, until};

/// Enough for a browser that answers, little for one that does not.
const IMPATIENT: u64 = 50;

async fn fails(database: &Database, id: &str) {
    assert!(database.run(&Job::Write(put(id))).await.is_err(), "{id}");
}

#[wasm_bindgen_test]
async fn another_tab_may_delete_or_upgrade_the_database_at_any_time() {
    let ana = fresh("db-deleted").await;
    let tab = Database::of(&ana);
    write(&tab, put("a")).await;
    // Were the connection not closed on `versionchange`, this would be blocked and not end.
    script(&name(&ana), "await ended(indexedDB.deleteDatabase(name))").await;
    write(&tab, put("b")).await;
    assert_eq!(ids(&load(&ana).await), ["b"]);
}

#[wasm_bindgen_test]
async fn a_newer_app_s_database_is_left_alone() {
    let ana = fresh("db-newer").await;
    let tab = Database::of(&ana);
    write(&tab, put("a")).await;
    script(
        &name(&ana),
        "const request = indexedDB.open(name, 99);
         request.onupgradeneeded = () => request.result.createObjectStore('new');
         (await ended(request)).close();",
    )
    .await;
    fails(&tab, "b").await;
    assert!(!tab.is_lost());
    fails(&tab, "c").await;
    assert!(tab.is_lost());
    let later = Database::of(&ana);
    assert!(later.run(&Job::Load(Vec::new())).await.is_err());
    assert!(later.is_lost(), "what is stored is not known: at once");
    assert_eq!(keys(&ana, "outbox").await, r#"["a"]"#);
}

#[wasm_bindgen_test]
async fn an_older_app_s_database_is_taken_over() {
    let ana = fresh("db-older").await;
    script(
        &name(&ana),
        r#"const request = indexedDB.open(name, 1);
         request.onupgradeneeded = () => {
           for (const store of ['outbox', 'logs', 'messages', 'notified']) {
             request.result.createObjectStore(store);
           }
         };
         (await ended(request)).close();
         await transact((tx) => ended(tx.objectStore('outbox').put(
           '{"id":"a","conversation":"lobby","text":"x","at":1,"order":1}', 'a')));"#,
    )
    .await;
    let tab = Database::of(&ana);
    let rows = load_from(&tab).await;
    assert_eq!((ids(&rows), rows.unreadable), (vec!["a"], 0));
    let row = &rows.restored.outbox[0];
    assert_eq!((&row.kind, &row.re), (&Kind::Text, &None));
    let mark = Mark {
        conversation: ConversationId::lobby(),
        epoch: "e".to_owned(),
        through: seq(1),
        tell: seq(0),
        lowered: 0,
    };
    write(&tab, StoreOperation::Mark(mark.clone())).await;
    assert_eq!(load(&ana).await.restored.marks, [mark]);
}

#[wasm_bindgen_test]
async fn a_blocked_open_is_given_up_and_holds_nothing_when_it_comes_late() {
    let ana = fresh("db-blocked").await;
    write(&Database::of(&ana), put("a")).await;
    // A tab that does not let go, and a deletion that waits for it: our `open` waits too.
    script(
        &name(&ana),
        "globalThis.held = await open();
         globalThis.deletion = ended(indexedDB.deleteDatabase(name));",
    )
    .await;
    let tab = Database::of(&ana).patient(IMPATIENT);
    assert!(tab.run(&Job::Load(Vec::new())).await.is_err());
    assert!(tab.is_lost());
    fails(&tab, "b").await;
    // Now everything is let go: the late connection must not block, and its stores are there.
    script(
        &name(&ana),
        "held.close(); await deletion;
         await transact((tx) => ended(tx.objectStore('outbox').put('{', 'x')));
         await ended(indexedDB.deleteDatabase(name));",
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_connection_that_broke_is_replaced_and_the_job_repeated() {
    let ana = fresh("db-broken").await;
    let tab = Database::of(&ana);
    write(&tab, put("a")).await;
    for (class, method) in [("IDBDatabase", "transaction"), ("IDBObjectStore", "put")] {
        let _once = Patched::new(
            class,
            method,
            "if (count === 1) throw new DOMException('gone', 'InvalidStateError');
             return original.apply(self, args);",
        );
        write(&tab, put(method)).await;
    }
    assert_eq!(ids(&load(&ana).await), ["a", "put", "transaction"]);
}

#[wasm_bindgen_test]
async fn full_storage_fails_the_write_as_a_whole_and_twice_ends_it() {
    let ana = fresh("db-full").await;
    let tab = Database::of(&ana);
    write(&tab, put("a")).await;
    {
        // As a browser does it: the request is taken, then the transaction is aborted.
        let _full = Patched::new(
            "IDBObjectStore",
            "put",
            "const request = original.apply(self, args); self.transaction.abort(); return request;",
        );
        let both = Job::Write(log(stretch("e", 0, 2)));
        assert!(tab.run(&both).await.is_err());
        assert!(!tab.is_lost());
        fails(&tab, "b").await;
        assert!(tab.is_lost());
    }
    fails(&tab, "c").await;
    let rows = load(&ana).await;
    assert_eq!(ids(&rows), ["a"]);
    assert!(rows.restored.logs.is_empty());
}

#[wasm_bindgen_test]
async fn one_failure_is_forgiven() {
    let ana = fresh("db-forgiven").await;
    let tab = Database::of(&ana);
    for id in ["a", "b", "c"] {
        {
            let _full = Patched::new("IDBObjectStore", "put", "throw new Error('full')");
            fails(&tab, id).await;
        }
        write(&tab, put(id)).await;
    }
    assert_eq!(ids(&load(&ana).await), ["a", "b", "c"]);
}

#[wasm_bindgen_test]
async fn a_storage_that_never_answers_is_not_waited_for() {
    let ana = fresh("db-hangs").await;
    let tab = Database::of(&ana).patient(IMPATIENT);
    let _hangs = Patched::new(
        "IDBFactory",
        "open",
        "return Object.create(IDBOpenDBRequest.prototype, {
           onsuccess: { set() {} }, onerror: { set() {} }, onupgradeneeded: { set() {} },
         })",
    );
    fails(&tab, "a").await;
}

#[wasm_bindgen_test]
async fn rows_that_cannot_be_read_stay_where_they_are() {
    let ana = fresh("db-corrupt").await;
    let tab = Database::of(&ana);
    write(&tab, put("a")).await;
    put_raw(&ana, "outbox", "'broken'", "'{'").await;
    put_raw(&ana, "outbox", "'other'", "{ id: 'other' }").await;
    write(&tab, log(stretch("e", 0, 3))).await;
    let rows = load(&ana).await;
    assert_eq!((ids(&rows), rows.unreadable), (vec!["a"], 2));
    assert_eq!(places(&rows).2, [1, 2, 3]);
    put_raw(&ana, "messages", "['lobby', 2]", "'{}'").await;
    let rows = load(&ana).await;
    assert!(rows.is_log_broken);
    assert_eq!((ids(&rows), rows.unreadable), (vec!["a"], 2));
    // The log is the server's and fetched again; the outbox nobody else has.
    assert_eq!(keys(&ana, "messages").await, "[]");
    assert_eq!(keys(&ana, "outbox").await, r#"["a","broken","other"]"#);
    let rows = load_from(&tab).await;
    assert!(!rows.is_log_broken);
}

/// What an app before IndexedDB left.
fn older_row(account: &Account, id: &str, row: &str) {
    let Account {
        profile, endpoint, ..
    } = account;
    let user = &account.user;
    let key = format!(
        "switchboard.outbox\0{}\0{endpoint}\0{user}\0{id}",
        profile.id
    );
    local_storage().set_item(&key, row).unwrap();
}

fn older_rows() -> usize {
    let storage = local_storage();
    (0..storage.length().unwrap())
        .filter_map(|at| storage.key(at).unwrap())
        .filter(|key| key.starts_with("switchboard.outbox\0"))
        .count()
}

async fn restore(account: &Account) -> Result<Rows, Rows> {
    let queue = Rc::<Queue>::default();
    let store = Store::of(account, &queue);
    let answer: Rc<RefCell<Option<Result<Rows, Rows>>>> = Rc::default();
    let told = answer.clone();
    store.load(move |rows| *told.borrow_mut() = Some(rows));
    until(|| answer.borrow().is_some()).await;
    answer.take().unwrap()
}

#[wasm_bindgen_test]
async fn an_older_outbox_moves_over_and_nobody_else_s() {
    local_storage().clear().unwrap();
    let ana = fresh("db-older").await;
    let bo = Account {
        user: user("db-older-b"),
        ..ana.clone()
    };
    let row = |id: &str| {
        format!(
            r#"{{"id":"{id}","conversation":"lobby","text":"x","at":1,"order":1,"failed":null}}"#
        )
    };
    older_row(&ana, "a", &row("a"));
    older_row(&ana, "b", &row("b"));
    older_row(&ana, "odd", "{");
    older_row(&bo, "c", &row("c"));
    {
        // Without a database they are shown, and stay.
        let _none = Patched::new("IDBFactory", "open", "throw new Error('forbidden')");
        let rows = restore(&ana).await.unwrap_err();
        assert_eq!((ids(&rows), rows.unreadable), (vec!["a", "b"], 1));
        assert_eq!(older_rows(), 4);
    }
    let rows = restore(&ana).await.unwrap();
    assert_eq!((ids(&rows), rows.unreadable), (vec!["a", "b"], 1));
    assert_eq!(older_rows(), 1);
    assert_eq!(keys(&ana, "outbox").await, r#"["a","b","odd"]"#);
    // Once moved they are ordinary rows.
    let rows = restore(&ana).await.unwrap();
    assert_eq!(ids(&rows), ["a", "b"]);
    assert_eq!(older_rows(), 1);
    local_storage().clear().unwrap();
}

#[wasm_bindgen_test]
async fn a_browser_without_the_interface_is_told_apart_from_an_empty_one() {
    let ana = fresh("db-missing").await;
    script(
        "",
        "globalThis.property = Object.getOwnPropertyDescriptor(window, 'indexedDB');
         Object.defineProperty(window, 'indexedDB', { value: undefined, configurable: true })",
    )
    .await;
    let tab = Database::of(&ana);
    let answer = tab.run(&Job::Load(Vec::new())).await;
    script("", "Object.defineProperty(window, 'indexedDB', property)").await;
    assert!(answer.is_err());
    assert!(matches!(
        Database::of(&ana).run(&Job::Load(Vec::new())).await,
        Ok(Answer::Loaded(_))
    ));
}
