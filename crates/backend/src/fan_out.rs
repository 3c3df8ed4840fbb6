//! Posts to connections: concurrent, bounded, timed; a failure never fails the message.

use std::{fmt, pin::pin, sync::Arc, time::Duration};

use futures_util::{
    future::{BoxFuture, Either, select},
    stream::{self, StreamExt},
};
use switchboard_protocol::{ConnectionId, ServerFrame};

use crate::{
    backend::Backend,
    frames,
    ports::{Clock, Post, PostError},
    response::HandlerError,
    store::{Connection, Store},
};

/// Why a post did not arrive at the gateway's socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No answer within the timeout.
    TimedOut,
    /// The management API said no.
    Refused(PostError),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

/// What became of each post, in the order of the recipients.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(pub(crate) Vec<Result<(), Failure>>);

impl Outcomes {
    /// Whether any post was accepted.
    pub(crate) fn any_accepted(&self) -> bool {
        self.0.iter().any(Result::is_ok)
    }

    /// Those of the recipients whose post failed though they may still be there.
    pub(crate) fn failed_alive<'a>(
        &self,
        recipients: &'a [Connection],
    ) -> impl Iterator<Item = &'a Connection> {
        let gone = Failure::Refused(PostError::Gone);
        let is_alive = move |failure: &Failure| *failure != gone;
        recipients
            .iter()
            .zip(&self.0)
            .filter(move |(_, outcome)| outcome.as_ref().is_err_and(&is_alive))
            .map(|(recipient, _)| recipient)
    }
}

impl<S: Store, P: Post, C: Clock> Backend<S, P, C> {
    /// Posts `data` to every recipient. Then the rows of those that answered 410 are deleted, and who
    /// left is told of all of them together.
    pub(crate) async fn fan_out(&self, recipients: &[Connection], data: &Arc<str>) -> Outcomes {
        // A loop, not `map`: rustc cannot show a stream of a borrowing closure to be Send.
        let mut posts = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            posts.push(self.send(&recipient.id, Arc::clone(data)));
        }
        let outcomes = self.all_of(posts).await;
        let is_gone = Err(Failure::Refused(PostError::Gone));
        let gone = recipients.iter().zip(&outcomes);
        let gone = gone.filter(|(_, outcome)| **outcome == is_gone);
        let gone: Vec<Connection> = gone.map(|(recipient, _)| recipient.clone()).collect();
        self.forget(&gone).await;
        Outcomes(outcomes)
    }

    /// What these requests come to, in their order; as many at a time as a function may have in flight,
    /// and one that hangs holds up no other.
    pub(crate) async fn all_of<T: Send>(
        &self,
        requests: Vec<impl Future<Output = T> + Send>,
    ) -> Vec<T> {
        let mut answers: Vec<Option<T>> = requests.iter().map(|_| None).collect();
        // Boxed, so that every kind of request is driven by the same code: the demo is downloaded.
        let mut tasks: Vec<BoxFuture<'_, ()>> = Vec::with_capacity(requests.len());
        for (answer, request) in answers.iter_mut().zip(requests) {
            tasks.push(Box::pin(async { *answer = Some(request.await) }));
        }
        let width = self.settings.fan_out_width.max(1);
        let mut tasks = stream::iter(tasks).buffer_unordered(width);
        while tasks.next().await.is_some() {}
        drop(tasks);
        answers.into_iter().flatten().collect()
    }

    /// Posts a frame to one connection, often the one that asked.
    pub(crate) async fn reply(
        &self,
        to: &Connection,
        frame: &ServerFrame,
    ) -> Result<(), HandlerError> {
        let data = frames::encode(frame)?;
        // A lost reply is the client's to notice: it asks again.
        self.fan_out(std::slice::from_ref(to), &data).await;
        Ok(())
    }

    /// Posts once, and once more if throttled.
    pub(crate) async fn send(&self, to: &ConnectionId, data: Arc<str>) -> Result<(), Failure> {
        let mut outcome = self.send_once(to, Arc::clone(&data)).await;
        if outcome == Err(Failure::Refused(PostError::Throttled)) {
            let pause = Duration::from_millis(50 + self.clock.random() % 200);
            self.clock.sleep(pause).await;
            outcome = self.send_once(to, data).await;
        }
        if let Err(failure) = &outcome {
            tracing::warn!(connection = %to, %failure, "a post failed");
        }
        outcome
    }

    async fn send_once(&self, to: &ConnectionId, data: Arc<str>) -> Result<(), Failure> {
        let post = pin!(self.post.post(to, data));
        let timeout = pin!(self.clock.sleep(self.settings.post_timeout));
        match select(post, timeout).await {
            Either::Left((outcome, _)) => outcome.map_err(Failure::Refused),
            Either::Right(((), _)) => Err(Failure::TimedOut),
        }
    }

    /// Deletes the rows of connections that answered 410.
    ///
    /// Not those of one just made: the platform answers 410 until the handshake is through,
    /// while a sender elsewhere may already see the row that `$connect` wrote. And not if a
    /// `hello` has put them anew since they were read.
    pub(crate) async fn forget(&self, gone: &[Connection]) {
        let (now, grace) = (self.clock.now_ms(), self.settings.handshake_grace);
        let is_made = |connection: &&Connection| {
            u128::from(now.saturating_sub(connection.established)) >= grace.as_millis()
        };
        let gone: Vec<&Connection> = gone.iter().filter(is_made).collect();
        let mut deletions = Vec::with_capacity(gone.len());
        for connection in &gone {
            deletions.push(self.store.delete_connection_if(connection));
        }
        let deleted = self.all_of(deletions).await;
        let mut left = Vec::with_capacity(gone.len());
        for (connection, deleted) in gone.into_iter().zip(deleted) {
            match deleted {
                Ok(true) => {
                    tracing::info!(connection = %connection.id, "gone");
                    left.push(connection.clone());
                }
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(connection = %connection.id, %error, "gone, but still listed");
                }
            }
        }
        self.say_offline(&left).await;
    }
}
