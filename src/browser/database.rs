//! One account's messages in IndexedDB: the outbox, the newest part of each log, and how far
//! people were notified.
//!
//! Storage may be absent, full, blocked by another tab or evicted at any moment. So every job has
//! its deadlines, a failed one is repeated once on a fresh connection, and two failures in a row
//! end it: from then on every job fails at once and the chat goes on without storage.

mod deadline;
mod job;
mod restore;
mod upgrade;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect};
use switchboard_client::{Account, StoreError};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbTransaction, window};

use deadline::Deadline;
pub use job::{Answer, Job, Page};
pub use restore::{KEPT, LOADED, Rows};

/// How long a job may take, ms; a composer is not kept full for longer.
const PATIENCE: u64 = 3_000;

/// Failures in a row after which storage is given up for good.
const FAILURES: u8 = 2;

/// The database of one account: its user, endpoint and profile. Another's is never seen.
pub struct Database {
    name: String,
    /// The connection, while there is one.
    connection: Rc<RefCell<Option<IdbDatabase>>>,
    /// Lets go of the connection: another tab wants to upgrade or delete the database
    /// (`versionchange`), or the browser has evicted it (`close`).
    let_go: Closure<dyn FnMut()>,
    failures: Cell<u8>,
    patience: u64,
}

impl Database {
    /// The account's database. Nothing is opened yet.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        let connection = Rc::<RefCell<Option<IdbDatabase>>>::default();
        let held = connection.clone();
        Self {
            name: name(account),
            connection,
            let_go: Closure::new(move || {
                if let Some(database) = held.take() {
                    database.close();
                }
            }),
            failures: Cell::new(0),
            patience: PATIENCE,
        }
    }

    /// Gives a job `ms` milliseconds instead of three seconds.
    #[must_use]
    pub fn patient(mut self, ms: u64) -> Self {
        self.patience = ms;
        self
    }

    /// Carries out one job in one transaction. The caller waits for the answer before the next.
    ///
    /// # Errors
    /// When storage is absent, forbidden, full, or does not answer within three seconds.
    pub async fn run(&self, job: &Job) -> Result<Answer, StoreError> {
        // What is to be deleted is asked for all the same: it may be a new day.
        if self.is_lost() && !matches!(job, Job::Forget(_)) {
            return Err(StoreError("the browser’s storage has failed".to_owned()));
        }
        // Half the patience each: a page that slept finds the first one's run out at once.
        let mut answer = self.once(job, &Deadline::in_ms(self.patience / 2)).await;
        if answer.is_err() {
            self.close();
            answer = self.once(job, &Deadline::in_ms(self.patience / 2)).await;
        }
        let failures = match &answer {
            Ok(_) => 0,
            // What is stored is not known then, and nothing more may be stored past it.
            Err(_) if matches!(job, Job::Load(_)) => FAILURES,
            Err(_) => self.failures.get() + 1,
        };
        self.failures.set(failures);
        answer.map_err(|_| {
            self.close();
            StoreError("the browser’s storage is full, forbidden or does not answer".to_owned())
        })
    }

    /// Whether storage was given up.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.failures.get() >= FAILURES
    }

    async fn once(&self, job: &Job, deadline: &Deadline) -> Result<Answer, JsValue> {
        let database = self.connect(deadline).await?;
        let transaction = begin(&database, job)?;
        let mut done = job::carry_out(job, &transaction, deadline).await;
        if done.is_ok()
            && let Err(error) = deadline.complete(&transaction).await
        {
            done = Err(error);
        }
        if done.is_err() {
            // Neither a half of it nor what is said to have failed must be committed.
            let _aborted = transaction.abort();
        }
        done
    }

    async fn connect(&self, deadline: &Deadline) -> Result<IdbDatabase, JsValue> {
        if let Some(database) = &*self.connection.borrow() {
            return Ok(database.clone());
        }
        let factory = window()
            .and_then(|window| window.indexed_db().ok().flatten())
            .ok_or(JsValue::UNDEFINED)?;
        let request = factory.open_with_u32(&self.name, upgrade::VERSION)?;
        upgrade::install(&request);
        match deadline.request(&request).await {
            Ok(database) => {
                let database: IdbDatabase = database.unchecked_into();
                let let_go = self.let_go.as_ref().unchecked_ref();
                database.set_onversionchange(Some(let_go));
                database.set_onclose(Some(let_go));
                *self.connection.borrow_mut() = Some(database.clone());
                Ok(database)
            }
            Err(error) => {
                // It may still open, once another tab lets go; nobody would close it then.
                let opened = request.clone();
                let close = Closure::once_into_js(move || {
                    if let Ok(database) = opened.result() {
                        database.unchecked_ref::<IdbDatabase>().close();
                    }
                });
                request.set_onsuccess(Some(close.unchecked_ref()));
                Err(error)
            }
        }
    }

    /// Closes the connection; the next job opens another.
    fn close(&self) {
        if let Some(database) = self.connection.take() {
            database.set_onversionchange(None);
            database.set_onclose(None);
            database.close();
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.close();
    }
}

/// The database's name; none is another account's, since ids have no control characters.
#[must_use]
pub fn name(account: &Account) -> String {
    let Account {
        profile,
        endpoint,
        user,
        ..
    } = account;
    ["switchboard", profile.id, endpoint, user.as_str()].join("\u{0}")
}

/// A transaction over everything. Of a strict job: complete only when it is on the disk, not when
/// it was handed to the system.
fn begin(database: &IdbDatabase, job: &Job) -> Result<IdbTransaction, JsValue> {
    // Called by hand: web-sys has the options only behind `web_sys_unstable_apis`.
    let begin: Function = Reflect::get(database, &"transaction".into())?.unchecked_into();
    let stores: Array = upgrade::STORES
        .iter()
        .map(|name| JsValue::from(*name))
        .collect();
    let options = Object::new();
    let durability = if job.is_strict() { "strict" } else { "relaxed" };
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let transaction = begin.call3(database, &stores, &job.mode().into(), &options)?;
    Ok(transaction.unchecked_into())
}
