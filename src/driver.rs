//! The only loop: a browser event becomes one input of the client core, its outputs are carried
//! out, the views hear what changed, one timer is armed.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use leptos::prelude::*;
use switchboard_client::{
    Account, Change, Client, Config, Input, Lifecycle, Now, OperationId, Output, Phase, SocketId,
    StoreOperation,
};

use crate::browser::lifecycle::Listeners;
use crate::browser::socket::{Sent, Socket};
use crate::browser::storage::{Outbox, Setting};
use crate::browser::timer::Timer;
use crate::browser::{clock, page};
use crate::remembered::Remembered;
use crate::state::inspector::Direction;
use crate::state::{App, ConnectDefaults, ConnectRequest, Intent};
use crate::strings::frames;
use wasm_bindgen_futures::spawn_local;

/// How often a countdown on screen moves, ms.
const TICK: u64 = 1_000;

/// Owns the client core and everything of the browser that it asks for.
pub struct Driver {
    app: App,
    client: RefCell<Client>,
    /// Inputs that came while another was being carried out.
    inputs: RefCell<VecDeque<Input>>,
    running: Cell<bool>,
    /// One, and the one it replaces.
    sockets: RefCell<Vec<(SocketId, Socket)>>,
    /// The socket last seen CLOSING.
    closing: Cell<Option<SocketId>>,
    outbox: RefCell<Option<Outbox>>,
    timer: RefCell<Option<Timer>>,
    _listeners: RefCell<Option<Listeners>>,
    me: Weak<Driver>,
}

impl Driver {
    /// Takes over `app`: from now on its intents are carried out. Lives as long as the page.
    #[must_use]
    pub fn start(app: App) -> Rc<Self> {
        let seed = u64::try_from(clock::random() & u128::from(u64::MAX)).unwrap_or(0);
        let driver = Rc::new_cyclic(|me| Self {
            app,
            client: RefCell::new(Client::new(Config::default(), seed)),
            inputs: RefCell::default(),
            running: Cell::new(false),
            sockets: RefCell::default(),
            closing: Cell::new(None),
            outbox: RefCell::new(None),
            timer: RefCell::new(None),
            _listeners: RefCell::new(None),
            me: me.clone(),
        });
        let feed = driver.feeder();
        *driver.timer.borrow_mut() = Some(Timer::new(move || feed(Input::Timer)));
        let feed = driver.feeder();
        let listeners = Listeners::new(move |hint| {
            match hint {
                Lifecycle::Visible => app.set_visible(true),
                Lifecycle::Hidden => app.set_visible(false),
                _ => {}
            }
            feed(Input::Lifecycle(hint));
        });
        *driver._listeners.borrow_mut() = Some(listeners);
        let intents = driver.clone();
        app.on_intent(move |intent| intents.intent(intent));
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

    /// Carries out what a person asked for.
    fn intent(&self, intent: Intent) {
        match intent {
            Intent::Connect(request) => {
                Remembered::of(&request).save();
                self.sign_in(*request);
            }
            Intent::SignOut => {
                Remembered::forget_session();
                self.feed(Input::SignOut);
                *self.outbox.borrow_mut() = None;
                let mut form = self.app.connect.get_untracked();
                if let Some(last) = Remembered::last() {
                    last.fill_but_query(&mut form);
                }
                self.app.signed_out(ConnectDefaults {
                    error: None,
                    ..form
                });
            }
            Intent::Open(conversation) => {
                self.feed(Input::Open(conversation));
                self.show(&[]);
            }
            Intent::Send {
                conversation,
                id,
                text,
            } => {
                self.feed(Input::Send {
                    conversation,
                    id,
                    text,
                });
            }
            Intent::Retry(id) => self.feed(Input::Retry(id)),
            Intent::Discard(id) => self.feed(Input::Discard(id)),
            Intent::LoadEarlier(conversation) => self.feed(Input::LoadEarlier(conversation)),
            Intent::TryNow => self.feed(Input::TryNow),
            Intent::Copy(text) => {
                let notice = self.app.notice;
                spawn_local(async move {
                    let copied = page::copy(&text).await;
                    notice.set(if copied {
                        frames::COPIED
                    } else {
                        frames::NOT_COPIED
                    });
                });
            }
            Intent::Theme(theme) => {
                page::set_theme(theme.name());
                Setting::Theme.save(theme.name());
            }
        }
    }

    /// Signs in and connects.
    pub fn sign_in(&self, request: ConnectRequest) {
        let account = Account {
            endpoint: request.endpoint,
            user: request.user,
            profile: request.profile,
            query: request.query,
            tickets: None,
            device: device(),
            tab: clock::message_id().to_string(),
        };
        let outbox = Outbox::of(&account);
        let pending = outbox.load();
        *self.outbox.borrow_mut() = Some(outbox);
        self.feed(Input::SignIn(Box::new(account.clone()), pending.into()));
        self.app.signed_in(account);
        self.show(&[Change::Status, Change::Conversations, Change::Presence]);
    }

    /// Feeds one input and carries out what follows. Called from within, it queues.
    fn feed(&self, input: Input) {
        if self.running.replace(true) {
            self.queue(input);
            return;
        }
        // First of all: nothing may be given to a socket that is closing already, and
        // `readyState` does not change within a task.
        self.look_for_closing();
        self.queue(input);
        let mut changes = Vec::new();
        while let Some(input) = self.next_input() {
            match &input {
                Input::Text(_, text) => {
                    self.app
                        .frames
                        .record(Direction::In, clock::now().wall, text);
                }
                Input::Closed(id, _) => self.drop_socket(*id),
                _ => {}
            }
            self.client.borrow_mut().handle(clock::now(), input);
            while let Some(output) = self.next_output() {
                match output {
                    Output::Changed(change) => changes.push(change),
                    other => self.carry_out(other),
                }
            }
        }
        self.running.set(false);
        self.show(&changes);
        self.arm();
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
                Ok(socket) => {
                    self.sockets.borrow_mut().push((id, socket));
                }
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
            Output::FetchTicket(..) => {}
            Output::Disconnect(id) => self.drop_socket(id),
            Output::Persist(operation, what) => self.persist(operation, &what),
            Output::Changed(_) => {}
        }
    }

