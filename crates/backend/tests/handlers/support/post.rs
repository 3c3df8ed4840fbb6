//! A management API and a queue that record, and answer as told.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use switchboard_backend::{Post, PostError, QueueError};
use switchboard_protocol::ConnectionId;

/// What a connection's posts are answered with.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Error(PostError),
    /// Once this error, then success.
    Once(PostError),
    Hang,
}

#[derive(Debug, Default)]
pub(crate) struct FakePost {
    answers: Mutex<BTreeMap<String, Answer>>,
    accepted: Mutex<Vec<(String, Arc<str>)>>,
    closed: Mutex<Vec<String>>,
    attempts: AtomicUsize,
    records: Mutex<Vec<String>>,
    refuses_records: AtomicBool,
    delay: Mutex<Duration>,
}

impl FakePost {
    pub(crate) fn answer(&self, id: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(id.to_owned(), answer);
    }

    /// Accepted posts since the last look, in order.
    pub(crate) fn take(&self) -> Vec<(String, Arc<str>)> {
        self.attempts.store(0, Ordering::Relaxed);
        std::mem::take(&mut self.accepted.lock().unwrap())
    }

    /// Those to one connection; the others stay.
    pub(crate) fn take_for(&self, id: &str) -> Vec<Arc<str>> {
        let mut accepted = self.accepted.lock().unwrap();
        let (for_id, others) = accepted.drain(..).partition(|(to, _)| to == id);
        *accepted = others;
        let for_id: Vec<(String, Arc<str>)> = for_id;
        for_id.into_iter().map(|(_, text)| text).collect()
    }

    /// What was put on the queue since the last look.
    pub(crate) fn take_records(&self) -> Vec<String> {
        std::mem::take(&mut self.records.lock().unwrap())
    }

    /// How long the last of them are held back.
    pub(crate) fn delay(&self) -> Duration {
        *self.delay.lock().unwrap()
    }

    /// From now on the queue takes nothing.
    pub(crate) fn refuse_records(&self) {
        self.refuses_records.store(true, Ordering::Relaxed);
    }

    /// Connections that were to be closed since the last look.
    pub(crate) fn closed(&self) -> Vec<String> {
        std::mem::take(&mut self.closed.lock().unwrap())
    }

    async fn answer_of(&self, connection: &ConnectionId) -> Result<(), PostError> {
        let answer = {
            let mut answers = self.answers.lock().unwrap();
            match answers.get(connection.as_str()) {
                Some(Answer::Once(_)) => answers.remove(connection.as_str()),
                answer => answer.cloned(),
            }
        };
        match answer {
            None => Ok(()),
            Some(Answer::Error(error) | Answer::Once(error)) => Err(error),
            Some(Answer::Hang) => pending().await,
        }
    }

    /// Posts tried since the last look, accepted or not.
    pub(crate) fn attempts(&self) -> usize {
        self.attempts.load(Ordering::Relaxed)
    }
}

impl Post for FakePost {
    async fn post(&self, connection: &ConnectionId, data: Arc<str>) -> Result<(), PostError> {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        assert!(
            data.len() <= 128 * 1024,
            "the platform refuses {} bytes",
            data.len()
        );
        self.answer_of(connection).await?;
        let post = (connection.to_string(), data);
        self.accepted.lock().unwrap().push(post);
        Ok(())
    }

    async fn close(&self, connection: &ConnectionId) -> Result<(), PostError> {
        self.closed.lock().unwrap().push(connection.to_string());
        self.answer_of(connection).await
    }

    async fn enqueue(&self, records: Vec<String>, delay: Duration) -> Result<(), QueueError> {
        if self.refuses_records.load(Ordering::Relaxed) {
            return Err(QueueError("the queue refuses".to_owned()));
        }
        self.records.lock().unwrap().extend(records);
        *self.delay.lock().unwrap() = delay;
        Ok(())
    }
}
