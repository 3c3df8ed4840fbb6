//! What the handlers' ports and the world share: the time, what is waited for, what was asked.
//!
//! A handler is a future that the world polls. Waiting is a [`Wait`]: it asks for something when
//! first polled, and the world answers it at the virtual time it chooses.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use switchboard_backend::PostError;

use crate::{mutants::ServerMutants, rates::Rates, rng::Rng};

/// A handle on the platform. One thread holds all of them: the lock is never waited for.
#[derive(Debug, Clone)]
pub(crate) struct Shared(Arc<Mutex<Platform>>);

/// See the module.
#[derive(Debug)]
pub(crate) struct Platform {
    /// Virtual time in ms since the run began.
    pub(crate) now: u64,
    /// Rates of the server's faults; the quiet ones after healing.
    pub(crate) rates: Rates,
    /// Until when the store fails.
    pub(crate) store_down_until: u64,
    /// The mechanisms that are switched off.
    pub(crate) mutants: ServerMutants,
    /// The invocation being polled.
    pub(crate) invocation: Invocation,
    /// What it asked for in this poll.
    pub(crate) asked: Vec<Asked>,
    /// Places that were committed in this poll.
    pub(crate) commits: Vec<switchboard_protocol::Message>,
    waits: Vec<Slot>,
    free: Vec<u32>,
}

/// See [`Platform::invocation`].
#[derive(Debug, Default)]
pub(crate) struct Invocation {
    /// Its chance.
    pub(crate) rng: Rng,
    /// The connection it serves, by number.
    pub(crate) connection: u32,
    /// Set when the process dies here.
    pub(crate) crashed: bool,
}

/// Something an invocation waits for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// Wake it after so many ms.
    Sleep(Ticket, u64),
    /// Post to a connection.
    Post(Ticket, u32, Arc<str>),
}

/// Names one wait. A stale one is not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    slot: u32,
    generation: u32,
}

#[derive(Debug, Default)]
struct Slot {
    generation: u32,
    answer: Option<Result<(), PostError>>,
    waker: Option<Waker>,
}

impl Shared {
    pub(crate) fn new(rates: Rates, mutants: ServerMutants) -> Self {
        Self(Arc::new(Mutex::new(Platform {
            now: 0,
            rates,
            store_down_until: 0,
            mutants,
            invocation: Invocation::default(),
            asked: Vec::new(),
            commits: Vec::new(),
            waits: Vec::new(),
            free: Vec::new(),
        })))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Platform> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits so many ms.
    pub(crate) fn sleep(&self, ms: u64) -> Wait {
        self.wait(Question::Sleep(ms))
    }

    /// Posts; the answer is the gateway's.
    pub(crate) fn post(&self, connection: u32, data: Arc<str>) -> Wait {
        self.wait(Question::Post(connection, data))
    }

    /// The process dies: nothing after this runs.
    pub(crate) async fn crash(&self) {
        self.lock().invocation.crashed = true;
        std::future::pending().await
    }

    fn wait(&self, question: Question) -> Wait {
        Wait {
            shared: self.clone(),
            question: Some(question),
            ticket: None,
        }
    }
}

impl Platform {
    /// Answers a wait; `false` when nobody waits any more.
    pub(crate) fn answer(&mut self, ticket: Ticket, answer: Result<(), PostError>) -> bool {
        let Some(slot) = usize::try_from(ticket.slot)
            .ok()
            .and_then(|slot| self.waits.get_mut(slot))
            .filter(|slot| slot.generation == ticket.generation)
        else {
            return false;
        };
        slot.answer = Some(answer);
        if let Some(waker) = slot.waker.take() {
            waker.wake();
        }
        true
    }

    fn take_slot(&mut self, waker: Waker) -> Ticket {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.waits.push(Slot::default());
            u32::try_from(self.waits.len() - 1).unwrap_or(u32::MAX)
        });
        let mut ticket = Ticket {
            slot,
            generation: 0,
        };
        if let Some(slot) = self.slot(slot) {
            slot.waker = Some(waker);
            ticket.generation = slot.generation;
        }
        ticket
    }

    fn free_slot(&mut self, ticket: Ticket) {
        if let Some(slot) = self.slot(ticket.slot) {
            slot.generation += 1;
            slot.answer = None;
            slot.waker = None;
            self.free.push(ticket.slot);
        }
    }

    fn slot(&mut self, slot: u32) -> Option<&mut Slot> {
        self.waits.get_mut(usize::try_from(slot).ok()?)
    }
}

#[derive(Debug)]
enum Question {
    Sleep(u64),
    Post(u32, Arc<str>),
}

/// The future of an answer.
#[derive(Debug)]
pub(crate) struct Wait {
    shared: Shared,
    question: Option<Question>,
    ticket: Option<Ticket>,
}

impl Future for Wait {
    type Output = Result<(), PostError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let mut platform = this.shared.lock();
        if let Some(question) = this.question.take() {
            let ticket = platform.take_slot(context.waker().clone());
            this.ticket = Some(ticket);
            platform.asked.push(match question {
                Question::Sleep(ms) => Asked::Sleep(ticket, ms),
                Question::Post(connection, data) => Asked::Post(ticket, connection, data),
            });
            return Poll::Pending;
        }
        let Some(ticket) = this.ticket else {
            return Poll::Pending;
        };
        let Some(slot) = platform.slot(ticket.slot) else {
            return Poll::Pending;
        };
        if let Some(answer) = slot.answer.take() {
            platform.free_slot(ticket);
            this.ticket = None;
            return Poll::Ready(answer);
        }
        match &mut slot.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.shared.lock().free_slot(ticket);
        }
    }
}
