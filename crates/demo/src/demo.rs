//! The gateway of the demo: sockets of the page on one side, the handlers on the other, and the
//! people between them.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use switchboard_protocol::{
    ConnectionId, ConversationId, UserId,
    limits::MAX_FRAME_BYTES,
    server::{Inbound, ServerFrame},
};

use crate::{
    agenda::Agenda,
    cast::{Cast, Who},
    director::{Act, Stage},
    platform::Platform,
    rng::Rng,
};

/// Names one socket of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SocketId(pub u64);

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The page opens a socket to this URL; `userId` in its query says who comes.
    Open(SocketId, String),
    /// The page sends a text frame.
    Text(SocketId, String),
    /// The page closed its socket, with this code.
    Close(SocketId, u16),
    /// The time of [`Demo::poll_timeout`] has come.
    Timer,
}

/// What a socket of the page hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// It is open.
    Opened(SocketId),
    /// A text frame.
    Text(SocketId, Arc<str>),
    /// It is closed, with this code; clean unless that is 1006.
    Closed(SocketId, u16),
}

/// A socket lives two hours, as on API Gateway.
const LIFE: u64 = 120 * 60_000;
/// The cast renews its connections before.
const RENEW: u64 = 100 * 60_000;
/// One way, ms: here, and on a bad line.
const NEAR: (u64, u64) = (15, 45);
const FAR: (u64, u64) = (2_600, 3_400);

/// What is to happen.
#[derive(Debug)]
pub(crate) enum Event {
    Dial(SocketId),
    Up(SocketId, String),
    Down(SocketId, Arc<str>),
    Opened(SocketId),
    Shut(SocketId, u16),
    Life(SocketId),
    Renew(Who),
    /// Comes online, or goes.
    Shift(Who),
    Scene(usize),
    /// Somebody does something, unless the visitor has gone on since.
    Act(Who, ConversationId, Option<u64>, Act),
}

#[derive(Debug)]
struct Socket {
    connection: ConnectionId,
    user: Option<String>,
    is_open: bool,
    /// When the last frame each way arrives: none overtakes another.
    up_at: u64,
    down_at: u64,
}

/// The demo; see the crate.
pub struct Demo {
    pub(crate) now: u64,
    pub(crate) rng: Rng,
    pub(crate) platform: Platform,
    pub(crate) agenda: Agenda<Event>,
    pub(crate) cast: Cast,
    pub(crate) stage: Stage,
    outputs: VecDeque<Output>,
    sockets: BTreeMap<SocketId, Socket>,
    connections: u64,
    /// The line is bad until then.
    pub(crate) slow_until: u64,
    /// No socket opens until then.
    pub(crate) cut_until: u64,
    cuts: u64,
}

