//! The one writer: a thread that commits all that waits in one transaction.

use std::{
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use redb::{Database, Durability, ReadableTable, Table};
use switchboard_backend::store::{Committed, NewMessage, StoreError};
use switchboard_protocol::Seq;
use tokio::sync::oneshot;

use super::{ITEMS, keys, read, unavailable};

/// Most messages in one transaction, so that none waits for a very large one.
const BATCH: usize = 256;

/// The thread's near end. Dropping it waits until what was given to it is on the disk.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

struct Job {
    entry: NewMessage,
    done: oneshot::Sender<Result<Committed, StoreError>>,
}

impl Writer {
    pub(super) fn start(database: Arc<Database>) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&database, &queue))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Returns when the message is on the disk. The commit happens even if nobody waits for it
    /// any more.
    pub(super) async fn commit(&self, entry: NewMessage) -> Result<Committed, StoreError> {
        let (done, outcome) = oneshot::channel();
        let ended = || StoreError::Unavailable("the writer has ended".to_owned());
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.send(Job { entry, done }).map_err(|_| ended())?;
        outcome.await.map_err(|_| ended())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has been printed where it happened.
            let _ = thread.join();
        }
    }
}

fn run(database: &Database, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        jobs.extend(queue.try_iter().take(BATCH - 1));
        let outcomes = transaction(database, &jobs);
        if let Err(error) = &outcomes {
            tracing::error!(%error, messages = jobs.len(), "nothing was committed");
        }
        // Whoever no longer waits for the outcome gets it from the dedupe row.
        match outcomes {
            Ok(outcomes) => {
                for (job, outcome) in jobs.into_iter().zip(outcomes) {
                    let _ = job.done.send(Ok(outcome));
                }
            }
            Err(error) => {
                for job in jobs {
                    let _ = job.done.send(Err(unavailable(&error)));
                }
            }
        }
    }
}

fn transaction(database: &Database, jobs: &[Job]) -> Result<Vec<Committed>, redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    let outcomes = {
        let mut items = transaction.open_table(ITEMS)?;
        jobs.iter()
            .map(|job| append(&mut items, &job.entry))
            .collect::<Result<Vec<_>, _>>()?
    };
    transaction.commit()?;
    Ok(outcomes)
}

/// Counter, message and dedupe row, or the message that an earlier commit wrote.
fn append(
    items: &mut Table<'_, &'static [u8], &'static [u8]>,
    entry: &NewMessage,
) -> Result<Committed, redb::Error> {
    let dedupe_key = keys::dedupe(&entry.conv, &entry.from, &entry.id);
    if let Some(seq) = earlier(items, &dedupe_key, entry.at)?
        && let Some(message) = read::message(items, &entry.conv, seq)?
    {
        return Ok(Committed {
            message,
            duplicate: true,
        });
    }
    let last = read::last_place(items, &entry.conv)?;
    let seq = last.unwrap_or_default().next();
    let message = entry.at_place(seq);
    let dedupe = keys::Dedupe {
        seq,
        until: entry.dedupe_until,
    };
    put(
        items,
        &keys::head(&entry.conv),
        &keys::Head { last_seq: seq },
    )?;
    put(items, &keys::message(&entry.conv, seq), &message)?;
    put(items, &dedupe_key, &dedupe)?;
    if last.is_none() {
        for user in entry.conv.participants().unwrap_or_default() {
            let key = keys::membership(&user, &entry.conv);
            items.insert(key.as_slice(), b"".as_slice())?;
        }
    }
    Ok(Committed {
        message,
        duplicate: false,
    })
}

fn earlier(
    items: &Table<'_, &'static [u8], &'static [u8]>,
    key: &[u8],
    now: u64,
) -> Result<Option<Seq>, redb::Error> {
    let Some(value) = items.get(key)? else {
        return Ok(None);
    };
    let dedupe: keys::Dedupe = read::decode(value.value())?;
    Ok((dedupe.until > now).then_some(dedupe.seq))
}

fn put(
    items: &mut Table<'_, &'static [u8], &'static [u8]>,
    key: &[u8],
    value: &impl serde::Serialize,
) -> Result<(), redb::Error> {
    let value = serde_json::to_vec(value).map_err(|error| read::damaged(&error))?;
    items.insert(key, value.as_slice())?;
    Ok(())
}
