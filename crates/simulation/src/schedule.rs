//! What people do and what breaks, as a list that can be written down, cut and run again.

use serde::{Deserialize, Serialize};

use crate::{
    plan::Profile,
    rng::{Rng, Stream},
};

/// One thing that happens. `tab` and `device` count modulo those there are; durations are ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields say what they are")]
pub enum Step {
    /// A person sends a text of at least so many bytes.
    Send {
        tab: u8,
        conversation: u8,
        bytes: u32,
    },
    /// A person does something to one of the newest messages of a conversation: `act` and
    /// `target` count modulo what there is.
    Act {
        tab: u8,
        conversation: u8,
        act: u8,
        target: u8,
    },
    /// A person opens a conversation.
    Open { tab: u8, conversation: u8 },
    /// A person scrolls up.
    Earlier { tab: u8, conversation: u8 },
    /// A person presses *Try now*.
    TryNow { tab: u8 },
    /// A person retries every failed message.
    Retry { tab: u8 },
    /// A person signs out, another signs in on the same page, and so back.
    Switch { tab: u8, ms: u64 },
    /// The connection is reset.
    Reset { tab: u8 },
    /// The connection ends without a close frame.
    Finish { tab: u8 },
    /// One or both directions of the connection swallow everything from now on.
    HalfOpen { tab: u8, up: bool, down: bool },
    /// The peer closes with this code.
    Close { tab: u8, code: u16 },
    /// The server asks to reconnect.
    Goaway { tab: u8, ms: u64 },
    /// A frame that is none of ours.
    Junk { tab: u8, kind: u8 },
    /// A device has no network; `told` when its browser notices.
    Outage { device: u8, ms: u64, told: bool },
    /// Timers stop and frames queue up; `told` when the page gets `freeze` and `resume`.
    Freeze { tab: u8, ms: u64, told: bool },
    /// The page is in the background: timers run once a minute.
    Hide { tab: u8, ms: u64 },
    /// The device sleeps: the monotonic clock stops too.
    Sleep { device: u8, ms: u64, told: bool },
    /// Away to another page and back from the back/forward cache.
    Leave { tab: u8, ms: u64 },
    /// The page is gone and loaded again after so long; `told` when `pagehide` was seen.
    Reload { tab: u8, ms: u64, told: bool },
    /// The tab is duplicated: same storage, same tab identity.
    Duplicate { tab: u8 },
    /// Every write to the device's storage fails.
    StorageFails { device: u8, ms: u64 },
    /// The browser deletes what the device had stored.
    Evict { device: u8 },
    /// The device's wall clock is set.
    ClockStep { device: u8, seconds: i32 },
    /// The gateway restarts: every socket drops.
    Restart,
    /// The store fails.
    StoreDown { ms: u64 },
    /// Posts and handshakes are answered 429.
    Throttle { ms: u64 },
    /// Every post is accepted and lost.
    Blackout { ms: u64 },
}

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;

/// The schedule of a seed until `end`.
pub(crate) fn schedule(seed: u64, profile: Profile, end: u64) -> Vec<(u64, Step)> {
    let mut weaver = Weaver {
        rng: Rng::stream(seed, Stream::Schedule, 0),
        end,
        woven: Vec::new(),
    };
    weaver.talk(profile);
    match profile {
        Profile::Stormy | Profile::Holes => weaver.storm(),
        Profile::Storage => weaver.bad_storage(),
        Profile::Reconnects => weaver.reconnects(),
        Profile::Quiet => {}
    }
    weaver.act();
    weaver.woven.sort_by_key(|(at, _)| *at);
    weaver.woven
}

struct Weaver {
    rng: Rng,
    end: u64,
    woven: Vec<(u64, Step)>,
}

impl Weaver {
    /// Repeats a step with this mean gap, more or less often by world, in a few never.
    fn often(&mut self, gap: u64, step: impl Fn(&mut Rng) -> Step) {
        let mut rng = self.rng.split();
        let gap = match rng.range(0, 9) {
            0 => return,
            1 => gap / 3,
            2 | 3 => gap * 3,
            _ => gap,
        };
        self.every(rng, gap, step);
    }

    fn every(&mut self, mut rng: Rng, gap: u64, step: impl Fn(&mut Rng) -> Step) {
        let mut at = rng.gap(gap);
        while at < self.end {
            let step = step(&mut rng);
            self.woven.push((at, step));
            at += 1 + rng.gap(gap);
        }
    }

    fn talk(&mut self, profile: Profile) {
        let mut rng = self.rng.split();
        let gap = rng.pick(&[3, 6, 6, 15]).unwrap_or(6) * SECOND;
        let gap = match profile {
            Profile::Reconnects => gap / 4,
            Profile::Stormy | Profile::Holes | Profile::Storage | Profile::Quiet => gap,
        };
        let mut at = rng.gap(gap);
        while at < self.end {
            let tab = any(&mut rng);
            let mut conversation = any(&mut rng);
            let mut when = at;
            for _ in 0..rng.range(1, 4) {
                let bytes = match rng.range(0, 199) {
                    0 => 30_000,
                    1..4 => 3_000,
                    _ => 12,
                };
                let send = Step::Send {
                    tab,
                    conversation,
                    bytes,
                };
                self.woven.push((when, send));
                when += rng.range(0, 400);
                if rng.chance(2_000) {
                    conversation = any(&mut rng);
                }
            }
            at += 1 + rng.gap(gap);
        }
        self.often(5 * MINUTE, |rng| Step::Open {
            tab: any(rng),
            conversation: any(rng),
        });
        self.often(3 * MINUTE, |rng| Step::Earlier {
            tab: any(rng),
            conversation: any(rng),
        });
    }

