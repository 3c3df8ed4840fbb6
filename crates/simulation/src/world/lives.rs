//! How a page begins and ends: loaded, duplicated, killed, loaded again.

use switchboard_client::{Client, Input, Lifecycle};

use super::{Event, World, long, short};
use crate::{
    conn::{GateSide, PageSide},
    mutants::StorageMutant,
    oracle::{Window, count, shown::View},
    page::{Held, Page},
    rng::{Rng, Stream},
    setup::MAX_TABS,
};

impl World<'_> {
    /// A page that starts at `when`.
    pub(super) fn add_page(&mut self, owner: usize, device: usize, name: String, when: u64) {
        let page = self.pages.len();
        let conversations = self.oracle.people().conversations.len();
        let seed = count(page);
        self.pages.push(Page {
            client: Client::new(self.setup.config.clone(), 0),
            user: owner,
            owner,
            device,
            name,
            alive: false,
            boots_at: when,
            restored: None,
            reads: std::collections::VecDeque::new(),
            zero: when,
            held: [0; 3],
            waiting: std::collections::VecDeque::new(),
            told: false,
            hidden: 0,
            ticked: 0,
            timer: None,
            timer_token: 0,
            sockets: Vec::new(),
            closed: std::collections::VecDeque::new(),
            buffered: false,
            windows: vec![Window::default(); conversations],
            views: vec![View::default(); conversations],
            fed: 0,
            rng: Rng::stream(self.plan.seed, Stream::Tab, seed),
            up: false,
        });
        self.lives.push(0);
        self.heap.push(when, Event::Boot(short(page)));
    }

    pub(super) fn duplicate(&mut self, page: usize) {
        let this = &self.pages[page];
        if self.pages.len() >= MAX_TABS || !this.alive {
            return;
        }
        let (user, device, name) = (this.user, this.device, this.name.clone());
        self.add_page(user, device, name, self.now + 50);
        self.report.duplicates += 1;
        self.report.fault("duplicate tab");
    }

    /// The page's memory is gone.
    pub(super) fn kill(&mut self, page: usize) {
        self.abandon_writes(page);
        for (_, at) in self.pages[page].sockets.clone() {
            // The browser closes what the page left open.
            if self.conns[long(at)].page == PageSide::Connecting
                && self.conns[long(at)].gate == GateSide::Dialling
            {
                self.conns[long(at)].gate = GateSide::Gone;
            }
            self.hang_up(at);
        }
        self.lives[page] += 1;
        if self.storage_mutant == Some(StorageMutant::MemoryOutbox) {
            let at = self.storage_of(page);
            self.storages[at].outbox.clear();
        }
        let this = &mut self.pages[page];
        this.alive = false;
        this.restored = None;
        this.waiting.clear();
        this.held[Held::Frozen as usize] = 0;
        this.held[Held::Away as usize] = 0;
        this.told = false;
        this.closed.clear();
        this.hidden = 0;
        this.timer = None;
        this.buffered = false;
    }

    pub(super) fn reload(&mut self, page: usize, ms: u64, told: bool) -> Result<(), String> {
        if !self.pages[page].alive {
            return Ok(());
        }
        if told && !self.pages[page].is_held() {
            self.feed(page, Input::Lifecycle(Lifecycle::PageHide))?;
        }
        self.report.fault("reload");
        self.kill(page);
        self.start_at(page, self.now + ms);
        Ok(())
    }

    pub(super) fn start_at(&mut self, page: usize, when: u64) {
        self.pages[page].boots_at = when;
        self.heap.push(when, Event::Boot(short(page)));
    }

    /// The page is loaded and reads its storage.
    pub(super) fn boot(&mut self, page: u32) -> Result<bool, String> {
        let at = long(page);
        let storage = self.storage_of(at);
        let this = &mut self.pages[at];
        if this.alive || this.restored.is_some() || this.boots_at > self.now {
            return Ok(false);
        }
        let asleep = this.held[Held::Asleep as usize];
        if asleep > self.now {
            this.boots_at = asleep;
            self.heap.push(asleep, Event::Boot(page));
            return Ok(false);
        }
        this.held = [0; 3];
        let restored = self.storages[storage].restored();
        self.oracle
            .finds(this.device, this.user, &restored)
            .map_err(|broken| format!("tab {at}: {broken}"))?;
        this.restored = Some(restored);
        let wait = this.rng.range(1, 20);
        self.heap.push(self.now + wait, Event::SignIn(page));
        Ok(true)
    }

    /// The page has read its storage.
    pub(super) fn sign_in(&mut self, page: u32) -> Result<bool, String> {
        let at = long(page);
        let life = (count(at) << 32) | u64::from(self.lives[at]);
        let this = &mut self.pages[at];
        let Some(restored) = this.restored.take() else {
            return Ok(false);
        };
        let seed = Rng::stream(self.plan.seed, Stream::Client, life).next();
        this.client = Client::new(self.setup.config.clone(), seed);
        this.alive = true;
        this.zero = self.now;
        this.windows.fill(Window::default());
        this.views.fill(View::default());
        let account = switchboard_client::Account {
            endpoint: "wss://chat.example/prod".to_owned(),
            user: self.oracle.people().users[this.user].clone(),
            profile: switchboard_protocol::Profile::named("switchboard")
                .ok_or("the profile `switchboard` is missing")?,
            query: Vec::new(),
            tickets: self
                .setup
                .tickets
                .then(|| "https://chat.example/ticket".to_owned()),
            device: format!("d{}", this.device),
            tab: this.name.clone(),
        };
        self.feed(at, Input::SignIn(Box::new(account), restored))?;
        self.note_failed(at)?;
        let everything = self.oracle.people().of_user[self.pages[at].user].clone();
        for place in everything {
            self.check_window(at, place)?;
        }
        Ok(true)
    }
}
