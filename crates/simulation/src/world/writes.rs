//! What a page asks its browser for besides sockets: storage and tickets.

use switchboard_client::{AttemptId, Input, OperationId, StoreError, StoreOperation, TicketAnswer};

use switchboard_protocol::ConversationId;

use super::{Event, World, long, short};
use crate::{mutants::StorageMutant, storage::Write};

/// A request for a ticket.
#[derive(Debug)]
pub(crate) struct TicketTry {
    pub(crate) page: usize,
    pub(crate) life: u32,
    pub(crate) attempt: AttemptId,
}

impl World<'_> {
    pub(super) fn storage_of(&self, page: usize) -> usize {
        let this = &self.pages[page];
        this.device * self.setup.people + this.user
    }

    /// A transaction begins. Those of one database end in the order they began.
    pub(super) fn persist(&mut self, page: usize, operation: OperationId, what: StoreOperation) {
        let at = self.storage_of(page);
        let (now, slow) = (self.now, self.rates.write_slow);
        let storage = &mut self.storages[at];
        let latency = if storage.rng.chance(slow) {
            storage.rng.range(10, 2_000)
        } else {
            storage.rng.range(0, 8)
        };
        storage.busy_until = storage.busy_until.max(now + latency);
        storage.writes.push_back(Write {
            tab: page,
            life: self.lives[page],
            operation,
            what,
        });
        self.heap
            .push(storage.busy_until, Event::Written(short(at)));
    }

    /// A person wants older messages: storage is asked first, and where it has none the server.
    pub(super) fn read_earlier(
        &mut self,
        page: usize,
        conversation: ConversationId,
    ) -> Result<(), String> {
        let storage = self.storage_of(page);
        let this = &mut self.pages[page];
        if !this.alive || this.is_held() {
            return Ok(());
        }
        let floor = this.client.log(&conversation).map(|log| log.after);
        let stored = floor.and_then(|floor| self.storages[storage].below(&conversation, floor));
        let Some(stored) = stored else {
            return self.act(page, Input::LoadEarlier(conversation));
        };
        // Whatever happens meanwhile: it may join nothing then.
        let wait = this.rng.range(1, 60);
        this.reads.push_back((self.lives[page], stored));
        self.heap.push(self.now + wait, Event::Read(short(page)));
        Ok(())
    }

    /// The oldest read of a page, if it goes on living, ends.
    pub(super) fn read(&mut self, page: u32) -> Result<bool, String> {
        let at = long(page);
        let Some((life, stored)) = self.pages[at].reads.pop_front() else {
            return Ok(false);
        };
        if self.lives[at] == life {
            self.report.reads += 1;
            self.input(at, Input::Stored(Box::new(stored)))?;
        }
        Ok(true)
    }

    /// The oldest transaction of a database ends.
    pub(super) fn written(&mut self, at: u32) -> Result<bool, String> {
        let storage = &mut self.storages[long(at)];
        let Some(write) = storage.writes.pop_front() else {
            return Ok(false);
        };
        let device = &self.devices[long(at) / self.setup.people];
        let fails =
            self.now < device.storage_fails_until || storage.rng.chance(self.rates.write_fails);
        if fails {
            self.report.fault("write failed");
        } else {
            storage.apply(write.what, self.storage_mutant);
        }
        let result = if fails && self.storage_mutant != Some(StorageMutant::FailureUnheard) {
            Err(StoreError("QuotaExceededError".to_owned()))
        } else {
            Ok(())
        };
        if self.lives[write.tab] == write.life {
            self.input(write.tab, Input::Persisted(write.operation, result))?;
        }
        Ok(true)
    }

    /// What becomes of a dead page's transactions: the first ones may have been committed.
    pub(super) fn abandon_writes(&mut self, page: usize) {
        let at = self.storage_of(page);
        let life = self.lives[page];
        let storage = &mut self.storages[at];
        let mut kept = std::collections::VecDeque::new();
        let mut commits = true;
        while let Some(write) = storage.writes.pop_front() {
            if write.tab != page || write.life != life {
                kept.push_back(write);
                continue;
            }
            commits = commits && storage.rng.chance(5_000);
            if commits {
                storage.apply(write.what, self.storage_mutant);
            }
        }
        storage.writes = kept;
    }

    pub(super) fn fetch_ticket(&mut self, try_: TicketTry) {
        let rng = &mut self.pages[try_.page].rng;
        let latency = if rng.chance(self.rates.ticket) {
            rng.range(200, 15_000)
        } else {
            rng.range(20, 200)
        };
        let at = self.tickets.put(try_);
        self.heap.push(self.now + latency, Event::TicketAnswer(at));
    }

    pub(super) fn ticket(&mut self, at: u32) -> Result<bool, String> {
        let Some(ticket) = self.tickets.take(at) else {
            return Ok(false);
        };
        if self.lives[ticket.page] != ticket.life {
            return Ok(false);
        }
        let device = &self.devices[self.pages[ticket.page].device];
        let rng = &mut self.pages[ticket.page].rng;
        let answer = if self.now < device.offline_until {
            TicketAnswer::Unreachable
        } else if rng.chance(self.rates.ticket) {
            self.report.fault("ticket refused");
            match rng.range(0, 3) {
                0 => TicketAnswer::Unreachable,
                1 => TicketAnswer::Refused {
                    status: 503,
                    retry_after: Some(rng.range(1_000, 10_000)),
                },
                2 => TicketAnswer::Refused {
                    status: 429,
                    retry_after: None,
                },
                // Never answered: the core's own timer has to do.
                _ => return Ok(true),
            }
        } else {
            TicketAnswer::Granted(format!("k{at}"))
        };
        self.input(ticket.page, Input::Ticket(ticket.attempt, answer))?;
        Ok(true)
    }
}
