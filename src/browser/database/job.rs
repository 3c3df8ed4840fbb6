//! What is asked of the database, each in one transaction.

use js_sys::Array;
use switchboard_client::{Bounds, Join, Mark, StoreOperation, Stretch};
use switchboard_protocol::server::Message;
use switchboard_protocol::{ConversationId, MessageId, Seq};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbKeyRange, IdbTransaction};

use super::deadline::Deadline;
use super::restore::{self, KEPT, Rows};
use super::upgrade::{LOGS, MARKS, MESSAGES, NOTIFIED, OUTBOX};

/// Something to be done in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Read everything; first put these rows of an older outbox (id, JSON) into this one.
    Load(Vec<(String, String)>),
    /// What the core asks for.
    Write(StoreOperation),
    /// The person signs out: forget the logs, and these messages of the outbox. Other rows of it
    /// may be another tab's.
    Forget(Vec<MessageId>),
    /// Raise the place up to which people were notified, if it lies lower.
    Notify(ConversationId, Seq),
    /// Read what is stored of a log up to and with a place; nothing is changed.
    Scan(ConversationId, Seq),
}

impl Job {
    /// Whether it must be on the disk before it is done: the person is told that it is kept.
    pub(super) fn is_strict(&self) -> bool {
        match self {
            Self::Load(older) => !older.is_empty(),
            Self::Write(StoreOperation::Put(_)) => true,
            Self::Write(
                StoreOperation::Remove(_) | StoreOperation::Log(_) | StoreOperation::Mark(_),
            )
            | Self::Forget(_)
            | Self::Notify(..)
            | Self::Scan(..) => false,
        }
    }

    /// Whether somebody waits for it: what is in a log already, and what was read, is lost to nobody.
    pub(in crate::browser) fn is_awaited(&self) -> bool {
        !matches!(
            self,
            Self::Write(StoreOperation::Log(_) | StoreOperation::Mark(_))
        )
    }

    /// How the transaction is opened: what only reads does not wait for what writes elsewhere.
    pub(super) fn mode(&self) -> &'static str {
        match self {
            Self::Scan(..) => "readonly",
            Self::Load(_) | Self::Write(_) | Self::Forget(_) | Self::Notify(..) => "readwrite",
        }
    }
}

/// How a job ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    #[default]
    Done,
    /// What was stored.
    Loaded(Box<Rows>),
    /// This call raised the place: nobody else was notified of it.
    Raised,
    /// A page of a log.
    Scanned(Page),
}

/// What is stored of a log below a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// In order of `seq`.
    pub messages: Vec<Message>,
    /// The place below them, where there is more.
    pub below: Option<Seq>,
    /// What they are the whole of, if all of them could be read.
    pub whole: Option<Bounds>,
}

/// Places a page goes over: read and searched in a few milliseconds.
const PAGE: u64 = 200;

/// Places its requests. The transaction is complete only when the browser says so.
pub(super) async fn carry_out(
    job: &Job,
    transaction: &IdbTransaction,
    deadline: &Deadline,
) -> Result<Answer, JsValue> {
    let outbox = transaction.object_store(OUTBOX)?;
    match job {
        Job::Load(older) => {
            for (id, row) in older {
                outbox.put_with_key(&row.into(), &id.into())?;
            }
            let mut rows = [const { Vec::new() }; 3];
            for (name, rows) in [OUTBOX, LOGS, MARKS].iter().zip(&mut rows) {
                let all = transaction.object_store(name)?.get_all()?;
                *rows = texts(&deadline.request(&all).await?);
            }
            let [outbox, logs, marks] = rows;
            let store = transaction.object_store(MESSAGES)?;
            let mut messages = Vec::new();
            for (conversation, bounds) in logs.iter().filter_map(|row| restore::bounds(row)) {
                let after = restore::loaded_after(&bounds);
                if after >= bounds.through {
                    // Nothing of it is stored: see `part`.
                    continue;
                }
                let part = part(&conversation, after, bounds.through)?;
                let part = store.get_all_with_key(&part)?;
                messages.extend(texts(&deadline.request(&part).await?));
            }
            let rows = Rows::read(&outbox, &logs, &messages, &marks);
            if rows.is_log_broken {
                // It is the server's, and fetched again. Of the outbox nothing is deleted.
                forget_logs(transaction)?;
            }
            return Ok(Answer::Loaded(Box::new(rows)));
        }
        Job::Write(StoreOperation::Put(pending)) => {
            outbox.put_with_key(&pending.to_json().into(), &pending.id.as_str().into())?;
        }
        Job::Write(StoreOperation::Remove(id)) => {
            outbox.delete(&id.as_str().into())?;
        }
        Job::Write(StoreOperation::Log(stretch)) => {
            let logs = transaction.object_store(LOGS)?;
            let stored = logs.get(&stretch.conversation.as_str().into())?;
            let stored = deadline.request(&stored).await?;
            let stored = stored.as_string().and_then(|row| restore::bounds(&row));
            log(transaction, stretch, stored.map(|(_, bounds)| bounds))?;
            for id in &stretch.confirmed {
                outbox.delete(&id.as_str().into())?;
            }
        }
        Job::Write(StoreOperation::Mark(mark)) => {
            let marks = transaction.object_store(MARKS)?;
            let key = mark.conversation.as_str().into();
            let stored = deadline.request(&marks.get(&key)?).await?;
            let stored = stored.as_string().and_then(|row| Mark::parse(&row));
            let joined = mark.join(stored.as_ref());
            if stored.as_ref() != Some(&joined) {
                marks.put_with_key(&joined.to_json().into(), &key)?;
            }
        }
        Job::Forget(ids) => {
            forget_logs(transaction)?;
            for id in ids {
                outbox.delete(&id.as_str().into())?;
            }
        }
        Job::Scan(conversation, through) => {
            let logs = transaction.object_store(LOGS)?;
            let stored = logs.get(&conversation.as_str().into())?;
            let stored = deadline.request(&stored).await?;
            let stored = stored.as_string().and_then(|row| restore::bounds(&row));
            let Some((_, bounds)) = stored else {
                return Ok(Answer::Scanned(Page::default()));
            };
            let through = bounds.through.min(*through);
            let after = through.get().saturating_sub(PAGE).max(bounds.after.get());
            let after = Seq::try_from(after).unwrap_or(bounds.after);
            if after >= through {
                // All of it is loaded: see `part`.
                return Ok(Answer::Scanned(Page::default()));
            }
            let part = part(conversation, after, through)?;
            let part = transaction
                .object_store(MESSAGES)?
                .get_all_with_key(&part)?;
            let rows = texts(&deadline.request(&part).await?);
            let messages: Vec<Message> =
                rows.iter().filter_map(|row| Message::parse(row)).collect();
            let below = (after > bounds.after).then_some(after);
            let bounds = Bounds {
                after,
                through,
                ..bounds
            };
            return Ok(Answer::Scanned(Page {
                whole: (messages.len() == rows.len()).then_some(bounds),
                messages,
                below,
            }));
        }
        Job::Notify(conversation, seq) => {
            let notified = transaction.object_store(NOTIFIED)?;
            let key = conversation.as_str().into();
            let before = deadline.request(&notified.get(&key)?).await?;
            let seq = number(*seq);
            if before.as_f64().is_none_or(|before| before < seq) {
                notified.put_with_key(&seq.into(), &key)?;
                return Ok(Answer::Raised);
            }
        }
    }
    Ok(Answer::Done)
}