    fn with_socket<T>(&self, id: SocketId, ask: impl FnOnce(&Socket) -> T) -> Option<T> {
        let sockets = self.sockets.borrow();
        sockets
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, socket)| ask(socket))
    }

    fn persist(&self, operation: OperationId, what: &StoreOperation) {
        let result = match &*self.outbox.borrow() {
            Some(outbox) => outbox.apply(what),
            None => Ok(()),
        };
        self.queue(Input::Persisted(operation, result));
    }

    fn queue(&self, input: Input) {
        self.inputs.borrow_mut().push_back(input);
    }

    fn show(&self, changes: &[Change]) {
        self.app.apply(&self.client.borrow(), changes);
    }

    /// Arms the one timer: for the core, or for a countdown on screen.
    fn arm(&self) {
        let Now { mono, .. } = clock::now();
        let client = self.client.borrow();
        let deadline = client.poll_timeout();
        let counting = matches!(client.status().phase, Phase::Waiting { .. });
        if counting {
            self.app.now.set(mono);
        }
        let wait = deadline.map(|at| {
            let wait = at.saturating_sub(mono);
            if counting { wait.min(TICK) } else { wait }
        });
        if let Some(timer) = &mut *self.timer.borrow_mut() {
            timer.arm(wait);
        }
    }

    /// CLOSING has no event of its own: look each time something happens, tell it once.
    fn look_for_closing(&self) {
        let closing = self
            .sockets
            .borrow()
            .iter()
            .find_map(|(id, socket)| socket.is_closing().then_some(*id));
        if closing.is_some() && self.closing.replace(closing) != closing {
            self.inputs.borrow_mut().extend(closing.map(Input::Closing));
        }
    }

    fn drop_socket(&self, id: SocketId) {
        // Taken out first: closing must not find the list borrowed.
        let mut sockets = self.sockets.borrow_mut();
        let at = sockets.iter().position(|(other, _)| *other == id);
        let socket = at.map(|at| sockets.swap_remove(at));
        drop(sockets);
        drop(socket);
    }
}

/// Names this browser profile: minted once, kept in storage.
fn device() -> String {
    Setting::Device.load().unwrap_or_else(|| {
        let device = clock::message_id().to_string();
        Setting::Device.save(&device);
        device
    })
}
