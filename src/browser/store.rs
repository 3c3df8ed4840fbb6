//! Where an account's messages are kept, and the one queue of what is asked of it.
//!
//! One job after another, across accounts too: a repeated job is never overtaken by a later one,
//! and what signing out removes is gone before the next person's is read.

mod merge;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Promise;
use switchboard_client::{Account, StoreError, StoreOperation, Stretch};
use switchboard_protocol::{ConversationId, MessageId, Seq};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::database::{Answer, Database, Job, Page, Rows};
use super::storage::Outbox;
use crate::view::set_timeout_with_handle;

type Then = Box<dyn FnOnce(Result<Answer, StoreError>)>;

type Waiting = merge::Waiting<Rc<Database>, Then>;

/// How long what nobody waits for gathers: what has come is on the screen by then.
const GATHERS: Duration = Duration::from_millis(50);

/// How long it does after more than [`MANY`] of them gathered: more than people write.
/// Few transactions are made, and of the messages those that newer ones displace are never written.
const GATHERS_MORE: Duration = Duration::from_secs(1);

const MANY: u32 = 8;

/// The queue; the page has one.
#[derive(Default)]
pub struct Queue {
    jobs: RefCell<VecDeque<Waiting>>,
    running: Cell<bool>,
    gathering: Cell<bool>,
    /// Jobs nobody waits for, since such were last begun with.
    came: Cell<u32>,
    /// Whether they were many the last time.
    floods: Cell<bool>,
}

impl Queue {
    fn push(self: &Rc<Self>, database: &Rc<Database>, job: Job, then: Then) {
        if !job.is_awaited() {
            self.came.set(self.came.get().saturating_add(1));
        }
        let mut jobs = self.jobs.borrow_mut();
        merge::push(&mut jobs, Rc::ptr_eq, database.clone(), job, then);
        drop(jobs);
        self.go_on();
    }

    /// Begins what somebody waits for, and everything before it, at once; what nobody does, soon.
    fn go_on(self: &Rc<Self>) {
        let jobs = self.jobs.borrow();
        if jobs.iter().any(|waiting| waiting.job.is_awaited()) {
            self.begin();
        } else if !jobs.is_empty() && !self.gathering.replace(true) {
            let queue = self.clone();
            let soon = move || {
                queue.gathering.set(false);
                queue.floods.set(queue.came.take() > MANY);
                queue.begin();
            };
            let gathers = if self.floods.get() {
                GATHERS_MORE
            } else {
                GATHERS
            };
            let _ = set_timeout_with_handle(soon, gathers);
        }
    }

    /// Begins what waits, now: the page may not be given another moment.
    pub fn begin(self: &Rc<Self>) {
        if self.running.replace(true) {
            return;
        }
        let queue = self.clone();
        spawn_local(async move {
            // What comes meanwhile gathers.
            let count = queue.jobs.borrow().len();
            for waiting in (0..count).map_while(|_| queue.next()) {
                let answer = waiting.database.run(&waiting.job).await;
                for then in waiting.then {
                    then(answer.clone());
                }
            }
            queue.running.set(false);
            queue.go_on();
        });
    }

    fn next(&self) -> Option<Waiting> {
        self.jobs.borrow_mut().pop_front()
    }
}

/// One account's storage.
pub struct Store {
    queue: Rc<Queue>,
    kind: Kind,
}

enum Kind {
    /// Switchboard's own profile, and the outbox of an app before IndexedDB.
    Database(Rc<Database>, Rc<Outbox>),
    /// Older systems keep an outbox in this tab and no log; the demo's world is gone with the page.
    Tab(Outbox),
}

impl Store {
    /// The account's storage.
    #[must_use]
    pub fn of(account: &Account, queue: &Rc<Queue>) -> Self {
        let kind = if account.profile.is_own() && !account.is_demo() {
            let older = Rc::new(Outbox::older(account));
            Kind::Database(Rc::new(Database::of(account)), older)
        } else {
            Kind::Tab(Outbox::of_tab(account))
        };
        Self {
            queue: queue.clone(),
            kind,
        }
    }

    /// Reads everything; an error means that nothing will be kept.
    pub fn load(&self, then: impl FnOnce(Result<Rows, Rows>) + 'static) {
        match &self.kind {
            Kind::Database(database, older) => {
                let rows = older.rows();
                let job = Job::Load(rows.clone());
                let older = older.clone();
                let then = Box::new(move |answer| match answer {
                    Ok(Answer::Loaded(loaded)) => {
                        // They are in the database now.
                        for (id, _) in rows {
                            older.remove(&id);
                        }
                        then(Ok(*loaded));
                    }
                    Ok(Answer::Done | Answer::Raised | Answer::Scanned(_)) | Err(_) => {
                        then(Err(read(&rows)))
                    }
                });
                self.queue.push(database, job, then);
            }
            Kind::Tab(outbox) => then(Ok(read(&outbox.rows()))),
        }
    }

