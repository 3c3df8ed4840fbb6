//! Carries out the steps of the schedule.

use switchboard_client::{Client, Input, Lifecycle};

use super::{Event, World, long, short};
use crate::{
    conn::{GateSide, PageSide},
    mutants::StorageMutant,
    oracle::{Sent, Told, Window, count},
    page::{Held, Page},
    people,
    rng::{Rng, Stream},
    schedule::Step,
    setup::MAX_TABS,
};

/// Starts a frame that stands for a binary one.
pub(super) const BINARY: &str = "\u{0}binary";

/// Frames that mean nothing to the client.
const JUNK: &[&str] = &[
    "",
    "null",
    "[]",
    "{",
    "[[[[[[[[[[[[[[[[",
    BINARY,
    r#"{"event":"nonsense","x":1}"#,
    r#"{"event":"message","conv":"lobby"}"#,
    r#"{"event":"message","conv":"lobby","seq":-1,"id":"m0","from":"ana","at":1,"content":"x"}"#,
    r#"{"event":"ack","id":"nobody-sent-this","conv":"lobby","seq":1,"at":1}"#,
    r#"{"event":"page","rid":999999999,"conv":"lobby","after":0,"messages":[],"covered":7,"head":7,"epoch":"e1"}"#,
    r#"{"event":"pong","n":999999999,"now":1}"#,
    r#"{"message":"Forbidden","connectionId":"c0000000=","requestId":"r"}"#,
];

