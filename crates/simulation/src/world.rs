//! One world: pages, lines, gateway, handlers and store on one clock.

mod acts;
mod executor;
mod feed;
mod gateway;
mod healing;
mod line;
mod lives;
mod posts;
mod steps;
mod writes;

use std::sync::Arc;

use switchboard_backend::{Backend, MemoryStore};

use crate::{
    conn::Conn,
    heap::Heap,
    late_rows::LateRows,
    mutants::{Entry, Mutation, ServerMutants, StorageMutant},
    oracle::Oracle,
    page::{Device, Page},
    people::People,
    plan::Plan,
    platform::{Shared, Ticket},
    ports::{SimClock, SimPost},
    rates::Rates,
    report::{Broken, Report},
    rng::{Rng, Stream},
    setup::{MAX_TABS, Setup},
    slab::Slab,
    storage::Storage,
    store::SimStore,
};

use executor::Executor;
use gateway::Call;
use posts::Posted;

/// The handlers over the simulated ports.
type Handlers = Backend<SimStore, SimPost, SimClock>;

/// Everything that can happen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// A step of the schedule.
    Step(u32),
    /// A handler's pause has ended.
    Wake(Ticket),
    /// A post reaches the gateway.
    Post(u32),
    /// A handshake reaches the gateway.
    Dial(u32),
    /// A handler is invoked.
    Call(u32),
    /// The page hears that its socket is open.
    Opened(u32),
    /// A frame reaches the page.
    Down(u32),
    /// The page hears that its socket closes.
    PageClose(u32),
    /// The page hears that its socket is closed.
    PageClosed(u32),
    /// The constructor of a socket threw.
    Threw(u32),
    /// The gateway hears that the page is gone.
    GateEnd(u32),
    /// The two-hour and the idle limit.
    Limit(u32),
    Idle(u32),
    /// A stalled connection breaks.
    Break(u32),
    /// A page's timer.
    Timer(u32, u32),
    /// A storage's next write ends.
    Written(u32),
    /// A ticket, or none.
    TicketAnswer(u32),
    /// A page starts; then it has read its storage.
    Boot(u32),
    SignIn(u32),
    /// A page has read of its storage what lies below a log.
    Read(u32),
    /// A page's events flow again.
    Thaw(u32),
    Show(u32),
    /// A switched page goes back to its owner.
    Return(u32),
    /// A device's network is back and its browser says so, or that it is gone.
    Online(u32),
    Offline(u32),
    /// A probe message in the quiet.
    Probe,
}

/// See the module.
pub(crate) struct World<'p> {
    plan: &'p Plan,
    now: u64,
    heap: Heap<Event>,
    shared: Shared,
    backend: Arc<Handlers>,
    executor: Executor,
    conns: Vec<Conn>,
    calls: Slab<Call>,
    posts: Slab<Posted>,
    tickets: Slab<writes::TicketTry>,
    pages: Vec<Page>,
    /// The present life of each page.
    lives: Vec<u32>,
    devices: Vec<Device>,
    /// By device and user.
    storages: Vec<Storage>,
    oracle: Oracle,
    setup: Setup,
    rates: Rates,
    server_mutants: ServerMutants,
    storage_mutant: Option<StorageMutant>,
    throttled_until: u64,
    blackout_until: u64,
    healed: bool,
    probe_rng: Rng,
    report: Report,
}