/// What is no text is no row of ours; it counts as one that cannot be read.
fn texts(rows: &JsValue) -> Vec<String> {
    let rows: &Array = rows.unchecked_ref();
    rows.iter()
        .map(|row| row.as_string().unwrap_or_default())
        .collect()
}

/// The keys of a conversation's messages above `after`, up to and with `through`, which must be
/// above it: a range of nothing is an error to IndexedDB.
fn part(conversation: &ConversationId, after: Seq, through: Seq) -> Result<JsValue, JsValue> {
    let conversation: JsValue = conversation.as_str().into();
    let key = |seq| Array::of2(&conversation, &number(seq).into());
    let range = IdbKeyRange::bound_with_lower_open(&key(after), &key(through), true)?;
    Ok(range.into())
}

fn forget_logs(transaction: &IdbTransaction) -> Result<(), JsValue> {
    for store in [LOGS, MESSAGES, NOTIFIED, MARKS] {
        transaction.object_store(store)?.clear()?;
    }
    Ok(())
}

/// Adds a stretch as [`Stretch::join`] says, and keeps no more than [`KEPT`].
fn log(
    transaction: &IdbTransaction,
    stretch: &Stretch,
    stored: Option<Bounds>,
) -> Result<(), JsValue> {
    let messages = transaction.object_store(MESSAGES)?;
    let conversation: JsValue = stretch.conversation.as_str().into();
    let mut bounds = match stretch.join(stored.as_ref()) {
        Join::Extend(bounds) => bounds,
        Join::Replace => {
            // An array sorts behind every number: this is all of them.
            messages.delete(&up_to(&conversation, &Array::new())?)?;
            if stretch.replaces || stored.is_some_and(|stored| stored.epoch != stretch.epoch) {
                // Its places mean nothing in this log.
                transaction.object_store(NOTIFIED)?.delete(&conversation)?;
            }
            if stretch.replaces {
                // Nor do a mark's; of another epoch it is told apart by that.
                transaction.object_store(MARKS)?.delete(&conversation)?;
            }
            stretch.bounds()
        }
        Join::Older => return Ok(()),
    };
    let kept = bounds.through.get().saturating_sub(KEPT);
    let is_kept = |message: &&Message| message.seq.get() > kept;
    for message in stretch.messages.iter().filter(is_kept) {
        let key = Array::of2(&conversation, &number(message.seq).into());
        messages.put_with_key(&message.to_json().into(), &key)?;
    }
    if let Ok(kept) = Seq::try_from(kept)
        && kept > bounds.after
    {
        bounds.after = kept;
        messages.delete(&up_to(&conversation, &number(kept).into())?)?;
    }
    let row = restore::bounds_row(&stretch.conversation, &bounds);
    transaction
        .object_store(LOGS)?
        .put_with_key(&row.into(), &conversation)?;
    Ok(())
}

/// The keys of a conversation's messages up to and with `last`.
fn up_to(conversation: &JsValue, last: &JsValue) -> Result<JsValue, JsValue> {
    let start = Array::of1(conversation);
    let range = IdbKeyRange::bound(&start, &Array::of2(conversation, last))?;
    Ok(range.into())
}

#[expect(clippy::cast_precision_loss, reason = "a place is below 2^53")]
fn number(seq: Seq) -> f64 {
    seq.get() as f64
}
