//! Polls the handlers: an invocation is a future that waits for the world.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Wake, Waker},
};

use switchboard_backend::{Event as HandlerEvent, HandlerError, Response};

use super::{Event, World, long, short};
use crate::{
    platform::{Asked, Ticket},
    rng::Rng,
};

/// What an invocation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Connect,
    Message,
    Disconnect,
}

type Running = Pin<Box<dyn Future<Output = Result<Response, HandlerError>>>>;

struct Task {
    running: Running,
    conn: u32,
    purpose: Purpose,
    rng: Rng,
}

/// The invocations under way.
#[derive(Default)]
pub(crate) struct Executor {
    tasks: Vec<Option<Task>>,
    /// One for each slot of `tasks`; a late wake of an earlier task in it does no harm.
    wakers: Vec<Waker>,
    free: Vec<usize>,
    ready: Arc<Ready>,
    polling: Vec<usize>,
}

#[derive(Default)]
struct Ready(Mutex<Vec<usize>>);

struct TaskWaker {
    task: usize,
    ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut ready = self.ready.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ready.contains(&self.task) {
            ready.push(self.task);
        }
    }
}

impl Executor {
    fn place(&mut self, task: Task) -> usize {
        if let Some(at) = self.free.pop() {
            self.tasks[at] = Some(task);
            return at;
        }
        let at = self.tasks.len();
        self.tasks.push(Some(task));
        self.wakers.push(Waker::from(Arc::new(TaskWaker {
            task: at,
            ready: Arc::clone(&self.ready),
        })));
        at
    }
}

impl World<'_> {
    /// Invokes the handlers.
    pub(super) fn invoke(
        &mut self,
        conn: u32,
        purpose: Purpose,
        event: HandlerEvent,
        rng: Rng,
    ) -> Result<(), String> {
        let backend = Arc::clone(&self.backend);
        let task = self.executor.place(Task {
            running: Box::pin(async move { backend.handle(event).await }),
            conn,
            purpose,
            rng,
        });
        self.poll(task)
    }

    /// A handler's pause has ended.
    pub(super) fn wake(&mut self, ticket: Ticket) -> Result<bool, String> {
        self.answer(ticket, Ok(()))
    }

    /// Answers a wait and lets whoever waited go on.
    pub(super) fn answer(
        &mut self,
        ticket: Ticket,
        answer: Result<(), switchboard_backend::PostError>,
    ) -> Result<bool, String> {
        if !self.shared.lock().answer(ticket, answer) {
            return Ok(false);
        }
        let mut polling = std::mem::take(&mut self.executor.polling);
        {
            let mut ready = self.executor.ready.0.lock();
            let ready = ready.as_deref_mut().map_err(|_| "a waker panicked")?;
            std::mem::swap(&mut polling, ready);
        }
        for task in polling.drain(..) {
            self.poll(task)?;
        }
        self.executor.polling = polling;
        Ok(true)
    }

    fn poll(&mut self, at: usize) -> Result<(), String> {
        let Some(mut task) = self.executor.tasks[at].take() else {
            return Ok(());
        };
        {
            let mut platform = self.shared.lock();
            platform.invocation.rng = task.rng.clone();
            platform.invocation.connection = task.conn;
            platform.invocation.crashed = false;
        }
        let waker = &self.executor.wakers[at];
        let polled = task.running.as_mut().poll(&mut Context::from_waker(waker));
        let (mut asked, mut commits, crashed) = {
            let mut platform = self.shared.lock();
            task.rng = platform.invocation.rng.clone();
            (
                std::mem::take(&mut platform.asked),
                std::mem::take(&mut platform.commits),
                platform.invocation.crashed,
            )
        };
        for row in commits.drain(..) {
            self.oracle.committed(&row, &self.lives)?;
        }
        for asked in asked.drain(..) {
            match asked {
                Asked::Sleep(ticket, ms) => {
                    let at = self.now.saturating_add(ms);
                    self.heap.push(at, Event::Wake(ticket));
                }
                Asked::Post(ticket, conn, data) => self.post(&mut task.rng, ticket, conn, data),
            }
        }
        {
            // The lists keep their room.
            let mut platform = self.shared.lock();
            platform.asked = asked;
            platform.commits = commits;
        }
        let (conn, purpose) = (task.conn, task.purpose);
        match polled {
            Poll::Pending if !crashed => {
                self.executor.tasks[at] = Some(task);
                Ok(())
            }
            Poll::Pending => {
                self.report.fault("handler crash");
                drop(task);
                self.executor.free.push(at);
                self.invoked(conn, purpose, None)
            }
            Poll::Ready(answer) => {
                drop(task);
                self.executor.free.push(at);
                self.invoked(conn, purpose, answer.ok())
            }
        }
    }

    /// An invocation has ended; without a response its process died or it gave up.
    fn invoked(
        &mut self,
        conn: u32,
        purpose: Purpose,
        response: Option<Response>,
    ) -> Result<(), String> {
        match (purpose, response) {
            (Purpose::Connect, response) => {
                self.handshaken(conn, response.is_some_and(|r| r.status_code == 200));
            }
            (Purpose::Message, None) => {
                let number = short(self.conns.len());
                let frame = format!(
                    r#"{{"message":"Internal server error","connectionId":"{}","requestId":"r{number}"}}"#,
                    self.conns[long(conn)].id
                );
                self.send_down(conn, frame.into());
            }
            (Purpose::Message, Some(_)) | (Purpose::Disconnect, _) => {}
        }
        Ok(())
    }
}