impl<'p> World<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Self {
        let mut setup = Setup::draw(plan);
        let entry = plan.mutant.as_deref().and_then(Entry::named);
        let (mut server_mutants, mut storage_mutant) = (ServerMutants::default(), None);
        for mutation in entry.map_or(&[][..], |entry| entry.mutations) {
            match *mutation {
                Mutation::Client(mutant) => setup.config.mutant = Some(mutant),
                Mutation::Server(mutant) => {
                    server_mutants.add(mutant);
                    mutant.configure(&mut setup.settings);
                }
                Mutation::Storage(mutant) => storage_mutant = Some(mutant),
            }
        }
        let rates = setup.rates;
        let shared = Shared::new(rates, server_mutants);
        let backend = Arc::new(Backend::new(
            SimStore {
                inner: Arc::new(MemoryStore::new("e1")),
                shared: shared.clone(),
                mutants: server_mutants,
                late: LateRows::default(),
            },
            SimPost(shared.clone()),
            SimClock(shared.clone()),
            setup.settings.clone(),
        ));
        let people = People::new(setup.people);
        let storages = (0..setup.devices.len() * setup.people)
            .map(|at| Storage {
                rng: Rng::stream(plan.seed, Stream::Storage, crate::oracle::count(at)),
                ..Storage::default()
            })
            .collect();
        let mut world = Self {
            plan,
            now: 0,
            heap: Heap::new(),
            shared,
            backend,
            executor: Executor::default(),
            conns: Vec::new(),
            calls: Slab::default(),
            posts: Slab::default(),
            tickets: Slab::default(),
            pages: Vec::new(),
            lives: Vec::new(),
            devices: setup.devices.iter().map(|_| Device::default()).collect(),
            storages,
            oracle: Oracle::new(people, MAX_TABS),
            rates,
            server_mutants,
            storage_mutant,
            throttled_until: 0,
            blackout_until: 0,
            healed: false,
            probe_rng: Rng::stream(plan.seed, Stream::Probe, 0),
            report: Report::default(),
            setup,
        };
        for device in 0..world.devices.len() {
            let owner = world.setup.devices[device];
            let name = format!("t{device}");
            world.add_page(owner, device, name, 0);
        }
        for (number, (at, _)) in plan.schedule.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            world.heap.push(*at, Event::Step(number));
        }
        world
    }

    /// Runs to the end or to the first broken promise.
    pub(crate) fn run(mut self) -> Report {
        let outcome = self
            .until(self.plan.storm)
            .and_then(|()| self.converge())
            .and_then(|()| self.quiet());
        if let Err(what) = outcome {
            self.report.broken = Some(Broken { at: self.now, what });
        }
        self.report.virtual_ms = self.now;
        self.report.messages = crate::oracle::count(self.oracle.messages.len());
        self.report.connections = crate::oracle::count(self.conns.len());
        self.report
    }

    /// Runs all events up to a time.
    fn until(&mut self, end: u64) -> Result<(), String> {
        while let Some((at, event)) = self.heap.pop(end) {
            if at != self.now {
                self.now = at;
                self.shared.lock().now = at;
            }
            if self.happens(event)? {
                self.report.events += 1;
            }
        }
        self.now = end;
        self.shared.lock().now = end;
        Ok(())
    }

    /// One event; `false` for one that has become void, such as a cancelled timer.
    fn happens(&mut self, event: Event) -> Result<bool, String> {
        match event {
            Event::Step(number) => self.step(number),
            Event::Wake(ticket) => self.wake(ticket),
            Event::Post(post) => self.posted(post),
            Event::Dial(conn) => self.dialled(conn),
            Event::Call(call) => self.called(call),
            Event::Opened(conn) => self.opened(conn),
            Event::Down(conn) => self.frame_down(conn),
            Event::PageClose(conn) => self.page_close(conn),
            Event::PageClosed(conn) => self.page_closed(conn),
            Event::Threw(conn) => self.threw(conn),
            Event::GateEnd(conn) => Ok(self.gate_end(conn, 1001)),
            Event::Limit(conn) => Ok(self.gate_close(conn, 1001)),
            Event::Idle(conn) => Ok(self.idle(conn)),
            Event::Break(conn) => Ok(self.reset(conn)),
            Event::Timer(page, token) => self.timer(page, token),
            Event::Written(storage) => self.written(storage),
            Event::TicketAnswer(ticket) => self.ticket(ticket),
            Event::Boot(page) => self.boot(page),
            Event::SignIn(page) => self.sign_in(page),
            Event::Read(page) => self.read(page),
            Event::Thaw(page) => self.thaw(page),
            Event::Show(page) => self.show(page),
            Event::Return(page) => self.switch_back(page),
            Event::Online(device) => self.tell_network(device, true),
            Event::Offline(device) => self.tell_network(device, false),
            Event::Probe => self.probe(),
        }
    }
}

/// A position in one of the world's lists as an event carries it.
pub(crate) fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The position an event carries.
pub(crate) fn long(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
