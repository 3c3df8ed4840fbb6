//! The only loop: a browser event becomes one input of the client core, its outputs are carried
//! out, the views hear what changed, one timer is armed.

mod drafts;
mod earlier;
mod emoji;
mod export;
mod intents;
mod language;
mod login;
mod notify;
mod pace;
mod routing;
mod search;
mod session;
mod sockets;
mod update;
mod upkeep;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;

use leptos::prelude::Owner;
use switchboard_client::trace::Trace;
use switchboard_client::{
    Change, Client, Config, Input, Lifecycle, OperationId, Output, Phase, StoreError,
    StoreOperation,
};

use crate::browser::drafts::Shelf;
use crate::browser::lifecycle::Listeners;
use crate::browser::socket::{Sent, Socket};
use crate::browser::store::{Queue, Store};
use crate::browser::timer::Timer;
use crate::browser::{clock, page, ticket};
use crate::state::App;
use crate::state::inspector::Direction;
use crate::view::set_timeout_with_handle;
pub(crate) use login::sign_in;
pub(crate) use notify::Attention;
use pace::{Pace, is_answer};
use sockets::Watched;
use wasm_bindgen_futures::spawn_local;

/// How often a countdown on screen moves, ms.
const TICK: u64 = 1_000;

/// When a countdown to `until` has a second less to tell than at `now`, whatever else happens in between;
/// never before `now`.
fn tick_after(now: u64, until: u64) -> u64 {
    now + 1 + until.wrapping_sub(now + 1) % TICK
}

/// Owns the client core and everything of the browser that it asks for.
pub struct Driver {
    app: App,
    client: RefCell<Client>,
    /// Inputs that came while another was being carried out.
    inputs: RefCell<VecDeque<Input>>,
    running: Cell<bool>,
    /// The active one, the candidate and the one being drained.
    sockets: RefCell<Vec<Watched>>,
    /// What is asked of the browser's databases.
    queue: Rc<Queue>,
    /// The storage of whoever is signed in.
    store: RefCell<Option<Rc<Store>>>,
    /// Counts sign-ins and sign-outs: what was begun for an earlier one is not heard.
    session: Cell<u64>,
    /// Inputs that came while storage was being read for a sign-in.
    held: RefCell<Option<Vec<Input>>>,
    /// Whether the browser was asked to keep what is stored.
    asked_to_keep: Cell<bool>,
    /// Counts searches, in the open conversation and in all: an earlier one is given up.
    searches: [Cell<u64>; 2],
    /// Whether older messages are being read out of storage.
    reading: Cell<bool>,
    /// Whether the book of emoji is on its way.
    loading_emoji: Cell<bool>,
    /// Each keeps one notification of this session on the screen; dropped, it closes that.
    notified: RefCell<Vec<Owner>>,
    /// Every input from the start: a bug report.
    trace: RefCell<Trace>,
    timer: RefCell<Option<Timer>>,
    pace: Pace,
    /// The drafts of whoever is signed in.
    shelf: RefCell<Option<Shelf>>,
    /// Ends a pause in typing.
    pause: RefCell<Option<Timer>>,
    _listeners: RefCell<Option<Listeners>>,
    me: Weak<Driver>,
}

