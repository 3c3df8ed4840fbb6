//! Carries out the steps of the schedule.

use switchboard_client::{Input, Lifecycle};

use super::{Event, World, long, short};
use crate::{page::Held, schedule::Step, setup::MAX_TABS};

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
            Step::Act {
                tab,
                conversation,
                act,
                target,
            } => return self.change(self.page_at(tab), conversation, act, target),
            Step::Open { tab, conversation } => {
                let page = self.page_at(tab);
                let conversation = self.conversation(page, conversation);
                return self.act(page, Input::Open(conversation));
            }
            Step::Earlier { tab, conversation } => {
                let page = self.page_at(tab);
                let conversation = self.conversation(page, conversation);
                return self.read_earlier(page, conversation);
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
                    conn.breaks_at = now + ms;
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
                    conn.breaks_at = end;
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
}
