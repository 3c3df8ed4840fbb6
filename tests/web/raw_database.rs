//! IndexedDB behind the app's back: what another tab, an older app or a broken disk would do.

use js_sys::{Array, Function, Promise};
use switchboard::browser::database::{Answer, Database, Job, Rows, name};
use switchboard_client::{Account, Kind, Pending, StoreOperation, Stretch};
use switchboard_protocol::server::Message;
use switchboard_protocol::{ConversationId, Seq};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::fixture::{account, message_id, user};
use crate::left::Undo;

/// Runs a script as an async function of `name`; it returns what the script returns.
pub(crate) async fn script(name: &str, body: &str) -> JsValue {
    let body = format!("return (async () => {{ {HELPERS} {body} }})()");
    let run = Function::new_with_args("name", &body);
    let promise = run.call1(&JsValue::NULL, &name.into()).unwrap();
    JsFuture::from(promise.unchecked_into::<Promise>())
        .await
        .unwrap()
}

const HELPERS: &str = "
  const ended = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const open = () => ended(indexedDB.open(name));
  const transact = async (work) => {
    const db = await open();
    const tx = db.transaction([...db.objectStoreNames], 'readwrite');
    const result = await work(tx);
    await new Promise((done) => { tx.oncomplete = done; });
    db.close();
    return result;
  };
";

/// The account of a test, whose database is empty.
pub(crate) async fn fresh(who: &str) -> Account {
    let account = Account {
        user: user(who),
        ..account("switchboard")
    };
    script(
        &name(&account),
        "await ended(indexedDB.deleteDatabase(name))",
    )
    .await;
    account
}

/// The keys of a store, as JSON.
pub(crate) async fn keys(account: &Account, store: &str) -> String {
    let body = format!(
        "return JSON.stringify(await transact((tx) => ended(tx.objectStore('{store}').getAllKeys())))"
    );
    script(&name(account), &body).await.as_string().unwrap()
}

/// Puts a raw row.
pub(crate) async fn put_raw(account: &Account, store: &str, key: &str, row: &str) {
    let body =
        format!("await transact((tx) => ended(tx.objectStore('{store}').put({row}, {key})))");
    script(&name(account), &body).await;
}

/// Everything, through a connection of its own.
pub(crate) async fn load(account: &Account) -> Rows {
    load_from(&Database::of(account)).await
}

pub(crate) async fn load_from(database: &Database) -> Rows {
    match database.run(&Job::Load(Vec::new())).await {
        Ok(Answer::Loaded(rows)) => *rows,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn write(database: &Database, operation: StoreOperation) {
    let done = database.run(&Job::Write(operation)).await;
    assert_eq!(done, Ok(Answer::Done));
}

pub(crate) fn put(id: &str) -> StoreOperation {
    StoreOperation::Put(pending(id))
}

pub(crate) fn pending(id: &str) -> Pending {
    Pending {
        id: message_id(id),
        conversation: ConversationId::lobby(),
        kind: Kind::Text,
        text: format!("text of {id}"),
        re: None,
        at: 1,
        minted: 1,
        order: 1,
        failed: None,
    }
}

pub(crate) fn seq(n: u64) -> Seq {
    Seq::try_from(n).unwrap()
}

/// The lobby's places in `(after, through]`, all taken.
pub(crate) fn stretch(epoch: &str, after: u64, through: u64) -> Stretch {
    Stretch {
        conversation: ConversationId::lobby(),
        epoch: epoch.to_owned(),
        after: seq(after),
        through: seq(through),
        messages: (after + 1..=through).map(message).collect(),
        confirmed: Vec::new(),
        replaces: false,
    }
}

fn message(n: u64) -> Message {
    let row = format!(
        r#"{{"conv":"lobby","seq":{n},"id":"m{n}","from":"bo","at":1,"content":"number {n}"}}"#
    );
    Message::parse(&row).unwrap()
}

pub(crate) fn log(stretch: Stretch) -> StoreOperation {
    StoreOperation::Log(Box::new(stretch))
}

/// Ids of the outbox, sorted.
pub(crate) fn ids(rows: &Rows) -> Vec<&str> {
    let mut ids: Vec<&str> = rows
        .restored
        .outbox
        .iter()
        .map(|row| row.id.as_str())
        .collect();
    ids.sort_unstable();
    ids
}

/// `after`, `through` and the places of the one log there is.
pub(crate) fn places(rows: &Rows) -> (u64, u64, Vec<u64>) {
    let [log] = &rows.restored.logs[..] else {
        panic!("{} logs", rows.restored.logs.len());
    };
    let places = log.messages.iter().map(|m| m.seq.get()).collect();
    (log.after.get(), log.through.get(), places)
}

/// Replaces a method of a browser's class for as long as it lives.
pub(crate) struct Patched {
    _undo: Undo,
}

impl Patched {
    /// `body` is a function body with `original`, `self` and `args` in scope.
    pub(crate) fn new(class: &str, method: &str, body: &str) -> Self {
        let patch = format!(
            "const prototype = {class}.prototype;
             const original = prototype.{method};
             let count = 0;
             prototype.{method} = function (...args) {{ const self = this; count += 1; {body} }};
             return () => {{ prototype.{method} = original; }};"
        );
        let restore = Function::new_no_args(&patch).call0(&JsValue::NULL).unwrap();
        let restore: Function = restore.unchecked_into();
        Self {
            _undo: Undo::by(move || {
                restore.call0(&JsValue::NULL).unwrap();
            }),
        }
    }
}

/// Both at once.
pub(crate) async fn together<T: 'static>(
    first: impl Future<Output = T> + 'static,
    second: impl Future<Output = T> + 'static,
) -> (T, T) {
    use std::cell::RefCell;
    use std::rc::Rc;
    let answers: Rc<RefCell<(Option<T>, Option<T>)>> = Rc::new(RefCell::new((None, None)));
    let (one, two) = (answers.clone(), answers.clone());
    let both = Array::of2(
        &wasm_bindgen_futures::future_to_promise(async move {
            let answer = first.await;
            one.borrow_mut().0 = Some(answer);
            Ok(JsValue::UNDEFINED)
        }),
        &wasm_bindgen_futures::future_to_promise(async move {
            let answer = second.await;
            two.borrow_mut().1 = Some(answer);
            Ok(JsValue::UNDEFINED)
        }),
    );
    JsFuture::from(Promise::all(&both)).await.unwrap();
    let (one, two) = answers.take();
    (one.unwrap(), two.unwrap())
}
