//! The run loop of a page: one input, all outputs, one timer; and the checks after it.

use switchboard_client::{Change, Client, Input, Lifecycle, Output, Phase};
use switchboard_protocol::ConversationId;

use super::{Event, World, long, short, writes::TicketTry};
use crate::{
    oracle::{Told, shown},
    page::Held,
    people::message_number,
};

const MINUTE: u64 = 60_000;
/// Rows that a sampled check of the view looks at.
const SAMPLED: usize = 40;
/// Inputs between two such checks of a page.
const SAMPLE_EVERY: usize = 128;

impl World<'_> {
    /// Something happens on a page: now, or when it is no longer held.
    pub(super) fn input(&mut self, page: usize, input: Input) -> Result<(), String> {
        let this = &mut self.pages[page];
        if !this.alive {
            return Ok(());
        }
        if this.is_held() {
            this.waiting.push_back(input);
            return Ok(());
        }
        self.feed(page, input)
    }

    /// Feeds the core, whatever holds the page.
    pub(super) fn feed(&mut self, page: usize, input: Input) -> Result<(), String> {
        if self.pages[page].buffered {
            for (socket, bytes) in self.sample_buffers(page) {
                self.handle(page, Input::Buffered(socket, bytes))?;
            }
        }
        self.handle(page, input)
    }

    fn handle(&mut self, page: usize, input: Input) -> Result<(), String> {
        let this = &mut self.pages[page];
        let now = this.now(self.now, self.devices[this.device].skew);
        this.client.handle(now, input);
        let mut changes = Vec::new();
        while let Some(output) = self.pages[page].client.poll_output() {
            match output {
                Output::Changed(change) => changes.push(change),
                output => self.carry_out(page, output)?,
            }
        }
        for change in &changes {
            self.changed(page, change, &changes)?;
        }
        self.arm(page);
        self.check(page)
    }

    fn carry_out(&mut self, page: usize, output: Output) -> Result<(), String> {
        match output {
            Output::FetchTicket(attempt, _) => {
                self.fetch_ticket(TicketTry {
                    page,
                    life: self.lives[page],
                    attempt,
                });
                Ok(())
            }
            Output::Connect(socket, _) => self.dial(page, socket),
            Output::Transmit(socket, frame) => self.transmit(page, socket, frame),
            Output::Disconnect(socket) => {
                let this = &mut self.pages[page];
                this.closed.push_back(socket);
                if this.closed.len() > 4 {
                    this.closed.pop_front();
                }
                if let Some(at) = this.connection(socket) {
                    self.hang_up(at);
                }
                Ok(())
            }
            Output::Persist(operation, what) => {
                self.persist(page, operation, what);
                Ok(())
            }
            Output::Changed(_) => Ok(()),
        }
    }

    /// Hears of one of the changes that an input made.
    fn changed(&mut self, page: usize, change: &Change, all: &[Change]) -> Result<(), String> {
        match change {
            Change::Timeline(conversation) => self.draw(page, conversation, false),
            Change::Appended(conversation) => {
                let whole = Change::Timeline(conversation.clone());
                self.draw(page, conversation, !all.contains(&whole))
            }
            Change::Accepted { id, durable } => {
                let Some(number) = message_number(id) else {
                    return Err(format!("{id} was accepted, and nobody sent it"));
                };
                self.report.accepted += 1;
                let told = if *durable {
                    Told::Durable
                } else {
                    Told::Volatile
                };
                self.oracle.told(number, told)
            }
            Change::Refused(id, _) => {
                message_number(id).map_or(Ok(()), |n| self.oracle.told(n, Told::Refused))
            }
            Change::Status
            | Change::Conversations
            | Change::Presence
            | Change::Received(..)
            | Change::Signal(..) => Ok(()),
        }
    }

    /// The page's view of a conversation changes.
    fn draw(
        &mut self,
        page: usize,
        conversation: &ConversationId,
        appended: bool,
    ) -> Result<(), String> {
        let Some(place) = self.oracle.people().place(conversation) else {
            return Ok(());
        };
        let this = &mut self.pages[page];
        this.views[place]
            .draw(&this.client, conversation, appended)
            .map_err(|broken| format!("tab {page}: {broken}"))?;
        self.check_window(page, place)
    }

    /// Arms the page's one timer. A later deadline waits for the earlier timer, which then finds
    /// nothing due.
    fn arm(&mut self, page: usize) {
        let this = &mut self.pages[page];
        let Some(deadline) = this.client.poll_timeout() else {
            this.timer = None;
            return;
        };
        let mut when = (deadline.saturating_add(this.zero)).max(self.now);
        if this.hidden != 0 {
            when = when.max(this.ticked + MINUTE);
        }
        if this.timer.is_none_or(|armed| when < armed) {
            this.timer = Some(when);
            this.timer_token += 1;
            self.heap
                .push(when, Event::Timer(short(page), this.timer_token));
        }
    }

    /// The page's timer fires.
    pub(super) fn timer(&mut self, page: u32, token: u32) -> Result<bool, String> {
        let page = long(page);
        let this = &mut self.pages[page];
        if token != this.timer_token || this.timer.is_none() || !this.alive {
            return Ok(false);
        }
        this.timer = None;
        if this.is_held() {
            // It fires first thing when the page goes on.
            return Ok(false);
        }
        if !self.is_due(page) {
            self.arm(page);
            return Ok(false);
        }
        self.tick(page)?;
        Ok(true)
    }

    fn is_due(&self, page: usize) -> bool {
        let this = &self.pages[page];
        let deadline = this.client.poll_timeout();
        deadline.is_some_and(|deadline| deadline.saturating_add(this.zero) <= self.now)
    }

    fn tick(&mut self, page: usize) -> Result<(), String> {
        self.pages[page].ticked = self.now;
        self.feed(page, Input::Timer)
    }

    /// A page goes on where it was held: its timer first, then what has queued up.
    pub(super) fn thaw(&mut self, page: u32) -> Result<bool, String> {
        let (page, now) = (long(page), self.now);
        let this = &mut self.pages[page];
        if !this.is_held() {
            return Ok(false);
        }
        let was_away = this.held[Held::Away as usize] != 0;
        for until in &mut this.held {
            if *until <= now {
                *until = 0;
            }
        }
        if this.is_held() || !this.alive {
            return Ok(true);
        }
        if self.is_due(page) {
            self.tick(page)?;
        }
        self.arm(page);
        if std::mem::take(&mut self.pages[page].told) {
            self.feed(page, Input::Lifecycle(Lifecycle::Resume))?;
        }
        if was_away {
            self.feed(page, Input::Lifecycle(Lifecycle::PageShow))?;
        }
        while let Some(input) = self.pages[page].waiting.pop_front() {
            self.feed(page, input)?;
        }
        self.note_failed(page)?;
        Ok(true)
    }

    /// A hidden page is looked at again.
    pub(super) fn show(&mut self, page: u32) -> Result<bool, String> {
        let page = long(page);
        let this = &mut self.pages[page];
        if this.hidden == 0 || this.hidden > self.now {
            return Ok(false);
        }
        this.hidden = 0;
        self.input(page, Input::Lifecycle(Lifecycle::Visible))?;
        Ok(true)
    }

    /// The checks after an input: the core's own, one log in turn, the view now and then.
    fn check(&mut self, page: usize) -> Result<(), String> {
        let this = &mut self.pages[page];
        this.client
            .invariants()
            .map_err(|broken| format!("tab {page}: {broken}"))?;
        this.fed += 1;
        let fed = this.fed;
        let of_user = &self.oracle.people().of_user[this.user];
        let place = of_user[fed % of_user.len()];
        self.check_window(page, place)?;
        if fed.is_multiple_of(SAMPLE_EVERY) {
            let conversation = &self.oracle.people().conversations[place];
            shown::rows(&self.pages[page].client, conversation, SAMPLED, |_| {})
                .map_err(|broken| format!("tab {page}: {broken}"))?;
        }
        if self.healed {
            self.watch(page);
        }
        Ok(())
    }

    pub(super) fn check_window(&mut self, page: usize, place: usize) -> Result<(), String> {
        let this = &mut self.pages[page];
        let conversation = &self.oracle.people().conversations[place];
        match this.client.log(conversation) {
            Some(log) => self
                .oracle
                .window(place, &mut this.windows[place], &log)
                .map_err(|broken| format!("tab {page}: {broken}")),
            None => Ok(()),
        }
    }

    /// Marks the messages that a page gave back to its person.
    pub(super) fn note_failed(&mut self, page: usize) -> Result<(), String> {
        let mut failed = Vec::new();
        let this = &self.pages[page];
        for &place in &self.oracle.people().of_user[this.user] {
            let conversation = &self.oracle.people().conversations[place];
            shown::rows(&this.client, conversation, usize::MAX, |id| {
                failed.extend(message_number(id));
            })?;
        }
        for number in failed {
            self.oracle.displaced(number);
        }
        Ok(())
    }
}

/// Whether messages flow.
pub(super) fn is_up(client: &Client) -> bool {
    client.status().phase == Phase::Up
}