    fn act(&mut self) {
        self.often(12 * SECOND, |rng| Step::Act {
            tab: any(rng),
            conversation: any(rng),
            act: any(rng),
            target: any(rng),
        });
    }

    fn reconnects(&mut self) {
        let rng = self.rng.split();
        self.every(rng, 5 * SECOND, |rng| Step::Reset { tab: any(rng) });
    }

    fn bad_storage(&mut self) {
        self.lines();
        let rng = self.rng.split();
        self.every(rng, MINUTE, |rng| Step::Reload {
            tab: any(rng),
            ms: long(rng, 100, MINUTE),
            told: rng.chance(5_000),
        });
        let rng = self.rng.split();
        self.every(rng, 3 * MINUTE, |rng| Step::StorageFails {
            device: any(rng),
            ms: long(rng, SECOND, MINUTE),
        });
        let rng = self.rng.split();
        self.every(rng, 10 * MINUTE, |rng| Step::Duplicate { tab: any(rng) });
    }

    fn storm(&mut self) {
        self.lines();
        self.pages();
        self.storage();
        self.often(40 * MINUTE, |_| Step::Restart);
        self.often(30 * MINUTE, |rng| Step::StoreDown {
            ms: rng.range(SECOND, MINUTE),
        });
        self.often(20 * MINUTE, |rng| Step::Throttle {
            ms: rng.range(5 * SECOND, MINUTE),
        });
        self.often(10 * MINUTE, |rng| Step::Blackout {
            ms: rng.range(SECOND, MINUTE),
        });
        self.often(10 * MINUTE, |rng| Step::TryNow { tab: any(rng) });
        self.often(10 * MINUTE, |rng| Step::Retry { tab: any(rng) });
    }

    fn lines(&mut self) {
        self.often(4 * MINUTE, |rng| Step::Reset { tab: any(rng) });
        self.often(10 * MINUTE, |rng| Step::Finish { tab: any(rng) });
        self.often(5 * MINUTE, |rng| {
            let way = rng.range(0, 3);
            Step::HalfOpen {
                tab: any(rng),
                up: way != 1,
                down: way != 0,
            }
        });
        self.often(6 * MINUTE, |rng| Step::Close {
            tab: any(rng),
            code: rng.pick(CODES).unwrap_or(1006),
        });
        self.often(20 * MINUTE, |rng| Step::Goaway {
            tab: any(rng),
            ms: rng.range(0, 20 * SECOND),
        });
        self.often(2 * MINUTE, |rng| Step::Junk {
            tab: any(rng),
            kind: any(rng),
        });
        self.often(6 * MINUTE, |rng| Step::Outage {
            device: any(rng),
            ms: long(rng, SECOND, 5 * MINUTE),
            told: rng.chance(7_000),
        });
    }

    fn pages(&mut self) {
        self.often(8 * MINUTE, |rng| Step::Freeze {
            tab: any(rng),
            ms: long(rng, 2 * SECOND, 30 * MINUTE),
            told: rng.chance(5_000),
        });
        self.often(8 * MINUTE, |rng| Step::Hide {
            tab: any(rng),
            ms: long(rng, 10 * SECOND, 30 * MINUTE),
        });
        self.often(30 * MINUTE, |rng| Step::Sleep {
            device: any(rng),
            ms: long(rng, 10 * SECOND, 60 * MINUTE),
            told: rng.chance(5_000),
        });
        self.often(15 * MINUTE, |rng| Step::Leave {
            tab: any(rng),
            ms: long(rng, SECOND, 10 * MINUTE),
        });
        self.often(5 * MINUTE, |rng| Step::Reload {
            tab: any(rng),
            ms: long(rng, 100, 5 * MINUTE),
            told: rng.chance(7_000),
        });
        self.often(20 * MINUTE, |rng| Step::Duplicate { tab: any(rng) });
        self.often(40 * MINUTE, |rng| Step::Switch {
            tab: any(rng),
            ms: rng.range(10 * SECOND, 5 * MINUTE),
        });
        self.often(40 * MINUTE, |rng| Step::ClockStep {
            device: any(rng),
            seconds: i32::try_from(rng.range(0, 172_800)).unwrap_or(0) - 86_400,
        });
    }

    fn storage(&mut self) {
        self.often(15 * MINUTE, |rng| Step::StorageFails {
            device: any(rng),
            ms: long(rng, SECOND, 5 * MINUTE),
        });
        self.often(90 * MINUTE, |rng| Step::Evict { device: any(rng) });
    }
}

/// What servers and middleboxes close with, the usual ones more than once.
const CODES: &[u16] = &[
    1000, 1001, 1001, 1001, 1002, 1005, 1006, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 4401, 4429,
    4000,
];

fn any(rng: &mut Rng) -> u8 {
    u8::try_from(rng.range(0, 255)).unwrap_or(0)
}

/// A duration between the two, short ones far more often.
fn long(rng: &mut Rng, from: u64, to: u64) -> u64 {
    let top = to >> rng.range(0, 6);
    rng.range(from, top.max(from))
}