impl Driver {
    /// Takes over `app`: from now on its intents are carried out. Lives as long as the page.
    #[must_use]
    pub fn start(app: App) -> Rc<Self> {
        let seed = u64::try_from(clock::random() & u128::from(u64::MAX)).unwrap_or(0);
        let driver = Rc::new_cyclic(|me: &Weak<Self>| Self {
            app,
            client: RefCell::new(Client::new(Config::default(), seed)),
            inputs: RefCell::default(),
            running: Cell::new(false),
            sockets: RefCell::default(),
            queue: Rc::default(),
            store: RefCell::new(None),
            session: Cell::new(0),
            held: RefCell::new(None),
            asked_to_keep: Cell::new(false),
            searches: Default::default(),
            reading: Cell::new(false),
            loading_emoji: Cell::new(false),
            notified: RefCell::default(),
            trace: RefCell::new(Trace::new(seed)),
            timer: RefCell::new(None),
            shelf: RefCell::new(None),
            pause: RefCell::new(None),
            pace: {
                let me = me.clone();
                Pace::new(move || {
                    // A test's page may be gone by then.
                    if let Some(driver) = me.upgrade()
                        && !app.open.is_disposed()
                    {
                        driver.show_now();
                    }
                })
            },
            _listeners: RefCell::new(None),
            me: me.clone(),
        });
        let feed = driver.feeder();
        *driver.timer.borrow_mut() = Some(Timer::new(move || feed(Input::Timer)));
        let me = driver.me.clone();
        *driver.pause.borrow_mut() = Some(Timer::new(move || {
            if let Some(driver) = me.upgrade() {
                driver.keep_drafts();
            }
        }));
        let me = driver.me.clone();
        let feed = driver.feeder();
        let listeners = Listeners::new(move |hint| {
            match hint {
                Lifecycle::Visible => app.set_visible(true),
                Lifecycle::Hidden => app.set_visible(false),
                _ => {}
            }
            // The page may not be given another moment.
            if let (Lifecycle::Hidden | Lifecycle::PageHide, Some(driver)) = (hint, me.upgrade()) {
                driver.keep_drafts();
                driver.queue.begin();
            }
            feed(Input::Lifecycle(hint));
        });
        *driver._listeners.borrow_mut() = Some(listeners);
        app.set_visible(page::is_visible());
        // Chromium's page asks another process, and nothing waits for it.
        let _soon = set_timeout_with_handle(move || notify::tell_permission(app), Duration::ZERO);
        upkeep::tell_the_window(app);
        let intents = driver.clone();
        app.on_intent(move |intent| intents.intent(intent));
        routing::follow(app, driver.me.clone());
        routing::watch_calendar(app, driver.me.clone());
        update::watch(app);
        driver
    }