    /// Carries out what the core asks for.
    pub fn write(
        &self,
        operation: StoreOperation,
        then: impl FnOnce(Result<(), StoreError>) + 'static,
    ) {
        match &self.kind {
            Kind::Database(database, older) => {
                // Where the database has failed, its rows are still there.
                match &operation {
                    StoreOperation::Put(_) | StoreOperation::Mark(_) => {}
                    StoreOperation::Remove(id) => older.remove(id.as_str()),
                    StoreOperation::Log(stretch) => {
                        for id in &stretch.confirmed {
                            older.remove(id.as_str());
                        }
                    }
                }
                let then = Box::new(move |answer: Result<_, _>| then(answer.map(drop)));
                self.queue.push(database, Job::Write(operation), then);
            }
            Kind::Tab(outbox) => then(match operation {
                StoreOperation::Put(pending) => outbox.put(&pending),
                StoreOperation::Remove(id) => {
                    outbox.remove(id.as_str());
                    Ok(())
                }
                StoreOperation::Log(stretch) => {
                    for id in &stretch.confirmed {
                        outbox.remove(id.as_str());
                    }
                    Ok(())
                }
                StoreOperation::Mark(_) => Ok(()),
            }),
        }
    }

    /// Reads a page of what is stored of a log, up to and with `through`; nothing where there is
    /// no storage.
    pub async fn scan(&self, conversation: ConversationId, through: Seq) -> Page {
        let Kind::Database(database, _) = &self.kind else {
            return Page::default();
        };
        let answer = Rc::new(RefCell::new(Page::default()));
        let mut job = Some(Job::Scan(conversation, through));
        let came = Promise::new(&mut |done, _| {
            let Some(job) = job.take() else { return };
            let answer = answer.clone();
            let then = move |scanned| {
                if let Ok(Answer::Scanned(page)) = scanned {
                    *answer.borrow_mut() = page;
                }
                let _done = done.call0(&JsValue::UNDEFINED);
            };
            self.queue.push(database, job, Box::new(then));
        });
        let _came = JsFuture::from(came).await;
        answer.take()
    }

    /// Tells what is stored of a log right below a place, if all of it could be read.
    pub fn below(
        &self,
        conversation: ConversationId,
        floor: Seq,
        then: impl FnOnce(Option<Stretch>) + 'static,
    ) {
        let Kind::Database(database, _) = &self.kind else {
            return then(None);
        };
        let job = Job::Scan(conversation.clone(), floor);
        let then = Box::new(move |answer| {
            let Ok(Answer::Scanned(page)) = answer else {
                return then(None);
            };
            then(page.whole.map(|bounds| Stretch {
                conversation,
                epoch: bounds.epoch,
                after: bounds.after,
                through: bounds.through,
                messages: page.messages,
                confirmed: Vec::new(),
                replaces: false,
            }));
        });
        self.queue.push(database, job, then);
    }

    /// Forgets the logs, and these messages of the outbox; tells whether it could.
    pub fn forget(&self, outbox: Vec<MessageId>, then: impl FnOnce(bool) + 'static) {
        let rows: &Outbox = match &self.kind {
            Kind::Database(_, older) => older,
            Kind::Tab(rows) => rows,
        };
        outbox.iter().for_each(|id| rows.remove(id.as_str()));
        match &self.kind {
            Kind::Database(database, _) => {
                let then = Box::new(move |answer: Result<_, _>| then(answer.is_ok()));
                self.queue.push(database, Job::Forget(outbox), then);
            }
            Kind::Tab(_) => then(true),
        }
    }

    /// Claims the notification of the message at `seq`: of all tabs of this user one alone is told
    /// `true`. Without a database or a place all are; then the notification's tag makes them one.
    pub fn claim(
        &self,
        conversation: ConversationId,
        seq: Option<Seq>,
        then: impl FnOnce(bool) + 'static,
    ) {
        match (&self.kind, seq) {
            (Kind::Database(database, _), Some(seq)) => {
                let then = Box::new(move |answer| then(answer != Ok(Answer::Done)));
                self.queue
                    .push(database, Job::Notify(conversation, seq), then);
            }
            (Kind::Database(..) | Kind::Tab(_), _) => then(true),
        }
    }
}

/// The rows of an outbox without a log.
fn read(rows: &[(String, String)]) -> Rows {
    let rows: Vec<String> = rows.iter().map(|(_, row)| row.clone()).collect();
    Rows::read(&rows, &[], &[], &[])
}
