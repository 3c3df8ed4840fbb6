//! Threads of their own for the handlers: a store that waits for its disk must not keep the
//! sockets waiting, and a handler's future need not be able to change threads.

use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use futures_util::future::LocalBoxFuture;
use tokio::{
    runtime,
    sync::{mpsc, oneshot},
    task::{LocalSet, spawn_local},
};

const MAX_THREADS: usize = 4;

/// A few threads, each with as many handlers at a time as it is given. They end with this.
#[derive(Debug)]
pub(super) struct Workers {
    queues: Vec<mpsc::UnboundedSender<Job>>,
    next: AtomicUsize,
}

type Job = Box<dyn FnOnce() -> LocalBoxFuture<'static, ()> + Send>;

impl Workers {
    /// As many threads as there are cores, up to four.
    pub(super) fn start() -> io::Result<Self> {
        let count = thread::available_parallelism().map_or(1, usize::from);
        let queues = (0..count.min(MAX_THREADS)).map(|_| worker());
        Ok(Self {
            queues: queues.collect::<io::Result<_>>()?,
            next: AtomicUsize::new(0),
        })
    }

    /// Runs what `begin` makes on one of the threads. The answer is an error only if it
    /// panicked.
    pub(super) fn run<T: Send + 'static>(
        &self,
        begin: impl FnOnce() -> LocalBoxFuture<'static, T> + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || {
            Box::pin(async move {
                // Nobody waits any more after an integration timeout.
                let _ = answer.send(begin().await);
            })
        });
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        if let Some(queue) = self.queues.get(turn % self.queues.len().max(1)) {
            // The threads live as long as their queues: this cannot fail.
            let _ = queue.send(job);
        }
        answered
    }
}

fn worker() -> io::Result<mpsc::UnboundedSender<Job>> {
    let (queue, mut jobs) = mpsc::unbounded_channel::<Job>();
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    thread::Builder::new()
        .name("functions".to_owned())
        .spawn(move || {
            LocalSet::new().block_on(&runtime, async move {
                while let Some(job) = jobs.recv().await {
                    spawn_local(job());
                }
            });
        })?;
    Ok(queue)
}

#[cfg(test)]
mod tests {
    use super::Workers;

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_goes_on() {
        let workers = Workers::start().expect("threads");
        for _ in 0..10 {
            let panicked = workers.run::<()>(|| Box::pin(async { panic!("on purpose") }));
            assert!(panicked.await.is_err());
        }
        assert_eq!(workers.run(|| Box::pin(async { 7 })).await, Ok(7));
    }
}