impl World<'_> {
    pub(super) fn step(&mut self, number: u32) -> Result<bool, String> {
        let (_, step) = self.plan.schedule[long(number)];
        self.carry_out_step(step)?;
        Ok(true)
    }

    /// A tab by its number in a step: duplicates keep theirs, others count modulo the first ones.
    fn page_at(&self, tab: u8) -> usize {
        let at = usize::from(tab) % MAX_TABS;
        if at < self.pages.len() {
            at
        } else {
            at % self.devices.len()
        }
    }

    fn device_at(&self, device: u8) -> usize {
        usize::from(device) % self.devices.len()
    }

    /// One of the connections of a tab, the first as a rule.
    fn conn_at(&mut self, tab: u8) -> Option<u32> {
        let page = self.page_at(tab);
        let page = &mut self.pages[page];
        let at = page.rng.below(page.sockets.len());
        page.sockets.get(at).map(|(_, conn)| *conn)
    }

    fn carry_out_step(&mut self, step: Step) -> Result<(), String> {
        match step {
            Step::Send {
                tab,
                conversation,
                bytes,
            } => return self.send(self.page_at(tab), conversation, bytes),
            Step::Open { tab, conversation } => {
                let page = self.page_at(tab);
                let conversation = self.conversation(page, conversation);
                return self.act(page, Input::Open(conversation));
            }
            Step::Earlier { tab, conversation } => {
                let page = self.page_at(tab);
                let conversation = self.conversation(page, conversation);
                return self.act(page, Input::LoadEarlier(conversation));
            }
            Step::TryNow { tab } => return self.act(self.page_at(tab), Input::TryNow),
            Step::Retry { tab } => return self.retry_failed(self.page_at(tab)),
            Step::Switch { tab, ms } => return self.switch(self.page_at(tab), ms),
            Step::Reset { tab } => self.count_if("reset", tab, |world, at| world.reset(at)),
            Step::Finish { tab } => {
                self.count_if("FIN", tab, |world, at| world.gate_close(at, 1006));
            }
            Step::HalfOpen { tab, up, down } => self.count_if("half-open", tab, |world, at| {
                let now = world.now;
                let conn = &mut world.conns[long(at)];
                if up {
                    conn.up_dead = conn.up_dead.min(now);
                }
                if down {
                    conn.down_dead = conn.down_dead.min(now);
                    conn.down.clear();
                }
                true
            }),
            Step::Close { tab, code } => {
                self.count_if("close code", tab, |world, at| world.gate_close(at, code));
            }
            Step::Goaway { tab, ms } => self.count_if("goaway", tab, |world, at| {
                let frame = format!(r#"{{"event":"goaway","reconnect_in_ms":{ms}}}"#);
                world.send_down(at, frame.into());
                true
            }),
            Step::Junk { tab, kind } => self.count_if("junk frame", tab, |world, at| {
                let junk = JUNK[usize::from(kind) % JUNK.len()];
                world.send_down(at, junk.into());
                true
            }),
            Step::Outage { device, ms, told } => self.outage(self.device_at(device), ms, told),
            Step::Freeze { tab, ms, told } => {
                let page = self.page_at(tab);
                if told {
                    self.input(page, Input::Lifecycle(Lifecycle::Freeze))?;
                    self.pages[page].told = true;
                }
                self.hold(page, Held::Frozen, ms);
                self.report.fault("freeze");
            }
            Step::Hide { tab, ms } => {
                let page = self.page_at(tab);
                self.input(page, Input::Lifecycle(Lifecycle::Hidden))?;
                let until = self.now + ms;
                self.pages[page].hidden = self.pages[page].hidden.max(until);
                self.heap.push(until, Event::Show(short(page)));
                self.report.fault("hidden");
            }
            Step::Sleep { device, ms, told } => self.sleep(self.device_at(device), ms, told),
            Step::Leave { tab, ms } => {
                let page = self.page_at(tab);
                if self.pages[page].is_held() {
                    return Ok(());
                }
                self.input(page, Input::Lifecycle(Lifecycle::PageHide))?;
                self.hold(page, Held::Away, ms);
                self.report.fault("bfcache");
            }
            Step::Reload { tab, ms, told } => return self.reload(self.page_at(tab), ms, told),
            Step::Duplicate { tab } => self.duplicate(self.page_at(tab)),
            Step::StorageFails { device, ms } => {
                let device = self.device_at(device);
                let until = &mut self.devices[device].storage_fails_until;
                *until = (*until).max(self.now + ms);
                self.report.fault("storage fails");
            }
            Step::Evict { device } => self.evict(self.device_at(device)),
            Step::ClockStep { device, seconds } => {
                let device = self.device_at(device);
                self.devices[device].skew = i64::from(seconds) * 1_000;
                self.report.fault("clock set");
            }
            Step::Restart => {
                for at in 0..self.conns.len() {
                    self.reset(short(at));
                }
                self.report.fault("restart");
            }
            Step::StoreDown { ms } => {
                let until = self.now + ms;
                let mut platform = self.shared.lock();
                platform.store_down_until = platform.store_down_until.max(until);
                drop(platform);
                self.report.fault("store down");
            }
            Step::Throttle { ms } => {
                self.throttled_until = self.throttled_until.max(self.now + ms);
                self.report.fault("throttling");
            }
            Step::Blackout { ms } => {
                self.blackout_until = self.blackout_until.max(self.now + ms);
                self.report.fault("push blackout");
            }
        }
        Ok(())
    }

    fn count_if(
        &mut self,
        name: &'static str,
        tab: u8,
        fault: impl FnOnce(&mut Self, u32) -> bool,
    ) {
        if let Some(at) = self.conn_at(tab)
            && fault(self, at)
        {
            self.report.fault(name);
        }
    }

    fn conversation(&self, page: usize, number: u8) -> switchboard_protocol::ConversationId {
        let people = self.oracle.people();
        let of_user = &people.of_user[self.pages[page].user];
        people.conversations[of_user[usize::from(number) % of_user.len()]].clone()
    }

    /// A person does something, where they can: the page is there and not held.
    fn act(&mut self, page: usize, input: Input) -> Result<(), String> {
        let this = &self.pages[page];
        if !this.alive || this.is_held() {
            return Ok(());
        }
        self.feed(page, input)
    }

    fn send(&mut self, page: usize, conversation: u8, bytes: u32) -> Result<(), String> {
        let this = &self.pages[page];
        if !this.alive || this.is_held() {
            return Ok(());
        }
        let people = self.oracle.people();
        let of_user = &people.of_user[this.user];
        let place = of_user[usize::from(conversation) % of_user.len()];
        self.send_to(page, place, long(bytes))
    }

    /// A person writes to the conversation at `place`.
    pub(super) fn send_to(
        &mut self,
        page: usize,
        place: usize,
        bytes: usize,
    ) -> Result<(), String> {
        let this = &self.pages[page];
        let number = self.oracle.messages.len();
        let Some(id) = people::message_id(number) else {
            return Ok(());
        };
        self.oracle.messages.push(Sent {
            conversation: place,
            user: this.user,
            device: this.device,
            tab: page,
            life: self.lives[page],
            bytes,
            told: Told::Nothing,
            failed: false,
            committed: false,
        });
        let conversation = self.oracle.people().conversations[place].clone();
        let text = people::text(number, bytes);
        self.feed(
            page,
            Input::Send {
                conversation,
                id,
                text,
            },
        )
    }

    /// A person retries what was given back.
    pub(super) fn retry_failed(&mut self, page: usize) -> Result<(), String> {
        let this = &self.pages[page];
        if !this.alive || this.is_held() {
            return Ok(());
        }
        let mut failed = Vec::new();
        for &place in &self.oracle.people().of_user[this.user] {
            let conversation = &self.oracle.people().conversations[place];
            crate::oracle::shown::rows(&this.client, conversation, usize::MAX, |id| {
                failed.push(id.clone());
            })?;
        }
        self.note_failed(page)?;
        for id in failed {
            self.feed(page, Input::Retry(id))?;
        }
        Ok(())
    }

    /// Holds a page's events back.
    pub(super) fn hold(&mut self, page: usize, why: Held, ms: u64) {
        let until = self.now + ms.max(1);
        let held = &mut self.pages[page].held[why as usize];
        *held = (*held).max(until);
        self.heap.push(until, Event::Thaw(short(page)));
    }

    fn sleep(&mut self, device: usize, ms: u64, told: bool) {
        self.report.fault("sleep");
        let now = self.now;
        for page in 0..self.pages.len() {
            let this = &mut self.pages[page];
            if this.device != device || this.held[Held::Asleep as usize] != 0 {
                continue;
            }
            // The monotonic clock stops: its zero moves on.
            this.zero += ms.max(1);
            this.timer = None;
            this.told |= told;
            let resets = this.rng.chance(5_000);
            for (_, at) in this.sockets.clone() {
                let conn = &mut self.conns[long(at)];
                if resets {
                    self.heap.push(now + ms, Event::Break(at));
                } else {
                    conn.cut(now);
                }
            }
            self.hold(page, Held::Asleep, ms);
        }
    }

    fn outage(&mut self, device: usize, ms: u64, told: bool) {
        self.report
            .fault(if told { "outage" } else { "outage untold" });
        let (now, end) = (self.now, self.now + ms);
        let until = &mut self.devices[device].offline_until;
        *until = (*until).max(end);
        let conns: Vec<u32> = self
            .pages
            .iter()
            .filter(|page| page.device == device)
            .flat_map(|page| page.sockets.iter().map(|(_, at)| *at))
            .collect();
        for at in conns {
            let conn = &mut self.conns[long(at)];
            match conn.rng.range(0, 3) {
                0 if ms < 30_000 => conn.stalled = conn.stalled.max(end),
                0 | 1 => conn.cut(now),
                2 => {
                    self.reset(at);
                }
                _ => {
                    conn.stalled = conn.stalled.max(end);
                    self.heap.push(end, Event::Break(at));
                }
            }
        }
        if told {
            let short = short(device);
            self.heap.push(now + 300, Event::Offline(short));
            self.heap.push(end + 700, Event::Online(short));
        }
    }

    /// The browser's hint about the network.
    pub(super) fn tell_network(&mut self, device: u32, online: bool) -> Result<bool, String> {
        let device = long(device);
        let hint = if online {
            Lifecycle::Online
        } else {
            Lifecycle::Offline
        };
        for page in 0..self.pages.len() {
            if self.pages[page].device == device {
                self.input(page, Input::Lifecycle(hint))?;
            }
        }
        Ok(true)
    }

    fn evict(&mut self, device: usize) {
        for user in 0..self.setup.people {
            self.storages[device * self.setup.people + user].evict();
        }
        self.oracle.evicted(device);
        self.report.fault("storage evicted");
    }

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
            fed: 0,
            rng: Rng::stream(self.plan.seed, Stream::Tab, seed),
            up: false,
        });
        self.lives.push(0);
        self.heap.push(when, Event::Boot(short(page)));
    }

    fn duplicate(&mut self, page: usize) {
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

    fn reload(&mut self, page: usize, ms: u64, told: bool) -> Result<(), String> {
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
    pub(super) fn boot(&mut self, page: u32) -> bool {
        let at = long(page);
        let storage = self.storage_of(at);
        let this = &mut self.pages[at];
        if this.alive || this.restored.is_some() || this.boots_at > self.now {
            return false;
        }
        let asleep = this.held[Held::Asleep as usize];
        if asleep > self.now {
            this.boots_at = asleep;
            self.heap.push(asleep, Event::Boot(page));
            return false;
        }
        this.held = [0; 3];
        this.restored = Some(self.storages[storage].restored());
        let wait = this.rng.range(1, 20);
        self.heap.push(self.now + wait, Event::SignIn(page));
        true
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

    /// Somebody else of the household signs in on this page for a while.
    fn switch(&mut self, page: usize, ms: u64) -> Result<(), String> {
        let this = &self.pages[page];
        if !this.alive || this.is_held() || this.user != this.owner {
            return Ok(());
        }
        let other = (this.user + 1) % self.setup.people;
        self.become_user(page, other)?;
        self.report.fault("other user");
        self.heap.push(self.now + ms, Event::Return(short(page)));
        Ok(())
    }

    pub(super) fn switch_back(&mut self, page: u32) -> Result<bool, String> {
        let page = long(page);
        let this = &self.pages[page];
        if this.user == this.owner {
            return Ok(false);
        }
        let owner = this.owner;
        self.become_user(page, owner)?;
        Ok(true)
    }

    fn become_user(&mut self, page: usize, user: usize) -> Result<(), String> {
        if self.pages[page].alive && !self.pages[page].is_held() {
            self.feed(page, Input::SignOut)?;
        }
        self.kill(page);
        self.pages[page].user = user;
        self.start_at(page, self.now + 500);
        Ok(())
    }
}
