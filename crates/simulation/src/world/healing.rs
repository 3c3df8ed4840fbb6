//! The end of a run: everything heals, and then everything has to be everywhere soon.

use switchboard_client::{Input, Phase};

use super::{Event, World, feed::is_up, short};
use crate::{conn::GateSide, oracle::count, page::Held, people::message_number, rates::Rates};

/// The bar: virtual ms from the last fault to convergence.
const BOUND: u64 = 60_000;
/// How often convergence is looked for.
const LOOK: u64 = 100;
/// A probe message in the quiet has to be everywhere after this.
const PROBE_WAITS: u64 = 5_000;
/// From probe to probe.
const PROBE_GAP: u64 = 20_000;

impl World<'_> {
    /// Heals the world and waits until every page has everything.
    pub(super) fn converge(&mut self) -> Result<(), String> {
        self.heal()?;
        let healed_at = self.now;
        loop {
            let lacks = self.lacks();
            let Some(lacks) = lacks else {
                break;
            };
            if self.now >= healed_at + BOUND {
                return Err(format!("not converged 60 s after healing: {lacks}"));
            }
            self.until(self.now + LOOK)?;
        }
        self.report.converged_ms = Some(self.now - healed_at);
        match self.oracle.lost(&self.lives) {
            Some(lost) => Err(lost),
            None => self.all_rows(),
        }
    }

    fn heal(&mut self) -> Result<(), String> {
        self.rates = Rates::default();
        self.throttled_until = 0;
        self.blackout_until = 0;
        {
            let mut platform = self.shared.lock();
            platform.rates = Rates::default();
            platform.store_down_until = 0;
        }
        for at in 0..self.conns.len() {
            let conn = &mut self.conns[at];
            // What would break later breaks now; a half-open line stays so: that is the last fault.
            let breaks = conn.stalled > self.now || conn.breaks_at > self.now;
            if breaks && conn.gate != GateSide::Gone {
                self.reset(short(at));
            }
        }
        for device in 0..self.devices.len() {
            self.devices[device].storage_fails_until = 0;
            if self.devices[device].offline_until > self.now {
                self.devices[device].offline_until = self.now;
            }
        }
        self.outboxes_of_others();
        for page in 0..self.pages.len() {
            self.heal_page(page)?;
        }
        Ok(())
    }

    fn heal_page(&mut self, page: usize) -> Result<(), String> {
        let (now, at) = (self.now, short(page));
        let this = &mut self.pages[page];
        // Of a sleep that is cut short, the clock was moved on for all of it.
        let unslept = this.held[Held::Asleep as usize].saturating_sub(now);
        this.zero = this.zero.saturating_sub(unslept);
        for until in &mut this.held {
            *until = (*until).min(now);
        }
        if this.user != this.owner {
            self.switch_back(at)?;
        }
        if !self.pages[page].alive && self.pages[page].restored.is_none() {
            self.start_at(page, now.min(self.pages[page].boots_at));
        }
        self.thaw(at)?;
        self.pages[page].hidden = self.pages[page].hidden.min(now);
        self.show(at)?;
        if self.pages[page].alive {
            if matches!(self.pages[page].client.status().phase, Phase::Stopped(_)) {
                self.input(page, Input::TryNow)?;
            }
            self.retry_failed(page)?;
        }
        Ok(())
    }

    /// Somebody who was signed in on another's page comes back for what waits there.
    fn outboxes_of_others(&mut self) {
        for device in 0..self.devices.len() {
            for user in 0..self.setup.people {
                if self.waits_for_nobody(device, user) {
                    let name = format!("v{device}");
                    self.add_page(user, device, name, self.now);
                }
            }
        }
    }

    /// Whether a storage holds what no page will load: it is promised to whoever opens one.
    fn waits_for_nobody(&self, device: usize, user: usize) -> bool {
        let storage = &self.storages[device * self.setup.people + user];
        if self.setup.devices[device] != user {
            return !storage.outbox.is_empty() || !storage.writes.is_empty();
        }
        let unsent = storage
            .outbox
            .keys()
            .filter(|id| !self.oracle.is_committed(id));
        let senders = unsent
            .filter_map(message_number)
            .map(|n| self.oracle.messages[n].tab);
        senders
            .map(|tab| &self.pages[tab])
            .any(|page| (page.user, page.device) != (user, device))
    }

    /// What is not as it should be yet.
    fn lacks(&self) -> Option<String> {
        for (at, page) in self.pages.iter().enumerate() {
            if !page.alive {
                return Some(format!("tab {at} is starting"));
            }
            let status = page.client.status();
            if status.phase != Phase::Up {
                return Some(format!("tab {at} is {:?}", status.phase));
            }
            if status.waiting > 0 {
                return Some(format!("tab {at} has {} messages waiting", status.waiting));
            }
            if let Some(lacks) = self.oracle.lacks(page.user, &page.client) {
                return Some(format!("tab {at}: {lacks}"));
            }
        }
        // A row whose message is in the log already is harmless: it is sent again and known.
        let mut stored = self
            .storages
            .iter()
            .flat_map(|storage| storage.outbox.keys());
        stored
            .find(|id| !self.oracle.is_committed(id))
            .map(|id| format!("{id} is in a stored outbox"))
    }

    fn all_rows(&mut self) -> Result<(), String> {
        for page in 0..self.pages.len() {
            self.note_failed(page)?;
            self.views(page)?;
        }
        Ok(())
    }

    /// What a page shows that has everything: the same as any other, and nothing unread to who has
    /// read it.
    fn views(&mut self, page: usize) -> Result<(), String> {
        let user = self.pages[page].user;
        for place in self.oracle.people().of_user[user].clone() {
            let client = &self.pages[page].client;
            self.oracle
                .folded(place, user, client)
                .map_err(|broken| format!("tab {page}: {broken}"))?;
            let conversation = self.oracle.people().conversations[place].clone();
            let newest = client.items(&conversation, 1).pop();
            let Some(item) = newest else { continue };
            self.feed(
                page,
                Input::Read {
                    conversation: conversation.clone(),
                    through: item.id,
                    tell: false,
                },
            )?;
            let summaries = self.pages[page].client.conversations();
            if let Some(row) = summaries.iter().find(|row| row.id == conversation)
                && (row.unread, row.mentions) != (0, 0)
            {
                return Err(format!(
                    "tab {page}: {} unread of {conversation}",
                    row.unread
                ));
            }
        }
        Ok(())
    }

    /// Hours in which nothing goes wrong but the platform's own limits.
    pub(super) fn quiet(&mut self) -> Result<(), String> {
        if self.plan.quiet == 0 {
            return Ok(());
        }
        // Drops of old half-open lines are not planned changes.
        self.until(self.now + BOUND)?;
        self.healed = true;
        for page in &mut self.pages {
            page.up = is_up(&page.client);
        }
        let before = count(self.conns.len());
        self.heap.push(self.now + PROBE_GAP, Event::Probe);
        self.until(self.now + self.plan.quiet)?;
        self.report.quiet_connections = count(self.conns.len()) - before;
        if self.report.gaps > 0 {
            let gaps = self.report.gaps;
            return Err(format!("{gaps} gaps in reception while nothing went wrong"));
        }
        self.converge_again()
    }

    fn converge_again(&mut self) -> Result<(), String> {
        self.until(self.now + PROBE_WAITS)?;
        match self.lacks() {
            Some(lacks) => Err(format!("after the quiet: {lacks}")),
            None => Ok(()),
        }
    }

    /// Counts the moments at which a page has no working connection.
    pub(super) fn watch(&mut self, page: usize) {
        let this = &mut self.pages[page];
        let up = is_up(&this.client);
        if this.up && !up {
            self.report.gaps += 1;
        }
        this.up = up;
    }

    /// A message in the quiet, after looking whether the last one has reached everybody.
    pub(super) fn probe(&mut self) -> Result<bool, String> {
        for (at, page) in self.pages.iter().enumerate() {
            if let Some(lacks) = self.oracle.lacks(page.user, &page.client) {
                return Err(format!("in the quiet, tab {at} misses a message: {lacks}"));
            }
        }
        let page = self.probe_rng.below(self.pages.len());
        let of_user = &self.oracle.people().of_user[self.pages[page].user];
        let place = of_user[self.probe_rng.below(of_user.len())];
        self.send_to(page, place, 12)?;
        let gap = PROBE_GAP + self.probe_rng.range(0, PROBE_GAP);
        self.heap.push(self.now + gap, Event::Probe);
        Ok(true)
    }
}