impl Demo {
    /// An empty stage; it is set when somebody comes.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            now: 0,
            rng: Rng::new(seed),
            platform: Platform::new(seed),
            agenda: Agenda::new(),
            cast: Cast::default(),
            stage: Stage::default(),
            outputs: VecDeque::new(),
            sockets: BTreeMap::new(),
            connections: 0,
            slow_until: 0,
            cut_until: 0,
            cuts: 0,
        }
    }

    /// Takes what happened at `now`, ms since the Unix epoch, which never goes back.
    pub fn handle(&mut self, now: u64, input: Input) {
        self.now = self.now.max(now);
        match input {
            Input::Open(id, url) => self.dial(id, &url),
            Input::Text(id, text) => self.frame(id, text),
            Input::Close(id, code) => self.hang_up(id, code),
            Input::Timer => {}
        }
        while let Some((_, event)) = self.agenda.take_due(self.now) {
            self.happen(event);
            self.settle();
        }
    }

    /// The next thing a socket of the page hears.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Timer`] is due, ms since the Unix epoch.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u64> {
        self.agenda.next_at()
    }

    /// Whether a socket of the page is open.
    pub(crate) fn is_watched(&self) -> bool {
        self.sockets.values().any(|socket| socket.is_open)
    }

    /// Cuts every socket of the page, and refuses new ones for so long, ms.
    pub(crate) fn cut(&mut self, ms: u64) {
        self.cut_until = self.now + ms;
        self.cuts += 1;
        let code = if self.cuts % 2 == 1 { 1001 } else { 1006 };
        let ids: Vec<SocketId> = self.sockets.keys().copied().collect();
        for id in ids {
            self.shut(id, code);
        }
    }

    fn latency(&mut self) -> u64 {
        let (from, to) = if self.now < self.slow_until {
            FAR
        } else {
            NEAR
        };
        self.rng.range(from, to)
    }

    fn connection_id(&mut self, name: &str) -> Option<ConnectionId> {
        self.connections += 1;
        ConnectionId::try_from(format!("{name}-{}=", self.connections)).ok()
    }

    fn dial(&mut self, id: SocketId, url: &str) {
        let Some(connection) = self.connection_id("demo") else {
            return;
        };
        let socket = Socket {
            connection,
            user: query(url, "userId"),
            is_open: false,
            up_at: self.now,
            down_at: self.now,
        };
        self.sockets.insert(id, socket);
        let at = self.now + self.latency();
        self.agenda.put(at, Event::Dial(id));
    }

    fn frame(&mut self, id: SocketId, text: String) {
        let latency = self.latency();
        let Some(socket) = self.sockets.get_mut(&id).filter(|socket| socket.is_open) else {
            return;
        };
        if text.len() > MAX_FRAME_BYTES {
            self.shut(id, 1009);
            return;
        }
        socket.up_at = socket.up_at.max(self.now + latency);
        self.agenda.put(socket.up_at, Event::Up(id, text));
    }

    fn hang_up(&mut self, id: SocketId, code: u16) {
        if let Some(socket) = self.sockets.remove(&id)
            && socket.is_open
        {
            self.platform.disconnect(self.now, &socket.connection, code);
            self.settle();
        }
    }

    /// The gateway closes: the page hears it after everything that is under way.
    fn shut(&mut self, id: SocketId, code: u16) {
        let latency = self.latency();
        let Some(socket) = self.sockets.get_mut(&id) else {
            return;
        };
        if std::mem::take(&mut socket.is_open) {
            self.platform.disconnect(self.now, &socket.connection, code);
        }
        let at = socket.down_at.max(self.now + latency);
        self.agenda.put(at, Event::Shut(id, code));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Dial(id) => self.dialled(id),
            Event::Up(id, text) => self.arrived(id, text),
            Event::Opened(id) => self.hear(id, Output::Opened(id)),
            Event::Down(id, data) => self.hear(id, Output::Text(id, data)),
            Event::Shut(id, code) => {
                self.hear(id, Output::Closed(id, code));
                self.sockets.remove(&id);
            }
            Event::Life(id) => self.shut(id, 1001),
            Event::Renew(who) => self.renew(who),
            Event::Shift(who) => self.shift(who),
            Event::Scene(number) => self.scene(number),
            Event::Act(who, conversation, turn, act) => self.act(who, &conversation, turn, act),
        }
    }

    fn hear(&mut self, id: SocketId, output: Output) {
        if self.sockets.contains_key(&id) {
            self.outputs.push_back(output);
        }
    }

    fn dialled(&mut self, id: SocketId) {
        let Some(socket) = self.sockets.get(&id) else {
            return;
        };
        let (connection, user) = (socket.connection.clone(), socket.user.clone());
        if self.now < self.cut_until {
            self.shut(id, 1006);
            return;
        }
        if let Some(user) = user.as_deref().and_then(|it| UserId::try_from(it).ok()) {
            self.welcome(&user);
        }
        if !self
            .platform
            .connect(self.now, &connection, user.as_deref())
        {
            self.shut(id, 1006);
            return;
        }
        let latency = self.latency();
        if let Some(socket) = self.sockets.get_mut(&id) {
            socket.is_open = true;
            socket.down_at = socket.down_at.max(self.now + latency);
            self.agenda.put(socket.down_at, Event::Opened(id));
            self.agenda.put(self.now + LIFE, Event::Life(id));
        }
        self.returned();
    }

    fn arrived(&mut self, id: SocketId, text: String) {
        let Some(socket) = self.sockets.get(&id).filter(|socket| socket.is_open) else {
            return;
        };
        let connection = socket.connection.clone();
        if !self.platform.message(self.now, &connection, text) {
            let frame = format!(
                r#"{{"message":"Internal server error","connectionId":"{connection}","requestId":"demo"}}"#
            );
            self.send_down(id, frame.into());
        }
    }

    fn send_down(&mut self, id: SocketId, data: Arc<str>) {
        let latency = self.latency();
        if let Some(socket) = self.sockets.get_mut(&id) {
            socket.down_at = socket.down_at.max(self.now + latency);
            self.agenda.put(socket.down_at, Event::Down(id, data));
        }
    }

    /// Hands on what the handlers posted.
    pub(crate) fn settle(&mut self) {
        loop {
            let posts = self.platform.posts();
            if posts.is_empty() {
                return;
            }
            let mut heard: BTreeMap<_, (_, Vec<Who>)> = BTreeMap::new();
            for (connection, data) in posts {
                if let Some(who) = self.cast.at(&connection) {
                    match Inbound::parse(&data) {
                        Inbound::Frame(frame) => match *frame {
                            ServerFrame::Message(message) => {
                                let key = (message.conv.clone(), message.seq);
                                heard
                                    .entry(key)
                                    .or_insert((message, Vec::new()))
                                    .1
                                    .push(who);
                            }
                            frame => self.catch_up(who, frame),
                        },
                        _ => continue,
                    }
                    continue;
                }
                let socket = self
                    .sockets
                    .iter()
                    .find(|(_, socket)| socket.connection == connection);
                if let Some((&id, _)) = socket {
                    self.send_down(id, data);
                }
            }
            for (message, by) in heard.into_values() {
                self.heard(&message, &by);
            }
        }
    }

    /// Opens a connection for one of the cast, beside the one they have.
    pub(crate) fn join(&mut self, who: Who) -> bool {
        let Some(user) = self.cast.get(who).map(|person| person.user.clone()) else {
            return false;
        };
        let Some(connection) = self.connection_id(user.as_str()) else {
            return false;
        };
        let joined = self
            .platform
            .connect(self.now, &connection, Some(user.as_str()));
        if joined && let Some(person) = self.cast.get_mut(who) {
            let before = person.connection.replace(connection);
            self.greet(who);
            if let Some(before) = before {
                self.platform.disconnect(self.now, &before, 1000);
            }
            self.agenda.put(self.now + RENEW, Event::Renew(who));
        }
        joined
    }

    /// One of the cast goes offline.
    pub(crate) fn leave(&mut self, who: Who) {
        let left = self.cast.get_mut(who).and_then(|it| it.connection.take());
        if let Some(connection) = left {
            self.platform.disconnect(self.now, &connection, 1000);
            self.agenda
                .retain(|event| !matches!(event, Event::Renew(other) if *other == who));
        }
    }

    fn renew(&mut self, who: Who) {
        if self.cast.is_online(who) {
            self.join(who);
        }
    }
}

/// A parameter of a URL's query, decoded.
fn query(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let value = query
        .split('&')
        .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))?
        .1;
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn the_user_is_read_from_the_url() {
        let user = |url| query(url, "userId");
        assert_eq!(
            user("demo:?userId=Ana%20%26%20Bo").as_deref(),
            Some("Ana & Bo")
        );
        assert_eq!(user("demo:?a=b&userId=%C3%A9").as_deref(), Some("é"));
        for bad in [
            "demo:",
            "demo:?userId=%",
            "demo:?userId=%zz",
            "demo:?userId=%ff",
            "demo:?userid=x",
        ] {
            assert_eq!(user(bad), None, "{bad}");
        }
    }
}
