//! Who is there and how everything is configured, drawn for each seed: the buggify switches.

use std::time::Duration;

use switchboard_backend::Settings;
use switchboard_client::Config;

use crate::{
    plan::{Plan, Profile},
    rates::Rates,
    rng::{Rng, Stream},
};

/// Most tabs in a world, duplicates included.
pub(crate) const MAX_TABS: usize = 9;

/// See the module.
#[derive(Debug)]
pub(crate) struct Setup {
    /// 2 to 4 people.
    pub(crate) people: usize,
    /// The owner of each device; each has one tab at first.
    pub(crate) devices: Vec<usize>,
    pub(crate) config: Config,
    pub(crate) settings: Settings,
    pub(crate) rates: Rates,
    /// Whether a ticket is fetched before each connect.
    pub(crate) tickets: bool,
}

impl Setup {
    pub(crate) fn draw(plan: &Plan) -> Self {
        let mut rng = Rng::stream(plan.seed, Stream::Rates, 1);
        let people = 2 + rng.below(3);
        let mut devices: Vec<usize> = (0..people).collect();
        for person in 0..people {
            if rng.chance(4_000) {
                devices.push(person);
            }
        }
        let mut setup = Self {
            people,
            devices,
            config: Config::default(),
            settings: Settings::default(),
            rates: Rates::draw(plan.seed),
            tickets: rng.chance(3_000),
        };
        match plan.profile {
            Profile::Stormy => setup.buggify(&mut rng),
            Profile::Holes => {
                setup.buggify(&mut rng);
                setup.rates.hole = 300;
            }
            Profile::Storage => {
                setup.rates.write_slow = 2_000;
                setup.rates.write_fails = 1_000;
            }
            Profile::Reconnects | Profile::Quiet => setup.rates = Rates::default(),
        }
        setup
    }

    /// Numbers at which code that is rarely needed is needed all the time. Each is at its
    /// shipped value in most worlds.
    fn buggify(&mut self, rng: &mut Rng) {
        let mut odd = || rng.chance(2_000);
        let config = &mut self.config;
        if odd() {
            config.buffer = 2;
        }
        if odd() {
            // With small pages, catching up is bounded by starting from the newest.
            config.page = 2;
            config.far_behind = 20;
        }
        if odd() {
            config.page = 1;
            config.far_behind = 10;
        }
        if odd() {
            config.far_behind = 3;
        }
        if odd() {
            config.gap = 0;
        }
        if odd() {
            config.backoff_base = 1;
            config.backoff_cap = 20;
            config.backoff_floor = 1;
        }
        if odd() {
            config.ping_visible = 5_000;
        }
        if odd() {
            config.ack = [1_000, 1_000, 2_000];
        }
        if odd() {
            config.late = 0;
        }
        let settings = &mut self.settings;
        if odd() {
            settings.fan_out_width = 1;
        }
        if odd() {
            settings.commit_attempts = 1;
        }
        if odd() {
            settings.retry_after = Duration::ZERO;
        }
        if odd() {
            settings.handshake_grace = Duration::ZERO;
        }
    }
}