    /// Feeds the driver as long as it exists.
    fn feeder(&self) -> impl Fn(Input) + Clone + 'static {
        let me = self.me.clone();
        move |input| {
            if let Some(driver) = me.upgrade() {
                driver.feed(input);
            }
        }
    }

    /// Feeds one input and carries out what follows. Called from within, it queues.
    fn feed(&self, input: Input) {
        if let Some(held) = &mut *self.held.borrow_mut() {
            held.push(input);
            return;
        }
        if self.running.replace(true) {
            self.queue(input);
            return;
        }
        // First of all: nothing may be given to a socket that is closing already or takes no
        // more, and neither changes by itself within a task.
        self.look_at_sockets();
        self.queue(input);
        // Once: a browser takes some microseconds to tell it.
        let now = clock::now();
        let mut changes = Vec::new();
        while let Some(input) = self.next_input() {
            match &input {
                Input::Text(_, text) => self.app.frames.record(Direction::In, now.wall, text),
                Input::Closed(id, _) => self.drop_socket(*id),
                Input::Timer => {
                    if let Some(timer) = &mut *self.timer.borrow_mut() {
                        timer.fired();
                    }
                }
                _ => {}
            }
            self.trace.borrow_mut().record(now, &input);
            self.client.borrow_mut().handle(now, input);
            while let Some(output) = self.next_output() {
                match output {
                    Output::Changed(change) => changes.push(change),
                    other => self.carry_out(other),
                }
            }
        }
        self.running.set(false);
        self.watch_typing(&changes);
        // After a sleep many come at once: each conversation's newest stands for them.
        let mut told = Vec::new();
        for change in changes.iter().rev() {
            if let Change::Received(conversation, id) = change
                && !told.contains(&conversation)
            {
                told.push(conversation);
                self.received(conversation, id, now.mono);
            }
        }
        self.show(changes);
        self.arm(now.mono);
    }

    fn next_input(&self) -> Option<Input> {
        self.inputs.borrow_mut().pop_front()
    }

    fn next_output(&self) -> Option<Output> {
        self.client.borrow_mut().poll_output()
    }

    fn carry_out(&self, output: Output) {
        match output {
            Output::Connect(id, url) => match Socket::open(id, &url, self.feeder()) {
                Ok(socket) => self.sockets.borrow_mut().push(Watched {
                    id,
                    socket,
                    closing: Cell::new(false),
                    buffered: Cell::new(0),
                }),
                Err(error) => self.queue(Input::OpenFailed(id, error)),
            },
            Output::Transmit(id, text) => {
                let sent = self.with_socket(id, |socket| socket.send(&text));
                match sent {
                    Some(Sent::Taken) => {
                        self.app
                            .frames
                            .record(Direction::Out, clock::now().wall, &text);
                    }
                    Some(Sent::NotOpen) => self.queue(Input::Closing(id)),
                    None => {}
                }
            }
            Output::FetchTicket(attempt, url) => {
                let user = self.client.borrow().account().map(|it| it.user.clone());
                let feed = self.feeder();
                spawn_local(async move {
                    if let Some(user) = user {
                        feed(Input::Ticket(attempt, ticket::fetch(&url, &user).await));
                    }
                });
            }
            Output::Disconnect(id) => self.drop_socket(id),
            Output::Persist(operation, what) => self.persist(operation, what),
            Output::Changed(_) => {}
        }
    }

    fn persist(&self, operation: OperationId, what: StoreOperation) {
        let feed = self.feeder();
        let told = move |result| feed(Input::Persisted(operation, result));
        // Cloned out: a tab's storage answers at once.
        let store = self.store.borrow().clone();
        match store {
            Some(store) => store.write(what, told),
            None => told(Err(StoreError("nobody is signed in".to_owned()))),
        }
    }

    fn queue(&self, input: Input) {
        self.inputs.borrow_mut().push_back(input);
    }

    /// Shows what changed: now, or with the next frame if something was shown in this one.
    fn show(&self, changes: Vec<Change>) {
        if !self.pace.add(changes) {
            return;
        }
        // A page that is hidden paints nothing that could be waited for.
        let open = self.app.open.get_untracked();
        let open = open.filter(|_| self.app.is_visible());
        if let Some(message) = open.and_then(|open| self.pace.take_appended(&open)) {
            self.app.apply(&self.client.borrow(), &[message]);
            self.pace.shown();
        } else {
            self.show_now();
        }
    }

    fn show_now(&self) {
        let changes = self.pace.take();
        self.app.apply(&self.client.borrow(), &changes);
        if changes.iter().any(is_answer) {
            self.keep_drafts();
        }
        if !changes.is_empty() {
            self.pace.shown();
        }
    }

    /// Arms the one timer: for the core, or for a countdown on screen. `mono` may be a little ago: as
    /// much later the timer fires.
    fn arm(&self, mono: u64) {
        let client = self.client.borrow();
        self.app.typing.expire(mono);
        let deadline = [client.poll_timeout(), self.app.typing.next()];
        let deadline = deadline.into_iter().flatten().min();
        let tick = if let Phase::Waiting { retry_at } = client.status().phase {
            self.app.now.set(mono);
            Some(tick_after(mono, retry_at))
        } else {
            None
        };
        let deadline = [deadline, tick, self.app.judge(mono)];
        let deadline = deadline.into_iter().flatten().min();
        if let Some(timer) = &mut *self.timer.borrow_mut() {
            timer.arm_by(mono, deadline);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TICK, tick_after};

    #[test]
    fn a_countdown_moves_when_it_has_a_second_less_to_tell() {
        let until = 50_000;
        let told = |now: u64| (until - now).div_ceil(TICK);
        for left in [1, 2, 999, 1_000, 1_001, 4_000, 13_900] {
            let now = until - left;
            let next = tick_after(now, until);
            assert_eq!(told(next) + 1, told(now), "{left} ms left");
            assert_eq!(told(next - 1), told(now), "{left} ms left, a moment before");
        }
    }

    #[test]
    fn at_its_end_it_does_not_spin() {
        let until = 50_000;
        for now in [until, until + 1, until + 12_345] {
            let next = tick_after(now, until);
            assert_eq!(tick_after(next, until), next + TICK, "{now}");
        }
    }
}
